//! Who is there and how they are.

use axum::Router;
use axum::routing::get;
use axum::{Json, http::StatusCode};
use bijou_testkit::{TestService, wait_for};
use prost::Message as _;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::support::{Console, crossing};

fn waiting() -> Router {
    let readyz = || async {
        let checks = json!([{"name": "store", "ready": false, "reason": "opening"}, {"name": "keys", "ready": true}]);
        (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"ready": false, "phase": "starting", "checks": checks})))
    };
    Router::new().route("/readyz", get(readyz))
}

async fn instance(console: &Console, app: &str, is_known: impl Fn(&Value) -> bool) -> Value {
    wait_for(app, async || {
        let items = console.ask("/api/instances").await["items"].as_array().expect("a list").clone();
        items.into_iter().find(|item| item["app"] == app && is_known(item))
    })
    .await
}

#[tokio::test]
async fn an_instance_says_what_it_waits_for_and_one_that_is_gone_is_unreachable() {
    let console = Console::start_with(TestService::of(bijou_console::ROLE).stand_in("CATALOG", waiting())).await;
    let catalog = instance(&console, "CATALOG", |item| item["health"] != "unknown").await;
    assert_eq!((&catalog["health"], &catalog["phase"]), (&json!("not-ready"), &json!("starting")));
    assert_eq!(catalog["reasons"], json!(["store: opening"]));
    assert_eq!((&catalog["role"], &catalog["status"]), (&json!("catalog"), &json!("UP")));

    console.service.add_peer("PLAYBACK", ([127, 0, 0, 1], 1).into());
    let playback = instance(&console, "PLAYBACK", |item| item["health"] != "unknown").await;
    assert_eq!(playback["health"], "unreachable");
    assert_eq!(console.ask("/api/instances").await["registry"], json!({"reachable": false}));
}

#[tokio::test]
async fn leases_come_from_the_registry_with_their_age() {
    let leases = || async {
        Json(json!({
            "epoch": "e-1", "revision": 4, "now_ms": 1_000_000,
            "self_preservation": {"state": "off", "instances": 1, "expired_kept": 0, "evicted_lately": 0, "gone_max": 1,
                "instances_min": 10, "renewals_expected_per_minute": 20, "renewals_last_minute": 20},
            "leases": [{"app": "CATALOG", "instance_id": "host:catalog:0", "host_name": "host", "ip_addr": "127.0.0.1",
                "port": 9, "status": "UP", "registered_ms": 900_000, "renewed_ms": 999_200,
                "renewal_interval_s": 3, "duration_s": 10, "expires_in_ms": 9_200}],
        }))
    };
    let listener = bijou_chassis::bind(([127, 0, 0, 1], 0).into(), "test").expect("any port");
    let url = format!("http://{}/eureka", listener.local_addr().expect("bound"));
    let routes = Router::new().route("/eureka/leases", get(leases)).fallback(|| async { StatusCode::NO_CONTENT });
    tokio::spawn(bijou_chassis::serve(listener, routes, CancellationToken::new()));

    let settings = format!("[registry]\nurl = '{url}'\n");
    let console = Console::start_with(TestService::of(bijou_console::ROLE).settings(&settings)).await;
    let catalog = instance(&console, "CATALOG", |_| true).await;
    assert_eq!(catalog["lease"]["age_ms"], 800);
    assert_eq!(catalog["lease"]["expires_in_ms"], 9_200);
    let registry = &console.ask("/api/instances").await["registry"];
    assert_eq!((&registry["reachable"], &registry["epoch"]), (&json!(true), &json!("e-1")));
    assert_eq!(instance(&console, "REGISTRY", |_| true).await["health"], "ready");

    // It has no page of metrics, so nothing is said of what it does, whatever was traced.
    for batch in crossing(1, 200) {
        let role = console.service.service("gateway");
        role.post("/v1/traces").body("application/x-protobuf", batch.encode_to_vec()).send().await.expect(200);
    }
    let catalog = instance(&console, "CATALOG", |_| true).await;
    assert!(catalog.get("last_minute").is_none(), "{catalog}");
}
