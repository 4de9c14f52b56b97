//! The demo account: there when a password for it is configured, with exactly that password.

use bijou_store::StoreError;

use crate::domain::email::Email;
use crate::domain::scope;
use crate::hashing::{Checked, Hasher, HashingError};
use crate::store::Store;
use crate::store::accounts::{Account, AddAccount};

const EMAIL: &str = "demo@bijou.example";

#[derive(Debug, thiserror::Error)]
pub(crate) enum DemoError {
    #[error("failed to hash the demo account's password")]
    Hashing(#[from] HashingError),
    #[error("failed to store the demo account")]
    Store(#[from] StoreError),
}

/// Makes the account, or gives it the configured password. Several instances may do so at once.
pub(crate) async fn ensure_account(
    store: &Store,
    hasher: &Hasher,
    password: &str,
    now_ms: i64,
) -> Result<(), DemoError> {
    if password.is_empty() {
        return Ok(());
    }
    let email = Email::parse(EMAIL).expect("a well-formed constant");
    if let Some((account, hash)) = store.account_by_email(&email).await? {
        if hasher.check(password.to_owned(), Some(hash)).await? == Checked::Wrong {
            let hash = hasher.hash(password.to_owned()).await?;
            store.set_password(&account.id, &hash).await?;
        }
        return Ok(());
    }
    let account = Account {
        id: uuid::Uuid::now_v7().to_string(),
        email: email.as_str().to_owned(),
        name: Some("Demo".to_owned()),
        scopes: scope::VIEWER.to_owned(),
        created_ms: now_ms,
        signed_in_ms: None,
    };
    let hash = hasher.hash(password.to_owned()).await?;
    match store.add_account(&account, &hash).await? {
        AddAccount::Added => tracing::info!("made the demo account {EMAIL}"),
        AddAccount::EmailTaken => {}
    }
    Ok(())
}
