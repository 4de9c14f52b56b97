//! Whose request a sign-in was, as a collector hears it: no passport says so.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use bijou_testkit::wait_until;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;
use tokio_util::sync::CancellationToken;

use crate::world::{EMAIL, PASSWORD, World, oauth_error, text};

type Received = Arc<Mutex<Vec<Span>>>;

async fn take(State(received): State<Received>, body: Bytes) {
    let request = ExportTraceServiceRequest::decode(body).expect("protobuf");
    let scopes = request.resource_spans.into_iter().flat_map(|of_resource| of_resource.scope_spans);
    received.lock().expect("no panic").extend(scopes.flat_map(|of_scope| of_scope.spans));
}

async fn start() -> (World, Received) {
    let received = Received::default();
    let listener = bijou_chassis::bind(([127, 0, 0, 1], 0).into(), "test").expect("any port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    let routes = Router::new().route("/v1/traces", post(take)).with_state(Arc::clone(&received)).fallback(|| async {});
    tokio::spawn(bijou_chassis::serve(listener, routes, CancellationToken::new()));
    let settings = format!("[telemetry]\notlp = '{url}'\n");
    (World::on(bijou_testkit::sqlite_database(), &settings).await, received)
}

fn attribute<'a>(span: &'a Span, name: &str) -> Option<&'a Value> {
    span.attributes.iter().find(|pair| pair.key == name)?.value.as_ref()?.value.as_ref()
}

fn words(span: &Span, name: &str) -> Option<String> {
    match attribute(span, name)? {
        Value::StringValue(words) => Some(words.clone()),
        other => panic!("{name}: {other:?}"),
    }
}

/// Waits until the spans of this name and status are those of these accounts and sessions.
async fn check(received: &Received, name: &str, status: i64, expected: &[(Option<&str>, Option<&str>)]) {
    wait_until(&format!("{name} {status} of {expected:?}"), async || {
        let received = received.lock().expect("no panic");
        let status = Value::IntValue(status);
        let of_name = received.iter().filter(|span| span.name == name);
        let ended = of_name.filter(|span| attribute(span, "http.response.status_code") == Some(&status));
        let mut persons: Vec<_> = ended.map(|span| (words(span, "enduser.id"), words(span, "session.id"))).collect();
        persons.sort();
        let persons = persons.iter().map(|(account, session)| (account.as_deref(), session.as_deref()));
        persons.eq(expected.iter().copied())
    })
    .await;
}

#[tokio::test]
async fn spans_of_sign_ins_name_the_account_and_nothing_that_opens_it() {
    let (world, received) = start().await;
    let id = world.sign_up().await;
    let account = Some(id.as_str());
    world.try_sign_in("eve@example.org", "incorrect horse").await.expect(401);
    world.try_sign_in(EMAIL, "incorrect horse").await.expect(401);
    check(&received, "POST /v1/sessions", 401, &[(None, None), (account, None)]).await;

    let signed_in = world.sign_in().await;
    let (session, stolen) = (text(&signed_in["session"], "id"), text(&signed_in, "refresh_token"));
    let theirs = (account, Some(session.as_str()));
    check(&received, "POST /v1/sessions", 201, &[theirs]).await;
    let rightful = text(&world.refresh(&stolen).await.expect(200).value(), "refresh_token");
    world.exchange(&text(&signed_in, "access_token"), "urn:bijou:account", None).await.expect(200);
    check(&received, "POST /oauth/token", 200, &[theirs, theirs]).await;
    // Used again, and then of no use.
    world.time.pass_s(11);
    assert_eq!(oauth_error(&world.refresh(&stolen).await, 400), "invalid_grant");
    assert_eq!(oauth_error(&world.refresh(&rightful).await, 400), "invalid_grant");
    check(&received, "POST /oauth/token", 400, &[theirs, theirs]).await;

    let again = world.sign_in().await;
    let (session, token) = (text(&again["session"], "id"), text(&again, "refresh_token"));
    for given in ["bjr_never_was", token.as_str()] {
        world.visitor().post("/oauth/revoke").form(&[("token", given)]).send().await.expect(200);
    }
    check(&received, "POST /oauth/revoke", 200, &[(None, None), (account, Some(session.as_str()))]).await;

    let told = format!("{:?}", received.lock().expect("no panic"));
    let tokens = [stolen.as_str(), rightful.as_str(), token.as_str()];
    for secret in [EMAIL, "eve@example.org", PASSWORD, "incorrect horse"].into_iter().chain(tokens) {
        assert!(!told.contains(secret), "`{secret}` in {told}");
    }
}
