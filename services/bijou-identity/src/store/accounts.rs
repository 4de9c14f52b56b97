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
        let row =
            sqlx::query("SELECT id, email, name, scopes, created_ms, password_hash FROM accounts WHERE email = $1")
                .bind(email.as_str())
                .fetch_optional(self.database.pool())
                .await
                .map_err(|error| self.explain(error))?;
        row.map(|row| Ok((account(&row)?, row.try_get(5)?))).transpose()
    }

    pub(crate) async fn account(&self, id: &str) -> Result<Option<Account>, StoreError> {
        let row = sqlx::query("SELECT id, email, name, scopes, created_ms FROM accounts WHERE id = $1")
            .bind(id)
            .fetch_optional(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        row.as_ref().map(account).transpose()
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

pub(super) fn account(row: &AnyRow) -> Result<Account, StoreError> {
    Ok(Account {
        id: row.try_get(0)?,
        email: row.try_get(1)?,
        name: row.try_get(2)?,
        scopes: row.try_get(3)?,
        created_ms: row.try_get(4)?,
    })
}
