//! Following others: asking for what is new, applying it, and going on asking when they are away.

pub(crate) mod catalog;
pub(crate) mod credits;
pub(crate) mod playback;
pub(crate) mod profiles;

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bijou_chassis::{BoxError, Condition};
use bijou_client::{CallContext, CallError, Client};
use bijou_resilience::Deadline;
use bijou_store::StoreError;
use bijou_store::outbox::Batch;
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use crate::serving::{Serving, Source};

/// How long a source may hold an empty answer back.
const WAIT: Duration = Duration::from_secs(20);

/// The pause after a failure, and at most.
const PAUSE: Duration = Duration::from_millis(250);
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// Why a step failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FollowError {
    #[error(transparent)]
    Call(#[from] CallError),
    #[error("failed to keep what was heard")]
    Store(#[from] StoreError),
    #[error("events are counted by `{0}`, which is no number")]
    Count(String),
}

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stepped {
    /// There was nothing new.
    Quiet,
    /// What is served has to be made anew.
    Changed,
}

/// Somebody to follow.
pub(crate) trait Follower: Send + 'static {
    /// Who.
    const SOURCE: Source;

    /// Asks once, waiting up to `wait` for something new, and applies the answer.
    fn step(&mut self, wait: Duration) -> impl Future<Output = Result<Stepped, FollowError>> + Send;
}

/// Follows until `shutdown`. Being away is a normal state of a source: what it said last stays true.
pub(crate) async fn follow<F: Follower>(
    mut follower: F,
    heard: Condition,
    serving: Arc<Serving>,
    shutdown: CancellationToken,
) -> Result<(), BoxError> {
    let name = F::SOURCE.name();
    let mut pause = PAUSE;
    // The first question, and the first after a failure, is whether anybody is there: that needs no waiting.
    let mut wait = Duration::ZERO;
    loop {
        let step = tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            step = follower.step(wait) => step,
        };
        match step {
            Ok(stepped) => {
                heard.ready();
                serving.set_heard(F::SOURCE, true);
                if stepped == Stepped::Changed {
                    serving.something_changed();
                }
                pause = PAUSE;
                wait = WAIT;
                continue;
            }
            Err(FollowError::Call(error)) => {
                heard.not_ready(format!("{name} does not answer; what it said last is served"));
                serving.set_heard(F::SOURCE, false);
                debug!(error = &error as &dyn std::error::Error, "{name} does not answer, asking again in {pause:?}");
            }
            Err(error) => {
                warn!(error = &error as &dyn std::error::Error, "failed to follow {name}, trying again in {pause:?}");
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

/// Events of `app` after `after`, waiting up to `wait` for the first. With the numbers of the last and the newest one.
async fn events(client: &Client, app: &str, after: i64, wait: Duration) -> Result<(Batch, i64, i64), FollowError> {
    let batch: Batch = client
        .to(app)
        .get("/events")
        .context(&CallContext::service())
        .deadline(Deadline::after(Instant::now(), wait + Duration::from_secs(5)))
        .attempt_timeout(wait + Duration::from_secs(4))
        .query("after", after)
        .query("wait_ms", wait.as_millis())
        .send_json()
        .await?;
    let number = |text: &str| text.parse::<i64>().map_err(|_| FollowError::Count(text.to_owned()));
    let (next, head) = (number(&batch.next)?, number(&batch.head)?);
    Ok((batch, next, head))
}
