//! The operator listener: who comes in, and what strangers get.

use bijou_testkit::TestService;

use crate::support::{Console, TOKEN};

#[tokio::test]
async fn nothing_is_shown_without_the_token() {
    let console = Console::start().await;
    let stranger = console.stranger();
    for path in ["/api/instances", "/api/requests", "/api/requests/x", "/api/live", "/api/status", "/api/session"] {
        stranger.get(path).send().await.expect_problem(401, "operator-sign-in-required");
        let wrong = stranger.get(path).header("authorization", "Bearer guess");
        wrong.send().await.expect_problem(401, "operator-sign-in-required");
    }
    stranger.get("/api/nothing").send().await.expect_problem(401, "operator-sign-in-required");
}

#[tokio::test]
async fn the_token_is_exchanged_for_a_cookie() {
    let console = Console::start().await;
    let stranger = console.stranger();
    let sign_in = |token: &str| stranger.post("/api/session").json(&serde_json::json!({ "token": token }));
    sign_in("guess").send().await.expect_problem(401, "operator-token-wrong");
    let answer = sign_in(TOKEN).send().await.expect(204);
    let cookie = answer.header("set-cookie").to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap_or_default();
    let session = stranger.get("/api/session").header("cookie", cookie).send().await.expect(200).value();
    assert_eq!(session["signed_in"], true);
    stranger.get("/api/status").header("cookie", cookie).send().await.expect(200);
    stranger.get("/api/status").header("cookie", &format!("{cookie}x")).send().await.expect(401);

    let answer = stranger.delete("/api/session").header("cookie", cookie).send().await.expect(204);
    assert!(answer.header("set-cookie").contains("Max-Age=0"), "{answer:?}");
}

#[tokio::test]
async fn guessing_is_limited() {
    let console = Console::start().await;
    let guess = || console.stranger().post("/api/session").json(&serde_json::json!({ "token": "guess" })).send();
    for _ in 0..10 {
        guess().await.expect_problem(401, "operator-token-wrong");
    }
    let answer = guess().await;
    answer.expect_problem(429, "sign-in-limited");
    assert!(!answer.header("retry-after").is_empty());
}

#[tokio::test]
async fn another_page_changes_nothing() {
    let console = Console::start().await;
    let foreign = console.stranger().delete("/api/session").header("origin", "http://evil.example");
    foreign.send().await.expect_problem(403, "foreign-origin");
}

#[tokio::test]
async fn errors_are_problems_with_a_request_id() {
    let console = Console::start().await;
    let operator = |path: &str| console.stranger().get(path).header("authorization", &format!("Bearer {TOKEN}"));
    for (path, status, code) in [
        ("/api/requests/unknown", 404, "request-not-found"),
        ("/api/requests?before=nonsense", 400, "query-invalid"),
        ("/api/requests?outcome=great", 400, "query-invalid"),
        ("/api/nothing", 404, "route-not-found"),
        ("/nothing.html", 404, "route-not-found"),
    ] {
        let answer = operator(path).send().await;
        let problem = answer.expect_problem(status, code);
        assert_eq!(problem.request_id.as_deref(), Some(answer.header("x-request-id")));
    }
    let answer =
        console.stranger().post("/api/status").header("authorization", &format!("Bearer {TOKEN}")).send().await;
    answer.expect_problem(405, "method-not-allowed");
}

#[tokio::test]
async fn the_app_is_served_packed_cached_and_fenced_in() {
    let console = Console::start().await;
    let page = console.visitor().get("/").send().await.expect(200);
    assert!(page.text().contains("<title>Console"), "{page:?}");
    assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"), "{page:?}");
    assert_eq!(page.header("cache-control"), "no-cache");
    let again = console.visitor().get("/").header("if-none-match", page.header("etag")).send().await;
    assert!(again.expect(304).body.is_empty());

    let script =
        console.visitor().get("/assets/main-1.js").header("accept-encoding", "gzip, br").send().await.expect(200);
    assert_eq!((script.header("content-encoding"), script.text().as_str()), ("br", "packed"));
    assert!(script.header("cache-control").contains("immutable"));
    let script = console.visitor().get("/assets/main-1.js").send().await.expect(200);
    assert_eq!((script.header("content-encoding"), script.text().as_str()), ("", "run()"));
}

#[tokio::test]
#[should_panic(expected = "is in use")]
async fn an_operator_address_in_use_is_said() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("any port");
    let addr = taken.local_addr().expect("bound");
    let settings = format!("[console]\noperator_listen = '{addr}'\n");
    TestService::start(bijou_console::ROLE, &settings, async |context| {
        bijou_console::service(context, crate::support::assets).await
    })
    .await;
}
