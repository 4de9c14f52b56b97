//! Partners' apps by their stage and what an operator decides about them; what is going away and which apps still call it.
//!
//! The apps are the partners service's; it takes the console's word for whoever is signed in here, and the audit has the name
//! and the reason. The reason goes to partners too, whose developer reads why an app was refused or stopped; the name does not.

use axum::extract::State;
use bijou_chassis::{Json, Path, Query, Reject};
use bijou_client::{CallContext, CallError, Client, segment};
use bijou_problem::Problem;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::Operator;
use super::instances::reason;
use crate::audit::{Actor, Change};

const PARTNERS: &str = "PARTNERS";

/// Which apps.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AppsAt {
    /// How far they have come; those that ask for production unless told.
    #[serde(default)]
    #[param(inline)]
    stage: Stage,
}

/// How far an app has come.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ConsolePartnerStage)]
pub enum Stage {
    Sandbox,
    #[default]
    Requested,
    Production,
    Suspended,
}

/// Apps, the newest first.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ConsolePartnerApps)]
pub struct PartnerApps {
    items: Vec<PartnerApp>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ConsolePartnerApp)]
pub struct PartnerApp {
    id: String,
    name: String,
    /// `sandbox`, `requested`, `production` or `suspended`.
    stage: String,
    scopes: Vec<String>,
    /// Calls it may make.
    per_minute: u32,
    per_day: u32,
    /// RFC 3339, UTC.
    created_at: String,
    /// Why it was refused or stopped, as its developer reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    reason: Option<String>,
}

/// What is going away of the partners' API, and who still calls it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ConsolePartnerDeprecations)]
pub struct PartnerDeprecations {
    /// What goes first, first.
    items: Vec<PartnerDeprecation>,
}

/// An operation that is going away, with its calls of the last thirty days.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ConsolePartnerDeprecation)]
pub struct PartnerDeprecation {
    operation: String,
    method: String,
    path: String,
    /// Since when it is deprecated; RFC 3339, UTC.
    since: String,
    /// Until when it answers for sure; RFC 3339, UTC.
    sunset: String,
    /// What to do instead.
    link: String,
    calls: i64,
    /// The one with the most calls first.
    apps: Vec<CallingApp>,
}

/// An app that still calls.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ConsoleCallingApp)]
pub struct CallingApp {
    id: String,
    name: String,
    calls: i64,
    /// The newest first.
    days: Vec<CallingDay>,
}

/// Its calls of one day.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ConsoleCallingDay)]
pub struct CallingDay {
    /// UTC.
    #[schema(example = "2027-01-15")]
    day: String,
    calls: i64,
}

/// What is decided, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ConsolePartnerDecision)]
pub struct Decision {
    decision: DecisionWord,
    /// Recorded in the audit; of `decline` and `suspend` the app's developer reads it too. At most 500 letters.
    reason: String,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ConsolePartnerDecisionWord)]
pub enum DecisionWord {
    /// Into production, with its larger quotas.
    Approve,
    /// Back into the sandbox.
    Decline,
    /// Every key stops at once.
    Suspend,
    Resume,
}

/// List partners' apps at a stage
#[utoipa::path(
    get, path = "/api/partners/apps", tag = "partners", params(AppsAt),
    responses(
        (status = 200, description = "Everybody's, the newest first, at most 500", body = PartnerApps),
        (status = 400, description = "No stage of an app", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`partners-away`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list_partner_apps(
    State(operator): State<Operator>,
    Query(AppsAt { stage }): Query<AppsAt>,
) -> Result<Json<PartnerApps>, Reject> {
    apps_at(&operator.context.client, stage).await.map(Json).map_err(told)
}

/// List partners' apps that ask for production
#[utoipa::path(
    get, path = "/api/partners/requests", tag = "partners",
    responses(
        (status = 200, description = "Everybody's, the newest first", body = PartnerApps),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`partners-away`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list_partner_requests(State(operator): State<Operator>) -> Result<Json<PartnerApps>, Reject> {
    apps_at(&operator.context.client, Stage::Requested).await.map(Json).map_err(told)
}

/// List what is going away, with the apps that still call it
#[utoipa::path(
    get, path = "/api/partners/deprecations", tag = "partners",
    responses(
        (status = 200, description = "What goes first, first", body = PartnerDeprecations),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`partners-away`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list_partner_deprecations(State(operator): State<Operator>) -> Result<Json<PartnerDeprecations>, Reject> {
    let asked = operator.context.client.to(PARTNERS).get("/partner/v1/deprecations");
    asked.context(&CallContext::service()).send_json().await.map(Json).map_err(told)
}

/// Decide about a partner's app
#[utoipa::path(
    post, path = "/api/partners/apps/{id}/decisions", tag = "partners", request_body = Decision,
    params(("id" = String, Path, description = "The app's id")),
    responses(
        (status = 200, description = "The app at its new stage", body = PartnerApp),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Another page", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`app-not-found`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`app-stage`: at its stage there is nothing to decide so", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`reason-missing`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`partners-away`, `audit-unavailable`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn decide_partner_app(
    State(operator): State<Operator>,
    actor: Actor,
    Path(id): Path<String>,
    Json(Decision { decision, reason: why }): Json<Decision>,
) -> Result<Json<PartnerApp>, Reject> {
    let reason = reason(why)?;
    let client = &operator.context.client;
    // What it is now is part of what is recorded; of an app that nobody has, nothing is.
    let path = format!("/partner/v1/apps/{}", segment(&id));
    let before = client.to(PARTNERS).get(&path).context(&CallContext::service()).send_json::<PartnerApp>().await;
    let before = before.map_err(told)?;
    let change = Change {
        action: "partner.decide",
        target: id.clone(),
        before: Some(json!({ "name": before.name, "stage": before.stage })),
        after: Some(json!({ "decision": decision })),
        reason: Some(reason.clone()),
    };
    operator.audit.record(&actor, change).await?;
    let body = match decision {
        DecisionWord::Decline | DecisionWord::Suspend => json!({ "decision": decision, "reason": reason }),
        DecisionWord::Approve | DecisionWord::Resume => json!({ "decision": decision }),
    };
    let asked = client.to(PARTNERS).post(&format!("{path}/decisions")).json(&body);
    asked.context(&CallContext::service()).send_json().await.map(Json).map_err(told)
}

async fn apps_at(client: &Client, stage: Stage) -> Result<PartnerApps, CallError> {
    let asked = client.to(PARTNERS).get("/partner/v1/apps").query("stage", stage.as_str());
    asked.context(&CallContext::service()).send_json().await
}

impl Stage {
    /// As partners calls it.
    fn as_str(self) -> &'static str {
        match self {
            Self::Sandbox => "sandbox",
            Self::Requested => "requested",
            Self::Production => "production",
            Self::Suspended => "suspended",
        }
    }
}

/// What partners refuses is for whoever decides to read; anything else is its being away.
fn told(error: CallError) -> Reject {
    match &error {
        CallError::Problem { status, problem, .. }
            if [StatusCode::NOT_FOUND, StatusCode::CONFLICT].contains(status) =>
        {
            Reject::new(Problem { request_id: None, ..(**problem).clone() })
        }
        _ => {
            let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "partners-away")
                .title("Partners’ apps cannot be reached")
                .detail("The partners service does not answer, or is not running.");
            Reject::new(problem).with_retry_after_s(2).because(error)
        }
    }
}
