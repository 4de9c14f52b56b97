//! What is kept about a profile here, for its export.

use axum::extract::State;
use bijou_chassis::{Caller, Json, Path, Reject};
use bijou_problem::Problem;
use serde::Serialize;
use utoipa::ToSchema;

use super::text::timestamp;
use crate::error::IdentityError;
use crate::routes::Shared;
use crate::store::sessions::Session;

/// The one who asks.
const PROFILES: &str = "profiles";

/// Everything about a profile.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IdentityRecord)]
pub(crate) struct RecordBody {
    /// Sign-ins that the profile was chosen in last, the latest first; those of the last week too that are over.
    sessions: Vec<RecordedSession>,
}

/// A sign-in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IdentityRecordedSession)]
struct RecordedSession {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    device_name: Option<String>,
    /// The app.
    client: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: jiff::Timestamp,
    #[schema(value_type = String, format = DateTime)]
    last_seen_at: jiff::Timestamp,
    /// The name the profile had then.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    profile_name: Option<String>,
}

/// Read everything that is kept about a profile
///
/// For profiles, which puts it into the profile's export. A profile nobody has heard of has an empty record.
#[utoipa::path(
    get,
    path = "/v1/records/{profile}",
    tag = "services",
    params(("profile" = String, Path, description = "Id of the profile")),
    responses(
        (status = 200, description = "The record", body = RecordBody),
        (status = 403, description = "`service-only`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`unavailable`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn get_record(
    State(identity): Shared,
    caller: Caller,
    Path(profile): Path<String>,
) -> Result<Json<RecordBody>, Reject> {
    caller.require_role(PROFILES)?;
    let sessions = identity.store.sessions_of_profile(&profile).await.map_err(IdentityError::from)?;
    Ok(Json(RecordBody { sessions: sessions.into_iter().map(recorded).collect() }))
}

fn recorded(session: Session) -> RecordedSession {
    RecordedSession {
        id: session.id,
        device_name: session.device_name,
        client: session.client_id,
        created_at: timestamp(session.created_ms),
        last_seen_at: timestamp(session.last_seen_ms),
        profile_name: session.rights.profile.and_then(|profile| profile.name),
    }
}
