//! Migrations: numbered texts of SQL, applied once, in order, all pending ones in one transaction.
//!
//! Both engines change tables inside transactions, so a failed migration leaves nothing behind. The first
//! instance holds the lock (SQLite's write lock, an advisory lock on PostgreSQL) until it is done; the others
//! find everything applied. A changed text of an applied migration, and a database written by a newer version,
//! are refused: going on would mix two ideas of the same tables.

use sqlx::{Executor, Row};

use crate::{Database, Engine, StoreError};

/// The key of the advisory lock: one for all databases of this project, which is coarse and enough.
const LOCK_KEY: i64 = 0x0062_696a_6f75;

/// One step of a schema.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Unique and ascending within a database. Steps of a shared library start at 1,000,000.
    pub version: i64,
    /// For people, in errors.
    pub name: &'static str,
    /// One or several statements that both engines understand.
    pub sql: &'static str,
}

/// All migrations in the order of their versions.
pub(crate) fn in_order(sets: &[&'static [Migration]]) -> Result<Vec<Migration>, StoreError> {
    let mut all: Vec<Migration> = sets.iter().flat_map(|set| set.iter().copied()).collect();
    all.sort_by_key(|migration| migration.version);
    match all.windows(2).find(|pair| pair[0].version == pair[1].version) {
        Some(pair) => Err(StoreError::MigrationTwice { version: pair[0].version, names: [pair[0].name, pair[1].name] }),
        None => Ok(all),
    }
}

pub(crate) async fn run(database: &Database, migrations: &[Migration]) -> Result<(), StoreError> {
    let mut tx = database.begin_write().await?;
    if database.engine() == Engine::Postgres {
        // The lock function returns `void`, which the driver cannot name.
        sqlx::query("SELECT CAST(pg_advisory_xact_lock($1) AS TEXT)")
            .bind(LOCK_KEY)
            .execute(&mut *tx)
            .await
            .map_err(|error| database.explain(error))?;
    }
    tx.execute(
        "CREATE TABLE IF NOT EXISTS bijou_migrations (
            version BIGINT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            checksum TEXT NOT NULL
        )",
    )
    .await
    .map_err(|error| database.explain(error))?;

    // SQLite opens a file it may not write without a word. Touching no row finds that out now,
    // not at the first sign-in.
    tx.execute("UPDATE bijou_migrations SET name = name WHERE version < 0")
        .await
        .map_err(|error| database.explain(error))?;

    let applied = sqlx::query("SELECT version, name, checksum FROM bijou_migrations ORDER BY version")
        .fetch_all(&mut *tx)
        .await
        .map_err(|error| database.explain(error))?;
    for row in &applied {
        let (version, name): (i64, String) = (row.try_get(0)?, row.try_get(1)?);
        let Some(known) = migrations.iter().find(|known| known.version == version) else {
            return Err(StoreError::Newer { version, name });
        };
        if row.try_get::<String, _>(2)? != checksum(known.sql) {
            return Err(StoreError::MigrationChanged { version, name });
        }
    }

    let mut count = 0;
    for migration in migrations {
        let is_applied =
            applied.iter().any(|row| row.try_get::<i64, _>(0).is_ok_and(|version| version == migration.version));
        if is_applied {
            continue;
        }
        apply(&mut tx, migration).await.map_err(|source| StoreError::Migration {
            version: migration.version,
            name: migration.name,
            source,
        })?;
        count += 1;
    }
    tx.commit().await?;
    if count > 0 {
        tracing::info!(db.migrations = count, "applied {count} migration(s)");
    }
    Ok(())
}

async fn apply(tx: &mut sqlx::AnyConnection, migration: &Migration) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(migration.sql).execute(&mut *tx).await?;
    sqlx::query("INSERT INTO bijou_migrations (version, name, checksum) VALUES ($1, $2, $3)")
        .bind(migration.version)
        .bind(migration.name)
        .bind(checksum(migration.sql))
        .execute(&mut *tx)
        .await?;
    Ok(())
}

/// FNV-1a over the text without its white space, so that re-indenting is no change. Guards against mistakes,
/// not against an adversary: who can write the table needs no collision.
fn checksum(sql: &str) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in sql.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_no_change_of_a_migration() {
        assert_eq!(checksum("SELECT 1;\n"), checksum("SELECT\n    1;"));
        assert_ne!(checksum("SELECT 1"), checksum("SELECT 2"));
    }

    #[test]
    fn two_steps_of_one_version_are_refused() {
        const SAME: &[Migration] =
            &[Migration { version: 1, name: "first", sql: "" }, Migration { version: 1, name: "second", sql: "" }];
        let error = in_order(&[SAME]).expect_err("one version twice");
        assert_eq!(error.to_string(), "migrations `first` and `second` both have version 1");
    }
}
