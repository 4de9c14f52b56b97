//! A fresh database of each engine for a test. The PostgreSQL server is the one `BIJOU_TEST_POSTGRES_URL` names;
//! this crate cannot use the testkit, which is built on it.

use std::sync::atomic::{AtomicU32, Ordering};

use bijou_store::sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};

/// A database URL, and what keeps the database there.
pub struct Fixture {
    pub url: String,
    _folder: Option<tempfile::TempDir>,
}

/// One empty SQLite file and one empty PostgreSQL database.
pub async fn both() -> [Fixture; 2] {
    [sqlite(), postgres().await]
}

pub fn sqlite() -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    Fixture { url: bijou_store::sqlite_url(&folder.path().join("test.sqlite")), _folder: Some(folder) }
}

pub async fn postgres() -> Fixture {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let server = std::env::var("BIJOU_TEST_POSTGRES_URL")
        .expect("BIJOU_TEST_POSTGRES_URL names no PostgreSQL server to test on; `cargo xtask test` starts one");
    let name = format!("store_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    bijou_store::sqlx::any::install_default_drivers();
    let mut admin = AnyConnection::connect(&server).await.unwrap();
    admin.execute(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name}"))).await.unwrap();
    admin.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
    admin.close().await.unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    Fixture { url: format!("{base}/{name}"), _folder: None }
}
