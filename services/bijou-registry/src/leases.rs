//! Leases: who is registered, until when, and what changed since a client last asked.
//!
//! Pure bookkeeping: time is an argument, no sockets, so a year of heartbeats runs in a millisecond of test. Reading
//! never evicts. Eviction is a separate step ([`Leases::evict`]) that may refuse, because forgetting half a fleet during
//! a network split does more harm than a stale entry.
//!
//! Every change that a reader could see gets a [`Change`] with the next revision; a heartbeat is none. Left out: sending
//! anything to peers, writing anything to disk, credentials. What those need to know is here: who was heard last
//! ([`Heard`]), who was cancelled (`graves.rs`), where two registries differ (`compare.rs`).

mod compare;
mod eviction;
mod graves;
mod index;
mod preservation;
mod read;
mod recent;
mod record;
mod renewals;
mod restore;
mod rules;
mod schedule;

#[cfg(test)]
mod model_tests;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use bijou_eureka::{ActionType, DataCenterName, Instance, Status};

pub use self::preservation::{Preservation, Rule, Standing, Verdict};
pub use self::recent::Recent;
pub use self::record::{Record, fnv1a};
pub use self::restore::{Kept, Restored};
use self::{graves::Graves, index::VipIndex, renewals::Renewals, rules::Previous, schedule::Schedule};
use crate::clock::Moment;

/// Application and instance id. The application is in upper case.
pub type Key = (Arc<str>, Arc<str>);

/// Who tells us. A peer's word about an instance is only repeated news; the client's own is fresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Client,
    Peer,
}

/// Whose word a lease stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    Client,
    Peer,
    /// Read back after a restart, and not renewed since.
    Disk,
}

impl Heard {
    pub fn as_str(self) -> &'static str {
        match self {
            Heard::Client => "client",
            Heard::Peer => "peer",
            Heard::Disk => "disk",
        }
    }
}

impl From<Origin> for Heard {
    fn from(origin: Origin) -> Self {
        match origin {
            Origin::Client => Heard::Client,
            Origin::Peer => Heard::Peer,
        }
    }
}

/// A change that readers can see.
#[derive(Clone, Debug)]
pub struct Change {
    pub revision: u64,
    pub is_removal: bool,
    pub record: Arc<Record>,
    /// What the record replaces.
    pub previous: Option<Arc<Record>>,
}

/// What became of a renewal.
#[derive(Clone, Debug)]
pub enum Renewal {
    Renewed,
    /// Unknown, or of status UNKNOWN, or the caller has a newer version: register (again).
    RegisterAgain,
    /// A peer has an older version than ours, which is this.
    OursIsNewer(Arc<Record>),
}

/// What an eviction did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Eviction {
    pub evicted: usize,
    pub verdict: Verdict,
}

/// What `apps/delta` is made of.
#[derive(Clone, Debug)]
pub struct Delta {
    pub version: u64,
    pub hash_code: String,
    pub applications: Vec<Listed>,
}

/// An application and its instances, both in order.
#[derive(Clone, Debug)]
pub struct Listed {
    pub name: Arc<str>,
    pub records: Vec<Arc<Record>>,
}

#[derive(Debug)]
struct Lease {
    record: Arc<Record>,
    renewed: Moment,
    duration_ms: u64,
    /// An operator's word on the status. Ends with the lease.
    overridden: Option<Status>,
    /// When that was set or removed, by the wall clock; 0 if never.
    overridden_ms: u64,
    /// Why, in the operator's words.
    override_reason: Option<Arc<str>>,
    heard: Heard,
}

/// One lease, to be shown.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    pub record: &'a Record,
    pub renewed: Moment,
    pub duration_ms: u64,
    pub overridden: Option<Status>,
    pub override_reason: Option<&'a str>,
    pub heard: Heard,
}

/// How self-preservation stands for one application.
#[derive(Clone, Debug)]
pub struct ApplicationVerdict {
    pub app: Arc<str>,
    pub verdict: Verdict,
    pub renewals_expected: u64,
    pub renewals_last_minute: u64,
}

impl Lease {
    fn expires_ms(&self) -> u64 {
        self.renewed.mono_ms + self.duration_ms
    }
}

/// The registry's whole state.
#[derive(Debug, Default)]
pub struct Leases {
    preservation: Preservation,
    applications: BTreeMap<Arc<str>, BTreeMap<Arc<str>, Lease>>,
    status_counts: [usize; Status::ALL.len()],
    schedule: Schedule,
    /// Expired, but kept by self-preservation.
    overdue: BTreeSet<Key>,
    recent: Recent,
    vips: VipIndex,
    secure_vips: VipIndex,
    revision: u64,
    changes: Vec<Change>,
    graves: Graves,
    renewals: HashMap<Arc<str>, Renewals>,
    restored: Restored,
}

