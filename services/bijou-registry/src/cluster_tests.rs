//! Three registries in one process, with a network that can be cut and time that runs as fast as it can: whatever is
//! partitioned, killed and started again in whatever order, when all is healed the three agree within two leases, nobody
//! who lives is missing and nobody who died is left.
//!
//! The registries are whole ones, HTTP between them included; only TCP is replaced, by pipes in memory.
//!
//! A seed tells the same history each time: time is tokio's and stands still while anything is done, there is one thread,
//! and what is left to chance, here and in the registries, comes from the seed.

mod faults;
mod net;
mod operators;
mod slow;
mod starting;

use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
    sync::Arc,
    time::Duration,
};

use bijou_eureka::{Instance, Status};
use bijou_telemetry::Metrics;
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::IndexedMutRandom};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use self::net::Net;
use crate::{
    access::Access,
    audit::Audit,
    clock::Clock,
    handle::{About, Site},
    histories::live_through,
    leases::{Beat, Kept, Origin, Renewal},
    peers::Peers,
    rate::Limiter,
    regions::Regions,
    registry::Registry,
    settings::{self, SelfPreservation, Settings},
    telemetry::Telemetry,
};

const NODES: usize = 3;
const RENEWED_EVERY_S: u32 = 3;
const LEASE_S: u32 = 10;
const TWO_LEASES: Duration = Duration::from_secs(2 * LEASE_S as u64);
/// Any date will do.
const BEGAN_UNIX_MS: u64 = 1_790_000_000_000;

thread_local! {
    /// By how many milliseconds each node's wall clock is wrong. A test has a thread of its own, its tasks with it.
    static CLOCKS_OFF_MS: [Cell<i64>; NODES] = const { [const { Cell::new(0) }; NODES] };
    /// When the world began.
    static BEGAN: Cell<Instant> = Cell::new(Instant::now());
    /// The nodes' chance.
    static RANDOM: RefCell<StdRng> = RefCell::new(StdRng::seed_from_u64(0));
}

/// Milliseconds since the world began.
fn elapsed_ms() -> u64 {
    BEGAN.get().elapsed().as_millis() as u64
}

/// A clock for one life of a node: it does not know how long the world went on before.
fn clock_of(node: usize) -> Clock {
    fn wall(node: usize) -> u64 {
        let off_ms = CLOCKS_OFF_MS.with(|clocks| clocks[node].get());
        (BEGAN_UNIX_MS + elapsed_ms()).saturating_add_signed(off_ms)
    }
    let walls: [fn(Duration) -> u64; NODES] = [|_| wall(0), |_| wall(1), |_| wall(2)];
    Clock::start_with(walls[node])
}

/// What a node runs under.
#[derive(Clone)]
struct Conditions {
    net: Arc<Net>,
    preserves: bool,
    queue_max: usize,
}

impl Conditions {
    fn new(preserves: bool) -> Self {
        BEGAN.set(Instant::now());
        CLOCKS_OFF_MS.with(|clocks| clocks.iter().for_each(|clock| clock.set(0)));
        let queue_max = settings::Peers::default().queue_max;
        Conditions { net: Arc::new(Net::new(NODES)), preserves, queue_max }
    }
}

/// A registry that runs.
struct Node {
    registry: Arc<Registry>,
    stop: CancellationToken,
}

impl Node {
    fn start(number: usize, life: u64, conditions: &Conditions, kept: Vec<Kept>) -> Self {
        let Conditions { net, preserves, queue_max } = conditions;
        let peers = settings::Peers {
            // All have the same list; each finds out which one is itself.
            urls: (0..NODES).map(|node| format!("http://node-{node}:80/eureka")).collect(),
            queue_max: *queue_max,
            ..settings::Peers::default()
        };
        let defaults = Settings::default();
        let registry = Arc::new(Registry::new(
            &SelfPreservation { enabled: *preserves, ..SelfPreservation::default() },
            clock_of(number),
            Telemetry::new(Metrics::new()),
            format!("{number}-{life}"),
            Peers::new(peers, net.seen_from(number)).with_random(|| RANDOM.with_borrow_mut(StdRng::random)),
            Arc::new(Regions::new(&[], true).expect("none")),
        ));
        registry.restore_for_test(kept);
        let stop = CancellationToken::new();
        let site = Site {
            registry: Arc::clone(&registry),
            access: Arc::new(Access::new(&defaults.access).expect("open to all")),
            limiter: Arc::new(Limiter::new(&defaults.rate)),
            audit: Arc::new(Audit::default()),
            waiters: Arc::default(),
            limits: defaults.limits,
            shutdown: stop.clone(),
            about: About { version: "test", passport_keys: None, entry: Arc::new(crate::in_process::entry()) },
        };
        net.listen(number, site, stop.clone());
        Peers::start(&registry, &stop).expect("good addresses");
        let swept = Arc::clone(&registry);
        let sweeping = stop.clone();
        tokio::spawn(async move {
            let sweep = async {
                loop {
                    swept.sweep();
                    sleep(Duration::from_millis(250)).await;
                }
            };
            sweeping.run_until_cancelled(sweep).await;
        });
        Node { registry, stop }
    }

