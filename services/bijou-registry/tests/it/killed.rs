//! A platform in small, whose registry is killed: a role on the chassis, a caller with the client library, and the
//! registry as a process of its own, ended by SIGKILL and started again on the same port.

use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bijou_chassis::{Bootstrap, Service};
use bijou_client::{Client, ClientConfig};
use bijou_config::Layered;
use bijou_eureka::{Discovery, RegistryClient};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;
use utoipa_axum::router::OpenApiRouter;

use crate::support::{PATIENCE, Site};

const PORT: &str = "BIJOU_TEST_REGISTRY_PORT";

/// A registry in a process that can be killed: this test program again, told to run the test below alone.
struct Killable {
    port: u16,
    process: Child,
}

impl Drop for Killable {
    /// A test that fails must not leave a process behind.
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Killable {
    fn start(port: u16) -> Self {
        let program = std::env::current_exe().unwrap();
        let process = Command::new(program)
            .args(["--exact", "killed::a_registry_on_a_given_port_serves_until_it_is_killed", "--nocapture"])
            .env(PORT, port.to_string())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        Killable { port, process }
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/eureka", self.port)
    }

    /// SIGKILL, not a request.
    fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// The body of that process. Run as an ordinary test it serves on any port and stops when asked.
#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "tells the child process of a test where to listen")]
async fn a_registry_on_a_given_port_serves_until_it_is_killed() {
    let port = std::env::var(PORT).ok().map(|port| port.parse().unwrap());
    let site = Site::start_with(bijou_registry::Settings::default(), port.unwrap_or(0));
    assert_eq!(site.get("/healthz").await.status, 200);
    if port.is_some() {
        std::future::pending::<()>().await;
    }
    site.stop().await;
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The product's own defaults, and a section for a role that the product does not have.
fn settings(registry: &str, data: &std::path::Path) -> Layered {
    let defaults = concat!(include_str!("../../../../config/bijou.toml"), "\n[orders]\nlisten = \"127.0.0.1:0\"\n");
    let overrides = [
        ("data.dir", data.to_str().unwrap()),
        ("registry.url", registry),
        ("telemetry.otlp", "off"),
        ("log.level", "warn"),
    ];
    let overrides = overrides.map(|(path, value)| (path.to_owned(), value.to_owned()));
    Layered::load(defaults, &[], std::iter::empty(), &overrides).unwrap()
}

async fn registered(registry: &RegistryClient) -> usize {
    registry.applications().await.map_or(0, |all| all.applications.iter().map(|app| app.instances.len()).sum())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_go_on_while_the_registry_is_killed_and_everybody_is_back_at_once() {
    let registry = Killable::start(free_port());
    let (url, port) = (registry.url(), registry.port);
    let data = tempfile::tempdir().unwrap();
    let stop = CancellationToken::new();
    let roles = (0..2).map(|slot| {
        let bootstrap = Bootstrap::new("orders", slot, settings(&url, data.path()), stop.clone()).unwrap();
        tokio::spawn(bijou_chassis::run(bootstrap, async |_| Ok(Service::new(OpenApiRouter::new()))))
    });
    let roles = roles.collect::<Vec<_>>();
    let discovery = Discovery::start(&url, stop.clone()).unwrap();
    let both = discovery.wait_for(|snapshot| snapshot.instances("ORDERS").len() == 2);
    timeout(PATIENCE, both).await.expect("both instances register");

    // A caller that never pauses for long, through all that follows.
    let client = Client::new(ClientConfig::default(), discovery.clone(), None, "caller");
    let (calls, failures) = (Arc::new(AtomicU64::new(0)), Arc::new(std::sync::Mutex::new(Vec::new())));
    let caller = tokio::spawn({
        let (calls, failures, stop) = (Arc::clone(&calls), Arc::clone(&failures), stop.clone());
        async move {
            while !stop.is_cancelled() {
                let outcome = client.to("ORDERS").get("/healthz").send().await;
                calls.fetch_add(1, Ordering::Relaxed);
                match outcome {
                    Ok(response) if response.status == 200 => {}
                    other => failures.lock().unwrap().push(format!("{other:?}")),
                }
                sleep(Duration::from_millis(2)).await;
            }
        }
    });

    let before = calls.load(Ordering::Relaxed);
    let epoch = discovery.snapshot().epoch().map(str::to_owned);
    registry.kill();
    // Longer than a lease, so that nothing rests on leases that have not ended yet.
    sleep(Duration::from_secs(11)).await;
    assert!(!discovery.is_connected());
    assert_eq!(discovery.snapshot().instances("ORDERS").len(), 2);
    assert!(calls.load(Ordering::Relaxed) > before + 100, "calls stopped");

    let registry = Killable::start(port);
    let direct = RegistryClient::new(&url).unwrap();
    let until = Instant::now() + PATIENCE;
    while direct.applications().await.is_err() {
        assert!(Instant::now() < until, "the registry does not come back");
        sleep(Duration::from_millis(10)).await;
    }
    let is_back = Instant::now();
    while registered(&direct).await < 2 {
        assert!(is_back.elapsed() < Duration::from_secs(10), "the roles are not back within ten seconds");
        sleep(Duration::from_millis(10)).await;
    }
    let followed = discovery.wait_for(|snapshot| snapshot.epoch().map(str::to_owned) != epoch);
    timeout(PATIENCE, followed).await.expect("the follower sees the new epoch");
    assert_eq!(discovery.snapshot().instances("ORDERS").len(), 2);

    assert_eq!(*failures.lock().unwrap(), Vec::<String>::new());
    stop.cancel();
    caller.await.unwrap();
    for role in roles {
        timeout(PATIENCE, role).await.expect("the role stops").unwrap().unwrap();
    }
    // They said goodbye.
    assert_eq!(registered(&direct).await, 0);
    registry.kill();
}
