//! A service under test: the real thing on the chassis, on loopback.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use bijou_chassis::{Bootstrap, BoxError, ChassisError, Context, Service};
use bijou_config::Layered;
use bijou_eureka::{Discovery, Instance, SnapshotPublisher};
use bijou_passport::Claims;
use http::{Method, Request};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::contract::Contract;
use crate::http_client::{self, HttpClient};
use crate::{Passports, User, wait_until};

/// The defaults everybody gets.
const DEFAULTS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/bijou.toml"));

/// What tests want otherwise: no registry, no telemetry, few words, a quick stop.
const QUIET: &str = "
[registry]
url = ''
[telemetry]
otlp = 'off'
[log]
level = 'warn'
format = 'human'
color = 'never'
[stop]
drain_ms = 0
";

/// How a service under test is set up.
pub struct TestServiceBuilder {
    role: &'static str,
    settings: Vec<String>,
    discovery: Discovery,
    publisher: SnapshotPublisher,
    peers: Vec<Instance>,
    data: TempDir,
    is_committed: bool,
    has_known_keys: bool,
}

/// A running service. It stops when it is dropped, gracefully with [`TestService::stop`].
pub struct TestService {
    /// `http://127.0.0.1:<port>`.
    pub base_url: String,
    /// Who signs passports for it.
    pub passports: Arc<Passports>,
    client: HttpClient,
    contract: Arc<Contract>,
    shutdown: CancellationToken,
    running: Option<JoinHandle<Result<(), ChassisError>>>,
    publisher: SnapshotPublisher,
    peers: Mutex<Vec<Instance>>,
    data: Option<TempDir>,
}

impl TestService {
    /// Starts a service with `settings` (TOML) on top of the defaults, and waits until it is ready.
    pub async fn start<F, Fut>(role: &'static str, settings: &str, build: F) -> Self
    where
        F: FnOnce(Context) -> Fut + Send + 'static,
        Fut: Future<Output = Result<Service, BoxError>> + Send + 'static,
    {
        Self::of(role).settings(settings).start(build).await
    }

    /// A service to be set up in more detail.
    pub fn of(role: &'static str) -> TestServiceBuilder {
        let (discovery, publisher) = Discovery::manual();
        TestServiceBuilder {
            role,
            settings: vec![QUIET.to_owned()],
            discovery,
            publisher,
            peers: Vec::new(),
            data: tempfile::tempdir().expect("a temporary folder"),
            is_committed: true,
            has_known_keys: true,
        }
    }

    /// Somebody without a passport.
    pub fn nobody(&self) -> User {
        self.user(None)
    }

    /// A visitor who has not signed in.
    pub fn anonymous(&self) -> User {
        self.user(Some(self.passports.anonymous()))
    }

    /// A signed-in account.
    pub fn account(&self, account: &str) -> User {
        self.user(Some(self.passports.account(account)))
    }

    /// Another service.
    pub fn service(&self, role: &str) -> User {
        self.user(Some(self.passports.service(role)))
    }

    /// Whoever these claims describe, as the gateway would sign them.
    pub fn claims(&self, claims: &Claims) -> User {
        self.user(Some(self.passports.claims(claims)))
    }

    /// Somebody with this token.
    pub fn token(&self, token: &str) -> User {
        self.user(Some(token.to_owned()))
    }

    /// Lets the service find another instance of `app` at this address from now on.
    pub fn add_peer(&self, app: &str, addr: SocketAddr) {
        let mut peers = self.peers.lock().expect("nothing panics while it is held");
        let instance = peer(app, peers.len(), addr);
        peers.push(instance);
        self.publisher.publish(&peers);
    }

    /// Takes all peers of `app` away.
    pub fn remove_peers(&self, app: &str) {
        let mut peers = self.peers.lock().expect("nothing panics while it is held");
        peers.retain(|peer| !peer.app.eq_ignore_ascii_case(app));
        self.publisher.publish(&peers);
    }

    /// The data folder of the service.
    pub fn data_dir(&self) -> &std::path::Path {
        self.data.as_ref().expect("kept until it is taken by `stop`").path()
    }

    /// Stops gracefully and gives back the data folder, to start again on it.
    pub async fn stop(mut self) -> TempDir {
        self.shutdown.cancel();
        let running = self.running.take().expect("stopped once");
        running.await.expect("no panic").expect("a graceful stop");
        self.data.take().expect("taken once")
    }

    fn user(&self, passport: Option<String>) -> User {
        User {
            base_url: self.base_url.clone(),
            client: self.client.clone(),
            contract: Arc::clone(&self.contract),
            passport,
        }
    }
}

impl Drop for TestService {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

impl TestServiceBuilder {
    /// Adds settings (TOML) on top of those so far.
    pub fn settings(mut self, toml: &str) -> Self {
        self.settings.push(toml.to_owned());
        self
    }

    /// Holds answers against the document the service serves instead of the committed one: for services that only
    /// borrow a role's name.
    pub fn own_contract(mut self) -> Self {
        self.is_committed = false;
        self
    }

    /// Lets the service fetch passport keys from its peers instead of knowing those of [`Passports`].
    pub fn keys_of_peers(mut self) -> Self {
        self.has_known_keys = false;
        self
    }

    /// Uses this data folder: that of a service that was stopped.
    pub fn data(mut self, data: TempDir) -> Self {
        self.data = data;
        self
    }

