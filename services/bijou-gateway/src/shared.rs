//! What all workers of a gateway have in common. None of it is written while requests are carried, but for the rate
//! limits and the list of failures.

use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use bijou_client::Faults;
use bijou_eureka::Discovery;
use bijou_passport::Signer;
use bijou_telemetry::Role;
use serde::Serialize;

use crate::assets::AssetStore;
use crate::balance::zones::Locality;
use crate::chain::Chain;
use crate::config::{Config, InvalidConfig};
use crate::filters::RateLimiter;
use crate::keys::Keys;
use crate::platform::Documents;
use crate::routes::RouteTable;
use crate::stats::Stats;
use crate::story::{Record, Ring};
use crate::worker::Worker;

/// A configuration that was checked, with its routes.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) config: Config,
    pub(crate) table: RouteTable,
}

impl Settings {
    pub(crate) fn new(config: Config, stats: &Stats) -> Result<Self, InvalidConfig> {
        config.check()?;
        let table = RouteTable::compile(&config, stats)?;
        Ok(Self { config, table })
    }
}

/// What all workers have in common.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) settings: ArcSwap<Settings>,
    pub(crate) stats: Stats,
    pub(crate) limiter: Arc<RateLimiter>,
    /// Put in by operators.
    pub(crate) faults: Faults,
    pub(crate) chain: Chain,
    pub(crate) discovery: Discovery,
    /// The gateway's own.
    pub(crate) zone: Option<Arc<str>>,
    pub(crate) signer: Arc<Signer>,
    pub(crate) keys: Arc<Keys>,
    pub(crate) rings: Vec<Ring>,
    pub(crate) role: Option<Role>,
    pub(crate) assets: AssetStore,
    pub(crate) documents: ArcSwap<Documents>,
    pub(crate) worker_count: usize,
    pub(crate) instances: Vec<Mutex<Vec<InstanceView>>>,
}

/// An instance as one worker sees it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct InstanceView {
    pub(crate) application: Arc<str>,
    pub(crate) instance_id: Arc<str>,
    pub(crate) address: String,
    pub(crate) worker: usize,
    pub(crate) state: &'static str,
    pub(crate) score: f32,
    pub(crate) in_flight: u32,
    /// Of what a sound one can carry; 0 when it gets nothing while there are others.
    pub(crate) capacity: f32,
    /// Of [`crate::balance::zones::Locality`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) locality: Option<&'static str>,
    pub(crate) idle_connections: usize,
    pub(crate) answered: u64,
    pub(crate) failed: u64,
}

impl Shared {
    /// Puts a worker's view of the instances where operators can see it.
    pub(crate) fn publish_instances(&self, worker: &Worker) {
        let now = worker.clock.now();
        let views = worker.directory.all().into_iter().map(|(application, instance)| {
            let (answered, failed) = instance.health.totals();
            InstanceView {
                application,
                instance_id: Arc::clone(&instance.id),
                address: instance.addr.to_string(),
                worker: worker.index,
                state: instance.health.state(now).name(),
                score: instance.health.score(now),
                in_flight: instance.health.in_flight(),
                capacity: instance.health.capacity(now),
                locality: instance.locality().map(Locality::name),
                idle_connections: instance.idle(),
                answered,
                failed,
            }
        });
        *self.instances[worker.index].lock().unwrap_or_else(PoisonError::into_inner) = views.collect();
    }

    /// All workers' views.
    pub(crate) fn instance_views(&self) -> Vec<InstanceView> {
        self.instances.iter().flat_map(|views| views.lock().unwrap_or_else(PoisonError::into_inner).clone()).collect()
    }

    /// The story of a request, whichever worker carried it.
    pub(crate) fn find_story(&self, request_id: &str) -> Option<Arc<Record>> {
        self.rings.iter().find_map(|ring| ring.find(request_id))
    }

    /// All stories, the newest first.
    pub(crate) fn stories(&self) -> Vec<Arc<Record>> {
        let mut stories: Vec<_> = self.rings.iter().flat_map(Ring::all).collect();
        stories.sort_by_key(|record| std::cmp::Reverse((record.started_ns, record.request_id.clone())));
        stories
    }

    /// Puts a new configuration to use; the old one stays when it cannot be.
    pub(crate) fn reload(&self, config: Config) -> Result<(), InvalidConfig> {
        let outcome = Settings::new(config, &self.stats).map(|settings| {
            let before = self.settings.load();
            for (setting, changed) in [
                ("listen", settings.config.listen != before.config.listen),
                ("admin_listen", settings.config.admin_listen != before.config.admin_listen),
                ("workers", settings.config.workers != before.config.workers),
                ("zone", settings.config.zone != before.config.zone),
            ] {
                if changed {
                    tracing::warn!(
                        "`gateway.{setting}` has changed: that needs a restart, everything else is in use now"
                    );
                }
            }
            self.settings.store(Arc::new(settings));
        });
        match &outcome {
            Ok(()) => self.note_reload(None),
            Err(error) => self.note_reload(Some(error.to_string())),
        }
        outcome
    }

    /// Counts a reload; `error` says why the configuration in use is still the old one.
    pub(crate) fn note_reload(&self, error: Option<String>) {
        let mut reloads = self.stats.reloads.lock().unwrap_or_else(PoisonError::into_inner);
        match &error {
            None => reloads.accepted += 1,
            Some(_) => reloads.rejected += 1,
        }
        reloads.last_error = error;
    }
}
