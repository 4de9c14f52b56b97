//! The registry towards those who watch: a first event, and the changes that follow it without a gap.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::broadcast;

use super::{Registry, state::State};
use crate::watch::{self, Filter, Told};

/// How long a snapshot is kept.
const SNAPSHOT_KEPT_MS: u64 = 10_000;

/// What a new watcher starts from.
pub struct WatchStart {
    pub first: Bytes,
    pub changes: broadcast::Receiver<Arc<Told>>,
}

/// The whole list as a watcher's first event, for all who begin at the same revision.
#[derive(Debug)]
pub(super) struct Snapshot {
    revision: u64,
    event: Bytes,
    made_ms: u64,
}

impl Snapshot {
    /// Watchers come in waves, and it is as long as a full list: it is not kept for the next wave.
    pub(super) fn is_old(&self, now_ms: u64) -> bool {
        self.made_ms + SNAPSHOT_KEPT_MS <= now_ms
    }
}

impl Registry {
    /// A watcher's first event and the changes that follow it without a gap. `since` is the id of the last event it has
    /// seen: where that is known, only what came after it is sent.
    pub fn watch(&self, since: Option<&str>, filter: &Filter) -> WatchStart {
        let (revision, applications, changes) = {
            let state = self.lock();
            let changes = self.changes.subscribe();
            let revision = state.leases.revision();
            if let Some(first) = since.and_then(|since| self.missed(&state, since, filter)) {
                return WatchStart { first, changes };
            }
            let kept = self.watch_snapshot.load();
            if let Some(kept) = kept.as_ref().filter(|kept| kept.revision == revision && filter.is_everything()) {
                return WatchStart { first: kept.event.clone(), changes };
            }
            (revision, filter.applied_to(state.leases.all()), changes)
        };
        let first = watch::snapshot_event(&self.epoch, revision, &applications, !filter.is_everything());
        if filter.is_everything() {
            let (event, made_ms) = (first.clone(), self.clock.now().mono_ms);
            self.watch_snapshot.store(Some(Arc::new(Snapshot { revision, event, made_ms })));
        }
        WatchStart { first, changes }
    }

    /// The changes after an event of this life of the process, if they are all remembered.
    fn missed(&self, state: &State, since: &str, filter: &Filter) -> Option<Bytes> {
        let (epoch, seen) = since.rsplit_once(':')?;
        let seen = seen.parse::<u64>().ok().filter(|_| epoch == &*self.epoch)?;
        let revision = state.leases.revision();
        let remembered_from = state.history.front().map_or(revision + 1, |told| told.revision);
        if seen > revision || seen + 1 < remembered_from {
            return None;
        }
        let mut first = b": resumed\n\n".to_vec();
        let missed = state.history.iter().filter(|told| told.revision > seen && filter.takes(told));
        missed.for_each(|told| first.extend_from_slice(told.event()));
        Some(first.into())
    }

    /// Tells when the next change comes.
    pub fn changes(&self) -> broadcast::Receiver<Arc<Told>> {
        self.changes.subscribe()
    }
}
