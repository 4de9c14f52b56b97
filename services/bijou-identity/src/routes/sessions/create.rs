//! Signing in.
//!
//! An unknown address and a wrong password get the same answer after the same work: the hash is computed either way.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bijou_chassis::{Json, Reject};
use bijou_problem::Problem;
use http::header::{CACHE_CONTROL, SET_COOKIE};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::SessionBody;
use crate::config::ACCESS_TOKEN_S;
use crate::domain::email::Email;
use crate::domain::password;
use crate::error::IdentityError;
use crate::hashing::Checked;
use crate::routes::accounts::AccountBody;
use crate::routes::{Shared, grant, text};
use crate::store::accounts::Account;
use crate::store::sessions::Session;
use crate::{Identity, client_address, cookie};

/// A sign-in.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = IdentityNewSession)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSession {
    #[schema(example = "ada@example.org")]
    email: String,
    #[schema(format = Password)]
    password: String,
    /// How the session is called in the list of sessions.
    #[schema(nullable = false)]
    device_name: Option<String>,
    /// Keep the refresh token in a cookie instead of the answer: for browsers.
    #[serde(default)]
    cookie: bool,
}

/// A new session with its tokens.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IdentitySignedIn)]
pub(crate) struct SignedIn {
    session: SessionBody,
    account: AccountBody,
    /// A JWT (RFC 9068) for `Authorization: Bearer`.
    access_token: String,
    #[schema(value_type = String, example = "Bearer")]
    token_type: &'static str,
    /// Life of the access token in seconds.
    expires_in: i64,
    /// For `POST /oauth/token`; absent when it is in the cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    refresh_token: Option<String>,
}

/// Sign in
#[utoipa::path(
    post,
    path = "/v1/sessions",
    tag = "identity",
    request_body = NewSession,
    responses(
        (status = 201, description = "The session and its tokens", body = SignedIn),
        (status = 401, description = "`credentials-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`text-too-long`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`too-many-attempts`, with `Retry-After`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`sign-in-busy`, `unavailable`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn create_session(
    State(identity): Shared,
    headers: HeaderMap,
    Json(new): Json<NewSession>,
) -> Result<Response, Reject> {
    let device_name = text::optional("device_name", new.device_name)?;
    let account = prove(&identity, &headers, &new.email, new.password).await?;

    let now_ms = identity.clock.now_ms();
    let sessions = &identity.config.sessions;
    let session = Session {
        id: uuid::Uuid::now_v7().to_string(),
        account_id: account.id.clone(),
        device_name,
        created_ms: now_ms,
        last_seen_ms: now_ms,
        expires_ms: now_ms + sessions.idle_ms(),
    };
    let (token, hash) = grant::new_token();
    identity.store.add_session(&session, &hash).await.map_err(IdentityError::from)?;
    let access_token = identity
        .issuer
        .for_session(&account.id, &session.id, now_ms, &account.scopes, identity.clock.now_s())
        .map_err(IdentityError::from)?;
    identity.counts.sign_in("succeeded");

    let id = session.id.clone();
    let body = SignedIn {
        session: SessionBody::of(session, Some(&id)),
        account: account.into(),
        access_token,
        token_type: "Bearer",
        expires_in: ACCESS_TOKEN_S,
        refresh_token: (!new.cookie).then(|| token.clone()),
    };
    let mut response = (StatusCode::CREATED, [(CACHE_CONTROL, "no-store")], Json(body)).into_response();
    if new.cookie {
        let value = cookie::store(&token, sessions.idle_ms() / 1000, sessions.cookie_secure);
        response.headers_mut().insert(SET_COOKIE, value);
    }
    Ok(response)
}

/// The account, if the password is its own.
async fn prove(identity: &Identity, headers: &HeaderMap, email: &str, given: String) -> Result<Account, IdentityError> {
    // What is no address is an unknown one: it too is counted and costs a computation.
    let email = Email::parse(email).ok();
    let name = email.as_ref().map_or("", Email::as_str);
    let attempt = identity
        .guessing
        .begin(name, client_address::of(headers), identity.clock.instant())
        .inspect_err(|_| identity.counts.sign_in("limited"))?;
    let found = match &email {
        Some(email) => identity.store.account_by_email(email).await?,
        None => None,
    };
    let (account, hash) = found.unzip();
    // Nobody has a password as long as this: do not hash megabytes.
    let given = if given.len() > password::BYTES_MAX { String::new() } else { given };
    let checked = match identity.hasher.check(given.clone(), hash).await {
        Ok(checked) => checked,
        Err(error) => {
            // It was not found out whether this was a guess.
            identity.guessing.give_back(attempt);
            return Err(error.into());
        }
    };
    let Some(account) = account.filter(|_| checked != Checked::Wrong) else {
        identity.counts.sign_in("refused");
        return Err(IdentityError::WrongCredentials);
    };
    identity.guessing.give_back(attempt);
    if checked == Checked::RightButOld {
        let hash = identity.hasher.hash(given).await?;
        identity.store.set_password(&account.id, &hash).await?;
    }
    Ok(account)
}
