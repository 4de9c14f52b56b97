//! Synthetic checks: sign in, search and play ten seconds through the gateway, as an account made for that.
//!
//! On a schedule and when an operator asks; never two at a time. Results are kept for a week. Without an account there are
//! none: what is not configured is not checked, and says so.

mod journey;
mod playlist;

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use bijou_chassis::Reject;
use bijou_client::Client;
use bijou_problem::Problem;
use bijou_store::StoreError;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};
use utoipa::ToSchema;

use crate::store::Store;
use crate::telemetry::CheckMetrics;
use crate::time;
use journey::Journey;

/// Shortest time between two checks: identity hashes a password for each.
const EVERY_S_MIN: u64 = 5;

/// How long results are kept, in milliseconds.
const KEEP_MS: i64 = 7 * 24 * 3_600_000;

/// Section `[console.checks]`.
#[derive(Debug, Clone, Deserialize)]
pub struct ChecksConfig {
    /// The account that checks; empty for no checks.
    pub email: String,
    pub password: String,
    /// Pause between two checks; 0 for only those an operator asks for.
    pub every_s: u64,
}

/// One finished check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// When it began, in milliseconds since 1970.
    pub at_ms: i64,
    pub took_ms: u64,
    /// `schedule`, or who asked.
    pub by: String,
    pub steps: Vec<Step>,
}

/// One step of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ConsoleCheckStep)]
pub struct Step {
    /// `sign-in`, `browse`, `search`, `play`, `manifests`, `segments`, `stop`, `sign-out`.
    pub name: String,
    pub took_ms: u64,
    /// Why it failed; absent when it did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub problem: Option<String>,
    /// Its request's story.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub trace_id: Option<String>,
}

/// Why a step failed.
#[derive(Debug)]
struct Failure {
    problem: String,
}

impl Failure {
    fn of(problem: impl Into<String>) -> Self {
        Self { problem: problem.into() }
    }
}

impl Check {
    /// The first step that failed.
    pub fn failed(&self) -> Option<&Step> {
        self.steps.iter().find(|step| step.problem.is_some())
    }
}

/// The checks. Cheap to clone.
#[derive(Clone)]
pub struct Checks(Arc<Inner>);

struct Inner {
    config: ChecksConfig,
    client: Client,
    store: Store,
    metrics: CheckMetrics,
    running: Mutex<()>,
}

impl Checks {
    pub fn new(config: ChecksConfig, client: Client, store: Store, metrics: CheckMetrics) -> Self {
        Self(Arc::new(Inner { config, client, store, metrics, running: Mutex::new(()) }))
    }

    /// Whether there is an account to check as.
    pub fn are_configured(&self) -> bool {
        !self.0.config.email.is_empty()
    }

    /// The pause between two; `None` when none are made by themselves.
    pub fn every_s(&self) -> Option<u64> {
        let wanted = self.0.config.every_s;
        (self.are_configured() && wanted > 0).then(|| wanted.max(EVERY_S_MIN))
    }

    /// Results, newest first.
    pub async fn list(&self, before_ms: Option<i64>, limit: i64) -> Result<Vec<Check>, StoreError> {
        self.0.store.checks(before_ms, limit).await
    }

    /// Whether one may be run now, or 409 with the reason.
    pub fn admit(&self) -> Result<Turn<'_>, Reject> {
        if !self.are_configured() {
            let problem = Problem::new(StatusCode::CONFLICT, "checks-not-configured")
                .title("There is no account to check as")
                .detail(
                    "Make an account for checks, and name it in `console.checks.email` and `console.checks.password`.",
                );
            return Err(Reject::new(problem));
        }
        let turn = self.0.running.try_lock().map_err(|_| {
            let problem = Problem::new(StatusCode::CONFLICT, "check-running")
                .title("A check is running already")
                .detail("Its result is in the list in a moment.");
            Reject::new(problem).with_retry_after_s(5)
        })?;
        Ok(Turn { checks: self, _turn: turn })
    }

    /// Checks on schedule until `stop`.
    pub async fn run_until(&self, stop: CancellationToken) {
        let Some(every_s) = self.every_s() else { return };
        let mut every = tokio::time::interval(Duration::from_secs(every_s));
        every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        // The platform is still starting.
        every.tick().await;
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = every.tick() => {}
            }
            // An operator's is as good as ours.
            let Ok(turn) = self.admit() else { continue };
            tokio::select! {
                () = stop.cancelled() => return,
                kept = turn.run("schedule") => if let Err(error) = kept {
                    warn!(error = &error as &dyn std::error::Error, "the result of a check could not be kept");
                },
            }
        }
    }
}

/// The right to run a check; there is one.
pub struct Turn<'a> {
    checks: &'a Checks,
    _turn: tokio::sync::MutexGuard<'a, ()>,
}

impl Turn<'_> {
    /// Runs a check and keeps its result.
    pub async fn run(self, by: &str) -> Result<Check, StoreError> {
        let Inner { config, client, store, metrics, .. } = &*self.checks.0;
        let at_ms = i64::try_from(time::unix_ns(SystemTime::now()) / 1_000_000).unwrap_or(i64::MAX);
        let begun = Instant::now();
        let steps = Journey::new(client, &config.email, &config.password).make().await;
        let took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let check = Check { at_ms, took_ms, by: by.to_owned(), steps };
        metrics.note(&check);
        if let Some(Step { name, problem: Some(problem), .. }) = check.failed() {
            warn!(check.step = name, took_ms, "a check failed at `{name}`: {problem}");
        } else {
            info!(took_ms, "a check passed");
        }
        store.add_check(&check, at_ms - KEEP_MS).await?;
        Ok(check)
    }
}
