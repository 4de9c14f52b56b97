//! The registry as its threads share it: leases behind one lock, finished documents beside it, changes on their way out.
//!
//! The lock is held for microseconds: to change one lease, or to gather references for a document that is then put
//! together without it. Changes are broadcast, entered into the peers' queues and noted for the disk while it is held, so
//! that everybody is told in the order of events and none slips between a watcher's snapshot and its first change.

mod read;
mod replication;
mod report;
mod state;
mod watching;

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use arc_swap::ArcSwapOption;
use bijou_eureka::{Hearsay, Instance, PackedInstance, Status, json::ReplicationAction};
use tokio::sync::broadcast;
use tracing::info;

pub use self::read::Reader;
use self::{state::State, watching::Snapshot};
use crate::{
    clock::{Clock, Moment},
    disk::{Disk, Haste, Row},
    documents::Documents,
    leases::{Beat, Change, Kept, Key, Leases, Origin, Preservation, Registration, Renewal, Rule},
    peers::Peers,
    regions::Regions,
    settings::SelfPreservation,
    telemetry::Telemetry,
    views::Views,
    watch::Told,
};

/// Changes a watcher may be behind before it is sent the whole list instead.
const CHANGES_BEHIND_MAX: usize = 1024;

#[derive(Debug)]
pub struct Registry {
    state: Mutex<State>,
    clock: Clock,
    /// Names this life of the process: a client that sees a new one knows that everybody has to register again.
    epoch: Arc<str>,
    documents: Documents,
    /// Lists for those who are not given the one for everybody.
    views: Views,
    watch_snapshot: ArcSwapOption<Snapshot>,
    changes: broadcast::Sender<Arc<Told>>,
    /// Whether readers are answered: not before it is known what the peers know.
    is_open: AtomicBool,
    pub peers: Peers,
    pub regions: Arc<Regions>,
    disk: OnceLock<Disk>,
    pub telemetry: Telemetry,
}

impl Registry {
    /// `epoch` must differ from that of any registry before this one.
    pub fn new(
        settings: &SelfPreservation,
        clock: Clock,
        telemetry: Telemetry,
        epoch: String,
        peers: Peers,
        regions: Arc<Regions>,
    ) -> Self {
        let preservation = Preservation::new(Rule {
            is_enabled: settings.enabled,
            instances_min: settings.instances_min,
            gone_share_max: f64::from(settings.gone_percent_max.min(100)) / 100.0,
            keep_max_ms: settings.keep_max_s * 1000,
        });
        Registry {
            state: Mutex::new(State::new(Leases::new(preservation))),
            clock,
            epoch: epoch.into(),
            documents: Documents::default(),
            views: Views::default(),
            watch_snapshot: ArcSwapOption::empty(),
            changes: broadcast::Sender::new(CHANGES_BEHIND_MAX),
            is_open: AtomicBool::new(true),
            peers,
            regions,
            disk: OnceLock::new(),
            telemetry,
        }
    }

    /// Enters what was kept on disk, and keeps all further changes there.
    pub fn remember(&self, disk: Disk, kept: Vec<Kept>) {
        self.restore(kept);
        // Set once, at the start.
        let _ = self.disk.set(disk);
    }

    fn restore(&self, kept: Vec<Kept>) {
        let count = kept.len();
        {
            let mut state = self.lock();
            let now = self.clock.now();
            state.leases.restore(kept, now);
        }
        if count > 0 {
            info!(
                registry.restored = count,
                "{count} leases are back from disk; each has one lease from now on to be renewed"
            );
        }
    }

