//! What to go on with.

use axum::extract::State;
use axum::response::Response;
use bijou_chassis::{Caller, Path, Reject};
use bijou_problem::Problem;
use bijou_profiles_api::ContinueItem;
use http::{HeaderMap, StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::conditional::answer;
use crate::error::ProfilesError;
use crate::routes::Shared;
use crate::routes::access::Own;

/// What was begun and not finished, the newest first, each title once; at most 20.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProfilesContinue)]
pub(crate) struct ContinueBody {
    items: Vec<ContinueItem>,
}

/// What to go on with
///
/// From 2 to 95 percent; after that the next episode, if there is one.
#[utoipa::path(
    get,
    path = "/v1/me/continue",
    tag = "me",
    responses(
        (status = 200, description = "The row", body = ContinueBody),
        (status = 304, description = "Nothing has changed"),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`profile-required`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_continue(
    State(service): Shared,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Reject> {
    let own = Own::of(&caller)?;
    let row = service.going_on(own.profile).await.map_err(ProfilesError::from)?;
    answer(&headers, &ContinueBody { items: row.items })
}

/// Hide a title from what to go on with
///
/// Until it is played again.
#[utoipa::path(
    post,
    path = "/v1/me/continue/{title_id}/hide",
    tag = "me",
    params(("title_id" = String, Path, description = "The title's id")),
    responses(
        (status = 204, description = "It is not in the row any more"),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`profile-required`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn hide_title(
    State(service): Shared,
    caller: Caller,
    Path(title): Path<String>,
) -> Result<StatusCode, Reject> {
    let own = Own::of(&caller)?;
    service.positions.flush_profile(own.profile).await.map_err(ProfilesError::from)?;
    service.store.hide(own.profile, &title, service.clock.now_ms()).await.map_err(ProfilesError::from)?;
    Ok(StatusCode::NO_CONTENT)
}
