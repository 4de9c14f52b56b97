//! Server metadata (RFC 8414).

use axum::extract::State;
use axum::response::IntoResponse;
use bijou_chassis::Json;
use http::header::CACHE_CONTROL;
use serde::Serialize;
use utoipa::ToSchema;

use super::CACHE;
use crate::routes::Shared;
use crate::routes::oauth::token::{DEVICE_GRANT, EXCHANGE_GRANT};

/// What this authorisation server offers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IdentityServerMetadata)]
pub(crate) struct Metadata {
    issuer: String,
    token_endpoint: String,
    device_authorization_endpoint: String,
    revocation_endpoint: String,
    jwks_uri: String,
    grant_types_supported: Vec<&'static str>,
    response_types_supported: Vec<&'static str>,
    token_endpoint_auth_methods_supported: Vec<&'static str>,
    revocation_endpoint_auth_methods_supported: Vec<&'static str>,
}

/// Server metadata
#[utoipa::path(
    get,
    path = "/.well-known/oauth-authorization-server",
    tag = "identity",
    responses((status = 200, description = "The metadata", body = Metadata))
)]
pub(crate) async fn get_server_metadata(State(identity): Shared) -> impl IntoResponse {
    let issuer = &identity.config.issuer;
    // An issuer that is only a name (the default) makes paths, which resolve against wherever this was read.
    let base = if issuer.contains("://") { issuer.trim_end_matches('/') } else { "" };
    let metadata = Metadata {
        token_endpoint: format!("{base}/oauth/token"),
        device_authorization_endpoint: format!("{base}/oauth/device_authorization"),
        revocation_endpoint: format!("{base}/oauth/revoke"),
        jwks_uri: format!("{base}/.well-known/jwks.json"),
        grant_types_supported: vec!["refresh_token", "client_credentials", EXCHANGE_GRANT, DEVICE_GRANT],
        response_types_supported: Vec::new(),
        token_endpoint_auth_methods_supported: vec!["none", "client_secret_basic", "client_secret_post"],
        revocation_endpoint_auth_methods_supported: vec!["none"],
        issuer: issuer.clone(),
    };
    ([(CACHE_CONTROL, CACHE)], Json(metadata))
}
