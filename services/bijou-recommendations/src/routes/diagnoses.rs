//! Why a title is or is not recommended: recommendations' part of the console's diagnosis.

use axum::extract::State;
use bijou_chassis::{Caller, Json, Path, Query, Reject};
use bijou_problem::Problem;
use bijou_recommendations_api::{Done, TitleDiagnosis};
use serde::Deserialize;
use utoipa::IntoParams;

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

/// Say why a title is or is not recommended
///
/// For the console only.
#[utoipa::path(
    get,
    path = "/v1/diagnoses/titles/{id}",
    tag = "services",
    params(("id" = String, Path, description = "The title's id"), Case),
    responses(
        (status = 200, description = "What recommendations know", body = TitleDiagnosis),
        (status = 403, description = "`service-only`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`home-not-ready`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn get_title_diagnosis(
    State(recommendations): Shared,
    caller: Caller,
    Path(id): Path<String>,
    Query(case): Query<Case>,
) -> Result<Json<TitleDiagnosis>, Reject> {
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
    Ok(Json(TitleDiagnosis {
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

fn done_with(title: Interaction) -> Done {
    let seen = title.fraction() >= FINISHED_SHARE;
    Done { plays: title.plays, seen, thumb: title.thumb.name().to_owned() }
}

fn untouched() -> Done {
    Done { thumb: "none".to_owned(), ..Done::default() }
}
