//! How much an app has asked.

use axum::extract::State;
use bijou_chassis::{Caller, Json, Path, Reject};
use bijou_problem::Problem;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Shared, own_app};
use crate::error::PartnersError;

/// Days shown.
const DAYS: i64 = 30;

/// Figures of an app.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartnersUsage)]
pub(crate) struct UsageBody {
    per_minute: u32,
    per_day: u32,
    /// Days (UTC) with calls, the newest first, at most thirty; a few seconds late.
    items: Vec<Day>,
}

/// One day.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartnersUsageDay)]
#[expect(clippy::struct_field_names, reason = "the names are the wire's")]
pub(crate) struct Day {
    #[schema(example = "2027-01-15")]
    day: String,
    /// Calls that were answered.
    calls: i64,
    /// Calls that were refused because a quota was used up.
    refused: i64,
}

/// Calls by day
#[utoipa::path(
    get,
    path = "/partner/v1/apps/{app_id}/usage",
    tag = "partners",
    params(("app_id" = String, Path, description = "The app's id")),
    responses(
        (status = 200, description = "Quotas and what was used of them", body = UsageBody),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`app-not-found`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn get_usage(
    State(partners): Shared,
    caller: Caller,
    Path(app_id): Path<String>,
) -> Result<Json<UsageBody>, Reject> {
    let app = own_app(&partners, &caller, &app_id).await?;
    let days = partners.store.usage_of(&app.id, DAYS).await.map_err(PartnersError::from)?;
    let items = days.into_iter().map(|day| Day { day: day.day, calls: day.calls, refused: day.refused }).collect();
    Ok(Json(UsageBody { per_minute: app.per_minute, per_day: app.per_day, items }))
}
