//! The end of a profile.

use axum::extract::State;
use axum::response::IntoResponse;
use bijou_chassis::{Caller, Json, Path, Reject};
use bijou_problem::Problem;
use bijou_profiles_api::APPLICATION;
use http::StatusCode;
use http::header::LOCATION;

use crate::error::ProfilesError;
use crate::routes::Shared;
use crate::routes::access::Household;
use crate::routes::erasures::ErasureBody;

/// Delete a profile
///
/// It and everything about it is gone here at once; every other service that kept something about it is told, and says
/// when nothing is left. After the last profile of an account the next look makes a new one.
#[utoipa::path(
    delete,
    path = "/v1/profiles/{profile_id}",
    tag = "profiles",
    params(("profile_id" = String, Path, description = "The profile's id")),
    responses(
        (status = 202, description = "Gone here; `Location` says how far the others are", body = ErasureBody),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`kids-profile`, `profile-limited`, `profile-guarded`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`profile-not-found`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn delete_profile(
    State(service): Shared,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Reject> {
    let household = Household::of(&service, &caller).await?;
    household.changeable(&id, true)?;
    let (account, now_ms) = (&household.account, service.clock.now_ms());
    let others = &service.config.erasure_services;
    let erasure = service.store.delete_profile(account, &id, APPLICATION, others, now_ms).await;
    let erasure = erasure.map_err(ProfilesError::from)?.ok_or(ProfilesError::ProfileNotFound)?;
    service.positions.forget(&id);
    let begun = service.store.erasure(account, &erasure).await.map_err(ProfilesError::from)?;
    let begun = begun.ok_or_else(|| ProfilesError::ErasureNotFound { id: erasure.clone() })?;
    let location = format!("/v1/erasures/{erasure}");
    Ok((StatusCode::ACCEPTED, [(LOCATION, location)], Json(ErasureBody::from(begun))))
}
