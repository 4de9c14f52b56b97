//! Keeping the index true: opened or built at the start, following the store's events, built anew when it is broken.
//!
//! Everything here happens beside requests. While there is no index search answers 503 and all else serves; an index
//! that is built anew takes the old one's place when it is whole.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bijou_chassis::{BoxError, Condition};
use bijou_store::outbox;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::Search;
use super::index::{Build, IndexError, Live, Stamp};
use crate::store::{Store, Title};

/// Changes at once beyond which building anew is quicker than changing, and interrupts nobody.
const CHANGES_MAX: i64 = 5_000;
/// Events applied at a time, and titles read at a time when all are.
const EVENTS: u32 = 500;
const TITLES: u32 = 1_000;
/// The pause between two rounds of changes: a busy import is followed in steps of many titles.
const REST: Duration = Duration::from_millis(250);
/// How long one look for events waits.
const WAIT: Duration = Duration::from_secs(30);
/// The pause after a failure, and at most.
const PAUSE: Duration = Duration::from_millis(250);
const PAUSE_MAX: Duration = Duration::from_secs(10);

/// Keeps one instance's index.
pub struct Keeper {
    pub store: Store,
    pub search: Arc<Search>,
    /// The instance's own folder; everything in it is an index or on its way to be one.
    pub folder: PathBuf,
    pub condition: Condition,
    pub shutdown: CancellationToken,
}

/// Why following ended without a fault.
enum Ended {
    Stopped,
    /// There is too much to follow, or the store is another one.
    Outdated,
}

impl Keeper {
    /// Keeps the index until the stop.
    pub async fn keep(self) -> Result<(), BoxError> {
        let mut pause = PAUSE;
        loop {
            let ended = tokio::select! {
                () = self.shutdown.cancelled() => return Ok(()),
                ended = self.keep_one() => ended,
            };
            match ended {
                Ok(Ended::Stopped) => return Ok(()),
                Ok(Ended::Outdated) => pause = PAUSE,
                Err(error) => {
                    let reason = (&error as &dyn std::error::Error).source().map(ToString::to_string);
                    let reason = reason.unwrap_or_else(|| error.to_string());
                    warn!(error = %reason, "{error}: {reason}; it is built anew in {pause:?}");
                    self.search.set(None);
                    self.condition.not_ready("the search index was broken and is being built anew");
                    self.forget();
                    tokio::select! {
                        () = self.shutdown.cancelled() => return Ok(()),
                        () = tokio::time::sleep(pause) => {}
                    }
                    pause = (pause * 2).min(PAUSE_MAX);
                }
            }
        }
    }

    /// Gets an index and follows with it.
    async fn keep_one(&self) -> Result<Ended, IndexError> {
        let identity = self.store.identity().await?;
        // Only at the start: what serves already is known not to do when this comes round again.
        let known = if self.search.live().is_none() { self.open(&identity).await } else { None };
        let live = match known {
            Some(live) => Arc::new(live),
            None => Arc::new(self.build(&identity).await?),
        };
        self.search.set(Some(Arc::clone(&live)));
        self.condition.ready();
        self.clean(&live.folder);
        self.follow(&live).await
    }

    /// The newest finished index in the folder.
    async fn open(&self, identity: &str) -> Option<Live> {
        for folder in folders(&self.folder).into_iter().rev() {
            let (opened, store) = (folder.clone(), identity.to_owned());
            match blocking(move || Live::open(&opened, &store)).await {
                Ok(Some(live)) => return Some(live),
                Ok(None) => {
                    info!(folder = %folder.display(), "a search index is unfinished, damaged or of another store");
                }
                Err(error) => warn!(folder = %folder.display(), "a search index cannot be opened: {error}"),
            }
        }
        None
    }

    async fn build(&self, identity: &str) -> Result<Live, IndexError> {
        let begun = Instant::now();
        // What changes while the titles are read is told after this event.
        let revision = self.store.revision().await?;
        let genres = Arc::new(self.store.genre_names().await?);
        let folder = self.next_folder();
        let mut build = blocking(move || Build::begin(&folder)).await?;
        let mut after = String::new();
        let mut count = 0;
        loop {
            let titles = self.store.titles_after(&after, TITLES).await?;
            let Some(last) = titles.last() else { break };
            after.clone_from(&last.document.id);
            count += titles.len();
            let genres = Arc::clone(&genres);
            build = blocking(move || {
                titles.iter().try_for_each(|title| build.add(title, &genres))?;
                Ok(build)
            })
            .await?;
        }
        let stamp = Stamp::new(identity, revision);
        let live = blocking(move || build.finish(stamp)).await?;
        let (took, bytes, memory_bytes) = (begun.elapsed(), live.disk_bytes(), live.shelf().bytes());
        let took_ms = took.as_millis() as u64;
        self.search.metrics.builds.inc();
        info!(title.count = count, took_ms, bytes, memory_bytes, "indexed {count} titles for search");
        Ok(live)
    }

    /// Applies what the store tells to the index. Comes back when it cannot go on with this one.
    async fn follow(&self, live: &Arc<Live>) -> Result<Ended, IndexError> {
        loop {
            let from = live.revision();
            let head = self.store.revision().await?;
            if head < from || head - from > CHANGES_MAX {
                return Ok(Ended::Outdated);
            }
            let events = tokio::select! {
                () = self.shutdown.cancelled() => return Ok(Ended::Stopped),
                events = outbox::wait_after(self.store.database(), from, EVENTS, WAIT) => events?,
            };
            let Some(last) = events.last() else { continue };
            let revision = last.seq;
            let ids: BTreeSet<String> = events.into_iter().map(|event| event.subject).collect();
            let ids: Vec<String> = ids.into_iter().collect();
            let mut known = self.store.titles(&ids).await?;
            let titles: Vec<(String, Option<Title>)> = ids
                .into_iter()
                .map(|id| {
                    let title = known.remove(&id);
                    (id, title)
                })
                .collect();
            let genres = self.store.genre_names().await?;
            let changing = Arc::clone(live);
            blocking(move || changing.change(&titles, &genres, revision)).await?;
            tokio::select! {
                () = self.shutdown.cancelled() => return Ok(Ended::Stopped),
                () = tokio::time::sleep(REST) => {}
            }
        }
    }

    /// A folder after all there are.
    fn next_folder(&self) -> PathBuf {
        let number = folders(&self.folder).last().and_then(|folder| number_of(folder)).unwrap_or(0) + 1;
        self.folder.join(format!("{number:08}"))
    }

    /// Removes every folder but the one in use. What cannot be removed is removed another time.
    fn clean(&self, used: &Path) {
        for folder in folders(&self.folder).into_iter().filter(|folder| folder != used) {
            if let Err(error) = fs::remove_dir_all(&folder) {
                warn!(folder = %folder.display(), "an old search index cannot be removed: {error}");
            }
        }
    }

    /// Removes what is there: it is broken, or in the way.
    fn forget(&self) {
        self.clean(Path::new(""));
    }
}

/// Numbered folders, by number.
fn folders(parent: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| number_of(path).is_some()).collect();
    folders.sort_unstable();
    folders
}

fn number_of(folder: &Path) -> Option<u32> {
    folder.file_name()?.to_str()?.parse().ok()
}

/// Disk and arithmetic, away from the threads that answer.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, IndexError> + Send + 'static,
) -> Result<T, IndexError> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(IndexError::GivenUp))
}
