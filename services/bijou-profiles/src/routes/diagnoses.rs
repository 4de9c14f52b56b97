//! Why a title is or is not shown: profiles' part of the console's diagnosis.

use axum::extract::State;
use bijou_chassis::{Caller, Json, Path, Reject};
use bijou_problem::Problem;
use bijou_profiles_api::ProfileDiagnosis;

use crate::error::ProfilesError;
use crate::routes::Shared;

/// The one who asks.
const CONSOLE: &str = "console";

/// Say what a profile may see
///
/// For the console only.
#[utoipa::path(
    get,
    path = "/v1/diagnoses/profiles/{profile_id}",
    tag = "services",
    params(("profile_id" = String, Path, description = "The profile's id")),
    responses(
        (status = 200, description = "Whose it is and its ceiling", body = ProfileDiagnosis),
        (status = 403, description = "`service-only`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`profile-not-found`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn get_profile_diagnosis(
    State(service): Shared,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<ProfileDiagnosis>, Reject> {
    caller.require_role(CONSOLE)?;
    let found = service.store.profile_of_any_account(&id).await.map_err(ProfilesError::from)?;
    let profile = found.ok_or(ProfilesError::ProfileNotFound)?;
    Ok(Json(ProfileDiagnosis {
        profile_id: profile.id,
        account_id: profile.account_id,
        maturity: profile.maturity,
        kids: profile.kids,
    }))
}
