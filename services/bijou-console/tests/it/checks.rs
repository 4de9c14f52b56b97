//! Synthetic checks through a gateway that is stood in for.

use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use bijou_testkit::{TestResponse, TestService, TestServiceBuilder, databases, wait_until};
use serde_json::{Value, json};

use crate::support::{Console, TOKEN};

const MASTER: &str = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=300000\nv360.m3u8\n";
const MEDIA: &str = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:6\n\
    #EXT-X-MAP:URI=\"/s/a/t/v360.mp4\",BYTERANGE=\"10@0\"\n\
    #EXTINF:6,\n#EXT-X-BYTERANGE:20@10\n/s/a/t/v360.mp4\n\
    #EXTINF:6,\n#EXT-X-BYTERANGE:20@30\n/s/a/t/v360.mp4\n\
    #EXTINF:6,\n#EXT-X-BYTERANGE:20@50\n/s/a/t/v360.mp4\n#EXT-X-ENDLIST\n";

/// What was asked, in order.
type Asked = Arc<Mutex<Vec<String>>>;

/// A request in short, after a look at what it must and must not carry.
fn noted(request: &Request) -> String {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let line = format!("{} {} {}", request.method(), request.uri().path(), header("range"));
    let is_open = ["/v1/sessions", "/m/", "/s/"].iter().any(|open| request.uri().path().starts_with(open));
    assert!(is_open || header("authorization") == "Bearer access", "{line}");
    assert!(!request.headers().contains_key("bijou-passport"), "a passport never leaves the platform");
    assert!(header("traceparent").ends_with("-01"), "checks are sampled");
    line.trim_end().to_owned()
}

/// A platform behind its gateway, with one film. `search` finds these titles.
fn gateway(asked: Asked, found: Value) -> Router {
    let note = async |State(asked): State<Asked>, request: Request, next: Next| {
        // The console also looks at the health of whoever is registered; that is not what is checked here.
        let is_a_viewers = ["/v1/", "/m/", "/s/"].iter().any(|part| request.uri().path().starts_with(part));
        if is_a_viewers {
            let line = noted(&request);
            asked.lock().expect("nothing panics while it is held").push(line);
        }
        next.run(request).await
    };
    let sign_in = async |Json(who): Json<Value>| -> Response {
        if who["password"] != "right" {
            return StatusCode::UNAUTHORIZED.into_response();
        }
        (StatusCode::CREATED, Json(json!({ "access_token": "access", "session": { "id": "s1" } }))).into_response()
    };
    let playing = json!({ "manifest": { "hls": "/m/a/t/master.m3u8" }, "events_url": "/v1/playbacks/p1/events" });
    let segment = async |request: Request| {
        let range = request.headers()["range"].to_str().expect("text").strip_prefix("bytes=").expect("bytes");
        let (first, last) = range.split_once('-').expect("a range");
        let length = last.parse::<usize>().expect("a number") - first.parse::<usize>().expect("a number") + 1;
        (StatusCode::PARTIAL_CONTENT, Bytes::from(vec![0; length]))
    };
    let films = json!({ "items": [{ "id": "film", "name": "A Film" }] });
    Router::new()
        .route("/v1/sessions", post(sign_in))
        .route("/v1/sessions/{id}", delete(async || StatusCode::NO_CONTENT))
        .route("/v1/titles", get(async move || Json(films)))
        .route("/v1/search", get(async move || Json(found)))
        .route("/v1/playbacks", post(async move || (StatusCode::CREATED, Json(playing))))
        .route("/v1/playbacks/{id}/events", post(async || StatusCode::ACCEPTED))
        .route("/m/a/t/master.m3u8", get(async || MASTER))
        .route("/m/a/t/v360.m3u8", get(async || MEDIA))
        .route("/s/a/t/v360.mp4", get(segment))
        .layer(middleware::from_fn_with_state(asked, note))
}

fn service(password: &str, every_s: u64) -> TestServiceBuilder {
    TestService::of(bijou_console::ROLE).settings(&format!(
        "[console.checks]\nemail = 'check@example.org'\npassword = '{password}'\nevery_s = {every_s}\n"
    ))
}

