//! What is kept about a profile here, for its export.

use axum::extract::State;
use bijou_chassis::{Caller, Json, Path, Reject};
use bijou_problem::Problem;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::taste::Interaction;
use crate::error::PageError;
use crate::routes::Shared;
use crate::store::Impression;

/// The one who asks.
const PROFILES: &str = "profiles";

/// Everything about a profile.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecommendationsRecord)]
pub(crate) struct RecordBody {
    /// What it did, title by title, the latest first.
    interactions: Vec<InteractionBody>,
    /// Cards that it saw in the last 30 days, the latest first.
    impressions: Vec<ImpressionBody>,
}

/// What a profile did with a title.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecommendationsInteraction)]
struct InteractionBody {
    title_id: String,
    plays: i64,
    /// How often it was watched to its end.
    finished: i64,
    /// `none`, `down`, `up`, `double_up`.
    thumb: &'static str,
    #[schema(value_type = String, format = DateTime)]
    last_at: Timestamp,
}

/// A card that came into view.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecommendationsSeen)]
struct ImpressionBody {
    title_id: String,
    row_id: String,
    /// From 0.
    position: i64,
    /// Empty when no model was involved.
    model_version: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
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
    State(recommendations): Shared,
    caller: Caller,
    Path(profile): Path<String>,
) -> Result<Json<RecordBody>, Reject> {
    if caller.require_service()? != PROFILES {
        return Err(PageError::NotProfiles.into());
    }
    let store = &recommendations.store;
    let interactions = store.all_interactions_of(&profile).await.map_err(PageError::from)?;
    let impressions = store.impressions_of(&profile).await.map_err(PageError::from)?;
    Ok(Json(RecordBody {
        interactions: interactions.into_iter().map(interaction).collect(),
        impressions: impressions.into_iter().map(impression).collect(),
    }))
}

fn interaction(of: Interaction) -> InteractionBody {
    InteractionBody {
        title_id: of.title_id,
        plays: of.plays,
        finished: of.finished,
        thumb: of.thumb.name(),
        last_at: Timestamp::from_millisecond(of.last_ms).unwrap_or_default(),
    }
}

fn impression((at_ms, of): (i64, Impression)) -> ImpressionBody {
    ImpressionBody {
        title_id: of.title_id,
        row_id: of.row_id,
        position: of.position,
        model_version: of.model_version,
        at: Timestamp::from_millisecond(at_ms).unwrap_or_default(),
    }
}