impl Leases {
    pub fn new(preservation: Preservation) -> Self {
        Leases { preservation, ..Leases::default() }
    }

    /// Registers an instance, anew or again. What the registry knows stays when the caller's version is older; the
    /// lease is renewed either way. A registration that changes nothing is not a change. `false` when a peer told of an
    /// instance as it was before it was cancelled here: that is no news.
    pub fn register(&mut self, mut instance: Instance, origin: Origin, now: Moment) -> bool {
        fill_in(&mut instance, now);
        let app: Arc<str> = instance.app.as_str().into();
        let id: Arc<str> = instance.id().into();
        let key = (Arc::clone(&app), Arc::clone(&id));
        if origin == Origin::Peer && self.graves.holds(&key, &instance) {
            return false;
        }
        self.graves.open(&key);
        let duration_ms = u64::from(instance.lease.duration_s) * 1000;
        let known = self.applications.get(&app).and_then(|instances| instances.get(&id));

        let known_record = known.map(|lease| Arc::clone(&lease.record));
        let is_news = known_record.as_ref().is_none_or(|known| instance.last_dirty_ms > known.instance.last_dirty_ms);
        if let Some(known) = &known_record
            && known.instance.last_dirty_ms > instance.last_dirty_ms
        {
            instance = known.instance.clone();
        }
        let told = (instance.overridden_status != Status::Unknown).then_some(instance.overridden_status);
        let overridden = known.and_then(|lease| lease.overridden).or(told);
        if let Some(overridden) = overridden {
            instance.overridden_status = overridden;
        }
        let previous = known_record.as_ref().map(|known| Previous {
            status: known.instance.status,
            is_newer_now: instance.last_dirty_ms > known.instance.last_dirty_ms,
        });
        instance.status = rules::status_of_registration(instance.status, overridden, previous, origin);

        let is_known = known_record.is_some();
        if known_record.as_ref().is_none_or(|known| known.says_otherwise(&instance)) {
            let service_up_ms = match known_record.as_ref().map(|known| known.instance.lease.service_up_ms) {
                None | Some(0) if instance.status == Status::Up => now.unix_ms,
                known => known.unwrap_or_default(),
            };
            instance.lease.registration_ms = now.unix_ms;
            instance.lease.last_renewal_ms = now.unix_ms;
            instance.lease.eviction_ms = 0;
            instance.lease.service_up_ms = service_up_ms;
            self.record_change(&app, &id, instance, ActionType::Added, now);
        }
        self.confirm(&app, &id, origin, is_news);
        let Some(lease) = self.lease_mut(&app, &id) else { return true };
        if lease.overridden != overridden {
            lease.overridden = overridden;
            lease.overridden_ms = now.unix_ms;
        }
        lease.duration_ms = duration_ms;
        lease.renewed = now;
        let expires_ms = lease.expires_ms();
        self.overdue.remove(&key);
        self.schedule.plan(key, expires_ms, !is_known);
        true
    }

    /// A heartbeat. The lease is renewed whatever the answer, unless there is none.
    pub fn renew(
        &mut self,
        app: &str,
        id: &str,
        origin: Origin,
        dirty_ms: Option<u64>,
        told_override: Option<Status>,
        now: Moment,
    ) -> Renewal {
        let Some(lease) = self.lease_mut(app, id) else { return Renewal::RegisterAgain };
        let status = rules::status_of_renewal(lease.record.instance.status, lease.overridden);
        if status == Status::Unknown {
            return Renewal::RegisterAgain;
        }
        let record = Arc::clone(&lease.record);
        self.extend(app, id, now);
        // A newer version that a peer speaks of is registered next.
        self.confirm(app, id, origin, false);
        if let Some(renewals) = self.renewals.get_mut(app) {
            renewals.count(now.mono_ms);
        }
        if record.instance.status != status {
            self.change_status(app, id, status, None, now);
        }
        let ours = record.instance.last_dirty_ms;
        match dirty_ms {
            Some(theirs) if theirs > ours => {
                if origin == Origin::Peer
                    && let Some(told) = told_override.filter(|status| *status != Status::Unknown)
                    && let Some(lease) = self.lease_mut(app, id)
                {
                    lease.overridden = Some(told);
                    lease.overridden_ms = now.unix_ms;
                }
                Renewal::RegisterAgain
            }
            Some(theirs) if theirs < ours && origin == Origin::Peer => Renewal::OursIsNewer(record),
            _ => Renewal::Renewed,
        }
    }

