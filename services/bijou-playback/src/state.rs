//! What handlers share.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;

use crate::clock::now_ms;
use crate::domain::token::Grant;
use crate::error::PlaybackError;
use crate::keyring::Keyring;
use crate::media::{MediaError, MediaStore};
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
    /// How long a session may fetch, in milliseconds.
    pub token_ms: i64,
    descriptions: Arc<Mutex<Descriptions>>,
}

#[derive(Debug, Default)]
struct Descriptions {
    by_asset: HashMap<Uuid, Arc<Presentation>>,
    /// Oldest first; the oldest goes when there are too many.
    order: VecDeque<Uuid>,
}

impl Playback {
    pub fn new(store: Store, media: MediaStore, metrics: PlaybackMetrics, token_ms: i64) -> Self {
        let keyring = Arc::new(Keyring::new(store.clone(), token_ms));
        Self { store, media, keyring, metrics, token_ms, descriptions: Arc::default() }
    }

    /// Lets a request for an asset's files in: the token must be good, and if the caller is signed in, the caller's own.
    pub async fn admit(&self, asset: &str, token: &str, account: Option<&str>) -> Result<(Uuid, Grant), PlaybackError> {
        let file = || PlaybackError::FileNotFound { asset: asset.to_owned(), file: String::new() };
        let outcome = async {
            // The token is looked at first, so that nobody learns which assets exist without one.
            let id = Uuid::parse_str(asset).ok();
            let grant = self.keyring.open(token, id.unwrap_or_default(), now_ms()).await?;
            if account.is_some_and(|account| account != grant.account) {
                return Err(PlaybackError::OtherAccount);
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
