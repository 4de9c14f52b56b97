//! Following playback: what can be played and how long it is, from its outbox.
//!
//! A long poll in a loop. Each batch is applied in one transaction with the cursor, so an event has its effect once,
//! however often it is delivered and whichever instance of the catalog got it. Playback away is a normal state: what
//! it said last stays true, and the loop asks again.

use std::time::{Duration, Instant};

use bijou_chassis::{BoxError, Condition};
use bijou_client::{CallContext, CallError, Client};
use bijou_playback_api::events::{ASSET_READY, ASSET_WITHDRAWN, AssetEvent};
use bijou_resilience::Deadline;
use bijou_store::outbox::{Batch, CloudEvent};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use crate::now_ms;
use crate::store::{PLAYBACK, Playable, Store};

/// How long playback may hold an empty answer back.
const WAIT: Duration = Duration::from_secs(20);
/// The pause after a failure, and at most.
const PAUSE: Duration = Duration::from_millis(250);
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// Follows until `shutdown`.
pub async fn follow(
    store: Store,
    client: Client,
    heard: Condition,
    shutdown: CancellationToken,
) -> Result<(), BoxError> {
    let mut pause = PAUSE;
    // First, and after a silence, only what is there: a long poll would tell of the recovery when it ends.
    let mut wait = Duration::ZERO;
    loop {
        let step = tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            step = step(&store, &client, wait) => step,
        };
        match step {
            Ok(()) => {
                heard.ready();
                pause = PAUSE;
                wait = WAIT;
                continue;
            }
            Err(FollowError::Call(error)) => {
                heard.not_ready("playback does not answer; what it said last still holds");
                debug!(error = %error, "playback did not give its events, asking again in {pause:?}");
            }
            Err(error) => warn!(error = %error, "playback's events could not be applied, trying again in {pause:?}"),
        }
        tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            () = tokio::time::sleep(pause) => {}
        }
        pause = (pause * 2).min(PAUSE_MAX);
        wait = Duration::ZERO;
    }
}

#[derive(Debug, thiserror::Error)]
enum FollowError {
    #[error(transparent)]
    Call(#[from] CallError),
    #[error(transparent)]
    Store(#[from] bijou_store::StoreError),
    #[error("playback counts its events by `{0}`, which is no number")]
    Next(String),
}

/// Asks for what is after the cursor and applies it.
async fn step(store: &Store, client: &Client, wait: Duration) -> Result<(), FollowError> {
    let from = store.playback_cursor().await?;
    let deadline = Deadline::after(Instant::now(), wait + Duration::from_secs(5));
    let batch: Batch = client
        .to(PLAYBACK)
        .get("/events")
        .context(&CallContext::service())
        .deadline(deadline)
        .attempt_timeout(wait + Duration::from_secs(4))
        .query("after", from)
        .query("wait_ms", wait.as_millis())
        .send_json()
        .await?;
    let number = |text: &str| text.parse::<i64>().map_err(|_| FollowError::Next(text.to_owned()));
    if number(&batch.head)? < from {
        info!("playback has lost its store: forgetting what it said and listening from the start");
        store.forget_playables(from, now_ms()).await?;
        return Ok(());
    }
    let to = number(&batch.next)?;
    if to == from {
        return Ok(());
    }
    let changes: Vec<Playable> = batch.items.iter().filter_map(change_of).collect();
    if !store.apply_playables(&changes, from, to, now_ms()).await? {
        debug!("another instance has applied these events");
    }
    Ok(())
}

/// What an event changes here; `None` for events about other things and for ones nobody can read.
fn change_of(event: &CloudEvent) -> Option<Playable> {
    let is_ready = match event.type_.as_str() {
        ASSET_READY => true,
        ASSET_WITHDRAWN => false,
        _ => return None,
    };
    match serde_json::from_value::<AssetEvent>(event.data.clone()) {
        Ok(asset) => Some(Playable {
            asset_id: asset.asset_id,
            title_id: asset.title_id,
            episode_id: asset.episode_id.unwrap_or_default(),
            duration_s: is_ready.then_some(asset.duration_s),
        }),
        Err(error) => {
            warn!(event.id = %event.id, "event `{}` is unreadable and passed over: {error}", event.type_);
            None
        }
    }
}
