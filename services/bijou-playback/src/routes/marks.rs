//! What may be skipped in a film or episode, for operators to say.

use axum::extract::State;
use axum::response::IntoResponse;
use bijou_chassis::{Caller, Json, Path, Reject};
use bijou_playback_api::Marks;
use bijou_problem::Problem;
use http::{StatusCode, header};

use crate::clock::now_ms;
use crate::domain::marks;
use crate::error::PlaybackError;
use crate::state::Playback;
use crate::store::Asset;

/// The scope that operators have.
const OPERATOR: &str = "operator";

/// What may be skipped
///
/// As players are told: what an operator said, else what the film's own chapters or the file beside it said.
#[utoipa::path(
    get,
    path = "/v1/marks/{playable}",
    tag = "marks",
    params(("playable" = String, Path, description = "A film or an episode")),
    responses(
        (status = 200, description = "Its marks", body = Marks),
        (status = 403, description = "For operators and services", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is nothing to play", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn get_marks(
    State(playback): State<Playback>,
    caller: Caller,
    Path(playable): Path<String>,
) -> Result<impl IntoResponse, Reject> {
    let asset = find(&playback, &caller, &playable).await?;
    let told = playback.store.marks(&playable).await.map_err(PlaybackError::Store)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(told.unwrap_or(asset.marks))))
}

/// Say what may be skipped
#[utoipa::path(
    put,
    path = "/v1/marks/{playable}",
    tag = "marks",
    params(("playable" = String, Path, description = "A film or an episode")),
    request_body = Marks,
    responses(
        (status = 204, description = "Players are told so from now on"),
        (status = 403, description = "For operators and services", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is nothing to play", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Not parts of this film", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn set_marks(
    State(playback): State<Playback>,
    caller: Caller,
    Path(playable): Path<String>,
    Json(told): Json<Marks>,
) -> Result<StatusCode, Reject> {
    let asset = find(&playback, &caller, &playable).await?;
    marks::check(&told, asset.duration_ms as f64 / 1000.0).map_err(PlaybackError::Marks)?;
    playback.store.set_marks(&playable, &told, now_ms()).await.map_err(PlaybackError::Store)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take back what was said
///
/// What the film itself says counts again.
#[utoipa::path(
    delete,
    path = "/v1/marks/{playable}",
    tag = "marks",
    params(("playable" = String, Path, description = "A film or an episode")),
    responses(
        (status = 204, description = "Nothing is said of it any more"),
        (status = 403, description = "For operators and services", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn clear_marks(
    State(playback): State<Playback>,
    caller: Caller,
    Path(playable): Path<String>,
) -> Result<StatusCode, Reject> {
    require_operator(&caller)?;
    playback.store.clear_marks(&playable).await.map_err(PlaybackError::Store)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn find(playback: &Playback, caller: &Caller, playable: &str) -> Result<Asset, Reject> {
    require_operator(caller)?;
    let asset = playback.store.published(playable).await.map_err(PlaybackError::Store)?;
    Ok(asset.ok_or_else(|| PlaybackError::NotPlayable { id: playable.to_owned() })?)
}

fn require_operator(caller: &Caller) -> Result<(), Reject> {
    if caller.service().is_some() { Ok(()) } else { caller.require_scope(OPERATOR) }
}