    /// What a restart would find on disk.
    #[cfg(test)]
    pub fn kept_for_test(&self) -> Vec<Kept> {
        let state = self.lock();
        let kept = |shown: crate::leases::Shown<'_>| {
            let instance = &shown.record.instance;
            let (record, overridden_ms, reason) = state.leases.kept(&(instance.app().into(), instance.id().into()))?;
            let instance = record.instance.clone();
            Some(Kept { number: 0, instance, overridden_ms, override_reason: reason.map(|reason| reason.to_string()) })
        };
        state.leases.each().filter_map(kept).collect()
    }

    #[cfg(test)]
    pub fn restore_for_test(&self, kept: Vec<Kept>) {
        self.restore(kept);
    }

    /// Waits until all changes so far are on disk, if they are kept there: whoever made one is answered then.
    pub async fn written(&self) {
        if let Some(disk) = self.disk.get() {
            disk.written().await;
        }
    }

    /// Writes what is not on disk yet.
    pub fn finish(&self) {
        if let Some(disk) = self.disk.get() {
            disk.finish();
        }
    }

    /// Names this life of the process.
    pub fn epoch(&self) -> &str {
        &self.epoch
    }

    pub fn is_open(&self) -> bool {
        self.is_open.load(Ordering::Acquire)
    }

    pub fn set_open(&self, is_open: bool) {
        self.is_open.store(is_open, Ordering::Release);
    }

    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    pub fn register(&self, registration: impl Into<Registration>, origin: Origin) {
        let registration = registration.into();
        self.telemetry.registrations.inc();
        let key = (origin == Origin::Client && self.peers.is_any()).then(|| registration.key());
        self.change(|state, now| {
            state.leases.register(registration, origin, now);
            if let Some(key) = key {
                self.tell_peers(origin, key, ReplicationAction::Register, now);
            }
        });
    }

    fn register_as_told(&self, instance: Instance, hearsay: Option<Hearsay>) {
        self.register(Registration::told(instance, hearsay), Origin::Peer);
    }

    pub fn renew(&self, app: &str, id: &str, beat: Beat) -> Renewal {
        let renewal = self.change(|state, now| {
            let renewal = state.leases.renew(app, id, beat, now);
            if beat.origin == Origin::Client
                && matches!(renewal, Renewal::Renewed)
                && self.peers.is_any()
                && let Some(key) = state.leases.key(app, id)
            {
                self.tell_peers(beat.origin, key, ReplicationAction::Heartbeat, now);
            }
            renewal
        });
        match renewal {
            Renewal::Renewed => self.telemetry.renewals.inc(),
            Renewal::RegisterAgain | Renewal::OursIsNewer(_) => self.telemetry.renewals_refused.inc(),
        };
        renewal
    }

    pub fn cancel(&self, app: &str, id: &str, origin: Origin) -> bool {
        self.cancel_as_told(app, id, origin, Hearsay::default())
    }

    fn cancel_as_told(&self, app: &str, id: &str, origin: Origin, told: Hearsay) -> bool {
        let is_known = self.change(|state, now| {
            let key = state.leases.key(app, id);
            let is_known = state.leases.cancel(app, id, told, now);
            if let Some(key) = key {
                self.tell_peers(origin, key, ReplicationAction::Cancel, now);
            }
            is_known
        });
        if is_known {
            self.telemetry.cancellations.inc();
        }
        is_known
    }

    pub fn override_status(&self, app: &str, id: &str, origin: Origin, status: Status, reason: Option<&str>) -> bool {
        self.telemetry.overrides.inc();
        self.change(|state, now| {
            let is_known = state.leases.override_status(app, id, status, now);
            if let Some(reason) = reason {
                state.leases.explain_override(app, id, reason);
            }
            if let Some(key) = state.leases.key(app, id) {
                self.tell_peers(origin, key, ReplicationAction::StatusUpdate, now);
            }
            is_known
        })
    }

    /// Without a `status` the instance's own last word counts from then on.
    pub fn remove_override(&self, app: &str, id: &str, origin: Origin, status: Option<Status>) -> bool {
        self.telemetry.overrides.inc();
        self.change(|state, now| {
            let is_known = state.leases.remove_override(app, id, status, now);
            if let Some(key) = state.leases.key(app, id) {
                self.tell_peers(origin, key, ReplicationAction::DeleteStatusOverride, now);
            }
            is_known
        })
    }

    pub fn merge_metadata(&self, app: &str, id: &str, entries: BTreeMap<String, String>) -> bool {
        self.change(|state, now| {
            let is_known = state.leases.merge_metadata(app, id, entries, now);
            if let Some(key) = state.leases.key(app, id) {
                self.tell_peers(Origin::Client, key, ReplicationAction::Register, now);
            }
            is_known
        })
    }

    /// Ends what is over, and returns how many milliseconds later the next lease may end.
    pub fn sweep(&self) -> Option<u64> {
        let (eviction, next_ms) = self.change(|state, now| {
            let eviction = state.leases.evict(now);
            (eviction, state.leases.next_eviction_ms().map(|next_ms| next_ms.saturating_sub(now.mono_ms)))
        });
        self.telemetry.evictions.inc_by(eviction.evicted as u64);
        let unlogged = self.telemetry.take_changes_unlogged();
        if unlogged > 0 {
            info!(registry.changes = unlogged, "{unlogged} more changes came too fast to be listed one by one");
        }
        self.tell_standing(eviction.verdict);
        self.forget_idle();
        next_ms
    }

    /// Lets go of what was made for readers who are gone.
    fn forget_idle(&self) {
        let now_ms = self.clock.now().mono_ms;
        if self.watch_snapshot.load().as_ref().is_some_and(|snapshot| snapshot.is_old(now_ms)) {
            self.watch_snapshot.store(None);
        }
        let forms = self.documents.forget_idle(now_ms);
        if forms.is_empty() {
            return;
        }
        let applications = self.lock().leases.all();
        for record in applications.iter().flat_map(|listed| &listed.records) {
            for form in &forms {
                record.forget(*form);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing inside panics; if it ever did, serving what there is beats losing every lease.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change<T>(&self, act: impl FnOnce(&mut State, Moment) -> T) -> T {
        let mut state = self.lock();
        // Read inside: the order of changes is the order of their times.
        let now = self.clock.now();
        let outcome = act(&mut state, now);
        let changes = state.leases.take_changes();
        for change in &changes {
            let told = Arc::new(Told::of(&self.epoch, change));
            state.remember(change, &told);
            self.keep(&state, change);
            // Nobody watching is no error.
            let _ = self.changes.send(told);
        }
        drop(state);
        for change in changes {
            if !self.telemetry.may_log_change() {
                continue;
            }
            let PackedInstance { status, action, .. } = &change.record.instance;
            let (app, id) = &change.key;
            info!(
                instance.id = %id,
                registry.app = %app,
                registry.revision = change.revision,
                "`{app}` instance {} {status}",
                action.map(|action| action.as_str().to_lowercase()).unwrap_or_default(),
            );
        }
        outcome
    }

    /// Notes a change for the disk. Our own entry is made anew at every start.
    fn keep(&self, state: &State, change: &Change) {
        let Some(disk) = self.disk.get().filter(|_| !change.record.instance.is_coordinating) else { return };
        let kept = state.leases.kept(&change.key).filter(|_| !change.is_removal);
        let row = kept.map(|(record, overridden_ms, override_reason)| Row { record, overridden_ms, override_reason });
        let haste = match change {
            change if change.is_repetition() => Haste::Repetition,
            change if change.is_later_version() => Haste::Soon,
            _ => Haste::Awaited,
        };
        disk.note(change.number, row, haste);
    }

    fn tell_peers(&self, origin: Origin, key: Key, action: ReplicationAction, now: Moment) {
        if origin == Origin::Client {
            self.peers.push(&key, action, now.mono_ms);
        }
    }
}
