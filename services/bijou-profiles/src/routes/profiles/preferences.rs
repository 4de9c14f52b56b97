//! How somebody likes to watch: autoplay, languages, captions.

use axum::extract::State;
use axum::response::Response;
use bijou_chassis::{Caller, Json, Path, Reject};
use bijou_problem::Problem;
use http::HeaderMap;

use crate::Profiles;
use crate::conditional::answer;
use crate::domain::profile::{self, InvalidProfile, Preferences};
use crate::error::ProfilesError;
use crate::routes::Shared;
use crate::routes::access::{Household, Own};

/// A profile's preferences
#[utoipa::path(
    get,
    path = "/v1/profiles/{profile_id}/preferences",
    tag = "profiles",
    params(("profile_id" = String, Path, description = "The profile's id")),
    responses(
        (status = 200, description = "All of them", body = Preferences),
        (status = 304, description = "Nothing has changed"),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`profile-not-found`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn get_preferences(
    State(service): Shared,
    caller: Caller,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Reject> {
    let household = Household::of(&service, &caller).await?;
    answer(&headers, &household.profile(&id)?.preferences)
}

/// Replace a profile's preferences
///
/// Members that are absent become the usual ones.
#[utoipa::path(
    put,
    path = "/v1/profiles/{profile_id}/preferences",
    tag = "profiles",
    params(("profile_id" = String, Path, description = "The profile's id")),
    request_body = Preferences,
    responses(
        (status = 200, description = "As they are now", body = Preferences),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`kids-profile`, `profile-limited`, `profile-guarded`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`profile-not-found`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`profile-invalid`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn put_preferences(
    State(service): Shared,
    caller: Caller,
    Path(id): Path<String>,
    Json(preferences): Json<Preferences>,
) -> Result<Json<Preferences>, Reject> {
    let household = Household::of(&service, &caller).await?;
    household.changeable(&id, false)?;
    set(&service, &household.account, &id, preferences).await
}

/// The preferences of whoever is watching
#[utoipa::path(
    get,
    path = "/v1/me/preferences",
    tag = "me",
    responses(
        (status = 200, description = "All of them", body = Preferences),
        (status = 304, description = "Nothing has changed"),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`profile-required`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`profile-not-found`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn get_own_preferences(
    State(service): Shared,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Reject> {
    let own = Own::of(&caller)?;
    let profile = service.store.profile(own.account, own.profile).await.map_err(ProfilesError::from)?;
    let profile = profile.ok_or(ProfilesError::ProfileNotFound)?;
    answer(&headers, &profile.preferences)
}

/// Replace the preferences of whoever is watching
///
/// A child's profile may, too: captions are not a matter of age.
#[utoipa::path(
    put,
    path = "/v1/me/preferences",
    tag = "me",
    request_body = Preferences,
    responses(
        (status = 200, description = "As they are now", body = Preferences),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`profile-required`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`profile-not-found`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`profile-invalid`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn put_own_preferences(
    State(service): Shared,
    caller: Caller,
    Json(preferences): Json<Preferences>,
) -> Result<Json<Preferences>, Reject> {
    let own = Own::of(&caller)?;
    set(&service, own.account, own.profile, preferences).await
}

async fn set(
    service: &Profiles,
    account: &str,
    id: &str,
    preferences: Preferences,
) -> Result<Json<Preferences>, Reject> {
    check(&preferences).map_err(ProfilesError::from)?;
    if !service.store.set_preferences(account, id, &preferences).await.map_err(ProfilesError::from)? {
        return Err(ProfilesError::ProfileNotFound.into());
    }
    Ok(Json(preferences))
}

fn check(preferences: &Preferences) -> Result<(), InvalidProfile> {
    for language in [&preferences.audio_language, &preferences.caption_language].into_iter().flatten() {
        profile::language(language)?;
    }
    Ok(())
}
