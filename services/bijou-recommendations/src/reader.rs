//! Who reads a page: what profiles says of them with each request, else what was known last.
//!
//! Profiles is asked every time, with the entity tag of the shelf at hand: so the last play changes the next page, and a
//! shelf that did not change costs a few bytes. When the answer does not come within the wait, the page is made of the
//! last shelf and of what events told since, and says so.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bijou_chassis::RequestContext;
use bijou_client::CallContext;
use bijou_profiles_api::{Profiles, Shelf, ShelfAnswer};
use bijou_resilience::Deadline;
use tracing::{debug, warn};

use crate::domain::personal::Person;
use crate::domain::row::Progress;
use crate::domain::taste::{FINISHED_SHARE, Interaction, Recent, TRIED_SHARE, Thumb, signals};
use crate::store::Store;
use crate::telemetry::PageMetrics;

/// Shelves kept in memory, each some ten kilobytes.
const KEPT_MAX: usize = 2_000;

/// How long a shelf is kept that nobody asked for again.
const KEEP: Duration = Duration::from_mins(30);

/// Plays a page is made of.
const RECENT_MAX: usize = 50;

/// Asks for readers.
pub(crate) struct Reader {
    profiles: Profiles,
    store: Store,
    wait: Duration,
    kept: Mutex<HashMap<String, Kept>>,
    metrics: PageMetrics,
}

#[derive(Clone)]
struct Kept {
    shelf: Arc<Shelf>,
    entity_tag: Option<String>,
    at: Instant,
}

/// What is known of a reader. Titles are named by their ids.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Reading {
    name: Option<String>,
    /// The latest first.
    recent: Vec<Recent<String>>,
    thumbs: Vec<(String, Thumb)>,
    picks: Vec<String>,
    begun: Vec<(String, Progress)>,
    list: Vec<String>,
    /// Watched already, the latest first.
    seen: Vec<String>,
    /// Whether profiles said so just now.
    pub(crate) is_current: bool,
}

impl Reader {
    pub(crate) fn new(profiles: Profiles, store: Store, wait: Duration, metrics: PageMetrics) -> Self {
        Self { profiles, store, wait, kept: Mutex::default(), metrics }
    }

    /// What is known of a profile. Always something: at worst that nothing is.
    pub(crate) async fn read(&self, profile_id: &str, context: &RequestContext) -> Reading {
        let (answer, interactions) =
            tokio::join!(self.ask(profile_id, context), self.store.interactions_of(profile_id));
        let interactions = interactions.unwrap_or_else(|error| {
            warn!(
                error = &error as &dyn std::error::Error,
                "failed to read what a profile watched; its shelf alone counts"
            );
            Vec::new()
        });
        match answer {
            Answer::Shelf(shelf) => Reading::told(&shelf, &interactions),
            Answer::NoProfile => Reading { is_current: true, ..Reading::default() },
            Answer::Away(shelf) => Reading::remembered(shelf.as_deref(), &interactions),
        }
    }

    /// Nothing of this profile is kept any more.
    pub(crate) fn forget(&self, profile_id: &str) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).remove(profile_id);
    }

    async fn ask(&self, profile_id: &str, context: &RequestContext) -> Answer {
        let known = self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(profile_id).cloned();
        let tag = known.as_ref().and_then(|known| known.entity_tag.as_deref());
        let wait = Deadline::after(Instant::now(), self.wait).earlier(context.deadline());
        let call = CallContext { deadline: Some(wait), ..context.call() };
        match (self.profiles.shelf(tag, &call).await, known) {
            (Ok(ShelfAnswer::Fresh { shelf, entity_tag }), _) => {
                let shelf: Arc<Shelf> = shelf.into();
                self.keep(profile_id, Kept { shelf: Arc::clone(&shelf), entity_tag, at: Instant::now() });
                Answer::Shelf(shelf)
            }
            (Ok(ShelfAnswer::Same), Some(known)) => {
                self.keep(profile_id, Kept { at: Instant::now(), ..known.clone() });
                Answer::Shelf(known.shelf)
            }
            (Ok(ShelfAnswer::Same), None) => Answer::Away(None),
            (Err(error), _) if error.is_not_found() => {
                self.forget(profile_id);
                Answer::NoProfile
            }
            (Err(error), known) => {
                self.metrics.shelf_missed();
                debug!(
                    error = &error as &dyn std::error::Error,
                    "profiles did not give a shelf; what was known last is used"
                );
                Answer::Away(known.map(|known| known.shelf))
            }
        }
    }

    fn keep(&self, profile_id: &str, new: Kept) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT_MAX && !kept.contains_key(profile_id) {
            kept.retain(|_, known| known.at.elapsed() < KEEP);
            if kept.len() >= KEPT_MAX {
                // Half of them at once, whoever they are: looking for the oldest each time would cost more than asking.
                let mut is_odd = false;
                kept.retain(|_, _| {
                    is_odd = !is_odd;
                    is_odd
                });
            }
        }
        kept.insert(profile_id.to_owned(), new);
    }
}

/// What came of asking profiles.
enum Answer {
    Shelf(Arc<Shelf>),
    /// There is no such profile (any more).
    NoProfile,
    /// No answer; with the shelf of last time.
    Away(Option<Arc<Shelf>>),
}

impl Reading {
    /// What profiles told just now. `interactions` only add what is longer ago than a shelf reaches: what was watched to its
    /// end, and refused.
    fn told(shelf: &Shelf, interactions: &[Interaction]) -> Self {
        let recent: Vec<Recent<String>> = recent_of(shelf).collect();
        let seen = seen_of(&recent, interactions);
        Self {
            name: Some(shelf.profile.name.clone()),
            recent,
            thumbs: thumbs_of(shelf, interactions),
            picks: shelf.picks.clone(),
            begun: begun_of(shelf),
            list: shelf.list.iter().map(|item| item.title_id.clone()).collect(),
            seen,
            is_current: true,
        }
    }

