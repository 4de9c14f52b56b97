//! Self-preservation: when so many instances fall silent at once that the network is the likelier culprit, nobody is
//! forgotten.
//!
//! Eureka compares renewals per minute with an expectation, which punishes small registries, lags a minute behind and is
//! hard to explain. Here the same 85 % are counted in instances: those whose lease is over now, and those evicted within
//! the last minute (or a slow trickle would slip through), against all there were. It ends by itself when enough of them
//! renew, deregister, or are outnumbered by new ones. Below a minimum size it is off: with three instances, one that
//! dies is a third of the fleet and still only one that died.

use std::collections::VecDeque;

/// Evictions count for so long.
const MEMORY_MS: u64 = 60_000;
/// The eviction timer runs at least this often; a longer gap means that this process itself stood still.
const SWEEP_GAP_MAX_MS: u64 = 3_000;

/// Whether expired leases are kept, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// By setting, or too few instances: leases end when they say.
    Off,
    /// On, and nothing unusual: leases end when they say.
    Watching,
    /// Too many fell silent: expired leases are kept.
    Preserving,
    /// This process stood still, so that every lease looks older than it is: they are kept until clients had time.
    CatchingUp,
}

impl Standing {
    pub fn keeps_expired(self) -> bool {
        matches!(self, Standing::Preserving | Standing::CatchingUp)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Standing::Off => "off",
            Standing::Watching => "watching",
            Standing::Preserving => "preserving",
            Standing::CatchingUp => "catching-up",
        }
    }
}

/// The arithmetic, to be shown to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub standing: Standing,
    pub instances: usize,
    pub expired: usize,
    pub evicted_lately: usize,
    /// More than so many expired and lately evicted ones start preservation.
    pub gone_max: usize,
    pub instances_min: usize,
}

#[derive(Clone, Debug, Default)]
pub struct Preservation {
    is_enabled: bool,
    instances_min: usize,
    gone_share_max: f64,
    evictions: VecDeque<u64>,
    swept_ms: u64,
    catch_up_until_ms: u64,
}

impl Preservation {
    /// `gone_share_max`: 0.15 for Eureka's threshold of 85 %.
    pub fn new(is_enabled: bool, instances_min: usize, gone_share_max: f64) -> Self {
        Preservation { is_enabled, instances_min, gone_share_max, ..Preservation::default() }
    }

    /// Notices when this process stood still (stopped, swapped out, suspended): clients could not renew meanwhile, so
    /// they get as long again.
    pub(super) fn note_sweep(&mut self, now_ms: u64) {
        let gap_ms = now_ms.saturating_sub(self.swept_ms);
        if gap_ms > SWEEP_GAP_MAX_MS && self.swept_ms > 0 {
            self.catch_up_until_ms = now_ms + gap_ms;
        }
        self.swept_ms = now_ms;
    }

    pub(super) fn note_eviction(&mut self, now_ms: u64) {
        self.evictions.push_back(now_ms);
    }

    pub(super) fn judge(&mut self, instances: usize, expired: usize, now_ms: u64) -> Verdict {
        while self.evictions.front().is_some_and(|at_ms| at_ms + MEMORY_MS <= now_ms) {
            self.evictions.pop_front();
        }
        let evicted_lately = self.evictions.len();
        let before = instances + evicted_lately;
        let gone_max = (before as f64 * self.gone_share_max) as usize;
        let standing = if now_ms < self.catch_up_until_ms {
            Standing::CatchingUp
        } else if !self.is_enabled || before < self.instances_min {
            Standing::Off
        } else if expired > 0 && expired + evicted_lately > gone_max {
            Standing::Preserving
        } else {
            Standing::Watching
        };
        Verdict { standing, instances, expired, evicted_lately, gone_max, instances_min: self.instances_min }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(instances: usize, evicted: usize, expired: usize, expected: Standing) {
        let mut preservation = Preservation::new(true, 10, 0.15);
        for _ in 0..evicted {
            preservation.note_eviction(1_000);
        }
        assert_eq!(preservation.judge(instances, expired, 1_000).standing, expected);
    }

    #[test]
    fn a_few_may_go_but_not_more_than_fifteen_in_a_hundred() {
        check(100, 0, 15, Standing::Watching);
        check(100, 0, 16, Standing::Preserving);
        check(90, 10, 5, Standing::Watching);
        check(90, 10, 6, Standing::Preserving);
    }

    #[test]
    fn below_ten_instances_every_lease_ends_when_it_says() {
        check(9, 0, 9, Standing::Off);
        check(10, 0, 2, Standing::Preserving);
        // Ten of which one was evicted are still counted as ten.
        check(9, 1, 1, Standing::Preserving);
    }

    #[test]
    fn evictions_are_forgotten_after_a_minute() {
        let mut preservation = Preservation::new(true, 10, 0.15);
        for _ in 0..15 {
            preservation.note_eviction(1_000);
        }
        assert_eq!(preservation.judge(85, 1, 60_999).standing, Standing::Preserving);
        assert_eq!(preservation.judge(85, 1, 61_000).standing, Standing::Watching);
    }

    #[test]
    fn a_process_that_stood_still_gives_clients_as_long_again() {
        let mut preservation = Preservation::new(false, 10, 0.15);
        preservation.note_sweep(1_000);
        preservation.note_sweep(2_000);
        assert_eq!(preservation.judge(3, 3, 2_000).standing, Standing::Off);
        preservation.note_sweep(32_000);
        assert_eq!(preservation.judge(3, 3, 61_999).standing, Standing::CatchingUp);
        assert_eq!(preservation.judge(3, 3, 62_000).standing, Standing::Off);
    }
}
