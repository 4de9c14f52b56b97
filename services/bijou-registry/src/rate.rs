//! Eureka's rate limits for lists: one for all lists, one for full ones, and (ours) one for each client. Over a limit
//! the answer is 503 without a body, at which Eureka's clients keep what they have and try the next server.
//!
//! Known standard clients are exempt from the common limits, as in Eureka; that is courtesy, not security: anybody can
//! call themselves so. The limit of each client holds for everybody. Switched off, what would be refused is counted.

use std::{
    fmt::Display,
    num::NonZeroU32,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use bijou_resilience::{KeyedLimiter, Pace, Quota};

use crate::settings;

/// Clients whose pace is remembered; more are refused until one falls quiet.
const CLIENTS_MAX: usize = 20_000;

/// Which of the limits a request was over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    Fetches,
    FullFetches,
    Client,
}

impl Over {
    pub fn as_str(self) -> &'static str {
        match self {
            Over::Fetches => "fetches",
            Over::FullFetches => "full-fetches",
            Over::Client => "client",
        }
    }
}

#[derive(Debug)]
pub struct Limiter {
    pub is_enabled: bool,
    exempt: Vec<String>,
    fetches: Option<Mutex<(Quota, Pace)>>,
    full_fetches: Option<Mutex<(Quota, Pace)>>,
    clients: Option<Mutex<KeyedLimiter<String>>>,
}

impl Limiter {
    pub fn new(settings: &settings::Rate) -> Self {
        let common = |per_s| bucket(per_s, settings.burst).map(|quota| Mutex::new((quota, Pace::default())));
        Limiter {
            is_enabled: settings.enabled,
            exempt: settings.exempt.clone(),
            fetches: common(settings.fetches_per_s),
            full_fetches: common(settings.full_fetches_per_s),
            clients: bucket(settings.client_fetches_per_s, settings.burst)
                .map(|quota| Mutex::new(KeyedLimiter::new(quota, CLIENTS_MAX))),
        }
    }

    /// Counts a list. `client` tells one caller from another, `identity` is what it calls itself.
    pub fn check(&self, client: impl Display, identity: Option<&str>, is_full: bool, now: Instant) -> Result<(), Over> {
        if let Some(clients) = &self.clients {
            let mut clients = clients.lock().unwrap_or_else(PoisonError::into_inner);
            clients.check(client.to_string(), now).map_err(|_| Over::Client)?;
        }
        if identity.is_some_and(|identity| self.exempt.iter().any(|exempt| exempt == identity)) {
            return Ok(());
        }
        if is_full {
            take(self.full_fetches.as_ref(), now).map_err(|()| Over::FullFetches)?;
        }
        take(self.fetches.as_ref(), now).map_err(|()| Over::Fetches)
    }
}

/// A bucket of `burst` that fills with `per_s` a second.
fn bucket(per_s: u32, burst: u32) -> Option<Quota> {
    let per_s = NonZeroU32::new(per_s)?;
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    Some(Quota::new(burst, Duration::from_secs(1) * burst.get() / per_s.get()))
}

fn take(bucket: Option<&Mutex<(Quota, Pace)>>, now: Instant) -> Result<(), ()> {
    let Some(bucket) = bucket else { return Ok(()) };
    let (quota, pace) = &mut *bucket.lock().unwrap_or_else(PoisonError::into_inner);
    quota.check(pace, now).map(|_| ()).map_err(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limiter(client_fetches_per_s: u32) -> Limiter {
        Limiter::new(&settings::Rate { enabled: true, client_fetches_per_s, ..settings::Rate::default() })
    }

    /// How many of `count` requests at once pass.
    fn passing(limiter: &Limiter, count: usize, identity: Option<&str>, is_full: bool, now: Instant) -> usize {
        (0..count).filter(|_| limiter.check("10.4.0.7", identity, is_full, now).is_ok()).count()
    }

    #[test]
    fn ten_come_at_once_and_then_as_many_a_second_as_eureka_allows() {
        let (limiter, now) = (limiter(0), Instant::now());
        assert_eq!(passing(&limiter, 50, None, true, now), 10);
        assert_eq!(limiter.check("10.4.0.7", None, true, now), Err(Over::FullFetches));
        // A hundred full ones a second: five in 50 ms. Lists of other kinds have their own bucket.
        let later = now + Duration::from_millis(50);
        assert_eq!(passing(&limiter, 50, None, true, later), 5);
        assert_eq!(passing(&limiter, 50, None, false, now + Duration::from_secs(1)), 10);
    }

    #[test]
    fn clients_known_by_name_are_exempt_and_the_limit_of_each_client_holds_for_all() {
        let now = Instant::now();
        assert_eq!(passing(&limiter(0), 1000, Some("DefaultClient"), true, now), 1000);
        assert_eq!(passing(&limiter(0), 1000, Some("Jersey3DefaultClient"), true, now), 10);
        let limiter = limiter(1);
        assert_eq!(passing(&limiter, 50, Some("DefaultClient"), false, now), 10);
        assert_eq!(limiter.check("10.4.0.7", Some("DefaultClient"), false, now), Err(Over::Client));
        assert_eq!(limiter.check("10.4.0.8", None, false, now), Ok(()));
    }
}
