//! What takes counting, kept until the catalog changes: facets of a query, and the names of genres.
//!
//! The store's revision is one point read; counting 36,000 titles by three properties is not.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bijou_store::StoreError;

use crate::domain::query::Filter;
use crate::present::Genres;
use crate::store::{Counts, Store};

/// Queries whose counts are kept; beyond it everything is forgotten, which only costs counting again.
const QUERIES_MAX: usize = 256;

/// Genres may be renamed without any title changing; such a change is seen after this time at the latest.
const NAMES_FOR: Duration = Duration::from_secs(10);

/// Counts and names of one store.
pub struct Counted {
    store: Store,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    revision: i64,
    counts: HashMap<Filter, Arc<Counts>>,
    names: Option<(Arc<Genres>, Instant)>,
}

impl Counted {
    pub fn new(store: Store) -> Self {
        Self { store, kept: Mutex::default() }
    }

    /// The counts beside a list.
    pub async fn counts(&self, filter: &Filter) -> Result<Arc<Counts>, StoreError> {
        let revision = self.store.revision().await?;
        if let Some(counts) = self.kept_at(revision).counts.get(filter) {
            return Ok(Arc::clone(counts));
        }
        let counts = Arc::new(self.store.counts(filter).await?);
        let mut kept = self.kept_at(revision);
        if kept.counts.len() >= QUERIES_MAX {
            kept.counts.clear();
        }
        kept.counts.insert(filter.clone(), Arc::clone(&counts));
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
