//! Which device it is.

use axum::extract::State;
use axum::response::IntoResponse;
use bijou_chassis::{Caller, Json, Path, Reject, RequestContext};
use bijou_problem::Problem;
use http::HeaderMap;
use http::header::CACHE_CONTROL;

use super::{DeviceCodeBody, count_guess, require_admitted, require_grown_up};
use crate::client_address;
use crate::domain::user_code::UserCode;
use crate::error::IdentityError;
use crate::routes::Shared;

/// A device that waits
///
/// The code is read however it is typed: case, dashes and spaces do not matter.
#[utoipa::path(
    get,
    path = "/v1/device-codes/{user_code}",
    tag = "identity",
    params(("user_code" = String, Path, description = "What the device shows")),
    responses(
        (status = 200, description = "Who asks, and from where", body = DeviceCodeBody),
        (status = 401, description = "`sign-in-required`, `session-over`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`kids-profile`, `profile-limited`, `app-in-sandbox`, `app-not-allowed`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`device-code-not-found`: never was, has expired, or was decided about", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`too-many-attempts`, with `Retry-After`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`unavailable`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn get_device_code(
    State(identity): Shared,
    caller: Caller,
    context: RequestContext,
    headers: HeaderMap,
    Path(typed): Path<String>,
) -> Result<impl IntoResponse, Reject> {
    let account = require_grown_up(&identity, &caller, &context).await?;
    let user_code = UserCode::parse(&typed).ok_or(IdentityError::DeviceCodeNotFound)?;
    let attempt = count_guess(&identity, account, &headers)?;
    let found = identity.store.undecided_device(&user_code, identity.clock.now_ms()).await;
    let device = found.map_err(IdentityError::from)?.ok_or(IdentityError::DeviceCodeNotFound)?;
    identity.guessing.give_back(attempt);
    require_admitted(&device, account)?;
    let body = DeviceCodeBody::of(&user_code, device, client_address::of(&headers));
    Ok(([(CACHE_CONTROL, "private, no-store")], Json(body)))
}
