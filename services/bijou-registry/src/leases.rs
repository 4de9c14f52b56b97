//! Leases: who is registered, until when, and what changed since a client last asked.
//!
//! Pure bookkeeping: time is an argument, no sockets, so a year of heartbeats runs in a millisecond of test. Reading
//! never evicts. Eviction is a separate step ([`Leases::evict`]) that may refuse, because forgetting half a fleet during
//! a network split does more harm than a stale entry.
//!
//! Every change that a reader could see gets a [`Change`] with the next revision; a heartbeat is none. Left out: sending
//! anything to peers, writing anything to disk, credentials. What those need to know is here: who was heard last
//! ([`Heard`]), who was cancelled (`graves.rs`), where two registries differ (`compare.rs`). Every new version of an
//! instance goes through `change.rs`.
//!
//! A lease runs from when its client was last heard of, wherever that was: a peer that tells of an instance tells how long
//! ago that is. So nobody lives on by being talked about, however many nodes tell each other of it and whenever they do.

mod change;
mod compare;
mod eviction;
mod graves;
mod index;
mod overrides;
mod preservation;
mod read;
mod recent;
mod record;
mod renewals;
mod restore;
mod rules;
mod schedule;
mod table;
mod words;

#[cfg(test)]
mod goodbye_tests;
#[cfg(test)]
mod keeping_tests;
#[cfg(test)]
mod model_tests;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use bijou_eureka::{ActionType, Hearsay, PackedInstance, Status};

pub use self::compare::Unheard;
pub use self::preservation::{Preservation, Rule, Standing, Verdict};
pub use self::recent::Recent;
pub use self::record::{Record, fnv1a};
pub use self::restore::{Kept, Restored};
pub use self::words::{
    ApplicationVerdict, Beat, Change, Current, Delta, Eviction, Heard, Listed, Origin, Registration, Renewal, Shown,
    Telling, Word,
};
use self::{
    graves::Graves,
    index::VipIndex,
    overrides::Judged,
    schedule::{Planned, Schedule},
    table::{Place, Table},
};
use crate::clock::Moment;

/// Application and instance id. The application is in upper case.
pub type Key = (Arc<str>, Arc<str>);

/// In memory in this order: what a heartbeat looks at comes first, and is together.
#[derive(Debug)]
#[repr(C)]
struct Lease {
    renewed: Moment,
    /// The record's version and status, also here.
    dirty_ms: u64,
    status: Status,
    /// An operator's word on the status. Ends with the lease.
    overridden: Option<Status>,
    heard: Heard,
    /// What the instance last said of itself, which an override hides; `None` where only somebody else's word is known.
    own_status: Option<Status>,
    /// Names it on disk. No two leases have the same, not even of one instance.
    number: u64,
    record: Arc<Record>,
    duration_ms: u64,
    /// When the override was set or removed, by the wall clock; 0 if never.
    overridden_ms: u64,
    /// Why, in the operator's words.
    override_reason: Option<Arc<str>>,
    planned: Planned,
}

impl Lease {
    /// A client's first, without an override.
    fn new(number: u64, record: Arc<Record>, renewed: Moment) -> Self {
        let PackedInstance { status, last_dirty_ms: dirty_ms, lease, .. } = &record.instance;
        Lease {
            renewed,
            dirty_ms: *dirty_ms,
            status: *status,
            overridden: None,
            heard: Heard::Client,
            own_status: None,
            number,
            duration_ms: u64::from(lease.duration_s) * 1000,
            overridden_ms: 0,
            override_reason: None,
            planned: Planned::default(),
            record,
        }
    }

    /// Puts a record in place of the one that is returned.
    fn replace(&mut self, record: Arc<Record>) -> Arc<Record> {
        (self.dirty_ms, self.status) = (record.instance.last_dirty_ms, record.instance.status);
        std::mem::replace(&mut self.record, record)
    }

    fn expires_ms(&self) -> u64 {
        self.renewed.mono_ms + self.duration_ms
    }

    fn is_over(&self, now: Moment) -> bool {
        self.expires_ms() <= now.mono_ms
    }

    /// How long ago the client was heard of.
    fn age_ms(&self, now: Moment) -> u64 {
        now.mono_ms.saturating_sub(self.renewed.mono_ms)
    }

    /// The client was heard of. What is told late of an earlier moment changes nothing.
    fn hear_of(&mut self, heard: Moment) {
        if heard.mono_ms > self.renewed.mono_ms {
            self.renewed = heard;
        }
    }

