//! Every change is recorded, refused ones too, and what cannot be recorded is not made.

use bijou_testkit::{TestResponse, TestService, User};
use serde_json::{Value, json};

use crate::support::{Console, TOKEN};

async fn entries(console: &Console, query: &str) -> Vec<Value> {
    console.ask(&format!("/api/audit{query}")).await["items"].as_array().expect("a list").clone()
}

async fn sign_in(stranger: &User, token: &str) -> TestResponse {
    stranger.post("/api/session").json(&json!({ "token": token })).send().await
}

#[tokio::test]
async fn changes_are_recorded_with_who_and_refused_ones_too() {
    let console = Console::start().await;
    let stranger = console.stranger();
    sign_in(&stranger, "guess-me").await.expect_problem(401, "operator-token-wrong");
    sign_in(&stranger, TOKEN).await.expect(204);
    let foreign = stranger.delete("/api/session").header("origin", "http://evil.example");
    foreign.send().await.expect_problem(403, "foreign-origin");

    let told = console.ask("/api/audit").await;
    let items = told["items"].as_array().expect("a list");
    let short: Vec<_> = items.iter().map(|item| (item["actor"].as_str(), item["action"].as_str())).collect();
    assert_eq!(
        short,
        [
            (Some("nobody"), Some("request.refused")),
            (Some("token"), Some("session.create")),
            (Some("nobody"), Some("request.refused")),
        ]
    );
    assert_eq!(items[0]["target"], "DELETE /api/session");
    assert_eq!(items[2]["after"], json!({"status": 401}));
    assert!(!told.to_string().contains("guess-me") && !told.to_string().contains(TOKEN), "{told}");
}

#[tokio::test]
async fn the_list_is_filtered_and_paged() {
    let console = Console::start().await;
    for _ in 0..3 {
        sign_in(&console.stranger(), TOKEN).await.expect(204);
    }
    sign_in(&console.stranger(), "guess").await.expect(401);
    assert_eq!(entries(&console, "?actor=token").await.len(), 3);
    assert_eq!(entries(&console, "?action=request.refused&target=session").await.len(), 1);
    assert!(entries(&console, "?target=%25").await.is_empty());
    assert!(entries(&console, "?since=2999-01-01T00:00:00Z").await.is_empty());

    let first = console.ask("/api/audit?limit=3").await;
    let next = first["next"].as_i64().expect("another page");
    let second = console.ask(&format!("/api/audit?limit=3&before={next}")).await;
    assert_eq!(second["items"].as_array().map(Vec::len), Some(1));
    assert!(second.get("next").is_none());

    let wrong =
        console.stranger().get("/api/audit?since=yesterday").header("authorization", &format!("Bearer {TOKEN}"));
    wrong.send().await.expect_problem(400, "query-invalid");
}

#[tokio::test]
async fn a_changed_entry_is_found_and_the_chain_goes_on_over_a_restart() {
    let console = Console::start().await;
    sign_in(&console.stranger(), TOKEN).await.expect(204);
    let verdict = console.ask("/api/audit/verify").await;
    assert_eq!((&verdict["whole"], &verdict["entries"]), (&json!(true), &json!(1)));

    let data = console.service.stop().await;
    let console = Console::start_with(TestService::of(bijou_console::ROLE).data(data)).await;
    sign_in(&console.stranger(), TOKEN).await.expect(204);
    assert_eq!(console.ask("/api/audit/verify").await["entries"], 2);

    tamper(&console, "UPDATE audit SET actor = 'somebody else' WHERE seq = 1").await;
    let verdict = console.ask("/api/audit/verify").await;
    assert_eq!((&verdict["whole"], &verdict["broken_at"]), (&json!(false), &json!(1)));
}

#[tokio::test]
async fn what_cannot_be_recorded_is_not_done() {
    let console = Console::start().await;
    tamper(&console, "ALTER TABLE audit RENAME TO gone").await;
    let answer = sign_in(&console.stranger(), TOKEN).await;
    answer.expect_problem(503, "audit-unavailable");
    assert_eq!(answer.header("set-cookie"), "");
    // A refusal stays what it is.
    sign_in(&console.stranger(), "guess").await.expect_problem(401, "operator-token-wrong");
}

/// Does something to the console's database behind its back.
pub async fn tamper(console: &Console, sql: &'static str) {
    let url = bijou_store::sqlite_url(&console.service.data_dir().join("console.sqlite"));
    sqlx::any::install_default_drivers();
    let pool = sqlx::AnyPool::connect(&url).await.expect("the console's file");
    sqlx::query(sql).execute(&pool).await.expect("done");
    pool.close().await;
}
