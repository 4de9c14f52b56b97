//! Self-preservation: when so many instances fall silent at once that the network is the likelier culprit, nobody is
//! forgotten.
//!
//! Eureka compares renewals per minute with an expectation, which punishes small registries, lags a minute behind and is
//! hard to explain. Here the same 85 % are counted in instances: those whose lease is over now, and those evicted within
//! the last minute (or a slow trickle would slip through), against all there were. Below a minimum size it is off: with
//! three instances, one that dies is a third of the fleet and still only one that died.
//!
//! Judged twice: over the whole registry, and over each application by itself. It ends when enough renew, deregister or
//! are outnumbered, and after a fixed time at the latest, because those who are silent may as well have been stopped. With
//! one exception: while half of the whole registry or more is silent it lasts as long as that does. Nobody stops half a
//! platform by mistake, and a network may stay away for hours.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use crate::clock::Moment;

/// Evictions count for so long.
const MEMORY_MS: u64 = 60_000;
/// The eviction timer runs at least this often; a longer gap means that this process itself stood still.
const SWEEP_GAP_MAX_MS: u64 = 3_000;

/// Whether expired leases are kept, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// By setting, or too few instances: leases end when they say.
    #[default]
    Off,
    /// On, and nothing unusual: leases end when they say.
    Watching,
    /// Too many fell silent: expired leases are kept.
    Preserving,
    /// Too many fell silent in one application, and stayed so for so long that they are taken for gone.
    TakenForGone,
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
            Standing::TakenForGone => "taken-for-gone",
            Standing::CatchingUp => "catching-up",
        }
    }
}

/// The arithmetic, to be shown to people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    pub standing: Standing,
    pub instances: usize,
    pub expired: usize,
    pub evicted_lately: usize,
    /// More than so many expired and lately evicted ones start preservation.
    pub gone_max: usize,
    pub instances_min: usize,
    /// When preservation began.
    pub since_unix_ms: Option<u64>,
    /// When it ends at the latest.
    pub until_unix_ms: Option<u64>,
}

/// What somebody who runs a registry chooses.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rule {
    pub is_enabled: bool,
    pub instances_min: usize,
    /// 0.15 for Eureka's threshold of 85 %.
    pub gone_share_max: f64,
    /// How long one application's silent instances are kept at most.
    pub keep_max_ms: u64,
}

#[derive(Clone, Debug, Default)]
pub struct Preservation {
    rule: Rule,
    registry: Scope,
    /// Those with something to remember.
    applications: HashMap<Arc<str>, Scope>,
    swept_ms: u64,
    catch_up_until_ms: u64,
}

/// What is judged together.
#[derive(Clone, Debug, Default)]
struct Scope {
    evictions: VecDeque<u64>,
    since: Option<Moment>,
}