    /// Notes who spoke of the instance; `true` when it was known from disk only. A peer that says what the client told us
    /// already does not make it second hand: two registries would each leave it to the other to tell a third.
    fn hear(&mut self, origin: Origin, is_news: bool) -> bool {
        if origin == Origin::Peer && self.heard == Heard::Client && !is_news {
            return false;
        }
        std::mem::replace(&mut self.heard, origin.into()) == Heard::Disk
    }
}

/// The registry's whole state.
#[derive(Debug, Default)]
pub struct Leases {
    preservation: Preservation,
    table: Table,
    status_counts: [usize; Status::ALL.len()],
    schedule: Schedule,
    /// Expired, but kept by self-preservation.
    overdue: BTreeSet<Key>,
    recent: Recent,
    vips: VipIndex,
    secure_vips: VipIndex,
    revision: u64,
    next_number: u64,
    changes: Vec<Change>,
    graves: Graves,
    restored: Restored,
}

impl Leases {
    pub fn new(preservation: Preservation) -> Self {
        Leases { preservation, ..Leases::default() }
    }

    /// Registers an instance, anew or again. What the registry knows stays when the caller's version is older; the
    /// lease is renewed either way. A registration that changes nothing is not a change. `false` when a peer told of an
    /// instance as it was before it was cancelled here: that is no news.
    pub fn register(&mut self, registration: impl Into<Registration>, origin: Origin, now: Moment) -> bool {
        let Registration { mut instance, hearsay } = registration.into();
        let heard = now.ago(hearsay.map_or(0, |told| told.age_ms));
        if instance.last_dirty_ms == 0 {
            instance.last_dirty_ms = now.unix_ms;
        }
        let place = self.table.place(instance.app(), instance.id());
        let key = place.map_or_else(|| self.key_of(&instance), |place| self.table.key_at(place).clone());
        if origin == Origin::Peer {
            let (dirty_ms, registered_ms) = (instance.last_dirty_ms, instance.lease.registration_ms);
            if self.graves.is_before(&key, dirty_ms, registered_ms, hearsay.map(|_| heard)) {
                return false;
            }
        }
        let duration_ms = u64::from(instance.lease.duration_s) * 1000;
        if place.is_none() && heard.mono_ms + duration_ms <= now.mono_ms {
            // Where this comes from its lease is over too.
            return false;
        }
        let ended_ms = self.graves.open(&key);
        let known = place.map(|place| self.table.at(place));
        let Judged { word, status, own_status, is_news, is_older } =
            overrides::judge_registration(known, ended_ms, &instance, hearsay, origin, now);
        let known = known.map(|lease| Arc::clone(&lease.record));
        if let Some(known) = known.as_ref().filter(|_| is_older) {
            instance = known.instance.clone();
        }
        instance.overridden_status = word.status.unwrap_or_default();
        instance.status = status;

        let is_change = known.as_ref().is_none_or(|known| known.says_otherwise(&mut instance));
        if is_change {
            let service_up_ms = match known.as_ref().map(|known| known.instance.lease.service_up_ms) {
                None | Some(0) if instance.status == Status::Up => now.unix_ms,
                known => known.unwrap_or_default(),
            };
            instance.lease.registration_ms = now.unix_ms;
            instance.lease.last_renewal_ms = heard.unix_ms;
            instance.lease.eviction_ms = 0;
            instance.lease.service_up_ms = service_up_ms;
        }
        let place = if let Some(place) = place {
            if is_change {
                self.replace(place, instance, ActionType::Added, now);
            }
            self.table.at_mut(place).hear_of(heard);
            place
        } else {
            let place = self.enter(key, instance, now);
            self.table.at_mut(place).renewed = heard;
            place
        };
        let lease = self.table.at_mut(place);
        self.restored.unconfirmed -= usize::from(lease.hear(origin, is_news));
        lease.take_word(word);
        lease.own_status = own_status;
        lease.duration_ms = duration_ms;
        self.plan(place);
        true
    }

    /// Plans a look at a lease, which is overdue no longer.
    fn plan(&mut self, place: Place) {
        let key = self.table.key_at(place).clone();
        self.overdue.remove(&key);
        let lease = self.table.at_mut(place);
        let expires_ms = lease.expires_ms();
        self.schedule.plan(&mut lease.planned, &key, expires_ms);
    }

