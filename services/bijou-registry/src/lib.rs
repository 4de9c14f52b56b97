//! The registry: leases of service instances, spoken in Eureka's REST. Every Eureka client is a client of it.
//!
//! A request's life: one of the runtimes (`server.rs`, one for every two cores) accepts it, a
//! [`conversation`](conversation.rs) reads it (hyper, where it comes by TLS or is not quite ordinary), [`path`](path.rs) names its resource,
//! [`handle`](handle.rs) asks the [`registry`](registry.rs), which is [`leases`](leases.rs) (pure bookkeeping) behind a
//! lock, finished [`documents`](documents.rs) beside it, and a broadcast of changes to [`watch`](watch.rs)ers.
//!
//! It runs alone: no passport, no other role. Leases outlive the process in a store of its own ([`disk`](disk.rs)); other
//! registries are told by Eureka's replication ([`peers`](peers.rs)), those of other regions are only read
//! ([`regions`](regions.rs)). Who may do what is in [`access`](access.rs), TLS in [`tls`](tls.rs); the page for people is in `page/`.

mod access;
mod answer;
mod audit;
mod clock;
#[cfg(test)]
mod cluster_tests;
mod conversation;
mod disk;
mod documents;
#[cfg(test)]
mod explained_tests;
mod fields;
mod handle;
#[cfg(test)]
mod histories;
#[cfg(test)]
mod in_process;
mod leases;
mod negotiate;
mod own;
mod path;
mod peers;
mod rate;
mod regions;
mod registry;
mod server;
mod settings;
mod telemetry;
#[cfg(test)]
mod test_log;
mod tls;
mod views;
mod waiters;
mod watch;

use std::{net::SocketAddr, path::Path, sync::Arc, thread::JoinHandle, time::Duration};

use bijou_chassis::{Bootstrap, ChassisError};
use bijou_eureka::Instance;
use bijou_passport::Signer;
use bijou_telemetry::{LogSettings, Metrics, Role};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::info;

pub use crate::settings::{
    Access, AccessRule, Caller, Limits, Peers, Rate, Region, Right, SelfPreservation, Settings, Tls,
};
use crate::{
    audit::Audit,
    clock::Clock,
    disk::Disk,
    handle::{About, Site},
    rate::Limiter,
    regions::Regions,
    registry::Registry,
    server::Listeners,
    telemetry::Telemetry,
};

/// The role's name, and in capitals its application.
pub const ROLE: &str = "registry";

/// Leases are looked at least this often. None is shorter, so a new one cannot end before the next look.
const SWEEP_EVERY_MAX: Duration = Duration::from_secs(1);

/// Runs the registry until it is told to stop.
pub async fn run(mut bootstrap: Bootstrap) -> Result<(), ChassisError> {
    let settings: Settings = bootstrap.settings.section(ROLE)?;
    bijou_telemetry::install(&bootstrap.settings.section::<LogSettings>("log")?)?;
    let metrics = Metrics::for_role(&bootstrap.telemetry);
    let shutdown = bootstrap.shutdown.clone();
    let signer = Arc::new(Signer::generate(&bootstrap.application()));
    let name = Name {
        version: bootstrap.version,
        instance_id: bootstrap.instance_id.clone(),
        passport_keys: Some(signer.jwks().to_string().into()),
    };
    // It reads its own list over HTTP, whatever the rules say of others.
    let own_secret = format!("{:032x}", rand::random::<u128>());
    let folder = settings.durable.then(|| bootstrap.data_dir.join(ROLE));
    let telemetry = Some(&bootstrap.telemetry);
    let (running, entry) =
        serve(&settings, folder.as_deref(), metrics, telemetry, name, &own_secret, shutdown.clone())?;
    bootstrap.listening(running.addr);
    info!(server.address = %running.addr, "registry at http://{}/eureka", running.addr);
    if let Some(addr) = running.tls_addr {
        info!(server.address = %addr, "registry at https://{addr}/eureka");
    }
    let own = own::Own::join(&bootstrap, &running, entry, signer, &own_secret)?;
    shutdown.cancelled().await;
    running.stopped().await;
    own.leave().await;
    Ok(())
}

/// A registry that serves.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub addr: SocketAddr,
    /// Where it listens by TLS, if it does.
    pub tls_addr: Option<SocketAddr>,
    threads: Vec<JoinHandle<()>>,
    registry: Arc<Registry>,
}

