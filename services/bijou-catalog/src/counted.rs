//! What takes counting, kept until the catalog changes: facets of a query, and the names of genres.
//!
//! The search index counts in a pass over columns, whenever it is as new as the store; the store's revision, which says
//! so, is one point read. Else the database counts, which takes long enough to be kept for a moment.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bijou_catalog_api::Viewer;
use bijou_store::StoreError;

use crate::domain::query::Filter;
use crate::domain::viewing::Viewing;
use crate::present::Genres;
use crate::search::Search;
use crate::store::{Counts, Store};

/// Queries whose counts are kept; beyond it everything is forgotten, which only costs counting again.
const QUERIES_MAX: usize = 256;

/// Offers begin and end without any title changing; what was counted is not used for longer than this.
const COUNTS_FOR: Duration = Duration::from_secs(5);

/// Genres may be renamed without any title changing; such a change is seen after this time at the latest.
const NAMES_FOR: Duration = Duration::from_secs(10);

/// Counts and names of one store.
pub struct Counted {
    store: Store,
    search: Arc<Search>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    revision: i64,
    counts: HashMap<(Filter, Viewer), (Arc<Counts>, Instant)>,
    names: Option<(Arc<Genres>, Instant)>,
}

impl Counted {
    pub fn new(store: Store, search: Arc<Search>) -> Self {
        Self { store, search, kept: Mutex::default() }
    }

    /// The counts beside a list.
    pub async fn counts(&self, filter: &Filter, viewing: &Viewing) -> Result<Arc<Counts>, StoreError> {
        let revision = self.store.revision().await?;
        // The index does not look ids up, and a few titles are counted quickly.
        if filter.ids.is_none()
            && let Some(counts) = self.search.counts(filter, viewing, revision).await
        {
            return Ok(Arc::new(counts));
        }
        if !viewing.is_now {
            return self.store.counts(filter, viewing).await.map(Arc::new);
        }
        let key = (filter.clone(), viewing.viewer.clone());
        if let Some((counts, counted)) = self.kept_at(revision).counts.get(&key)
            && counted.elapsed() < COUNTS_FOR
        {
            return Ok(Arc::clone(counts));
        }
        let counted = Instant::now();
        let counts = Arc::new(self.store.counts(filter, viewing).await?);
        let mut kept = self.kept_at(revision);
        if kept.counts.len() >= QUERIES_MAX {
            kept.counts.clear();
        }
        kept.counts.insert(key, (Arc::clone(&counts), counted));
        Ok(counts)
    }

    /// The names of all genres.
    pub async fn genres(&self) -> Result<Arc<Genres>, StoreError> {
        let revision = self.store.revision().await?;
        if let Some((names, read)) = &self.kept_at(revision).names
            && read.elapsed() < NAMES_FOR
        {
            return Ok(Arc::clone(names));
        }
        let names = Arc::new(self.store.genre_names().await?);
        self.kept_at(revision).names = Some((Arc::clone(&names), Instant::now()));
        Ok(names)
    }

    /// What is kept, emptied first when it is of an older revision.
    fn kept_at(&self, revision: i64) -> std::sync::MutexGuard<'_, Kept> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.revision != revision {
            *kept = Kept { revision, ..Kept::default() };
        }
        kept
    }
}
