//! Rate limits: so many requests per client in so much time, said in the answer before it hurts.
//!
//! A limit holds for the whole gateway, so its counts are shared by all workers, in shards by client: two workers meet
//! on one lock only when they serve the same few clients in the same instant. Fields by the IETF draft
//! `draft-ietf-httpapi-ratelimit-headers`: `RateLimit-Policy` names the limit, `RateLimit` what is left of it.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bijou_resilience::{Pace, Quota, Spare};
use http::{HeaderName, HeaderValue};

use crate::config::RateKey;
use crate::failure::Failure;
use crate::filter::{InboundFilter, OutStep, OutboundFilter, Step};
use crate::reply::Reply;
use crate::routes::RatePolicy;
use crate::transit::Transit;

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const SHARDS: usize = 64;
/// Clients remembered per shard. Whoever can invent clients must not be able to fill memory.
const CLIENTS_MAX: usize = 4_096;

/// What one client has used of one limit.
type Key = (Arc<str>, Client);

/// Whose requests are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Client {
    Address(IpAddr),
    Account(String),
}

/// All counts of a gateway.
#[derive(Debug)]
pub(crate) struct RateLimiter {
    shards: Vec<Mutex<HashMap<Key, (Pace, Quota)>>>,
    hasher: RandomState,
}

impl RateLimiter {
    pub(crate) fn new() -> Self {
        Self { shards: (0..SHARDS).map(|_| Mutex::default()).collect(), hasher: RandomState::new() }
    }

    /// What the next request would find, without counting it.
    pub(crate) fn peek(
        &self,
        policy: &RatePolicy,
        subject: Option<&str>,
        address: IpAddr,
        now: Instant,
    ) -> Result<Spare, Duration> {
        let key = (Arc::clone(&policy.name), Client::of(policy, subject, address));
        let paces = self.shard(&key);
        let mut pace = paces.get(&key).map_or_else(Pace::default, |(pace, _)| *pace);
        drop(paces);
        policy.quota.check(&mut pace, now).map_err(|limited| limited.retry_after)
    }

    fn check(&self, policy: &RatePolicy, client: Client, now: Instant) -> (Result<Spare, Duration>, Duration) {
        let key = (Arc::clone(&policy.name), client);
        let mut paces = self.shard(&key);
        if !paces.contains_key(&key) && paces.len() >= CLIENTS_MAX {
            paces.retain(|_, (pace, quota)| !quota.is_idle(*pace, now));
            if paces.len() >= CLIENTS_MAX {
                // Refusing the newcomer is the safe side: nobody's count is forgotten because of others.
                return (Err(Duration::from_secs(1)), policy.quota.period());
            }
        }
        let (pace, _) = paces.entry(key).or_insert((Pace::default(), policy.quota));
        match policy.quota.check(pace, now) {
            Ok(spare) => (Ok(spare), spare.reset_after),
            Err(limited) => (Err(limited.retry_after), limited.reset_after),
        }
    }

    fn shard(&self, key: &Key) -> MutexGuard<'_, HashMap<Key, (Pace, Quota)>> {
        let shard = self.hasher.hash_one(key) as usize % SHARDS;
        self.shards[shard].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Client {
    /// Whose request it is under this limit. `subject` is the account's or client's id, if somebody is signed in.
    fn of(policy: &RatePolicy, subject: Option<&str>, address: IpAddr) -> Self {
        match subject.filter(|_| policy.key == RateKey::Account) {
            Some(subject) => Self::Account(subject.to_owned()),
            None => Self::Address(network(address)),
        }
    }
}

/// An address as limits see it: whoever has one IPv6 address has 2^64 of them.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => v4.into(),
            None => std::net::Ipv6Addr::from(u128::from(v6) & (u128::MAX << 64)).into(),
        },
    }
}

#[derive(Debug)]
pub(super) struct RateLimit(pub(super) Arc<RateLimiter>);

impl InboundFilter for RateLimit {
    fn name(&self) -> &'static str {
        "rate-limit"
    }

    fn inbound<'a>(&'a self, transit: &'a mut Transit) -> Step<'a> {
        if !transit.active.config().rate_limiting {
            return Step::CONTINUE;
        }
        let Some(policy) = transit.route().and_then(|route| route.rate_limit.clone()) else { return Step::CONTINUE };
        let subject = transit.identity().map(|identity| identity.subject.as_str());
        let client = Client::of(&policy, subject, transit.client());
        let (checked, reset_after) = self.0.check(&policy, client, transit.story.started);
        let refusal = checked.err();
        transit.rate = Some((policy, checked, reset_after));
        match refusal {
            None => Step::CONTINUE,
            Some(retry_after) => {
                if let Some(route) = transit.route() {
                    route.stats[transit.worker_index()].rate_limited.add(1);
                }
                Step::answer(Failure::RateLimited { retry_after })
            }
        }
    }
}

/// Tells the client where it stands.
#[derive(Debug)]
pub(super) struct RateLimitFields;

impl OutboundFilter for RateLimitFields {
    fn name(&self) -> &'static str {
        "rate-limit-fields"
    }

    fn outbound<'a>(&'a self, transit: &'a mut Transit, reply: &'a mut Reply) -> OutStep<'a> {
        if let Some((policy, checked, reset_after)) = &transit.rate {
            let remaining = checked.as_ref().map_or(0, |spare| spare.remaining);
            let field = format!("\"{}\";r={remaining};t={}", policy.name, reset_after.as_millis().div_ceil(1000));
            if let Ok(value) = HeaderValue::try_from(field) {
                // Both are lists: a service that counts on its own, as partners does, is heard as well.
                reply.headers.append(RATE_LIMIT, value);
                reply.headers.append(RATE_LIMIT_POLICY, policy.policy_field.clone());
            }
        }
        OutStep::Done
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;

    fn policy(requests: u32) -> RatePolicy {
        RatePolicy {
            name: "api".into(),
            quota: Quota::per_minute(NonZeroU32::new(requests).expect("not zero")),
            key: RateKey::Address,
            policy_field: HeaderValue::from_static("x"),
        }
    }

    fn address(last: u8) -> Client {
        Client::Address(IpAddr::from([10, 0, 0, last]))
    }

    #[test]
    fn clients_have_limits_of_their_own() {
        let (limiter, policy, now) = (RateLimiter::new(), policy(2), Instant::now());
        assert!(limiter.check(&policy, address(1), now).0.is_ok());
        assert!(limiter.check(&policy, address(1), now).0.is_ok());
        let (refused, _) = limiter.check(&policy, address(1), now);
        assert_eq!(refused.expect_err("the third is too many"), Duration::from_secs(30));
        assert!(limiter.check(&policy, address(2), now).0.is_ok());
        assert!(limiter.check(&policy, address(1), now + Duration::from_secs(30)).0.is_ok());
    }

    #[test]
    fn a_peek_counts_nothing() {
        let (limiter, policy, now) = (RateLimiter::new(), policy(1), Instant::now());
        let peek = || limiter.peek(&policy, None, IpAddr::from([10, 0, 0, 1]), now).is_ok();
        assert!(peek() && peek());
        assert!(limiter.check(&policy, address(1), now).0.is_ok());
        assert!(!peek());
    }

    #[test]
    fn one_ipv6_network_is_one_client() {
        let network_of = |text: &str| network(text.parse().expect("an address"));
        assert_eq!(network_of("2001:db8::1"), network_of("2001:db8::ffff:1"));
        assert_ne!(network_of("2001:db8::1"), network_of("2001:db8:0:1::1"));
        assert_eq!(network_of("::ffff:10.0.0.1"), network_of("10.0.0.1"));
    }
}
