//! Other registries: Eureka's own replication, in both directions, with Java's servers and with our own.
//!
//! Each peer has a task and a [`queue`]. The task first meets the peer (who is it, what does it know), then sends what
//! clients told us, in batches, one at a time, so that the order of one instance's events is kept. What could not be
//! told is made up for by comparing from time to time: by digests with our own nodes, by the whole list with Java's.
//!
//! Deliberately absent: membership, consensus, a transport of our own. Peers are configured, or found in DNS; a peer
//! that turns out to be this very process is left alone.

mod exchange;
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
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use self::queue::Queue;
use crate::{leases::Key, registry::Registry, settings};

/// How often a name is looked up.
const RESOLVE_EVERY: Duration = Duration::from_secs(30);

/// All peers. Empty where none are configured, which costs an event one comparison.
#[derive(Debug)]
pub struct Peers {
    settings: settings::Peers,
    dial: Arc<dyn Dial>,
    list: ArcSwap<Vec<Arc<Peer>>>,
}

pub struct Peer {
    url: ServiceUrl,
    client: RegistryClient,
    queue: Mutex<Queue>,
    wake: Notify,
    standing: Mutex<Standing>,
    compare_every: Duration,
    stop: CancellationToken,
    /// Whether the first attempt to meet it is over.
    tried: watch::Sender<bool>,
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
        Peers { settings, dial, list: ArcSwap::default() }
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

    /// Meets all peers and goes on replicating to them, on the current tokio runtime. Readers are answered once every
    /// peer was tried, or after `wait_ms`, or at once where there is something to tell already.
    pub fn start(registry: &Arc<Registry>, stop: &CancellationToken) -> Result<(), ServiceUrlError> {
        let own = &registry.peers;
        let settings = own.settings.clone();
        let urls = settings.urls.iter().map(|url| ServiceUrl::parse(url)).collect::<Result<Vec<_>, _>>()?;
        let named = Some(settings.dns.as_str()).filter(|url| !url.is_empty()).map(ServiceUrl::parse).transpose()?;
        if urls.is_empty() && named.is_none() {
            return Ok(());
        }
        let has_nothing = registry.application_names().is_empty();
        registry.set_open(!has_nothing);
        for url in urls {
            own.add(url, registry, stop);
        }
        let (registry, stop) = (Arc::clone(registry), stop.clone());
        tokio::spawn(async move {
            if let Some(named) = &named {
                resolve(named, &registry, &stop).await;
            }
            registry.peers.wait_until_tried().await;
            if !registry.is_open() {
                info!("peers were asked, readers are answered from now on");
                registry.set_open(true);
            }
            let Some(named) = named else { return };
            let again = async {
                loop {
                    sleep(RESOLVE_EVERY).await;
                    resolve(&named, &registry, &stop).await;
                }
            };
            stop.run_until_cancelled(again).await;
        });
        Ok(())
    }

    async fn wait_until_tried(&self) {
        let all = async {
            for peer in self.list.load_full().iter() {
                // The sender lives in the peer.
                let _ = peer.tried.subscribe().wait_for(|is_tried| *is_tried).await;
            }
        };
        if timeout(Duration::from_millis(self.settings.wait_ms), all).await.is_err() {
            warn!(
                "not every peer answered within {} ms, this registry goes on with what it has",
                self.settings.wait_ms
            );
        }
    }

    fn add(&self, url: ServiceUrl, registry: &Arc<Registry>, stop: &CancellationToken) {
        let peer = Arc::new(Peer {
            client: RegistryClient::over(url.clone(), Arc::clone(&self.dial)),
            url,
            queue: Mutex::new(Queue::new(self.settings.queue_max)),
            wake: Notify::new(),
            standing: Mutex::default(),
            compare_every: Duration::from_secs(self.settings.compare_s.max(1)),
            stop: stop.child_token(),
            tried: watch::Sender::new(false),
        });
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

/// Each address of the name is a peer. A name that cannot be looked up changes nothing.
async fn resolve(named: &ServiceUrl, registry: &Arc<Registry>, stop: &CancellationToken) {
    match tokio::net::lookup_host(named.connect_to()).await {
        Ok(addresses) => {
            let mut addresses = addresses.collect::<Vec<_>>();
            addresses.sort_unstable();
            addresses.dedup();
            if addresses.is_empty() {
                return;
            }
            let urls = addresses.into_iter().map(|addr| named.with_address(addr)).collect::<Vec<_>>();
            registry.peers.keep_only(&urls, registry, stop);
        }
        Err(error) => warn!(error = %error, "peers `{named}` cannot be looked up"),
    }
}

impl Peer {
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
