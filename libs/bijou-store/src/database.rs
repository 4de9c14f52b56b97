//! Opening a database, and the two ways to use it: reading from the pool, writing in a [`WriteTransaction`].
//!
//! SQLite allows one writer at a time. Inside a process writers queue here, first come first served, so that
//! SQLite's own waiting (polling with a timeout) is left to writers of other processes on the same file.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{Any, AnyConnection, AnyPool, Connection, Executor, Transaction};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::error::Place;
use crate::{Migration, StoreError, migrate};

/// How long a SQLite connection waits for a writer of another process before it gives up.
const BUSY_TIMEOUT_MS: u64 = 5_000;

/// How long a caller waits for a connection of the pool, and [`Database::open`] for a database that is being
/// opened or migrated by somebody else.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// A SQLite connection is a thread and a page cache: few are enough, since reads take microseconds.
const SQLITE_CONNECTIONS_MAX: u32 = 4;

/// PostgreSQL's default allows 100 connections; six roles with two instances each stay below.
const POSTGRES_CONNECTIONS_MAX: u32 = 8;

/// The engine behind a [`Database`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A database that is open and migrated. Cheap to clone; clones share the pool.
#[derive(Debug, Clone)]
pub struct Database {
    pool: AnyPool,
    engine: Engine,
    place: Arc<Place>,
    /// One permit on SQLite, as many as there are connections on PostgreSQL.
    writers: Arc<Semaphore>,
    /// Bumped when a transaction of this process that appended to the outbox has committed.
    appended: Arc<watch::Sender<u64>>,
}

impl Database {
    /// Opens the database at `url` (`sqlite:<path>` or `postgres://...`), creates a SQLite file that is not
    /// there, and applies the `migrations` it lacks.
    ///
    /// Several instances may open one database at the same time: one migrates, the others wait for it.
    pub async fn open(url: &str, migrations: &'static [Migration]) -> Result<Self, StoreError> {
        Self::open_all(url, &[migrations]).await
    }

    /// As [`open`](Self::open), with the migrations of several owners (a service's own and
    /// [`outbox::MIGRATION`](crate::outbox::MIGRATION)). Versions are unique over all of them.
    pub async fn open_all(url: &str, migrations: &[&'static [Migration]]) -> Result<Self, StoreError> {
        let place = Arc::new(Place::parse(url)?);
        let all = migrate::in_order(migrations)?;
        sqlx::any::install_default_drivers();

        if let Some(path) = place.file() {
            prepare_file(&place, path)?;
        }
        let engine = place.engine();
        let pool = connect(&place).await?;
        let permits = match engine {
            Engine::Sqlite => 1,
            Engine::Postgres => POSTGRES_CONNECTIONS_MAX as usize,
        };
        let database = Self {
            pool,
            engine,
            place,
            writers: Arc::new(Semaphore::new(permits)),
            appended: Arc::new(watch::Sender::new(0)),
        };
        migrate::run(&database, &all).await?;
        Ok(database)
    }

    /// For reads. A read of several statements that must agree with each other needs a transaction on
    /// PostgreSQL, and so does everything that writes: see [`begin_write`](Self::begin_write).
    pub fn pool(&self) -> &AnyPool {
        &self.pool
    }

    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Begins a transaction that will write. On SQLite it takes the write lock at once (`BEGIN IMMEDIATE`):
    /// a transaction that reads first and writes later fails when another one wrote in between.
    pub async fn begin_write(&self) -> Result<WriteTransaction, StoreError> {
        let permit = Arc::clone(&self.writers).acquire_owned().await.expect("the semaphore is never closed");
        let transaction = match self.engine {
            Engine::Sqlite => self.pool.begin_with("BEGIN IMMEDIATE").await,
            #[expect(clippy::disallowed_methods, reason = "PostgreSQL locks rows as it meets them")]
            Engine::Postgres => self.pool.begin().await,
        }
        .map_err(|error| self.explain(error))?;
        Ok(WriteTransaction {
            transaction,
            place: Arc::clone(&self.place),
            appended: Arc::clone(&self.appended),
            has_appended: false,
            _permit: permit,
        })
    }

    /// Waits for running queries and closes every connection. SQLite folds its write-ahead log back then.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Whether the database answers, for `/readyz`.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.pool.execute("SELECT 1").await.map(|_| ()).map_err(|error| self.explain(error))
    }

    /// Names this database in an error of a query on [`pool`](Self::pool), where that helps:
    /// locked, unwritable, full and unreachable say what to do.
    pub fn explain(&self, error: sqlx::Error) -> StoreError {
        self.place.explain(error)
    }

