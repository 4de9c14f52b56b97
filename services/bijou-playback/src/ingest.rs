//! One ingest, from a source to a published asset.
//!
//! Order matters: a row says that an asset is being made before its first byte exists, files go to the store one after
//! the other, `index.json` last, and then one transaction publishes the asset, tells the world and finishes the job.
//! Whatever interrupts it, viewers see the film that was there before, or none, and the leftovers can be found.

mod make;
mod marks;
mod sidecar;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bijou_store::StoreError;
use uuid::Uuid;

use crate::clock::now_ms;
use crate::domain::language;
use crate::domain::marks::MarksError;
use crate::domain::webvtt::SubtitleError;
use crate::ffmpeg::probe::ProbeError;
use crate::ffmpeg::run::RunError;
use crate::ffmpeg::{Priority, Tools, ToolsError};
use crate::library::Library;
use crate::media::MediaError;
use crate::packager::PackageError;
use crate::store::{Claim, NewJob};
use crate::work::{SubtitleFile, Work, WorkSource};

/// How long a job belongs to a process that says nothing.
pub(crate) const LEASE: Duration = Duration::from_secs(15);

/// How often it says something.
const RENEW: Duration = Duration::from_secs(4);

/// What to take in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IngestRequest {
    pub file: PathBuf,
    pub title_id: String,
    pub episode_id: Option<String>,
    /// Language tag and file.
    pub subtitles: Vec<(String, PathBuf)>,
    /// Shown with the film where its licence asks for it.
    pub attribution: Option<String>,
}

/// What an ingest is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Probing,
    Encoding,
    Packaging,
    Publishing,
}

/// How far an ingest is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    pub step: Step,
    /// Of the whole, from 0 to 1.
    pub fraction: f64,
}

/// What is playable now.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    pub asset_id: String,
    pub duration_s: f64,
    /// Width and height of each rendition, smallest first.
    pub renditions: Vec<(u32, u32)>,
    pub audio_languages: Vec<String>,
    pub subtitle_languages: Vec<String>,
}

