//! Which app is calling: for programs that have a key and nothing else.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bijou_chassis::{Json, Reject};
use bijou_problem::Problem;
use http::HeaderMap;
use http::header::CACHE_CONTROL;

use super::Shared;
use super::apps::AppBody;
use crate::admission::admit_any;

/// The app whose key this is
///
/// With the id that a device's app signs viewers in with, the stage it is at and its quotas.
#[utoipa::path(
    get,
    path = "/partner/v1/app",
    tag = "partners-catalog",
    responses(
        (status = 200, description = "The app", body = AppBody),
        (status = 401, description = "`api-key-missing`, `api-key-invalid`, `token-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`quota-exhausted`, with `Retry-After`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn get_calling_app(State(partners): Shared, headers: HeaderMap) -> Result<Response, Reject> {
    let pass = admit_any(&partners, &headers).await?;
    let mut response = Json(AppBody::of(pass.app.clone())).into_response();
    pass.mark(response.headers_mut());
    response.headers_mut().insert(CACHE_CONTROL, http::HeaderValue::from_static("private, no-store"));
    Ok(response)
}
