//! What handlers share.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use bijou_chassis::Caller;
use uuid::Uuid;

use crate::clock::now_ms;
use crate::closings::Closings;
use crate::domain::token::Grant;
use crate::error::PlaybackError;
use crate::keyring::Keyring;
use crate::library::Library;
use crate::media::{MediaError, MediaStore};
use crate::neighbours::Neighbours;
use crate::presentation::{INDEX_FILE, Presentation};
use crate::store::Store;
use crate::telemetry::PlaybackMetrics;

/// Descriptions kept in memory. One of a two-hour film is a few hundred kilobytes.
const DESCRIPTIONS_MAX: usize = 64;

/// State of every route. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Playback {
    pub store: Store,
    pub media: MediaStore,
    pub keyring: Arc<Keyring>,
    pub metrics: PlaybackMetrics,
    pub neighbours: Neighbours,
    /// Sessions that are over before their tokens are.
    pub closings: Closings,
    pub rules: Rules,
    descriptions: Arc<Mutex<Descriptions>>,
}

/// How long and how often somebody may watch.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// How long a session may fetch beyond the film's length, in milliseconds.
    pub token_ms: i64,
    /// Sessions of one account at the same time, 0 for any number.
    pub streams_max: usize,
    /// How long a session holds its place without a word, in milliseconds.
    pub lease_ms: i64,
}

#[derive(Debug, Default)]
struct Descriptions {
    by_asset: HashMap<Uuid, Arc<Presentation>>,
    /// Oldest first; the oldest goes when there are too many.
    order: VecDeque<Uuid>,
}

impl Playback {
    pub fn new(library: &Library, neighbours: Neighbours, metrics: PlaybackMetrics, rules: Rules) -> Self {
        let (store, media) = (library.store.clone(), library.media.clone());
        let keyring = Arc::new(Keyring::new(store.clone(), rules.token_ms));
        let (closings, descriptions) = (Closings::default(), Arc::default());
        Self { store, media, keyring, metrics, neighbours, closings, rules, descriptions }
    }

    /// Lets a request for an asset's files in: the token must be good, its session not over, and if the caller is signed
    /// in, the caller's own.
    pub async fn admit(&self, asset: &str, token: &str, caller: &Caller) -> Result<(Uuid, Grant), PlaybackError> {
        let file = || PlaybackError::FileNotFound { asset: asset.to_owned(), file: String::new() };
        let outcome = async {
            // The token is looked at first, so that nobody learns which assets exist without one.
            let id = Uuid::parse_str(asset).ok();
            let grant = self.keyring.open(token, id.unwrap_or_default(), now_ms()).await?;
            // Players send no credentials. Who does send some must be the one the session was given to: a child signed in
            // on the same television gains nothing by a grown-up's token.
            if let Some(account) = caller.account() {
                if account != grant.account {
                    return Err(PlaybackError::OtherAccount);
                }
                if caller.passport().profile() != grant.profile.as_deref() {
                    return Err(PlaybackError::OtherProfile);
                }
            }
            if let Some(why) = self.closings.of(grant.session) {
                return Err(PlaybackError::Closed { id: grant.session.simple().to_string(), why });
            }
            Ok((id.ok_or_else(file)?, grant))
        }
        .await;
        if outcome.is_err() {
            self.metrics.tokens_refused.inc();
        }
        outcome
    }

    /// The description of an asset. Assets never change, so a copy is as good as the stored one.
    pub async fn describe(&self, asset: Uuid) -> Result<Arc<Presentation>, PlaybackError> {
        if let Some(found) = self.lock().by_asset.get(&asset) {
            return Ok(Arc::clone(found));
        }
        let name = asset.simple().to_string();
        let bytes = match self.media.read(&name, INDEX_FILE).await {
            Ok(bytes) => bytes,
            // Withdrawn and cleaned up while a token was still good.
            Err(MediaError::Gone(file)) => return Err(PlaybackError::FileNotFound { asset: name, file }),
            Err(error) => return Err(error.into()),
        };
        let read = serde_json::from_slice(&bytes).map_err(|source| PlaybackError::Index { asset: name, source })?;
        let presentation = Arc::new(read);
        let mut kept = self.lock();
        if kept.by_asset.insert(asset, Arc::clone(&presentation)).is_none() {
            kept.order.push_back(asset);
        }
        if kept.order.len() > DESCRIPTIONS_MAX
            && let Some(oldest) = kept.order.pop_front()
        {
            kept.by_asset.remove(&oldest);
        }
        Ok(presentation)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Descriptions> {
        self.descriptions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
