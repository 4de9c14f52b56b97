//! Titles somebody picks at the start, so that the first page is not everybody's.

use axum::extract::State;
use bijou_chassis::{Caller, Json, Reject};
use bijou_problem::Problem;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::domain::profile;
use crate::error::ProfilesError;
use crate::routes::Shared;
use crate::routes::access::Own;

/// What was picked.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ProfilesPicks)]
#[serde(deny_unknown_fields)]
pub(crate) struct Picks {
    /// At most 10.
    title_ids: Vec<String>,
}

/// Pick titles to begin with
///
/// In place of those picked before.
#[utoipa::path(
    put,
    path = "/v1/me/picks",
    tag = "me",
    request_body = Picks,
    responses(
        (status = 204, description = "They are picked"),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`profile-required`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`profile-not-found`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`profile-invalid`: too many, or no ids", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn put_picks(
    State(service): Shared,
    caller: Caller,
    Json(picks): Json<Picks>,
) -> Result<StatusCode, Reject> {
    let own = Own::of(&caller)?;
    let picks = profile::picks(picks.title_ids).map_err(ProfilesError::from)?;
    if !service.store.set_picks(own.account, own.profile, &picks).await.map_err(ProfilesError::from)? {
        return Err(ProfilesError::ProfileNotFound.into());
    }
    Ok(StatusCode::NO_CONTENT)
}
