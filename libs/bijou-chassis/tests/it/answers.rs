//! Every way to end is an answer of the same shape.

use bijou_testkit::{TestResponse, TestService};
use serde_json::json;

use crate::service::{Held, ROLE, build};

async fn start() -> TestService {
    TestService::of(ROLE)
        .own_contract()
        .settings("[catalog]\nlimits.body_bytes_max = 100\n")
        .start(build(Held::default()))
        .await
}

#[track_caller]
fn check(answer: &TestResponse, status: u16, code: &str) {
    let problem = answer.expect_problem(status, code);
    assert_eq!(problem.request_id.as_deref(), Some(answer.header("x-request-id")), "{answer:?}");
    assert_eq!(answer.value()["type"], format!("/problems/{code}"));
}

#[tokio::test]
async fn what_is_asked_wrongly_is_a_problem_that_says_what() {
    let service = start().await;
    let user = service.anonymous();
    check(&user.get("/v1/nothing").send().await, 404, "route-not-found");
    check(&user.get("/v1/things/8").send().await, 404, "thing-not-found");
    check(&user.get("/v1/things/many").send().await, 400, "path-invalid");
    check(&user.get("/v1/things?limit=many").send().await, 400, "query-invalid");
    check(&user.get("/v1/things?lmit=1").send().await, 400, "query-invalid");
    check(&user.post("/v1/things").body("text/plain", "x").send().await, 415, "media-type-unsupported");
    check(&user.post("/v1/things").body("application/json", "{").send().await, 400, "json-malformed");
    check(&user.post("/v1/things").json(&json!({"name": 1, "age": 2})).send().await, 422, "json-invalid");
    check(&user.post("/v1/things").json(&json!({"name": "a", "age": 2, "x": 1})).send().await, 422, "json-invalid");
    check(&user.get("/v1/bare").send().await, 410, "gone");
    check(&user.get("/v1/account").send().await, 401, "sign-in-required");
}

#[tokio::test]
async fn a_wrong_method_names_the_right_ones() {
    let service = start().await;
    let answer = service.anonymous().delete("/v1/things").send().await;
    check(&answer, 405, "method-not-allowed");
    let mut allowed: Vec<_> = answer.header("allow").split(',').map(str::trim).collect();
    allowed.sort_unstable();
    assert_eq!(allowed, ["GET", "HEAD", "POST"]);
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_announced_or_not() {
    let service = start().await;
    let long = json!({"name": "x".repeat(200), "age": 1});
    let answer = service.anonymous().post("/v1/things").json(&long).send().await;
    check(&answer, 413, "body-too-large");
    assert_eq!(answer.value()["max_bytes"], 100);

    // Chunked: the length is seen only while reading.
    let target = service.base_url.trim_start_matches("http://").to_owned();
    let head = format!(
        "POST /v1/things HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nbijou-passport: {}\r\n\
         transfer-encoding: chunked\r\nconnection: close\r\n\r\n",
        service.passports.anonymous()
    );
    let answer = raw(&target, &format!("{head}c8\r\n{}\r\n0\r\n\r\n", "x".repeat(200))).await;
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("body-too-large"), "{answer}");
}

#[tokio::test]
async fn a_panic_is_a_500_that_gives_nothing_away_and_the_service_lives_on() {
    let service = start().await;
    let answer = service.anonymous().get("/v1/panic").send().await;
    check(&answer, 500, "internal-error");
    assert!(!answer.text().contains("missing"), "{answer:?}");
    service.anonymous().get("/v1/things").send().await.expect(200);
}

#[tokio::test]
async fn the_cause_of_a_refusal_is_not_answered() {
    let service = start().await;
    let answer = service.anonymous().get("/v1/things/8").send().await;
    assert!(!answer.text().contains("everywhere"), "{answer:?}");
}

#[tokio::test]
async fn a_request_id_is_kept_if_it_is_harmless_and_made_otherwise() {
    let service = start().await;
    let user = service.anonymous();
    let answer = user.get("/v1/caller").header("x-request-id", "r-1").send().await;
    assert_eq!((answer.header("x-request-id"), &answer.value()["request_id"]), ("r-1", &json!("r-1")));
    let answer = user.get("/v1/caller").header("x-request-id", "two words").send().await;
    assert_eq!(answer.header("x-request-id").len(), 36);
}

