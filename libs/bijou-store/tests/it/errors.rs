//! What opening a database says when it cannot be: whose fault, and what to look at.

use std::error::Error as _;

use bijou_store::{Database, StoreError, sqlite_url};

use bijou_testkit::{postgres_database, sqlite_database};

#[tokio::test]
async fn an_unreachable_server_says_what_to_look_at() {
    // Port 1 on loopback: nobody listens, the refusal is immediate.
    let error = Database::open("postgres://ada:secret@127.0.0.1:1/bijou", &[]).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "database `postgres://ada@127.0.0.1:1/bijou` cannot be reached; \
         see that it is running and that the URL names the right host and port"
    );
    assert!(error.is_passing());
    assert!(error.source().is_some());
}

#[tokio::test]
async fn a_wrong_database_name_is_not_called_unreachable() {
    let fixture = postgres_database().await;
    let error = Database::open(&format!("{}_not_there", fixture.url), &[]).await.unwrap_err();
    assert!(matches!(error, StoreError::Refused { .. }), "{error:?}");
    assert!(!error.is_passing());
}

#[tokio::test]
async fn a_file_that_is_no_database_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    let text = "not a database ".repeat(100);
    std::fs::write(&path, &text).unwrap();
    let error = Database::open(&sqlite_url(&path), &[]).await.unwrap_err();
    assert!(matches!(error, StoreError::NotADatabase { .. }), "{error:?}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[tokio::test]
async fn a_folder_in_place_of_the_file_cannot_be_opened() {
    let folder = tempfile::tempdir().unwrap();
    let error = Database::open(&sqlite_url(folder.path()), &[]).await.unwrap_err();
    assert!(matches!(error, StoreError::NotWritable { .. }), "{error:?}");
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = Database::open(&sqlite_url(&file.join("deeper/a.sqlite")), &[]).await.unwrap_err();
    assert!(matches!(&error, StoreError::Folder { folder, .. } if folder.ends_with("file/deeper")), "{error:?}");
}

#[tokio::test]
async fn a_database_opened_read_only_says_it_cannot_be_written() {
    let fixture = sqlite_database();
    Database::open(&fixture.url, &[]).await.unwrap().close().await;
    let error = Database::open(&format!("{}?mode=ro", fixture.url), &[]).await.unwrap_err();
    assert!(matches!(error, StoreError::NotWritable { .. }), "{error:?}");
}

/// Slow on purpose: SQLite waits its busy timeout out before it gives up.
#[tokio::test]
async fn a_file_another_program_holds_is_called_locked() {
    let fixture = sqlite_database();
    let holder = Database::open(&fixture.url, &[]).await.unwrap();
    let waiting = Database::open(&fixture.url, &[]).await.unwrap();
    let held = holder.begin_write().await.unwrap();
    let error = waiting.begin_write().await.map(|_| ()).unwrap_err();
    assert!(matches!(error, StoreError::Locked { .. }), "{error:?}");
    assert!(error.is_passing());
    drop(held);
    waiting.begin_write().await.unwrap();
}
