//! Putting a new version of an instance in place, or taking the last one out: with the counts, the indexes and the news
//! that go with it.

use std::sync::Arc;

use bijou_eureka::{ActionType, PackedInstance};

use super::{Change, Heard, Key, Lease, Leases, Record, live, table::Place};
use crate::clock::Moment;

impl Leases {
    /// Puts a new version of an instance in place of the old one.
    pub(super) fn replace(&mut self, place: Place, mut instance: PackedInstance, action: ActionType, now: Moment) {
        (instance.action, instance.last_updated_ms) = (Some(action), now.unix_ms);
        let record = Arc::new(Record::new(instance));
        let lease = self.table.at_mut(place);
        let number = lease.number;
        let replaced = lease.replace(Arc::clone(&record));
        let key = self.table.key_at(place).clone();
        self.count_over(&key, &replaced, &record);
        self.tell(key, number, record, Some(replaced), now);
    }

    /// Enters the first version of an instance, with a lease from now on.
    pub(super) fn enter(&mut self, key: Key, mut instance: PackedInstance, now: Moment) -> Place {
        (instance.action, instance.last_updated_ms) = (Some(ActionType::Added), now.unix_ms);
        let record = Arc::new(Record::new(instance));
        let number = self.next_number;
        self.next_number += 1;
        let lease = Lease::new(number, Arc::clone(&record), now);
        let place = self.table.insert(key.clone(), lease);
        self.count_in(&key, &record);
        self.tell(key, number, record, None, now);
        place
    }

    /// Enters a record into the counts and the indexes.
    pub(super) fn count_in(&mut self, key: &Key, record: &Record) {
        self.status_counts[record.instance.status as usize] += 1;
        self.vips.add(key, record.instance.vip_address());
        self.secure_vips.add(key, record.instance.secure_vip_address());
    }

    pub(super) fn remove(&mut self, key: &Key, now: Moment) {
        let Some(lease) = self.table.remove(key) else { return };
        if lease.heard == Heard::Disk {
            self.restored.unconfirmed -= 1;
        }
        self.overdue.remove(key);
        self.forget(key, &lease.record);
        let mut instance = live(&lease);
        instance.action = Some(ActionType::Deleted);
        instance.last_updated_ms = now.unix_ms;
        instance.lease.eviction_ms = now.unix_ms;
        self.tell(key.clone(), lease.number, Arc::new(Record::new(instance)), None, now);
    }

    /// Enters a record in place of another. Most say the same of VIP addresses.
    fn count_over(&mut self, key: &Key, replaced: &Record, record: &Record) {
        self.status_counts[replaced.instance.status as usize] -= 1;
        self.status_counts[record.instance.status as usize] += 1;
        let (old, new) = (&replaced.instance, &record.instance);
        if old.says_the_same(new) {
            return;
        }
        if old.vip_address() != new.vip_address() {
            self.vips.remove(key, old.vip_address());
            self.vips.add(key, new.vip_address());
        }
        if old.secure_vip_address() != new.secure_vip_address() {
            self.secure_vips.remove(key, old.secure_vip_address());
            self.secure_vips.add(key, new.secure_vip_address());
        }
    }

    /// Takes a record out of the counts and the indexes.
    fn forget(&mut self, key: &Key, record: &Record) {
        self.status_counts[record.instance.status as usize] -= 1;
        self.vips.remove(key, record.instance.vip_address());
        self.secure_vips.remove(key, record.instance.secure_vip_address());
    }

    fn tell(&mut self, key: Key, number: u64, record: Arc<Record>, previous: Option<Arc<Record>>, now: Moment) {
        self.revision += 1;
        self.recent.push(key.clone(), Arc::clone(&record), now.mono_ms);
        let is_removal = record.instance.action == Some(ActionType::Deleted);
        self.changes.push(Change { revision: self.revision, is_removal, key, number, record, previous });
    }
}
