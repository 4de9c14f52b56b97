//! Following the catalog: what titles are now, numbered as changes, and told to webhooks.
//!
//! A long poll of its outbox in a loop. An event only says which title changed; what it is now is read from the catalog
//! itself, so events may come twice or late without harm, and the comparison of everything now and then makes good
//! whatever was missed. The catalog away is a normal state: partners go on reading what is known.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bijou_catalog_api::{APPLICATION, Catalog, IDS_MAX, Kind, TitleFilter, TitleSummary};
use bijou_chassis::{BoxError, Condition};
use bijou_client::{CallContext, CallError, Client};
use bijou_resilience::Deadline;
use bijou_store::StoreError;
use bijou_store::outbox::Batch;
use futures_util::{StreamExt, TryStreamExt, stream};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use crate::Partners;
use crate::deliveries;
use crate::domain::cursor::Cursor;
use crate::domain::season::{Known, KnownSeason};
use crate::store::{Heard, Webhook};

/// How long the catalog may hold an empty answer back.
const WAIT: Duration = Duration::from_secs(20);
/// The pause after a failure, and at most.
const PAUSE: Duration = Duration::from_millis(250);
const PAUSE_MAX: Duration = Duration::from_secs(5);
/// Titles asked for at a time.
const PART: u32 = 100;
/// Shows looked into at the same time.
const SHOWS_AT_ONCE: usize = 4;