    /// What it lists, as `APP id STATUS override`.
    fn listed(&self) -> BTreeSet<String> {
        let report = self.registry.report(|_| true);
        let line = |lease: &bijou_eureka::LeaseView| {
            let overridden = lease.overridden_status.as_deref().unwrap_or("-");
            format!("{} {} {} {overridden}", lease.app, lease.instance_id, lease.status)
        };
        report.leases.iter().map(line).collect()
    }
}

/// An instance as its process sees itself.
struct Client {
    instance: Instance,
    home: usize,
    renew_at: Instant,
    /// By how many milliseconds its own clock is wrong.
    clock_off_ms: i64,
    /// What the last operator who spoke of it said.
    overridden: Option<Status>,
}

struct World {
    conditions: Conditions,
    nodes: Vec<Option<Node>>,
    lives: u64,
    clients: Vec<Client>,
    named: usize,
    random: StdRng,
}

impl World {
    fn start(seed: u64, instances: usize, preserves: bool) -> Self {
        Self::start_under(Conditions::new(preserves), seed, instances)
    }

    fn start_under(conditions: Conditions, seed: u64, instances: usize) -> Self {
        RANDOM.set(StdRng::seed_from_u64(seed));
        let nodes = (0..NODES).map(|number| Some(Node::start(number, 0, &conditions, Vec::new()))).collect();
        let random = StdRng::seed_from_u64(seed);
        let mut world = World { conditions, nodes, lives: 0, clients: Vec::new(), named: 0, random };
        for _ in 0..instances {
            world.appear();
        }
        world
    }

    fn appear(&mut self) {
        self.named += 1;
        let app = ["orders", "basket"][self.named % 2];
        let instance = Instance::new(app, &format!("i-{}", self.named), "n7", "10.4.0.7", 8080);
        self.clients.push(Client {
            instance: instance.with_lease(RENEWED_EVERY_S, LEASE_S),
            home: self.named % NODES,
            renew_at: Instant::now(),
            clock_off_ms: 0,
            overridden: None,
        });
    }

    /// Lets time pass, in which every client renews at its home, or at the next node when that is down.
    async fn pass(&mut self, time: Duration) {
        let until = Instant::now() + time;
        while Instant::now() < until {
            let now = Instant::now();
            for client in self.clients.iter_mut().filter(|client| client.renew_at <= now) {
                let alive =
                    (0..NODES).map(|step| (client.home + step) % NODES).find(|node| self.nodes[*node].is_some());
                let Some(home) = alive else { continue };
                client.home = home;
                let node = self.nodes[home].as_ref().expect("it is alive");
                client.renew(&node.registry);
                client.renew_at = now + Duration::from_secs(RENEWED_EVERY_S.into());
            }
            sleep(Duration::from_millis(100)).await;
        }
    }

    fn kill(&mut self, number: usize) -> Option<Vec<Kept>> {
        let node = self.nodes[number].take()?;
        let kept = node.registry.kept_for_test();
        node.stop.cancel();
        self.conditions.net.stop_listening(number);
        Some(kept)
    }

    fn revive(&mut self, number: usize, kept: Vec<Kept>) {
        self.lives += 1;
        self.nodes[number] = Some(Node::start(number, self.lives, &self.conditions, kept));
    }

    fn heal(&mut self) {
        self.conditions.net.heal();
        for number in 0..NODES {
            if self.nodes[number].is_none() {
                self.revive(number, Vec::new());
            }
        }
    }

    /// Something happens.
    async fn happen(&mut self) -> String {
        let node = self.random.random_range(0..NODES);
        let other = (node + self.random.random_range(1..NODES)) % NODES;
        match self.random.random_range(0..10) {
            0 | 1 => {
                self.conditions.net.cut(node, other);
                format!("cut {node} from {other}")
            }
            2 => {
                self.conditions.net.join(node, other);
                format!("joined {node} with {other}")
            }
            3 => {
                let Some(kept) = self.kill(node) else {
                    self.revive(node, Vec::new());
                    return format!("{node} is back, knowing nobody");
                };
                if self.random.random_bool(0.5) {
                    return format!("killed {node}");
                }
                self.pass(Duration::from_secs(1)).await;
                self.revive(node, kept);
                format!("restarted {node} with its leases")
            }
            4 | 5 => {
                self.appear();
                format!("i-{} appeared", self.named)
            }
            6 if self.clients.len() > 2 => {
                let client = self.clients.swap_remove(self.random.random_range(0..self.clients.len()));
                format!("{} died without a word", client.instance.id())
            }
            7 if self.clients.len() > 2 => {
                let client = self.clients.swap_remove(self.random.random_range(0..self.clients.len()));
                if let Some(home) = &self.nodes[client.home] {
                    home.registry.cancel(&client.instance.app, client.instance.id(), Origin::Client);
                }
                format!("{} said goodbye", client.instance.id())
            }
            _ => {
                let pause = Duration::from_secs(self.random.random_range(1..12));
                self.pass(pause).await;
                format!("{} s passed", pause.as_secs())
            }
        }
    }

