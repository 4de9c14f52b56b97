//! Identity's public keys: fetched from its live instances, kept, renewed without restart.
//!
//! One set for the whole gateway, swapped by pointer. It is fetched when identity appears, from time to time, and when a
//! token names a key that is not in it; the last at most once a second, or anybody could make us ask with invented
//! names. A failed fetch changes nothing: the keys we have stay good while identity is away.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use bijou_client::Client;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use crate::config::{Tokens, ms};

/// Least time between two fetches that unknown keys cause.
const UNKNOWN_KEY_PAUSE: Duration = Duration::from_secs(1);
/// How long a request waits for the fetch its token caused.
const WAIT_MAX: Duration = Duration::from_secs(2);
const FETCH_TIMEOUT: Duration = Duration::from_secs(2);
/// Most keys taken from one set.
const KEYS_MAX: usize = 32;

/// A key that signs access tokens.
#[derive(Clone)]
pub(crate) struct TokenKey {
    pub(crate) key: DecodingKey,
    pub(crate) algorithm: Algorithm,
}

/// An immutable key set.
#[derive(Default)]
pub(crate) struct KeySet {
    generation: u64,
    keys: HashMap<String, TokenKey>,
}

impl KeySet {
    /// Reads published key sets; keys of kinds that are not used here are skipped.
    pub(crate) fn of(generation: u64, sets: impl IntoIterator<Item = JwkSet>) -> Self {
        let mut keys = HashMap::new();
        for jwk in sets.into_iter().flat_map(|set| set.keys) {
            let algorithm = match &jwk.algorithm {
                AlgorithmParameters::OctetKeyPair(pair) if pair.curve == EllipticCurve::Ed25519 => Algorithm::EdDSA,
                AlgorithmParameters::EllipticCurve(curve) if curve.curve == EllipticCurve::P256 => Algorithm::ES256,
                // No RSA: none of ours signs with it. No symmetric keys, whatever a set says.
                _ => continue,
            };
            if let (Some(kid), Ok(key), true) =
                (jwk.common.key_id.clone(), DecodingKey::from_jwk(&jwk), keys.len() < KEYS_MAX)
            {
                keys.insert(kid, TokenKey { key, algorithm });
            }
        }
        Self { generation, keys }
    }

    pub(crate) fn find(&self, kid: &str) -> Option<&TokenKey> {
        self.keys.get(kid)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    pub(crate) fn generation(&self) -> u64 {
        self.generation
    }

    fn has_same_names(&self, other: &Self) -> bool {
        self.keys.len() == other.keys.len() && self.keys.keys().all(|kid| other.keys.contains_key(kid))
    }
}

impl std::fmt::Debug for KeySet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeySet")
            .field("generation", &self.generation)
            .field("kids", &self.keys.keys().collect::<Vec<_>>())
            .finish()
    }
}

/// The current key set, and the way to a newer one.
#[derive(Debug)]
pub(crate) struct Keys {
    current: ArcSwap<KeySet>,
    ask: mpsc::Sender<oneshot::Sender<()>>,
    fetches: AtomicU64,
}

/// The other end of [`Keys`]: whoever fetches.
#[derive(Debug)]
pub(crate) struct KeyFetcher {
    asked: mpsc::Receiver<oneshot::Sender<()>>,
}

impl Keys {
    pub(crate) fn new() -> (Arc<Self>, KeyFetcher) {
        let (ask, asked) = mpsc::channel(256);
        (Arc::new(Self { current: ArcSwap::default(), ask, fetches: AtomicU64::new(0) }), KeyFetcher { asked })
    }

    /// The newest set.
    pub(crate) fn current(&self) -> Arc<KeySet> {
        self.current.load_full()
    }

    /// How often sets were fetched.
    pub(crate) fn fetches(&self) -> u64 {
        self.fetches.load(Ordering::Relaxed)
    }

