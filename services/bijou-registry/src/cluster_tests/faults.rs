//! What partitions and restarts alone do not show: clocks that jump, two processes under one id, and queues that overflow.
//! Whatever happens, the three agree within two leases after all is healed: everybody who lives is there, and nobody else.

use super::*;
use crate::access::Apps;

/// What a clock may be wrong by.
const JUMP_S_MAX: i64 = 2 * 3600;

impl World {
    /// Something of this file, or of the ordinary kind.
    pub(super) async fn fault(&mut self) -> String {
        let node = self.random.random_range(0..NODES);
        match self.random.random_range(0..10) {
            0 | 1 => {
                let by_s = self.random.random_range(-JUMP_S_MAX..=JUMP_S_MAX);
                CLOCKS_OFF_MS.with(|clocks| clocks[node].set(by_s * 1000));
                format!("the clock of {node} is wrong by {by_s} s")
            }
            2 => {
                let by_s = self.random.random_range(-JUMP_S_MAX..=JUMP_S_MAX);
                let Some(client) = self.clients.choose_mut(&mut self.random) else { return String::new() };
                client.clock_off_ms = by_s * 1000;
                format!("the clock of {} is wrong by {by_s} s", client.instance.id())
            }
            3 => {
                let Some(client) = self.clients.choose_mut(&mut self.random) else { return String::new() };
                let mut instance = client.instance.clone();
                (instance.port.number, instance.last_dirty_ms) = (9090, 0);
                let told = format!("another {} appeared at {node}", instance.id());
                let (renew_at, clock_off_ms) = (Instant::now(), 0);
                self.clients.push(Client { instance, home: node, renew_at, clock_off_ms, overridden: None });
                told
            }
            _ => self.happen().await,
        }
    }

    /// Everybody who lives is known everywhere, nobody else, and all say the same of each.
    #[track_caller]
    pub(super) fn check_agreed(&self, told: &str) {
        let name = |client: &Client| format!("{} {}", client.instance.app, client.instance.id());
        let expected = self.clients.iter().map(name).collect::<BTreeSet<_>>();
        let nodes = self.nodes.iter().map(|node| node.as_ref().expect("all run")).collect::<Vec<_>>();
        let listed = nodes.iter().map(|node| node.listed()).collect::<Vec<_>>();
        for (number, (node, lines)) in nodes.iter().zip(&listed).enumerate() {
            let known = lines.iter().map(|line| line.splitn(3, ' ').take(2).collect::<Vec<_>>().join(" "));
            let known = known.collect::<BTreeSet<_>>();
            let missing = expected.difference(&known).collect::<Vec<_>>();
            let surplus = known.difference(&expected).collect::<Vec<_>>();
            assert!(
                missing.is_empty() && surplus.is_empty(),
                "{told}\nnode {number} lacks {missing:?} and has {surplus:?}\n{:#?}",
                node.registry.peers.views(node.registry.now().mono_ms)
            );
            assert_eq!(lines, &listed[0], "{told}\nnode {number} and node 0 do not agree");
            // Beyond what is listed: address, metadata, lease.
            let [theirs, first] = [*node, nodes[0]].map(|node| node.registry.digests(&["*"], &Apps::All));
            assert_eq!(
                theirs.applications, first.applications,
                "{told}\nnode {number} and node 0 hold different versions: {:#?}\nand {:#?}",
                theirs.entries, first.entries
            );
        }
    }
}

/// What happened in the history of a seed, until all is healed.
async fn live(seed: u64) -> (World, Vec<String>) {
    let mut world = World::start(seed, 5, false);
    world.pass(Duration::from_secs(3)).await;
    let mut told = vec![format!("BIJOU_TEST_SEED={seed}")];
    for _ in 0..30 {
        told.push(world.fault().await);
        let pause = Duration::from_millis(world.random.random_range(0..1500));
        world.pass(pause).await;
        while world.clients.len() > 8 {
            world.clients.pop();
            told.push("one more died".to_owned());
        }
    }
    world.heal();
    (world, told)
}

#[test]
fn a_seed_tells_the_same_history_each_time() {
    let seed = bijou_testkit::seed();
    let outcomes = RefCell::new(Vec::new());
    live_through([seed, seed], async |seed| {
        let (mut world, told) = live(seed).await;
        world.pass(Duration::from_secs(3)).await;
        // To the millisecond, and with every event that was sent and repaired on the way.
        let known = world.nodes.iter().flatten().map(|Node { registry, .. }| {
            (registry.digests(&["*"], &Apps::All).entries, registry.peers.views(registry.now().mono_ms))
        });
        outcomes.borrow_mut().push(format!("{told:?}\n{:#?}", known.collect::<Vec<_>>()));
    });
    let outcomes = outcomes.into_inner();
    assert_eq!(outcomes[0], outcomes[1]);
}

