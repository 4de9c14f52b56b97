//! Reading. Nothing here changes anything but what is too old to be told.

use std::{collections::BTreeMap, sync::Arc};

use bijou_eureka::{Hearsay, Instance, LeaseInfo, Status};

use super::{Current, Delta, Key, Lease, Leases, Listed, Shown, Telling, live, rules};
use crate::clock::Moment;

impl Leases {
    /// When [`Leases::evict`] may have something to do next, on the monotonic clock.
    pub fn next_eviction_ms(&self) -> Option<u64> {
        self.schedule.next_ms()
    }

    /// One instance with its lease as it stands now.
    pub fn instance(&self, app: &str, id: &str) -> Option<Instance> {
        self.table.find(app, id).map(|lease| live(lease).to_instance())
    }

    /// The same without a copy.
    pub fn current(&self, app: &str, id: &str) -> Option<Current> {
        self.table.find(app, id).map(current)
    }

    /// The first instance of that id in any of the applications that are meant.
    pub fn current_by_id(&self, id: &str, is_meant: impl Fn(&str) -> bool) -> Option<Current> {
        let mut meant = self.table.names().filter(|app| is_meant(app));
        meant.find_map(|app| self.table.find(app, id)).map(current)
    }

    pub fn has_application(&self, app: &str) -> bool {
        self.table.name(app).is_some()
    }

    /// Whether an application may have this instance too.
    pub fn has_room(&self, app: &str, id: &str, instances_max: usize) -> bool {
        // Mostly it is there already, and found by one hash.
        self.table.find(app, id).is_some() || self.table.count_of(app) < instances_max
    }

    /// The instances of one application; `None` when there is no such application.
    pub fn application(&self, app: &str) -> Option<Listed> {
        self.table.name(app).map(|name| listed(name, self.table.of(app)))
    }

    /// Everything, in order.
    pub fn all(&self) -> Vec<Listed> {
        self.table.by_application().map(|(name, leases)| listed(name, leases)).collect()
    }

    /// The instances that carry a VIP address.
    pub fn with_vip(&self, vip: &str) -> Vec<Listed> {
        self.pick(self.vips.keys(vip))
    }

    /// The instances that carry a secure VIP address.
    pub fn with_secure_vip(&self, vip: &str) -> Vec<Listed> {
        self.pick(self.secure_vips.keys(vip))
    }

    /// What changed within the last three minutes, and the hash code of all there is now.
    pub fn delta(&mut self, now: Moment) -> Delta {
        self.recent.prune(now.mono_ms);
        Delta { version: self.recent.version(), hash_code: self.hash_code(), applications: self.recent.listed() }
    }

    /// Changes with every change of what [`Leases::delta`] would answer.
    pub fn delta_version(&mut self, now: Moment) -> u64 {
        self.recent.prune(now.mono_ms);
        self.recent.version()
    }

    pub fn hash_code(&self) -> String {
        bijou_eureka::Applications::hash_code_of_counts(self.status_counts)
    }

    /// Counts changes that readers can see.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    pub fn count(&self) -> usize {
        self.status_counts.iter().sum()
    }

    pub fn status_counts(&self) -> [usize; Status::ALL.len()] {
        self.status_counts
    }

    /// Every lease.
    pub fn each(&self) -> impl Iterator<Item = Shown<'_>> {
        self.table.each().map(|lease| Shown {
            record: &lease.record,
            renewed: lease.renewed,
            duration_ms: lease.duration_ms,
            overridden: lease.overridden,
            override_reason: lease.override_reason.as_deref(),
            heard: lease.heard,
        })
    }

    /// The overrides of the applications that are meant by instance id, as Eureka lists them.
    pub fn overrides(&self, is_meant: impl Fn(&str) -> bool) -> BTreeMap<String, &'static str> {
        let meant = self.each().filter(|shown| is_meant(shown.record.instance.app()));
        let overridden =
            meant.filter_map(|shown| Some((shown.record.instance.id().to_owned(), shown.overridden?.as_str())));
        overridden.collect()
    }

    /// What to tell a peer of an instance.
    pub fn telling(&self, key: &Key, now: Moment) -> Option<Telling> {
        let lease = self.table.find(&key.0, &key.1)?;
        let status = lease.record.instance.status;
        let leads_there = |own: &Status| rules::status_of_renewal(*own, lease.overridden) == status;
        Some(Telling {
            record: Arc::clone(&lease.record),
            said: lease.own_status.filter(leads_there).unwrap_or(status),
            overridden: lease.overridden,
            hearsay: Hearsay { age_ms: lease.age_ms(now), overridden_ms: Some(lease.overridden_ms) },
        })
    }

    /// What to tell of an instance's last goodbye, also where it is there again.
    pub fn goodbye(&self, key: &Key, now: Moment) -> Option<Hearsay> {
        self.graves.goodbye(key, now)
    }

    fn pick(&self, keys: impl Iterator<Item = Key>) -> Vec<Listed> {
        let mut picked: Vec<Listed> = Vec::new();
        for (app, id) in keys {
            let Some(lease) = self.table.find(&app, &id) else { continue };
            let record = Arc::clone(&lease.record);
            match picked.last_mut().filter(|listed| listed.name == app) {
                Some(listed) => listed.records.push(record),
                None => picked.push(Listed { name: app, records: vec![record] }),
            }
        }
        picked
    }
}

fn current(lease: &Lease) -> Current {
    let record = Arc::clone(&lease.record);
    Current { lease: LeaseInfo { last_renewal_ms: lease.renewed.unix_ms, ..record.instance.lease }, record }
}

fn listed<'a>(name: &Arc<str>, leases: impl Iterator<Item = (&'a Key, &'a Lease)>) -> Listed {
    Listed { name: Arc::clone(name), records: leases.map(|(_, lease)| Arc::clone(&lease.record)).collect() }
}
