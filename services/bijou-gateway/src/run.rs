//! The gateway as a role of the platform: configuration from files, discovery and registration, reload, orderly stop.

use std::sync::Arc;
use std::time::Duration;

use bijou_chassis::{
    Assets, Bootstrap, ChassisError, StopSettings, control_routes, export_all, instance_entry, prepare_data_folder,
    registry_dial,
};
use bijou_client::{Client, ClientConfig};
use bijou_eureka::{Discovery, DiscoverySettings, Registration, RegistrationHandle};
use bijou_passport::Signer;
use bijou_telemetry::LogSettings;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::config::Config;
use crate::filter::Filters;
use crate::gateway::{Gateway, Setup};
use crate::reload;

/// Metadata of the registered instance: where operators' tools find the admin listener.
const ADMIN_PORT: &str = "bijou.admin-port";

/// Runs the gateway until it is told to stop.
pub async fn run(bootstrap: Bootstrap, assets: Assets) -> Result<(), ChassisError> {
    run_with(bootstrap, assets, Filters::new()).await
}

/// Runs the gateway with filters of one's own among the built-in ones.
pub async fn run_with(mut bootstrap: Bootstrap, assets: Assets, filters: Filters) -> Result<(), ChassisError> {
    let config = Config::of(&bootstrap.settings)?;
    let zone = config.own_zone().map(str::to_owned);
    let stop: StopSettings = bootstrap.settings.section("stop")?;
    let logging = bijou_telemetry::install(&bootstrap.settings.section::<LogSettings>("log")?)?;
    let shutdown = bootstrap.shutdown.child_token();
    prepare_data_folder(&bootstrap.data_dir)?;
    let fails = |source: Box<dyn std::error::Error + Send + Sync>| ChassisError::Build { role: "gateway", source };

    let platform = CancellationToken::new();
    // Whatever happens below, what was started ends with this function.
    let _ends = platform.clone().drop_guard();
    let registry_url = bootstrap.registry_url()?;
    let dial = registry_dial(&bootstrap.settings)?;
    let discovery = match (bootstrap.discovery(), &registry_url) {
        (Some(given), _) => given,
        (None, Some(url)) => {
            let settings = DiscoverySettings { dial: Arc::clone(&dial), ..DiscoverySettings::new(url) };
            Discovery::start_with(&settings, platform.clone())?
        }
        (None, None) => Discovery::manual().0,
    };
    let signer = Arc::new(Signer::generate(&bootstrap.application()));
    let setup = Setup {
        config,
        discovery: discovery.clone(),
        signer: Arc::clone(&signer),
        filters,
        assets: Some(assets),
        telemetry: Some(bootstrap.telemetry.clone()),
        admin_keys: None,
        control: Some(control_routes(&bootstrap, logging, shutdown.clone())),
    };
    let gateway = Gateway::start(setup).await.map_err(|error| fails(error.into()))?;
    bootstrap.listening(gateway.addr());
    info!(server.address = %gateway.addr(), admin = %gateway.admin_addr(), "listening on {}", gateway.addr());

    let client = ClientConfig { zone: zone.clone(), ..ClientConfig::default() };
    let client = Client::new(client, discovery.clone(), Some(signer), "gateway");
    let exporting = CancellationToken::new();
    let metrics = gateway.metrics();
    let export = tokio::spawn(export_all(bootstrap.telemetry.clone(), client, metrics, exporting.clone()));
    let registration = match &registry_url {
        Some(url) => {
            let mut entry = instance_entry(bootstrap.role, &bootstrap.instance_id, gateway.addr(), bootstrap.version);
            entry.metadata.extend(zone.map(|zone| ("zone".to_owned(), zone)));
            entry.metadata.insert(ADMIN_PORT.to_owned(), gateway.admin_addr().port().to_string());
            Some(Registration::start_over(url, &dial, entry, Some(&discovery), platform.clone())?)
        }
        None => None,
    };

    let source = bootstrap.reload.take();
    let died = tokio::select! {
        () = shutdown.cancelled() => false,
        () = gateway.died() => true,
        () = reload::follow(&gateway, source) => false,
    };
    leave(registration, Duration::from_millis(stop.drain_ms)).await;
    gateway.stop().await;
    exporting.cancel();
    let _ = export.await;
    if died { Err(fails("a worker has ended by itself, see the log".into())) } else { Ok(()) }
}

/// Takes the gateway off the registry, and waits until others have noticed.
async fn leave(registration: Option<RegistrationHandle>, notice: Duration) {
    let Some(registration) = registration else { return };
    if tokio::time::timeout(Duration::from_secs(2), registration.deregister()).await.is_err() {
        warn!("the registry did not take the deregistration in time, the lease will run out");
    }
    tokio::time::sleep(notice).await;
}