#[test]
fn clocks_that_jump_and_ids_used_twice_leave_three_registries_that_agree() {
    let first = bijou_testkit::seed();
    live_through((0..40).map(|at| first.wrapping_add(at)), async |seed| {
        let (mut world, told) = live(seed).await;
        world.pass(TWO_LEASES).await;
        world.check_agreed(&told.join("\n"));
    });
}

#[tokio::test(start_paused = true)]
async fn what_a_queue_had_no_room_for_is_found_by_comparing() {
    let conditions = Conditions { queue_max: 3, ..Conditions::new(false) };
    let mut world = World::start_under(conditions, bijou_testkit::seed(), 6);
    world.pass(Duration::from_secs(5)).await;
    for other in [1, 2] {
        world.conditions.net.cut(0, other);
    }
    // One after the other, so that heartbeats come so too: of thirty at once the queues would always lose the same.
    for _ in 0..30 {
        world.appear();
        world.pass(Duration::from_millis(100)).await;
    }
    world.pass(Duration::from_secs(2)).await;
    // Some leave again, at whatever node they were.
    for client in world.clients.drain(..12) {
        let node = world.nodes[client.home].as_ref().expect("it runs");
        node.registry.cancel(&client.instance.app, client.instance.id(), Origin::Client);
    }
    world.pass(Duration::from_secs(1)).await;
    let node = world.nodes[0].as_ref().expect("it runs");
    let dropped = |node: &Node| node.registry.peers.views(0).iter().map(|peer| peer.dropped).sum::<u64>();
    assert!(dropped(node) > 0, "the queues had room for everything");
    world.conditions.net.heal();
    world.pass(TWO_LEASES).await;
    world.check("after more than the queues hold");
    let repaired = world.nodes.iter().flatten().flat_map(|node| node.registry.peers.views(0));
    assert!(repaired.map(|peer| peer.repaired).sum::<u64>() > 0, "nothing was left to compare");
}

/// Whose clock went back looks older than its own cancellation. It is there all the same, at every node.
#[tokio::test(start_paused = true)]
async fn an_instance_that_comes_back_with_its_clock_set_back_is_known_everywhere() {
    for off_s in [-3600, 0, 3600] {
        let mut world = World::start(1, 3, false);
        // A node that believes to be ahead, or behind, when it buries whom it is told of.
        CLOCKS_OFF_MS.with(|clocks| clocks[1].set(off_s * 1000));
        world.pass(Duration::from_secs(5)).await;
        let client = &mut world.clients[0];
        let node = world.nodes[client.home].as_ref().expect("it runs");
        node.registry.cancel(&client.instance.app, client.instance.id(), Origin::Client);
        (client.clock_off_ms, client.instance.last_dirty_ms) = (-1800 * 1000, 0);
        world.pass(TWO_LEASES).await;
        world.check_agreed(&format!("a node's clock is wrong by {off_s} s"));
    }
}

/// A goodbye waits for a node that cannot be reached, and the instance is back meanwhile, as when it is replaced under its
/// id: that node is told of both in one batch, long after others told it who is there.
#[tokio::test(start_paused = true)]
async fn a_goodbye_that_waited_takes_nobody_out_who_is_back_since() {
    let mut world = World::start(1, 3, false);
    world.clients.iter_mut().for_each(|client| client.home = 0);
    world.pass(Duration::from_secs(3)).await;
    world.conditions.net.cut(0, 1);
    let client = &mut world.clients[0];
    let node = world.nodes[0].as_ref().expect("it runs");
    node.registry.cancel(&client.instance.app, client.instance.id(), Origin::Client);
    (client.instance.port.number, client.instance.last_dirty_ms, client.renew_at) = (9090, 0, Instant::now());
    world.pass(Duration::from_secs(u64::from(LEASE_S) + 2)).await;
    world.kill(1);
    world.revive(1, Vec::new());
    world.pass(Duration::from_secs(1)).await;
    world.check_agreed("told by the third node");
    world.conditions.net.heal();
    let healed = Instant::now();
    while healed.elapsed() < TWO_LEASES {
        world.pass(Duration::from_millis(100)).await;
        world.check_agreed(&format!("{:?} after all was healed", healed.elapsed()));
    }
}
