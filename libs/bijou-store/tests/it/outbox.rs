//! The outbox on both databases: no reader skips an event, no consumer applies one twice.

use std::time::{Duration, Instant};

use bijou_store::outbox::{self, NewEvent};
use bijou_store::{Database, WriteTransaction};
use tokio::sync::oneshot;

use bijou_testkit::databases;

fn event(subject: &str) -> NewEvent {
    NewEvent {
        type_: "title.published".to_owned(),
        subject: subject.to_owned(),
        time_ms: 1_700_000_000_000,
        data: serde_json::json!({ "title_id": subject }),
    }
}

async fn open(url: &str) -> Database {
    Database::open(url, outbox::MIGRATIONS).await.unwrap()
}

async fn publish(database: &Database, subject: &str) {
    let mut tx = database.begin_write().await.unwrap();
    outbox::append(&mut tx, &event(subject)).await.unwrap();
    tx.commit().await.unwrap();
}

async fn subjects_after(database: &Database, seq: i64) -> Vec<String> {
    let events = outbox::read_after(database, seq, 100).await.unwrap();
    events.into_iter().map(|event| event.subject).collect()
}

/// Two transactions interleave: the first appends and stays open, the second wants to append and commit.
/// Were the second able to commit first, a reader would move its cursor past the first one's number.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_reader_skips_an_event_of_two_interleaved_transactions() {
    for fixture in databases().await {
        // Two pools: two instances of one service, as far as the database can tell.
        let (one, two) = (open(&fixture.url).await, open(&fixture.url).await);

        let mut first: WriteTransaction = one.begin_write().await.unwrap();
        assert_eq!(outbox::append(&mut first, &event("first")).await.unwrap(), 1);

        let (done, second) = oneshot::channel();
        tokio::spawn({
            let two = two.clone();
            async move {
                publish(&two, "second").await;
                done.send(()).unwrap();
            }
        });
        let mut second = second;
        let early = tokio::time::timeout(Duration::from_millis(300), &mut second).await;
        assert!(early.is_err(), "the second commit waits for the first: {}", fixture.url);
        assert_eq!(subjects_after(&two, 0).await, Vec::<String>::new(), "nothing is committed yet");

        first.commit().await.unwrap();
        second.await.unwrap();
        assert_eq!(subjects_after(&one, 0).await, ["first", "second"]);
        assert_eq!(subjects_after(&two, 1).await, ["second"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_beside_four_writers_sees_every_event_once_and_in_order() {
    for fixture in databases().await {
        let reader = open(&fixture.url).await;
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                let url = fixture.url.clone();
                tokio::spawn(async move {
                    let database = open(&url).await;
                    for number in 0..25 {
                        publish(&database, &format!("{writer}-{number}")).await;
                    }
                })
            })
            .collect();

        let mut seen = Vec::new();
        let started = Instant::now();
        while seen.len() < 100 && started.elapsed() < Duration::from_secs(30) {
            let after = seen.last().copied().unwrap_or(0);
            let events = outbox::wait_after(&reader, after, 7, Duration::from_secs(1)).await.unwrap();
            seen.extend(events.iter().map(|event| event.seq));
        }
        assert_eq!(seen, (1..=100).collect::<Vec<i64>>(), "{}", fixture.url);
        for writer in writers {
            writer.await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_transaction_that_rolled_back_leaves_no_gap() {
    for fixture in databases().await {
        let database = open(&fixture.url).await;
        let mut tx = database.begin_write().await.unwrap();
        outbox::append(&mut tx, &event("never")).await.unwrap();
        tx.rollback().await.unwrap();
        let mut tx = database.begin_write().await.unwrap();
        outbox::append(&mut tx, &event("dropped")).await.unwrap();
        drop(tx);

        publish(&database, "kept").await;
        let events = outbox::read_after(&database, 0, 10).await.unwrap();
        assert_eq!(events.len(), 1);
        assert_eq!((events[0].seq, events[0].subject.as_str()), (1, "kept"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_waiting_reader_wakes_with_the_commit() {
    for fixture in databases().await {
        let database = open(&fixture.url).await;
        let waiting = tokio::spawn({
            let database = database.clone();
            async move { outbox::batch(&database, "CATALOG", 0, 10, Duration::from_secs(20)).await.unwrap() }
        });
        publish(&database, "metropolis").await;
        let batch = tokio::time::timeout(Duration::from_secs(10), waiting).await.unwrap().unwrap();
        assert_eq!((batch.next.as_str(), batch.head.as_str()), ("1", "1"));

        let wire = serde_json::to_value(&batch.items[0]).unwrap();
        assert_eq!(wire["specversion"], "1.0");
        assert_eq!(wire["source"], "/bijou/CATALOG");
        assert_eq!(wire["type"], "title.published");
        assert_eq!(wire["subject"], "metropolis");
        assert_eq!(wire["time"], "2023-11-14T22:13:20Z");
        assert_eq!(wire["data"]["title_id"], "metropolis");
        assert_eq!(batch.items[0].seq(), Some(1));
    }
}

#[tokio::test]
async fn a_batch_without_events_keeps_the_cursor_and_tells_the_head() {
    for fixture in databases().await {
        let database = open(&fixture.url).await;
        publish(&database, "metropolis").await;
        let batch = outbox::batch(&database, "CATALOG", 57, 10, Duration::ZERO).await.unwrap();
        assert!(batch.items.is_empty());
        assert_eq!((batch.next.as_str(), batch.head.as_str()), ("57", "1"), "the reader sees the store was lost");
    }
}

#[tokio::test]
async fn of_two_instances_only_one_applies_a_batch() {
    for fixture in databases().await {
        let (one, two) = (open(&fixture.url).await, open(&fixture.url).await);
        assert_eq!(outbox::cursor(&one, "PLAYBACK").await.unwrap(), 0);

        let mut tx = one.begin_write().await.unwrap();
        assert!(outbox::advance(&mut tx, "PLAYBACK", 0, 5).await.unwrap());
        tx.commit().await.unwrap();

        let mut tx = two.begin_write().await.unwrap();
        assert!(!outbox::advance(&mut tx, "PLAYBACK", 0, 7).await.unwrap());
        drop(tx);
        assert_eq!(outbox::cursor(&two, "PLAYBACK").await.unwrap(), 5);
    }
}

#[tokio::test]
async fn events_written_together_keep_their_order() {
    for fixture in databases().await {
        let database = open(&fixture.url).await;
        publish(&database, "before").await;
        let mut tx = database.begin_write().await.unwrap();
        let last = outbox::append_all(&mut tx, &[event("one"), event("two"), event("three")]).await.unwrap();
        assert_eq!(last, 4);
        assert_eq!(outbox::append_all(&mut tx, &[]).await.unwrap(), 4);
        tx.commit().await.unwrap();
        assert_eq!(subjects_after(&database, 0).await, ["before", "one", "two", "three"]);
    }
}
