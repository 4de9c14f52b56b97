//! Following profiles: a deleted profile leaves nothing in sessions, and profiles is told so.
//!
//! Being away is a normal state of profiles: the cursor stays, and everything is made up for when it is back.

use std::time::{Duration, Instant};

use bijou_chassis::BoxError;
use bijou_client::{CallContext, CallError, Client};
use bijou_profiles_api::events::{ErasureEvent, PROFILE_DELETED};
use bijou_profiles_api::{APPLICATION, Profiles};
use bijou_resilience::Deadline;
use bijou_store::StoreError;
use bijou_store::outbox::{Batch, CloudEvent};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use crate::Clock;
use crate::store::Store;
use crate::store::erasures::Erasure;

/// Name of the cursor.
const SOURCE: &str = "profiles";

/// How long profiles may hold an empty answer back.
const WAIT: Duration = Duration::from_secs(20);

/// The pause after a failure, and at most.
const PAUSE: Duration = Duration::from_millis(250);
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// Why a step failed.
#[derive(Debug, thiserror::Error)]
enum FollowError {
    #[error("profiles does not answer")]
    Call(#[from] CallError),
    #[error("failed to keep what profiles said")]
    Store(#[from] StoreError),
    #[error("events are counted by `{0}`, which is no number")]
    Count(String),
}

/// Follows until `shutdown`.
pub(crate) async fn run(
    store: Store,
    client: Client,
    clock: Clock,
    shutdown: CancellationToken,
) -> Result<(), BoxError> {
    let profiles = Profiles::new(&client);
    let (mut pause, mut wait) = (PAUSE, Duration::ZERO);
    loop {
        let step = tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            step = step(&store, &client, &profiles, &clock, wait) => step,
        };
        let Err(error) = step else {
            (pause, wait) = (PAUSE, WAIT);
            continue;
        };
        if matches!(error, FollowError::Call(_)) {
            debug!(error = &error as &dyn std::error::Error, "asking again in {pause:?}");
        } else {
            warn!(error = &error as &dyn std::error::Error, "failed to follow profiles, trying again in {pause:?}");
        }
        wait = Duration::ZERO;
        tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            () = tokio::time::sleep(pause) => {}
        }
        pause = (pause * 2).min(PAUSE_MAX);
    }
}

/// Asks once for what is new, waiting up to `wait`, and ends erasures that are due.
async fn step(
    store: &Store,
    client: &Client,
    profiles: &Profiles,
    clock: &Clock,
    wait: Duration,
) -> Result<(), FollowError> {
    // What was heard before a restart first: it may be all that profiles waits for.
    erase(store, profiles, clock).await?;
    let from = store.cursor(SOURCE).await?;
    let batch: Batch = client
        .to(APPLICATION)
        .get("/events")
        .context(&CallContext::service())
        .deadline(Deadline::after(Instant::now(), wait + Duration::from_secs(5)))
        .attempt_timeout(wait + Duration::from_secs(4))
        .query("after", from)
        .query("wait_ms", wait.as_millis())
        .send_json()
        .await?;
    let number = |text: &str| text.parse::<i64>().map_err(|_| FollowError::Count(text.to_owned()));
    let (mut to, head) = (number(&batch.next)?, number(&batch.head)?);
    let mut erasures = Vec::new();
    if head < from {
        info!("profiles has lost its store: listening from the start");
        to = 0;
    } else {
        erasures.extend(batch.items.iter().filter_map(erasure_of));
    }
    if to != from {
        store.note_erasures(SOURCE, (from, to), &erasures, clock.now_ms()).await?;
    }
    erase(store, profiles, clock).await
}

/// Removes what is left of deleted profiles, and tells profiles.
async fn erase(store: &Store, profiles: &Profiles, clock: &Clock) -> Result<(), FollowError> {
    for erasure in store.open_erasures().await? {
        let removed = store.erase_profile(&erasure.profile_id).await?;
        match profiles.acknowledge_erasure(&erasure.erasure_id, u64::try_from(removed).unwrap_or_default()).await {
            Ok(()) => info!(removed, "a deleted profile is in no session any more: {removed} named it"),
            // Profiles does not wait for us any more.
            Err(error) if error.is_not_found() => {}
            Err(error) => return Err(error.into()),
        }
        store.finish_erasure(&erasure.profile_id, clock.now_ms()).await?;
    }
    Ok(())
}

/// The deletion an event tells of; `None` for other events and for ones nobody can read.
fn erasure_of(event: &CloudEvent) -> Option<Erasure> {
    if event.type_ != PROFILE_DELETED {
        return None;
    }
    let read = serde_json::from_value::<ErasureEvent>(event.data.clone());
    let ErasureEvent { erasure_id, profile_id, .. } = read
        .inspect_err(
            |error| warn!(event.id = %event.id, "event `{}` is unreadable and passed over: {error}", event.type_),
        )
        .ok()?;
    Some(Erasure { profile_id, erasure_id })
}