    /// Changes when this process has committed events; other processes' commits are not seen here.
    pub(crate) fn appended(&self) -> watch::Receiver<u64> {
        self.appended.subscribe()
    }
}

/// A transaction that writes; dereferences to the connection (`sqlx::query(..).execute(&mut *tx)`).
///
/// Dropped without [`commit`](Self::commit), it rolls back.
#[derive(Debug)]
pub struct WriteTransaction {
    transaction: Transaction<'static, Any>,
    place: Arc<Place>,
    appended: Arc<watch::Sender<u64>>,
    pub(crate) has_appended: bool,
    // Last: released after the transaction is given back.
    _permit: OwnedSemaphorePermit,
}

impl WriteTransaction {
    /// Makes the changes last, and wakes those who wait for events.
    pub async fn commit(self) -> Result<(), StoreError> {
        let place = self.place;
        self.transaction.commit().await.map_err(|error| place.explain(error))?;
        if self.has_appended {
            self.appended.send_modify(|count| *count = count.wrapping_add(1));
        }
        Ok(())
    }

    /// Undoes the changes now, instead of when the connection is used next.
    pub async fn rollback(self) -> Result<(), StoreError> {
        let place = self.place;
        self.transaction.rollback().await.map_err(|error| place.explain(error))
    }
}

impl std::ops::Deref for WriteTransaction {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        &self.transaction
    }
}

impl std::ops::DerefMut for WriteTransaction {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.transaction
    }
}

/// The URL of a SQLite file, with the characters a URL gives a meaning to escaped.
pub fn sqlite_url(path: &Path) -> String {
    let mut url = String::from("sqlite:");
    for byte in path.to_string_lossy().bytes() {
        if matches!(byte, b'%' | b'?' | b'#' | 0..=b' ' | 0x7f..) {
            let _ = write!(url, "%{byte:02X}");
        } else {
            url.push(char::from(byte));
        }
    }
    url
}

/// Creates the folder of a SQLite file. Whether the file itself may be written is found out by SQLite.
fn prepare_file(place: &Place, path: &Path) -> Result<(), StoreError> {
    let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) else {
        return Ok(());
    };
    std::fs::create_dir_all(folder).map_err(|source| StoreError::Folder {
        database: place.to_string(),
        folder: folder.to_owned(),
        source,
    })
}

async fn connect(place: &Place) -> Result<AnyPool, StoreError> {
    let engine = place.engine();
    let options: AnyConnectOptions = place.connect_url().parse().map_err(|error| place.explain(error))?;
    let pool_options = AnyPoolOptions::new()
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .max_connections(match engine {
            Engine::Sqlite => SQLITE_CONNECTIONS_MAX,
            Engine::Postgres => POSTGRES_CONNECTIONS_MAX,
        })
        // Asking a local file whether it is still there would double the price of a point read.
        .test_before_acquire(engine == Engine::Postgres)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                if engine == Engine::Sqlite {
                    set_pragmas(connection).await?;
                }
                Ok(())
            })
        });

    // The first connection is made by hand: the pool would hide a refused one behind its time-out.
    // The switch to write-ahead logging needs the file alone for a moment and does not heed the busy timeout.
    let started = Instant::now();
    loop {
        let error = match tokio::time::timeout(ACQUIRE_TIMEOUT, try_once(engine, &options)).await {
            Ok(Ok(())) => return Ok(pool_options.connect_lazy_with(options)),
            Ok(Err(error)) => place.explain(error),
            Err(_) => place.explain(std::io::Error::from(std::io::ErrorKind::TimedOut).into()),
        };
        if !matches!(error, StoreError::Locked { .. }) || started.elapsed() > ACQUIRE_TIMEOUT {
            return Err(error);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn try_once(engine: Engine, options: &AnyConnectOptions) -> Result<(), sqlx::Error> {
    let mut connection = AnyConnection::connect_with(options).await?;
    if engine == Engine::Sqlite {
        set_pragmas(&mut connection).await?;
    }
    connection.close().await
}

async fn set_pragmas(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    let busy = format!("PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}");
    connection.execute(sqlx::AssertSqlSafe(busy)).await?;
    // Readers go on while one writes; a commit costs no fsync. A killed process loses nothing,
    // a power cut at most the last commits, never the file.
    connection.execute("PRAGMA journal_mode = WAL").await?;
    connection.execute("PRAGMA synchronous = NORMAL").await?;
    connection.execute("PRAGMA foreign_keys = ON").await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_keeps_its_meaning_as_a_url() {
        assert_eq!(sqlite_url(Path::new("/data/catalog.sqlite")), "sqlite:/data/catalog.sqlite");
        assert_eq!(sqlite_url(Path::new("/my data/50%?.db")), "sqlite:/my%20data/50%25%3F.db");
    }
}
