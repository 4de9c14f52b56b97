//! Playback sessions: beginning one, and what the player reports.

use axum::extract::State;
use axum::response::IntoResponse;
use bijou_chassis::{Caller, Json, Path, Reject};
use bijou_playback_api::{Manifests, PlaybackReport, PlaybackRequest, PlaybackSession};
use bijou_problem::Problem;
use http::{StatusCode, header};
use uuid::Uuid;

use crate::clock::{now_ms, timestamp};
use crate::domain::token::Grant;
use crate::error::PlaybackError;
use crate::manifests::{dash, hls};
use crate::state::Playback;
use crate::store::{Asset, JobState, Playable, Session};

/// Begin to play
///
/// Answers where the manifests are. Everything behind them needs the token in their paths, until `expires_at`.
#[utoipa::path(
    post,
    path = "/v1/playbacks",
    tag = "playback",
    request_body = PlaybackRequest,
    responses(
        (status = 201, description = "A session of the caller's account", body = PlaybackSession),
        (status = 401, description = "The request is nobody's", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is nothing to play", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It is being prepared, or could not be", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A show without an episode", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn create_playback(
    State(playback): State<Playback>,
    caller: Caller,
    Json(request): Json<PlaybackRequest>,
) -> Result<impl IntoResponse, Reject> {
    let account = caller.require_account()?;
    let playable = Playable { title_id: request.title_id, episode_id: request.episode_id };
    let asset = find(&playback, &playable).await?;

    let now = now_ms();
    let id = Uuid::now_v7();
    let expires_ms = now + playback.token_ms + asset.duration_ms;
    let session = Session {
        id: id.simple().to_string(),
        account_id: account.to_owned(),
        asset_id: asset.id.clone(),
        playable,
        duration_ms: asset.duration_ms,
        expires_ms,
    };
    let grant = Grant {
        asset: Uuid::parse_str(&asset.id).map_err(Reject::internal)?,
        session: id,
        account: account.to_owned(),
        expires_s: u64::try_from(expires_ms / 1000).unwrap_or(0),
    };
    let token = playback.keyring.seal(&grant, now).await.map_err(PlaybackError::Store)?;
    playback.store.begin_session(&session, now).await.map_err(PlaybackError::Store)?;
    playback.metrics.sessions.inc();

    let manifest = |name: &str| format!("/m/{}/{token}/{name}", asset.id);
    let answer = PlaybackSession {
        manifest: Manifests { hls: manifest(hls::MASTER), dash: manifest(dash::MANIFEST) },
        events_url: format!("/v1/playbacks/{}/events", session.id),
        id: session.id,
        title_id: session.playable.title_id,
        episode_id: session.playable.episode_id,
        duration_s: asset.duration_ms as f64 / 1000.0,
        expires_at: timestamp(expires_ms / 1000 * 1000),
        attribution: asset.attribution,
        subtitles: asset.subtitles,
    };
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(answer)))
}

/// Report what the player does
///
/// Reports that say nothing new are taken and not told on.
#[utoipa::path(
    post,
    path = "/v1/playbacks/{id}/events",
    tag = "playback",
    params(("id" = String, Path, description = "The playback session")),
    request_body = PlaybackReport,
    responses(
        (status = 202, description = "Taken"),
        (status = 401, description = "The request is nobody's", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "The account has no such session", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Not a position in a film", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn report_playback(
    State(playback): State<Playback>,
    caller: Caller,
    Path(id): Path<String>,
    Json(report): Json<PlaybackReport>,
) -> Result<StatusCode, Reject> {
    let account = caller.require_account()?;
    if !report.position_s.is_finite() || report.position_s < 0.0 {
        return Err(PlaybackError::Position(report.position_s).into());
    }
    let position_ms = (report.position_s * 1000.0) as i64;
    let taken =
        playback.store.report(&id, account, report.kind, position_ms, now_ms()).await.map_err(PlaybackError::Store)?;
    taken.ok_or(PlaybackError::SessionNotFound { id })?;
    Ok(StatusCode::ACCEPTED)
}

/// The asset to play, or the reason why there is none.
async fn find(playback: &Playback, playable: &Playable) -> Result<Asset, PlaybackError> {
    let id = playable.id().to_owned();
    if let Some(asset) = playback.store.published(&id).await?
        && asset.playable == *playable
    {
        return Ok(asset);
    }
    if playable.episode_id.is_none() && playback.store.has_episodes(&id).await? {
        return Err(PlaybackError::EpisodeRequired { id });
    }
    Err(match playback.store.unfinished_job(&id).await? {
        Some(JobState::Queued) => PlaybackError::BeingPrepared { id, percent: 0 },
        Some(JobState::Running(thousandths)) => PlaybackError::BeingPrepared { id, percent: thousandths / 10 },
        Some(JobState::Failed(_)) => PlaybackError::PreparationFailed { id },
        None => PlaybackError::NotPlayable { id },
    })
}
