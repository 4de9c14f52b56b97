//! The outbox over REST.

use std::sync::Arc;

use bijou_chassis::{BoxError, Context, Service};
use bijou_store::Database;
use bijou_store::outbox::{self, NewEvent};
use bijou_testkit::TestService;
use serde_json::json;
use tokio::sync::OnceCell;

use crate::service::{Held, ROLE, router};

async fn start() -> (TestService, Database) {
    let opened = Arc::new(OnceCell::new());
    let cell = Arc::clone(&opened);
    let build = async move |context: Context| -> Result<Service, BoxError> {
        let database = Database::open(&context.database_url()?, outbox::MIGRATIONS).await?;
        let _ = cell.set(database.clone());
        let closing = database.clone();
        let service = Service::new(router(Held::default())).with_events(database);
        Ok(service.with_closing(async move { closing.close().await }))
    };
    let service = TestService::of(ROLE).own_contract().start(build).await;
    let database = opened.get().expect("built").clone();
    (service, database)
}

async fn append(database: &Database, subject: &str) {
    let mut tx = database.begin_write().await.expect("a transaction");
    let event = NewEvent {
        type_: "title.published".into(),
        subject: subject.into(),
        time_ms: 1_000,
        data: json!({"id": subject}),
    };
    outbox::append(&mut tx, &event).await.expect("appended");
    tx.commit().await.expect("committed");
}

#[tokio::test]
async fn a_service_reads_what_came_after_its_cursor() {
    let (service, database) = start().await;
    append(&database, "a").await;
    append(&database, "b").await;
    let reader = service.service("recommendations");
    let batch = reader.get("/events?limit=1").send().await.expect(200).value();
    assert_eq!((&batch["items"][0]["subject"], &batch["next"]), (&json!("a"), &json!("1")));
    assert_eq!(batch["items"][0]["specversion"], "1.0");
    let batch = reader.get("/events?after=1").send().await.expect(200).value();
    assert_eq!(
        (&batch["items"][0]["subject"], &batch["next"], &batch["head"]),
        (&json!("b"), &json!("2"), &json!("2"))
    );
    let batch = reader.get("/events?after=2").send().await.expect(200).value();
    assert_eq!((&batch["items"], &batch["next"]), (&json!([]), &json!("2")));
    reader.get("/events?after=-1").send().await.expect_problem(400, "query-invalid");
}

#[tokio::test]
async fn a_waiting_reader_is_woken_by_an_event() {
    let (service, database) = start().await;
    let reader = service.service("recommendations");
    let waiting = tokio::spawn(async move { reader.get("/events?wait_ms=20000").send().await });
    append(&database, "a").await;
    let batch = waiting.await.expect("no panic").expect(200).value();
    assert_eq!(batch["items"][0]["subject"], "a");
}

#[tokio::test]
async fn people_do_not_read_the_outbox() {
    let (service, _) = start().await;
    service.account("acc-1").get("/events").send().await.expect_problem(403, "service-only");
    service.nobody().get("/events").send().await.expect_problem(401, "passport-missing");
}

#[tokio::test]
async fn a_stop_does_not_wait_for_a_waiting_reader() {
    let (service, _) = start().await;
    let reader = service.service("recommendations");
    let waiting = tokio::spawn(async move { reader.get("/events?wait_ms=20000").send().await });
    bijou_testkit::wait_until("the reader to wait", async || {
        let text = service.nobody().get("/metrics").send().await.text();
        text.contains("http_server_active_requests 1")
    })
    .await;
    let started = std::time::Instant::now();
    service.stop().await;
    assert!(started.elapsed().as_secs() < 15, "{:?}", started.elapsed());
    waiting.await.expect("no panic").expect(200);
}