    /// A heartbeat. The lease is renewed whatever the answer, unless there is none.
    pub fn renew(&mut self, app: &str, id: &str, beat: Beat, now: Moment) -> Renewal {
        let Beat { origin, dirty_ms, overridden: told_override, age_ms } = beat;
        let heard = now.ago(age_ms);
        let Some((lease, renewals)) = self.table.find_to_renew(app, id) else {
            self.graves.hear_heartbeat(app, id, heard);
            return Renewal::RegisterAgain;
        };
        let (known, ours) = (lease.status, lease.dirty_ms);
        let status = rules::status_of_renewal(known, lease.overridden);
        if status == Status::Unknown {
            return Renewal::RegisterAgain;
        }
        lease.hear_of(heard);
        renewals.count(now.mono_ms);
        // A newer version that a peer speaks of is registered next.
        self.restored.unconfirmed -= usize::from(lease.hear(origin, false));
        self.plan_if_overdue(app, id);
        if known != status {
            self.change_status(app, id, status, now);
        }
        match dirty_ms {
            Some(theirs) if theirs > ours => {
                if origin == Origin::Peer
                    && let Some(told) = told_override.filter(|status| *status != Status::Unknown)
                    && let Some(lease) = self.lease_mut(app, id)
                {
                    lease.say_word(Some(told), now);
                }
                Renewal::RegisterAgain
            }
            Some(theirs) if theirs < ours && origin == Origin::Peer => {
                let lease = self.table.find(app, id);
                lease.map_or(Renewal::RegisterAgain, |lease| Renewal::OursIsNewer(Arc::clone(&lease.record)))
            }
            _ => Renewal::Renewed,
        }
    }

    /// Ends a lease, as its client or a peer `told`. `false` when there is none, or only one of a later life: a peer that
    /// could not be reached tells of the goodbye after others told that it is there again. Of such a one it ends the
    /// override: where the goodbye was heard in time there is none any more.
    pub fn cancel(&mut self, app: &str, id: &str, told: Hearsay, now: Moment) -> bool {
        let cancelled = now.ago(told.age_ms);
        let Some(key) = self.key(app, id) else { return false };
        let Some(lease) = self.table.find(app, id) else { return false };
        // A lease from disk runs from the restart, of which its client knows nothing.
        if lease.heard != Heard::Disk && graves::outlives(lease.renewed, cancelled, lease.duration_ms) {
            if let Some(at_ms) = told.overridden_ms.filter(|_| lease.overridden.is_some()) {
                let (ended, heard) = (Word { at_ms, status: None }, lease.renewed);
                self.take_word(app, id, ended, (Status::Unknown, None), heard, now);
            }
            return false;
        }
        self.graves.bury(key.clone(), lease, cancelled, told, now);
        self.remove(&key, now);
        true
    }

    /// Adds or replaces metadata entries. The client's own next registration replaces them all: its version number
    /// does not change here. `false` when there is no such instance.
    pub fn merge_metadata(&mut self, app: &str, id: &str, entries: BTreeMap<String, String>, now: Moment) -> bool {
        let Some(place) = self.table.place(app, id) else { return false };
        self.extend(app, id, now);
        let lease = self.table.at(place);
        let known = lease.record.look().metadata;
        let is_change = entries.iter().any(|(name, value)| known.get(name) != Some(value.as_str()));
        if is_change {
            let mut instance = lease.record.instance.to_instance();
            instance.metadata.extend(entries);
            self.replace(place, PackedInstance::from(&instance), ActionType::Added, now);
        }
        true
    }

    /// The changes since this was last called, oldest first.
    pub fn take_changes(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.changes)
    }

    fn lease_mut(&mut self, app: &str, id: &str) -> Option<&mut Lease> {
        self.table.find_mut(app, id)
    }

    pub fn key(&self, app: &str, id: &str) -> Option<Key> {
        self.table.key(app, id).cloned()
    }

    /// The key of a new instance, with the name of its application if that is there already.
    fn key_of(&self, instance: &PackedInstance) -> Key {
        let (app, id) = (instance.app(), instance.id());
        (self.table.name(app).map_or_else(|| app.into(), Arc::clone), id.into())
    }

    /// Renews a lease. The schedule is left alone: it finds out when the old expiry comes.
    fn extend(&mut self, app: &str, id: &str, heard: Moment) {
        let Some(lease) = self.lease_mut(app, id) else { return };
        lease.hear_of(heard);
        self.plan_if_overdue(app, id);
    }

    /// Only an overdue lease has lost its place in the schedule.
    fn plan_if_overdue(&mut self, app: &str, id: &str) {
        if !self.overdue.is_empty()
            && let Some(place) = self.table.place(app, id)
            && self.overdue.contains(self.table.key_at(place))
        {
            self.plan(place);
        }
    }
}

fn live(lease: &Lease) -> PackedInstance {
    let mut instance = lease.record.instance.clone();
    instance.lease.last_renewal_ms = lease.renewed.unix_ms;
    instance
}
