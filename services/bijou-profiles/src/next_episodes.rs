//! What comes after an episode: the catalog's to know, remembered here, and asked again now and then.
//!
//! A page does not wait for the catalog: what is not known in time is left out, asked on behind the scenes, and there the
//! next time. The answers are about the catalog and not about anybody, so all profiles share them.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use bijou_catalog_api::Catalog;
use bijou_client::{CallContext, CallError, Client};
use bijou_resilience::Deadline;
use bijou_store::StoreError;
use tokio::task::JoinSet;
use tracing::debug;

use crate::Clock;
use crate::domain::going_on::Next;
use crate::store::Store;

/// How long an answer is not asked for again.
const FRESH_MS: i64 = 10 * 60 * 1000;
/// How long a page waits for the catalog.
const PATIENCE: Duration = Duration::from_millis(100);
/// How long a question may take when nobody waits any more.
const QUESTION: Duration = Duration::from_secs(2);
/// How long the catalog is not asked after it did not answer.
const SILENCE_MS: i64 = 5_000;
/// Questions at a time.
const TOGETHER: usize = 4;

/// Knows, or asks. Cheap to clone.
#[derive(Clone)]
pub(crate) struct NextEpisodes {
    store: Store,
    catalog: Catalog,
    clock: Clock,
    silent_until_ms: Arc<AtomicI64>,
}

/// What is known of the episodes asked for.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub(crate) next: HashMap<String, Next>,
    /// Nothing is missing.
    pub(crate) is_complete: bool,
}

#[derive(Debug, thiserror::Error)]
enum AskError {
    #[error(transparent)]
    Call(#[from] CallError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl NextEpisodes {
    pub(crate) fn new(store: Store, client: &Client, clock: Clock) -> Self {
        Self { store, catalog: Catalog::new(client), clock, silent_until_ms: Arc::default() }
    }

    /// What comes after these episodes, as far as it is known soon.
    pub(crate) async fn of(&self, episodes: Vec<String>) -> Result<Known, StoreError> {
        let now_ms = self.clock.now_ms();
        let mut known = Known { next: HashMap::new(), is_complete: true };
        let mut unknown = Vec::new();
        for episode in episodes {
            match self.store.next_episode(&episode).await? {
                Some((next, asked_ms)) => {
                    // Of old it is still the best guess.
                    let is_fresh = (0..FRESH_MS).contains(&(now_ms - asked_ms));
                    known.next.insert(episode.clone(), next_of(next));
                    if !is_fresh {
                        unknown.push(episode);
                    }
                }
                None => unknown.push(episode),
            }
        }
        if unknown.is_empty() {
            return Ok(known);
        }
        if self.silent_until_ms.load(Ordering::Relaxed) <= now_ms {
            let asking = tokio::spawn(self.clone().ask_all(unknown.clone(), now_ms));
            if let Ok(Ok(answers)) = tokio::time::timeout(PATIENCE, asking).await {
                known.next.extend(answers);
            }
        }
        known.is_complete = unknown.iter().all(|episode| known.next.contains_key(episode));
        Ok(known)
    }

    /// Asks for all, some at a time; whoever waits may leave.
    async fn ask_all(self, episodes: Vec<String>, now_ms: i64) -> HashMap<String, Next> {
        let mut answers = HashMap::new();
        let mut asking = JoinSet::new();
        let mut left = episodes.into_iter();
        loop {
            while asking.len() < TOGETHER
                && let Some(episode) = left.next()
            {
                let this = self.clone();
                asking.spawn(async move {
                    let next = this.ask(&episode, now_ms).await;
                    (episode, next)
                });
            }
            let Some(asked) = asking.join_next().await else { return answers };
            match asked {
                Ok((episode, Ok(next))) => {
                    answers.insert(episode, next_of(next));
                }
                Ok((_, Err(error))) => {
                    debug!(error = %error, "the catalog did not say what comes next");
                    self.silent_until_ms.store(now_ms + SILENCE_MS, Ordering::Relaxed);
                    return answers;
                }
                Err(_) => return answers,
            }
        }
    }

    async fn ask(&self, episode: &str, now_ms: i64) -> Result<Option<String>, AskError> {
        // On our own account: the answer is kept for everybody, whatever they may see.
        let deadline = Deadline::after(Instant::now(), QUESTION);
        let call = CallContext { deadline: Some(deadline), ..CallContext::service() };
        let next = self.catalog.episode(episode, &call).await?.and_then(|episode| episode.next);
        let next = next.filter(|next| next.playable).map(|next| next.episode_id);
        self.store.set_next_episode(episode, next.as_deref(), now_ms).await?;
        Ok(next)
    }
}

fn next_of(next: Option<String>) -> Next {
    next.map_or(Next::None, Next::Episode)
}
