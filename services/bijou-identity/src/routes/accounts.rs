//! `/v1/accounts`.

pub(crate) mod create;
pub(crate) mod me;

use serde::Serialize;
use utoipa::ToSchema;

use super::text::timestamp;
use crate::store::accounts::Account;

/// An account as its owner sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IdentityAccount)]
pub(crate) struct AccountBody {
    pub(crate) id: String,
    /// In its one spelling: lower case, host in ASCII form.
    #[schema(example = "ada@example.org")]
    pub(crate) email: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) name: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) created_at: jiff::Timestamp,
}

impl From<Account> for AccountBody {
    fn from(account: Account) -> Self {
        Self { id: account.id, email: account.email, name: account.name, created_at: timestamp(account.created_ms) }
    }
}
