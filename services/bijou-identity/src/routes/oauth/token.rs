//! The token endpoint: refresh tokens, exchanges and device codes for people, client credentials for programs.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bijou_chassis::{Json, RequestContext, note_person};
use bijou_client::CallContext;
use http::HeaderMap;
use http::header::{CACHE_CONTROL, SET_COOKIE};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Fields, Parameters, basic, device, exchange};
use crate::access_token::AccessToken;
use crate::domain::refresh::Policy;
use crate::domain::scope;
use crate::household::Standing;
use crate::oauth_error::{OauthError, OauthErrorBody};
use crate::routes::profile::{ProfileBody, missing};
use crate::routes::{Shared, grant};
use crate::store::refresh_tokens::{Granted, Presentation};
use crate::store::sessions::Session;
use crate::told::Way;
use crate::{Identity, cookie, told};

/// `grant_type` of an exchange (RFC 8693, 2.1).
pub(crate) const EXCHANGE_GRANT: &str = "urn:ietf:params:oauth:grant-type:token-exchange";

/// `grant_type` of a device's question (RFC 8628, 3.4).
pub(crate) const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// The type of access tokens in an exchange (RFC 8693, 3).
pub(crate) const ACCESS_TOKEN_TYPE: &str = "urn:ietf:params:oauth:token-type:access_token";

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
    /// Of the device's app; for `client_credentials`, instead of `Authorization: Basic`.
    #[schema(nullable = false)]
    client_id: Option<String>,
    #[schema(nullable = false)]
    client_secret: Option<String>,
    /// For an exchange: an access token of the session.
    #[schema(nullable = false)]
    subject_token: Option<String>,
    /// For an exchange: `urn:ietf:params:oauth:token-type:access_token`.
    #[schema(nullable = false)]
    subject_token_type: Option<String>,
    /// For an exchange: `urn:bijou:profile:<id>`, or `urn:bijou:account` (as when absent).
    #[schema(nullable = false)]
    resource: Option<String>,
    /// For an exchange: the PIN of the profile to be, or of the child's profile to be left.
    #[schema(nullable = false)]
    pin: Option<String>,
    /// For a device: its code.
    #[schema(nullable = false)]
    device_code: Option<String>,
    /// For a device that is a browser: keep the refresh token in a cookie instead of the answer.
    #[schema(nullable = false)]
    cookie: Option<bool>,
}

/// A successful answer (RFC 6749, 5.1), and whose it is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IdentityTokens)]
pub(crate) struct Tokens {
    access_token: String,
    /// With an exchange: `urn:ietf:params:oauth:token-type:access_token`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, nullable = false)]
    issued_token_type: Option<&'static str>,
    #[schema(value_type = String, example = "Bearer")]
    token_type: &'static str,
    /// Life of the access token in seconds.
    expires_in: i64,
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    refresh_token: Option<String>,
    /// The profile in use; absent for the account as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    profile: Option<ProfileBody>,
    /// Highest certification age that may be seen; absent: no ceiling.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    maturity: Option<u8>,
    /// `profiles` when it could not be asked: the token says what was known last, and lives a minute only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<String>, nullable = false)]
    missing: Option<Vec<&'static str>>,
}

impl Tokens {
    fn of_client(access_token: AccessToken, scope: String) -> Self {
        Self {
            access_token: access_token.text,
            issued_token_type: None,
            token_type: "Bearer",
            expires_in: access_token.life_s,
            scope,
            refresh_token: None,
            profile: None,
            maturity: None,
            missing: None,
        }
    }

    pub(crate) fn of_session(access_token: AccessToken, scope: String, standing: &Standing) -> Self {
        Self {
            profile: ProfileBody::of(&standing.rights),
            maturity: standing.rights.maturity,
            missing: missing(standing),
            ..Self::of_client(access_token, scope)
        }
    }
}

impl IntoResponse for Tokens {
    fn into_response(self) -> Response {
        ([(CACHE_CONTROL, "no-store")], Json(self)).into_response()
    }
}