impl Running {
    /// Waits until every connection has ended after `shutdown` was cancelled.
    pub async fn stopped(self) {
        let Running { threads, registry, .. } = self;
        let joined = tokio::task::spawn_blocking(move || {
            for thread in threads {
                // A thread that panicked has ended too.
                drop(thread.join());
            }
            registry.finish();
        });
        // Only a runtime that is being torn down drops the wait.
        let _ = joined.await;
    }
}

/// Binds and serves on threads of its own, until `shutdown`. [`run`] is this plus settings, logging, an entry of its own
/// and waiting. Keeps its leases in `folder` if there is one. Needs a tokio runtime for its timer.
pub fn start(
    settings: &Settings,
    folder: Option<&Path>,
    metrics: Metrics,
    role: Option<&Role>,
    version: &'static str,
    shutdown: CancellationToken,
) -> Result<Running, ChassisError> {
    let name = Name { version, instance_id: ROLE.to_owned(), passport_keys: None };
    let own_secret = format!("{:032x}", rand::random::<u128>());
    serve(settings, folder, metrics, role, name, &own_secret, shutdown).map(|(running, _)| running)
}

/// What a registry is known by before it has an address.
struct Name {
    version: &'static str,
    instance_id: String,
    passport_keys: Option<bytes::Bytes>,
}

/// Returns the registry's own entry too, which is not in its list.
fn serve(
    settings: &Settings,
    folder: Option<&Path>,
    metrics: Metrics,
    role: Option<&Role>,
    name: Name,
    own_secret: &str,
    shutdown: CancellationToken,
) -> Result<(Running, Arc<Instance>), ChassisError> {
    let threads = match settings.threads {
        // More would wait for each other's lock and memory: a heartbeat then costs a seventh more (docs/adr/0037).
        0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get).div_ceil(2),
        threads => threads,
    };
    let access = access::Access::new(&settings.access).map_err(failed)?.with_own(ROLE, own_secret);
    let regions = Arc::new(Regions::new(&settings.regions, settings.regions_fallback).map_err(failed)?);
    let acceptor = tls::acceptor(&settings.tls).map_err(failed)?;
    let dial = tls::dialer(settings).map_err(failed)?;
    let plain = Listeners::bind(settings.listen, threads, "registry.listen")?;
    let secure = match settings.tls.listen.zip(acceptor) {
        Some((addr, acceptor)) => Some((Listeners::bind(addr, threads, "registry.tls.listen")?, acceptor)),
        None => None,
    };
    let (addr, tls_addr) = (plain.addr, secure.as_ref().map(|(listeners, _)| listeners.addr));
    let mut entry = bijou_chassis::instance_entry(ROLE, &name.instance_id, addr, name.version);
    entry.is_coordinating = true;
    let entry = Arc::new(entry);
    let epoch = format!("{:016x}", rand::random::<u64>());
    let peers = peers::Peers::new(settings.peers.clone(), Arc::clone(&dial));
    let registry = Arc::new(Registry::new(
        &settings.self_preservation,
        Clock::start(),
        Telemetry::new(metrics),
        epoch,
        peers,
        Arc::clone(&regions),
    ));
    if let Some(folder) = folder {
        let (disk, kept) = Disk::open(folder).map_err(failed)?;
        registry.remember(disk, kept);
    }
    peers::Peers::start(&registry, &shutdown).map_err(failed)?;
    regions.start(&dial, &shutdown);
    let site = Site {
        registry: Arc::clone(&registry),
        access: Arc::new(access),
        limiter: Arc::new(Limiter::new(&settings.rate)),
        audit: Arc::new(Audit::default()),
        waiters: Arc::default(),
        limits: settings.limits.clone(),
        shutdown: shutdown.clone(),
        about: About { version: name.version, passport_keys: name.passport_keys, entry: Arc::clone(&entry) },
    };
    let threads = server::serve(plain, secure, &site, role, settings.limits.connections_max)
        .map_err(|source| ChassisError::Listen { addr, source })?;
    let swept = Arc::clone(&registry);
    tokio::spawn(async move { shutdown.run_until_cancelled(sweep(&swept)).await });
    Ok((Running { addr, tls_addr, threads, registry }, entry))
}

fn failed(source: impl std::error::Error + Send + Sync + 'static) -> ChassisError {
    ChassisError::Build { role: ROLE, source: source.into() }
}

/// Ends each lease when it is over.
async fn sweep(registry: &Registry) {
    loop {
        let next = registry.sweep().map_or(SWEEP_EVERY_MAX, |ms| Duration::from_millis(ms).min(SWEEP_EVERY_MAX));
        // A lease that is kept beyond its end must not turn this into a busy loop.
        sleep(next.max(Duration::from_millis(5))).await;
    }
}
