//! What goes on beside the requests.

use std::sync::Arc;
use std::time::Duration;

use bijou_chassis::BoxError;
use tokio_util::sync::CancellationToken;

use crate::Clock;
use crate::keyring::KeyRing;
use crate::store::Store;

const LOOK_AT_KEYS_EVERY: Duration = Duration::from_secs(30);
const CLEAR_OUT_EVERY: Duration = Duration::from_mins(10);

/// How long sessions that are over are kept, for those who ask what happened to them.
const KEEP_MS: i64 = 7 * 24 * 3_600_000;

/// Keeps the copy of the signing keys fresh and makes the next one in time.
pub(crate) async fn maintain_keys(
    keys: Arc<KeyRing>,
    clock: Clock,
    shutdown: CancellationToken,
) -> Result<(), BoxError> {
    while pause(LOOK_AT_KEYS_EVERY, &shutdown).await {
        // The keys at hand stay good for a day and more: a database that is away for a moment is no reason to stop.
        if let Err(error) = keys.maintain(clock.now_ms()).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "failed to look after the signing keys");
        }
    }
    Ok(())
}

/// How long a device that comes too late is told that it is.
const KEEP_DEVICES_MS: i64 = 3_600_000;

/// Removes sessions that were over a week ago, with their tokens, devices that nobody waits at any more, and what was noted
/// of profiles that are gone.
pub(crate) async fn clear_out(store: Store, clock: Clock, shutdown: CancellationToken) -> Result<(), BoxError> {
    while pause(CLEAR_OUT_EVERY, &shutdown).await {
        match store.remove_sessions_over_before(clock.now_ms() - KEEP_MS).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(session.count = count, "removed {count} sessions that are over"),
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "failed to remove old sessions"),
        }
        if let Err(error) = store.remove_devices_over_before(clock.now_ms() - KEEP_DEVICES_MS).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "failed to remove old device codes");
        }
        if let Err(error) = store.remove_erasures_done_before(clock.now_ms() - KEEP_MS).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "failed to look after deleted profiles");
        }
    }
    Ok(())
}

/// `false` when it is time to stop.
async fn pause(time: Duration, shutdown: &CancellationToken) -> bool {
    tokio::select! {
        () = shutdown.cancelled() => false,
        () = tokio::time::sleep(time) => true,
    }
}
