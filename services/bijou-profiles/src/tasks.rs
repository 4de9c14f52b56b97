//! What goes on beside the requests.

use std::sync::Arc;
use std::time::Duration;

use bijou_chassis::BoxError;
use tokio_util::sync::CancellationToken;

use crate::Profiles;

const CLEAR_OUT_EVERY: Duration = Duration::from_mins(10);
/// No report of longer ago is believed.
const KEEP_DELETIONS_MS: i64 = 31 * 24 * 3_600_000;
const KEEP_EXPORTS_MS: i64 = 7 * 24 * 3_600_000;

/// Writes what waits, again and again, and once more at the end.
pub(crate) async fn write_positions(profiles: Arc<Profiles>, shutdown: CancellationToken) -> Result<(), BoxError> {
    let every = Duration::from_secs(profiles.config.positions_write_s);
    while pause(every, &shutdown).await {
        // It goes on waiting: a database that is away for a moment is no reason to stop.
        if let Err(error) = profiles.positions.flush().await {
            tracing::warn!(error = &error as &dyn std::error::Error, "failed to write positions, trying again");
        }
    }
    profiles.positions.flush().await?;
    Ok(())
}

/// Removes what nobody asks for any more.
pub(crate) async fn clear_out(profiles: Arc<Profiles>, shutdown: CancellationToken) -> Result<(), BoxError> {
    while pause(CLEAR_OUT_EVERY, &shutdown).await {
        let now_ms = profiles.clock.now_ms();
        let cleared = async {
            let deletions = profiles.store.forget_deletions_before(now_ms - KEEP_DELETIONS_MS).await?;
            let exports = profiles.store.forget_exports_before(now_ms - KEEP_EXPORTS_MS).await?;
            Ok::<_, bijou_store::StoreError>((deletions, exports))
        };
        match cleared.await {
            Ok((0, 0)) => {}
            Ok((deletions, exports)) => {
                tracing::info!(deletions, exports, "removed {exports} old exports and {deletions} notes of deletions");
            }
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "failed to clear out"),
        }
    }
    Ok(())
}

/// `false` when it is time to stop.
pub(crate) async fn pause(time: Duration, shutdown: &CancellationToken) -> bool {
    tokio::select! {
        () = shutdown.cancelled() => false,
        () = tokio::time::sleep(time) => true,
    }
}