impl Preservation {
    pub fn new(rule: Rule) -> Self {
        Preservation { rule, ..Preservation::default() }
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

    pub(super) fn note_eviction(&mut self, app: &Arc<str>, now_ms: u64) {
        self.registry.evictions.push_back(now_ms);
        self.applications.entry(Arc::clone(app)).or_default().evictions.push_back(now_ms);
    }

    /// Over all applications together.
    pub(super) fn judge(&mut self, instances: usize, expired: usize, now: Moment) -> Verdict {
        let is_catching_up = now.mono_ms < self.catch_up_until_ms;
        // Where most go on renewing the network is there, and who stays silent for so long is gone.
        let is_minority = expired * 2 < instances;
        let keep_max_ms = is_minority.then_some(self.rule.keep_max_ms);
        self.registry.judge(self.rule, keep_max_ms, instances, expired, is_catching_up, now)
    }

    /// Over one application.
    pub(super) fn judge_application(
        &mut self,
        app: &Arc<str>,
        instances: usize,
        expired: usize,
        now: Moment,
    ) -> Verdict {
        let is_catching_up = now.mono_ms < self.catch_up_until_ms;
        let scope = self.applications.entry(Arc::clone(app)).or_default();
        let verdict = scope.judge(self.rule, Some(self.rule.keep_max_ms), instances, expired, is_catching_up, now);
        if scope.evictions.is_empty() && scope.since.is_none() {
            self.applications.remove(app);
        }
        verdict
    }

    /// The applications that have something to tell beside those with expired leases.
    pub(super) fn remembered(&self) -> impl Iterator<Item = &Arc<str>> {
        self.applications.keys()
    }
}

impl Scope {
    fn judge(
        &mut self,
        rule: Rule,
        keep_max_ms: Option<u64>,
        instances: usize,
        expired: usize,
        is_catching_up: bool,
        now: Moment,
    ) -> Verdict {
        while self.evictions.front().is_some_and(|at_ms| at_ms + MEMORY_MS <= now.mono_ms) {
            self.evictions.pop_front();
        }
        let evicted_lately = self.evictions.len();
        let before = instances + evicted_lately;
        let gone_max = (before as f64 * rule.gone_share_max) as usize;
        let are_too_many_gone = expired > 0 && expired + evicted_lately > gone_max;
        let is_on = rule.is_enabled && before >= rule.instances_min;
        self.since = (is_on && are_too_many_gone).then(|| self.since.unwrap_or(now));
        let is_time_up = |since: Moment| keep_max_ms.is_some_and(|keep_ms| since.mono_ms + keep_ms <= now.mono_ms);
        let standing = match self.since {
            _ if is_catching_up => Standing::CatchingUp,
            Some(since) if is_time_up(since) => Standing::TakenForGone,
            Some(_) => Standing::Preserving,
            None if is_on => Standing::Watching,
            None => Standing::Off,
        };
        let since_unix_ms = self.since.map(|since| since.unix_ms);
        Verdict {
            standing,
            instances,
            expired,
            evicted_lately,
            gone_max,
            instances_min: rule.instances_min,
            since_unix_ms,
            until_unix_ms: since_unix_ms.zip(keep_max_ms).map(|(since_ms, keep_ms)| since_ms + keep_ms),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Rule = Rule { is_enabled: true, instances_min: 10, gone_share_max: 0.15, keep_max_ms: 300_000 };

    fn at(mono_ms: u64) -> Moment {
        Moment { mono_ms, unix_ms: 1_790_000_000_000 + mono_ms }
    }

    fn orders() -> Arc<str> {
        "ORDERS".into()
    }

    #[track_caller]
    fn check(instances: usize, evicted: usize, expired: usize, expected: Standing) {
        let mut preservation = Preservation::new(RULE);
        for _ in 0..evicted {
            preservation.note_eviction(&orders(), 1_000);
        }
        assert_eq!(preservation.judge(instances, expired, at(1_000)).standing, expected);
        assert_eq!(preservation.judge_application(&orders(), instances, expired, at(1_000)).standing, expected);
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
        let mut preservation = Preservation::new(RULE);
        for _ in 0..15 {
            preservation.note_eviction(&orders(), 1_000);
        }
        assert_eq!(preservation.judge(85, 1, at(60_999)).standing, Standing::Preserving);
        assert_eq!(preservation.judge(85, 1, at(61_000)).standing, Standing::Watching);
    }

    #[test]
    fn a_minority_is_kept_for_five_minutes_and_half_of_the_registry_for_as_long_as_it_takes() {
        let mut preservation = Preservation::new(RULE);
        let began = preservation.judge_application(&orders(), 20, 4, at(1_000));
        assert_eq!((began.since_unix_ms, began.until_unix_ms), (Some(at(1_000).unix_ms), Some(at(301_000).unix_ms)));
        let mut later = |now| preservation.judge_application(&orders(), 20, 4, now).standing;
        assert_eq!(later(at(300_999)), Standing::Preserving);
        assert_eq!(later(at(301_000)), Standing::TakenForGone);
        preservation.judge(20, 4, at(1_000));
        assert_eq!(preservation.judge(20, 4, at(300_999)).standing, Standing::Preserving);
        assert_eq!(preservation.judge(20, 4, at(301_000)).standing, Standing::TakenForGone);
        assert_eq!(preservation.judge(20, 10, at(9_000_000)).standing, Standing::Preserving);
    }

    #[test]
    fn it_begins_anew_when_it_was_over_in_between() {
        let mut preservation = Preservation::new(RULE);
        let mut since = |expired, mono_ms| preservation.judge(20, expired, at(mono_ms)).since_unix_ms;
        assert_eq!(since(4, 1_000), Some(at(1_000).unix_ms));
        assert_eq!(since(3, 2_000), None);
        assert_eq!(since(4, 3_000), Some(at(3_000).unix_ms));
    }

    #[test]
    fn a_process_that_stood_still_gives_clients_as_long_again() {
        let mut preservation = Preservation::new(Rule { is_enabled: false, ..RULE });
        preservation.note_sweep(1_000);
        preservation.note_sweep(2_000);
        assert_eq!(preservation.judge(3, 3, at(2_000)).standing, Standing::Off);
        preservation.note_sweep(32_000);
        assert_eq!(preservation.judge(3, 3, at(61_999)).standing, Standing::CatchingUp);
        assert_eq!(preservation.judge(3, 3, at(62_000)).standing, Standing::Off);
    }
}