/// Why something was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    #[error("cannot read `{path}`")]
    File {
        path: String,
        #[source]
        source: std::io::Error,
    },
    #[error(transparent)]
    Tools(#[from] ToolsError),
    #[error("`{path}` cannot be used")]
    Probe {
        path: String,
        #[source]
        source: ProbeError,
    },
    #[error("`{0}` has no picture: a film needs at least one video stream")]
    NoPicture(String),
    #[error("`{0}` does not say how long it is; it is empty or was cut short")]
    NoLength(String),
    #[error("`{0}` is no language tag; examples: de, en, pt-BR")]
    Language(String),
    #[error("subtitles `{path}` cannot be used")]
    Subtitles {
        path: String,
        #[source]
        source: SubtitleError,
    },
    #[error("subtitles `{path}` are larger than {max} bytes")]
    SubtitlesTooLarge { path: String, max: u64 },
    #[error("marks `{path}` cannot be used")]
    Marks {
        path: String,
        #[source]
        source: MarksError,
    },
    #[error("encoding failed")]
    Encode(#[source] RunError),
    #[error(
        "the film ends after {got_s:.1} s although it claims to last {claimed_s:.1} s: the file is cut short or damaged"
    )]
    EndsEarly { claimed_s: f64, got_s: f64 },
    #[error("packaging `{file}` failed")]
    Package {
        file: String,
        #[source]
        source: Box<PackageError>,
    },
    #[error("there is no film `{0}` to make")]
    UnknownFilm(String),
    #[error(transparent)]
    Fetch(#[from] crate::fetch::FetchError),
    #[error(transparent)]
    Media(#[from] MediaError),
    #[error("failed to use the work folder")]
    WorkFolder(#[source] std::io::Error),
    #[error("playback's database failed")]
    Store(#[from] StoreError),
    #[error("another process took this job over")]
    JobLost,
}

impl IngestError {
    /// Whether the same job may succeed when it is tried again: the source is not at fault.
    pub fn is_worth_retrying(&self) -> bool {
        match self {
            Self::Encode(error) => !matches!(error, RunError::Failed(_)),
            Self::Tools(_) | Self::Media(_) | Self::WorkFolder(_) | Self::Store(_) | Self::JobLost => true,
            Self::Package { source, .. } => matches!(**source, PackageError::Media(_) | PackageError::Open(_)),
            Self::Fetch(error) => error.is_worth_retrying(),
            _ => false,
        }
    }
}

/// Takes a file in and publishes it, in this process, while the caller waits. Works beside a running platform.
///
/// Dropping the future kills the encoder; what is left is cleaned up by the next process that looks.
pub async fn ingest(
    library: &Library,
    request: IngestRequest,
    on_progress: impl Fn(Progress) + Send + Sync,
) -> Result<Published, IngestError> {
    let work = work_of(&request)?;
    let tools = library.tools().await?;
    let (job_id, owner) = (format!("ingest:{}", Uuid::now_v7().simple()), format!("cli:{}", Uuid::now_v7().simple()));
    let text = serde_json::to_string(&work).expect("work is plain data");
    let job = NewJob { id: job_id.clone(), playable_id: work.playable().id().to_owned(), work: text, priority: 0 };
    library.store.begin_job(&job, claim(&owner)).await?;
    let outcome = run_leased(library, &tools, &job_id, &owner, &work, Priority::Normal, on_progress).await;
    if let Err(error) = &outcome {
        library.store.fail_job(&job_id, &owner, &told(error), now_ms()).await?;
    }
    outcome
}

/// Makes and publishes what a claimed job is about, keeping its lease alive. The job is finished on success only.
pub(crate) async fn run_leased(
    library: &Library,
    tools: &Tools,
    job_id: &str,
    owner: &str,
    work: &Work,
    priority: Priority,
    on_progress: impl Fn(Progress) + Send + Sync,
) -> Result<Published, IngestError> {
    let progress = AtomicI64::new(0);
    let watched = |now: Progress| {
        progress.store((now.fraction * 1000.0) as i64, Ordering::Relaxed);
        on_progress(now);
    };
    let keep = async {
        loop {
            tokio::time::sleep(RENEW).await;
            match library.store.renew_job(job_id, claim(owner), progress.load(Ordering::Relaxed)).await {
                Ok(true) => {}
                Ok(false) => return IngestError::JobLost,
                // The lease outlasts a hiccup of the database; if it does not, publishing will notice.
                Err(error) => {
                    tracing::warn!(job.id = job_id, error = %error, "could not renew the lease of job `{job_id}`");
                }
            }
        }
    };
    tokio::select! {
        outcome = make::make_and_publish(library, tools, job_id, owner, work, priority, &watched) => outcome,
        lost = keep => Err(lost),
    }
}

/// Everything behind an error on one line: stored with a failed job and shown to people.
pub(crate) fn told(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        source = inner.source();
    }
    text
}

pub(crate) fn claim(owner: &str) -> Claim<'_> {
    Claim { owner, now_ms: now_ms(), lease_ms: LEASE.as_millis() as i64 }
}

/// Checks what can be checked without a child process, and makes paths good for other processes.
fn work_of(request: &IngestRequest) -> Result<Work, IngestError> {
    let mut subtitles = Vec::new();
    for (code, path) in &request.subtitles {
        let language = language::tag(code).ok_or_else(|| IngestError::Language(code.clone()))?;
        subtitles.push(SubtitleFile { language, path: absolute(path)? });
    }
    Ok(Work {
        title_id: request.title_id.clone(),
        episode_id: request.episode_id.clone(),
        source: WorkSource::File { path: absolute(&request.file)?, subtitles },
        attribution: request.attribution.clone(),
        is_urgent: true,
    })
}

fn absolute(path: &Path) -> Result<PathBuf, IngestError> {
    std::fs::canonicalize(path).map_err(|source| IngestError::File { path: path.display().to_string(), source })
}

#[cfg(test)]
mod tests;
