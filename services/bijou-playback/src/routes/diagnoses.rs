//! Why a title does or does not play: playback's part of the console's diagnosis.

use axum::extract::State;
use bijou_chassis::{Caller, Json, Path, Reject};
use bijou_playback_api::{AssetDiagnosis, AudioDiagnosis, Preparation, TitleDiagnosis, VideoDiagnosis};
use bijou_problem::Problem;
use tracing::warn;
use uuid::Uuid;

use crate::error::PlaybackError;
use crate::presentation::Presentation;
use crate::state::Playback;
use crate::store::{Asset, JobState};

/// The one who asks.
const CONSOLE: &str = "console";

/// Say why a title does or does not play
///
/// A title nobody has brought a file for is `absent`: whether there is such a title the catalog knows. For the console
/// only.
#[utoipa::path(
    get,
    path = "/v1/diagnoses/titles/{id}",
    tag = "services",
    params(("id" = String, Path, description = "The title's id")),
    responses(
        (status = 200, description = "What playback knows", body = TitleDiagnosis),
        (status = 403, description = "`service-only`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn get_title_diagnosis(
    State(playback): State<Playback>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<TitleDiagnosis>, Reject> {
    caller.require_role(CONSOLE)?;
    let (published, episodes_ready) = playback.store.published_of(&id).await.map_err(PlaybackError::Store)?;
    let job = playback.store.unfinished_job(&id).await.map_err(PlaybackError::Store)?;
    // A film that plays may be in preparation once more; what plays is what counts.
    let (state, percent, failure) = match (&published, job) {
        (Some(_), _) => (Preparation::Ready, None, None),
        (None, Some(JobState::Queued)) => (Preparation::Queued, None, None),
        (None, Some(JobState::Running(thousandths))) => {
            (Preparation::Running, u8::try_from(thousandths / 10).ok(), None)
        }
        (None, Some(JobState::Failed(why))) => (Preparation::Failed, None, Some(why)),
        (None, None) => (Preparation::Absent, None, None),
    };
    let asset = match published {
        Some(asset) => Some(describe(&playback, asset).await),
        None => None,
    };
    Ok(Json(TitleDiagnosis { title_id: id, state, percent, failure, episodes_ready, asset }))
}

async fn describe(playback: &Playback, asset: Asset) -> AssetDiagnosis {
    let described = match Uuid::parse_str(&asset.id) {
        Ok(id) => playback.describe(id).await.map_err(|error| {
            warn!(asset.id = %asset.id, "asset `{}` is published but cannot be described: {error}", asset.id);
        }),
        Err(_) => Err(()),
    };
    let (video, audio) = described.as_ref().map(|presentation| streams(presentation)).unwrap_or_default();
    AssetDiagnosis {
        id: asset.id,
        episode_id: asset.playable.episode_id,
        duration_s: asset.duration_ms as f64 / 1000.0,
        complete: described.is_ok(),
        video,
        audio,
        subtitle_languages: asset.subtitles.into_iter().map(|track| track.language).collect(),
    }
}

fn streams(presentation: &Presentation) -> (Vec<VideoDiagnosis>, Vec<AudioDiagnosis>) {
    let video = presentation.video.iter().map(|rendition| VideoDiagnosis {
        width: rendition.width,
        height: rendition.height,
        codec: rendition.media.codec.clone(),
        bitrate_kbps: rendition.media.average_rate().div_ceil(1000),
    });
    let audio = presentation.audio.iter().map(|sound| AudioDiagnosis {
        language: sound.language.clone(),
        codec: sound.media.codec.clone(),
        channels: sound.channels,
    });
    (video.collect(), audio.collect())
}