    /// What was known last: the shelf of last time, if any, and what events told.
    fn remembered(shelf: Option<&Shelf>, interactions: &[Interaction]) -> Self {
        let played = interactions.iter().filter(|one| one.plays > 0 || one.finished > 0);
        let told =
            played.map(|one| Recent { title: one.title_id.clone(), at_ms: one.last_ms, fraction: one.fraction() });
        let mut recent: Vec<Recent<String>> = shelf.into_iter().flat_map(recent_of).chain(told).collect();
        recent.sort_by_key(|play| std::cmp::Reverse(play.at_ms));
        let mut known = HashSet::new();
        recent.retain(|play| known.insert(play.title.clone()));
        recent.truncate(RECENT_MAX);
        let seen = seen_of(&recent, interactions);
        let thumbed = interactions.iter().filter(|one| one.thumb != Thumb::None);
        let base = shelf.map(|shelf| Self::told(shelf, &[])).unwrap_or_default();
        Self {
            thumbs: thumbed.map(|one| (one.title_id.clone(), one.thumb)).chain(base.thumbs).collect(),
            recent,
            seen,
            is_current: false,
            ..base
        }
    }

    /// The time of the newest play that is known.
    pub(crate) fn known_ms(&self) -> i64 {
        self.recent.iter().map(|play| play.at_ms).max().unwrap_or_default()
    }

    /// The same as it was when the newest play known was that of `known_ms`.
    pub(crate) fn known_until(mut self, known_ms: i64) -> Self {
        self.recent.retain(|play| play.at_ms <= known_ms);
        self
    }

    /// The reader with titles by place; what the catalog does not know is left out.
    pub(crate) fn person(&self, place: impl Fn(&str) -> Option<usize>) -> Person {
        let places = |ids: &[String]| -> Vec<usize> { ids.iter().filter_map(|id| place(id)).collect() };
        let recent: Vec<Recent<usize>> = self
            .recent
            .iter()
            .filter_map(|play| Some(Recent { title: place(&play.title)?, at_ms: play.at_ms, fraction: play.fraction }))
            .collect();
        let thumbs: Vec<(usize, Thumb)> =
            self.thumbs.iter().filter_map(|(id, thumb)| Some((place(id)?, *thumb))).collect();
        Person {
            name: self.name.clone(),
            signals: signals(&recent, &thumbs, &places(&self.picks)),
            begun: self.begun.iter().filter_map(|(id, progress)| Some((place(id)?, progress.clone()))).collect(),
            list: places(&self.list),
            seen: places(&self.seen),
            refused: thumbs.iter().filter(|(_, thumb)| *thumb == Thumb::Down).map(|(at, _)| *at).collect(),
            is_current: self.is_current,
        }
    }
}

fn recent_of(shelf: &Shelf) -> impl Iterator<Item = Recent<String>> + '_ {
    shelf.recent.iter().map(|play| Recent {
        title: play.title_id.clone(),
        at_ms: play.at.as_millisecond(),
        fraction: play.fraction,
    })
}

fn begun_of(shelf: &Shelf) -> Vec<(String, Progress)> {
    let progress = |item: &bijou_profiles_api::ContinueItem| Progress {
        episode_id: item.episode_id.clone(),
        position_s: item.position_s,
        duration_s: item.duration_s,
        is_next: item.next,
    };
    shelf.going_on.iter().map(|item| (item.title_id.clone(), progress(item))).collect()
}

/// The thumbs on a shelf, and where there were more than it holds, the thumbs down that events told of.
///
/// A shelf that holds all of them has the last word: a thumb that was taken back a moment ago is not on it.
fn thumbs_of(shelf: &Shelf, interactions: &[Interaction]) -> Vec<(String, Thumb)> {
    let on_shelf: HashMap<&str, Thumb> =
        shelf.thumbs.iter().map(|thumb| (thumb.title_id.as_str(), thumb_of(thumb.value))).collect();
    let older = interactions.iter().filter(|one| shelf.more_thumbs && one.thumb == Thumb::Down);
    let older = older.map(|one| one.title_id.as_str()).filter(|id| !on_shelf.contains_key(id));
    let newest = shelf.thumbs.iter().map(|thumb| (thumb.title_id.clone(), thumb_of(thumb.value)));
    newest.chain(older.map(|id| (id.to_owned(), Thumb::Down))).collect()
}

/// What was looked into of late, and whatever was once watched to its end.
fn seen_of(recent: &[Recent<String>], interactions: &[Interaction]) -> Vec<String> {
    let late = recent.iter().filter(|play| play.fraction >= TRIED_SHARE).map(|play| play.title.as_str());
    let ever = interactions.iter().filter(|one| one.fraction() >= FINISHED_SHARE).map(|one| one.title_id.as_str());
    let mut known = HashSet::new();
    late.chain(ever).filter(|id| known.insert(*id)).map(str::to_owned).collect()
}

/// A thumb as profiles tells it.
pub(crate) fn thumb_of(thumb: bijou_profiles_api::Thumb) -> Thumb {
    match thumb {
        bijou_profiles_api::Thumb::Down => Thumb::Down,
        bijou_profiles_api::Thumb::Up => Thumb::Up,
        bijou_profiles_api::Thumb::DoubleUp => Thumb::DoubleUp,
    }
}

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;
