//! The token endpoint: client credentials (RFC 6749, 4.4). Unknown parameters are ignored, repeated ones refused, errors
//! have their own form (5.2). Refresh tokens are left out: a client asks again with its secret.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bijou_chassis::{Form, Json};
use http::HeaderMap;
use http::header::{AUTHORIZATION, CACHE_CONTROL};
use percent_encoding::percent_decode_str;
use serde::Serialize;
use utoipa::ToSchema;

use super::Shared;
use crate::domain::key::{self, NewKey};
use crate::domain::scope;
use crate::oauth_error::{OauthError, OauthErrorBody};

/// How long a token works. Short, so that what is copied out of a log is worth little.
const LIFE_S: i64 = 900;

/// Parameters of a token request.
#[derive(Debug, ToSchema)]
#[schema(as = PartnersTokenRequest)]
#[expect(dead_code, reason = "only describes the form, which is read leniently")]
pub(crate) struct TokenRequest {
    #[schema(example = "client_credentials")]
    grant_type: String,
    /// Separated by spaces; all of the app's when absent.
    #[schema(nullable = false, example = "catalog")]
    scope: Option<String>,
    /// The app's id, instead of `Authorization: Basic`.
    #[schema(nullable = false)]
    client_id: Option<String>,
    #[schema(nullable = false)]
    client_secret: Option<String>,
}

/// A token (RFC 6749, 5.1).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartnersToken)]
pub(crate) struct Granted {
    /// For `Authorization: Bearer`, in place of `x-api-key`.
    access_token: String,
    #[schema(value_type = String, example = "Bearer")]
    token_type: &'static str,
    /// In seconds.
    expires_in: i64,
    scope: String,
}

/// Get a token
///
/// For apps in production. The client's id is the app's, its secret a key made with `environment: client`. The token
/// works for a quarter of an hour, less if the secret is revoked or the app suspended.
#[utoipa::path(
    post,
    path = "/partner/oauth/token",
    tag = "partners-catalog",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The token", body = Granted),
        (status = 400, description = "`invalid_request`, `unsupported_grant_type`, `invalid_scope`", body = OauthErrorBody),
        (status = 401, description = "`invalid_client`", body = OauthErrorBody),
        (status = 413, description = "`invalid_request`", body = OauthErrorBody),
        (status = 415, description = "`invalid_request`", body = OauthErrorBody),
        (status = 503, description = "`temporarily_unavailable`", body = OauthErrorBody),
    )
)]
pub(crate) async fn create_token(
    State(partners): Shared,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, OauthError> {
    let parameters = Parameters::read(fields)?;
    match parameters.get("grant_type") {
        Some("client_credentials") => {}
        Some(_) => return Err(OauthError::UnsupportedGrantType),
        None => return Err(OauthError::InvalidRequest("`grant_type` is missing")),
    }
    let in_form = parameters.get("client_id").zip(parameters.get("client_secret"));
    let (id, secret) = match (basic(&headers)?, in_form) {
        (Some(_), Some(_)) => return Err(OauthError::InvalidRequest("the client is named twice")),
        (Some(pair), None) => pair,
        (None, Some((id, secret))) => (id.to_owned(), secret.to_owned()),
        (None, None) => return Err(OauthError::InvalidClient),
    };
    let now_ms = partners.clock.now_ms();
    let hash = key::known_as(&secret).ok_or(OauthError::InvalidClient)?;
    let (app, key_id) = partners.store.client(&id, &hash, now_ms).await?.ok_or(OauthError::InvalidClient)?;
    let scope = scope::grant(parameters.get("scope"), &app.scopes).ok_or(OauthError::InvalidScope)?;
    let token = NewKey::token(&mut rand::rng());
    partners.store.add_token(&token.hash, &key_id, &scope, now_ms + LIFE_S * 1_000, now_ms).await?;
    let body = Granted { access_token: token.text, token_type: "Bearer", expires_in: LIFE_S, scope };
    Ok(([(CACHE_CONTROL, "no-store")], Json(body)).into_response())
}

/// The parameters of a request, none of them twice.
struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// RFC 6749, 3.2: a parameter must not come more than once, and one without a value counts as left out.
    fn read(fields: Vec<(String, String)>) -> Result<Self, OauthError> {
        let mut names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(OauthError::InvalidRequest("a parameter comes more than once"));
        }
        Ok(Self(fields.into_iter().filter(|(_, value)| !value.is_empty()).collect()))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Id and secret out of `Authorization: Basic` (RFC 6749, 2.3.1: both are form-encoded first).
fn basic(headers: &HeaderMap) -> Result<Option<(String, String)>, OauthError> {
    let Some(value) = headers.get(AUTHORIZATION) else { return Ok(None) };
    let readable = || {
        let (scheme, encoded) = value.to_str().ok()?.split_once(' ')?;
        let decoded = STANDARD.decode(encoded.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
        let (id, secret) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
        let unescape = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8().ok().map(Into::into);
        Some((unescape(id)?, unescape(secret)?))
    };
    readable().map(Some).ok_or(OauthError::InvalidClient)
}
