//! What outlives memory and restart: requests, stories and log lines from disk.

use bijou_testkit::{TestService, wait_until};
use prost::Message as _;
use serde_json::{Value, json};

use crate::live::Reader;
use crate::support::{Console, TOKEN, crossing, log_batch};

const PROTOBUF: &str = "application/x-protobuf";

async fn deliver(console: &Console, trace: u128, status: i64) {
    for batch in crossing(trace, status) {
        let role = console.service.service("gateway");
        role.post("/v1/traces").body(PROTOBUF, batch.encode_to_vec()).send().await.expect(200);
    }
}

async fn say(console: &Console, role: &str, trace: u128, at: u64, message: &str) {
    let line = log_batch(role, trace, at, message).encode_to_vec();
    console.service.service(role).post("/v1/logs").body(PROTOBUF, line).send().await.expect(200);
}

async fn items(console: &Console, path: &str) -> Vec<Value> {
    console.ask(path).await["items"].as_array().expect("a list").clone()
}

#[tokio::test]
async fn requests_stories_and_lines_outlive_a_restart() {
    let console = Console::start().await;
    deliver(&console, 7, 200).await;
    deliver(&console, 8, 503).await;
    say(&console, "catalog", 7, 5, "read title 7").await;
    wait_until("both requests", async || items(&console, "/api/requests").await.len() == 2).await;
    let before = console.ask("/api/requests/r-7").await;

    let data = console.service.stop().await;
    let console = Console::start_with(TestService::of(bijou_console::ROLE).data(data)).await;
    assert_eq!(console.ask("/api/status").await["traces"]["held"], 0, "memory begins anew");
    assert_eq!(items(&console, "/api/requests").await.len(), 2);
    let after = console.ask("/api/requests/r-7").await;
    for part in ["id", "spans", "attempts", "log_lines", "hops", "started_at"] {
        assert_eq!(after[part], before[part], "{part}");
    }
    assert_eq!(
        console.ask(&format!("/api/requests/{}", before["id"].as_str().expect("an id"))).await["path"],
        before["path"]
    );

    let failed = items(&console, "/api/requests?status=5xx").await;
    assert_eq!((failed.len(), &failed[0]["request_id"]), (1, &json!("r-8")));
    // From memory and from disk in one list.
    deliver(&console, 9, 200).await;
    wait_until("the third", async || items(&console, "/api/requests?q=TITLES/").await.len() == 3).await;
    for query in
        ["id=r-7", "q=titles/7", "path=titles/7&status=200&slower_than_ms=12", "since=2026-11-23T07:00:00Z&id=r-7"]
    {
        assert_eq!(items(&console, &format!("/api/requests?{query}")).await.len(), 1, "{query}");
    }
    for query in ["slower_than_ms=12.1", "until=2026-11-23T07:00:00Z", "account=acc-1", "status=404", "route=x"] {
        assert!(items(&console, &format!("/api/requests?{query}")).await.is_empty(), "{query}");
    }
}

#[tokio::test]
async fn log_lines_are_searched_paged_and_counted_by_pattern() {
    let console = Console::start().await;
    for number in 0..5 {
        say(&console, "catalog", 1, number, &format!("read title {number} from the store")).await;
    }
    say(&console, "playback", 2, 9, "the licence is late").await;
    wait_until("all lines", async || items(&console, "/api/logs").await.len() == 6).await;

    assert_eq!(items(&console, "/api/logs").await[0]["message"], "the licence is late");
    let found = items(&console, "/api/logs?q=licence&service=playback&level=info").await;
    assert_eq!(found[0]["trace_id"], format!("{:032x}", 2));
    assert!(items(&console, "/api/logs?level=warn").await.is_empty());
    assert_eq!(items(&console, &format!("/api/logs?trace={:032x}&q=store", 1)).await.len(), 5);
    assert_eq!(items(&console, "/api/logs?since=2026-11-23T07:00:00.004Z").await.len(), 2);

    let page = console.ask("/api/logs?q=title&limit=3").await;
    let next = page["next"].as_i64().expect("two are left");
    let rest = console.ask(&format!("/api/logs?q=title&limit=3&before={next}")).await;
    assert_eq!((rest["items"].as_array().map(Vec::len), rest.get("next")), (Some(2), None));

    let patterns = console.ask("/api/logs/patterns").await;
    assert_eq!(patterns["counted"], 6);
    let first = &patterns["items"][0];
    assert_eq!((&first["pattern"], &first["count"]), (&json!("read title … from the store"), &json!(5)));
    assert_eq!(first["roles"], json!(["catalog"]));
}

#[tokio::test]
async fn wrong_filters_are_named() {
    let console = Console::start().await;
    for (path, parameter) in [
        ("/api/logs?q=--", "q"),
        ("/api/logs?trace=7", "trace"),
        ("/api/logs?until=now", "until"),
        ("/api/logs/tail?q=--", "q"),
        ("/api/requests?status=bad", "status"),
        ("/api/requests?before=bad", "before"),
        ("/api/requests?since=now", "since"),
    ] {
        let request = console.stranger().get(path).header("authorization", &format!("Bearer {TOKEN}"));
        let answer = request.send().await;
        answer.expect_problem(400, "query-invalid");
        assert_eq!(answer.value()["parameter"], parameter, "{path}");
    }
}

#[tokio::test]
async fn lines_are_followed_as_they_come_and_only_those_asked_for() {
    let console = Console::start().await;
    let mut reader = Reader::open_at(&console, "/api/logs/tail?service=catalog&q=Title").await;
    say(&console, "playback", 1, 1, "no title of mine").await;
    say(&console, "catalog", 1, 2, "nothing").await;
    say(&console, "catalog", 1, 3, "read title 3").await;
    reader.until("read title 3").await;
    assert!(reader.read.contains("event: line") && !reader.read.contains("no title of mine"), "{}", reader.read);
    assert!(!reader.read.contains("nothing"), "{}", reader.read);
}

#[tokio::test]
async fn the_archive_shows_its_size_and_losses() {
    let console = Console::start().await;
    let text = console.service.nobody().get("/metrics").send().await.text();
    for line in [
        "bijou_console_archive_bytes_max 536870912",
        "bijou_console_archive_dropped_total{reason=\"full\"} 0",
        "bijou_console_archive_dropped_total{reason=\"sampled\"} 0",
        "bijou_console_archive_dropped_total{reason=\"disk\"} 0",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
}