    /// Ends a lease. `false` when there was none.
    pub fn cancel(&mut self, app: &str, id: &str, now: Moment) -> bool {
        let Some(key) = self.key(app, id) else { return false };
        if let Some(lease) = self.lease_mut(app, id) {
            let dirty_ms = lease.record.instance.last_dirty_ms;
            self.graves.bury(key.clone(), dirty_ms, now);
        }
        self.remove(&key, now);
        true
    }

    /// An operator's override. The lease is renewed. A status that is already so is not made an override, as in
    /// Eureka. `false` when there is no such instance.
    pub fn override_status(&mut self, app: &str, id: &str, status: Status, dirty_ms: Option<u64>, now: Moment) -> bool {
        let Some(lease) = self.lease_mut(app, id) else { return false };
        let is_change = lease.record.instance.status != status;
        if is_change {
            lease.overridden = Some(status);
            lease.overridden_ms = now.unix_ms;
            lease.override_reason = None;
        }
        self.extend(app, id, now);
        if is_change {
            self.change_status(app, id, status, dirty_ms, now);
        }
        true
    }

    /// Says why an override was set.
    pub fn explain_override(&mut self, app: &str, id: &str, reason: &str) {
        if let Some(lease) = self.lease_mut(app, id).filter(|lease| lease.overridden.is_some()) {
            lease.override_reason = Some(reason.into());
        }
    }

    /// Takes an override back and sets the status to `status` until the instance says its own. Nothing but the lease
    /// changes when there was no override. `false` when there is no such instance.
    pub fn remove_override(&mut self, app: &str, id: &str, status: Status, dirty_ms: Option<u64>, now: Moment) -> bool {
        let Some(lease) = self.lease_mut(app, id) else { return false };
        let was_overridden = lease.overridden.take().is_some();
        if was_overridden {
            lease.overridden_ms = now.unix_ms;
            lease.override_reason = None;
        }
        self.extend(app, id, now);
        if was_overridden {
            self.change_status(app, id, status, dirty_ms, now);
        }
        true
    }

    /// Adds or replaces metadata entries. The client's own next registration replaces them all: its version number
    /// does not change here. `false` when there is no such instance.
    pub fn merge_metadata(&mut self, app: &str, id: &str, entries: BTreeMap<String, String>, now: Moment) -> bool {
        let Some(key) = self.key(app, id) else { return false };
        self.extend(app, id, now);
        let Some(lease) = self.lease_mut(app, id) else { return false };
        let is_change = entries.iter().any(|(name, value)| lease.record.instance.metadata.get(name) != Some(value));
        if is_change {
            let mut instance = lease.record.instance.clone();
            instance.metadata.extend(entries);
            self.record_change(&key.0, &key.1, instance, ActionType::Added, now);
        }
        true
    }