#[tokio::test]
async fn a_deadline_shrinks_and_ends_the_work() {
    let service = start().await;
    let user = service.anonymous();
    let answer = user.get("/v1/caller").header("bijou-deadline-ms", "5000").send().await;
    let left = answer.value()["left_ms"].as_u64().expect("a number");
    assert!((1..=5000).contains(&left), "{left}");
    check(&user.get("/v1/slow").header("bijou-deadline-ms", "20").send().await, 504, "deadline-exceeded");
    check(&user.get("/v1/caller").header("bijou-deadline-ms", "0").send().await, 504, "deadline-exceeded");
    check(&user.get("/v1/caller").header("bijou-deadline-ms", "soon").send().await, 400, "deadline-invalid");
}

#[tokio::test]
async fn below_oauth_every_error_has_the_form_of_rfc_6749() {
    let service = start().await;
    let user = service.anonymous();
    for (answer, status, error) in [
        (user.get("/oauth/token").send().await, 405, "invalid_request"),
        (user.get("/oauth/nothing").send().await, 404, "invalid_request"),
        (user.post("/oauth/token").json(&json!({})).send().await, 415, "invalid_request"),
        (user.post("/oauth/token").form(&[("other", "x")]).send().await, 400, "invalid_request"),
        (user.post("/oauth/token").form(&[("grant_type", &"x".repeat(200))]).send().await, 413, "invalid_request"),
        (service.nobody().post("/oauth/token").send().await, 401, "invalid_client"),
    ] {
        assert_eq!((answer.status.as_u16(), &answer.value()["error"]), (status, &json!(error)), "{answer:?}");
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(!answer.header("x-request-id").is_empty());
    }
    user.post("/oauth/token").form(&[("grant_type", "x"), ("unknown", "y")]).send().await.expect(200);
}

#[tokio::test]
async fn more_requests_than_there_is_room_for_are_asked_to_come_back() {
    let held = Held::default();
    let build = build(held.clone());
    let service =
        TestService::of(ROLE).own_contract().settings("[catalog]\nlimits.in_flight_max = 1\n").start(build).await;
    let first = tokio::spawn({
        let user = service.anonymous();
        async move { user.get("/v1/held").send().await }
    });
    held.arrived.notified().await;
    let answer = service.anonymous().get("/v1/things").send().await;
    check(&answer, 503, "overloaded");
    assert_eq!(answer.header("retry-after"), "1");
    held.go_on.notify_one();
    first.await.expect("no panic").expect(200);
    service.anonymous().get("/v1/things").send().await.expect(200);
}

/// Reads one answer whose body has a length.
async fn one_answer(stream: &mut tokio::net::TcpStream) -> String {
    use tokio::io::AsyncReadExt as _;
    let mut answer = Vec::new();
    while !answer.windows(4).any(|end| end == b"\r\n\r\n") {
        answer.push(stream.read_u8().await.expect("a head"));
    }
    let head = String::from_utf8_lossy(&answer).to_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |text| text.parse().expect("digits"));
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.expect("a body");
    head
}

#[tokio::test]
async fn a_body_that_nobody_reads_ends_neither_answer_nor_connection() {
    use tokio::io::AsyncWriteExt as _;
    let service = TestService::of(ROLE).own_contract().start(build(Held::default())).await;
    let target = service.base_url.trim_start_matches("http://").to_owned();
    let mut stream = tokio::net::TcpStream::connect(&target).await.expect("it listens");
    for _ in 0..3 {
        let head = format!("DELETE /v1/things HTTP/1.1\r\nhost: {target}\r\ncontent-length: 12\r\n\r\n");
        stream.write_all(head.as_bytes()).await.expect("it reads");
        // The answer comes before the body does.
        let answer = one_answer(&mut stream).await;
        assert!(answer.starts_with("http/1.1 4"), "{answer}");
        stream.write_all(b"{\"a\": true }").await.expect("it reads the rest");
    }
    stream.write_all(format!("GET /healthz HTTP/1.1\r\nhost: {target}\r\n\r\n").as_bytes()).await.expect("it reads");
    let answer = one_answer(&mut stream).await;
    assert!(answer.starts_with("http/1.1 200"), "{answer}");
    // More than is worth it: the connection ends, as it did.
    let head = format!("DELETE /v1/things HTTP/1.1\r\nhost: {target}\r\ncontent-length: 1000000\r\n\r\n");
    stream.write_all(head.as_bytes()).await.expect("it reads");
    one_answer(&mut stream).await;
    let mut rest = Vec::new();
    tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut rest).await.expect("it closes");
    assert_eq!(rest, b"");
}

/// What a server answers to these bytes, until it closes the connection.
async fn raw(target: &str, request: &str) -> String {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut stream = tokio::net::TcpStream::connect(target).await.expect("it listens");
    stream.write_all(request.as_bytes()).await.expect("it reads");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("it answers");
    String::from_utf8_lossy(&answer).into_owned()
}
