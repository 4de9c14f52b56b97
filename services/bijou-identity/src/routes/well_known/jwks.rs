//! The key set that access tokens are verified with (RFC 7517).

use axum::extract::State;
use axum::response::IntoResponse;
use bijou_chassis::Json;
use http::header::CACHE_CONTROL;
use serde::Serialize;
use utoipa::ToSchema;

use super::CACHE;
use crate::routes::Shared;

/// Public keys: the one that signs, the one that will, those that did lately.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IdentityKeySet)]
pub(crate) struct KeySet {
    keys: Vec<IdentityKey>,
}

/// A JSON Web Key (RFC 8037).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IdentityKey {
    #[schema(example = "OKP")]
    kty: String,
    #[schema(example = "Ed25519")]
    crv: String,
    x: String,
    kid: String,
    #[schema(example = "EdDSA")]
    alg: String,
    #[schema(example = "sig")]
    r#use: String,
}

/// Keys of access tokens
#[utoipa::path(
    get,
    path = "/.well-known/jwks.json",
    tag = "identity",
    responses((status = 200, description = "The key set", body = KeySet))
)]
pub(crate) async fn get_key_set(State(identity): Shared) -> impl IntoResponse {
    ([(CACHE_CONTROL, CACHE)], Json(identity.keys.jwks()))
}
