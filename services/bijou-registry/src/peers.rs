//! Other registries: Eureka's own replication, in both directions, with Java's servers and with our own.
//!
//! Each peer has a task and a [`queue`]. The task first meets the peer (who is it, what does it know), then sends what
//! clients told us, in batches, one at a time, so that the order of one instance's events is kept. What could not be
//! told is made up for by comparing from time to time: by digests with our own nodes, by the whole list with Java's.
//!
//! Deliberately absent: membership, consensus, a transport of our own. Peers are configured, or found in DNS; a peer
//! that turns out to be this very process is left alone.

mod exchange;
mod opening;
pub mod queue;

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use arc_swap::ArcSwap;
use bijou_eureka::{Dial, PeerView, RegistryClient, ServiceUrl, ServiceUrlError, json::ReplicationAction};
use tokio::{
    sync::{Notify, watch},
    time::sleep,
};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use self::{
    opening::{Answer, Opening},
    queue::Queue,
};
use crate::{leases::Key, registry::Registry, settings};

/// How often a name is looked up.
const RESOLVE_EVERY: Duration = Duration::from_secs(30);

/// All peers. Empty where none are configured, which costs an event one comparison.
#[derive(Debug)]
pub struct Peers {
    settings: settings::Peers,
    dial: Arc<dyn Dial>,
    /// A number in 0..1, another one each time.
    random: fn() -> f64,
    list: ArcSwap<Vec<Arc<Peer>>>,
    opening: Arc<Opening>,
}

pub struct Peer {
    url: ServiceUrl,
    client: RegistryClient,
    queue: Mutex<Queue>,
    wake: Notify,
    standing: Mutex<Standing>,
    compare_every: Duration,
    random: fn() -> f64,
    stop: CancellationToken,
    /// What came of asking for its list at the start.
    answer: watch::Sender<Answer>,
    opening: Arc<Opening>,
}

/// How things are with a peer, for people.
#[derive(Clone, Debug, Default)]
struct Standing {
    state: State,
    kind: Option<Kind>,
    sent: u64,
    dropped: u64,
    repaired: u64,
    last_error: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Starting,
    Up,
    Down,
    /// The address leads to this process.
    Own,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            State::Starting => "starting",
            State::Up => "up",
            State::Down => "down",
            State::Own => "self",
        }
    }
}

/// What answers at the other end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Bijou,
    Eureka,
}

impl Peers {
    pub fn new(settings: settings::Peers, dial: Arc<dyn Dial>) -> Self {
        Peers { settings, dial, random: rand::random, list: ArcSwap::default(), opening: Arc::default() }
    }

    /// With other chance, so that tests can have the same again.
    #[cfg(test)]
    pub fn with_random(self, random: fn() -> f64) -> Self {
        Peers { random, ..self }
    }

    pub fn is_any(&self) -> bool {
        !self.list.load().is_empty()
    }

    /// Enters an event into every queue.
    pub fn push(&self, key: &Key, action: ReplicationAction, now_ms: u64) {
        for peer in self.list.load().iter() {
            peer.push(key.clone(), action, now_ms);
        }
    }

    pub fn views(&self, now_ms: u64) -> Vec<PeerView> {
        self.list.load().iter().map(|peer| peer.view(now_ms)).collect()
    }

    /// Meets all peers and goes on replicating to them, on the current tokio runtime. Readers are answered once the peers
    /// have told what they know; see [`opening`].
    pub fn start(registry: &Arc<Registry>, stop: &CancellationToken) -> Result<(), ServiceUrlError> {
        let own = &registry.peers;
        let settings = own.settings.clone();
        let urls = settings.urls.iter().map(|url| ServiceUrl::parse(url)).collect::<Result<Vec<_>, _>>()?;
        let named = Some(settings.dns.as_str()).filter(|url| !url.is_empty()).map(ServiceUrl::parse).transpose()?;
        if urls.is_empty() && named.is_none() {
            return Ok(());
        }
        let has_nothing = registry.application_names().is_empty();
        let wait_ms = if has_nothing { settings.wait_ms } else { settings.wait_restored_ms };
        own.close(registry, Duration::from_millis(wait_ms));
        for url in urls {
            own.add(url, registry, stop);
        }
        let (registry, stop) = (Arc::clone(registry), stop.clone());
        tokio::spawn(async move {
            let resolving = async {
                let Some(named) = named else { return };
                let mut failures = 0;
                loop {
                    // At the start readers wait for the name, so it is asked for again soon.
                    let is_found = resolve(&named, &registry, &stop).await;
                    let is_urgent = !is_found && !registry.is_open();
                    let pause = exchange::pause_after(failures, (registry.peers.random)());
                    sleep(if is_urgent { pause } else { RESOLVE_EVERY }).await;
                    failures += 1;
                }
            };
            let both = async { tokio::join!(registry.peers.open_when_told(&registry), resolving) };
            stop.run_until_cancelled(both).await;
        });
        Ok(())
    }

