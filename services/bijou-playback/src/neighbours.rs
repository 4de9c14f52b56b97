//! What a play needs to know from others: on what terms the title may be seen, what comes after an episode, where the
//! profile stopped.
//!
//! None of it keeps a film from beginning but one: whoever has a ceiling waits until the catalog has said what lies below
//! it. The catalog is asked on this service's own account and the answer judged here, by the rule all services share; what
//! it said last stands in while it is away.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bijou_catalog_api::{Catalog, Offer, Terms, Viewer};
use bijou_chassis::{Caller, RequestContext};
use bijou_client::{CallContext, Client};
use bijou_playback_api::NextEpisode;
use bijou_profiles_api::Profiles;
use bijou_resilience::Deadline;
use jiff::Timestamp;
use tracing::debug;

use crate::error::PlaybackError;

/// How long the first answer about a title's terms may take; later ones have what was said last to fall back on.
const TERMS_WAIT: Duration = Duration::from_secs(2);

/// Titles whose terms are remembered.
const KNOWN_MAX: usize = 10_000;

/// What counts as the age of a title the catalog does not know.
const UNRATED_AGE: u8 = 18;

/// The other services, and what the catalog said last. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Neighbours {
    catalog: Catalog,
    profiles: Profiles,
    /// How long a play waits for what it can do without.
    wait: Duration,
    known: Arc<Mutex<HashMap<String, Known>>>,
}

/// On what terms a title may be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Known {
    certification_age: u8,
    offers: Vec<Offer>,
}

impl Neighbours {
    pub fn new(client: &Client, wait: Duration) -> Self {
        Self { catalog: Catalog::new(client), profiles: Profiles::new(client), wait, known: Arc::default() }
    }

    /// Lets the caller have the title, or says that there is none. Answers the title's age.
    pub async fn admit(
        &self,
        title_id: &str,
        caller: &Caller,
        request: &RequestContext,
        at: Timestamp,
    ) -> Result<u8, PlaybackError> {
        let claims = &caller.passport().claims;
        let viewer = Viewer::new(claims.maturity, claims.territory.as_deref());
        match self.terms(title_id, request).await {
            Some(known) => {
                let terms = Terms { certification_age: known.certification_age, offers: &known.offers };
                if viewer.may_see(terms, at) {
                    Ok(known.certification_age)
                } else {
                    // In the words of a title that is not there.
                    Err(PlaybackError::NotPlayable { id: title_id.to_owned() })
                }
            }
            // Nobody knows: that is no reason to keep a film from somebody who may see all of them.
            None if viewer.maturity.is_none() => Ok(UNRATED_AGE),
            None => Err(PlaybackError::TermsUnknown { id: title_id.to_owned() }),
        }
    }

    /// What can be played after an episode, if the catalog says so in time.
    pub async fn next_episode(&self, episode_id: &str, request: &RequestContext) -> Option<NextEpisode> {
        match self.catalog.episode(episode_id, &within(request.call_as_service(), self.wait)).await {
            Ok(episode) => {
                let next = episode?.next.filter(|next| next.playable)?;
                let bijou_catalog_api::NextEpisode { episode_id, name, season, number, .. } = next;
                Some(NextEpisode { episode_id, name, season, number })
            }
            Err(error) => {
                debug!(
                    error = &error as &dyn std::error::Error,
                    episode.id = episode_id,
                    "what comes next is not known"
                );
                None
            }
        }
    }

    /// Where the calling profile stopped, if profiles says so in time.
    pub async fn position_s(&self, playable_id: &str, caller: &Caller, request: &RequestContext) -> Option<f64> {
        caller.passport().profile()?;
        match self.profiles.position(playable_id, &within(request.call(), self.wait)).await {
            Ok(position) => position.map(|position| position.position_s),
            Err(error) => {
                debug!(error = &error as &dyn std::error::Error, title.id = playable_id, "where to go on is not known");
                None
            }
        }
    }

    async fn terms(&self, title_id: &str, request: &RequestContext) -> Option<Known> {
        let known = self.lock().get(title_id).cloned();
        let wait = if known.is_some() { self.wait } else { TERMS_WAIT };
        match self.catalog.title(title_id, &within(request.call_as_service(), wait)).await {
            Ok(title) => {
                let Some(title) = title else {
                    return Some(Known { certification_age: UNRATED_AGE, offers: Vec::new() });
                };
                let fresh = Known { certification_age: title.summary.certification_age, offers: title.summary.offers };
                let mut kept = self.lock();
                if kept.len() < KNOWN_MAX || kept.contains_key(title_id) {
                    kept.insert(title_id.to_owned(), fresh.clone());
                }
                Some(fresh)
            }
            Err(error) => {
                debug!(
                    error = &error as &dyn std::error::Error,
                    title.id = title_id,
                    "the catalog does not say who may see it"
                );
                known
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The call with the request's deadline, or `wait` if that is sooner.
fn within(call: CallContext, wait: Duration) -> CallContext {
    let own = Deadline::after(Instant::now(), wait);
    let deadline = call.deadline.map_or(own, |deadline| deadline.min(own));
    CallContext { deadline: Some(deadline), ..call }
}
