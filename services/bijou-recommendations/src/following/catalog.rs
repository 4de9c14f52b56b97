//! Titles, from the catalog: all of them at first and now and then, changes by its outbox in between.
//!
//! An event only says which title changed; what it is now is read from the catalog itself. So events may be applied
//! twice or late without harm, and one missed for whatever reason is made good by the next comparison.

use std::time::{Duration, Instant};

use bijou_catalog_api::{APPLICATION, Catalog, IDS_MAX, TitleFilter, TitleSummary};
use bijou_client::{CallContext, Client};
use tracing::info;

use super::{FollowError, Follower, Stepped, events};
use crate::Config;
use crate::serving::Source;
use crate::store::Store;

/// Name of the cursor.
const SOURCE: &str = "catalog";

/// Titles asked for at a time.
const PART: u32 = 100;

/// Most titles kept: all of them are in memory.
const TITLES_MAX: usize = 100_000;

/// Follows the catalog.
pub(crate) struct Titles {
    store: Store,
    client: Client,
    catalog: Catalog,
    language: String,
    compare_every: Duration,
    compared: Option<Instant>,
}

impl Titles {
    pub(crate) fn new(store: Store, client: &Client, config: &Config) -> Self {
        Self {
            store,
            catalog: Catalog::new(client),
            client: client.clone(),
            language: config.language.clone(),
            compare_every: config.compare_every(),
            compared: None,
        }
    }

    /// Reads the whole list. `head` is the catalog's newest event from before: what comes after is applied on top.
    async fn compare(&mut self, from: i64, head: i64) -> Result<(), FollowError> {
        let mut titles: Vec<TitleSummary> = Vec::new();
        let mut filter = TitleFilter { limit: Some(PART), lang: Some(self.language.clone()), ..TitleFilter::default() };
        loop {
            let page = self.catalog.titles(&filter, &CallContext::service()).await?;
            titles.extend(page.items);
            match page.next {
                Some(next) if titles.len() < TITLES_MAX => filter.cursor = Some(next),
                _ => break,
            }
        }
        let count = titles.len();
        // The list is read in parts while the catalog may change: one title may come twice.
        titles.sort_by(|a, b| a.id.cmp(&b.id));
        titles.dedup_by(|a, b| a.id == b.id);
        self.store.replace_titles(SOURCE, from, head, &titles).await?;
        info!(title.count = count, "compared {count} titles with the catalog");
        self.compared = Some(Instant::now());
        Ok(())
    }

    fn is_time_to_compare(&self) -> bool {
        self.compared.is_none_or(|at| at.elapsed() >= self.compare_every)
    }
}

impl Follower for Titles {
    const SOURCE: Source = Source::Catalog;

    async fn step(&mut self, wait: Duration) -> Result<Stepped, FollowError> {
        let from = self.store.cursor(SOURCE).await?;
        let wait = if self.is_time_to_compare() { Duration::ZERO } else { wait.min(self.compare_every) };
        let (batch, to, head) = events(&self.client, APPLICATION, from, wait).await?;
        if self.is_time_to_compare() || head < from {
            self.compare(from, head).await?;
            return Ok(Stepped::Changed);
        }
        if to == from {
            return Ok(Stepped::Quiet);
        }
        let mut ids: Vec<&str> = batch
            .items
            .iter()
            .filter(|event| event.type_.starts_with("title."))
            .map(|event| event.subject.as_str())
            .collect();
        ids.sort_unstable();
        ids.dedup();
        let mut titles = Vec::with_capacity(ids.len());
        for part in ids.chunks(IDS_MAX) {
            let call = CallContext::service();
            titles.extend(self.catalog.titles_by_id(part.iter().copied(), Some(&self.language), &call).await?);
        }
        let is_gone = |id: &&&str| !titles.iter().any(|title| title.id == ***id);
        let gone: Vec<String> = ids.iter().filter(is_gone).map(|id| (*id).to_owned()).collect();
        self.store.change_titles(SOURCE, from, to, &titles, &gone).await?;
        Ok(Stepped::Changed)
    }
}
