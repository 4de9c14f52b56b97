//! Nothing without a passport for this very service.

use axum::http::Method;
use bijou_testkit::{TestService, assert_refuses_strangers};
use serde_json::json;

use crate::service::{Held, ROLE, build};

async fn start() -> TestService {
    TestService::of(ROLE).own_contract().start(build(Held::default())).await
}

#[tokio::test]
async fn a_direct_call_without_a_good_passport_is_401() {
    let service = start().await;
    assert_refuses_strangers(&service, Method::GET, "/v1/things").await;
    assert_refuses_strangers(&service, Method::GET, "/v1/no-such-route").await;
    assert_refuses_strangers(&service, Method::DELETE, "/v1/things").await;
}

#[tokio::test]
async fn two_passports_are_none() {
    let service = start().await;
    let second = service.passports.account("acc-2");
    let answer = service.account("acc-1").get("/v1/caller").header("bijou-passport", &second).send().await;
    answer.expect_problem(401, "passport-invalid");
}

#[tokio::test]
async fn probes_documents_and_keys_are_for_everybody() {
    let service = start().await;
    for path in
        ["/healthz", "/readyz", "/metrics", "/openapi.json", "/.well-known/passport-keys", "/.well-known/jwks.json"]
    {
        service.nobody().get(path).send().await.expect(200);
    }
}

#[tokio::test]
async fn a_handler_learns_who_calls() {
    let service = start().await;
    let caller = |value: serde_json::Value| (value["account"].clone(), value["service"].clone());
    let answer = service.account("acc-1").get("/v1/caller").send().await;
    assert_eq!(caller(answer.value()), (json!("acc-1"), json!(null)));
    let answer = service.service("recommendations").get("/v1/caller").send().await;
    assert_eq!(caller(answer.value()), (json!(null), json!("recommendations")));
    let answer = service.anonymous().get("/v1/caller").send().await;
    assert_eq!(caller(answer.value()), (json!(null), json!(null)));
}

#[tokio::test]
async fn keys_that_cannot_be_fetched_are_no_reason_to_say_401() {
    // No keys given: they are looked for in the registry, where no gateway is.
    let settings = bijou_config::Layered::load(
        include_str!("../../../../config/bijou.toml"),
        &[],
        std::iter::empty(),
        &[("registry.url".into(), String::new()), ("data.dir".into(), std::env::temp_dir().display().to_string())],
    );
    let shutdown = tokio_util::sync::CancellationToken::new();
    let (listening, bound) = tokio::sync::oneshot::channel();
    let bootstrap = bijou_chassis::Bootstrap::new(ROLE, 0, settings.expect("the defaults"), shutdown.clone())
        .expect("readable")
        .on_listening(move |addr| {
            let _ = listening.send(addr);
        });
    let running = tokio::spawn(bijou_chassis::run(bootstrap, build(Held::default())));
    let addr = bound.await.expect("bound");

    let service = start().await;
    let mut stranger = service.account("acc-1");
    stranger.set_base_url(&format!("http://{addr}"));
    let answer = stranger.get("/v1/things").send().await;
    answer.expect_problem(503, "passport-keys-unavailable");
    shutdown.cancel();
    running.await.expect("no panic").expect("a graceful stop");
}

/// A signer that publishes its key at an address of its own.
fn publish(signer: &bijou_passport::Signer) -> std::net::SocketAddr {
    let listener = bijou_chassis::bind(([127, 0, 0, 1], 0).into(), "test").expect("any port");
    let addr = listener.local_addr().expect("bound");
    let keys = axum::Json(signer.jwks());
    let routes = axum::Router::new().route(bijou_passport::KEYS_PATH, axum::routing::get(async move || keys));
    tokio::spawn(bijou_chassis::serve(listener, routes, tokio_util::sync::CancellationToken::new()));
    addr
}

fn token(signer: &bijou_passport::Signer) -> String {
    let claims = bijou_passport::Claims::service("recommendations", ["CATALOG"]);
    signer.issue(&claims, std::time::SystemTime::now())
}

#[tokio::test]
async fn a_service_that_calls_before_it_is_found_waits_a_moment_instead_of_being_refused() {
    let service = TestService::of(ROLE).own_contract().keys_of_peers().start(build(Held::default())).await;
    let signer = bijou_passport::Signer::generate("RECOMMENDATIONS");
    let early = tokio::spawn({
        let caller = service.token(&token(&signer));
        async move { caller.get("/v1/caller").send().await }
    });
    bijou_testkit::wait_until("the early call", async || {
        service.nobody().get("/metrics").send().await.text().contains("http_server_active_requests 1")
    })
    .await;
    service.add_peer("RECOMMENDATIONS", publish(&signer));
    early.await.expect("no panic").expect(200);
}

#[tokio::test]
async fn an_instance_that_joins_later_is_believed_without_anybody_asking() {
    let first = bijou_passport::Signer::generate("RECOMMENDATIONS");
    let service = TestService::of(ROLE)
        .own_contract()
        .keys_of_peers()
        .peer("RECOMMENDATIONS", publish(&first))
        .start(build(Held::default()))
        .await;
    service.token(&token(&first)).get("/v1/caller").send().await.expect(200);
    let second = bijou_passport::Signer::generate("RECOMMENDATIONS");
    // Uses up what may be asked for unknown keys.
    for _ in 0..4 {
        service.token(&token(&second)).get("/v1/caller").send().await.expect_problem(401, "passport-invalid");
    }
    service.add_peer("RECOMMENDATIONS", publish(&second));
    bijou_testkit::wait_until("the second key", async || {
        service.token(&token(&second)).get("/v1/caller").send().await.status == 200
    })
    .await;
    service.token(&token(&first)).get("/v1/caller").send().await.expect(200);
}
