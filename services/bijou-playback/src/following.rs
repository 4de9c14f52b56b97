//! Following profiles: a lower ceiling ends sessions that are above it, a deleted profile leaves nothing here, and
//! profiles is told so.
//!
//! Being away is a normal state of profiles: the cursor stays, and everything is made up for when it is back.

use std::time::{Duration, Instant};

use bijou_chassis::BoxError;
use bijou_client::{CallContext, CallError, Client};
use bijou_profiles_api::events::{ErasureEvent, PROFILE_DELETED, PROFILE_UPDATED, ProfileEvent};
use bijou_profiles_api::{APPLICATION, Profiles};
use bijou_resilience::Deadline;
use bijou_store::StoreError;
use bijou_store::outbox::{Batch, CloudEvent};
use serde::de::DeserializeOwned;
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use crate::clock::now_ms;
use crate::store::{ProfileChange, Store};

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
pub async fn run(store: Store, client: Client, shutdown: CancellationToken) -> Result<(), BoxError> {
    let profiles = Profiles::new(&client);
    let (mut pause, mut wait) = (PAUSE, Duration::ZERO);
    loop {
        let step = tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            step = step(&store, &client, &profiles, wait) => step,
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

/// Asks once for what is new, waiting up to `wait`, applies it, and ends erasures that are due.
async fn step(store: &Store, client: &Client, profiles: &Profiles, wait: Duration) -> Result<(), FollowError> {
    // What was heard before a restart first: it may be all that profiles waits for.
    erase(store, profiles).await?;
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
    let mut changes = Vec::new();
    if head < from {
        info!("profiles has lost its store: listening from the start");
        to = 0;
    } else {
        changes.extend(batch.items.iter().filter_map(change_of));
    }
    if to != from {
        store.apply_profile_changes(SOURCE, (from, to), &changes, now_ms()).await?;
    }
    erase(store, profiles).await
}

/// Removes what is left of deleted profiles, and tells profiles.
async fn erase(store: &Store, profiles: &Profiles) -> Result<(), FollowError> {
    for erasure in store.open_erasures().await? {
        let removed = erasure.removed + store.scrub_events(&erasure.profile_id).await?;
        match profiles.acknowledge_erasure(&erasure.erasure_id, u64::try_from(removed).unwrap_or_default()).await {
            Ok(()) => info!(removed, "everything about a deleted profile is gone: {removed} records"),
            // Profiles does not wait for us any more.
            Err(error) if error.is_not_found() => {}
            Err(error) => return Err(error.into()),
        }
        store.finish_erasure(&erasure.profile_id, now_ms()).await?;
    }
    Ok(())
}

/// What an event means here; `None` for other events and for ones nobody can read.
fn change_of(event: &CloudEvent) -> Option<ProfileChange> {
    match event.type_.as_str() {
        PROFILE_UPDATED => {
            let ProfileEvent { profile_id, maturity, .. } = read(event)?;
            Some(ProfileChange::Ceiling { profile_id, maturity: maturity? })
        }
        PROFILE_DELETED => {
            let ErasureEvent { erasure_id, profile_id, .. } = read(event)?;
            Some(ProfileChange::Deleted { profile_id, erasure_id })
        }
        _ => None,
    }
}

fn read<T: DeserializeOwned>(event: &CloudEvent) -> Option<T> {
    serde_json::from_value(event.data.clone())
        .inspect_err(
            |error| warn!(event.id = %event.id, "event `{}` is unreadable and passed over: {error}", event.type_),
        )
        .ok()
}