async fn run(console: &Console) -> TestResponse {
    let request = console.stranger().post("/api/checks/run");
    request.header("authorization", &format!("Bearer {TOKEN}")).send().await
}

fn names(check: &Value) -> Vec<&str> {
    check["steps"].as_array().expect("steps").iter().map(|step| step["name"].as_str().expect("a name")).collect()
}

fn found() -> Value {
    json!({ "items": [{ "title_id": "other" }, { "title_id": "film" }] })
}

#[tokio::test]
async fn a_check_does_what_a_viewer_does_and_leaves_nothing_behind() {
    for database in databases().await {
        let asked = Asked::default();
        let service =
            service("right", 0).database(&database.url).stand_in("GATEWAY", gateway(Arc::clone(&asked), found()));
        let console = Console::start_with(service).await;
        let check = run(&console).await.expect(200).value();
        assert_eq!((&check["passed"], &check["by"]), (&json!(true), &json!("token")), "{check}");
        let all = ["sign-in", "browse", "search", "play", "manifests", "segments", "stop", "sign-out"];
        assert_eq!(names(&check), all);
        let asked = asked.lock().expect("nothing panics while it is held").clone();
        assert_eq!(
            asked[4..],
            [
                "GET /m/a/t/master.m3u8",
                "GET /m/a/t/v360.m3u8",
                "GET /s/a/t/v360.mp4 bytes=0-9",
                "GET /s/a/t/v360.mp4 bytes=10-29",
                "GET /s/a/t/v360.mp4 bytes=30-49",
                "POST /v1/playbacks/p1/events",
                "DELETE /v1/sessions/s1",
            ]
        );

        let told = console.ask("/api/checks").await;
        assert_eq!((&told["configured"], &told["items"][0]), (&json!(true), &check));
        assert!(told.get("every_s").is_none() && told.get("next").is_none(), "{told}");
        assert_eq!(console.ask("/api/audit").await["items"][0]["action"], "check.run");
        let metrics = console.service.nobody().get("/metrics").send().await.text();
        assert!(metrics.contains("bijou_check_runs_total{outcome=\"passed\"} 1"), "{metrics}");
    }
}

#[tokio::test]
async fn the_step_that_fails_is_named_and_what_was_begun_is_ended() {
    let nothing = json!({ "items": [] });
    let console =
        Console::start_with(service("right", 0).stand_in("GATEWAY", gateway(Asked::default(), nothing))).await;
    let check = run(&console).await.expect(200).value();
    assert_eq!((&check["passed"], names(&check)), (&json!(false), vec!["sign-in", "browse", "search", "sign-out"]));
    assert_eq!(check["steps"][2]["problem"], "`film` is not found by its name");

    let wrong = service("wrong", 0).stand_in("GATEWAY", gateway(Asked::default(), found()));
    let check = run(&Console::start_with(wrong).await).await.expect(200).value();
    assert_eq!((&check["passed"], names(&check)), (&json!(false), vec!["sign-in"]));
    assert!(check["steps"][0]["problem"].as_str().is_some_and(|problem| problem.contains("401")), "{check}");

    let alone = Console::start_with(service("right", 0)).await;
    let check = run(&alone).await.expect(200).value();
    assert!(check["steps"][0]["problem"].as_str().is_some_and(|problem| problem.contains("no instance")), "{check}");
}

#[tokio::test]
async fn checks_are_made_on_schedule_and_without_an_account_there_are_none() {
    let console =
        Console::start_with(service("right", 1).stand_in("GATEWAY", gateway(Asked::default(), found()))).await;
    assert_eq!(console.ask("/api/checks").await["every_s"], 5, "identity hashes a password for each");
    wait_until("the first one", async || {
        let newest = console.ask("/api/checks").await["items"][0].clone();
        newest["by"] == "schedule" && newest["passed"] == true
    })
    .await;

    let console = Console::start().await;
    let told = console.ask("/api/checks").await;
    assert_eq!((&told["configured"], &told["items"]), (&json!(false), &json!([])));
    run(&console).await.expect_problem(409, "checks-not-configured");
    console.stranger().post("/api/checks/run").send().await.expect_problem(401, "operator-sign-in-required");
}
