//! Getting to production: a developer asks, an operator decides.

use axum::extract::State;
use bijou_chassis::{Caller, Json, Path, Reject};
use bijou_problem::Problem;
use serde::Deserialize;
use utoipa::ToSchema;

use super::apps::{AppBody, Apps};
use super::{Shared, any_app, own_app, require_operator};
use crate::domain::app::{Decision, Stage};
use crate::error::PartnersError;
use crate::store::Said;

/// What an operator says.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = PartnersDecision)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecisionBody {
    /// `approve`, `decline`, `suspend`, or `resume`.
    decision: DecisionWord,
    /// Why, for its developer, who reads it in the portal: at most 500 letters. Kept of `decline` and `suspend`.
    #[schema(nullable = false)]
    reason: Option<String>,
}

/// Longest reason, in letters.
const REASON_LETTERS_MAX: usize = 500;

/// A reason as it is shown; blanks alone are none.
fn reason(given: Option<&str>) -> Result<Option<&str>, PartnersError> {
    let given = given.map(str::trim).filter(|given| !given.is_empty());
    if given.is_some_and(|given| given.chars().count() > REASON_LETTERS_MAX) {
        return Err(PartnersError::invalid("reason", format!("has at most {REASON_LETTERS_MAX} letters")));
    }
    Ok(given)
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[schema(as = PartnersDecisionWord)]
#[serde(rename_all = "snake_case")]
enum DecisionWord {
    Approve,
    Decline,
    Suspend,
    Resume,
}

/// Ask for production
#[utoipa::path(
    post,
    path = "/partner/v1/apps/{app_id}/production-request",
    tag = "partners",
    params(("app_id" = String, Path, description = "The app's id")),
    responses(
        (status = 200, description = "An operator will look at it", body = AppBody),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`app-not-found`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`app-stage`: it is not in the sandbox", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn request_production(
    State(partners): Shared,
    caller: Caller,
    Path(app_id): Path<String>,
) -> Result<Json<AppBody>, Reject> {
    let mut app = own_app(&partners, &caller, &app_id).await?;
    if !partners.store.request_production(&app.id).await.map_err(PartnersError::from)? {
        let detail = "only an app in the sandbox can ask for production";
        return Err(PartnersError::Stage { stage: app.stage.as_str(), detail }.into());
    }
    app.stage = Stage::Requested;
    // What was said of it last is answered by asking anew.
    app.reason = None;
    Ok(Json(AppBody::of(app)))
}

/// Apps that ask for production
#[utoipa::path(
    get,
    path = "/partner/v1/production-requests",
    tag = "partners-operator",
    responses(
        (status = 200, description = "Everybody's, the newest first", body = Apps),
        (status = 403, description = "`scope-missing`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_requests(State(partners): Shared, caller: Caller) -> Result<Json<Apps>, Reject> {
    require_operator(&caller)?;
    let apps = partners.store.apps_at(Stage::Requested).await.map_err(PartnersError::from)?;
    Ok(Json(Apps { items: apps.into_iter().map(AppBody::of).collect() }))
}

/// Decide about an app
#[utoipa::path(
    post,
    path = "/partner/v1/apps/{app_id}/decisions",
    tag = "partners-operator",
    params(("app_id" = String, Path, description = "The app's id")),
    request_body = DecisionBody,
    responses(
        (status = 200, description = "The app at its new stage", body = AppBody),
        (status = 403, description = "`scope-missing`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`app-not-found`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`app-stage`: at its stage there is nothing to decide so", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`field-invalid`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn decide_app(
    State(partners): Shared,
    caller: Caller,
    Path(app_id): Path<String>,
    Json(body): Json<DecisionBody>,
) -> Result<Json<AppBody>, Reject> {
    require_operator(&caller)?;
    let reason = reason(body.reason.as_deref())?;
    let app = any_app(&partners, &app_id).await?;
    let decision = match body.decision {
        DecisionWord::Approve => Decision::Approve,
        DecisionWord::Decline => Decision::Decline,
        DecisionWord::Suspend => Decision::Suspend,
        DecisionWord::Resume => Decision::Resume,
    };
    let before = app.stage.as_str();
    let quota = match decision {
        Decision::Approve => (partners.config.production_per_minute, partners.config.production_per_day),
        _ => (partners.config.sandbox_per_minute, partners.config.sandbox_per_day),
    };
    let said = Said { decision, reason: reason.filter(|_| matches!(decision, Decision::Decline | Decision::Suspend)) };
    if partners.store.decide_app(&app, said, quota).await.map_err(PartnersError::from)?.is_none() {
        return Err(
            PartnersError::Stage { stage: before, detail: "at this stage there is nothing to decide so" }.into()
        );
    }
    let decided = any_app(&partners, &app_id).await?;
    tracing::info!(app.id = %decided.id, operator = caller.account().or(caller.service()).unwrap_or("-"), before, after = decided.stage.as_str(),
        "an operator decided about an app: {before} -> {}", decided.stage.as_str());
    Ok(Json(AppBody::of(decided)))
}