/// Get tokens
///
/// `grant_type=refresh_token` trades a refresh token (in the form or the cookie) for the next pair. Presenting a token
/// that was used before ends its session, but for a few seconds' grace.
/// `grant_type=urn:ietf:params:oauth:grant-type:token-exchange` trades an access token for one of a profile of the same
/// account (RFC 8693); the session stays with that profile.
/// `grant_type=urn:ietf:params:oauth:grant-type:device_code` is how a device asks whether it is signed in (RFC 8628).
/// `grant_type=client_credentials` is for clients with a secret.
#[utoipa::path(
    post,
    path = "/oauth/token",
    tag = "identity",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "Tokens", body = Tokens),
        (status = 400, description = "`invalid_request`, `invalid_grant`, `invalid_target`, `unsupported_grant_type`, `invalid_scope`, `authorization_pending`, `slow_down`, `access_denied`, `expired_token`", body = OauthErrorBody),
        (status = 401, description = "`invalid_client`", body = OauthErrorBody),
        (status = 413, description = "`invalid_request`", body = OauthErrorBody),
        (status = 415, description = "`invalid_request`", body = OauthErrorBody),
        (status = 503, description = "`temporarily_unavailable`", body = OauthErrorBody),
    )
)]
pub(crate) async fn create_token(
    State(identity): Shared,
    context: RequestContext,
    headers: HeaderMap,
    form: Fields,
) -> Result<Response, OauthError> {
    let parameters = Parameters::read(form.0)?;
    let call = context.call_as_service();
    match parameters.get("grant_type") {
        Some("refresh_token") => refresh(&identity, &headers, &parameters, &call).await,
        Some("client_credentials") => client_credentials(&identity, &headers, &parameters),
        Some(EXCHANGE_GRANT) => {
            let tokens = exchange::exchange(&identity, &parameters, &call).await?;
            Ok(Tokens { issued_token_type: Some(ACCESS_TOKEN_TYPE), ..tokens }.into_response())
        }
        Some(DEVICE_GRANT) => device::redeem(&identity, &headers, &parameters, &call).await,
        Some(_) => Err(OauthError::UnsupportedGrantType),
        None => Err(OauthError::InvalidRequest("`grant_type` is missing")),
    }
}

async fn refresh(
    identity: &Identity,
    headers: &HeaderMap,
    parameters: &Parameters,
    call: &CallContext,
) -> Result<Response, OauthError> {
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
        Presentation::Over(session) => {
            identity.counts.refresh("session-over");
            note_person(&session.account_id, Some(&session.id));
            let device = session.device_name.as_deref();
            told::refused(Way::RefreshToken, &session.account_id, device, "its session is over");
            return Err(invalid);
        }
        Presentation::Reused(session) => {
            identity.counts.refresh("reused");
            note_person(&session.account_id, Some(&session.id));
            told::ended(&session);
            return Err(invalid);
        }
    };
    let outcome = if granted.is_repeat { "repeated" } else { "rotated" };
    let Granted { account, session, .. } = *granted;
    note_person(&account.id, Some(&session.id));
    if !identity.device_clients.may_go_on(&session.client_id, &account.id, call).await {
        identity.counts.refresh("app-stopped");
        told::refused(Way::RefreshToken, &account.id, session.device_name.as_deref(), "its app was stopped");
        identity.store.revoke_session(&session.id, &account.id, identity.clock.now_ms()).await?;
        return Err(invalid);
    }
    identity.counts.refresh(outcome);
    let standing = identity.household.at_refresh(&account.id, session.rights.clone(), call).await;
    if standing.rights != session.rights {
        // When another profile was chosen meanwhile, its rights stay written; this token was asked for before.
        let from = session.rights.profile_id();
        identity.store.set_rights(&session.id, from, &standing.rights, identity.clock.now_ms()).await?;
    }
    // RFC 6749, 6: never more than the session was given; less only makes this access token weaker.
    let allowed = identity.scopes(&account, &session, &standing.rights);
    let scope = scope::grant(parameters.get("scope"), &allowed, &allowed.join(" ")).ok_or(OauthError::InvalidScope)?;
    let access_token = identity.access_token(&session, &standing, &scope)?;
    told::succeeded(Way::RefreshToken, &session);
    let tokens = Tokens::of_session(access_token, scope, &standing);
    Ok(with_refresh_token(identity, tokens, &session, next, uses_cookie))
}

/// The answer with a session's next refresh token: in its body, or in a cookie for as long as the session lasts.
pub(crate) fn with_refresh_token(
    identity: &Identity,
    tokens: Tokens,
    session: &Session,
    token: String,
    in_cookie: bool,
) -> Response {
    if !in_cookie {
        return Tokens { refresh_token: Some(token), ..tokens }.into_response();
    }
    let max_age_s = (session.expires_ms - identity.clock.now_ms()) / 1000;
    let mut response = tokens.into_response();
    let value = cookie::store(&token, max_age_s, identity.config.sessions.cookie_secure);
    response.headers_mut().insert(SET_COOKIE, value);
    response
}

/// Whether the refresh token is to be a cookie. Only our own pages may ask for that: a form of another site could sign
/// somebody's browser in to an account that is not theirs.
pub(crate) fn keeps_cookie(headers: &HeaderMap, parameters: &Parameters) -> Result<bool, OauthError> {
    if parameters.get("cookie") != Some("true") {
        return Ok(false);
    }
    match headers.get("sec-fetch-site") {
        Some(site) if site != "same-origin" => {
            Err(OauthError::InvalidRequest("`cookie` is for pages of this platform"))
        }
        _ => Ok(true),
    }
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
    Ok(Tokens::of_client(access_token, scope).into_response())
}
