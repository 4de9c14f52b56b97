//! Leases against a model too simple to be wrong, over random histories; and in `over_http.rs` the whole registry against
//! the same one.

mod over_http;

use std::collections::BTreeMap;

use bijou_eureka::{Applications, Instance};
use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Step {
    Register { app: u8, id: u8, duration_s: u32, version: u64, status: Status },
    Renew { app: u8, id: u8 },
    Cancel { app: u8, id: u8 },
    Override { app: u8, id: u8, status: Status },
    RemoveOverride { app: u8, id: u8 },
    Wait { ms: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    let status = || proptest::sample::select(Status::ALL.to_vec());
    prop_oneof![
        4 => (0..2_u8, 0..4_u8, 1..12_u32, 1..5_u64, status()).prop_map(|(app, id, duration_s, version, status)| {
            Step::Register { app, id, duration_s, version, status }
        }),
        4 => (0..2_u8, 0..4_u8).prop_map(|(app, id)| Step::Renew { app, id }),
        1 => (0..2_u8, 0..4_u8).prop_map(|(app, id)| Step::Cancel { app, id }),
        1 => (0..2_u8, 0..4_u8, status()).prop_map(|(app, id, status)| Step::Override { app, id, status }),
        1 => (0..2_u8, 0..4_u8).prop_map(|(app, id)| Step::RemoveOverride { app, id }),
        4 => (1..2_900_u64).prop_map(|ms| Step::Wait { ms }),
    ]
}

/// An entry of the model: no schedule, no index, no fragments.
#[derive(Clone, Debug)]
struct Entry {
    status: Status,
    overridden: Option<Status>,
    version: u64,
    duration_ms: u64,
    renewed_ms: u64,
}

#[derive(Default)]
struct Model {
    entries: BTreeMap<(String, String), Entry>,
}

impl Model {
    fn register(&mut self, key: (String, String), duration_s: u32, version: u64, own: Status, now_ms: u64) {
        let known = self.entries.get(&key).cloned();
        let duration_ms = u64::from(duration_s) * 1000;
        let takes_part = |status| status == Status::Up || status == Status::OutOfService;
        let entry = match known {
            None => Entry { status: own, overridden: None, version, duration_ms, renewed_ms: now_ms },
            Some(known) => {
                let (own, is_newer) =
                    if version < known.version { (known.status, false) } else { (own, version > known.version) };
                let status = match known.overridden {
                    _ if !takes_part(own) => own,
                    Some(overridden) => overridden,
                    None if takes_part(known.status) && !is_newer => known.status,
                    None => own,
                };
                Entry { status, version: version.max(known.version), duration_ms, renewed_ms: now_ms, ..known }
            }
        };
        self.entries.insert(key, entry);
    }

    /// What a step does to it at a time, and whether it finds whom it is about. `None` where that does not matter.
    fn take(&mut self, step: &Step, now_ms: u64) -> Option<bool> {
        match *step {
            Step::Register { app, id, duration_s, version, status } => {
                self.register(names(app, id), duration_s, version, status, now_ms);
                None
            }
            Step::Renew { app, id } => {
                let known = self.entries.get_mut(&names(app, id)).filter(|entry| entry.status != Status::Unknown);
                let is_known = known.is_some();
                if let Some(entry) = known {
                    entry.renewed_ms = now_ms;
                    let takes_part = matches!(entry.status, Status::Up | Status::OutOfService);
                    if let Some(overridden) = entry.overridden.filter(|_| takes_part) {
                        entry.status = overridden;
                    }
                }
                Some(is_known)
            }
            Step::Cancel { app, id } => Some(self.entries.remove(&names(app, id)).is_some()),
            Step::Override { app, id, status } => {
                let known = self.entries.get_mut(&names(app, id));
                let is_known = known.is_some();
                if let Some(entry) = known {
                    entry.renewed_ms = now_ms;
                    if entry.status != status {
                        (entry.status, entry.overridden) = (status, Some(status));
                    }
                }
                Some(is_known)
            }
            Step::RemoveOverride { app, id } => {
                let known = self.entries.get_mut(&names(app, id));
                let is_known = known.is_some();
                if let Some(entry) = known {
                    entry.renewed_ms = now_ms;
                    if entry.overridden.take().is_some() {
                        entry.status = Status::Unknown;
                    }
                }
                Some(is_known)
            }
            Step::Wait { .. } => {
                self.entries.retain(|_, entry| entry.renewed_ms + entry.duration_ms > now_ms);
                None
            }
        }
    }

    fn statuses(&self) -> BTreeMap<(String, String), Status> {
        self.entries.iter().map(|(key, entry)| (key.clone(), entry.status)).collect()
    }
}

fn names(app: u8, id: u8) -> (String, String) {
    (format!("APP{app}"), format!("i{id}"))
}

/// What a step registers.
fn instance(app: u8, id: u8, duration_s: u32, version: u64, status: Status) -> Instance {
    let (app, id) = names(app, id);
    let mut instance = Instance::new(&app, &id, "n7", "10.4.0.7", 8080).with_lease(3, duration_s).with_status(status);
    instance.vip_address = Some(format!("vip{},{}", version % 2, app.to_lowercase()));
    instance.last_dirty_ms = version;
    instance
}

fn statuses(listed: &[Listed]) -> BTreeMap<(String, String), Status> {
    let records = listed.iter().flat_map(|listed| &listed.records);
    records.map(|record| (key_of(record), record.instance.status)).collect()
}

fn key_of(record: &Record) -> (String, String) {
    (record.instance.app().to_owned(), record.instance.id().to_owned())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn leases_do_what_the_model_does(steps in proptest::collection::vec(step(), 1..60)) {
        let mut leases = Leases::new(Preservation::new(Rule::default()));
        let mut model = Model::default();
        let mut now = Moment { mono_ms: 1, unix_ms: 1_790_000_000_000 };
        // What a client knows that only follows the watch, and one that only follows deltas.
        let mut watched: BTreeMap<(String, String), Status> = BTreeMap::new();
        let mut polled: BTreeMap<(String, String), Status> = BTreeMap::new();
        let mut revision = 0;

        for step in steps {
            if let Step::Wait { ms } = step {
                now.mono_ms += ms;
                now.unix_ms += ms;
            }
            let expected = model.take(&step, now.mono_ms);
            let found = match step {
                Step::Register { app, id, duration_s, version, status } => {
                    leases.register(instance(app, id, duration_s, version, status), Origin::Client, now);
                    None
                }
                Step::Renew { app, id } => {
                    let (app, id) = names(app, id);
                    Some(matches!(leases.renew(&app, &id, Beat::new(Origin::Client, None), now), Renewal::Renewed))
                }
                Step::Cancel { app, id } => {
                    let (app, id) = names(app, id);
                    Some(leases.cancel(&app, &id, Hearsay::default(), now))
                }
                Step::Override { app, id, status } => {
                    let (app, id) = names(app, id);
                    Some(leases.override_status(&app, &id, status, now))
                }
                Step::RemoveOverride { app, id } => {
                    let (app, id) = names(app, id);
                    Some(leases.remove_override(&app, &id, Some(Status::Unknown), now))
                }
                Step::Wait { .. } => {
                    leases.evict(now);
                    None
                }
            };
            prop_assert_eq!(found, expected);

            for change in leases.take_changes() {
                revision += 1;
                prop_assert_eq!(change.revision, revision);
                let key = key_of(&change.record);
                if change.is_removal { watched.remove(&key); } else { watched.insert(key, change.record.instance.status); }
            }
            let delta = leases.delta(now);
            for record in delta.applications.iter().flat_map(|listed| &listed.records) {
                let key = key_of(record);
                if record.instance.action == Some(ActionType::Deleted) { polled.remove(&key); } else { polled.insert(key, record.instance.status); }
            }

            let expected = model.statuses();
            prop_assert_eq!(&statuses(&leases.all()), &expected);
            prop_assert_eq!(&watched, &expected);
            prop_assert_eq!(&polled, &expected);
            prop_assert_eq!(leases.count(), expected.len());
            let hash_code = Applications::hash_code_of(expected.values().copied());
            prop_assert_eq!(&delta.hash_code, &hash_code);
            prop_assert_eq!(leases.hash_code(), hash_code);
            for app in ["APP0", "APP1"] {
                let by_vip = statuses(&leases.with_vip(&app.to_lowercase()));
                let by_app = leases.application(app).map(|listed| statuses(&[listed])).unwrap_or_default();
                prop_assert_eq!(by_vip, by_app);
            }
            // Nothing outlives its lease by more than the time to the next look at it.
            let next_ms = model.entries.values().map(|entry| entry.renewed_ms + entry.duration_ms).min();
            if let Some(next_ms) = next_ms {
                prop_assert!(leases.next_eviction_ms().is_some_and(|planned_ms| planned_ms <= next_ms));
            }
        }
    }
}
