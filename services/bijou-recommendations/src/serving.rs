//! What is served: an immutable page, made anew when something changed.

mod body;
mod snapshot;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use bijou_chassis::BoxError;
use bijou_store::StoreError;
use tokio::sync::{Mutex, Notify};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

pub(crate) use body::{HomeBody, Part};
pub(crate) use snapshot::Snapshot;

use crate::now_ms;
use crate::store::{Revisions, Store};
use crate::telemetry::PageMetrics;

/// How often the store is looked at for what another instance applied.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// The page is made anew after this time in any case: weights decay, what is new becomes old.
const MAKE_ANEW_AFTER: Duration = Duration::from_mins(1);

/// Shortest time between two pages, however much happens.
const PAUSE: Duration = Duration::from_millis(100);

/// Whom the page is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    Catalog,
    Playback,
}

impl Source {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Catalog => "catalog",
            Self::Playback => "playback",
        }
    }
}

/// Which sources answered when they were last asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Heard {
    pub(crate) catalog: bool,
    pub(crate) playback: bool,
}

/// The page and what it is made from.
pub(crate) struct Serving {
    store: Store,
    current: ArcSwap<Snapshot>,
    catalog_heard: AtomicBool,
    playback_heard: AtomicBool,
    changed: Notify,
    made: Mutex<Made>,
    metrics: PageMetrics,
}

/// What the current page was made from. Titles are kept, since plays change all the time and titles hardly ever.
#[derive(Default)]
struct Made {
    revisions: Option<Revisions>,
    heard: Option<Heard>,
    at: Option<Instant>,
    titles: Arc<Vec<bijou_catalog_api::TitleSummary>>,
}

impl Serving {
    pub(crate) fn new(store: Store, metrics: PageMetrics) -> Self {
        Self {
            store,
            current: ArcSwap::from_pointee(Snapshot::default()),
            catalog_heard: AtomicBool::new(false),
            playback_heard: AtomicBool::new(false),
            changed: Notify::new(),
            made: Mutex::new(Made::default()),
            metrics,
        }
    }

    /// The page.
    pub(crate) fn current(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    /// Says whether a source answers.
    pub(crate) fn set_heard(&self, source: Source, is_heard: bool) {
        let heard = match source {
            Source::Catalog => &self.catalog_heard,
            Source::Playback => &self.playback_heard,
        };
        if heard.swap(is_heard, Ordering::Relaxed) != is_heard {
            self.something_changed();
        }
    }

    /// Says that the page should be made anew.
    pub(crate) fn something_changed(&self) {
        self.changed.notify_one();
    }

    /// Makes the page anew if what it is made from changed, or it is old.
    pub(crate) async fn refresh(&self, now_ms: i64) -> Result<(), StoreError> {
        let mut made = self.made.lock().await;
        let revisions = self.store.revisions().await?;
        let heard = Heard {
            catalog: self.catalog_heard.load(Ordering::Relaxed),
            playback: self.playback_heard.load(Ordering::Relaxed),
        };
        let is_old = made.at.is_none_or(|at| at.elapsed() >= MAKE_ANEW_AFTER);
        if made.revisions == Some(revisions) && made.heard == Some(heard) && !is_old {
            return Ok(());
        }
        if made.revisions.map(|made| made.titles) != Some(revisions.titles) {
            made.titles = Arc::new(self.store.titles().await?);
        }
        let plays = self.store.plays(now_ms).await?;
        let titles = Arc::clone(&made.titles);
        let started = Instant::now();
        // Some thousand titles take milliseconds, which requests on this thread should not wait for.
        let making = tokio::task::spawn_blocking(move || Snapshot::make(titles, &plays, heard, now_ms));
        let snapshot = making.await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()));
        self.metrics.made(started.elapsed(), snapshot.title_count());
        self.current.store(Arc::new(snapshot));
        made.revisions = Some(revisions);
        made.heard = Some(heard);
        made.at = Some(Instant::now());
        Ok(())
    }
}

/// Keeps the page fresh until `shutdown`.
pub(crate) async fn keep_fresh(serving: Arc<Serving>, shutdown: CancellationToken) -> Result<(), BoxError> {
    let mut cleared = Instant::now();
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            () = serving.changed.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
        if let Err(error) = serving.refresh(now_ms()).await {
            // The page at hand stays.
            tracing::warn!(error = &error as &dyn std::error::Error, "failed to make the page anew");
        }
        if cleared.elapsed() >= Duration::from_hours(1) {
            cleared = Instant::now();
            if let Err(error) = serving.store.forget_old_days(now_ms()).await {
                tracing::warn!(error = &error as &dyn std::error::Error, "failed to forget old counts");
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}
