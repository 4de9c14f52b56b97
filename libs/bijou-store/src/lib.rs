//! SQL storage on SQLite and PostgreSQL through one set of queries; the outbox.
//!
//! - [`Database`]: a pool with the settings that make SQLite bear several processes, migrations that several
//!   instances may start at once, and write transactions that never die of "database is locked".
//! - [`outbox`]: events written in the transaction of the change they tell of, read in commit order by others,
//!   and the consumers' cursors.
//! - [`StoreError`]: what went wrong with a database, in words that say what to do.
//!
//! One text of SQL serves both engines. That holds as long as columns are `TEXT`, `BIGINT` or `DOUBLE PRECISION`
//! (booleans as 0 and 1, times in milliseconds since 1970 UTC, JSON as text), parameters are `$1..$n`, and sums
//! are cast: `CAST(sum(x) AS BIGINT)`. `QueryBuilder` writes `?` for this pool and cannot be used.
//!
//! Left out on purpose: an entity mapper, query builders, down migrations. A release that must be undone is
//! undone by the next migration.

mod database;
mod error;
mod migrate;
pub mod outbox;

pub use database::{Database, Engine, WriteTransaction, sqlite_url};
pub use error::StoreError;
pub use migrate::Migration;

/// The database type that queries of this workspace are written against.
pub use sqlx;
