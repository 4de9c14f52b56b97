//! The encode worker: one job at a time, from the queue all instances share.
//!
//! It lives through everything a job can do wrong. A job whose source is at fault fails for good with the reason in its
//! row; one that had bad luck is tried again later; when this process stops, its job goes back at once. Without ffmpeg
//! it waits and says so: what is already encoded plays on.

use std::time::{Duration, Instant};

use bijou_chassis::{Announcement, BoxError, Condition};
use bijou_store::StoreError;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use crate::clock::now_ms;
use crate::demo::{members, seed};
use crate::ffmpeg::{Priority, Tools};
use crate::ingest::{self, IngestError, Progress, Step, told};
use crate::library::Library;
use crate::store::Job;
use crate::telemetry::PlaybackMetrics;
use crate::work::Work;

/// How often an idle worker looks into the queue: other processes put jobs there.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How often it looks for ffmpeg when that is missing.
const TOOLS_EVERY: Duration = Duration::from_secs(15);

/// Wait before an unlucky job is tried again, times the number of tries so far.
const RETRY_AFTER_MS: i64 = 10_000;

/// One per instance.
#[derive(Debug)]
pub struct Worker {
    pub library: Library,
    /// Stable over restarts, so that a killed instance finds its own job at once.
    pub owner: String,
    pub demo: Demo,
    pub announcement: Announcement,
    /// Shown in `/readyz`, not waited for.
    pub tools_condition: Condition,
    pub metrics: PlaybackMetrics,
}

/// Which parts of the demo are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Demo {
    pub is_enabled: bool,
    /// Whether open films may be fetched from the network.
    pub fetches_films: bool,
}

impl Worker {
    /// Works until `shutdown`.
    pub async fn run(self, shutdown: CancellationToken) -> Result<(), BoxError> {
        let freed = self.library.store.release_jobs_of(&self.owner, now_ms()).await?;
        if freed > 0 {
            info!(jobs = freed, "taking up {freed} encode job(s) of before the restart");
        }
        let mut has_tools = None;
        loop {
            // Asked before each job: cheap beside an encode, and no restart is needed after an installation.
            let wait = match self.library.tools().await {
                Ok(tools) => {
                    if has_tools != Some(true) {
                        info!(version = tools.version, "encoding with {}", tools.version);
                        self.announce("on");
                        self.tools_condition.ready();
                        has_tools = Some(true);
                    }
                    if self.turn(&tools, &shutdown).await { Duration::ZERO } else { LOOK_EVERY }
                }
                Err(missing) => {
                    if has_tools != Some(false) {
                        warn!(error = %missing, "nothing can be encoded: {missing}");
                        self.announce("no-ffmpeg");
                        self.tools_condition.not_ready(format!("nothing new can be encoded: {missing}"));
                        has_tools = Some(false);
                    }
                    TOOLS_EVERY
                }
            };
            if !self.wait_for_work(wait, &shutdown).await {
                return Ok(());
            }
        }
    }

