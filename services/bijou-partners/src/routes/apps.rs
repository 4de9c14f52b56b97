//! Apps of a developer.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bijou_chassis::{Caller, Json, Path, Query, Reject};
use bijou_partners_api::APP_PREFIX;
use bijou_problem::Problem;
use http::StatusCode;
use http::header::CACHE_CONTROL;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::keys::{KeyBody, NewKeyBody, make_key};
use super::{Shared, any_app, own_app, require_operator};
use crate::Partners;
use crate::clock::timestamp;
use crate::domain::app::{Name, Stage};
use crate::domain::key::Environment;
use crate::domain::scope;
use crate::error::PartnersError;
use crate::store::App;

/// A new app.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = PartnersNewApp)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewApp {
    /// 1 to 80 letters.
    #[schema(example = "Lantern TV")]
    name: String,
}

/// An app.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartnersApp)]
pub(crate) struct AppBody {
    /// Also its `client_id` where it signs viewers in on a device (`/oauth/device_authorization`).
    id: String,
    name: String,
    /// `sandbox`, `requested` (production is asked for), `production`, or `suspended`.
    stage: &'static str,
    scopes: Vec<String>,
    /// Calls it may make.
    per_minute: u32,
    per_day: u32,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Why an operator refused production or stopped it, in their words. Absent: nobody did, or nobody said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "The deep links lead to a page that is not there.")]
    reason: Option<String>,
}

/// Whose apps.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AppsOf {
    /// `sandbox`, `requested`, `production` or `suspended`: everybody's at that stage, at most 500, for operators.
    #[param(example = "production")]
    stage: Option<String>,
}

/// Apps, the newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartnersApps)]
pub(crate) struct Apps {
    pub(super) items: Vec<AppBody>,
}

/// An app with the key it begins with.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartnersCreatedApp)]
pub(crate) struct CreatedApp {
    app: AppBody,
    key: NewKeyBody,
}

impl AppBody {
    /// What it may ask depends on its stage.
    pub(super) fn of(app: App) -> Self {
        Self {
            id: app.id,
            name: app.name,
            stage: app.stage.as_str(),
            scopes: app.scopes.split(' ').map(str::to_owned).collect(),
            per_minute: app.per_minute,
            per_day: app.per_day,
            created_at: timestamp(app.created_ms),
            reason: app.reason,
        }
    }
}

/// Your apps
///
/// With a `stage`, everybody's: for operators.
#[utoipa::path(
    get,
    path = "/partner/v1/apps",
    tag = "partners",
    params(AppsOf),
    responses(
        (status = 200, description = "The newest first", body = Apps),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`scope-missing`: only operators see everybody's", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`field-invalid`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_apps(
    State(partners): Shared,
    caller: Caller,
    Query(AppsOf { stage }): Query<AppsOf>,
) -> Result<Json<Apps>, Reject> {
    let apps = match stage {
        Some(stage) => {
            require_operator(&caller)?;
            let stage = Stage::parse(&stage).ok_or_else(|| PartnersError::invalid("stage", "is no stage of an app"))?;
            partners.store.apps_at(stage).await
        }
        None => partners.store.apps_of(caller.require_account()?).await,
    };
    let apps = apps.map_err(PartnersError::from)?;
    Ok(Json(Apps { items: apps.into_iter().map(AppBody::of).collect() }))
}

/// Make an app
///
/// It begins in the sandbox, with a key that works at once and is shown this once.
#[utoipa::path(
    post,
    path = "/partner/v1/apps",
    tag = "partners",
    request_body = NewApp,
    responses(
        (status = 201, description = "The app and its first key", body = CreatedApp),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`too-many-apps`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`field-invalid`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn create_app(
    State(partners): Shared,
    caller: Caller,
    Json(new): Json<NewApp>,
) -> Result<Response, Reject> {
    let account = caller.require_account()?;
    let name = Name::parse(&new.name).ok_or_else(|| PartnersError::invalid("name", "is 1 to 80 letters"))?;
    let app = new_app(&partners, account, &name);
    let max = partners.config.apps_max;
    if !partners.store.add_app(&app, i64::from(max)).await.map_err(PartnersError::from)? {
        return Err(PartnersError::TooMany { what: "apps", max }.into());
    }
    let (key, text) = make_key(&partners, &app.id, Environment::Sandbox).await?;
    let body = CreatedApp { app: AppBody::of(app), key: NewKeyBody { key: KeyBody::of(key), text } };
    Ok((StatusCode::CREATED, [(CACHE_CONTROL, "no-store")], Json(body)).into_response())
}

fn new_app(partners: &Partners, account: &str, name: &Name) -> App {
    App {
        id: format!("{APP_PREFIX}{}", Uuid::now_v7().simple()),
        account_id: account.to_owned(),
        name: name.as_str().to_owned(),
        stage: Stage::Sandbox,
        scopes: scope::ALL.to_owned(),
        per_minute: partners.config.sandbox_per_minute,
        per_day: partners.config.sandbox_per_day,
        created_ms: partners.clock.now_ms(),
        reason: None,
    }
}

/// One of your apps
///
/// Or anybody's, for operators.
#[utoipa::path(
    get,
    path = "/partner/v1/apps/{app_id}",
    tag = "partners",
    params(("app_id" = String, Path, description = "The app's id")),
    responses(
        (status = 200, description = "The app", body = AppBody),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`app-not-found`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn get_app(
    State(partners): Shared,
    caller: Caller,
    Path(app_id): Path<String>,
) -> Result<Json<AppBody>, Reject> {
    let app = if require_operator(&caller).is_ok() {
        any_app(&partners, &app_id).await?
    } else {
        own_app(&partners, &caller, &app_id).await?
    };
    Ok(Json(AppBody::of(app)))
}

/// Remove an app
///
/// Its keys stop working at once; its webhooks are told nothing more.
#[utoipa::path(
    delete,
    path = "/partner/v1/apps/{app_id}",
    tag = "partners",
    params(("app_id" = String, Path, description = "The app's id")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`app-not-found`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn delete_app(
    State(partners): Shared,
    caller: Caller,
    Path(app_id): Path<String>,
) -> Result<StatusCode, Reject> {
    let app = own_app(&partners, &caller, &app_id).await?;
    partners.store.remove_app(&app.id).await.map_err(PartnersError::from)?;
    Ok(StatusCode::NO_CONTENT)
}
