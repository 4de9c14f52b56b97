//! Search: an index of the titles in each instance, kept true to the store.
//!
//! `schema` says what is indexed, `index` is the files, `keeper` keeps them true beside the requests, `part` is what is in
//! them in memory: words in order (`lexicon`, with a `walk` for typos) and facts of titles. A `question` is looked up word by
//! word (`lookup`, `meaning`), titles are added up (`tally`) and sifted by who may see them (`sift`). `misses` remembers
//! what nobody found.
//!
//! Whoever may not see a title does not find it: the rule is part of the pass over what a query matches, so that counts
//! are right too. Since the index may be a second behind the store, what is shown is held against the rule once more by
//! the handlers, on the titles as the store has them.

mod facts;
mod index;
mod keeper;
mod lexicon;
mod lookup;
mod meaning;
mod misses;
mod part;
mod question;
mod schema;
mod sift;
mod tally;
mod walk;

use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Instant;

use crate::domain::query::Filter;
use crate::domain::viewing::Viewing;
use crate::store::Counts;
use crate::telemetry::SearchMetrics;

pub use index::Live;
pub use keeper::Keeper;
use lookup::{Asking, Lookup};
pub use misses::{Miss, Misses};
use part::Shelf;
use question::Leniency;
pub use question::Question;
pub use schema::names;
use sift::{Found, Sift, Sifted};

/// As many titles as typed are enough not to ask what else might be meant.
const ENOUGH: u64 = 5;

/// Titles looked at for people a query means.
const CREDITED: usize = 20;

/// One instance's search.
pub struct Search {
    live: RwLock<Option<Arc<Live>>>,
    misses: Mutex<Misses>,
    metrics: SearchMetrics,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    #[error("the search index is being built")]
    Away,
    #[error("the search was given up")]
    GivenUp,
}

/// What is searched for.
#[derive(Debug, Clone)]
pub struct Asked {
    pub question: Question,
    pub filter: Filter,
    pub viewing: Viewing,
    /// Titles passed over, and wanted.
    pub offset: usize,
    pub limit: usize,
    /// Whether people are wanted, too.
    pub people: bool,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Answer {
    /// Ids of titles, best first.
    pub titles: Vec<String>,
    /// Whether there are titles after these.
    pub has_more: bool,
    pub counts: Counts,
    /// Ids of titles whose people the query may mean, best first.
    pub credited: Vec<String>,
    /// Whether the viewer may see anything the query matches, whatever the filter.
    pub is_known: bool,
}

impl Search {
    pub fn new(metrics: SearchMetrics) -> Self {
        Self { live: RwLock::default(), misses: Mutex::default(), metrics }
    }

    /// Answers a question, away from the threads of requests.
    pub async fn ask(&self, asked: Asked) -> Result<Answer, SearchError> {
        let shelf = self.live().ok_or(SearchError::Away)?.shelf();
        let begun = Instant::now();
        let answer = tokio::task::spawn_blocking(move || answer(&shelf, &asked)).await;
        self.metrics.seconds.observe(begun.elapsed().as_secs_f64());
        answer.map_err(|_| SearchError::GivenUp)
    }

    /// Counts for narrowing a list, if the index is as new as `revision`.
    pub async fn counts(&self, filter: &Filter, viewing: &Viewing, revision: i64) -> Option<Counts> {
        let shelf = self.live().filter(|live| live.revision() >= revision)?.shelf();
        let (filter, viewing) = (filter.clone(), viewing.clone());
        let counted = tokio::task::spawn_blocking(move || {
            Sift { filter: &filter, viewing: &viewing, top: 0, words: 0 }.everything(&shelf).counts
        });
        counted.await.ok()
    }

    /// Whether the index has this title; `None` while there is no index that can say so.
    pub fn has(&self, id: &str) -> Option<bool> {
        self.live().map(|live| live.shelf().has(id))
    }

    /// Notes that a query found nothing.
    pub fn note_miss(&self, text: &str, now_ms: i64) {
        self.metrics.misses.inc();
        self.misses.lock().unwrap_or_else(PoisonError::into_inner).note(text, now_ms);
    }

    pub fn misses(&self) -> Vec<(String, Miss)> {
        self.misses.lock().unwrap_or_else(PoisonError::into_inner).list()
    }

    fn live(&self) -> Option<Arc<Live>> {
        self.live.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, live: Option<Arc<Live>>) {
        *self.live.write().unwrap_or_else(PoisonError::into_inner) = live;
    }
}

fn answer(shelf: &Shelf, asked: &Asked) -> Answer {
    let question = &asked.question;
    let top = asked.offset + asked.limit + 1;
    let sift = Sift { filter: &asked.filter, viewing: &asked.viewing, top, words: question.words.len() };
    let asking = Asking::new(question, &question.weights(shelf));
    let mut sifted = Sifted::default();
    let mut credited = Vec::new();
    // Nothing typed, but something chosen: a genre is looked through, by how many people care for its titles.
    if question.is_empty() && asked.filter != Filter::default() {
        sifted = sift.everything(shelf);
    }
    if !question.is_empty() {
        let mut lookups: Vec<Lookup<'_>> = shelf.parts.iter().map(|part| Lookup::new(part, &asking)).collect();
        let mut leniency = Leniency::Strict;
        for next in Leniency::ALL {
            // Decided by what is there at all, so that a filter narrows and never widens.
            let enough = if next == Leniency::Forgiving { ENOUGH } else { 1 };
            if next != Leniency::Strict && sifted.visible >= enough {
                break;
            }
            leniency = next;
            sifted = sift.titles(lookups.iter_mut().map(|lookup| (lookup.part, lookup.titles(next))));
        }
        if asked.people {
            let sift = Sift { filter: &Filter::default(), top: CREDITED, ..sift };
            credited = sift.titles(lookups.iter_mut().map(|lookup| (lookup.part, lookup.credited(leniency)))).best;
        }
    }
    let ids = |best: &[Found]| best.iter().map(|found| found.id(shelf).to_owned()).collect();
    let shown = sifted.best.get(asked.offset..).unwrap_or_default();
    Answer {
        titles: ids(&shown[..shown.len().min(asked.limit)]),
        has_more: shown.len() > asked.limit,
        counts: sifted.counts,
        credited: ids(&credited),
        is_known: sifted.visible > 0,
    }
}
