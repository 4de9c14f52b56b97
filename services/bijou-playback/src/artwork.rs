//! Carries stills of published films to the catalog, which shows them as backdrops.
//!
//! At least once, in the background, and without haste: a catalog that is away or does not know the title yet is asked
//! again later. What was carried is crossed off in the asset's row.

use std::time::{Duration, Instant};

use bijou_catalog_api::Catalog;
use bijou_chassis::BoxError;
use bijou_client::CallContext;
use bijou_resilience::Deadline;
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use crate::clock::now_ms;
use crate::library::Library;
use crate::media::MediaError;
use crate::store::Asset;

/// How often new stills are looked for.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Longest wait between two attempts while the catalog does not take them.
const WAIT_MAX: Duration = Duration::from_secs(30);

/// Time for one delivery.
const DEADLINE: Duration = Duration::from_secs(10);

/// Assets looked at in one round.
const ROUND_MAX: i64 = 20;

/// Runs until `shutdown`.
pub async fn run(library: Library, catalog: Catalog, shutdown: CancellationToken) -> Result<(), BoxError> {
    let mut wait = LOOK_EVERY;
    loop {
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = shutdown.cancelled() => return Ok(()),
        }
        wait = match round(&library, &catalog).await {
            Ok(0) => LOOK_EVERY,
            Ok(left) => {
                debug!(left, "the catalog has not taken all stills yet");
                (wait * 2).min(WAIT_MAX)
            }
            Err(error) => {
                warn!(error = %error, "could not look for stills to deliver");
                (wait * 2).min(WAIT_MAX)
            }
        };
    }
}

/// Delivers what there is; how many were not taken.
async fn round(library: &Library, catalog: &Catalog) -> Result<usize, BoxError> {
    let mut left = 0;
    for asset in library.store.with_stills_to_deliver(ROUND_MAX).await? {
        if deliver(library, catalog, &asset).await? {
            library.store.mark_stills_delivered(&asset.id).await?;
        } else {
            left += 1;
        }
    }
    Ok(left)
}

async fn deliver(library: &Library, catalog: &Catalog, asset: &Asset) -> Result<bool, BoxError> {
    let Some(file) = asset.stills.first() else {
        return Ok(true);
    };
    let image = match library.media.read(&asset.id, file).await {
        Ok(image) => image,
        // Replaced and cleaned up meanwhile: the newer asset has its own.
        Err(MediaError::Gone(_)) => return Ok(true),
        Err(error) => return Err(error.into()),
    };
    let Some(episode) = asset.playable.episode_id.as_deref() else {
        return Ok(put(catalog, &asset.playable.title_id, "backdrop", &image).await);
    };
    if !put(catalog, episode, "still", &image).await {
        return Ok(false);
    }
    // The show gets its face from the first episode that has one.
    let show = &asset.playable.title_id;
    let claim = format!("backdrop:{show}");
    if library.store.is_claimed(&claim).await? {
        return Ok(true);
    }
    if !put(catalog, show, "backdrop", &image).await {
        return Ok(false);
    }
    library.store.claim_once(&claim, now_ms()).await?;
    Ok(true)
}

async fn put(catalog: &Catalog, subject: &str, role: &str, image: &bytes::Bytes) -> bool {
    let call = CallContext { deadline: Some(Deadline::after(Instant::now(), DEADLINE)), ..CallContext::service() };
    match catalog.put_artwork(subject, role, "image/jpeg", image.to_vec(), &call).await {
        Ok(()) => {
            info!(title.id = subject, artwork.role = role, "the catalog has a {role} of `{subject}` from the film");
            true
        }
        Err(error) => {
            debug!(title.id = subject, error = %error, "the catalog did not take the {role} of `{subject}`");
            false
        }
    }
}
