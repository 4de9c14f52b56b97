//! Why a title is or is not recommended: recommendations' part of the console's diagnosis.

use axum::extract::State;
use bijou_chassis::{Caller, Json, Path, Query, Reject};
use bijou_problem::Problem;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::taste::{FINISHED_SHARE, Interaction};
use crate::error::PageError;
use crate::routes::Shared;

/// The one who asks.
const CONSOLE: &str = "console";

/// For whom a title is looked at.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Case {
    /// Id of a profile; absent: for nobody in particular.
    profile: Option<String>,
}

/// What recommendations know about a title.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecommendationsTitleDiagnosis)]
pub(crate) struct DiagnosisBody {
    title_id: String,
    /// Whether it is among the titles that pages are made of.
    candidate: bool,
    /// Whether it counts as one that can be played; `false` for a title that is not a candidate.
    playable: bool,
    /// Plays by people, in the last seven days and ever.
    plays_week: i64,
    plays: i64,
    /// Whether the model in use says anything about it.
    modeled: bool,
    /// The model in use, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    model: Option<String>,
    /// What the profile did with it; absent without a profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    profile: Option<DoneBody>,
}

/// What a profile did with a title.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = RecommendationsDone)]
struct DoneBody {
    plays: i64,
    /// Watched to its end: it is in no row any more.
    seen: bool,
    /// `none`, `down`, `up`, `double_up`. What has a thumb down is in no row.
    thumb: &'static str,
}

/// Say why a title is or is not recommended
///
/// For the console only.
#[utoipa::path(
    get,
    path = "/v1/diagnoses/titles/{id}",
    tag = "services",
    params(("id" = String, Path, description = "The title's id"), Case),
    responses(
        (status = 200, description = "What recommendations know", body = DiagnosisBody),
        (status = 403, description = "`service-only`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`home-not-ready`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn get_title_diagnosis(
    State(recommendations): Shared,
    caller: Caller,
    Path(id): Path<String>,
    Query(case): Query<Case>,
) -> Result<Json<DiagnosisBody>, Reject> {
    caller.require_role(CONSOLE)?;
    let snapshot = recommendations.serving.current();
    if !snapshot.is_ready() {
        return Err(PageError::NothingKnown.into());
    }
    let profile = match case.profile {
        Some(profile) => {
            let done = recommendations.store.all_interactions_of(&profile).await.map_err(PageError::from)?;
            Some(done.into_iter().find(|one| one.title_id == id).map_or_else(untouched, done_with))
        }
        None => None,
    };
    let place = snapshot.library().place(&id);
    let candidate = place.map(|at| &snapshot.candidates()[at]);
    let learned = snapshot.learned();
    Ok(Json(DiagnosisBody {
        candidate: candidate.is_some(),
        playable: candidate.is_some_and(|candidate| candidate.is_playable),
        plays_week: candidate.map_or(0, |candidate| candidate.plays_week),
        plays: candidate.map_or(0, |candidate| candidate.plays),
        modeled: place.zip(learned).is_some_and(|(at, learned)| learned.knows(at)),
        model: learned.map(|learned| learned.model().version.clone()),
        profile,
        title_id: id,
    }))
}

fn done_with(title: Interaction) -> DoneBody {
    let seen = title.fraction() >= FINISHED_SHARE;
    DoneBody { plays: title.plays, seen, thumb: title.thumb.name() }
}

fn untouched() -> DoneBody {
    DoneBody { thumb: "none", ..DoneBody::default() }
}
