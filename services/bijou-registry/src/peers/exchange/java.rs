//! Beside a Java server: a model of one, by the rules that such servers follow, and random histories of operators, instances
//! and partitions. Its lists do not say when an override was set, and it forgets what it could not tell; all the same both
//! hold the same overrides in the end.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::pending,
    sync::Arc,
};

use bijou_eureka::{Dial, Dialing, Instance, ServiceUrl};
use bijou_telemetry::Metrics;
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{
    clock::Clock,
    histories::live_through,
    leases::{Beat, Origin, Renewal},
    peers::Peers,
    regions::Regions,
    settings::{self, SelfPreservation},
    telemetry::Telemetry,
};

/// Histories after which both once stood otherwise: an override that made room for another, which was then taken back; an
/// order at a version that was not heard of yet, and was then taken for known.
const FOUND: [u64; 3] = [1_795_808_366_001_687_825, 1_795_829_159_970_444_918, 1_795_829_186_804_339_843];
const STATUSES: [Status; 4] = [Status::Up, Status::OutOfService, Status::Down, Status::Starting];

/// A Java server with one application.
#[derive(Default)]
struct Java {
    leases: BTreeMap<String, Instance>,
    overrides: BTreeMap<String, Status>,
    /// Instances that an order, by which an override ended that was on an earlier version, gave that version's status.
    outdated: BTreeSet<String>,
    /// What its peer is to be told.
    queue: Vec<ReplicationItem>,
}

impl Java {
    /// Which status counts.
    fn ruled(&self, instance: &Instance, previous: Option<Status>, is_from_peer: bool) -> Status {
        let takes_part = |status: Status| matches!(status, Status::Up | Status::OutOfService);
        if !takes_part(instance.status) {
            return instance.status;
        }
        if let Some(overridden) = self.overrides.get(instance.id()) {
            return *overridden;
        }
        previous.filter(|previous| !is_from_peer && takes_part(*previous)).unwrap_or(instance.status)
    }

    fn register(&mut self, mut instance: Instance, is_from_peer: bool) {
        let id = instance.id().to_owned();
        let previous = self.leases.get(&id);
        let previous_status = previous.map(|previous| previous.status);
        if let Some(previous) = previous.filter(|previous| previous.last_dirty_ms > instance.last_dirty_ms) {
            instance = previous.clone();
        }
        if instance.overridden_status != Status::Unknown {
            self.overrides.entry(id.clone()).or_insert(instance.overridden_status);
        }
        if let Some(overridden) = self.overrides.get(&id) {
            instance.overridden_status = *overridden;
        }
        instance.status = self.ruled(&instance, previous_status, is_from_peer);
        if !is_from_peer {
            self.outdated.remove(&id);
        }
        self.leases.insert(id.clone(), instance);
        self.tell(&id, ReplicationAction::Register, is_from_peer);
    }

    /// The status code, and its own version where the sender's is older.
    fn renew(&mut self, id: &str, is_from_peer: bool, dirty_ms: u64, told: Option<Status>) -> (u16, Option<Instance>) {
        let Some(instance) = self.leases.get(id) else { return (404, None) };
        let status = self.ruled(instance, Some(instance.status), is_from_peer);
        if status == Status::Unknown {
            return (404, None);
        }
        let instance = self.leases.get_mut(id).expect("found above");
        instance.status = status;
        let instance = instance.clone();
        self.tell(id, ReplicationAction::Heartbeat, is_from_peer);
        if dirty_ms > instance.last_dirty_ms {
            if let Some(told) = told.filter(|told| is_from_peer && *told != Status::Unknown) {
                self.overrides.insert(id.to_owned(), told);
            }
            return (404, None);
        }
        if is_from_peer && dirty_ms < instance.last_dirty_ms {
            return (409, Some(instance));
        }
        (200, None)
    }

    fn override_status(&mut self, id: &str, status: Status, is_from_peer: bool, dirty_ms: u64) -> u16 {
        let Some(instance) = self.leases.get_mut(id) else { return 404 };
        if instance.status != status {
            self.overrides.insert(id.to_owned(), status);
            (instance.overridden_status, instance.status) = (status, status);
            instance.last_dirty_ms = instance.last_dirty_ms.max(dirty_ms);
        }
        self.tell(id, ReplicationAction::StatusUpdate, is_from_peer);
        if let Some(item) = self.queue.last_mut().filter(|_| !is_from_peer) {
            item.status = Some(status);
        }
        200
    }

