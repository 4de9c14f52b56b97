//! Keeps a [`Snapshot`] of the registry up to date in the background.
//!
//! The registry's watch tells changes within milliseconds. Where there is none (a foreign Eureka server), the full list
//! is polled. Whatever happens to the registry, the last snapshot stays: an unreachable registry changes nothing, a
//! restarted one gets a grace until the instances are back (see `view.rs`).

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use arc_swap::ArcSwap;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::{
    sync::watch,
    time::{sleep, sleep_until, timeout_at},
};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use crate::{
    Dial, Endpoint, Instance, RegistryClient, ServiceUrl, ServiceUrlError, Snapshot, Tcp,
    connection::{Connection, pause_before},
    json,
    registry_client::segment,
    sse, tls,
    view::{Applied, View},
};

/// One event may hold the whole registry.
const EVENT_BYTES_MAX: usize = 256 * 1024 * 1024;
/// A watch that ends sooner counts as a failed attempt.
const WATCH_LIFE_MIN: Duration = Duration::from_secs(1);
/// After so many polls the watch is tried again: the registry may have been replaced by one that has it.
const POLLS_BEFORE_WATCH: u32 = 12;

/// How a [`Discovery`] behaves. The defaults are right beside a Bijou registry.
#[derive(Clone, Debug)]
pub struct DiscoverySettings {
    /// Such as `http://127.0.0.1:8761/eureka`; or several with commas between them, nodes of one registry, of which one is
    /// followed and the next where that one cannot be.
    pub registry_url: String,
    /// What connects to it.
    pub dial: Arc<dyn Dial>,
    /// How long instances are believed that a restarted registry does not list (yet).
    pub grace: Duration,
    /// Pause between polls where there is no watch.
    pub poll_every: Duration,
    /// A watch that is silent for so long is taken for dead. The registry sends a comment every 5 s.
    pub silence_max: Duration,
    /// The one application that is wanted, in upper case. Whoever calls a single other service is spared the picture of
    /// a large registry: its memory, and work at every change. `None` for all.
    pub app: Option<String>,
}

impl DiscoverySettings {
    /// Over TCP.
    pub fn new(registry_url: &str) -> Self {
        DiscoverySettings {
            registry_url: registry_url.to_owned(),
            dial: Arc::new(Tcp),
            grace: Duration::from_secs(10),
            poll_every: Duration::from_secs(5),
            silence_max: Duration::from_secs(15),
            app: None,
        }
    }
}

/// A handle to the current [`Snapshot`]. Cheap to clone; all clones see the same.
#[derive(Clone, Debug)]
pub struct Discovery {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    current: ArcSwap<Snapshot>,
    generation: watch::Sender<u64>,
    epoch: watch::Sender<Option<String>>,
    is_connected: AtomicBool,
}

impl Discovery {
    /// Starts following the registry over TCP on the current tokio runtime, until `shutdown`. Returns at once, with an empty
    /// snapshot; [`Discovery::wait_for`] waits for more.
    pub fn start(registry_url: &str, shutdown: CancellationToken) -> Result<Self, ServiceUrlError> {
        Self::start_with(&DiscoverySettings::new(registry_url), shutdown)
    }

    pub fn start_with(settings: &DiscoverySettings, shutdown: CancellationToken) -> Result<Self, ServiceUrlError> {
        let mut others = VecDeque::from(ServiceUrl::list(&settings.registry_url)?);
        let url = others.pop_front().expect("a list of addresses is never empty");
        let discovery = Self::empty();
        let follower = Follower {
            settings: settings.clone(),
            view: View::new(settings.grace),
            shared: Arc::clone(&discovery.shared),
            url,
            others,
            has_gap: false,
            is_told_of_tls: false,
        };
        tokio::spawn(async move {
            shutdown.run_until_cancelled(follower.follow()).await;
        });
        Ok(discovery)
    }

    /// A discovery fed by hand: for tests, and for callers that know their targets.
    pub fn manual() -> (Self, SnapshotPublisher) {
        let discovery = Self::empty();
        (discovery.clone(), SnapshotPublisher { shared: discovery.shared })
    }

    fn empty() -> Self {
        Discovery {
            shared: Arc::new(Shared {
                current: ArcSwap::from_pointee(Snapshot::default()),
                generation: watch::Sender::new(0),
                epoch: watch::Sender::new(None),
                is_connected: AtomicBool::new(false),
            }),
        }
    }

