//! Write transactions on both databases: what is dropped never was, and who waits gets a turn.

use bijou_store::sqlx::{self, Row};
use bijou_store::{Database, Migration};

use bijou_testkit::databases;

const COUNTER: &[Migration] = &[Migration {
    version: 1,
    name: "counter",
    sql: "CREATE TABLE counter (id BIGINT NOT NULL PRIMARY KEY, n BIGINT NOT NULL);
          INSERT INTO counter (id, n) VALUES (1, 0);",
}];

/// On SQLite a plain `BEGIN` fails this for three writers of four: "database is locked".
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_that_read_first_do_not_fail_and_lose_nothing() {
    for fixture in databases().await {
        let writers: Vec<_> = (0..4)
            .map(|_| {
                let url = fixture.url.clone();
                tokio::spawn(async move {
                    let database = Database::open(&url, COUNTER).await.unwrap();
                    for _ in 0..20 {
                        let mut tx = database.begin_write().await.unwrap();
                        let n: i64 =
                            sqlx::query("SELECT n FROM counter WHERE id = 1").fetch_one(&mut *tx).await.unwrap().get(0);
                        assert!(n >= 0);
                        sqlx::query("UPDATE counter SET n = n + 1 WHERE id = 1").execute(&mut *tx).await.unwrap();
                        tx.commit().await.unwrap();
                    }
                })
            })
            .collect();
        for writer in writers {
            writer.await.unwrap();
        }
        let database = Database::open(&fixture.url, COUNTER).await.unwrap();
        let row = sqlx::query("SELECT n FROM counter").fetch_one(database.pool()).await.unwrap();
        assert_eq!(row.get::<i64, _>(0), 80, "{}", fixture.url);
    }
}

#[tokio::test]
async fn a_dropped_transaction_changes_nothing_and_frees_the_writer() {
    for fixture in databases().await {
        let database = Database::open(&fixture.url, COUNTER).await.unwrap();
        for _ in 0..20 {
            let mut tx = database.begin_write().await.unwrap();
            sqlx::query("UPDATE counter SET n = 9").execute(&mut *tx).await.unwrap();
            drop(tx);
        }
        let row = sqlx::query("SELECT n FROM counter").fetch_one(database.pool()).await.unwrap();
        assert_eq!(row.get::<i64, _>(0), 0);
    }
}

#[tokio::test]
async fn a_second_row_of_one_key_is_told_apart_from_other_failures() {
    for fixture in databases().await {
        let database = Database::open(&fixture.url, COUNTER).await.unwrap();
        let twice = sqlx::query("INSERT INTO counter (id, n) VALUES (1, 0)").execute(database.pool()).await;
        assert!(database.explain(twice.unwrap_err()).is_unique_violation());
        let nonsense = sqlx::query("SELECT nothing FROM nowhere").execute(database.pool()).await;
        assert!(!database.explain(nonsense.unwrap_err()).is_unique_violation());
    }
}
