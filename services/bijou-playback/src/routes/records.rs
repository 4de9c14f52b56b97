//! What is kept about a profile here, for its export.

use axum::extract::State;
use bijou_chassis::{Caller, Json, Path, Reject};
use bijou_problem::Problem;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::PlaybackError;
use crate::state::Playback;
use crate::store::RecordedSession;

/// The one who asks.
const PROFILES: &str = "profiles";

/// Everything about a profile.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlaybackRecord)]
pub struct RecordBody {
    /// Playbacks that are kept, the latest first: each until a day after its token ended.
    sessions: Vec<RecordedPlayback>,
}

/// One film or episode, played on one device.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlaybackRecordedSession)]
struct RecordedPlayback {
    id: String,
    title_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    episode_id: Option<String>,
    /// As the player called it; empty when it did not say.
    device_name: String,
    /// `created`, `started`, `progress`, `stopped`.
    state: String,
    position_s: f64,
    #[schema(value_type = String, format = DateTime)]
    started_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
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
pub async fn get_record(
    State(playback): State<Playback>,
    caller: Caller,
    Path(profile): Path<String>,
) -> Result<Json<RecordBody>, Reject> {
    caller.require_role(PROFILES)?;
    let sessions = playback.store.sessions_of_profile(&profile).await.map_err(PlaybackError::Store)?;
    Ok(Json(RecordBody { sessions: sessions.into_iter().map(recorded).collect() }))
}

fn recorded(session: RecordedSession) -> RecordedPlayback {
    RecordedPlayback {
        id: session.id,
        title_id: session.playable.title_id,
        episode_id: session.playable.episode_id,
        device_name: session.device_name,
        state: session.state,
        position_s: session.position_ms as f64 / 1000.0,
        started_at: Timestamp::from_millisecond(session.created_ms).unwrap_or_default(),
        expires_at: Timestamp::from_millisecond(session.expires_ms).unwrap_or_default(),
    }
}