    /// Waits for a set that might have `kid`; whether there is one now.
    pub(crate) async fn refresh_for(&self, kid: &str) -> bool {
        let (done, finished) = oneshot::channel();
        if self.ask.try_send(done).is_ok() {
            let _ = tokio::time::timeout(WAIT_MAX, finished).await;
        }
        self.current().find(kid).is_some()
    }

    fn publish(&self, sets: Vec<JwkSet>) {
        let before = self.current();
        let after = KeySet::of(before.generation + 1, sets);
        if !after.is_empty() && !after.has_same_names(&before) {
            info!(keys = after.keys.len(), "identity's key set has changed");
            self.current.store(Arc::new(after));
        }
    }
}

impl KeyFetcher {
    /// Keeps `keys` current until told to stop.
    pub(crate) async fn run(
        mut self,
        keys: Arc<Keys>,
        client: Client,
        discovery: bijou_eureka::Discovery,
        tokens: Tokens,
        stop: CancellationToken,
    ) {
        let mut last_fetch: Option<Instant> = None;
        let mut waiting: Vec<oneshot::Sender<()>> = Vec::new();
        let mut known_instances = Vec::new();
        loop {
            let snapshot = discovery.snapshot();
            let instances: Vec<_> = snapshot
                .instances(&tokens.application)
                .iter()
                .map(|one| (one.instance_id.clone(), one.last_dirty_ms))
                .collect();
            let due = last_fetch.is_none_or(|at| at.elapsed() >= ms(tokens.refresh_ms));
            // An instance that is new may sign with a key of its own.
            let is_new = instances != known_instances;
            let may_ask = last_fetch.is_none_or(|at| at.elapsed() >= UNKNOWN_KEY_PAUSE);
            if !instances.is_empty()
                && (due || is_new || (!waiting.is_empty() && may_ask) || (keys.current().is_empty() && may_ask))
            {
                last_fetch = Some(Instant::now());
                known_instances = instances;
                fetch(&keys, &client, &snapshot, &tokens).await;
                waiting.clear();
            } else if !waiting.is_empty() && instances.is_empty() {
                waiting.clear();
            }
            let pause = if waiting.is_empty() && !keys.current().is_empty() {
                ms(tokens.refresh_ms)
            } else {
                UNKNOWN_KEY_PAUSE
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = discovery.changed_since(snapshot.generation()) => {}
                () = tokio::time::sleep(pause) => {}
                asked = self.asked.recv() => match asked {
                    Some(done) => waiting.push(done),
                    None => return,
                },
            }
        }
    }
}

async fn fetch(keys: &Keys, client: &Client, snapshot: &bijou_eureka::Snapshot, tokens: &Tokens) {
    let mut sets = Vec::new();
    let instances = snapshot.instances(&tokens.application);
    let asked = instances.iter().map(|endpoint| {
        let request = client
            .to_instance(endpoint)
            .get(&tokens.keys_path)
            .attempt_timeout(FETCH_TIMEOUT)
            .body_bytes_max(64 * 1024);
        async move { (endpoint, request.send().await) }
    });
    for (endpoint, answer) in futures_util::future::join_all(asked).await {
        match answer.and_then(|response| response.success()?.json::<JwkSet>()) {
            Ok(set) => sets.push(set),
            Err(error) => {
                warn!(bijou.instance_id = %endpoint.instance_id, error = %error, "an instance did not give its token keys");
            }
        }
    }
    keys.fetches.fetch_add(1, Ordering::Relaxed);
    debug!(sets = sets.len(), instances = instances.len(), "token keys fetched");
    // Some instance that cannot be asked may have signed tokens in use: its keys stay until it answers.
    if sets.len() == instances.len() {
        keys.publish(sets);
    } else if !sets.is_empty() {
        let before = keys.current();
        let mut merged = KeySet::of(before.generation + 1, sets);
        for (kid, key) in &before.keys {
            merged.keys.entry(kid.clone()).or_insert_with(|| key.clone());
        }
        if !merged.has_same_names(&before) {
            keys.current.store(Arc::new(merged));
        }
    }
}
