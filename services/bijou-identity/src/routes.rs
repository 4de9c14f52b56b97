//! Every endpoint on one page.

mod accounts;
mod device_codes;
mod diagnoses;
mod grant;
mod oauth;
mod origin;
mod profile;
mod records;
mod sessions;
mod text;
mod well_known;

use std::sync::Arc;

use axum::extract::State;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Identity;

/// What handlers share.
type Shared = State<Arc<Identity>>;

#[derive(utoipa::OpenApi)]
#[openapi(info(
    title = "Bijou identity",
    description = "Accounts, sessions and tokens. All paths but `/.well-known/*` need a passport, which the gateway makes.",
    license(name = "Apache-2.0", identifier = "Apache-2.0")
))]
struct Document;

fn routes() -> OpenApiRouter<Arc<Identity>> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(accounts::create::create_account))
        .routes(routes!(accounts::me::get_own_account))
        .routes(routes!(sessions::create::create_session, sessions::list::list_sessions))
        .routes(routes!(sessions::delete::delete_session))
        .routes(routes!(device_codes::get::get_device_code))
        .routes(routes!(device_codes::decide::decide_device_code))
        .routes(routes!(oauth::device_authorization::authorize_device))
        .routes(routes!(oauth::token::create_token))
        .routes(routes!(oauth::revoke::revoke_token))
        .routes(routes!(records::get_record))
        .routes(routes!(diagnoses::find_account))
        .routes(routes!(well_known::jwks::get_key_set))
        .routes(routes!(well_known::metadata::get_server_metadata))
}

/// The router with its state.
pub(crate) fn router(identity: Arc<Identity>) -> OpenApiRouter {
    routes().with_state(identity)
}

/// The document alone.
pub(crate) fn document() -> OpenApi {
    routes().into_openapi()
}
