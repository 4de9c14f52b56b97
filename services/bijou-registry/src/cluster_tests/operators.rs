//! Operators who say different things at nodes that cannot reach each other: the last word counts everywhere, and however
//! it came about, the three agree.

use super::*;
use crate::access::Apps;

/// What an operator says: an override, or that there is none any more; then perhaps what counts from then on.
#[derive(Clone, Copy, Debug)]
enum Word {
    Set(Status),
    TakenBack(Option<Status>),
}

impl World {
    /// An operator says something at any node. `None` where that changes nothing there.
    fn say(&mut self) -> Option<String> {
        let number = self.random.random_range(0..NODES);
        let said = [Status::OutOfService, Status::Down, Status::Up];
        let word = match self.random.random_range(0..6) {
            0..=2 => Word::Set(said[self.random.random_range(0..said.len())]),
            3 | 4 => Word::TakenBack(None),
            _ => Word::TakenBack(Some(said[self.random.random_range(0..said.len())])),
        };
        let client = self.clients.choose_mut(&mut self.random)?;
        let (app, id) = (client.instance.app.clone(), client.instance.id().to_owned());
        let registry = &self.nodes[number].as_ref()?.registry;
        let since = || {
            let entries = registry.digests(&["*"], &Apps::All).entries;
            entries.into_iter().find(|entry| entry.app == app && entry.id == id).map(|entry| entry.overridden_ms)
        };
        let before = since();
        match word {
            Word::Set(status) => registry.override_status(&app, &id, Origin::Client, status, Some("a drill")),
            Word::TakenBack(status) => registry.remove_override(&app, &id, Origin::Client, status),
        };
        if since() == before {
            return None;
        }
        client.overridden = match word {
            Word::Set(status) => Some(status),
            Word::TakenBack(_) => None,
        };
        Some(format!("{word:?} of {id} at {number}"))
    }

    fn renew_all(&mut self) {
        self.clients.iter_mut().for_each(|client| client.renew_at = Instant::now());
    }

    /// An instance says otherwise of itself.
    fn change_mind(&mut self) -> String {
        let statuses = [Status::Up, Status::Up, Status::Down, Status::OutOfService, Status::Starting];
        let status = statuses[self.random.random_range(0..statuses.len())];
        let Some(client) = self.clients.choose_mut(&mut self.random) else { return String::new() };
        client.instance.status = status;
        // It registers again.
        (client.instance.last_dirty_ms, client.renew_at) = (0, Instant::now());
        format!("{} says {status}", client.instance.id())
    }

    /// What is listed of each instance but its status.
    #[track_caller]
    fn check_words(&self, told: &str) {
        let expected = self.clients.iter().map(|client| {
            let overridden = client.overridden.map_or("-", Status::as_str);
            format!("{} {overridden}", client.instance.id())
        });
        let expected = expected.collect::<BTreeSet<_>>();
        for (number, node) in self.nodes.iter().flatten().enumerate() {
            let listed = node.listed();
            let words = listed.iter().map(|line| {
                let words = line.split(' ').collect::<Vec<_>>();
                format!("{} {}", words[1], words[3])
            });
            assert_eq!(words.collect::<BTreeSet<_>>(), expected, "{told}\nat node {number}");
        }
    }
}

#[test]
fn of_what_operators_say_at_nodes_out_of_reach_the_last_word_counts_at_all() {
    let first = bijou_testkit::seed();
    live_through((0..40).map(|at| first.wrapping_add(at)), async |seed| {
        let mut world = World::start(seed, 5, false);
        world.pass(Duration::from_secs(3)).await;
        let mut told = vec![format!("BIJOU_TEST_SEED={seed}")];
        for _ in 0..3 {
            // An override ends with the lease that it is on: nobody is out of a node's sight for a whole one.
            world.renew_all();
            world.pass(Duration::from_secs(1)).await;
            for _ in 0..10 {
                let node = world.random.random_range(0..NODES);
                let other = (node + world.random.random_range(1..NODES)) % NODES;
                match world.random.random_range(0..10) {
                    0 | 1 => {
                        world.conditions.net.cut(node, other);
                        told.push(format!("cut {node} from {other}"));
                    }
                    2 => {
                        world.conditions.net.join(node, other);
                        told.push(format!("joined {node} with {other}"));
                    }
                    3 => told.push(world.change_mind()),
                    _ => told.extend(world.say()),
                }
                let pause = Duration::from_millis(world.random.random_range(10..250));
                world.pass(pause).await;
            }
            world.conditions.net.heal();
            // What was being connected to meanwhile is given up first.
            world.pass(Duration::from_millis(2500)).await;
            world.renew_all();
            world.pass(TWO_LEASES).await;
            world.check_words(&told.join("\n"));
            world.check_agreed(&told.join("\n"));
            told.push("healed".to_owned());
        }
    });
}

