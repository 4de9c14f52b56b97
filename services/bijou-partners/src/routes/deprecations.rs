//! What is going away, and who still calls it: an app's own calls for its developer, everybody's for operators.

use std::collections::BTreeMap;

use axum::extract::State;
use bijou_chassis::{Caller, Json, Path, Reject};
use bijou_problem::Problem;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Shared, own_app, require_operator};
use crate::Partners;
use crate::deprecation::Announcement;
use crate::error::PartnersError;
use crate::still_calling::first_day;
use crate::store::CallsOf;

/// What is going away.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartnersDeprecations)]
pub(crate) struct Deprecations {
    /// What goes first, first.
    items: Vec<DeprecationBody>,
}

/// An operation that is going away, and who has called it in the last thirty days; a few seconds late.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartnersDeprecation)]
pub(crate) struct DeprecationBody {
    /// Its id in the contract.
    #[schema(example = "list_titles")]
    operation: String,
    #[schema(example = "GET")]
    method: String,
    #[schema(example = "/partner/v1/titles")]
    path: String,
    /// Since when it is deprecated, as the field `Deprecation` says; may be to come.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// Until when it answers for sure, as the field `Sunset` says.
    #[schema(value_type = String, format = DateTime)]
    sunset: Timestamp,
    /// What to do instead.
    link: String,
    /// Calls in all.
    calls: i64,
    /// Apps that called it, the one with the most calls first; of one app that asks for its own there is one at most.
    apps: Vec<CallingApp>,
}

/// An app that still calls.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartnersCallingApp)]
pub(crate) struct CallingApp {
    id: String,
    name: String,
    calls: i64,
    /// The newest first; days without calls are left out.
    days: Vec<CallingDay>,
}

/// Its calls of one day.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartnersCallingDay)]
pub(crate) struct CallingDay {
    /// UTC.
    #[schema(example = "2027-01-15")]
    day: String,
    calls: i64,
}

/// What is going away, with an app's calls of it
///
/// Everything that is announced, also what the app does not call.
#[utoipa::path(
    get,
    path = "/partner/v1/apps/{app_id}/deprecations",
    tag = "partners",
    params(("app_id" = String, Path, description = "The app's id")),
    responses(
        (status = 200, description = "What goes first, first", body = Deprecations),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`app-not-found`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_app_deprecations(
    State(partners): Shared,
    caller: Caller,
    Path(app_id): Path<String>,
) -> Result<Json<Deprecations>, Reject> {
    let app = own_app(&partners, &caller, &app_id).await?;
    Ok(Json(told(&partners, Some(&app.id)).await?))
}

/// What is going away, with everybody's calls of it
#[utoipa::path(
    get,
    path = "/partner/v1/deprecations",
    tag = "partners-operator",
    responses(
        (status = 200, description = "What goes first, first", body = Deprecations),
        (status = 403, description = "`scope-missing`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_deprecations(State(partners): Shared, caller: Caller) -> Result<Json<Deprecations>, Reject> {
    require_operator(&caller)?;
    Ok(Json(told(&partners, None).await?))
}

async fn told(partners: &Partners, app_id: Option<&str>) -> Result<Deprecations, Reject> {
    let announced = partners.announced.list();
    if announced.is_empty() {
        return Ok(Deprecations { items: Vec::new() });
    }
    let since = first_day(partners.clock.now());
    let calls = partners.store.deprecated_calls(app_id, &since).await.map_err(PartnersError::from)?;
    Ok(Deprecations { items: announced.into_iter().map(|one| body(one, &calls)).collect() })
}

fn body(announcement: Announcement, all: &[CallsOf]) -> DeprecationBody {
    let mut apps: BTreeMap<&str, CallingApp> = BTreeMap::new();
    for CallsOf { app_name, calls } in all.iter().filter(|one| one.calls.operation == announcement.operation) {
        let app = apps.entry(&calls.app_id).or_insert_with(|| CallingApp {
            id: calls.app_id.clone(),
            name: app_name.clone(),
            calls: 0,
            days: Vec::new(),
        });
        app.calls += calls.count;
        app.days.push(CallingDay { day: calls.day.clone(), calls: calls.count });
    }
    let mut apps: Vec<_> = apps.into_values().collect();
    apps.sort_by_key(|app| std::cmp::Reverse(app.calls));
    let Announcement { operation, method, path, since, sunset, link } = announcement;
    DeprecationBody {
        operation,
        method,
        path,
        since,
        sunset,
        link,
        calls: apps.iter().map(|app| app.calls).sum(),
        apps,
    }
}
