//! Who calls with which key or token, and whether they may ask once more.
//!
//! The rate of a minute is kept in memory, per instance: it protects us, and two instances allow at most twice of it. The
//! quota of a day is counted in memory too and written to the store now and then, where all instances add up; what is counted is
//! looked up again at that moment, so that a day's end is exact to a few seconds of calls. A kill loses those few seconds.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use bijou_chassis::{BoxError, Reject};
use bijou_problem::Problem;
use bijou_resilience::{Pace, Quota};
use http::header::{AUTHORIZATION, RETRY_AFTER};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio_util::sync::CancellationToken;

use crate::Partners;
use crate::domain::{key, scope};
use crate::error::{PartnersError, RATE_LIMIT, RATE_LIMIT_POLICY};
use crate::still_calling::first_day;
use crate::store::{App, Tally};

const KEY_HEADER: HeaderName = HeaderName::from_static("x-api-key");

/// How often figures are written.
const WRITE_EVERY: Duration = Duration::from_secs(2);

/// Apps whose pace is known at a time; figures of more are written at once.
const APPS_MAX: usize = 20_000;

/// Paces and figures of this instance.
#[derive(Debug, Default)]
pub(crate) struct Meter(Mutex<HashMap<String, Standing>>);

#[derive(Debug, Default)]
struct Standing {
    pace: Pace,
    /// The day the rest is about.
    day: String,
    /// Calls of that day over all instances, as the store said last; `None` before it was asked.
    stored: Option<i64>,
    unwritten: Tally,
}

/// What a call that was let in tells its caller.
#[derive(Debug, Clone)]
pub(crate) struct Pass {
    /// Whose call it is.
    pub(crate) app: App,
    fields: [(HeaderName, HeaderValue); 2],
}

impl Pass {
    /// Adds `RateLimit` and `RateLimit-Policy`.
    pub(crate) fn mark(&self, headers: &mut HeaderMap) {
        headers.extend(self.fields.iter().cloned());
    }
}

/// Whose key or token comes with a call; a key counts where both do.
pub(crate) async fn known(partners: &Partners, headers: &HeaderMap) -> Result<App, PartnersError> {
    let now_ms = partners.clock.now_ms();
    if let Some(shown) = headers.get(KEY_HEADER) {
        let mistyped = PartnersError::KeyInvalid { detail: "its checksum is wrong: look whether it was copied whole" };
        let hash = shown.to_str().ok().and_then(|text| key::known_as(text.trim())).ok_or(mistyped)?;
        let unusable = PartnersError::KeyInvalid { detail: "it was revoked, is over, or its app may not use it" };
        return partners.store.admitted(&hash, now_ms).await?.ok_or(unusable);
    }
    let shown = headers.get(AUTHORIZATION).ok_or(PartnersError::KeyMissing)?;
    let bearer = shown.to_str().ok().and_then(|text| text.split_once(' '));
    let token = bearer.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token.trim());
    let hash = token.and_then(key::known_as).ok_or(PartnersError::TokenInvalid)?;
    partners.store.admitted_by_token(&hash, now_ms).await?.ok_or(PartnersError::TokenInvalid)
}

/// Lets a call in that needs this scope, or says why not.
pub(crate) async fn admit(partners: &Partners, headers: &HeaderMap, scope: &'static str) -> Result<Pass, Reject> {
    let app = counted_known(partners, headers).await?;
    if !scope::holds(&app.scopes, scope) {
        partners.counts.call("refused");
        return Err(PartnersError::ScopeMissing { scope }.into());
    }
    admit_app(partners, app).await
}

/// Lets a call in that needs no scope, only a key or token that works.
pub(crate) async fn admit_any(partners: &Partners, headers: &HeaderMap) -> Result<Pass, Reject> {
    admit_app(partners, counted_known(partners, headers).await?).await
}

async fn counted_known(partners: &Partners, headers: &HeaderMap) -> Result<App, PartnersError> {
    known(partners, headers).await.inspect_err(|error| {
        if matches!(error, PartnersError::KeyInvalid { .. } | PartnersError::TokenInvalid) {
            partners.counts.call("refused");
        }
    })
}

