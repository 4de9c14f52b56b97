//! Signing up.
//!
//! An address that is taken is said so: without e-mail there is no way to say it to the owner only. The limit by
//! address keeps that from being a way to read the list of accounts.

use axum::extract::State;
use bijou_chassis::{Json, Reject};
use bijou_problem::Problem;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;

use super::AccountBody;
use crate::client_address;
use crate::domain::email::Email;
use crate::domain::{password, scope};
use crate::error::IdentityError;
use crate::routes::{Shared, text};
use crate::store::accounts::{Account, AddAccount};

/// A new account.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = IdentityNewAccount)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAccount {
    #[schema(example = "ada@example.org")]
    email: String,
    /// At least 8 characters, none of the usual ones, not the address itself.
    #[schema(format = Password, min_length = 8)]
    password: String,
    #[schema(nullable = false)]
    name: Option<String>,
}

/// Create an account
///
/// The next step is `POST /v1/sessions` with the same address and password.
#[utoipa::path(
    post,
    path = "/v1/accounts",
    tag = "identity",
    request_body = NewAccount,
    responses(
        (status = 201, description = "The account", body = AccountBody),
        (status = 409, description = "`email-taken`, `email-reserved`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`email-invalid`, `password-too-weak`, `text-too-long`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`too-many-attempts`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`sign-in-busy`, `unavailable`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn create_account(
    State(identity): Shared,
    headers: HeaderMap,
    Json(new): Json<NewAccount>,
) -> Result<(StatusCode, Json<AccountBody>), Reject> {
    let email = Email::parse(&new.email).map_err(IdentityError::from)?;
    if identity.operators.contains(email.as_str()) {
        return Err(IdentityError::EmailReserved.into());
    }
    let name = text::optional("name", new.name)?;
    password::check(&new.password, &email, name.as_deref()).map_err(IdentityError::from)?;
    let address = client_address::of(&headers);
    identity.guessing.count_address(address, identity.clock.instant()).map_err(IdentityError::from)?;

    let hash = identity.hasher.hash(new.password).await.map_err(IdentityError::from)?;
    let account = Account {
        id: uuid::Uuid::now_v7().to_string(),
        email: email.as_str().to_owned(),
        name,
        scopes: scope::VIEWER.to_owned(),
        created_ms: identity.clock.now_ms(),
        signed_in_ms: None,
    };
    match identity.store.add_account(&account, &hash).await.map_err(IdentityError::from)? {
        AddAccount::Added => Ok((StatusCode::CREATED, Json(account.into()))),
        AddAccount::EmailTaken => Err(IdentityError::EmailTaken.into()),
    }
}
