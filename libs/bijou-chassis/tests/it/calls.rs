//! What a service's calls of others come to: numbers for the console's map, and faults for a share of the accounts.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use bijou_chassis::{BoxError, Context, Json, RequestContext, Service};
use bijou_client::Client;
use bijou_testkit::{TestService, wait_until};
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::service::ROLE;

/// Asks another one in the caller's name, and says what came of it.
#[utoipa::path(get, path = "/v1/asked", responses((status = 200, body = Object)))]
async fn ask(State(client): State<Client>, context: RequestContext) -> Json<Value> {
    let answer = client.to("IDENTITY").get("/v1/asked").context(&context.call_as_service()).send().await;
    let told = answer.and_then(bijou_client::Response::success);
    let code =
        told.err().map(|error| error.problem().map_or_else(|| error.to_string(), |problem| problem.code.to_string()));
    Json(json!({ "code": code }))
}

async fn build(context: Context) -> Result<Service, BoxError> {
    Ok(Service::new(OpenApiRouter::new().routes(routes!(ask)).with_state(context.client.clone())))
}

/// The service, and one it calls that answers with this status.
async fn start(status: StatusCode) -> TestService {
    let identity = Router::new().route("/v1/asked", get(async move || status));
    TestService::of(ROLE).own_contract().stand_in("IDENTITY", identity).start(build).await
}

async fn numbers(service: &TestService) -> Vec<String> {
    let text = service.nobody().get("/metrics").send().await.expect(200).text();
    let edges = text.lines().filter(|line| line.starts_with("bijou_edge_") && !line.contains("_bucket"));
    edges.filter(|line| !line.starts_with("bijou_edge_seconds_sum")).map(str::to_owned).collect()
}

#[tokio::test]
async fn the_consoles_map_is_told_what_goes_to_whom_and_how_it_went() {
    let service = start(StatusCode::SERVICE_UNAVAILABLE).await;
    assert!(numbers(&service).await.is_empty(), "nobody was called yet");
    let asked = service.anonymous().get("/v1/asked").send().await.expect(200).value();
    assert_eq!(asked["code"], "http-503");
    // The one instance is asked again, three times in all; whoever answers is let be by the breaker.
    assert_eq!(
        numbers(&service).await,
        [
            "bijou_edge_attempts_total{to=\"identity\"} 3",
            "bijou_edge_failures_total{to=\"identity\"} 3",
            "bijou_edge_retries_total{to=\"identity\"} 2",
            "bijou_edge_seconds_count{to=\"identity\"} 3",
            "bijou_edge_breakers_open{to=\"identity\"} 0",
        ]
    );
}

#[tokio::test]
async fn an_instance_that_does_not_answer_has_an_open_breaker_on_the_map() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").expect("any port").local_addr().expect("bound");
    let service = TestService::of(ROLE).own_contract().peer("IDENTITY", nobody).start(build).await;
    wait_until("its breaker to open", async || {
        service.anonymous().get("/v1/asked").send().await.expect(200);
        numbers(&service).await.contains(&"bijou_edge_breakers_open{to=\"identity\"} 1".to_owned())
    })
    .await;
}

#[tokio::test]
async fn a_fault_for_a_share_of_the_accounts_strikes_their_calls_and_spares_who_is_not_signed_in() {
    let service = start(StatusCode::OK).await;
    let put_in = async |accounts_percent: u8| {
        let fault = json!({
            "id": "f-1", "does": { "kind": "abort", "status": 418 }, "percent": 100, "accounts_percent": accounts_percent,
            "ends_in_ms": 60_000, "at": { "kind": "edge", "from": ROLE, "to": "identity" },
        });
        let sheet = json!({ "injector": "host:console:0", "ttl_ms": 20_000, "faults": [fault] });
        service.service("console").put("/-/faults").json(&sheet).send().await.expect(200);
    };
    let code = async |user: bijou_testkit::User| user.get("/v1/asked").send().await.expect(200).value()["code"].clone();
    put_in(100).await;
    assert_eq!(code(service.account("acc-1")).await, "fault-injected");
    assert_eq!(code(service.anonymous()).await, json!(null), "nobody belongs to no share");
    put_in(0).await;
    assert_eq!(code(service.account("acc-1")).await, json!(null));
}