#[test]
fn whatever_operators_say_while_nodes_and_clocks_fail_three_registries_agree() {
    let first = bijou_testkit::seed();
    live_through((0..40).map(|at| first.wrapping_add(at)), async |seed| {
        let mut world = World::start(seed, 5, false);
        world.pass(Duration::from_secs(3)).await;
        let mut told = vec![format!("BIJOU_TEST_SEED={seed}")];
        for _ in 0..40 {
            match world.random.random_range(0..6) {
                0 | 1 => told.extend(world.say()),
                2 => told.push(world.change_mind()),
                _ => told.push(world.fault().await),
            }
            let pause = Duration::from_millis(world.random.random_range(0..1500));
            world.pass(pause).await;
            while world.clients.len() > 8 {
                world.clients.pop();
                told.push("one more died".to_owned());
            }
        }
        world.heal();
        world.pass(TWO_LEASES).await;
        world.check_agreed(&told.join("\n"));
    });
}

/// The node whose clock is ahead hears of an override first, and cannot be reached when it is taken back.
#[tokio::test(start_paused = true)]
async fn an_override_taken_back_stays_so_also_beside_a_node_whose_clock_is_ahead() {
    let mut world = World::start(3, 3, false);
    CLOCKS_OFF_MS.with(|clocks| clocks[2].set(3_600_000));
    world.pass(Duration::from_secs(3)).await;
    let client = &mut world.clients[0];
    let (app, id) = (client.instance.app.clone(), client.instance.id().to_owned());
    let at = |world: &World, number: usize| Arc::clone(&world.nodes[number].as_ref().expect("it runs").registry);
    let ahead = at(&world, 2);
    ahead.override_status(&app, &id, Origin::Client, Status::OutOfService, Some("a drill"));
    world.clients[0].overridden = Some(Status::OutOfService);
    world.pass(Duration::from_secs(2)).await;
    world.check("overridden where the clock is ahead");
    for other in [0, 1] {
        world.conditions.net.cut(2, other);
    }
    at(&world, 0).remove_override(&app, &id, Origin::Client, None);
    world.clients[0].overridden = None;
    world.pass(Duration::from_secs(4)).await;
    world.conditions.net.heal();
    world.pass(TWO_LEASES).await;
    world.check("taken back where the clock is right");
}

/// What there is already is no override to Eureka, and was none to a peer that was told of one.
#[tokio::test(start_paused = true)]
async fn an_override_to_what_an_instance_says_of_itself_reaches_nodes_that_know_it_so() {
    let mut world = World::start(5, 3, false);
    world.pass(Duration::from_secs(3)).await;
    for other in [1, 2] {
        world.conditions.net.cut(0, other);
    }
    // Node 0 is told by an operator, the others by the instance.
    world.clients[0].home = 1;
    let (app, id) = (world.clients[0].instance.app.clone(), world.clients[0].instance.id().to_owned());
    let node = world.nodes[0].as_ref().expect("it runs");
    node.registry.override_status(&app, &id, Origin::Client, Status::OutOfService, Some("a drill"));
    let client = &mut world.clients[0];
    (client.instance.status, client.instance.last_dirty_ms) = (Status::OutOfService, 0);
    (client.renew_at, client.overridden) = (Instant::now(), Some(Status::OutOfService));
    world.pass(Duration::from_secs(3)).await;
    world.conditions.net.heal();
    world.pass(TWO_LEASES).await;
    world.check("both said the same");
}
