//! Where somebody stopped, and players telling it.

use axum::extract::State;
use axum::response::Response;
use bijou_chassis::{Caller, Json, Path, Reject};
use bijou_problem::Problem;
use bijou_profiles_api::{Position, PositionReport, PositionState};
use http::{HeaderMap, StatusCode};

use crate::conditional::answer;
use crate::domain::reports::Report;
use crate::error::ProfilesError;
use crate::routes::Shared;
use crate::routes::access::Own;
use crate::time;

/// Where somebody stopped
#[utoipa::path(
    get,
    path = "/v1/me/positions/{playable_id}",
    tag = "me",
    params(("playable_id" = String, Path, description = "A film's id, or an episode's")),
    responses(
        (status = 200, description = "The position", body = Position),
        (status = 304, description = "Nothing has changed"),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`profile-required`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`position-not-found`: it was not begun", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn get_position(
    State(service): Shared,
    caller: Caller,
    headers: HeaderMap,
    Path(playable): Path<String>,
) -> Result<Response, Reject> {
    let own = Own::of(&caller)?;
    let report = service.positions.position(own.profile, &playable).await.map_err(ProfilesError::from)?;
    let report = report.ok_or(ProfilesError::PositionNotFound { playable })?;
    let position = Position {
        playable_id: report.playable_id,
        title_id: report.title_id,
        episode_id: report.episode_id,
        position_s: time::seconds(report.position_ms),
        duration_s: time::seconds(report.duration_ms),
        at: time::at(report.at_ms),
    };
    answer(&headers, &position)
}

/// Tell where somebody is
///
/// Telling it twice, or late, does no harm. Every half minute is often enough while it plays, and at once on a pause, at
/// the end and when the page goes away; what could not be sent is sent later.
#[utoipa::path(
    put,
    path = "/v1/me/positions/{playable_id}",
    tag = "me",
    params(("playable_id" = String, Path, description = "The film, or the episode")),
    request_body = PositionReport,
    responses(
        (status = 204, description = "Known; written within a minute, or already unless it is playing"),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`profile-required`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`position-beyond-end`, `position-invalid`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn put_position(
    State(service): Shared,
    caller: Caller,
    Path(playable): Path<String>,
    Json(told): Json<PositionReport>,
) -> Result<StatusCode, Reject> {
    let own = Own::of(&caller)?;
    let at_once = told.state != PositionState::Playing;
    let report = Report::of(&playable, told, service.clock.now_ms()).map_err(ProfilesError::from)?;
    service.positions.report(own.profile, report, at_once).await.map_err(ProfilesError::from)?;
    Ok(StatusCode::NO_CONTENT)
}