    /// The newest snapshot. No lock, no wait.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.shared.current.load_full()
    }

    /// The generation of the newest snapshot, to see cheaply whether a kept one is still the newest.
    pub fn generation(&self) -> u64 {
        self.shared.current.load().generation()
    }

    /// Waits for the next snapshot after this call. Between reading a snapshot and calling this, a change can slip
    /// by; where that matters use [`Discovery::changed_since`].
    pub async fn changed(&self) {
        self.changed_since(self.generation()).await;
    }

    /// Waits until there is a snapshot newer than `generation`, returns at once if there is.
    pub async fn changed_since(&self, generation: u64) {
        let mut generations = self.shared.generation.subscribe();
        // The sender lives in `self`, so this cannot fail while somebody waits.
        let _ = generations.wait_for(|current| *current > generation).await;
    }

    /// Waits until a snapshot satisfies `is_met`, and returns it.
    pub async fn wait_for(&self, mut is_met: impl FnMut(&Snapshot) -> bool) -> Arc<Snapshot> {
        loop {
            let snapshot = self.snapshot();
            if is_met(&snapshot) {
                return snapshot;
            }
            self.changed_since(snapshot.generation()).await;
        }
    }

    /// The registry's epoch as it changes: a new one means that the registry forgot everybody.
    pub fn epochs(&self) -> watch::Receiver<Option<String>> {
        self.shared.epoch.subscribe()
    }

    /// Whether the registry could be reached at the last attempt. The snapshot holds either way.
    pub fn is_connected(&self) -> bool {
        self.shared.is_connected.load(Ordering::Relaxed)
    }
}

/// Feeds a [`Discovery::manual`].
#[derive(Debug)]
pub struct SnapshotPublisher {
    shared: Arc<Shared>,
}

impl SnapshotPublisher {
    /// Replaces the snapshot by these instances.
    pub fn publish(&self, instances: &[Instance]) {
        let endpoints = instances.iter().filter_map(Endpoint::of).map(Arc::new);
        let generation = *self.shared.generation.borrow() + 1;
        self.shared.publish(Snapshot::new(generation, None, generation, endpoints));
    }
}

impl Shared {
    fn publish(&self, snapshot: Snapshot) {
        let generation = snapshot.generation();
        self.current.store(Arc::new(snapshot));
        self.generation.send_replace(generation);
    }
}

struct Follower {
    settings: DiscoverySettings,
    url: ServiceUrl,
    /// The other nodes of the registry, in the order in which they follow.
    others: VecDeque<ServiceUrl>,
    view: View,
    shared: Arc<Shared>,
    /// Whether the last stream could not be followed: then everything is asked for anew.
    has_gap: bool,
    /// Whether it was said that TLS fails, since a watch was open.
    is_told_of_tls: bool,
}

/// Why a watch ended.
enum WatchEnd {
    /// The registry answered, but has no watch.
    NotThere(StatusCode),
    /// It was open and broke, or a revision was missing: open it again at once.
    Broke,
    /// It could not be opened.
    Unreachable,
}

/// Why polling ended.
#[derive(PartialEq, Eq)]
enum PollEnd {
    Failed,
    WatchIsDue,
}

impl Follower {
    async fn follow(mut self) {
        let mut attempt = 0;
        loop {
            let opened = tokio::time::Instant::now();
            match self.watch().await {
                // A watch that lived was cut off by a restart, and is wanted back at once. One that breaks as soon as
                // it opens would turn this into a busy loop.
                WatchEnd::Broke if opened.elapsed() >= WATCH_LIFE_MIN => attempt = 0,
                WatchEnd::Broke => {}
                WatchEnd::Unreachable => self.turn_to_next(),
                WatchEnd::NotThere(status) => {
                    info!(
                        http.response.status_code = status.as_u16(),
                        "registry `{}` has no watch, its list is polled instead", self.url
                    );
                    if self.poll().await == PollEnd::Failed {
                        self.turn_to_next();
                    }
                    attempt = 0;
                }
            }
            self.set_connected(false);
            sleep(pause_before(attempt, rand::random())).await;
            attempt = attempt.saturating_add(1);
        }
    }

    /// What was seen stays in use until the next node has told what it knows.
    fn turn_to_next(&mut self) {
        if let Some(next) = self.others.pop_front() {
            self.others.push_back(std::mem::replace(&mut self.url, next));
        }
    }

    async fn watch(&mut self) -> WatchEnd {
        let mut connection = Connection::over(self.url.clone(), Arc::clone(&self.settings.dial));
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static("text/event-stream"));
        // In the same life of the registry only what was missed is sent. A view with a gap is not gone on with.
        let seen = self.view.last_event_id().filter(|_| !std::mem::take(&mut self.has_gap));
        if let Some(seen) = seen.and_then(|seen| HeaderValue::from_str(&seen).ok()) {
            headers.insert("last-event-id", seen);
        }
        let path = match &self.settings.app {
            Some(app) => format!("/watch?app={}", segment(app)),
            None => "/watch".to_owned(),
        };
        let response = match connection.send(Method::GET, &path, &headers, Bytes::new()).await {
            Ok(response) => response,
            Err(error) => {
                let error = &error as &(dyn std::error::Error + 'static);
                // A registry that is away comes back by itself. This stays so until somebody does something about it.
                if tls::is_cause_of(error) && !std::mem::replace(&mut self.is_told_of_tls, true) {
                    warn!(error, "registry `{}` cannot be spoken to by TLS", self.url);
                }
                debug!(error, "registry `{}` cannot be reached", self.url);
                return WatchEnd::Unreachable;
            }
        };
        let status = response.status();
        let is_stream = response
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
        if status.is_server_error() || status == StatusCode::FORBIDDEN || status == StatusCode::TOO_MANY_REQUESTS {
            return WatchEnd::Unreachable;
        }
        if status != StatusCode::OK || !is_stream {
            return WatchEnd::NotThere(status);
        }
        self.is_told_of_tls = false;
        self.set_connected(true);
        self.read_events(response.into_body()).await;
        WatchEnd::Broke
    }

