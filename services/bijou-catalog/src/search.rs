//! Search: an index of the titles in each instance, kept true to the store.
//!
//! `schema` says what is indexed, `question` what a query means, `sift` who may see what it finds and what is counted,
//! `index` is the files, `keeper` keeps them true beside the requests, `misses` remembers what nobody found.
//!
//! Whoever may not see a title does not find it: the rule is part of the pass over what a query matches, so that counts
//! are right too. Since the index may be a second behind the store, what is shown is held against the rule once more by
//! the handlers, on the titles as the store has them.

mod index;
mod keeper;
mod misses;
mod question;
mod schema;
mod sift;

use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Instant;

use tantivy::collector::Count;
use tantivy::query::{AllQuery, TermQuery};
use tantivy::schema::IndexRecordOption;
use tokio::sync::Notify;
use tracing::warn;

use crate::domain::query::Filter;
use crate::domain::viewing::Viewing;
use crate::store::Counts;
use crate::telemetry::SearchMetrics;

pub use index::{IndexError, Live};
pub use keeper::Keeper;
pub use misses::{Miss, Misses};
pub use question::{Leniency, Question};
pub use schema::names;
use sift::{Sift, Sifted};

/// As many titles as typed are enough not to ask what else might be meant.
const ENOUGH: u64 = 5;

/// Titles looked at for people a query means.
const CREDITED: usize = 20;

/// One instance's search.
pub struct Search {
    live: RwLock<Option<Arc<Live>>>,
    /// Told when a search found the index unusable.
    broken: Notify,
    misses: Mutex<Misses>,
    metrics: SearchMetrics,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    #[error("the search index is being built")]
    Away,
    #[error("the search index cannot be searched")]
    Failed(#[from] IndexError),
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
        Self { live: RwLock::default(), broken: Notify::new(), misses: Mutex::default(), metrics }
    }

    /// Answers a question, away from the threads of requests.
    pub async fn ask(&self, asked: Asked) -> Result<Answer, SearchError> {
        let live = self.live().ok_or(SearchError::Away)?;
        let begun = Instant::now();
        let answer = tokio::task::spawn_blocking(move || answer(&live, &asked)).await;
        self.metrics.seconds.observe(begun.elapsed().as_secs_f64());
        self.checked(answer.unwrap_or(Err(IndexError::GivenUp)))
    }

    /// Counts for narrowing a list, if the index is as new as `revision`.
    pub async fn counts(&self, filter: &Filter, viewing: &Viewing, revision: i64) -> Option<Counts> {
        let live = self.live().filter(|live| live.revision() >= revision)?;
        let sift = Sift::new(filter, viewing, 0, 0);
        let counted = tokio::task::spawn_blocking(move || {
            let sifted: Sifted = live.searcher().search(&AllQuery, &sift)?;
            Ok(sifted.counts)
        });
        self.checked(counted.await.unwrap_or(Err(IndexError::GivenUp))).ok()
    }

    /// Whether the index has this title; `None` while there is no index that can say so.
    pub async fn has(&self, id: &str) -> Option<bool> {
        let live = self.live()?;
        let query = TermQuery::new(live.fields.id_term(id), IndexRecordOption::Basic);
        let counted = tokio::task::spawn_blocking(move || Ok(live.searcher().search(&query, &Count)?));
        self.checked(counted.await.unwrap_or(Err(IndexError::GivenUp))).ok().map(|count| count > 0)
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

    async fn broken(&self) {
        self.broken.notified().await;
    }

    /// An index that fails once is built anew.
    fn checked<T>(&self, outcome: Result<T, IndexError>) -> Result<T, SearchError> {
        outcome.map_err(|error| {
            if !error.is_damage() {
                return SearchError::Failed(error);
            }
            warn!("the search index failed a search and is built anew: {error}");
            self.set(None);
            self.broken.notify_one();
            SearchError::Failed(error)
        })
    }
}

fn answer(live: &Live, asked: &Asked) -> Result<Answer, IndexError> {
    let searcher = live.searcher();
    let top = asked.offset + asked.limit + 1;
    let words = asked.question.words.len();
    let sift = Sift::new(&asked.filter, &asked.viewing, top, words);
    let mut sifted = Sifted::default();
    let mut leniency = Leniency::Strict;
    // Nothing typed, but something chosen: a genre is looked through, by how many people care for its titles.
    let is_browsing = asked.question.is_empty() && asked.filter != Filter::default();
    if is_browsing {
        sifted = searcher.search(&AllQuery, &sift)?;
    }
    for next in Leniency::ALL.into_iter().filter(|_| !is_browsing) {
        // Decided by what is there at all, so that a filter narrows and never widens.
        let enough = if next == Leniency::Forgiving { ENOUGH } else { 1 };
        if next != Leniency::Strict && sifted.visible >= enough {
            break;
        }
        leniency = next;
        sifted = searcher.search(&asked.question.query(&live.fields, &searcher, next), &sift)?;
    }
    let ids = |best: &[(f32, tantivy::DocAddress)]| -> Result<Vec<String>, IndexError> {
        best.iter().map(|(_, address)| live.id(&searcher, *address)).collect()
    };
    let shown = sifted.best.get(asked.offset..).unwrap_or_default();
    let credited = if asked.people {
        let everything = Filter::default();
        let sift = Sift::new(&everything, &asked.viewing, CREDITED, words);
        let query = asked.question.people_query(&live.fields, &searcher, leniency);
        let found: Sifted = searcher.search(&query, &sift)?;
        ids(&found.best)?
    } else {
        Vec::new()
    };
    Ok(Answer {
        titles: ids(&shown[..shown.len().min(asked.limit)])?,
        has_more: shown.len() > asked.limit,
        counts: sifted.counts,
        credited,
        is_known: sifted.visible > 0,
    })
}
