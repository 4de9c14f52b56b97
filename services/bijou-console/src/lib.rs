//! The console: what runs, what is slow, what failed and why.
//!
//! Roles deliver spans and log lines by OTLP (`routes.rs`, `otlp.rs`), and are asked for their metrics (`scrape.rs`); programs
//! that are not ours may deliver theirs (`pushed.rs`). A bounded memory joins them by trace and request
//! id (`domain/memory.rs`) and, once a request has settled, tells it as a story (`domain/tell.rs`): to the live stream
//! and to whoever asks on the operator listener (`operator.rs`). What is older than the memory is found in the archive on
//! disk (`archive.rs`). Beside that it shows the registry's instances with their leases and health (`instances.rs`).
//!
//! Nobody waits for it: a console that is away costs the platform nothing but the view. What operators change is
//! recorded first and done then (`audit.rs`), in a database of its own (`store.rs`). Why a title is or is not there for
//! somebody it asks the title's owners (`doctor.rs`).
//! What they break on purpose is kept in force from here, and ends when nobody does (`faults.rs`). Whether a viewer could sign
//! in, search and play it tries itself (`checks.rs`).

mod archive;
mod audit;
mod checks;
mod doctor;
mod domain;
mod faults;
mod instances;
mod operator;
mod otlp;
mod pushed;
mod routes;
mod scrape;
mod state;
mod store;
mod telemetry;
mod time;
mod token;

use std::net::SocketAddr;
use std::sync::Arc;

use bijou_chassis::{Assets, BoxError, Context, Service};
use bijou_config::ConfigError;
use bijou_eureka::RegistryClient;
use serde::Deserialize;
use tracing::{info, warn};
use utoipa::openapi::{InfoBuilder, OpenApi};

use crate::archive::Archive;
use crate::audit::Audit;
use crate::checks::{Checks, ChecksConfig};
use crate::faults::{FaultLab, FaultLimits};
use crate::instances::HealthBook;
use crate::operator::{Operator, Sessions};
use crate::state::Shared;
use crate::store::Store;

pub use operator::openapi as operator_openapi;

/// The role in lower case.
pub const ROLE: &str = "console";

/// Section `[console]`, besides what all roles have.
#[derive(Debug, Clone, Deserialize)]
pub struct Config {
    /// Where operators come in.
    pub operator_listen: SocketAddr,
    /// What they sign in with; empty for one made for the data folder.
    pub operator_token: String,
    /// Memory for spans and log lines, in bytes; the oldest requests are forgotten first.
    pub memory_bytes_max: usize,
    /// Disk for what is older than that, in bytes; the oldest file is removed first.
    pub archive_bytes_max: u64,
    /// How far a fault may go that an operator puts in.
    pub faults: FaultLimits,
    pub checks: ChecksConfig,
}

/// The REST contract of the internal listener. The operator's API has its own: [`operator_openapi`].
pub fn openapi() -> OpenApi {
    let mut document = routes::routes().split_for_parts().1;
    document.info = InfoBuilder::new()
        .title("Bijou console")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("Takes the spans and log lines of all roles, and the metrics of programs that deliver them."))
        .build();
    document
}

/// The service. `assets` finds the files of the built console app.
pub async fn service(context: Context, assets: Assets) -> Result<Service, BoxError> {
    let config: Config = context.config()?;
    let registry_url: String = registry_url(&context)?;
    let registry = if registry_url.is_empty() {
        None
    } else {
        let dial = bijou_chassis::registry_dial(&context.settings)?;
        Some(Arc::new(RegistryClient::new_over(&registry_url, &dial)?))
    };
    // A second holder of the address must be noticed before this one says that it is ready.
    let listener = bijou_chassis::bind(config.operator_listen, "console.operator_listen")?;
    let address = listener.local_addr()?;
    info!(server.address = %address, "the operator listener is open");
    if !address.ip().is_loopback() {
        warn!(
            server.address = %address,
            "the operator listener can be reached from outside and speaks plain HTTP: put something in front that encrypts"
        );
    }
    context.announcement.set("bijou.operator-address", address.to_string());

    // A folder for each instance on this machine: two must not write one file, nor remove it from under each other.
    let slot = context.instance_id.rsplit(':').next().unwrap_or_default();
    let archive = Archive::open(&context.data_dir.join("telemetry").join(slot), config.archive_bytes_max).await?;
    let shared = Shared::new(config.memory_bytes_max, archive.clone());
    telemetry::register(&context.metrics, &shared);
    let book = HealthBook::default();
    let opened = context.readiness.condition("store", "the database is being opened");
    let store = Store::open(&context.database_url()?).await?;
    opened.ready();
    let token = token::of_platform(&config.operator_token, &context.data_dir)?;
    let audit = Audit::new(store.clone());
    let lab = FaultLab::new(&context, config.faults);
    let metrics = telemetry::CheckMetrics::register(&context.metrics);
    let checks = Checks::new(config.checks, context.client.clone(), store.clone(), metrics);
    let operator = Operator {
        context: context.clone(),
        shared: shared.clone(),
        book: book.clone(),
        registry,
        registry_url: registry_url.into(),
        sessions: Arc::new(Sessions::new(token)),
        audit: audit.clone(),
        faults: lab.clone(),
        checks: checks.clone(),
        assets,
    };

    let routes = routes::routes().with_state(shared.clone());
    let pages = bijou_chassis::serve(listener, operator::router(operator), context.draining.clone());
    let health = instances::watch(
        context.client.clone(),
        context.discovery.clone(),
        book,
        shared.clone(),
        context.shutdown.clone(),
    );
    let metrics =
        scrape::watch(context.client.clone(), context.discovery.clone(), shared.clone(), context.shutdown.clone());
    let comings = instances::comings::watch(context.discovery.clone(), archive.clone(), context.shutdown.clone());
    let stop = context.shutdown.clone();
    Ok(Service::new(routes)
        .without_traces("/v1/traces")
        .without_traces("/v1/logs")
        .without_traces("/v1/metrics")
        .with_task("operator listener", async move { pages.await.map_err(Into::into) })
        .with_task("health", async move {
            health.await;
            Ok(())
        })
        .with_task("checks", {
            let stop = context.shutdown.clone();
            async move {
                checks.run_until(stop.clone()).await;
                // A task that is over would be taken for one that failed.
                stop.cancelled().await;
                Ok(())
            }
        })
        .with_task("settle", async move {
            tokio::select! {
                () = shared.settle_for_ever() => {}
                () = stop.cancelled() => {}
            }
            Ok(())
        })
        .with_task("metrics", async move {
            metrics.await;
            Ok(())
        })
        .with_task("comings", async move {
            comings.await;
            Ok(())
        })
        .with_task("faults", {
            let stop = context.shutdown.clone();
            async move {
                lab.keep_in_force(audit, stop).await;
                Ok(())
            }
        })
        .with_task("archive", {
            let (archive, stop) = (archive.clone(), context.shutdown.clone());
            async move {
                archive.write_until(stop).await;
                Ok(())
            }
        })
        .with_closing(async move {
            // What came while the task above was ending.
            archive.write_waiting().await;
            archive.close().await;
        })
        .with_closing(store.close()))
}

fn registry_url(context: &Context) -> Result<String, ConfigError> {
    #[derive(Deserialize)]
    struct Registry {
        url: String,
    }
    Ok(context.settings.section::<Registry>("registry")?.url)
}