    fn remove_override(&mut self, id: &str, status: Status, is_from_peer: bool, dirty_ms: u64) -> u16 {
        let Some(instance) = self.leases.get_mut(id) else { return 404 };
        if self.overrides.remove(id).is_some() {
            if is_from_peer && dirty_ms < instance.last_dirty_ms {
                self.outdated.insert(id.to_owned());
            }
            (instance.overridden_status, instance.status) = (Status::Unknown, status);
            instance.last_dirty_ms = instance.last_dirty_ms.max(dirty_ms);
        }
        self.tell(id, ReplicationAction::DeleteStatusOverride, is_from_peer);
        if let Some(item) = self.queue.last_mut().filter(|_| !is_from_peer) {
            item.status = Some(status);
        }
        200
    }

    fn tell(&mut self, id: &str, action: ReplicationAction, is_from_peer: bool) {
        let Some(instance) = self.leases.get(id).filter(|_| !is_from_peer) else { return };
        let mut item = ReplicationItem::new("ORDERS", id, action);
        (item.last_dirty_ms, item.status) = (Some(instance.last_dirty_ms), Some(instance.status));
        match action {
            ReplicationAction::Register => item.instance = Some(Box::new(instance.clone())),
            ReplicationAction::Heartbeat => {
                item.overridden_status = Some(instance.overridden_status).filter(|status| *status != Status::Unknown);
            }
            _ => {}
        }
        self.queue.push(item);
    }

    fn replicated(&mut self, item: &ReplicationItem) -> ReplicationReply {
        let dirty_ms = item.last_dirty_ms.unwrap_or_default();
        let status = item.status.unwrap_or_default();
        match item.action {
            ReplicationAction::Register => {
                self.register(*item.instance.clone().expect("a registration has one"), true);
                ReplicationReply::of(200)
            }
            ReplicationAction::Heartbeat => {
                let (status_code, instance) = self.renew(&item.id, true, dirty_ms, item.overridden_status);
                ReplicationReply { status_code, instance: instance.map(Box::new), hearsay: None }
            }
            ReplicationAction::Cancel => ReplicationReply::of(404),
            ReplicationAction::StatusUpdate => {
                ReplicationReply::of(self.override_status(&item.id, status, true, dirty_ms))
            }
            ReplicationAction::DeleteStatusOverride => {
                ReplicationReply::of(self.remove_override(&item.id, status, true, dirty_ms))
            }
        }
    }

    /// What its peer answered.
    fn take_reply(&mut self, item: &ReplicationItem, reply: ReplicationReply) {
        match (item.action, reply.status_code, reply.instance) {
            (ReplicationAction::Heartbeat, 404, _) => self.tell(&item.id, ReplicationAction::Register, false),
            (ReplicationAction::Heartbeat, 409, Some(instance)) => {
                if instance.overridden_status != Status::Unknown {
                    self.overrides.insert(item.id.clone(), instance.overridden_status);
                }
                self.register(*instance, true);
            }
            _ => {}
        }
    }
}

/// Leads nowhere: the test carries what both say.
#[derive(Debug)]
struct Nowhere;

impl Dial for Nowhere {
    fn dial<'a>(&'a self, _: &'a ServiceUrl) -> Dialing<'a> {
        Box::pin(pending())
    }
}

/// Ours, with one peer.
fn registry() -> Arc<Registry> {
    // A year like any other, so that two runs of a history are alike.
    let clock = Clock::start_with(|elapsed| 1_790_000_000_000 + elapsed.as_millis() as u64);
    let registry = Arc::new(Registry::new(
        &SelfPreservation::default(),
        clock,
        Telemetry::new(Metrics::new()),
        "1".to_owned(),
        Peers::new(settings::Peers::default(), Arc::new(Nowhere)),
        Arc::new(Regions::new(&[], true).expect("none")),
    ));
    let url = ServiceUrl::parse("http://registry-2:8761/eureka").expect("a good url");
    registry.peers.add(url, &registry, &CancellationToken::new());
    registry
}

/// An instance as its process sees itself.
struct Client {
    instance: Instance,
    is_at_java: bool,
}

struct Pair {
    ours: Arc<Registry>,
    java: Java,
    clients: Vec<Client>,
    is_cut: bool,
}

impl Pair {
    /// Every client renews.
    fn renew(&mut self) {
        for client in &mut self.clients {
            let dirty_ms = client.instance.last_dirty_ms;
            let id = client.instance.id().to_owned();
            let is_known = if client.is_at_java {
                self.java.renew(&id, false, dirty_ms, None).0 == 200
            } else {
                let beat = Beat::new(Origin::Client, Some(dirty_ms));
                matches!(self.ours.renew("ORDERS", &id, beat), Renewal::Renewed)
            };
            if is_known && dirty_ms > 0 {
                continue;
            }
            client.instance.last_dirty_ms = self.ours.now().unix_ms;
            if client.is_at_java {
                self.java.register(client.instance.clone(), false);
            } else {
                self.ours.register(client.instance.clone(), Origin::Client);
            }
        }
    }

