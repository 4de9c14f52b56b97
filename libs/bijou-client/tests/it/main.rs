//! Calls against real sockets: what is sent, what is repeated, and what a failure says about itself.

mod outside;
mod service;

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use bijou_client::{
    CallContext, CallError, Client, ClientConfig, Credentials, FAULT_CODE, Fault, FaultHits, FaultKind, FaultOrder,
    FaultPlace, FaultSheet, RegistryKeys, Sent, segment,
};
use bijou_eureka::{Discovery, Instance, SnapshotPublisher};
use bijou_passport::{Claims, KeySource, Signer, StaticKeys, Verifier};
use bijou_resilience::{Deadline, RetryPolicy};
use http::StatusCode;
use serde_json::{Value, json};

use service::{Service, Step};

const OK: Step = Step::Answer(200, r#"{"ok":true}"#);
const BUSY: Step = Step::Answer(503, "");

/// A client of `playback`, and the instances of `CATALOG` it finds.
struct World {
    client: Client,
    instances: Vec<Service>,
    publisher: SnapshotPublisher,
    signer: Arc<Signer>,
}

async fn world(scripts: &[&[Step]]) -> World {
    world_with(ClientConfig::default(), scripts).await
}

async fn world_with(config: ClientConfig, scripts: &[&[Step]]) -> World {
    let (discovery, publisher) = Discovery::manual();
    let mut instances = Vec::new();
    for script in scripts {
        instances.push(Service::start(script.iter().cloned()).await);
    }
    let signer = Arc::new(Signer::generate("PLAYBACK"));
    let client = Client::new(config, discovery, Some(Arc::clone(&signer)), "playback");
    let world = World { client, instances, publisher, signer };
    world.publish();
    world
}

impl World {
    fn publish(&self) {
        let listed = self.instances.iter().enumerate();
        let listed = listed.map(|(slot, service)| {
            Instance::new("CATALOG", &format!("host:catalog:{slot}"), "host", "127.0.0.1", service.addr.port())
        });
        self.publisher.publish(&listed.collect::<Vec<_>>());
    }

    fn requests(&self) -> usize {
        self.instances.iter().map(|service| service.received().len()).sum()
    }

    async fn get(&self) -> Result<Value, CallError> {
        self.client.to("CATALOG").get("/v1/titles").send_json().await
    }
}

fn quick() -> ClientConfig {
    ClientConfig { attempt_timeout: Duration::from_secs(1), ..ClientConfig::default() }
}

#[tokio::test]
async fn a_call_carries_passport_deadline_and_request_id() {
    let world = world(&[&[OK]]).await;
    let context = CallContext {
        deadline: Some(Deadline::after(Instant::now(), Duration::from_millis(2_500))),
        request_id: Some("req-1".into()),
        priority: Some("high".into()),
        ..CallContext::service()
    };
    let request = world.client.to("CATALOG").get("/v1/titles").query("genre", "sci-fi & more").context(&context);
    assert_eq!(request.send_json::<Value>().await.expect("answered"), json!({ "ok": true }));
    let received = &world.instances[0].received()[0];
    assert_eq!(received.path_and_query, "/v1/titles?genre=sci-fi%20%26%20more");
    assert_eq!(received.headers["x-request-id"], "req-1");
    assert_eq!(received.headers["bijou-priority"], "high");
    let budget_ms: u64 = received.headers["bijou-deadline-ms"].to_str().expect("text").parse().expect("a number");
    assert!((1..=2_500).contains(&budget_ms), "{budget_ms}");
    let keys = StaticKeys::new();
    keys.add("PLAYBACK", world.signer.public_key().clone());
    let token = received.headers["bijou-passport"].to_str().expect("text");
    let passport = Verifier::new("CATALOG", Arc::new(keys)).verify(token, SystemTime::now()).await.expect("genuine");
    assert_eq!(passport.service(), Some("playback"));
}

#[tokio::test]
async fn a_forwarded_passport_arrives_as_it_came() {
    let world = world(&[&[OK]]).await;
    let token = Signer::generate("GATEWAY").issue(&Claims::account("acc-1", ["CATALOG"]), SystemTime::now());
    let request = world.client.to("CATALOG").get("/").passport(Credentials::forward(token.as_str()));
    request.send().await.expect("answered");
    assert_eq!(world.instances[0].received()[0].headers["bijou-passport"], token.as_str());
}

#[tokio::test]
async fn own_passports_are_signed_once_and_used_again() {
    let world = world(&[&[OK]]).await;
    for _ in 0..2 {
        world.client.to("CATALOG").get("/").passport(Credentials::Service).send().await.expect("answered");
    }
    let received = world.instances[0].received();
    assert_eq!(received[0].headers["bijou-passport"], received[1].headers["bijou-passport"]);
}

#[tokio::test]
async fn an_instance_that_is_gone_costs_nobody_an_answer() {
    let mut world = world(&[&[OK], &[OK]]).await;
    // A port nobody listens on any more.
    let gone = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    world.instances[1].addr = gone.local_addr().expect("bound");
    drop(gone);
    world.publish();
    for _ in 0..20 {
        world.get().await.expect("the other one answers");
        world
            .client
            .to("CATALOG")
            .post("/v1/things")
            .json(&json!({}))
            .send()
            .await
            .expect("nothing was sent, so even a POST");
    }
}

#[tokio::test]
async fn not_now_sends_an_idempotent_request_elsewhere() {
    for status in [502, 503, 504] {
        let world = world(&[&[Step::Answer(status, "")], &[OK]]).await;
        for _ in 0..10 {
            world.get().await.expect("the other one serves");
        }
    }
}

#[tokio::test]
async fn not_now_leaves_a_post_alone_unless_it_may_be_repeated() {
    let world = world(&[&[BUSY], &[BUSY]]).await;
    let post = || world.client.to("CATALOG").post("/v1/things");
    let answer = post().send().await.expect("an answer is an answer");
    assert_eq!((answer.status, world.requests()), (StatusCode::SERVICE_UNAVAILABLE, 1));
    let answer = post().idempotent(true).send().await.expect("an answer is an answer");
    assert_eq!((answer.status, world.requests()), (StatusCode::SERVICE_UNAVAILABLE, 4));
}

#[tokio::test]
async fn a_server_error_is_final() {
    let world = world(&[&[Step::Answer(500, "")], &[Step::Answer(500, "")]]).await;
    let error = world.get().await.expect_err("failed");
    assert_eq!((error.fault(), error.sent(), error.may_retry()), (Fault::Callee, Sent::Yes, false));
    assert_eq!(world.requests(), 1);
}

#[tokio::test]
async fn a_broken_connection_is_tried_again_only_if_idempotent() {
    let world = world(&[&[Step::Break, OK]]).await;
    world.get().await.expect("second try");
    let world = self::world(&[&[Step::Break, OK]]).await;
    let error = world.client.to("CATALOG").post("/").send().await.expect_err("must not be repeated");
    assert!(matches!(error, CallError::Broken { .. }), "{error:?}");
    assert_eq!((error.sent(), error.may_retry(), world.requests()), (Sent::Maybe, false, 1));
}

#[tokio::test]
async fn half_a_body_is_no_answer() {
    let world = world(&[&[Step::BreakInBody, OK]]).await;
    assert_eq!(world.get().await.expect("second try"), json!({ "ok": true }));
    assert_eq!(world.requests(), 2);
}

#[tokio::test]
async fn an_instance_that_hangs_is_left_for_another() {
    let world = world_with(quick(), &[&[Step::Hang], &[OK]]).await;
    for _ in 0..5 {
        world.get().await.expect("the other one answers");
    }
    let error = self::world_with(quick(), &[&[Step::Hang]])
        .await
        .client
        .to("CATALOG")
        .post("/")
        .send()
        .await
        .expect_err("hangs");
    assert!(matches!(error, CallError::TimedOut { .. }), "{error:?}");
    assert_eq!((error.fault(), error.sent(), error.may_retry()), (Fault::Callee, Sent::Maybe, false));
}

#[tokio::test]
async fn the_callers_deadline_ends_everything() {
    let world = world(&[&[Step::Hang]]).await;
    let deadline = |ms| Deadline::after(Instant::now(), Duration::from_millis(ms));
    let error = world.client.to("CATALOG").get("/").deadline(deadline(800)).send().await.expect_err("hangs");
    assert!(matches!(error, CallError::DeadlinePassed { sent: true, .. }), "{error:?}");
    assert_eq!(world.client.report()[0].breaker, "closed", "a short deadline is not the instance's fault");
    let error = world.client.to("CATALOG").get("/").deadline(deadline(0)).send().await.expect_err("too late");
    assert_eq!((error.fault(), error.sent()), (Fault::Deadline, Sent::No));
    assert_eq!(world.requests(), 1);
}

#[tokio::test]
async fn retries_stop_when_the_budget_is_used_up() {
    let retries = RetryPolicy { share: 0.0, floor_per_s: 1 };
    let world = world_with(ClientConfig { retries, ..ClientConfig::default() }, &[&[BUSY], &[BUSY]]).await;
    for _ in 0..20 {
        world.get().await.expect_err("both are busy");
    }
    assert_eq!(world.requests(), 20 + 10, "the floor of ten seconds and not one more");
}

#[tokio::test]
async fn an_instance_that_keeps_failing_is_shut_and_named_so() {
    let world = world(&[&[Step::Break]]).await;
    let mut last = None;
    for _ in 0..3 {
        last = world.get().await.err();
    }
    let error = last.expect("it always breaks");
    assert!(matches!(error, CallError::AllShut { .. }), "{error:?}");
    assert_eq!((error.fault(), error.sent(), error.may_retry()), (Fault::Network, Sent::No, true));
    assert_eq!(world.client.report()[0].breaker, "open");
}

#[tokio::test]
async fn nobody_up_is_said_at_once() {
    let error = world(&[]).await.get().await.expect_err("nobody");
    assert!(matches!(error, CallError::NoInstance { .. }), "{error:?}");
}

#[tokio::test]
async fn a_problem_is_handed_on_with_its_code() {
    let world = world(&[&[Step::Answer(
        404,
        r#"{"type":"/problems/title-not-found","title":"No such title","status":404,"code":"title-not-found"}"#,
    )]])
    .await;
    let error = world.get().await.expect_err("not found");
    assert!(error.is_not_found());
    assert_eq!(error.problem().map(|problem| problem.code.as_ref()), Some("title-not-found"));
    assert_eq!((error.fault(), error.may_retry()), (Fault::Caller, false));
}

#[tokio::test]
async fn an_answer_off_contract_and_one_too_long_are_the_callees_fault() {
    let world = world(&[&[Step::Answer(200, "<html>")]]).await;
    assert!(matches!(world.get().await, Err(CallError::Unreadable { .. })));
    let error = world.client.to("CATALOG").get("/").body_bytes_max(3).send().await.expect_err("six bytes");
    assert!(matches!(error, CallError::BodyTooLarge { bytes_max: 3, .. }), "{error:?}");
}

#[tokio::test]
async fn a_request_that_cannot_be_built_never_leaves() {
    let world = world(&[&[OK]]).await;
    let target = world.client.to("CATALOG");
    for request in [target.get("no-slash"), target.get("/ space"), target.get("/").header("x", "line\nbreak")] {
        let error = request.send().await.expect_err("wrong");
        assert_eq!((error.fault(), error.sent(), error.may_retry()), (Fault::Caller, Sent::No, false), "{error}");
    }
    let unsigned = Client::standalone(ClientConfig::default(), None, "tool")
        .to_url("CATALOG", &world.instances[0].base())
        .expect("a URL");
    assert!(unsigned.get("/").passport(Credentials::Service).send().await.is_err());
    assert_eq!(world.requests(), 0);
}

#[tokio::test]
async fn a_fixed_address_needs_no_registry_and_keeps_its_prefix() {
    let service = Service::start([OK]).await;
    let client = Client::standalone(ClientConfig::default(), None, "tool");
    let target = client.to_url("CATALOG", &format!("{}/inner/", service.base())).expect("a URL");
    target.get(&format!("/v1/titles/{}", segment("../a b"))).send_json::<Value>().await.expect("answered");
    assert_eq!(service.received()[0].path_and_query, "/inner/v1/titles/..%2Fa%20b");
    assert!(client.to_url("CATALOG", "https://example.org").is_err());
}

#[tokio::test]
async fn a_stream_gives_pieces_and_ends() {
    let world = world(&[&[OK]]).await;
    let mut stream = world.client.to("CATALOG").get("/events").send_stream().await.expect("answered");
    let mut body = Vec::new();
    while let Some(piece) = stream.chunk(Duration::from_secs(5)).await.expect("whole") {
        body.extend_from_slice(&piece);
    }
    assert_eq!(body, br#"{"ok":true}"#);
    assert_eq!(world.client.report()[0].in_flight, 0);
}

#[tokio::test]
async fn keys_come_from_every_instance_that_answers() {
    let (one, two) = (Signer::generate("CATALOG"), Signer::generate("CATALOG"));
    let leak = |signer: &Signer| &*signer.jwks().to_string().leak();
    let world = world(&[&[Step::Answer(200, leak(&one))], &[Step::Answer(200, leak(&two))], &[Step::Break]]).await;
    let keys = RegistryKeys::new(world.client.clone());
    let mut found: Vec<_> =
        keys.keys("CATALOG").await.expect("two answered").iter().map(|key| key.kid().to_owned()).collect();
    found.sort();
    let mut expected = vec![one.public_key().kid().to_owned(), two.public_key().kid().to_owned()];
    expected.sort();
    assert_eq!(found, expected);
    assert!(keys.keys("IDENTITY").await.is_err(), "nobody is up");
}

#[tokio::test]
async fn a_fault_put_in_on_purpose_is_answered_without_asking_and_spares_control() {
    let world = world(&[&[OK]]).await;
    let order = FaultOrder {
        id: "f-1".to_owned(),
        does: FaultKind::Abort { status: 500 },
        at: FaultPlace::Edge { from: Some("playback".to_owned()), to: "catalog".to_owned() },
        percent: 100,
        accounts_percent: None,
        ends_in_ms: 60_000,
    };
    let sheet = |faults| FaultSheet { injector: "console".to_owned(), ttl_ms: 20_000, faults };
    world.client.faults().renew(sheet(vec![order]), Instant::now());
    let error = world.get().await.expect_err("struck");
    assert_eq!((error.problem().map(|problem| &*problem.code), error.sent()), (Some(FAULT_CODE), Sent::Yes));
    assert_eq!(world.requests(), 0);
    world.client.to("CATALOG").get("/-/status").send_json::<Value>().await.expect("spared");

    let hits = world.client.faults().renew(sheet(Vec::new()), Instant::now());
    assert_eq!(hits, [FaultHits { id: "f-1".to_owned(), hits: 1 }]);
    world.get().await.expect("over");
}
