//! A gateway in one piece: started from what it needs, reloaded, stopped. Knows neither files nor the registry's ways.
//!
//! [`crate::run()`] puts it into the platform; tests and programs with filters of their own start it directly.

use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;

use arc_swap::ArcSwap;
use bijou_chassis::Assets;
use bijou_client::{Client, ClientConfig, Faults, RegistryKeys};
use bijou_eureka::Discovery;
use bijou_passport::{KeySource, Signer, Verifier};
use bijou_telemetry::Role;
use tokio_util::sync::CancellationToken;
use tracing::{error, info};

use crate::admin;
use crate::assets::AssetStore;
use crate::chain::{Chain, ChainError, Order};
use crate::config::{Config, InvalidConfig};
use crate::filter::Filters;
use crate::filters::{self, RateLimiter};
use crate::keys::Keys;
use crate::listener::{self, ListenError};
use crate::platform::{self, Documents};
use crate::shared::{Settings, Shared};
use crate::stats::Stats;
use crate::story::Ring;
use crate::worker;

/// What a gateway is started from.
#[derive(Debug)]
pub struct Setup {
    pub config: Config,
    /// Where instances are found.
    pub discovery: Discovery,
    /// Signs passports, as `GATEWAY`.
    pub signer: Arc<Signer>,
    /// Filters of one's own.
    pub filters: Filters,
    /// The viewer app.
    pub assets: Option<Assets>,
    /// Who speaks in spans; without it nothing is sampled.
    pub telemetry: Option<Role>,
    /// Keys of those who may look into the admin listener; by default those of live instances.
    pub admin_keys: Option<KeySourceBox>,
    /// What the console may ask and change of the process, on the admin listener.
    pub control: Option<axum::Router>,
}

/// A key source that can be shown.
pub struct KeySourceBox(pub Arc<dyn KeySource>);

impl std::fmt::Debug for KeySourceBox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeySourceBox")
    }
}

impl Setup {
    /// A gateway without registry, app, telemetry or filters of one's own.
    pub fn new(config: Config) -> Self {
        Self {
            config,
            discovery: Discovery::manual().0,
            signer: Arc::new(Signer::generate(bijou_passport::GATEWAY)),
            filters: Filters::new(),
            assets: None,
            telemetry: None,
            admin_keys: None,
            control: None,
        }
    }
}

