//! Positions on their way to the store.
//!
//! A film that plays reports every half minute; writing each would be more than a hundred writes an hour and viewer, each
//! with a commit of its own. So reports of playing films wait here, the newest per profile and playable, and are written
//! together once a minute; a pause, a stop and a graceful end of this process write at once. A process that is killed
//! loses a minute at most, and what its players still have in their queues comes again.
//!
//! With several instances on one database each holds what it was told. Nobody is misled for long and nothing is lost:
//! the store keeps the newest whichever instance writes last, and what an instance holds itself it serves itself;
//! another's is a minute old at most.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bijou_store::StoreError;

use crate::domain::reports::Report;
use crate::store::Store;
use crate::telemetry::Counts;

/// Reports written in one transaction: others have to write, too.
const TOGETHER: usize = 500;

/// Takes reports and sees that they are written.
pub(crate) struct Positions {
    waiting: Waiting,
    store: Store,
    counts: Counts,
}

impl Positions {
    pub(crate) fn new(store: Store, waiting_max: usize, counts: Counts) -> Self {
        Self { waiting: Waiting::new(waiting_max), store, counts }
    }

    /// Takes a report; `at_once`: it is in the store when this returns.
    pub(crate) async fn report(&self, profile: &str, report: Report, at_once: bool) -> Result<(), StoreError> {
        self.counts.position_reported();
        let playable = report.playable_id.clone();
        if self.waiting.keep(profile, report.clone()) == Kept::Full {
            self.counts.positions_full();
            return self.write(vec![(profile.to_owned(), report)]).await;
        }
        self.counts.positions_waiting(self.waiting.len());
        if !at_once {
            return Ok(());
        }
        let due = self.waiting.about(profile, &playable).map(|newest| (profile.to_owned(), newest));
        self.write(due.into_iter().collect()).await
    }

    /// Writes everything that waits.
    pub(crate) async fn flush(&self) -> Result<(), StoreError> {
        self.write(self.waiting.due()).await
    }

    /// Writes what waits of one profile.
    pub(crate) async fn flush_profile(&self, profile: &str) -> Result<(), StoreError> {
        let due = self.waiting.of(profile).reports;
        self.write(due.into_iter().map(|report| (profile.to_owned(), report)).collect()).await
    }

    /// What waits of one profile.
    pub(crate) fn of(&self, profile: &str) -> OfProfile {
        self.waiting.of(profile)
    }

    /// Where somebody stopped: as it waits here or as it is stored, whichever counts.
    pub(crate) async fn position(&self, profile: &str, playable: &str) -> Result<Option<Report>, StoreError> {
        // In this order: what is written meanwhile is seen at least once.
        let waiting = self.waiting.about(profile, playable);
        let stored = self.store.position(profile, playable).await?;
        Ok(match (waiting, stored) {
            (Some(waiting), Some(stored)) => Some(waiting.newest(stored)),
            (waiting, stored) => waiting.or(stored),
        })
    }

    /// Nothing of this profile is to be written any more.
    pub(crate) fn forget(&self, profile: &str) {
        self.waiting.forget(profile);
    }

    /// Writes in the order of profiles, in which all instances lock them.
    async fn write(&self, mut due: Vec<(String, Report)>) -> Result<(), StoreError> {
        due.sort_by(|a, b| a.0.cmp(&b.0));
        for some in due.chunks(TOGETHER) {
            self.store.write_reports(some).await?;
            self.counts.positions_written(some.len());
            self.waiting.written(some);
        }
        self.counts.positions_waiting(self.waiting.len());
        Ok(())
    }
}

/// What waits to be written. Cheap to look at: a lock that is never held across anything slow.
#[derive(Debug)]
pub(crate) struct Waiting {
    inner: Mutex<Inner>,
    waiting_max: usize,
}

#[derive(Debug, Default)]
struct Inner {
    profiles: HashMap<String, Kin>,
    count: usize,
    /// Counts changes of all profiles.
    changes: u64,
}

/// Of one profile, by playable.
#[derive(Debug, Default)]
struct Kin {
    reports: HashMap<String, Report>,
    revision: u64,
}

/// What waits of one profile.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct OfProfile {
    pub(crate) reports: Vec<Report>,
    /// Another number when something else waits; `None` when nothing does.
    pub(crate) revision: Option<u64>,
}

/// What became of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    /// It waits, or a newer one does.
    Waits,
    /// There is no room: it has to be written now.
    Full,
}

impl Waiting {
    pub(crate) fn new(waiting_max: usize) -> Self {
        Self { inner: Mutex::default(), waiting_max }
    }

    /// Keeps a report, unless a newer one is known.
    pub(crate) fn keep(&self, profile: &str, report: Report) -> Kept {
        let mut inner = self.lock();
        let Inner { profiles, count, changes } = &mut *inner;
        *changes += 1;
        let known = profiles.get_mut(profile).and_then(|kin| {
            kin.revision = *changes;
            kin.reports.get_mut(&report.playable_id)
        });
        if let Some(known) = known {
            *known = report.newest(known.clone());
            return Kept::Waits;
        }
        if *count >= self.waiting_max {
            return Kept::Full;
        }
        *count += 1;
        let kin = profiles.entry(profile.to_owned()).or_default();
        kin.revision = *changes;
        kin.reports.insert(report.playable_id.clone(), report);
        Kept::Waits
    }

    /// Everything that has to be written, with whose it is. It stays readable until [`Waiting::written`].
    pub(crate) fn due(&self) -> Vec<(String, Report)> {
        let inner = self.lock();
        let due = inner.profiles.iter().flat_map(|(profile, kin)| kin.reports.values().map(move |one| (profile, one)));
        due.map(|(profile, report)| (profile.clone(), report.clone())).collect()
    }

    /// These are in the store: those that are still the newest are forgotten.
    pub(crate) fn written(&self, written: &[(String, Report)]) {
        let mut inner = self.lock();
        for (profile, report) in written {
            inner.retain(profile, |known| known != report);
        }
    }

    pub(crate) fn of(&self, profile: &str) -> OfProfile {
        let inner = self.lock();
        let Some(kin) = inner.profiles.get(profile) else { return OfProfile::default() };
        OfProfile { reports: kin.reports.values().cloned().collect(), revision: Some(kin.revision) }
    }

    fn about(&self, profile: &str, playable: &str) -> Option<Report> {
        self.lock().profiles.get(profile)?.reports.get(playable).cloned()
    }

    pub(crate) fn forget(&self, profile: &str) {
        self.lock().retain(profile, |_| false);
    }

    pub(crate) fn len(&self) -> usize {
        self.lock().count
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn retain(&mut self, profile: &str, keep: impl Fn(&Report) -> bool) {
        let Some(kin) = self.profiles.get_mut(profile) else { return };
        let before = kin.reports.len();
        kin.reports.retain(|_, report| keep(report));
        self.count -= before - kin.reports.len();
        self.changes += 1;
        kin.revision = self.changes;
        if kin.reports.is_empty() {
            self.profiles.remove(profile);
        }
    }
}