    fn expected(&self) -> BTreeSet<String> {
        let line = |client: &Client| {
            let Instance { app, .. } = &client.instance;
            let status = client.overridden.unwrap_or(Status::Up);
            let overridden = client.overridden.map_or("-", Status::as_str);
            format!("{app} {} {status} {overridden}", client.instance.id())
        };
        self.clients.iter().map(line).collect()
    }

    #[track_caller]
    fn check(&self, told: &str) {
        let expected = self.expected();
        for (number, node) in self.nodes.iter().enumerate() {
            let node = node.as_ref().expect("all run");
            let listed = node.listed();
            let missing = expected.difference(&listed).collect::<Vec<_>>();
            let surplus = listed.difference(&expected).collect::<Vec<_>>();
            let peers = node.registry.peers.views(node.registry.now().mono_ms);
            assert!(
                missing.is_empty() && surplus.is_empty(),
                "{told}\nnode {number} lacks {missing:?} and has {surplus:?}\n{peers:#?}"
            );
        }
    }
}

impl Client {
    fn renew(&mut self, registry: &Registry) {
        let dirty_ms = self.instance.last_dirty_ms;
        let Instance { app, .. } = &self.instance;
        let id = self.instance.id();
        let renewal = (dirty_ms > 0).then(|| registry.renew(app, id, Beat::new(Origin::Client, Some(dirty_ms))));
        if !matches!(renewal, Some(Renewal::Renewed)) {
            // Eureka's clients say so of a registration that is asked for again.
            self.instance.last_dirty_ms = (BEGAN_UNIX_MS + elapsed_ms()).saturating_add_signed(self.clock_off_ms);
            registry.register(self.instance.clone(), Origin::Client);
        }
    }
}

#[test]
fn whatever_happens_three_registries_agree_two_leases_after_all_is_healed() {
    live_through(0..40, async |seed| {
        // Without self-preservation, so that every lease ends when it says.
        let mut world = World::start(seed, 5, false);
        world.pass(Duration::from_secs(3)).await;
        world.check(&format!("seed {seed}: at the beginning"));
        let mut told = vec![format!("seed {seed}")];
        for _ in 0..30 {
            told.push(world.happen().await);
            let pause = Duration::from_millis(world.random.random_range(0..1500));
            world.pass(pause).await;
            while world.clients.len() > 8 {
                world.clients.pop();
                told.push("one more died".to_owned());
            }
        }
        world.heal();
        world.pass(TWO_LEASES).await;
        world.check(&told.join("\n"));
    });
}

#[tokio::test(start_paused = true)]
async fn an_override_set_on_one_side_of_a_partition_holds_on_both_once_it_is_healed() {
    let mut world = World::start(7, 6, false);
    world.pass(Duration::from_secs(3)).await;
    world.conditions.net.cut(0, 1);
    world.conditions.net.cut(0, 2);
    world.pass(Duration::from_secs(2)).await;
    for at in 0..world.clients.len() {
        let client = &mut world.clients[at];
        let node = world.nodes[client.home].as_ref().expect("it runs");
        let (app, id) = (client.instance.app.as_str(), client.instance.id());
        assert!(node.registry.override_status(app, id, Origin::Client, Status::OutOfService, Some("a drill")));
        client.overridden = Some(Status::OutOfService);
    }
    world.pass(Duration::from_secs(4)).await;
    world.conditions.net.heal();
    world.pass(TWO_LEASES).await;
    world.check("overridden during a partition");

    // And taken back on one node, it is taken back on all.
    let client = world.clients.choose_mut(&mut world.random).expect("some");
    let node = world.nodes[client.home].as_ref().expect("it runs");
    node.registry.remove_override(&client.instance.app, client.instance.id(), Origin::Client, Some(Status::Up));
    client.overridden = None;
    world.pass(Duration::from_secs(5)).await;
    world.check("an override taken back");
}

#[tokio::test(start_paused = true)]
async fn a_partition_takes_nobody_out_where_self_preservation_is_on() {
    let mut world = World::start(11, 30, true);
    world.pass(Duration::from_secs(3)).await;
    for (one, other) in [(0, 1), (0, 2), (1, 2)] {
        world.conditions.net.cut(one, other);
    }
    // Two thirds of the renewals stop reaching each node, for a minute.
    for _ in 0..20 {
        world.pass(Duration::from_secs(3)).await;
        world.check("during the partition");
    }
    world.conditions.net.heal();
    world.pass(TWO_LEASES).await;
    world.check("after the partition");
    let report = world.nodes[0].as_ref().expect("it runs").registry.report(|_| false);
    assert_eq!((report.self_preservation.state.as_str(), report.self_preservation.expired_kept), ("watching", 0));
}