/// Whether an app may ask once more.
async fn admit_app(partners: &Partners, app: App) -> Result<Pass, Reject> {
    let day = day_of(partners.clock.now());
    if !partners.meter.knows(&app.id, &day) {
        let calls = partners.store.calls_on(&app.id, &day).await.map_err(PartnersError::from)?;
        partners.meter.learn(&app.id, &day, calls);
    }
    let per_minute = NonZeroU32::new(app.per_minute).unwrap_or(NonZeroU32::MIN);
    let verdict =
        partners.meter.count(&app.id, &day, Quota::per_minute(per_minute), i64::from(app.per_day), Instant::now());
    let policy = format!("\"minute\";q={};w=60, \"day\";q={};w=86400", app.per_minute, app.per_day);
    let policy = HeaderValue::try_from(policy).expect("digits and ASCII");
    match verdict {
        Ok(left) => {
            partners.counts.call("passed");
            let left = format!("\"minute\";r={};t={}, \"day\";r={}", left.minute, left.minute_reset_s, left.day);
            let left = HeaderValue::try_from(left).expect("digits and ASCII");
            Ok(Pass { app, fields: [(RATE_LIMIT_POLICY, policy), (RATE_LIMIT, left)] })
        }
        Err(refused) => {
            partners.counts.call("limited");
            let (quota, seconds) = match refused {
                Refused::Minute(seconds) => ("minute", seconds),
                Refused::Day => ("day", until_tomorrow_s(partners.clock.now())),
            };
            let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "quota-exhausted")
                .title("This app has asked enough for now")
                .detail(format!("the quota of the {quota} is used up; ask again in {seconds} s"))
                .with("quota", quota);
            let left = HeaderValue::try_from(format!("\"{quota}\";r=0;t={seconds}")).expect("digits and ASCII");
            Err(Reject::new(problem)
                .with_header(RATE_LIMIT_POLICY, policy)
                .with_header(RATE_LIMIT, left)
                .with_header(RETRY_AFTER, HeaderValue::from(seconds)))
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Left {
    minute: u32,
    minute_reset_s: u64,
    day: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refused {
    /// Seconds until one more is allowed.
    Minute(u64),
    Day,
}

impl Meter {
    fn knows(&self, app_id: &str, day: &str) -> bool {
        self.lock().get(app_id).is_some_and(|standing| standing.day == day && standing.stored.is_some())
    }

    /// Takes over what the store says of an app's day.
    fn learn(&self, app_id: &str, day: &str, calls: i64) {
        let mut all = self.lock();
        let standing = all.entry(app_id.to_owned()).or_default();
        if standing.day != day {
            day.clone_into(&mut standing.day);
            standing.unwritten = Tally::default();
        }
        standing.stored = Some(calls);
    }

    fn count(&self, app_id: &str, day: &str, quota: Quota, per_day: i64, now: Instant) -> Result<Left, Refused> {
        let mut all = self.lock();
        let standing = all.entry(app_id.to_owned()).or_default();
        if standing.day != day {
            // Midnight passed between asking the store and here: a new day has no calls yet.
            day.clone_into(&mut standing.day);
            standing.unwritten = Tally::default();
            standing.stored = Some(0);
        }
        let used = standing.stored.unwrap_or(0) + standing.unwritten.calls;
        if used >= per_day {
            standing.unwritten.refused += 1;
            return Err(Refused::Day);
        }
        match quota.check(&mut standing.pace, now) {
            Ok(spare) => {
                standing.unwritten.calls += 1;
                let reset = spare.reset_after.as_secs() + u64::from(spare.reset_after.subsec_nanos() > 0);
                Ok(Left { minute: spare.remaining, minute_reset_s: reset, day: per_day - used - 1 })
            }
            Err(limited) => {
                standing.unwritten.refused += 1;
                Err(Refused::Minute(limited.retry_after.as_secs() + 1))
            }
        }
    }

    /// Everything that was not written yet; and forgets apps that ask no more.
    fn take(&self) -> Vec<((String, String), Tally)> {
        let mut all = self.lock();
        let mut tallies = Vec::new();
        for (app_id, standing) in all.iter_mut() {
            let tally = std::mem::take(&mut standing.unwritten);
            if tally != Tally::default() {
                tallies.push(((app_id.clone(), standing.day.clone()), tally));
                // Others write too: what all of them did is asked for at the next call.
                standing.stored = None;
            }
        }
        if all.len() > APPS_MAX {
            all.retain(|_, standing| standing.stored.is_none());
        }
        tallies
    }

    /// Puts back what could not be written.
    fn give_back(&self, tallies: Vec<((String, String), Tally)>) {
        let mut all = self.lock();
        for ((app_id, day), tally) in tallies {
            if let Some(standing) = all.get_mut(&app_id).filter(|standing| standing.day == day) {
                standing.unwritten.calls += tally.calls;
                standing.unwritten.refused += tally.refused;
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Standing>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes figures until `shutdown`, and once more then.
pub(crate) async fn write_usage(
    partners: std::sync::Arc<Partners>,
    shutdown: CancellationToken,
) -> Result<(), BoxError> {
    loop {
        let is_over = tokio::select! {
            () = shutdown.cancelled() => true,
            () = tokio::time::sleep(WRITE_EVERY) => false,
        };
        write_calls_of_what_goes_away(&partners).await;
        let tallies = partners.meter.take();
        if !tallies.is_empty()
            && let Err(error) = partners.store.add_usage(&tallies).await
        {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "failed to write the figures of apps, keeping them"
            );
            partners.meter.give_back(tallies);
        }
        if is_over {
            return Ok(());
        }
    }
}

async fn write_calls_of_what_goes_away(partners: &Partners) {
    let calls = partners.callers.take();
    if calls.is_empty() {
        return;
    }
    let forget_before = first_day(partners.clock.now());
    if let Err(error) = partners.store.add_deprecated_calls(&calls, &forget_before).await {
        let error = &error as &dyn std::error::Error;
        tracing::warn!(error, "failed to write who calls what is going away, keeping it");
        partners.callers.give_back(calls);
    }
}

/// `2027-01-15`, UTC.
pub(crate) fn day_of(now: Timestamp) -> String {
    now.to_zoned(TimeZone::UTC).date().to_string()
}

fn until_tomorrow_s(now: Timestamp) -> u64 {
    const DAY_S: i64 = 86_400;
    u64::try_from(DAY_S - now.as_second().rem_euclid(DAY_S)).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quota(limit: u32) -> Quota {
        Quota::per_minute(NonZeroU32::new(limit).expect("above zero"))
    }

    #[test]
    fn a_minute_is_limited_and_comes_back() {
        let (meter, now) = (Meter::default(), Instant::now());
        for left in [1, 0] {
            assert_eq!(meter.count("a", "d", quota(2), 100, now).map(|left| left.minute), Ok(left));
        }
        assert_eq!(meter.count("a", "d", quota(2), 100, now), Err(Refused::Minute(31)));
        assert!(meter.count("b", "d", quota(2), 100, now).is_ok(), "others are unaffected");
        assert!(meter.count("a", "d", quota(2), 100, now + Duration::from_secs(31)).is_ok());
    }

    #[test]
    fn a_day_counts_what_other_instances_wrote() {
        let (meter, now) = (Meter::default(), Instant::now());
        meter.learn("a", "mon", 8);
        assert_eq!(meter.count("a", "mon", quota(60), 10, now).map(|left| left.day), Ok(1));
        assert_eq!(meter.count("a", "mon", quota(60), 10, now).map(|left| left.day), Ok(0));
        assert_eq!(meter.count("a", "mon", quota(60), 10, now), Err(Refused::Day));
        assert!(meter.count("a", "tue", quota(60), 10, now).is_ok(), "a new day begins at nothing");
    }

    #[test]
    fn figures_are_handed_over_once_and_can_be_given_back() {
        let (meter, now) = (Meter::default(), Instant::now());
        meter.learn("a", "mon", 0);
        let _ = meter.count("a", "mon", quota(1), 10, now);
        let _ = meter.count("a", "mon", quota(1), 10, now);
        let expected = Tally { calls: 1, refused: 1 };
        let taken = meter.take();
        assert_eq!(taken, [(("a".to_owned(), "mon".to_owned()), expected)]);
        assert!(meter.take().is_empty() && !meter.knows("a", "mon"));
        meter.give_back(taken.clone());
        assert_eq!(meter.take(), taken);
    }

    #[test]
    fn a_day_ends_at_midnight_utc() {
        let evening: Timestamp = "2027-01-15T23:59:58Z".parse().expect("a time");
        assert_eq!(day_of(evening), "2027-01-15");
        assert_eq!(until_tomorrow_s(evening), 2);
    }
}