    /// The changes since this was last called, oldest first.
    pub fn take_changes(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.changes)
    }

    fn lease_mut(&mut self, app: &str, id: &str) -> Option<&mut Lease> {
        self.applications.get_mut(app)?.get_mut(id)
    }

    pub fn key(&self, app: &str, id: &str) -> Option<Key> {
        let (app, instances) = self.applications.get_key_value(app)?;
        let (id, _) = instances.get_key_value(id)?;
        Some((Arc::clone(app), Arc::clone(id)))
    }

    /// Notes who spoke of an instance. A peer that says what the client told us already does not make it second hand:
    /// two registries would each leave it to the other to tell a third.
    fn confirm(&mut self, app: &str, id: &str, origin: Origin, is_news: bool) {
        let Some(lease) = self.lease_mut(app, id) else { return };
        if origin == Origin::Peer && lease.heard == Heard::Client && !is_news {
            return;
        }
        let was_on_disk_only = std::mem::replace(&mut lease.heard, origin.into()) == Heard::Disk;
        self.restored.unconfirmed -= usize::from(was_on_disk_only);
    }

    /// Renews a lease. The schedule is left alone: it finds out when the old expiry comes.
    fn extend(&mut self, app: &str, id: &str, now: Moment) {
        let Some(lease) = self.lease_mut(app, id) else { return };
        lease.renewed = now;
        let expires_ms = lease.expires_ms();
        // Only an overdue lease has lost its place in the schedule.
        if !self.overdue.is_empty()
            && let Some(key) = self.key(app, id)
            && self.overdue.remove(&key)
        {
            self.schedule.plan(key, expires_ms, true);
        }
    }

    fn change_status(&mut self, app: &str, id: &str, status: Status, dirty_ms: Option<u64>, now: Moment) {
        let Some(key) = self.key(app, id) else { return };
        let Some(lease) = self.lease_mut(app, id) else { return };
        let overridden = lease.overridden.unwrap_or_default();
        let mut instance = lease.record.instance.clone();
        instance.status = status;
        instance.overridden_status = overridden;
        instance.last_dirty_ms =
            dirty_ms.map_or(instance.last_dirty_ms, |dirty_ms| dirty_ms.max(instance.last_dirty_ms));
        instance.lease.last_renewal_ms = now.unix_ms;
        if status == Status::Up && instance.lease.service_up_ms == 0 {
            instance.lease.service_up_ms = now.unix_ms;
        }
        self.record_change(&key.0, &key.1, instance, ActionType::Modified, now);
    }

    /// Puts a new version of an instance in place of the old one, or a first one.
    fn record_change(&mut self, app: &Arc<str>, id: &Arc<str>, instance: Instance, action: ActionType, now: Moment) {
        let record = Arc::new(Record::new(Instance { action: Some(action), last_updated_ms: now.unix_ms, ..instance }));
        let instances = self.applications.entry(Arc::clone(app)).or_default();
        let key = (Arc::clone(app), Arc::clone(id));
        let mut previous = None;
        if let Some(lease) = instances.get_mut(id) {
            let replaced = previous.insert(std::mem::replace(&mut lease.record, Arc::clone(&record)));
            let replaced = Arc::clone(replaced);
            self.forget(&key, &replaced);
        } else {
            let duration_ms = u64::from(record.instance.lease.duration_s) * 1000;
            let lease = Lease {
                record: Arc::clone(&record),
                renewed: now,
                duration_ms,
                overridden: None,
                overridden_ms: 0,
                override_reason: None,
                heard: Heard::Client,
            };
            instances.insert(Arc::clone(id), lease);
        }
        self.count_in(&key, &record);
        self.tell(key, record, previous, false, now);
    }

    /// Enters a record into the counts and the indexes.
    fn count_in(&mut self, key: &Key, record: &Record) {
        self.status_counts[record.instance.status as usize] += 1;
        self.vips.add(key, record.instance.vip_address.as_deref());
        self.secure_vips.add(key, record.instance.secure_vip_address.as_deref());
        if !self.renewals.contains_key(&key.0) {
            self.renewals.insert(Arc::clone(&key.0), Renewals::default());
        }
    }

    fn remove(&mut self, key: &Key, now: Moment) {
        let Some(instances) = self.applications.get_mut(&key.0) else { return };
        let Some(lease) = instances.remove(&key.1) else { return };
        if instances.is_empty() {
            self.applications.remove(&key.0);
            self.renewals.remove(&key.0);
        }
        if lease.heard == Heard::Disk {
            self.restored.unconfirmed -= 1;
        }
        self.overdue.remove(key);
        self.schedule.forget(key);
        self.forget(key, &lease.record);
        let mut instance = live(&lease);
        instance.action = Some(ActionType::Deleted);
        instance.last_updated_ms = now.unix_ms;
        instance.lease.eviction_ms = now.unix_ms;
        self.tell(key.clone(), Arc::new(Record::new(instance)), None, true, now);
    }

    /// Takes a record out of the counts and the indexes.
    fn forget(&mut self, key: &Key, record: &Record) {
        self.status_counts[record.instance.status as usize] -= 1;
        self.vips.remove(key, record.instance.vip_address.as_deref());
        self.secure_vips.remove(key, record.instance.secure_vip_address.as_deref());
    }

    fn tell(&mut self, key: Key, record: Arc<Record>, previous: Option<Arc<Record>>, is_removal: bool, now: Moment) {
        self.revision += 1;
        self.recent.push(key, Arc::clone(&record), now.mono_ms);
        self.changes.push(Change { revision: self.revision, is_removal, record, previous });
    }
}

/// What a registration may leave out.
fn fill_in(instance: &mut Instance, now: Moment) {
    if instance.last_dirty_ms == 0 {
        instance.last_dirty_ms = now.unix_ms;
    }
    let id = instance.id().to_owned();
    if let Some(data_center) = instance.data_center.as_mut().filter(|dc| dc.name == DataCenterName::Amazon) {
        data_center.metadata.entry("instance-id".to_owned()).or_insert(id);
    }
}

fn live(lease: &Lease) -> Instance {
    let mut instance = lease.record.instance.clone();
    instance.lease.last_renewal_ms = lease.renewed.unix_ms;
    instance
}
