//! What is done now and then: counts for the registry, fresh keys, and clearing away what nobody needs any more.

use std::time::Duration;

use bijou_chassis::{Announcement, BoxError};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use crate::clock::now_ms;
use crate::ingest::{IngestError, LEASE, told};
use crate::library::Library;
use crate::state::Playback;
use crate::telemetry::PlaybackMetrics;
use crate::worker::announce_playable;

/// How often the counts and the list of closed sessions are refreshed: other instances and the command line change them too.
const COUNT_EVERY: Duration = Duration::from_secs(1);

/// Every how many counts the rest is done.
const CLEAN_EVERY: u32 = 60;

/// A job's leftovers are touched only this long after its lease ended: the machine may have been asleep.
const GRACE_MS: i64 = 60_000;

/// Sessions stay for a day after they expired, so that late reports still find them.
const SESSION_KEPT_MS: i64 = 24 * 3600 * 1000;

/// Runs until `shutdown`.
pub async fn run(
    library: Library,
    playback: Playback,
    announcement: Announcement,
    metrics: PlaybackMetrics,
    shutdown: CancellationToken,
) -> Result<(), BoxError> {
    let mut round = 0_u32;
    loop {
        announce_playable(&library, &announcement, &metrics).await;
        if let Err(error) = playback.closings.refresh(&library.store, now_ms()).await {
            debug!(error = &error as &dyn std::error::Error, "could not ask which playbacks are over");
        }
        metrics.sessions_closed.set(i64::try_from(playback.closings.count()).unwrap_or(i64::MAX));
        if round.is_multiple_of(CLEAN_EVERY)
            && let Err(error) = clean(&library, &playback).await
        {
            warn!(error = %told(&error), "clearing up failed; it is tried again in a minute");
        }
        round = round.wrapping_add(1);
        tokio::select! {
            () = tokio::time::sleep(COUNT_EVERY) => {}
            () = shutdown.cancelled() => return Ok(()),
        }
    }
}

async fn clean(library: &Library, playback: &Playback) -> Result<(), IngestError> {
    let now = now_ms();
    playback.keyring.rotate(now).await?;
    library.store.forget_sessions(now - SESSION_KEPT_MS).await?;
    let given_up = library.store.give_up_jobs(now).await?;
    if given_up > 0 {
        warn!(jobs = given_up, "gave up {given_up} encode job(s) that failed too often");
    }
    // Whoever holds a token of the asset may still be watching.
    let retired_before = now - playback.rules.token_ms - GRACE_MS;
    clear_abandoned(library, retired_before, now - LEASE.as_millis() as i64 - GRACE_MS).await
}

/// Deletes assets nobody can use, with everything that was written for them.
pub(crate) async fn clear_abandoned(
    library: &Library,
    retired_before_ms: i64,
    silent_since_ms: i64,
) -> Result<(), IngestError> {
    for asset in library.store.condemn_assets(retired_before_ms, silent_since_ms).await? {
        library.media.delete_asset(&asset).await?;
        let folder = library.work_dir.join(&asset);
        match tokio::fs::remove_dir_all(&folder).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(IngestError::WorkFolder(error)),
            _ => {}
        }
        library.store.forget_asset(&asset).await?;
        info!(asset.id = asset, "cleared away the asset `{asset}`");
    }
    Ok(())
}
