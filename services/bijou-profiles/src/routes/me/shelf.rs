//! Everything a page is made of, in one answer.

use axum::extract::State;
use axum::response::Response;
use bijou_chassis::{Caller, Reject};
use bijou_problem::Problem;
use bijou_profiles_api::Shelf;
use http::HeaderMap;

use crate::conditional::{is_known, not_modified, tagged};
use crate::error::ProfilesError;
use crate::routes::Shared;
use crate::routes::access::Own;

/// What a page of this profile is made of
///
/// Whether it has changed costs one read of one number.
#[utoipa::path(
    get,
    path = "/v1/me/shelf",
    tag = "services",
    responses(
        (status = 200, description = "The shelf", body = Shelf),
        (status = 304, description = "Nothing has changed"),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`profile-required`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`profile-not-found`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn get_shelf(State(service): Shared, caller: Caller, headers: HeaderMap) -> Result<Response, Reject> {
    let own = Own::of(&caller)?;
    let version = service.shelf_version(own.profile).await.map_err(ProfilesError::from)?;
    let version = version.ok_or(ProfilesError::ProfileNotFound)?;
    let tag = format!("\"{version}\"");
    if is_known(&headers, &tag) {
        return Ok(not_modified(&tag));
    }
    let profile = service.store.profile(own.account, own.profile).await.map_err(ProfilesError::from)?;
    let profile = profile.ok_or(ProfilesError::ProfileNotFound)?;
    let shelf = service.shelf(version, &profile).await.map_err(ProfilesError::from)?;
    tagged(&format!("\"{}\"", shelf.version), &shelf)
}