    /// Applies events until the stream ends, breaks, falls silent or turns out to have a gap.
    async fn read_events(&mut self, mut body: Incoming) {
        let mut parser = sse::Parser::new(EVENT_BYTES_MAX);
        let mut silent_until = tokio::time::Instant::now() + self.settings.silence_max;
        loop {
            let wake_at = self.view.next_expiry().map_or(silent_until, |expiry| silent_until.min(expiry.into()));
            let Ok(frame) = timeout_at(wake_at, body.frame()).await else {
                if self.view.expire(now()) {
                    self.publish();
                }
                if tokio::time::Instant::now() >= silent_until {
                    warn!("the watch of registry `{}` fell silent, it is opened again", self.url);
                    return;
                }
                continue;
            };
            let Some(Ok(frame)) = frame else { return };
            silent_until = tokio::time::Instant::now() + self.settings.silence_max;
            let Some(bytes) = frame.data_ref() else { continue };
            let events = match parser.feed(bytes) {
                Ok(events) => events,
                Err(error) => {
                    warn!(error = %error, "the watch of registry `{}` cannot be followed", self.url);
                    return;
                }
            };
            if !self.apply(&events) {
                return;
            }
        }
    }

    /// Applies a batch of events and publishes once. `false` when the stream cannot be followed any further.
    fn apply(&mut self, events: &[sse::Event]) -> bool {
        let mut has_changed = false;
        let mut can_go_on = true;
        for event in events {
            match json::read_watch_event(&event.name, &event.data) {
                Ok(Some(json::WatchEvent::Snapshot { epoch, revision, applications, is_filtered })) => {
                    self.view.set_filtered(is_filtered);
                    let instances = applications.iter().flat_map(|application| &application.instances);
                    self.view.take_list(Some(&epoch), revision, instances, now());
                    has_changed = true;
                }
                Ok(Some(json::WatchEvent::Change { revision, is_removal, instance })) => {
                    let applied = if is_removal {
                        self.view.remove(revision, &instance)
                    } else {
                        self.view.upsert(revision, &instance)
                    };
                    has_changed |= applied == Applied::Changed;
                    if applied == Applied::Gap {
                        info!("the watch of registry `{}` skipped a revision, it is opened again", self.url);
                        can_go_on = false;
                        break;
                    }
                }
                // An event of a later version of the registry.
                Ok(None) => {}
                Err(error) => {
                    warn!(error = %error, "registry `{}` sent an event that cannot be read", self.url);
                    can_go_on = false;
                    break;
                }
            }
        }
        if has_changed {
            self.publish();
        }
        self.has_gap |= !can_go_on;
        can_go_on
    }

    /// Polls the list until it cannot be had or it is time to try the watch again.
    async fn poll(&mut self) -> PollEnd {
        let client = RegistryClient::over(self.url.clone(), Arc::clone(&self.settings.dial));
        for _ in 0..POLLS_BEFORE_WATCH {
            match client.applications().await {
                Ok(list) => {
                    self.set_connected(true);
                    let is_wanted = |name: &str| self.settings.app.as_ref().is_none_or(|app| app == name);
                    let wanted = list.applications.iter().filter(|application| is_wanted(&application.name));
                    let instances = wanted.flat_map(|application| &application.instances);
                    self.view.take_list(None, 0, instances, now());
                    self.view.expire(now());
                    self.publish();
                }
                Err(error) => {
                    warn!(
                        error = &error as &dyn std::error::Error,
                        "the list of registry `{}` could not be read", self.url
                    );
                    return PollEnd::Failed;
                }
            }
            // What is carried may run out between two polls.
            let next_poll = tokio::time::Instant::now() + self.settings.poll_every;
            while let Some(expiry) =
                self.view.next_expiry().filter(|expiry| tokio::time::Instant::from_std(*expiry) < next_poll)
            {
                sleep_until(expiry.into()).await;
                if self.view.expire(now()) {
                    self.publish();
                }
            }
            sleep_until(next_poll).await;
        }
        PollEnd::WatchIsDue
    }

    fn publish(&self) {
        let generation = *self.shared.generation.borrow() + 1;
        self.shared.publish(self.view.snapshot(generation));
        let epoch = self.view.epoch();
        self.shared.epoch.send_if_modified(|told| {
            let is_new = told.as_deref() != epoch;
            if is_new {
                *told = epoch.map(str::to_owned);
            }
            is_new
        });
    }

    fn set_connected(&self, is_connected: bool) {
        if self.shared.is_connected.swap(is_connected, Ordering::Relaxed) != is_connected {
            if is_connected {
                info!("registry `{}` is reached", self.url);
            } else {
                warn!("registry `{}` is lost, the last snapshot stays in use", self.url);
            }
        }
    }
}

/// Tokio's clock, so that tests can pause it.
fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}
