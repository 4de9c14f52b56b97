//! What identity remembers, in one set of queries for SQLite and PostgreSQL.
//!
//! Absence is `None`, never an error. Refresh tokens are here only as hashes: whoever reads the table cannot use them.
//! Signing keys are here as they are, because every instance must be able to sign: who can read `signing_keys` can
//! make tokens, so the database is as secret as the keys.

pub(crate) mod accounts;
pub(crate) mod device_codes;
pub(crate) mod erasures;
pub(crate) mod keys;
pub(crate) mod refresh_tokens;
pub(crate) mod sessions;

use bijou_store::{Database, StoreError};

/// The store. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    database: Database,
}

impl Store {
    pub(crate) fn new(database: Database) -> Self {
        Self { database }
    }

    fn explain(&self, error: sqlx::Error) -> StoreError {
        self.database.explain(error)
    }
}