#[derive(Debug, thiserror::Error)]
enum FollowError {
    #[error(transparent)]
    Call(#[from] CallError),
    #[error("failed to keep what was heard")]
    Store(#[from] StoreError),
    #[error("the catalog counts its events by `{0}`, which is no number")]
    Count(String),
}

/// Follows the catalog.
pub(crate) struct Follower {
    partners: Arc<Partners>,
    client: Client,
    catalog: Catalog,
    compared: Option<Instant>,
}

impl Follower {
    pub(crate) fn new(partners: Arc<Partners>, client: &Client) -> Self {
        Self { partners, client: client.clone(), catalog: Catalog::new(client), compared: None }
    }

    /// Follows until `shutdown`.
    pub(crate) async fn run(mut self, heard: Condition, shutdown: CancellationToken) -> Result<(), BoxError> {
        let mut pause = PAUSE;
        // First, and after a silence, only what is there: a long poll would tell of the recovery when it ends.
        let mut wait = Duration::ZERO;
        loop {
            let step = tokio::select! {
                () = shutdown.cancelled() => return Ok(()),
                step = self.step(wait) => step,
            };
            match step {
                Ok(()) => {
                    heard.ready();
                    pause = PAUSE;
                    wait = WAIT;
                    continue;
                }
                Err(FollowError::Call(error)) => {
                    heard.not_ready("the catalog does not answer; what it said last is given");
                    debug!(
                        error = &error as &dyn std::error::Error,
                        "the catalog does not answer, asking again in {pause:?}"
                    );
                }
                Err(error) => {
                    warn!(
                        error = &error as &dyn std::error::Error,
                        "failed to follow the catalog, trying again in {pause:?}"
                    );
                }
            }
            wait = Duration::ZERO;
            tokio::select! {
                () = shutdown.cancelled() => return Ok(()),
                () = tokio::time::sleep(pause) => {}
            }
            pause = (pause * 2).min(PAUSE_MAX);
        }
    }

    async fn step(&mut self, wait: Duration) -> Result<(), FollowError> {
        let compare_every = Duration::from_secs(self.partners.config.compare_s);
        let is_time_to_compare = self.compared.is_none_or(|at| at.elapsed() >= compare_every);
        let wait = if is_time_to_compare { Duration::ZERO } else { wait.min(compare_every) };
        let from = self.partners.store.catalog_cursor().await?;
        let batch = self.events(from, wait).await?;
        let number = |text: &str| text.parse::<i64>().map_err(|_| FollowError::Count(text.to_owned()));
        let (to, head) = (number(&batch.next)?, number(&batch.head)?);
        let now_ms = self.partners.clock.now_ms();
        if is_time_to_compare || head < from {
            let titles = self.all_titles().await?;
            let count = titles.len();
            let (different, gone) = self.partners.store.differences(&titles).await?;
            let different = self.whole(different).await?;
            self.apply(&Heard { from, to: head, titles: &different, gone: &gone, now_ms }).await?;
            info!(title.count = count, "compared {count} titles with the catalog");
            self.compared = Some(Instant::now());
        } else if to == from {
            return Ok(());
        } else {
            let mut ids: Vec<&str> = batch
                .items
                .iter()
                .filter(|event| event.type_.starts_with("title."))
                .map(|event| event.subject.as_str())
                .collect();
            ids.sort_unstable();
            ids.dedup();
            let titles = self.titles(&ids).await?;
            let is_gone = |id: &&&str| !titles.iter().any(|title| title.id == ***id);
            let gone: Vec<String> = ids.iter().filter(is_gone).map(|id| (*id).to_owned()).collect();
            let titles = self.whole(titles).await?;
            self.apply(&Heard { from, to, titles: &titles, gone: &gone, now_ms }).await?;
        }
        Ok(())
    }

    /// Takes it over and queues what webhooks are told of it, in one transaction: a kill loses neither without the other.
    async fn apply(&self, heard: &Heard<'_>) -> Result<(), StoreError> {
        let clock = &self.partners.clock;
        let tell = |changed: &[(String, bool)], webhooks: &[Webhook], head: &Cursor| {
            deliveries::tell(clock, changed, webhooks, &head.to_string())
        };
        self.partners.store.change_titles(heard, tell).await
    }

    async fn events(&self, after: i64, wait: Duration) -> Result<Batch, CallError> {
        self.client
            .to(APPLICATION)
            .get("/events")
            .context(&CallContext::service())
            .deadline(Deadline::after(Instant::now(), wait + Duration::from_secs(5)))
            .attempt_timeout(wait + Duration::from_secs(4))
            .query("after", after)
            .query("wait_ms", wait.as_millis())
            .send_json()
            .await
    }

    async fn titles(&self, ids: &[&str]) -> Result<Vec<TitleSummary>, CallError> {
        let language = self.partners.config.language.as_str();
        let mut titles = Vec::with_capacity(ids.len());
        for part in ids.chunks(IDS_MAX) {
            let call = CallContext::service();
            titles.extend(self.catalog.titles_by_id(part.iter().copied(), Some(language), &call).await?);
        }
        Ok(titles)
    }

    /// These titles with what is in them.
    async fn whole(&self, titles: Vec<TitleSummary>) -> Result<Vec<Known>, CallError> {
        let look = |summary: TitleSummary| async move {
            let seasons = if summary.kind == Kind::Show { self.seasons(&summary.id).await? } else { Vec::new() };
            Ok(Known { summary, seasons })
        };
        stream::iter(titles).map(look).buffered(SHOWS_AT_ONCE).try_collect().await
    }

    async fn seasons(&self, show: &str) -> Result<Vec<KnownSeason>, CallError> {
        let lang = Some(self.partners.config.language.as_str());
        let mut seasons = Vec::new();
        // What is gone by now is told of by an event that is still to come.
        for season in self.catalog.seasons(show, lang, &CallContext::service()).await?.unwrap_or_default() {
            let episodes = self.catalog.episodes(&season.id, lang, &CallContext::service()).await?;
            let episodes = episodes.map(|episodes| episodes.items).unwrap_or_default();
            seasons.push(KnownSeason { season, episodes });
        }
        Ok(seasons)
    }

    async fn all_titles(&self) -> Result<Vec<TitleSummary>, CallError> {
        let lang = Some(self.partners.config.language.clone());
        let mut filter = TitleFilter { limit: Some(PART), lang, ..TitleFilter::default() };
        let mut titles: Vec<TitleSummary> = Vec::new();
        loop {
            let page = self.catalog.titles(&filter, &CallContext::service()).await?;
            titles.extend(page.items);
            filter.cursor = page.next;
            if filter.cursor.is_none() {
                break;
            }
        }
        // The list is read in parts while the catalog may change: one title may come twice.
        titles.sort_by(|a, b| a.id.cmp(&b.id));
        titles.dedup_by(|a, b| a.id == b.id);
        Ok(titles)
    }
}
