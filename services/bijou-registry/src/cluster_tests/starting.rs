//! A registry that starts: when it answers readers, and with what.

use bijou_eureka::{PackedInstance, RegistryClient, RegistryError, ServiceUrl};
use http::StatusCode;

use super::*;

const REFUSED: Result<usize, StatusCode> = Err(StatusCode::FORBIDDEN);

struct Site(Conditions);

impl Site {
    fn new() -> Self {
        Site(Conditions::new(false))
    }

    fn start(&self, number: usize, kept: Vec<Kept>) -> Node {
        Node::start(number, 0, &self.0, kept)
    }

    /// How many instances a client is told of.
    async fn list(&self, node: usize) -> Result<usize, StatusCode> {
        let url = ServiceUrl::parse(&format!("http://node-{node}:80/eureka")).expect("an address");
        match RegistryClient::over(url, self.0.net.seen_from(NODES)).applications().await {
            Ok(list) => Ok(list.applications.iter().map(|application| application.instances.len()).sum()),
            Err(RegistryError::Refused { status, .. }) => Err(status),
            Err(error) => panic!("no answer: {error}"),
        }
    }
}

fn orders(id: &str) -> Instance {
    let mut instance = Instance::new("orders", id, "n7", "10.4.0.7", 8080).with_lease(RENEWED_EVERY_S, 90);
    instance.last_dirty_ms = BEGAN_UNIX_MS;
    instance
}

fn kept(instance: &Instance) -> Kept {
    Kept { number: 1, instance: PackedInstance::from(instance), overridden_ms: 0, override_reason: None }
}

#[tokio::test(start_paused = true)]
async fn readers_wait_for_peers_that_refuse_and_are_told_why_but_not_for_ever() {
    let site = Site::new();
    let node = site.start(0, Vec::new());
    sleep(Duration::from_secs(20)).await;
    assert_eq!(site.list(0).await, REFUSED);
    let why = node.registry.peers.why_closed().expect("it is closed");
    assert!(why.contains("`http://node-0:80/eureka` is this registry"), "{why}");
    assert!(why.contains("node-1") && why.contains("refused"), "{why}");
    assert!(why.contains("opening in 10 s"), "{why}");

    sleep(Duration::from_secs(11)).await;
    assert_eq!(site.list(0).await, Ok(0));
    assert_eq!(node.registry.peers.why_closed(), None);
}

#[tokio::test(start_paused = true)]
async fn a_registry_beside_one_that_knows_everybody_never_tells_less() {
    let site = Site::new();
    let first = site.start(0, Vec::new());
    first.registry.register(orders("a"), Origin::Client);
    sleep(Duration::from_secs(31)).await;
    // It cannot be reached at first, and the third node is not there at all.
    site.0.net.cut(0, 1);
    let _second = site.start(1, Vec::new());
    sleep(Duration::from_secs(8)).await;
    assert_eq!(site.list(1).await, REFUSED);
    site.0.net.heal();
    let told = async {
        loop {
            match site.list(1).await {
                Ok(told) => break told,
                Err(status) => assert_eq!(status, StatusCode::FORBIDDEN),
            }
            sleep(Duration::from_millis(100)).await;
        }
    };
    assert_eq!(told.await, 1);
}

#[tokio::test(start_paused = true)]
async fn registries_that_start_together_do_not_wait_for_each_other() {
    let site = Site::new();
    let nodes = [0, 1, 2].map(|number| site.start(number, Vec::new()));
    sleep(Duration::from_secs(1)).await;
    for (number, node) in nodes.iter().enumerate() {
        assert!(node.registry.is_open(), "{:?}", node.registry.peers.why_closed());
        assert_eq!(site.list(number).await, Ok(0));
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_on_disk_is_put_together_with_what_a_peer_knows_before_readers_are_answered() {
    let site = Site::new();
    let first = site.start(0, Vec::new());
    first.registry.register(orders("new"), Origin::Client);
    sleep(Duration::from_secs(31)).await;
    let old = kept(&orders("old"));
    let second = site.start(1, vec![old]);
    assert!(!second.registry.is_open());
    sleep(Duration::from_secs(4)).await;
    assert_eq!(site.list(1).await, Ok(2));
}

#[tokio::test(start_paused = true)]
async fn with_leases_on_disk_readers_wait_a_moment_only() {
    let site = Site::new();
    let old = kept(&orders("old"));
    let _node = site.start(0, vec![old]);
    sleep(Duration::from_secs(2)).await;
    assert_eq!(site.list(0).await, REFUSED);
    sleep(Duration::from_secs(2)).await;
    assert_eq!(site.list(0).await, Ok(1));
}
