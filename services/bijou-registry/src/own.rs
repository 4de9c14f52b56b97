//! The registry as a role among roles: its own entry, so that operators see it beside the others, and its log lines on
//! their way to the console, which checks their passport with keys found through that entry.
//!
//! The entry is kept without a connection to itself. Nothing of this is needed to serve: without a console the lines
//! are only printed.

use std::{sync::Arc, time::Duration};

use bijou_chassis::{Bootstrap, ChassisError, export_all};
use bijou_client::{Client, ClientConfig};
use bijou_eureka::{Discovery, DiscoverySettings, Endpoint, Instance};
use bijou_passport::Signer;
use tokio::{
    task::JoinHandle,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{
    Running,
    leases::{Beat, Origin, Renewal},
    registry::Registry,
};

/// Time for the last log lines to reach the console.
const LAST_LINES_MAX: Duration = Duration::from_secs(2);

/// What runs beside the serving threads.
pub struct Own {
    stop: CancellationToken,
    export: JoinHandle<()>,
}

impl Own {
    /// Enters the registry into itself and starts sending its log lines. On the current tokio runtime.
    pub fn join(
        bootstrap: &Bootstrap,
        running: &Running,
        entry: Arc<Instance>,
        signer: Arc<Signer>,
        own_secret: &str,
    ) -> Result<Self, ChassisError> {
        let stop = CancellationToken::new();
        let own_addr = Endpoint::of(&entry).map_or(running.addr, |endpoint| endpoint.addr);
        let (registry, counted) = (Arc::clone(&running.registry), Arc::clone(&running.registry));
        let stay_stop = stop.clone();
        tokio::spawn(async move { stay_stop.run_until_cancelled(stay(&registry, &entry)).await });

        // Followed until the stop begins only: that the registry is lost is no news to the registry.
        // Nobody but the console is called: a picture of everybody would double the memory of a large registry.
        let own_url = format!("http://{}:{own_secret}@{own_addr}/eureka", crate::ROLE);
        let settings = DiscoverySettings { app: Some("CONSOLE".to_owned()), ..DiscoverySettings::new(&own_url) };
        let discovery = Discovery::start_with(&settings, bootstrap.shutdown.clone())?;
        let client = Client::new(ClientConfig::default(), discovery, Some(signer), crate::ROLE);
        let metrics = move || counted.metrics();
        let export = tokio::spawn(export_all(bootstrap.telemetry.clone(), client, metrics, stop.clone()));
        Ok(Own { stop, export })
    }

    pub async fn leave(self) {
        self.stop.cancel();
        // What does not get through in time has been printed.
        let _ = timeout(LAST_LINES_MAX, self.export).await;
    }
}

/// Renews the registry's own lease, like anybody else's.
async fn stay(registry: &Registry, entry: &Instance) {
    loop {
        let renewal = registry.renew(&entry.app, entry.id(), Beat::new(Origin::Client, None));
        if matches!(renewal, Renewal::RegisterAgain) {
            registry.register(entry.clone(), Origin::Client);
        }
        sleep(Duration::from_secs(entry.lease.renewal_interval_s.max(1).into())).await;
    }
}
