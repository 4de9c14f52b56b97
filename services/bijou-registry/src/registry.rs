//! The registry as its threads share it: leases behind one lock, finished documents beside it, changes on their way out.
//!
//! The lock is held for microseconds: to change one lease, or to gather references for a document that is then put
//! together without it. Changes are broadcast while it is held, so that every watcher sees them in order and none slips
//! between its snapshot and its first change.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bijou_eureka::{Applications, Instance, LeaseReport, LeaseView, PreservationView, Status};
use bytes::Bytes;
use tokio::sync::broadcast;
use tracing::{info, warn};

use crate::{
    clock::{Clock, Moment},
    documents::{Contents, Document, Documents, Form, List},
    leases::{Leases, Listed, Origin, Preservation, Record, Renewal, Standing, Verdict},
    settings::SelfPreservation,
    telemetry::Telemetry,
    watch,
};

/// Changes a watcher may be behind before it is sent the whole list instead.
const CHANGES_BEHIND_MAX: usize = 1024;

#[derive(Debug)]
pub struct Registry {
    state: Mutex<State>,
    clock: Clock,
    /// Names this life of the process: a client that sees a new one knows that everybody has to register again.
    epoch: String,
    documents: Documents,
    changes: broadcast::Sender<Bytes>,
    pub telemetry: Telemetry,
}

#[derive(Debug)]
struct State {
    leases: Leases,
    /// When the renewals of the last minute came, one count a second.
    renewals: VecDeque<(u64, u64)>,
    standing: Standing,
}

/// What a new watcher starts from.
pub struct WatchStart {
    pub snapshot: Bytes,
    pub changes: broadcast::Receiver<Bytes>,
}

impl State {
    fn count_renewal(&mut self, now: Moment) {
        let second = now.mono_ms / 1000;
        match self.renewals.back_mut().filter(|(at, _)| *at == second) {
            Some((_, count)) => *count += 1,
            None => self.renewals.push_back((second, 1)),
        }
        while self.renewals.front().is_some_and(|(at, _)| at + 60 <= second) {
            self.renewals.pop_front();
        }
    }
}

impl Registry {
    /// `epoch` must differ from that of any registry before this one.
    pub fn new(settings: &SelfPreservation, telemetry: Telemetry, epoch: String) -> Self {
        let gone_share_max = f64::from(settings.gone_percent_max.min(100)) / 100.0;
        let preservation = Preservation::new(settings.enabled, settings.instances_min, gone_share_max);
        let state =
            State { leases: Leases::new(preservation), renewals: VecDeque::new(), standing: Standing::Watching };
        Registry {
            state: Mutex::new(state),
            clock: Clock::start(),
            epoch,
            documents: Documents::default(),
            changes: broadcast::Sender::new(CHANGES_BEHIND_MAX),
            telemetry,
        }
    }

    pub fn register(&self, instance: Instance, origin: Origin) {
        self.telemetry.registrations.inc();
        self.change(|state, now| state.leases.register(instance, origin, now));
    }

    pub fn renew(
        &self,
        app: &str,
        id: &str,
        origin: Origin,
        dirty_ms: Option<u64>,
        told_override: Option<Status>,
    ) -> Renewal {
        let renewal = self.change(|state, now| {
            let renewal = state.leases.renew(app, id, origin, dirty_ms, told_override, now);
            if matches!(renewal, Renewal::Renewed) {
                state.count_renewal(now);
            }
            renewal
        });
        match renewal {
            Renewal::Renewed => self.telemetry.renewals.inc(),
            Renewal::RegisterAgain | Renewal::OursIsNewer(_) => self.telemetry.renewals_refused.inc(),
        };
        renewal
    }

    pub fn cancel(&self, app: &str, id: &str) -> bool {
        let is_known = self.change(|state, now| state.leases.cancel(app, id, now));
        if is_known {
            self.telemetry.cancellations.inc();
        }
        is_known
    }

    pub fn override_status(&self, app: &str, id: &str, status: Status, dirty_ms: Option<u64>) -> bool {
        self.telemetry.overrides.inc();
        self.change(|state, now| state.leases.override_status(app, id, status, dirty_ms, now))
    }

    pub fn remove_override(&self, app: &str, id: &str, status: Status, dirty_ms: Option<u64>) -> bool {
        self.telemetry.overrides.inc();
        self.change(|state, now| state.leases.remove_override(app, id, status, dirty_ms, now))
    }

    pub fn merge_metadata(&self, app: &str, id: &str, entries: impl Iterator<Item = (String, String)>) -> bool {
        // The first value of each name counts, so they are entered last to first.
        let mut pairs = entries.collect::<Vec<_>>();
        pairs.reverse();
        self.change(|state, now| state.leases.merge_metadata(app, id, pairs.into_iter().collect(), now))
    }

    /// Ends what is over, and returns how many milliseconds later the next lease may end.
    pub fn sweep(&self) -> Option<u64> {
        let (eviction, next_ms) = self.change(|state, now| {
            let eviction = state.leases.evict(now);
            (eviction, state.leases.next_eviction_ms().map(|next_ms| next_ms.saturating_sub(now.mono_ms)))
        });
        self.telemetry.evictions.inc_by(eviction.evicted as u64);
        self.tell_standing(eviction.verdict);
        next_ms
    }

    /// A list, built if nobody read this version yet.
    pub fn document(&self, list: List, form: Form) -> Arc<Document> {
        let (version, contents) = {
            let mut state = self.lock();
            let now = self.clock.now();
            let version = match list {
                List::All => state.leases.revision(),
                List::Delta => state.leases.delta_version(now),
            };
            if let Some(document) = self.documents.get(list, form, version) {
                return document;
            }
            let contents = match list {
                List::All => Contents {
                    version_text: "1".to_owned(),
                    hash_code: state.leases.hash_code(),
                    applications: state.leases.all(),
                },
                List::Delta => {
                    let delta = state.leases.delta(now);
                    Contents {
                        version_text: delta.version.to_string(),
                        hash_code: delta.hash_code,
                        applications: delta.applications,
                    }
                }
            };
            (version, contents)
        };
        self.documents.build(list, form, version, &contents)
    }

