//! What is served: an immutable snapshot, made anew when something changed.

mod body;
mod library;
mod snapshot;
mod weights;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use bijou_chassis::{BoxError, Condition};
use bijou_store::StoreError;
use tokio::sync::{Mutex, Notify};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

pub(crate) use body::{HomeBody, Part, SimilarBody};
pub(crate) use snapshot::{Signature, Snapshot, View};

use crate::model::Model;
use crate::model::folder::Folder;
use crate::now_ms;
use crate::store::{Revisions, Store};
use crate::telemetry::PageMetrics;
use library::Library;
use weights::Learned;

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
    Profiles,
}

impl Source {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Catalog => "catalog",
            Self::Playback => "playback",
            Self::Profiles => "profiles",
        }
    }
}

/// Which sources answered when they were last asked. Profiles is not one of them: it is asked with each page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Heard {
    pub(crate) catalog: bool,
    pub(crate) playback: bool,
}

/// Where models are, and how it is told whether one is in use.
pub(crate) struct Models {
    pub(crate) folder: Folder,
    pub(crate) is_usable: Condition,
}

/// The snapshot and what it is made from.
pub(crate) struct Serving {
    store: Store,
    models: Models,
    current: ArcSwap<Snapshot>,
    catalog_heard: AtomicBool,
    playback_heard: AtomicBool,
    changed: Notify,
    made: Mutex<Made>,
    metrics: PageMetrics,
}

/// What the current snapshot was made from. Titles and model are kept, since plays change all the time and they hardly ever.
#[derive(Default)]
struct Made {
    revisions: Option<Revisions>,
    heard: Option<Heard>,
    at: Option<Instant>,
    library: Arc<Library>,
    model: Option<Arc<Model>>,
    learned: Option<Arc<Learned>>,
}

impl Serving {
    pub(crate) fn new(store: Store, models: Models, metrics: PageMetrics) -> Self {
        Self {
            store,
            models,
            current: ArcSwap::from_pointee(Snapshot::default()),
            catalog_heard: AtomicBool::new(false),
            playback_heard: AtomicBool::new(false),
            changed: Notify::new(),
            made: Mutex::new(Made::default()),
            metrics,
        }
    }

    /// The snapshot.
    pub(crate) fn current(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    /// Says whether a source answers.
    pub(crate) fn set_heard(&self, source: Source, is_heard: bool) {
        let heard = match source {
            Source::Catalog => &self.catalog_heard,
            Source::Playback => &self.playback_heard,
            Source::Profiles => return,
        };
        if heard.swap(is_heard, Ordering::Relaxed) != is_heard {
            self.something_changed();
        }
    }

    /// Says that the snapshot should be made anew.
    pub(crate) fn something_changed(&self) {
        self.changed.notify_one();
    }

    /// Makes the snapshot anew if what it is made from changed, or it is old. Gives how long that took.
    pub(crate) async fn refresh(&self, now_ms: i64) -> Result<Duration, StoreError> {
        let mut made = self.made.lock().await;
        let revisions = self.store.revisions().await?;
        let heard = Heard {
            catalog: self.catalog_heard.load(Ordering::Relaxed),
            playback: self.playback_heard.load(Ordering::Relaxed),
        };
        let is_old = made.at.is_none_or(|at| at.elapsed() >= MAKE_ANEW_AFTER);
        if made.revisions == Some(revisions) && made.heard == Some(heard) && !is_old {
            return Ok(Duration::ZERO);
        }
        let has_new_titles = made.revisions.map(|made| made.titles) != Some(revisions.titles);
        let has_new_model = made.revisions.map(|made| made.models) != Some(revisions.models);
        // Whoever has none looks again now and then: somebody may have put the file back.
        let is_model_read = has_new_model || (is_old && made.model.is_none());
        if is_model_read {
            made.model = self.read_model().await?;
            made.learned = None;
        }
        let titles = if has_new_titles { Some(self.store.titles().await?) } else { None };
        let plays = self.store.plays(now_ms).await?;
        let (library, model, learned) = (Arc::clone(&made.library), made.model.clone(), made.learned.clone());
        let started = Instant::now();
        // Some thousand titles take milliseconds, which requests on this thread should not wait for.
        let making = tokio::task::spawn_blocking(move || {
            let kept = learned.filter(|_| titles.is_none());
            let library = titles.map_or(library, |titles| Arc::new(Library::of(titles)));
            let learned = kept.or_else(|| model.map(|model| Arc::new(Learned::of(model, &library))));
            let snapshot = Snapshot::make(Arc::clone(&library), &plays, learned.clone(), heard, now_ms);
            (library, learned, snapshot)
        });
        let (library, learned, snapshot) =
            making.await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()));
        let took = started.elapsed();
        self.metrics.made(took, snapshot.title_count());
        let model = snapshot.learned().map(|learned| learned.model().version.clone());
        self.current.store(Arc::new(snapshot));
        // Not before: who is told that the model is in use may rely on it for the next page.
        if let Some(version) = model.filter(|_| is_model_read) {
            tracing::info!(model.version = %version, "model `{version}` is in use");
            self.models.is_usable.ready();
        }
        (made.library, made.learned) = (library, learned);
        made.revisions = Some(revisions);
        made.heard = Some(heard);
        made.at = Some(Instant::now());
        Ok(took)
    }

    /// The model in use. Without one, or with one that is of no use, pages are made of what others watch.
    async fn read_model(&self) -> Result<Option<Arc<Model>>, StoreError> {
        let Some(row) = self.store.active_model().await? else {
            self.models.is_usable.not_ready("no model was made yet; pages are of what others watch");
            return Ok(None);
        };
        let (folder, version) = (self.models.folder.clone(), row.version.clone());
        let reading = tokio::task::spawn_blocking(move || folder.read(&version));
        match reading.await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic())) {
            Ok(model) => Ok(Some(Arc::new(model))),
            Err(error) => {
                let version = &row.version;
                tracing::warn!(error = &error as &dyn std::error::Error, model.version = %version, "model `{version}` is of no use; pages are of what others watch");
                let why = format!("model `{version}` is of no use ({error}); pages are of what others watch");
                self.models.is_usable.not_ready(why);
                Ok(None)
            }
        }
    }
}

/// Keeps the snapshot fresh until `shutdown`.
pub(crate) async fn keep_fresh(serving: Arc<Serving>, shutdown: CancellationToken) -> Result<(), BoxError> {
    let mut cleared = Instant::now();
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            () = serving.changed.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
        let took = serving.refresh(now_ms()).await.unwrap_or_else(|error| {
            // The snapshot at hand stays.
            tracing::warn!(error = &error as &dyn std::error::Error, "failed to make pages anew");
            Duration::ZERO
        });
        if cleared.elapsed() >= Duration::from_hours(1) {
            cleared = Instant::now();
            let store = &serving.store;
            let forgotten = tokio::try_join!(store.forget_old_days(now_ms()), store.forget_old_impressions(now_ms()));
            if let Err(error) = forgotten {
                tracing::warn!(error = &error as &dyn std::error::Error, "failed to forget what is old");
            }
        }
        // A large library under many plays is not made anew all the time: that may take a tenth of a core.
        tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            () = tokio::time::sleep(PAUSE.max(took * 10)) => {}
        }
    }
}
