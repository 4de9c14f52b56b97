//! Limits on guessing: by account and address together, by account, by address.
//!
//! Each attempt is counted before its password is checked, so that a burst in parallel is no way round, and given back
//! when the password was right. The pair is the tight limit: somebody who locks an account from one address does not
//! lock out its owner at another. Counted by each instance on its own: with three instances a guesser has three times
//! the attempts, which changes nothing about the odds.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use bijou_resilience::{KeyedLimiter, Limited, Quota};

use crate::config::Guesses;

/// Keys remembered per limit; a few megabytes.
const KEYS_MAX: usize = 50_000;

/// Counts attempts.
pub(crate) struct Guessing {
    limits: Mutex<Limits>,
    by_address: bool,
}

struct Limits {
    pairs: KeyedLimiter<(String, IpAddr)>,
    accounts: KeyedLimiter<String>,
    addresses: KeyedLimiter<IpAddr>,
    devices: KeyedLimiter<IpAddr>,
}

/// An attempt that was counted.
#[must_use = "report how it went"]
pub(crate) struct Attempt {
    account: String,
    address: Option<IpAddr>,
}

impl Guessing {
    pub(crate) fn new(config: &Guesses) -> Self {
        let window = Duration::from_secs(config.window_s.into());
        let quota = |limit: u32| Quota::new(NonZeroU32::new(limit).unwrap_or(NonZeroU32::MIN), window);
        let limits = Limits {
            pairs: KeyedLimiter::new(quota(config.attempts_max), KEYS_MAX),
            accounts: KeyedLimiter::new(quota(config.account_attempts_max), KEYS_MAX),
            addresses: KeyedLimiter::new(quota(config.address_attempts_max), KEYS_MAX),
            devices: KeyedLimiter::new(quota(config.devices_max), KEYS_MAX),
        };
        Self { limits: Mutex::new(limits), by_address: config.by_address }
    }

    /// Counts an attempt to sign in to `account` from `address`, or refuses it.
    pub(crate) fn begin(&self, account: &str, address: Option<IpAddr>, now: Instant) -> Result<Attempt, Limited> {
        let address = address.filter(|_| self.by_address).map(network);
        let mut limits = self.lock();
        if let Some(address) = address {
            limits.addresses.check(address, now)?;
        }
        // One without an address (none was told) is limited like one pair of its own.
        limits.pairs.check((account.to_owned(), address.unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED))), now)?;
        limits.accounts.check(account.to_owned(), now)?;
        Ok(Attempt { account: account.to_owned(), address })
    }

    /// Counts something else that costs a computation (a sign-up) from `address`.
    pub(crate) fn count_address(&self, address: Option<IpAddr>, now: Instant) -> Result<(), Limited> {
        match address.filter(|_| self.by_address).map(network) {
            Some(address) => self.lock().addresses.check(address, now).map(|_| ()),
            None => Ok(()),
        }
    }

    /// Counts a device at `address` that begins to wait for being signed in. Apart from guesses: a television that is
    /// left alone on its code must not keep anybody out.
    pub(crate) fn count_device(&self, address: Option<IpAddr>, now: Instant) -> Result<(), Limited> {
        match address.filter(|_| self.by_address).map(network) {
            Some(address) => self.lock().devices.check(address, now).map(|_| ()),
            None => Ok(()),
        }
    }

    /// The attempt was no guess: the password was right, or could not be checked.
    pub(crate) fn give_back(&self, attempt: Attempt) {
        let mut limits = self.lock();
        if let Some(address) = attempt.address {
            limits.addresses.refund(&address);
        }
        let address = attempt.address.unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED));
        limits.accounts.refund(&attempt.account);
        limits.pairs.refund(&(attempt.account, address));
    }

    fn lock(&self) -> MutexGuard<'_, Limits> {
        self.limits.lock().expect("nothing panics while it is held")
    }
}

/// Whoever has one IPv6 address has its whole /64.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessing(by_address: bool) -> Guessing {
        Guessing::new(&Guesses {
            attempts_max: 3,
            account_attempts_max: 5,
            address_attempts_max: 8,
            devices_max: 8,
            window_s: 60,
            by_address,
        })
    }

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[track_caller]
    fn attempts(
        guessing: &Guessing,
        account: impl Fn(usize) -> String,
        from: impl Fn(usize) -> String,
        expected: usize,
    ) {
        let now = Instant::now();
        let passed = (0..50).filter(|n| guessing.begin(&account(*n), Some(address(&from(*n))), now).is_ok()).count();
        assert_eq!(passed, expected);
    }

    #[test]
    fn each_of_the_three_limits_holds() {
        let one = |_: usize| "ada@example.org".to_owned();
        attempts(&guessing(true), one, |_| "192.0.2.1".to_owned(), 3);
        attempts(&guessing(true), one, |n| format!("192.0.2.{n}"), 5);
        attempts(&guessing(true), |n| format!("ada{n}@example.org"), |_| "192.0.2.1".to_owned(), 8);
    }

    #[test]
    fn a_64_is_one_address() {
        attempts(&guessing(true), |n| format!("ada{n}@example.org"), |n| format!("2001:db8::{n:x}"), 8);
        attempts(&guessing(true), |n| format!("ada{n}@example.org"), |n| format!("2001:db8:0:{n:x}::1"), 50);
    }

    #[test]
    fn switched_off_addresses_do_not_count() {
        attempts(&guessing(false), |n| format!("ada{n}@example.org"), |_| "192.0.2.1".to_owned(), 50);
        attempts(&guessing(false), |_| "ada@example.org".to_owned(), |n| format!("192.0.2.{n}"), 3);
    }

    #[test]
    fn right_passwords_use_nothing_up() {
        let (guessing, now) = (guessing(true), Instant::now());
        for _ in 0..50 {
            let attempt = guessing.begin("ada@example.org", Some(address("192.0.2.1")), now).expect("never limited");
            guessing.give_back(attempt);
        }
    }

    #[test]
    fn the_window_passes() {
        let (guessing, now) = (guessing(true), Instant::now());
        while guessing.begin("ada@example.org", Some(address("192.0.2.1")), now).is_ok() {}
        assert!(guessing.begin("ada@example.org", Some(address("192.0.2.1")), now + Duration::from_secs(20)).is_ok());
    }
}