    pub fn application(&self, app: &str) -> Option<Listed> {
        self.lock().leases.application(app)
    }

    pub fn instance(&self, app: &str, id: &str) -> Option<Instance> {
        self.lock().leases.instance(app, id)
    }

    pub fn instance_by_id(&self, id: &str) -> Option<Instance> {
        self.lock().leases.instance_by_id(id)
    }

    /// The answer to a VIP's list: version -1, and a hash code of this answer alone.
    pub fn vip(&self, address: &str, is_secure: bool) -> Contents {
        let applications = {
            let state = self.lock();
            if is_secure { state.leases.with_secure_vip(address) } else { state.leases.with_vip(address) }
        };
        let records = applications.iter().flat_map(|listed| &listed.records);
        let hash_code = Applications::hash_code_of(records.map(|record| record.instance.status));
        Contents { version_text: "-1".to_owned(), hash_code, applications }
    }

    /// A watcher's first event and the changes that follow it without a gap.
    pub fn watch(&self) -> WatchStart {
        let (revision, applications, changes) = {
            let state = self.lock();
            (state.leases.revision(), state.leases.all(), self.changes.subscribe())
        };
        WatchStart { snapshot: watch::snapshot_event(&self.epoch, revision, &applications), changes }
    }

    /// Every lease with its age, and how self-preservation stands.
    pub fn report(&self) -> LeaseReport {
        let mut state = self.lock();
        let now = self.clock.now();
        let verdict = state.leases.verdict(now);
        let second = now.mono_ms / 1000;
        let last_minute = state.renewals.iter().filter(|(at, _)| at + 60 > second).map(|(_, count)| count).sum();
        let each = || state.leases.each();
        let owed = each().map(|(record, ..)| 60.0 / f64::from(record.instance.lease.renewal_interval_s)).sum::<f64>();
        LeaseReport {
            epoch: self.epoch.clone(),
            revision: state.leases.revision(),
            now_ms: now.unix_ms,
            self_preservation: PreservationView {
                state: verdict.standing.as_str().to_owned(),
                instances: verdict.instances,
                expired_kept: verdict.expired,
                evicted_lately: verdict.evicted_lately,
                gone_max: verdict.gone_max,
                instances_min: verdict.instances_min,
                renewals_expected_per_minute: owed as u64,
                renewals_last_minute: last_minute,
                explanation: String::new(),
                applications: Vec::new(),
            },
            restored: None,
            peers: Vec::new(),
            leases: each()
                .map(|(record, renewed, duration_ms, overridden)| {
                    lease_view(record, renewed, duration_ms, overridden, now)
                })
                .collect(),
        }
    }

    pub fn metrics(&self) -> String {
        let (status_counts, verdict) = {
            let mut state = self.lock();
            let verdict = state.leases.verdict(self.clock.now());
            (state.leases.status_counts(), verdict)
        };
        self.telemetry.encode(status_counts, verdict)
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
            // Nobody watching is no error.
            let _ = self.changes.send(watch::change_event(&self.epoch, change));
        }
        drop(state);
        for change in changes {
            let Instance { app, status, action, .. } = &change.record.instance;
            info!(
                instance.id = change.record.instance.id(),
                registry.app = %app,
                registry.revision = change.revision,
                "`{app}` instance {} {status}",
                action.map(|action| action.as_str().to_lowercase()).unwrap_or_default(),
            );
        }
        outcome
    }

    /// Says when self-preservation begins and ends, with its arithmetic.
    fn tell_standing(&self, verdict: Verdict) {
        let previous = std::mem::replace(&mut self.lock().standing, verdict.standing);
        if previous == verdict.standing {
            return;
        }
        let Verdict { standing, instances, expired, evicted_lately, gone_max, .. } = verdict;
        match standing {
            Standing::Preserving => warn!(
                registry.expired = expired,
                "self-preservation: {expired} of {instances} leases are over and {evicted_lately} ended within the last \
                 minute, more than the {gone_max} that may; expired leases are kept until enough of them renew"
            ),
            Standing::CatchingUp => {
                warn!("this process stood still for a while: leases are kept until clients had time to renew them");
            }
            Standing::Off | Standing::Watching if previous.keeps_expired() => {
                info!("self-preservation is over: leases end when they say again");
            }
            Standing::Off | Standing::Watching => {}
        }
    }
}

fn lease_view(
    record: &Record,
    renewed: Moment,
    duration_ms: u64,
    overridden: Option<Status>,
    now: Moment,
) -> LeaseView {
    let instance = &record.instance;
    LeaseView {
        app: instance.app.clone(),
        instance_id: instance.id().to_owned(),
        host_name: instance.host_name.clone(),
        ip_addr: instance.ip_addr.clone(),
        port: instance.port.number,
        status: instance.status.to_string(),
        overridden_status: overridden.map(|status| status.to_string()),
        override_reason: None,
        zone: instance.zone().map(str::to_owned),
        registered_ms: instance.lease.registration_ms,
        renewed_ms: renewed.unix_ms,
        renewal_interval_s: instance.lease.renewal_interval_s,
        duration_s: instance.lease.duration_s,
        expires_in_ms: (renewed.mono_ms + duration_ms) as i64 - now.mono_ms as i64,
        heard_from: String::new(),
        metadata: instance.metadata.clone(),
    }
}
