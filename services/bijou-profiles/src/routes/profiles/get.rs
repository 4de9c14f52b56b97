//! One profile.

use axum::extract::State;
use axum::response::Response;
use bijou_chassis::{Caller, Path, Reject};
use bijou_problem::Problem;
use http::HeaderMap;

use super::ProfileBody;
use crate::conditional::answer;
use crate::routes::Shared;
use crate::routes::access::Household;

/// A profile of the account
#[utoipa::path(
    get,
    path = "/v1/profiles/{profile_id}",
    tag = "profiles",
    params(("profile_id" = String, Path, description = "The profile's id")),
    responses(
        (status = 200, description = "The profile", body = ProfileBody),
        (status = 304, description = "Nothing has changed"),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`profile-not-found`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn get_profile(
    State(service): Shared,
    caller: Caller,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Reject> {
    let household = Household::of(&service, &caller).await?;
    answer(&headers, &ProfileBody::from(household.profile(&id)?))
}
