//! Deletions of profiles, and who has said that nothing is left.

use axum::extract::State;
use axum::response::Response;
use bijou_chassis::{Caller, Json, Path, Reject};
use bijou_problem::Problem;
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Shared;
use crate::conditional::answer;
use crate::error::ProfilesError;
use crate::store::erasures::Erasure;
use crate::time;

/// A profile on its way out.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProfilesErasure)]
pub(crate) struct ErasureBody {
    id: String,
    profile_id: String,
    state: ErasureState,
    #[schema(value_type = String, format = DateTime)]
    begun_at: jiff::Timestamp,
    /// When the last of them said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime, nullable = false)]
    done_at: Option<jiff::Timestamp>,
    /// Every application that keeps something about profiles.
    services: Vec<ErasureService>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ProfilesErasureState)]
#[serde(rename_all = "snake_case")]
enum ErasureState {
    Running,
    Done,
}

/// One application's part.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProfilesErasureService)]
struct ErasureService {
    /// Its name in the registry.
    service: String,
    /// When it said that nothing is left; absent while it has not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime, nullable = false)]
    acknowledged_at: Option<jiff::Timestamp>,
    /// How many records went.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    removed: Option<i64>,
}

/// Nothing is left with the caller.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ProfilesErasureAcknowledgement)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAcknowledgement {
    /// How many records went.
    #[schema(minimum = 0)]
    removed: u32,
}

impl From<Erasure> for ErasureBody {
    fn from(erasure: Erasure) -> Self {
        let services = erasure.expected.into_iter().map(|service| {
            let told = erasure.acknowledged.iter().find(|told| told.service == service);
            ErasureService {
                acknowledged_at: told.map(|told| time::at(told.at_ms)),
                removed: told.map(|told| told.removed),
                service,
            }
        });
        let services: Vec<_> = services.collect();
        let all: Option<Vec<_>> = services.iter().map(|service| service.acknowledged_at).collect();
        let done_at = all.and_then(|all| all.into_iter().max());
        Self {
            id: erasure.id,
            profile_id: erasure.profile_id,
            state: if done_at.is_some() { ErasureState::Done } else { ErasureState::Running },
            begun_at: time::at(erasure.begun_ms),
            done_at,
            services,
        }
    }
}

/// How far the deletion of a profile is
#[utoipa::path(
    get,
    path = "/v1/erasures/{erasure_id}",
    tag = "profiles",
    params(("erasure_id" = String, Path, description = "Of the answer to the deletion")),
    responses(
        (status = 200, description = "Who has said that nothing is left", body = ErasureBody),
        (status = 304, description = "Nothing has changed"),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`erasure-not-found`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn get_erasure(
    State(service): Shared,
    caller: Caller,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Reject> {
    let account = caller.require_account()?;
    let erasure = service.store.erasure(account, &id).await.map_err(ProfilesError::from)?;
    let erasure = erasure.ok_or(ProfilesError::ErasureNotFound { id })?;
    answer(&headers, &ErasureBody::from(erasure))
}

/// Say that nothing of a deleted profile is left
///
/// For services that follow the outbox. Saying it twice is saying it once.
#[utoipa::path(
    post,
    path = "/v1/erasures/{erasure_id}/acknowledgements",
    tag = "services",
    params(("erasure_id" = String, Path, description = "Of the event `profile.deleted`")),
    request_body = NewAcknowledgement,
    responses(
        (status = 204, description = "Noted"),
        (status = 403, description = "`service-only`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`erasure-not-found`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn acknowledge_erasure(
    State(service): Shared,
    caller: Caller,
    Path(id): Path<String>,
    Json(told): Json<NewAcknowledgement>,
) -> Result<StatusCode, Reject> {
    let by = caller.require_service()?.to_ascii_uppercase();
    let noted = service.store.acknowledge_erasure(&id, &by, i64::from(told.removed), service.clock.now_ms()).await;
    if !noted.map_err(ProfilesError::from)? {
        return Err(ProfilesError::ErasureNotFound { id }.into());
    }
    Ok(StatusCode::NO_CONTENT)
}
