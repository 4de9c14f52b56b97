//! What is known of one region: its instances, each with its encodings, shared as long as the instance stays the same.

use std::{collections::BTreeMap, sync::Arc};

use bijou_eureka::{ActionType, Application, Applications, Instance, PackedInstance};

use crate::{
    access::Apps,
    leases::{Key, Record},
};

/// Immutable; a change makes a new one.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// Counts the changes of this region.
    pub version: u64,
    records: BTreeMap<Key, Arc<Record>>,
}

impl Held {
    pub fn count(&self) -> usize {
        self.records.len()
    }

    pub fn each(&self) -> impl Iterator<Item = (&Key, &Arc<Record>)> {
        self.records.iter()
    }

    pub fn records(&self) -> impl Iterator<Item = &Arc<Record>> {
        self.records.values()
    }

    pub fn of_application(&self, app: &str) -> Vec<Arc<Record>> {
        self.records.iter().filter(|((name, _), _)| **name == *app).map(|(_, record)| Arc::clone(record)).collect()
    }

    /// A whole list in place of this.
    pub fn replaced_by(&self, applications: Vec<Application>, apps: &Apps) -> Held {
        let instances = applications.into_iter().flat_map(|application| application.instances);
        let mut records = BTreeMap::new();
        for instance in instances.filter(|instance| apps.has(&instance.app)) {
            self.enter(&mut records, instance);
        }
        Held { version: self.version + 1, records }
    }

    /// This with a delta applied; `None` when the outcome is not what the region itself has.
    pub fn changed_by(&self, delta: Applications, apps: &Apps) -> Option<Held> {
        // Counts of a part cannot be compared with those of the whole.
        if !apps.is_all() {
            return None;
        }
        let mut records = self.records.clone();
        for instance in delta.applications.into_iter().flat_map(|application| application.instances) {
            if instance.action == Some(ActionType::Deleted) {
                records.remove(&key_of(&instance));
            } else {
                self.enter(&mut records, instance);
            }
        }
        let hash_code = Applications::hash_code_of(records.values().map(|record| record.instance.status));
        (hash_code == delta.hash_code).then_some(Held { version: self.version + 1, records })
    }

    /// Enters an instance; the record stays the one there was if it says the same.
    fn enter(&self, records: &mut BTreeMap<Key, Arc<Record>>, instance: Instance) {
        // Whoever coordinates there is not who coordinates here.
        let instance = Instance { is_coordinating: false, ..instance };
        let key = key_of(&instance);
        let instance = PackedInstance::from(&instance);
        let same = self.records.get(&key).filter(|record| record.instance == instance);
        let record = same.cloned().unwrap_or_else(|| Arc::new(Record::new(instance)));
        records.insert(key, record);
    }
}

fn key_of(instance: &Instance) -> Key {
    (instance.app.as_str().into(), instance.id().into())
}

#[cfg(test)]
mod tests {
    use bijou_eureka::Status;

    use super::*;

    fn instance(app: &str, id: &str, action: ActionType) -> Instance {
        Instance { action: Some(action), ..Instance::new(app, id, "n7", "10.4.0.7", 8080) }
    }

    fn list(hash_code: &str, instances: Vec<Instance>) -> Applications {
        let applications = instances
            .into_iter()
            .map(|instance| Application { name: instance.app.clone(), instances: vec![instance] })
            .collect();
        Applications { version: "1".to_owned(), hash_code: hash_code.to_owned(), applications }
    }

    fn held() -> Held {
        let all =
            list("UP_2_", vec![instance("orders", "a", ActionType::Added), instance("basket", "b", ActionType::Added)]);
        Held::default().replaced_by(all.applications, &Apps::All)
    }

    #[test]
    fn a_delta_that_adds_up_is_applied_and_one_that_does_not_is_refused() {
        let down = instance("orders", "a", ActionType::Modified).with_status(Status::Down);
        let gone = instance("basket", "b", ActionType::Deleted);
        let held = held().changed_by(list("DOWN_1_", vec![down.clone(), gone]), &Apps::All).expect("adds up");
        assert_eq!(held.records().map(|record| record.instance.to_instance()).collect::<Vec<_>>(), [down]);
        assert!(held.changed_by(list("UP_1_", Vec::new()), &Apps::All).is_none());
    }

    #[test]
    fn what_stays_the_same_keeps_its_encodings_and_only_the_asked_for_is_taken() {
        let before = held();
        let all = vec![instance("orders", "a", ActionType::Added), instance("secret", "c", ActionType::Added)];
        let after = before.replaced_by(list("", all).applications, &Apps::of(&["orders".to_owned()]));
        assert_eq!(after.count(), 1);
        let (old, new) = (before.of_application("ORDERS"), after.of_application("ORDERS"));
        assert!(Arc::ptr_eq(&old[0], &new[0]));
    }
}