    /// Both tell each other what they have to, answers and what follows from them included. What a Java server cannot tell
    /// in time it forgets.
    fn talk(&mut self) {
        if self.is_cut {
            self.java.queue.clear();
            return;
        }
        let list = self.ours.peers.list.load();
        for _ in 0..4 {
            for item in std::mem::take(&mut self.java.queue) {
                let reply = self.ours.replicated(item.clone());
                self.java.take_reply(&item, reply);
            }
            let batch = list[0].queue().take();
            for item in self.ours.worded(&batch) {
                let reply = self.java.replicated(&item);
                take_reply(&list[0], &self.ours, &item, reply);
            }
        }
    }

    fn compare(&mut self) {
        let listed = Application { name: "ORDERS".to_owned(), instances: self.java.leases.values().cloned().collect() };
        let entries = entries_of(&listed).collect::<Vec<_>>();
        self.ours.take_overrides(&entries);
        let list = self.ours.peers.list.load();
        for (key, action) in self.ours.differences(&self.ours.application_names(), &entries) {
            list[0].push(key, action, 0);
        }
    }

    /// Both sides' overrides, and the statuses of those who say that they are ready. Who is not may be put into traffic at a
    /// Java server by an order that arrives late, as between two of them, until it registers again; and who is may be taken
    /// out of it, by one that comes from before it said so.
    fn overrides(&self) -> [BTreeMap<&str, (Status, Option<Status>)>; 2] {
        let ids = || self.clients.iter().map(|client| (client.instance.id(), client.instance.status));
        let seen = |own: Status, instance: &Instance| {
            let is_ready = matches!(own, Status::Up | Status::OutOfService);
            let is_known = is_ready && !self.java.outdated.contains(instance.id());
            (instance.overridden_status, is_known.then_some(instance.status))
        };
        let ours = ids().filter_map(|(id, own)| Some((id, seen(own, &self.ours.instance("ORDERS", id)?))));
        let java = ids().filter_map(|(id, own)| Some((id, seen(own, self.java.leases.get(id)?))));
        [ours.collect(), java.collect()]
    }
}

#[test]
fn overrides_set_and_removed_on_both_sides_of_a_partition_from_a_java_server_are_the_same_in_the_end() {
    let first = bijou_testkit::seed();
    live_through(FOUND.into_iter().chain((0..300).map(|at| first.wrapping_add(at))), async |seed| {
        let mut random = StdRng::seed_from_u64(seed);
        let mut pair = Pair { ours: registry(), java: Java::default(), clients: Vec::new(), is_cut: false };
        for number in 0..4 {
            let id = format!("i-{number}");
            let instance = Instance::new("orders", &id, "n7", "10.4.0.7", 8080).with_lease(30, 90_000);
            pair.clients.push(Client { instance, is_at_java: number % 2 == 0 });
        }
        let mut told = vec![format!("BIJOU_TEST_SEED={seed}")];
        for _ in 0..40 {
            sleep(Duration::from_millis(random.random_range(1..2000))).await;
            let id = format!("i-{}", random.random_range(0..4));
            let status = *STATUSES.choose(&mut random).expect("some");
            match random.random_range(0..12) {
                0 => {
                    pair.is_cut = !pair.is_cut;
                    told.push(format!("cut: {}", pair.is_cut));
                }
                1 => {
                    let client = pair.clients.iter_mut().find(|client| client.instance.id() == id).expect("named");
                    (client.instance.status, client.instance.last_dirty_ms) = (status, 0);
                    told.push(format!("{id} says {status}"));
                }
                2 | 3 => {
                    pair.java.override_status(&id, status, false, 0);
                    told.push(format!("{id} is {status}, says an operator at Java's"));
                }
                4 => {
                    pair.java.remove_override(&id, Status::Unknown, false, 0);
                    told.push(format!("{id} is what it says, says an operator at Java's"));
                }
                5 | 6 => {
                    pair.ours.override_status("ORDERS", &id, Origin::Client, status, None);
                    told.push(format!("{id} is {status}, says an operator at ours"));
                }
                7 => {
                    pair.ours.remove_override("ORDERS", &id, Origin::Client, None);
                    told.push(format!("{id} is what it says, says an operator at ours"));
                }
                8 => pair.compare(),
                _ => pair.renew(),
            }
            pair.talk();
        }
        pair.is_cut = false;
        for _ in 0..4 {
            sleep(Duration::from_secs(1)).await;
            pair.renew();
            pair.talk();
            pair.compare();
            pair.talk();
        }
        let [ours, java] = pair.overrides();
        assert_eq!(ours.len(), pair.clients.len());
        assert_eq!(ours, java, "{}", told.join("\n"));
    });
}
