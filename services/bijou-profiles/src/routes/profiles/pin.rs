//! A PIN, or none.

use axum::extract::State;
use bijou_chassis::{Caller, Json, Path, Reject};
use bijou_problem::Problem;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::domain::profile;
use crate::error::ProfilesError;
use crate::routes::Shared;
use crate::routes::access::Household;

/// A PIN.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ProfilesPin)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPin {
    /// 4 to 8 digits.
    #[schema(format = Password, example = "2468")]
    pin: String,
}

/// Set a profile's PIN
///
/// A grown-up's is asked for on the way into the profile, a child's on the way out. Devices that are in already stay.
/// Who forgot it signs in with the account's password and sets another one.
#[utoipa::path(
    put,
    path = "/v1/profiles/{profile_id}/pin",
    tag = "profiles",
    params(("profile_id" = String, Path, description = "The profile's id")),
    request_body = NewPin,
    responses(
        (status = 204, description = "It is asked for from now on"),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`kids-profile`, `profile-limited`, `profile-guarded`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`profile-not-found`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`profile-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`pin-busy`, `unavailable`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn put_pin(
    State(service): Shared,
    caller: Caller,
    Path(id): Path<String>,
    Json(new): Json<NewPin>,
) -> Result<StatusCode, Reject> {
    let household = Household::of(&service, &caller).await?;
    household.changeable(&id, true)?;
    profile::pin(&new.pin).map_err(ProfilesError::from)?;
    let hash = service.pins.hash(new.pin).await.map_err(ProfilesError::from)?;
    set(&service, &household, &id, Some(&hash)).await
}

/// Take a profile's PIN away
#[utoipa::path(
    delete,
    path = "/v1/profiles/{profile_id}/pin",
    tag = "profiles",
    params(("profile_id" = String, Path, description = "The profile's id")),
    responses(
        (status = 204, description = "None is asked for any more"),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`kids-profile`, `profile-limited`, `profile-guarded`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`profile-not-found`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn delete_pin(
    State(service): Shared,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Reject> {
    let household = Household::of(&service, &caller).await?;
    household.changeable(&id, true)?;
    set(&service, &household, &id, None).await
}

async fn set(
    service: &crate::Profiles,
    household: &Household,
    id: &str,
    hash: Option<&str>,
) -> Result<StatusCode, Reject> {
    if !service.store.set_pin(&household.account, id, hash).await.map_err(ProfilesError::from)? {
        return Err(ProfilesError::ProfileNotFound.into());
    }
    Ok(StatusCode::NO_CONTENT)
}
