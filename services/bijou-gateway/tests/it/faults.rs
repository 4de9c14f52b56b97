//! Faults put in by the console: where they strike, what they look like, and that they end.

use http::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Call, Origin, Platform, ROUTE_X, call, config, wait_for};
use crate::tokens::{Identity, Key};

async fn start() -> (Platform, Origin) {
    let mut platform = Platform::start(config(ROUTE_X)).await;
    let origin = Origin::echo("one").await;
    platform.register("X", "one", origin.addr);
    (platform, origin)
}

impl Platform {
    /// Tells the gateway these faults, for so many milliseconds.
    async fn inject(&self, ttl_ms: u64, faults: Value) -> Value {
        let answer = self.put_faults(&self.console_passport(), ttl_ms, faults).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    async fn put_faults(&self, passport: &str, ttl_ms: u64, faults: Value) -> Answer {
        let sheet = json!({ "injector": "host:console:0", "ttl_ms": ttl_ms, "faults": faults }).to_string();
        let put = Call::new(Method::PUT, "/-/faults").header("bijou-passport", passport);
        call(self.gateway.admin_addr(), put.header("content-type", "application/json").with_body(sheet)).await
    }

    fn console_passport(&self) -> String {
        let claims = bijou_passport::Claims::service("console", ["GATEWAY"]);
        self.console.issue(&claims, std::time::SystemTime::now())
    }
}

fn fault(does: Value, at: Value) -> Value {
    json!([{ "id": "f-1", "does": does, "at": at, "percent": 100, "ends_in_ms": 60_000 }])
}

fn on_route(does: Value) -> Value {
    fault(does, json!({ "kind": "route", "route": "x" }))
}

#[tokio::test]
async fn an_explanation_tells_what_may_strike_and_suffers_nothing() {
    let (platform, _origin) = start().await;
    platform.inject(20_000, on_route(json!({ "kind": "abort", "status": 503 }))).await;
    let told = platform.admin("/-/explain?method=GET&url=/x").await;
    let filters = told["filters"].as_array().unwrap();
    let expected = json!({ "filter": "faults", "verdict": "depends", "why": "abort `f-1` strikes 100 %" });
    assert!(filters.contains(&expected) && told["answered_by"] == "instance", "{told}");
    assert_eq!(platform.inject(20_000, json!([])).await, json!([{ "id": "f-1", "hits": 0 }]));
}

#[tokio::test]
async fn an_abort_answers_in_place_of_the_service_and_is_in_story_metrics_and_map() {
    let (platform, origin) = start().await;
    platform.inject(20_000, on_route(json!({ "kind": "abort", "status": 503 }))).await;
    let answer = platform.get("/x").await;
    answer.check_problem(503, "fault-injected", "local");
    assert_eq!((answer.json()["fault"].as_str(), origin.seen()), (Some("f-1"), 0));
    let story = platform.story(answer.header("x-request-id")).await;
    assert_eq!((&story["code"], &story["notes"]), (&json!("fault-injected"), &json!([["fault", "f-1"]])), "{story}");
    let metrics = call(platform.gateway.admin_addr(), Call::get("/metrics")).await.text();
    for line in [
        "bijou_faults_injected_total{kind=\"abort\"} 1",
        "bijou_edge_attempts_total{to=\"x\"} 1",
        "bijou_edge_failures_total{to=\"x\"} 1",
    ] {
        assert!(metrics.contains(line), "{line}: {metrics}");
    }

    let hits = platform.inject(20_000, json!([])).await;
    assert_eq!(hits, json!([{ "id": "f-1", "hits": 1 }]));
    assert_eq!(platform.get("/x").await.status, 200);
}

#[tokio::test]
async fn a_fault_that_nobody_renews_ends_by_itself() {
    let (platform, _origin) = start().await;
    let edge = json!({ "kind": "edge", "to": "x" });
    platform.inject(3_000, fault(json!({ "kind": "abort", "status": 500 }), edge)).await;
    platform.get("/x").await.check_problem(500, "fault-injected", "local");
    wait_for("the fault to end", async || platform.get("/x").await.status == 200).await;
}

#[tokio::test]
async fn a_fault_for_a_share_of_the_accounts_strikes_them_and_spares_who_is_not_signed_in() {
    let (mut platform, _origin) = start().await;
    let key = Key::new("k1");
    let identity = Identity::start(&[&key]).await;
    platform.register("IDENTITY", "identity", identity.origin.addr);
    let as_account = async || call(platform.addr(), Call::get("/x").bearer(&key.token("viewer"))).await;
    assert_eq!(as_account().await.status, 200);
    let for_share = |accounts_percent: u8| {
        let mut faults = on_route(json!({ "kind": "abort", "status": 503 }));
        faults[0]["accounts_percent"] = json!(accounts_percent);
        faults
    };
    platform.inject(20_000, for_share(100)).await;
    as_account().await.check_problem(503, "fault-injected", "local");
    assert_eq!(platform.get("/x").await.status, 200, "nobody belongs to no share");
    platform.inject(20_000, for_share(0)).await;
    assert_eq!(as_account().await.status, 200);
}

#[tokio::test]
async fn a_delay_lets_the_request_through_and_a_limit_says_when_to_come_back() {
    let (platform, origin) = start().await;
    platform.inject(20_000, on_route(json!({ "kind": "delay", "ms": 60 }))).await;
    assert_eq!(platform.get("/x").await.status, 200);
    assert_eq!(platform.inject(20_000, json!([])).await, json!([{ "id": "f-1", "hits": 1 }]));

    platform.inject(20_000, on_route(json!({ "kind": "limit", "per_second": 1 }))).await;
    assert_eq!(platform.get("/x").await.status, 200);
    let mut refused = platform.get("/x").await;
    while refused.status == 200 {
        refused = platform.get("/x").await;
    }
    refused.check_problem(429, "fault-injected", "local");
    assert_eq!(refused.header("retry-after"), "1");
    assert!(origin.seen() >= 2);
}

#[tokio::test]
async fn only_the_console_may_put_faults_in() {
    let (platform, _origin) = start().await;
    let abort = || on_route(json!({ "kind": "abort", "status": 500 }));
    let claims = bijou_passport::Claims::service("playback", ["GATEWAY"]);
    let forged = platform.console.issue(&claims, std::time::SystemTime::now());
    assert_ne!(platform.put_faults(&forged, 20_000, abort()).await.status, 200);
    assert_eq!(platform.put_faults("", 20_000, abort()).await.status, 401);
    assert_eq!(call(platform.addr(), Call::new(Method::PUT, "/-/faults")).await.status, 404);
    assert_eq!(platform.get("/x").await.status, 200);
}
