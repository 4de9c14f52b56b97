//! Leases from before a restart. Nobody renewed them while the registry was away, so each gets one lease from now on;
//! who is still there renews within it, who is not is taken out as ever.

use std::sync::Arc;

use bijou_eureka::{PackedInstance, Status};

use super::{Heard, Key, Lease, Leases, Record};
use crate::clock::Moment;

/// A lease as it is kept on disk.
#[derive(Clone, Debug)]
pub struct Kept {
    pub number: u64,
    pub instance: PackedInstance,
    pub overridden_ms: u64,
    pub override_reason: Option<String>,
}

/// How many leases were brought back, and how many of them nobody has renewed yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    pub leases: usize,
    pub unconfirmed: usize,
    pub since_unix_ms: u64,
}

impl Leases {
    /// Enters leases into an empty registry. No change is told: those who poll had them before.
    pub fn restore(&mut self, kept: impl IntoIterator<Item = Kept>, now: Moment) {
        for Kept { number, instance, overridden_ms, override_reason } in kept {
            let app = self.table.name(instance.app()).cloned();
            let key: Key = (app.unwrap_or_else(|| instance.app().into()), instance.id().into());
            let overridden = (instance.overridden_status != Status::Unknown).then_some(instance.overridden_status);
            self.next_number = self.next_number.max(number + 1);
            // Below an override the disk does not know the instance's own word.
            let own_status = Some(instance.status).filter(|status| overridden != Some(*status));
            let mut lease = Lease {
                overridden,
                own_status,
                overridden_ms,
                override_reason: override_reason.map(Into::into),
                heard: Heard::Disk,
                ..Lease::new(number, Arc::new(Record::new(instance)), now)
            };
            let expires_ms = lease.expires_ms();
            self.schedule.plan(&mut lease.planned, &key, expires_ms);
            self.count_in(&key, &lease.record);
            self.table.insert(key, lease);
            self.revision += 1;
            self.restored.leases += 1;
        }
        self.restored.unconfirmed = self.restored.leases;
        self.restored.since_unix_ms = now.unix_ms;
    }

    pub fn restored(&self) -> Restored {
        self.restored
    }

    /// What to keep of a lease; `None` once it is over.
    pub fn kept(&self, key: &Key) -> Option<(Arc<Record>, u64, Option<Arc<str>>)> {
        let lease = self.table.find(&key.0, &key.1)?;
        Some((Arc::clone(&lease.record), lease.overridden_ms, lease.override_reason.clone()))
    }
}
