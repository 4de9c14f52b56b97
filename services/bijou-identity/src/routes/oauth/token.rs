//! The token endpoint: refresh tokens for people, client credentials for programs.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bijou_chassis::Json;
use http::HeaderMap;
use http::header::{CACHE_CONTROL, SET_COOKIE};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Fields, Parameters, basic};
use crate::config::ACCESS_TOKEN_S;
use crate::domain::refresh::Policy;
use crate::domain::scope;
use crate::oauth_error::{OauthError, OauthErrorBody};
use crate::routes::{Shared, grant};
use crate::store::refresh_tokens::Presentation;
use crate::{Identity, cookie};

/// Parameters of a token request.
#[derive(Debug, ToSchema)]
#[schema(as = IdentityTokenRequest)]
#[expect(dead_code, reason = "only describes the form, which is read leniently")]
pub(crate) struct TokenRequest {
    #[schema(example = "refresh_token")]
    grant_type: String,
    /// For `refresh_token`; absent when the token is in the cookie.
    #[schema(nullable = false)]
    refresh_token: Option<String>,
    #[schema(nullable = false)]
    scope: Option<String>,
    /// For `client_credentials`, instead of `Authorization: Basic`.
    #[schema(nullable = false)]
    client_id: Option<String>,
    #[schema(nullable = false)]
    client_secret: Option<String>,
}

/// A successful answer (RFC 6749, 5.1).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IdentityTokens)]
pub(crate) struct Tokens {
    access_token: String,
    #[schema(value_type = String, example = "Bearer")]
    token_type: &'static str,
    expires_in: i64,
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    refresh_token: Option<String>,
}

/// Get tokens
///
/// `grant_type=refresh_token` trades a refresh token (in the form or the cookie) for the next pair. Presenting a token
/// that was used before ends its session, but for a few seconds' grace. `grant_type=client_credentials` is for clients
/// with a secret.
#[utoipa::path(
    post,
    path = "/oauth/token",
    tag = "identity",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "Tokens", body = Tokens),
        (status = 400, description = "`invalid_request`, `invalid_grant`, `unsupported_grant_type`, `invalid_scope`", body = OauthErrorBody),
        (status = 401, description = "`invalid_client`", body = OauthErrorBody),
        (status = 413, description = "`invalid_request`", body = OauthErrorBody),
        (status = 415, description = "`invalid_request`", body = OauthErrorBody),
        (status = 503, description = "`temporarily_unavailable`", body = OauthErrorBody),
    )
)]
pub(crate) async fn create_token(
    State(identity): Shared,
    headers: HeaderMap,
    form: Fields,
) -> Result<Response, OauthError> {
    let parameters = Parameters::read(form.0)?;
    match parameters.get("grant_type") {
        Some("refresh_token") => refresh(&identity, &headers, &parameters).await,
        Some("client_credentials") => client_credentials(&identity, &headers, &parameters),
        Some(_) => Err(OauthError::UnsupportedGrantType),
        None => Err(OauthError::InvalidRequest("`grant_type` is missing")),
    }
}

async fn refresh(identity: &Identity, headers: &HeaderMap, parameters: &Parameters) -> Result<Response, OauthError> {
    let sessions = &identity.config.sessions;
    let in_form = parameters.get("refresh_token");
    let in_cookie = cookie::read(headers).filter(|_| in_form.is_none());
    let uses_cookie = in_cookie.is_some();
    let token =
        in_form.map(str::to_owned).or(in_cookie).ok_or(OauthError::InvalidRequest("`refresh_token` is missing"))?;
    let policy =
        Policy { idle_ms: sessions.idle_ms(), lifetime_ms: sessions.lifetime_ms(), grace_ms: sessions.grace_ms() };
    let (next, next_hash) = grant::new_token();
    let presented = identity.store.present(&grant::hash(&token), &next_hash, identity.clock.now_ms(), &policy).await?;
    let invalid = OauthError::InvalidGrant { cookie: uses_cookie, secure: sessions.cookie_secure };
    let granted = match presented {
        Presentation::Granted(granted) => granted,
        Presentation::Unknown => {
            identity.counts.refresh("unknown");
            return Err(invalid);
        }
        Presentation::Over => {
            identity.counts.refresh("session-over");
            return Err(invalid);
        }
        Presentation::Reused { session_id } => {
            identity.counts.refresh("reused");
            tracing::warn!(session.id = session_id, "a refresh token was used twice: session `{session_id}` was ended");
            return Err(invalid);
        }
    };
    identity.counts.refresh(if granted.is_repeat { "repeated" } else { "rotated" });
    // RFC 6749, 6: never more than the session was given; less only makes this access token weaker.
    let allowed: Vec<String> = granted.scopes.split(' ').map(str::to_owned).collect();
    let scope = scope::grant(parameters.get("scope"), &allowed, &granted.scopes).ok_or(OauthError::InvalidScope)?;
    let access_token = identity.issuer.for_session(
        &granted.account_id,
        &granted.session_id,
        granted.created_ms,
        &scope,
        identity.clock.now_s(),
    )?;
    let set_cookie = uses_cookie.then(|| {
        let max_age_s = (granted.expires_ms - identity.clock.now_ms()) / 1000;
        cookie::store(&next, max_age_s, sessions.cookie_secure)
    });
    let mut response = answer(access_token, scope, (!uses_cookie).then_some(next));
    if let Some(value) = set_cookie {
        response.headers_mut().insert(SET_COOKIE, value);
    }
    Ok(response)
}

fn client_credentials(
    identity: &Identity,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Result<Response, OauthError> {
    let in_header = basic(headers)?;
    let in_form = parameters.get("client_id").zip(parameters.get("client_secret"));
    let (id, secret) = match (in_header, in_form) {
        (Some(_), Some(_)) => return Err(OauthError::InvalidRequest("the client is named twice")),
        (Some(pair), None) => pair,
        (None, Some((id, secret))) => (id.to_owned(), secret.to_owned()),
        (None, None) => return Err(OauthError::InvalidClient),
    };
    let client = identity.clients.authenticate(&id, &secret).ok_or(OauthError::InvalidClient)?;
    let first = client.scopes.first().map_or("", String::as_str);
    let scope = scope::grant(parameters.get("scope"), &client.scopes, first).ok_or(OauthError::InvalidScope)?;
    let access_token = identity.issuer.for_client(&client.id, &scope, identity.clock.now_s())?;
    Ok(answer(access_token, scope, None))
}

fn answer(access_token: String, scope: String, refresh_token: Option<String>) -> Response {
    let body = Tokens { access_token, token_type: "Bearer", expires_in: ACCESS_TOKEN_S, scope, refresh_token };
    ([(CACHE_CONTROL, "no-store")], Json(body)).into_response()
}
