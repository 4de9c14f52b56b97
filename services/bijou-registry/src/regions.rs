//! Registries of other regions: read from here, never written to. Each is followed by a task of its own, and what it
//! knows stays while it cannot be reached.
//!
//! A Bijou registry says when something changed (`ETag` and `Prefer: wait`); one of Java's is asked for its delta every
//! thirty seconds, which is checked by the hash code and, where that does not agree, replaced by the whole list.

mod held;

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use arc_swap::ArcSwap;
use bijou_eureka::{Dial, RegionView, RegistryClient, RegistryError, ServiceUrl, ServiceUrlError};
use tokio::{sync::watch, time::sleep};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

pub use self::held::Held;
use crate::{access::Apps, leases::Record, settings};

/// Between two looks at one of Java's.
const POLL_EVERY: Duration = Duration::from_secs(30);
/// How long one of ours is asked to hold its answer back. Below the client's patience for the head of an answer.
const HOLD: Duration = Duration::from_secs(2);
const PAUSE_MIN: Duration = Duration::from_millis(250);
const PAUSE_MAX: Duration = Duration::from_secs(15);

/// All other regions.
#[derive(Debug)]
pub struct Regions {
    list: Vec<Arc<Region>>,
    /// Whether those who name no region are given what is not here.
    pub has_fallback: bool,
    changed: watch::Sender<u64>,
}

#[derive(Debug)]
pub struct Region {
    /// In lower case.
    pub name: String,
    url: ServiceUrl,
    apps: Apps,
    held: ArcSwap<Held>,
    is_ready: AtomicBool,
    is_up: AtomicBool,
    last_error: Mutex<Option<String>>,
}

impl Regions {
    pub fn new(settings: &[settings::Region], has_fallback: bool) -> Result<Self, ServiceUrlError> {
        let list = settings.iter().map(|region| {
            Ok(Arc::new(Region {
                name: region.name.to_lowercase(),
                url: ServiceUrl::parse(&region.url)?,
                apps: if region.apps.is_empty() { Apps::All } else { Apps::of(&region.apps) },
                held: ArcSwap::default(),
                is_ready: AtomicBool::new(false),
                is_up: AtomicBool::new(false),
                last_error: Mutex::default(),
            }))
        });
        Ok(Regions { list: list.collect::<Result<_, _>>()?, has_fallback, changed: watch::Sender::new(0) })
    }

    /// Follows all of them on the current tokio runtime.
    pub fn start(self: &Arc<Self>, dial: &Arc<dyn Dial>, stop: &CancellationToken) {
        for region in &self.list {
            let (regions, region, stop) = (Arc::clone(self), Arc::clone(region), stop.clone());
            let client = RegistryClient::over(region.url.clone(), Arc::clone(dial));
            tokio::spawn(async move { stop.run_until_cancelled(follow(&region, &client, &regions.changed)).await });
        }
    }

    pub fn is_any(&self) -> bool {
        !self.list.is_empty()
    }

    /// The regions of these names, ours and unknown ones left out; all when no names are given and there is a fallback.
    pub fn asked(&self, names: Option<&[String]>) -> Vec<Arc<Region>> {
        let is_asked = |region: &&Arc<Region>| match names {
            Some(names) => names.contains(&region.name),
            None => self.has_fallback,
        };
        self.list.iter().filter(is_asked).cloned().collect()
    }

    /// The first region that has `app`.
    pub fn application(&self, app: &str) -> Option<Vec<Arc<Record>>> {
        self.list.iter().filter(|_| self.has_fallback).find_map(|region| {
            let records = region.held().of_application(app);
            (!records.is_empty()).then_some(records)
        })
    }

    /// Every instance elsewhere that satisfies `is_meant`.
    pub fn find(&self, is_meant: impl Fn(&Record) -> bool) -> Vec<Arc<Record>> {
        let regions = self.list.iter().filter(|_| self.has_fallback);
        regions
            .flat_map(|region| region.held().records().filter(|record| is_meant(record)).cloned().collect::<Vec<_>>())
            .collect()
    }

    /// Tells when any of them changed.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    pub fn views(&self) -> Vec<RegionView> {
        let view = |region: &Arc<Region>| RegionView {
            name: region.name.clone(),
            url: region.url.to_string(),
            state: region.state().to_owned(),
            instances: region.held().count(),
            last_error: region.last_error.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        };
        self.list.iter().map(view).collect()
    }
}

impl Region {
    /// Whether it was read at least once.
    pub fn is_ready(&self) -> bool {
        self.is_ready.load(Ordering::Acquire)
    }

    pub fn held(&self) -> Arc<Held> {
        self.held.load_full()
    }

    fn state(&self) -> &'static str {
        match (self.is_ready(), self.is_up.load(Ordering::Relaxed)) {
            (false, _) => "starting",
            (true, true) => "up",
            (true, false) => "down",
        }
    }

    fn take(&self, held: Held, changed: &watch::Sender<u64>) {
        self.held.store(Arc::new(held));
        changed.send_modify(|count| *count += 1);
    }

    fn note(&self, error: Option<&RegistryError>) {
        let is_up = error.is_none();
        *self.last_error.lock().unwrap_or_else(PoisonError::into_inner) = error.map(ToString::to_string);
        if self.is_up.swap(is_up, Ordering::Relaxed) == is_up {
            return;
        }
        match error {
            None => info!(registry.region = %self.name, "region `{}` is read from `{}`", self.name, self.url),
            Some(error) => warn!(
                error = error as &dyn std::error::Error,
                registry.region = %self.name,
                "region `{}` cannot be read, what is known of it stays", self.name
            ),
        }
    }
}

async fn follow(region: &Region, client: &RegistryClient, changed: &watch::Sender<u64>) {
    let mut failures = 0;
    loop {
        let error = follow_while_it_lasts(region, client, changed, &mut failures).await;
        region.note(Some(&error));
        sleep(PAUSE_MIN.saturating_mul(1 << failures.min(8)).min(PAUSE_MAX)).await;
        failures += 1;
    }
}

/// Follows until something fails.
async fn follow_while_it_lasts(
    region: &Region,
    client: &RegistryClient,
    changed: &watch::Sender<u64>,
    failures: &mut u32,
) -> RegistryError {
    let mut tag: Option<String> = None;
    loop {
        match client.applications_unless(tag.as_deref(), HOLD).await {
            Ok(Some((list, new_tag))) => {
                region.take(region.held().replaced_by(list.applications, &region.apps), changed);
                tag = new_tag;
            }
            Ok(None) => {}
            Err(error) => return error,
        }
        region.is_ready.store(true, Ordering::Release);
        region.note(None);
        *failures = 0;
        if tag.is_some() {
            continue;
        }
        // Without a tag it is one of Java's: deltas, as long as they add up.
        loop {
            sleep(POLL_EVERY).await;
            match client.delta().await {
                Ok(delta) => match region.held().changed_by(delta, &region.apps) {
                    Some(held) => region.take(held, changed),
                    None => break,
                },
                // Switched off there, or not open again yet: the whole list says.
                Err(RegistryError::Refused { .. }) => break,
                Err(error) => return error,
            }
            region.note(None);
        }
    }
}
