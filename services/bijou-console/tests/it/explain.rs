//! The explanation of a request: the gateway's own words, passed on.

use axum::routing::get;
use axum::{Json, Router};
use bijou_testkit::TestService;
use serde_json::{Value, json};

use crate::support::{Console, TOKEN};

fn gateway() -> Router {
    let told = async |axum::extract::RawQuery(query): axum::extract::RawQuery| {
        assert_eq!(query.as_deref(), Some("method=GET&url=%2Fv1%2Fhome&as=viewer"));
        let told: Value = json!({
            "method": "GET", "host": "", "path": "/v1/home", "answered_by": "instance", "others": [],
            "candidates": [{
                "instance_id": "r1", "address": "127.0.0.1:1", "state": "healthy", "score": 1.0, "in_flight": 0, "zone": "a",
                "locality": "same-zone",
            }],
            "zones": { "own": "a", "share": 0.75, "why": "others carry the rest" },
            "route": { "id": "home", "application": "RECOMMENDATIONS", "why": "longest prefix `/v1/home`" },
            "filters": [{ "filter": "authorise", "verdict": "passes", "why": "" }],
        });
        Json(told)
    };
    Router::new().route("/-/explain", get(told))
}

#[tokio::test]
async fn a_request_is_explained_by_the_gateway() {
    let console = Console::start_with(TestService::of(bijou_console::ROLE).stand_in("GATEWAY", gateway())).await;
    let told = console.ask("/api/explain?method=GET&url=/v1/home&as=viewer").await;
    assert_eq!((&told["route"]["id"], &told["answered_by"]), (&json!("home"), &json!("instance")));
    assert_eq!(told["zones"], json!({ "own": "a", "share": 0.75, "why": "others carry the rest" }));
    assert_eq!(
        (&told["candidates"][0]["zone"], &told["candidates"][0]["locality"]),
        (&json!("a"), &json!("same-zone"))
    );
    let stranger = console.stranger().get("/api/explain?method=GET&url=/v1/home").send().await;
    stranger.expect_problem(401, "operator-sign-in-required");
}

#[tokio::test]
async fn without_a_gateway_there_is_nobody_to_ask() {
    let console = Console::start().await;
    let asked =
        console.stranger().get("/api/explain?method=GET&url=/").header("authorization", &format!("Bearer {TOKEN}"));
    asked.send().await.expect_problem(503, "no-gateway");
}
