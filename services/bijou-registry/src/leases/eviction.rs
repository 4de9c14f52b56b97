//! Ending leases that are over, unless self-preservation keeps them, and how things stand with that.

use std::{collections::BTreeMap, sync::Arc};

use super::{ApplicationVerdict, Eviction, Key, Lease, Leases, Standing, Verdict};
use crate::clock::Moment;

impl Leases {
    /// Ends the leases that are over, unless self-preservation keeps them.
    pub fn evict(&mut self, now: Moment) -> Eviction {
        self.preservation.note_sweep(now.mono_ms);
        while let Some((at_ms, key)) = self.schedule.due(now.mono_ms) {
            let Some(lease) = self.table.find_mut(&key.0, &key.1) else { continue };
            if !lease.planned.has_come(at_ms) {
                continue;
            }
            let expires_ms = lease.expires_ms();
            if expires_ms <= now.mono_ms {
                self.overdue.insert(key);
            } else {
                self.schedule.plan(&mut lease.planned, &key, expires_ms);
            }
        }
        let verdict = self.verdict(now);
        if verdict.standing.keeps_expired() {
            return Eviction { evicted: 0, verdict };
        }
        let mut evicted = 0;
        for (app, keys) in self.overdue_by_application() {
            let of_application = self.judge_application(&app, keys.len(), now);
            if of_application.standing.keeps_expired() {
                continue;
            }
            for key in &keys {
                self.remove(key, now);
                // Those that were kept for long are no news, and must not start preservation again.
                let are_long_gone = [verdict.standing, of_application.standing].contains(&Standing::TakenForGone);
                if !are_long_gone {
                    self.preservation.note_eviction(&app, now.mono_ms);
                }
            }
            evicted += keys.len();
        }
        Eviction { evicted, verdict }
    }

    /// How things stand, without evicting.
    pub fn verdict(&mut self, now: Moment) -> Verdict {
        self.preservation.judge(self.count(), self.overdue.len(), now)
    }

    /// The applications that lost instances lately, or keep some.
    pub fn application_verdicts(&mut self, now: Moment) -> Vec<ApplicationVerdict> {
        let mut expired: BTreeMap<Arc<str>, usize> =
            self.preservation.remembered().map(|app| (Arc::clone(app), 0)).collect();
        expired.extend(self.overdue_by_application().into_iter().map(|(app, keys)| (app, keys.len())));
        let mut judged = |(app, expired): (Arc<str>, usize)| {
            let verdict = self.judge_application(&app, expired, now);
            let renewals = self.table.renewals_of(&app).map_or(0, |renewals| renewals.last_minute(now.mono_ms));
            let leases = self.table.of(&app).map(|(_, lease)| lease);
            ApplicationVerdict {
                verdict,
                renewals_expected: renewals_owed(leases),
                renewals_last_minute: renewals,
                app,
            }
        };
        expired.into_iter().map(&mut judged).collect()
    }

    /// Renewals a minute that all instances together owe by their own intervals, and those that came in the last one.
    pub fn renewals(&mut self, now: Moment) -> (u64, u64) {
        let came = self.table.renewals().map(|renewals| renewals.last_minute(now.mono_ms)).sum();
        (renewals_owed(self.table.each()), came)
    }

    fn overdue_by_application(&self) -> BTreeMap<Arc<str>, Vec<Key>> {
        let mut by_application: BTreeMap<Arc<str>, Vec<Key>> = BTreeMap::new();
        for key in &self.overdue {
            by_application.entry(Arc::clone(&key.0)).or_default().push(key.clone());
        }
        by_application
    }

    fn judge_application(&mut self, app: &Arc<str>, expired: usize, now: Moment) -> Verdict {
        let instances = self.table.count_of(app);
        self.preservation.judge_application(app, instances, expired, now)
    }
}

fn renewals_owed<'a>(leases: impl Iterator<Item = &'a Lease>) -> u64 {
    leases.map(|lease| 60.0 / f64::from(lease.record.instance.lease.renewal_interval_s)).sum::<f64>() as u64
}