/// Why a gateway could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Config(#[from] InvalidConfig),
    #[error(transparent)]
    Chain(#[from] ChainError),
    #[error(transparent)]
    Listen(#[from] ListenError),
    #[error("a worker thread could not be started")]
    Thread(#[source] std::io::Error),
}

/// A running gateway.
#[derive(Debug)]
pub struct Gateway {
    addr: SocketAddr,
    admin_addr: SocketAddr,
    shared: Arc<Shared>,
    stop: CancellationToken,
    /// Cancelled when a worker ends without having been told to.
    died: CancellationToken,
    background: CancellationToken,
    workers: Vec<JoinHandle<()>>,
}

impl Gateway {
    /// Takes the addresses and starts the workers. Called within a tokio runtime, which carries the background work;
    /// requests run on the workers' own.
    #[expect(clippy::unused_async, reason = "it needs a runtime around it, which a plain function would not say")]
    pub async fn start(setup: Setup) -> Result<Self, StartError> {
        let worker_count = setup.config.worker_count();
        let stats = Stats::new(worker_count);
        let limiter = Arc::new(RateLimiter::new());
        let chain = Chain::new(filters::inbound(Arc::clone(&limiter)), filters::outbound(), setup.filters, &stats)?;
        let (listen, admin_listen) = (setup.config.listen, setup.config.admin_listen);
        let timelines_max = setup.config.timelines_max;
        let tokens = setup.config.tokens.clone();
        let zone = setup.config.own_zone().map(str::to_owned);
        let settings = Settings::new(setup.config, &stats)?;
        let listeners = listener::bind(listen, worker_count, "gateway.listen")?;
        let admin_listener = listener::bind(admin_listen, 1, "gateway.admin_listen")?.remove(0);
        let local = |listener: &std::net::TcpListener, addr, setting| {
            listener.local_addr().map_err(|source| ListenError::Other { addr, setting, source })
        };
        let addr = local(&listeners[0], listen, "gateway.listen")?;
        let admin_addr = local(&admin_listener, admin_listen, "gateway.admin_listen")?;

        let (keys, fetcher) = Keys::new();
        let shared = Arc::new(Shared {
            settings: ArcSwap::from_pointee(settings),
            stats,
            limiter,
            faults: Faults::default(),
            chain,
            discovery: setup.discovery.clone(),
            zone: zone.as_deref().map(Arc::from),
            signer: Arc::clone(&setup.signer),
            keys: Arc::clone(&keys),
            rings: (0..worker_count).map(|_| Ring::new(timelines_max / worker_count)).collect(),
            role: setup.telemetry,
            assets: AssetStore::new(setup.assets),
            documents: ArcSwap::from_pointee(Documents::default()),
            worker_count,
            instances: (0..worker_count).map(|_| std::sync::Mutex::default()).collect(),
        });
        announce(&shared.chain.order());

        let (stop, died, background) = (CancellationToken::new(), CancellationToken::new(), CancellationToken::new());
        let config = ClientConfig { zone, ..ClientConfig::default() };
        let client = Client::new(config, setup.discovery.clone(), Some(setup.signer), "gateway");
        let admin_keys = setup
            .admin_keys
            .map_or_else(|| Arc::new(RegistryKeys::new(client.clone())) as Arc<dyn KeySource>, |keys| keys.0);
        let verifier = Verifier::new(bijou_passport::GATEWAY, admin_keys);
        tokio::spawn(fetcher.run(keys, client.clone(), setup.discovery, tokens, background.clone()));
        tokio::spawn(platform::keep_current(Arc::clone(&shared), client, background.clone()));
        tokio::spawn(admin::serve(Arc::clone(&shared), verifier, admin_listener, setup.control, background.clone()));

        let mut workers = Vec::new();
        for (index, listener) in listeners.into_iter().enumerate() {
            let (shared, stop, died) = (Arc::clone(&shared), stop.clone(), died.clone());
            let work = move || {
                let _bell = (!stop.is_cancelled()).then(|| died.drop_guard());
                if let Some(role) = &shared.role {
                    role.bind_thread();
                }
                if let Err(source) = worker::run(index, shared, listener, stop) {
                    error!(worker = index, error = %source, "a worker could not run");
                }
            };
            let thread = std::thread::Builder::new().name(format!("gateway-{index}")).spawn(work);
            workers.push(thread.map_err(StartError::Thread)?);
        }
        Ok(Self { addr, admin_addr, shared, stop, died, background, workers })
    }

    /// The public address.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The internal address for operators' tools.
    pub fn admin_addr(&self) -> SocketAddr {
        self.admin_addr
    }

    /// What reads everything that is counted, as OpenMetrics text.
    pub fn metrics(&self) -> impl Fn() -> String + Send + use<> {
        let shared = Arc::clone(&self.shared);
        move || crate::admin::metrics_text(&shared)
    }

    /// The filters in their order.
    pub fn order(&self) -> Order {
        self.shared.chain.order()
    }

    /// Puts a new configuration to use: routes, limits, times. Addresses and workers need a restart.
    pub fn reload(&self, config: Config) -> Result<(), InvalidConfig> {
        self.shared.reload(config)
    }

    /// Says that a new configuration could not even be read; the one in use stays, and `/readyz` says why.
    pub fn reload_failed(&self, reason: impl Into<String>) {
        self.shared.note_reload(Some(reason.into()));
    }

    /// Completes when a worker has ended without being told to. The gateway is of no use then.
    pub async fn died(&self) {
        self.died.cancelled().await;
    }

    /// Stops: no new connections, requests being carried are finished, then everything is closed.
    pub async fn stop(self) {
        self.stop.cancel();
        let workers = self.workers;
        let joined =
            tokio::task::spawn_blocking(move || workers.into_iter().filter_map(|worker| worker.join().err()).count());
        if joined.await.is_ok_and(|panicked| panicked > 0) {
            error!("a worker had panicked");
        }
        self.background.cancel();
    }
}

fn announce(order: &Order) {
    info!(
        inbound = order.inbound.join(" -> "),
        outbound = order.outbound.join(" -> "),
        "filters in their order: {}",
        order.inbound.join(" -> ")
    );
}
