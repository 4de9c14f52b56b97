//! Whom an app may sign in on a device, for identity.

use axum::extract::State;
use bijou_chassis::{Caller, Json, Path, Reject};
use bijou_partners_api::DeviceClient;
use bijou_problem::Problem;

use super::Shared;
use crate::domain::app::{SignsIn, signs_in};
use crate::error::PartnersError;

/// The one who asks.
const IDENTITY: &str = "identity";

/// Say whom an app may sign in
///
/// For identity. An app that is not there and one that an operator stopped are one answer.
#[utoipa::path(
    get,
    path = "/v1/device-clients/{client_id}",
    tag = "services",
    params(("client_id" = String, Path, description = "The app's id")),
    responses(
        (status = 200, description = "The app", body = DeviceClient),
        (status = 403, description = "`service-only`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`app-not-found`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`unavailable`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn get_device_client(
    State(partners): Shared,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<DeviceClient>, Reject> {
    caller.require_role(IDENTITY)?;
    let unknown = || PartnersError::not_found("app", id.as_str());
    let app = partners.store.app(&id).await.map_err(PartnersError::from)?.ok_or_else(unknown)?;
    let only_account_id = match signs_in(app.stage) {
        SignsIn::Anybody => None,
        SignsIn::ItsDeveloper => Some(app.account_id),
        SignsIn::Nobody => return Err(unknown().into()),
    };
    Ok(Json(DeviceClient { client_id: app.id, name: app.name, only_account_id }))
}
