//! Accounts.

use bijou_store::StoreError;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::Store;
use crate::domain::email::Email;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) name: Option<String>,
    /// Separated by spaces.
    pub(crate) scopes: String,
    pub(crate) created_ms: i64,
    /// When it last signed in; `None` for an account that never held a token.
    pub(crate) signed_in_ms: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AddAccount {
    Added,
    EmailTaken,
}

impl Store {
    pub(crate) async fn add_account(&self, account: &Account, password_hash: &str) -> Result<AddAccount, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let added = sqlx::query(
            "INSERT INTO accounts (id, email, name, scopes, password_hash, created_ms)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (email) DO NOTHING",
        )
        .bind(account.id.as_str())
        .bind(account.email.as_str())
        .bind(account.name.as_deref())
        .bind(account.scopes.as_str())
        .bind(password_hash)
        .bind(account.created_ms)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(if added.rows_affected() == 1 { AddAccount::Added } else { AddAccount::EmailTaken })
    }

    /// The account of an address, with its password's hash.
    pub(crate) async fn account_by_email(&self, email: &Email) -> Result<Option<(Account, String)>, StoreError> {
        let row = sqlx::query(
            "SELECT id, email, name, scopes, created_ms, signed_in_ms, password_hash FROM accounts WHERE email = $1",
        )
        .bind(email.as_str())
        .fetch_optional(self.database.pool())
        .await
        .map_err(|error| self.explain(error))?;
        row.map(|row| Ok((account_at(&row, 0)?, row.try_get(6)?))).transpose()
    }

    pub(crate) async fn account(&self, id: &str) -> Result<Option<Account>, StoreError> {
        let row = sqlx::query("SELECT id, email, name, scopes, created_ms, signed_in_ms FROM accounts WHERE id = $1")
            .bind(id)
            .fetch_optional(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        row.map(|row| account_at(&row, 0)).transpose()
    }

    pub(crate) async fn set_password(&self, id: &str, password_hash: &str) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query("UPDATE accounts SET password_hash = $2 WHERE id = $1")
            .bind(id)
            .bind(password_hash)
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }
}

/// Reads the columns from `id` to `signed_in_ms` in the order of the queries here, the first at `start`.
pub(super) fn account_at(row: &AnyRow, start: usize) -> Result<Account, StoreError> {
    Ok(Account {
        id: row.try_get(start)?,
        email: row.try_get(start + 1)?,
        name: row.try_get(start + 2)?,
        scopes: row.try_get(start + 3)?,
        created_ms: row.try_get(start + 4)?,
        signed_in_ms: row.try_get(start + 5)?,
    })
}
