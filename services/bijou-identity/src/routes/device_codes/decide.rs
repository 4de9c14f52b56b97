//! Yes or no to a device.

use axum::extract::State;
use bijou_chassis::{Caller, Json, Path, Reject, RequestContext};
use bijou_problem::Problem;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{count_guess, require_admitted, require_grown_up};
use crate::domain::device::Decision;
use crate::domain::user_code::UserCode;
use crate::error::IdentityError;
use crate::routes::Shared;
use crate::store::device_codes::Decided;
use crate::told;

/// A decision about a device.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = IdentityDeviceDecision)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeviceDecision {
    /// Whether it is signed in, with a session of its own in the list of sessions.
    approve: bool,
}

/// Decide about a device
///
/// Once: saying the same again changes nothing, saying otherwise is refused. An approved device is signed out again by
/// ending its session.
#[utoipa::path(
    put,
    path = "/v1/device-codes/{user_code}/decision",
    tag = "identity",
    params(("user_code" = String, Path, description = "What the device shows")),
    request_body = DeviceDecision,
    responses(
        (status = 204, description = "The device is told when it next asks"),
        (status = 401, description = "`sign-in-required`, `session-over`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`kids-profile`, `profile-limited`, `app-in-sandbox`, `app-not-allowed`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`device-code-not-found`: never was, or has expired", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`device-code-decided`: otherwise, or by somebody else", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`too-many-attempts`, with `Retry-After`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`unavailable`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn decide_device_code(
    State(identity): Shared,
    caller: Caller,
    context: RequestContext,
    headers: HeaderMap,
    Path(typed): Path<String>,
    Json(wanted): Json<DeviceDecision>,
) -> Result<StatusCode, Reject> {
    let account = require_grown_up(&identity, &caller, &context).await?;
    let user_code = UserCode::parse(&typed).ok_or(IdentityError::DeviceCodeNotFound)?;
    let attempt = count_guess(&identity, account, &headers)?;
    let now_ms = identity.clock.now_ms();
    let device = identity.store.undecided_device(&user_code, now_ms).await.map_err(IdentityError::from)?;
    if let Some(Err(refused)) = device.as_ref().map(|device| require_admitted(device, account)) {
        identity.guessing.give_back(attempt);
        return Err(refused.into());
    }
    let (decision, outcome) =
        if wanted.approve { (Decision::Approved, "approved") } else { (Decision::Denied, "denied") };
    let decided = identity.store.decide_device(&user_code, account, decision, now_ms).await;
    match decided.map_err(IdentityError::from)? {
        Decided::Done => {
            identity.guessing.give_back(attempt);
            identity.counts.device_code(outcome);
            // Absent when the same was said before: then it is told already.
            if let Some(device) = &device {
                told::decided(account, device.name.as_deref(), wanted.approve);
            }
            Ok(StatusCode::NO_CONTENT)
        }
        Decided::Unknown => Err(IdentityError::DeviceCodeNotFound.into()),
        Decided::Otherwise => {
            identity.guessing.give_back(attempt);
            Err(IdentityError::DeviceCodeDecided.into())
        }
    }
}