    /// Uses this database.
    pub fn database(self, url: &str) -> Self {
        let toml = format!("[{}]\ndatabase = '{url}'\n", self.role);
        self.settings(&toml)
    }

    /// Lets the service find another one at this address.
    pub fn peer(mut self, app: &str, addr: SocketAddr) -> Self {
        self.peers.push(peer(app, self.peers.len(), addr));
        self
    }

    /// Lets the service find a stand-in for another one, which answers by these routes for the rest of the test.
    pub fn stand_in(self, app: &str, routes: Router) -> Self {
        let listener = bijou_chassis::bind(SocketAddr::from(([127, 0, 0, 1], 0)), "stand-in").expect("any port");
        let addr = listener.local_addr().expect("bound");
        tokio::spawn(bijou_chassis::serve(listener, routes, CancellationToken::new()));
        self.peer(app, addr)
    }

    /// Starts it and waits until it is ready.
    pub async fn start<F, Fut>(self, build: F) -> TestService
    where
        F: FnOnce(Context) -> Fut + Send + 'static,
        Fut: Future<Output = Result<Service, BoxError>> + Send + 'static,
    {
        let service = self.launch(build).await;
        wait_until("the service to be ready", async || service.probe("/readyz").await.status() == 200).await;
        service
    }

    /// Starts it and waits only until it serves: for tests of what is answered before it is ready.
    pub async fn launch<F, Fut>(self, build: F) -> TestService
    where
        F: FnOnce(Context) -> Fut + Send + 'static,
        Fut: Future<Output = Result<Service, BoxError>> + Send + 'static,
    {
        let passports = Arc::new(Passports::new(&self.role.to_ascii_uppercase()));
        self.publisher.publish(&self.peers);
        let shutdown = CancellationToken::new();
        let (listening, bound) = oneshot::channel();
        let mut bootstrap = Bootstrap::new(self.role, 0, layered(&self.settings, &self.data), shutdown.clone())
            .expect("readable settings")
            .with_discovery(self.discovery)
            .on_listening(move |addr| {
                let _ = listening.send(addr);
            });
        if self.has_known_keys {
            bootstrap = bootstrap.with_keys(passports.keys());
        }
        // Every test has a thread and a runtime of its own: what this thread does is the service's.
        bootstrap.telemetry.bind_thread();
        let mut running = tokio::spawn(bijou_chassis::run(bootstrap, build));
        let addr = tokio::select! {
            biased;
            ended = &mut running => panic!("the service ended while it started: {}", ended_as(ended)),
            addr = bound => addr.expect("the address is sent once bound"),
        };
        let mut service = TestService {
            base_url: format!("http://{addr}"),
            passports,
            client: http_client::new(),
            contract: Arc::new(Contract::empty()),
            shutdown,
            running: Some(running),
            publisher: self.publisher,
            peers: Mutex::new(self.peers),
            data: Some(self.data),
        };
        let served = service.served_contract().await;
        let committed = if self.is_committed { Contract::committed(self.role) } else { None };
        service.contract = Arc::new(committed.unwrap_or(served));
        service
    }
}

impl TestService {
    /// Asks one of the chassis' own endpoints.
    pub(crate) async fn probe(&self, path: &str) -> http::Response<bytes::Bytes> {
        let mut request = Request::new(bytes::Bytes::new());
        *request.method_mut() = Method::GET;
        *request.uri_mut() = format!("{}{path}", self.base_url).parse().expect("a request target");
        http_client::exchange(&self.client, request).await
    }

    /// What the service says of itself.
    async fn served_contract(&mut self) -> Contract {
        // Waiting for the first answer here also notices a service that could not be built.
        let mut running = self.running.take().expect("just started");
        let answer = tokio::select! {
            biased;
            ended = &mut running => panic!("the service ended while it started: {}", ended_as(ended)),
            answer = self.probe("/openapi.json") => answer,
        };
        self.running = Some(running);
        Contract::of(serde_json::from_slice(answer.body()).expect("the document is JSON"))
    }
}

/// How a service ended, with everything behind it.
fn ended_as(ended: Result<Result<(), ChassisError>, tokio::task::JoinError>) -> String {
    let error: BoxError = match ended {
        Ok(Ok(())) => return "as if told to stop".to_owned(),
        Ok(Err(error)) => error.into(),
        Err(error) => error.into(),
    };
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        words = format!("{words}: {inner}");
        source = inner.source();
    }
    words
}

/// An instance as one of our roles would register.
fn peer(app: &str, number: usize, addr: SocketAddr) -> Instance {
    bijou_chassis::instance_entry(&app.to_ascii_lowercase(), &format!("test:{app}:{number}"), addr, "test")
}

fn layered(settings: &[String], data: &TempDir) -> Layered {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let files: Vec<_> = settings
        .iter()
        .enumerate()
        .map(|(index, toml)| {
            let path = folder.path().join(format!("{index}.toml"));
            std::fs::write(&path, toml).expect("a writable temporary folder");
            path
        })
        .collect();
    let data_dir = ("data.dir".to_owned(), data.path().to_string_lossy().into_owned());
    Layered::load(DEFAULTS, &files, std::iter::empty(), &[data_dir]).unwrap_or_else(|error| panic!("{error}"))
}
