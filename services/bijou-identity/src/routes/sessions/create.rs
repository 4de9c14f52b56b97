//! Signing in.
//!
//! An unknown address and a wrong password get the same answer after the same work: the hash is computed either way.
//! A new session is the account's as a whole; which profile is to use it is chosen by a token exchange.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bijou_chassis::{Json, Reject, RequestContext, note_person};
use bijou_problem::Problem;
use http::header::{CACHE_CONTROL, SET_COOKIE};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::SessionBody;
use crate::domain::email::Email;
use crate::domain::{password, scope};
use crate::error::IdentityError;
use crate::hashing::Checked;
use crate::login::{NewLogin, OWN_CLIENT};
use crate::routes::accounts::AccountBody;
use crate::routes::profile::missing;
use crate::routes::{Shared, grant, text};
use crate::store::accounts::Account;
use crate::told::Way;
use crate::{Identity, client_address, cookie, told};

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
    /// Scopes the session's tokens may have, separated by spaces; `viewer` when absent.
    #[schema(nullable = false, example = "viewer operator")]
    scope: Option<String>,
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
    scope: String,
    /// Highest certification age that may be seen until a profile is chosen; absent: no ceiling.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    maturity: Option<u8>,
    /// `profiles` when it could not be asked: the token shows what everybody may see, and lives a minute only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<String>, nullable = false)]
    missing: Option<Vec<&'static str>>,
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
        (status = 403, description = "`scope-refused`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`text-too-long`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`too-many-attempts`, with `Retry-After`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`sign-in-busy`, `unavailable`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn create_session(
    State(identity): Shared,
    context: RequestContext,
    headers: HeaderMap,
    Json(new): Json<NewSession>,
) -> Result<Response, Reject> {
    let device_name = text::optional("device_name", new.device_name)?;
    let account = prove(&identity, &headers, &new.email, new.password, device_name.as_deref()).await?;

    let allowed = identity.operators.scopes(&account.email, &account.scopes);
    let scope = scope::grant(new.scope.as_deref(), &allowed, scope::VIEWER).ok_or_else(|| {
        told::refused(Way::Password, &account.id, device_name.as_deref(), "it may not do what it asked for");
        IdentityError::ScopeRefused
    })?;
    let login = NewLogin { device_name, client_id: OWN_CLIENT, scopes: scope.clone() };
    let (session, standing) = identity.new_session(&account, login, &context.call_as_service()).await;
    note_person(&account.id, Some(&session.id));
    let (token, hash) = grant::new_token();
    identity.store.add_session(&session, &hash).await.map_err(IdentityError::from)?;
    let access_token = identity.access_token(&session, &standing, &scope).map_err(IdentityError::from)?;
    identity.counts.sign_in("succeeded");
    told::succeeded(Way::Password, &session);

    let id = session.id.clone();
    let body = SignedIn {
        session: SessionBody::of(session, Some(&id)),
        account: account.into(),
        access_token: access_token.text,
        token_type: "Bearer",
        expires_in: access_token.life_s,
        refresh_token: (!new.cookie).then(|| token.clone()),
        scope,
        maturity: standing.rights.maturity,
        missing: missing(&standing),
    };
    let mut response = (StatusCode::CREATED, [(CACHE_CONTROL, "no-store")], Json(body)).into_response();
    if new.cookie {
        let sessions = &identity.config.sessions;
        let value = cookie::store(&token, sessions.idle_ms() / 1000, sessions.cookie_secure);
        response.headers_mut().insert(SET_COOKIE, value);
    }
    Ok(response)
}

/// The account, if the password is its own.
async fn prove(
    identity: &Identity,
    headers: &HeaderMap,
    email: &str,
    given: String,
    device: Option<&str>,
) -> Result<Account, IdentityError> {
    // What is no address is an unknown one: it too is counted and costs a computation.
    let email = Email::parse(email).ok();
    let name = email.as_ref().map_or("", Email::as_str);
    // Before anything is looked up: who is over the limit costs nothing, and learns nothing by the time it takes.
    let attempt = identity
        .guessing
        .begin(name, client_address::of(headers), identity.clock.instant())
        .inspect_err(|_| identity.counts.sign_in("limited"))?;
    let found = match &email {
        Some(email) => identity.store.account_by_email(email).await?,
        None => None,
    };
    let (account, hash) = found.unzip();
    // Somebody who cannot get in asks why: what was tried at an account is part of its story, whoever tried it.
    let known = account.as_ref().map(|account| account.id.clone());
    if let Some(account) = &known {
        note_person(account, None);
    }
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
        if let Some(account) = &known {
            told::refused(Way::Password, account, device, "the password is wrong");
        }
        return Err(IdentityError::WrongCredentials);
    };
    identity.guessing.give_back(attempt);
    if checked == Checked::RightButOld {
        let hash = identity.hasher.hash(given).await?;
        identity.store.set_password(&account.id, &hash).await?;
    }
    Ok(account)
}
