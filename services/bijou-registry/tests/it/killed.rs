//! A platform in small, whose registry is killed: a role on the chassis, a caller with the client library, and the
//! registry as a process of its own, ended by SIGKILL and started again on the same port.

use std::{
    collections::BTreeSet,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
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

use crate::support::{PATIENCE, Site, registration};

const PORT: &str = "BIJOU_TEST_REGISTRY_PORT";
const FOLDER: &str = "BIJOU_TEST_REGISTRY_FOLDER";

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
        Self::start_in(port, None)
    }

    /// With its leases kept in a folder.
    fn start_in(port: u16, folder: Option<&Path>) -> Self {
        let program = std::env::current_exe().unwrap();
        let process = Command::new(program)
            .envs(folder.map(|folder| (FOLDER, folder)))
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
    let folder = std::env::var(FOLDER).ok().map(PathBuf::from);
    let site = Site::start_in(bijou_registry::Settings::default(), port.unwrap_or(0), folder.as_deref());
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

/// Waits until a registry answers.
async fn until_there(registry: &RegistryClient) {
    let until = Instant::now() + PATIENCE;
    while registry.applications().await.is_err() {
        assert!(Instant::now() < until, "the registry does not come up");
        sleep(Duration::from_millis(10)).await;
    }
}

/// Registers an instance; false when the registry is gone.
fn is_registered(stream: &mut TcpStream, id: &str) -> bool {
    let body = registration("ORDERS", id, 8080, 90, 1_790_000_000_000);
    let head = format!(
        "POST /eureka/apps/ORDERS HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let mut answer = [0; 1024];
    let sent = stream.write_all(&[head.as_bytes(), &body].concat());
    sent.and_then(|()| stream.read(&mut answer)).is_ok_and(|length| answer[..length].starts_with(b"HTTP/1.1 204"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_was_answered_is_still_there_after_a_kill_in_the_middle_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let registry = Killable::start_in(free_port(), Some(folder.path()));
    let (url, port) = (registry.url(), registry.port);
    until_there(&RegistryClient::new(&url).unwrap()).await;

    // Eight who register one instance after another until nobody answers any more.
    let answered = Arc::new(AtomicU64::new(0));
    let clients = (0..8).map(|client| {
        let answered = Arc::clone(&answered);
        std::thread::spawn(move || {
            let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
            let mut known = Vec::new();
            loop {
                let id = format!("{client}-{}", known.len());
                if !is_registered(&mut stream, &id) {
                    return known;
                }
                known.push(id);
                answered.fetch_add(1, Ordering::Relaxed);
            }
        })
    });
    let clients = clients.collect::<Vec<_>>();
    let until = Instant::now() + PATIENCE;
    while answered.load(Ordering::Relaxed) < 200 {
        assert!(Instant::now() < until, "registrations are not answered");
        sleep(Duration::from_millis(1)).await;
    }
    registry.kill();
    let mut known = Vec::new();
    for client in clients {
        known.extend(client.join().unwrap());
    }

    let registry = Killable::start_in(port, Some(folder.path()));
    let direct = RegistryClient::new(&url).unwrap();
    until_there(&direct).await;
    let all = direct.applications().await.unwrap();
    let back = all.applications.iter().flat_map(|app| &app.instances).map(|instance| instance.id().to_owned());
    let back = back.collect::<BTreeSet<_>>();
    let lost = known.iter().filter(|id| !back.contains(*id)).collect::<Vec<_>>();
    assert!(lost.is_empty(), "{} of {} are lost: {lost:?}", lost.len(), known.len());
    // It says that they are from before, and that nobody has renewed yet.
    let restored = direct.leases().await.unwrap().restored.expect("it says so");
    assert_eq!((restored.leases, restored.unconfirmed), (back.len(), back.len()));
    registry.kill();
}