    fn peer(&self, url: ServiceUrl, stop: &CancellationToken) -> Peer {
        Peer {
            client: RegistryClient::over(url.clone(), Arc::clone(&self.dial)),
            url,
            queue: Mutex::new(Queue::new(self.settings.queue_max)),
            wake: Notify::new(),
            standing: Mutex::default(),
            compare_every: Duration::from_secs(self.settings.compare_s.max(1)),
            random: self.random,
            stop: stop.child_token(),
            answer: watch::Sender::new(Answer::Pending),
            opening: Arc::clone(&self.opening),
        }
    }

    fn add(&self, url: ServiceUrl, registry: &Arc<Registry>, stop: &CancellationToken) {
        let peer = Arc::new(self.peer(url, stop));
        let mut list = self.list.load().as_ref().clone();
        list.push(Arc::clone(&peer));
        self.list.store(Arc::new(list));
        let registry = Arc::clone(registry);
        tokio::spawn(async move {
            let stop = peer.stop.clone();
            stop.run_until_cancelled(exchange::run(&peer, &registry)).await;
        });
    }

    /// Keeps those of `urls`, starts new ones, lets the others go.
    fn keep_only(&self, urls: &[ServiceUrl], registry: &Arc<Registry>, stop: &CancellationToken) {
        let configured =
            |peer: &Peer| self.settings.urls.iter().any(|url| ServiceUrl::parse(url).is_ok_and(|url| url == peer.url));
        let (kept, gone): (Vec<_>, Vec<_>) =
            self.list.load().iter().cloned().partition(|peer| urls.contains(&peer.url) || configured(peer));
        for peer in &gone {
            info!("peer `{}` is no longer in DNS", peer.url);
            peer.stop.cancel();
        }
        let known = kept.iter().map(|peer| peer.url.clone()).collect::<Vec<_>>();
        self.list.store(Arc::new(kept));
        for url in urls.iter().filter(|url| !known.contains(url)) {
            self.add(url.clone(), registry, stop);
        }
    }
}

/// Each address of the name is a peer. A name that cannot be looked up changes nothing, and is told by `false`.
async fn resolve(named: &ServiceUrl, registry: &Arc<Registry>, stop: &CancellationToken) -> bool {
    match tokio::net::lookup_host(named.connect_to()).await {
        Ok(addresses) => {
            let mut addresses = addresses.collect::<Vec<_>>();
            addresses.sort_unstable();
            addresses.dedup();
            if addresses.is_empty() {
                return false;
            }
            let urls = addresses.into_iter().map(|addr| named.with_address(addr)).collect::<Vec<_>>();
            registry.peers.keep_only(&urls, registry, stop);
            true
        }
        Err(error) => {
            warn!(error = %error, "peers `{named}` cannot be looked up");
            false
        }
    }
}

impl Peer {
    fn answered(&self, answer: Answer) {
        self.answer.send_replace(answer);
        self.opening.heard.notify_one();
    }

    fn push(&self, key: Key, action: ReplicationAction, now_ms: u64) {
        let is_first = {
            let mut queue = self.queue();
            let ready_before = queue.ready_ms();
            queue.push(key, action, now_ms);
            queue.ready_ms() != ready_before
        };
        if is_first {
            self.wake.notify_one();
        }
    }

    fn view(&self, now_ms: u64) -> PeerView {
        let (queued, oldest_ms, overflown) = {
            let queue = self.queue();
            (queue.len(), queue.oldest_ms(), queue.dropped)
        };
        let standing = self.standing().clone();
        let kind = standing.kind.map_or("", |kind| match kind {
            Kind::Bijou => "bijou",
            Kind::Eureka => "eureka",
        });
        PeerView {
            url: self.url.to_string(),
            state: standing.state.as_str().to_owned(),
            kind: kind.to_owned(),
            queued,
            lag_ms: oldest_ms.map_or(0, |oldest_ms| now_ms.saturating_sub(oldest_ms)),
            sent: standing.sent,
            dropped: standing.dropped + overflown,
            repaired: standing.repaired,
            last_error: standing.last_error,
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn standing(&self) -> MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Peer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Peer").field("url", &self.url).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