    /// Looks into the queue until there is something in it, without asking for the tools each time.
    async fn wait_for_work(&self, wait: Duration, shutdown: &CancellationToken) -> bool {
        let until = Instant::now() + TOOLS_EVERY;
        let mut wait = wait;
        while !shutdown.is_cancelled() {
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = shutdown.cancelled() => return false,
            }
            let open = self.library.store.count_claimable_jobs(now_ms()).await;
            if wait.is_zero() || wait == TOOLS_EVERY || Instant::now() > until || open.is_ok_and(|open| open > 0) {
                return !shutdown.is_cancelled();
            }
            wait = LOOK_EVERY;
        }
        false
    }

    fn announce(&self, state: &str) {
        self.announcement.set("bijou.demo", if self.demo.is_enabled { state } else { "off" });
    }

    /// Queues the demo's films if nothing was ever made here.
    pub async fn seed(&self) -> Result<(), StoreError> {
        if !self.demo.is_enabled || !self.library.store.has_no_assets().await? {
            return Ok(());
        }
        let jobs = seed::jobs(self.demo.fetches_films);
        if self.library.store.queue_once(seed::MILESTONE, &jobs, now_ms()).await? {
            info!(jobs = jobs.len(), "making the demo library: the first film now, the rest in the background");
        }
        Ok(())
    }

    /// Takes one job and sees it through. `false`: there was none.
    async fn turn(&self, tools: &Tools, shutdown: &CancellationToken) -> bool {
        let job = match self.library.store.claim_job(ingest::claim(&self.owner)).await {
            Ok(Some(job)) => job,
            Ok(None) => return false,
            Err(error) => {
                warn!(error = %error, "could not look for encode jobs");
                return false;
            }
        };
        if let Err(error) = self.see_through(&job, tools, shutdown).await {
            // The lease runs out, and somebody tries again.
            warn!(job.id = job.id, error = %error, "could not note how job `{}` ended", job.id);
        }
        true
    }

    async fn see_through(&self, job: &Job, tools: &Tools, shutdown: &CancellationToken) -> Result<(), StoreError> {
        let store = &self.library.store;
        let work: Work = match serde_json::from_str(&job.work) {
            Ok(work) => work,
            Err(error) => {
                return store
                    .fail_job(&job.id, &self.owner, &format!("the job is not understood: {error}"), now_ms())
                    .await;
            }
        };
        let playable = work.playable();
        let started = Instant::now();
        let priority = if work.is_urgent { Priority::Normal } else { Priority::Background };
        info!(job.id = job.id, title.id = work.title_id, attempt = job.attempt, "encoding `{}`", playable.id());
        let log = ProgressLog::new(playable.id());
        let outcome = tokio::select! {
            outcome = ingest::run_leased(&self.library, tools, &job.id, &self.owner, &work, priority, |progress| log.note(progress)) => outcome,
            () = shutdown.cancelled() => {
                // The encoder died with the future.
                return store.release_job(&job.id, &self.owner, now_ms()).await;
            }
        };
        self.metrics.encode_seconds.inc_by(started.elapsed().as_secs());
        match outcome {
            Ok(published) => {
                self.metrics.jobs_done.inc();
                let sizes: Vec<String> =
                    published.renditions.iter().map(|(width, height)| format!("{width}x{height}")).collect();
                info!(
                    job.id = job.id,
                    title.id = work.title_id,
                    asset.id = published.asset_id,
                    took_ms = started.elapsed().as_millis() as u64,
                    "`{}` can be played: {:.0} s in {}",
                    playable.id(),
                    published.duration_s,
                    sizes.join(", ")
                );
                self.announce_playable().await;
                self.bring_members().await
            }
            Err(error) => {
                self.metrics.jobs_failed.inc();
                self.note_failure(job, playable.id(), &error).await
            }
        }
    }

    async fn note_failure(&self, job: &Job, id: &str, failure: &IngestError) -> Result<(), StoreError> {
        let why = told(failure);
        if matches!(failure, IngestError::JobLost) {
            warn!(job.id = job.id, "job `{}` was taken over while it ran here", job.id);
            return Ok(());
        }
        let now = now_ms();
        if failure.is_worth_retrying() {
            warn!(job.id = job.id, attempt = job.attempt, "`{id}` is not encoded yet and will be tried again: {why}");
            return self
                .library
                .store
                .retry_job(&job.id, &self.owner, &why, now + RETRY_AFTER_MS * job.attempt, now)
                .await;
        }
        error!(job.id = job.id, "`{id}` cannot be encoded: {why}");
        self.library.store.fail_job(&job.id, &self.owner, &why, now).await
    }

    /// Says in the registry how much can be played.
    pub async fn announce_playable(&self) {
        announce_playable(&self.library, &self.announcement, &self.metrics).await;
    }

    /// Invented members' views, in pieces: nobody waits for the database in between.
    /// After the first film, so that it is not kept waiting; and only where the demo's films are.
    async fn bring_members(&self) -> Result<(), StoreError> {
        let store = &self.library.store;
        if !self.demo.is_enabled
            || store.is_claimed(members::MILESTONE).await?
            || !store.is_claimed(seed::MILESTONE).await?
        {
            return Ok(());
        }
        let now = now_ms();
        let events = members::events(now);
        let mut written = 0;
        for (index, batch) in events.chunks(members::BATCH).enumerate() {
            if store.append_once(&format!("{}-{index}", members::MILESTONE), batch, now).await? {
                written += batch.len();
            }
            tokio::task::yield_now().await;
        }
        store.claim_once(members::MILESTONE, now).await?;
        if written > 0 {
            info!(events = written, "wrote {written} viewing events of synthetic members");
        }
        Ok(())
    }
}

/// Says in the registry and in the metrics how much can be played.
pub async fn announce_playable(library: &Library, announcement: &Announcement, metrics: &PlaybackMetrics) {
    match library.store.count_playable_titles().await {
        Ok(count) => {
            metrics.titles_playable.set(count);
            announcement.set("bijou.playable", count.to_string());
        }
        Err(error) => warn!(error = %error, "could not count what is playable"),
    }
    if let Ok(open) = library.store.count_open_jobs().await {
        metrics.jobs_open.set(open);
    }
}

/// A log line for each quarter of a long encode.
struct ProgressLog {
    id: String,
    quarter: std::sync::atomic::AtomicU32,
    started: Instant,
}

impl ProgressLog {
    fn new(id: &str) -> Self {
        Self { id: id.to_owned(), quarter: std::sync::atomic::AtomicU32::new(0), started: Instant::now() }
    }

    fn note(&self, progress: Progress) {
        use std::sync::atomic::Ordering;
        let quarter = (progress.fraction * 4.0) as u32;
        if progress.step != Step::Encoding || self.started.elapsed() < Duration::from_secs(5) {
            return;
        }
        if self.quarter.fetch_max(quarter, Ordering::Relaxed) < quarter {
            info!(
                percent = (progress.fraction * 100.0) as u32,
                "encoding `{}`: {:.0} %",
                self.id,
                progress.fraction * 100.0
            );
        }
    }
}
