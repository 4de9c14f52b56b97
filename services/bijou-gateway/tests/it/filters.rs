//! Filters of one's own, and an outside opinion.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use bijou_gateway::filter::{
    Endpoint, Filters, InboundFilter, LocalFuture, OutStep, OutboundFilter, Position, Step, Verdict,
};
use bijou_gateway::{Reply, Transit};
use http::{HeaderValue, StatusCode};

use crate::support::{Call, Origin, Platform, ROUTE_X, call, config};

struct Teapot;

impl Endpoint for Teapot {
    fn name(&self) -> &'static str {
        "teapot"
    }

    fn answer<'a>(&'a self, transit: &'a mut Transit) -> LocalFuture<'a, Reply> {
        Box::pin(async move { Reply::with_body(StatusCode::IM_A_TEAPOT, "text/plain", transit.path().to_owned()) })
    }
}

/// Slow for `/x/slow`, an answer for `/x/tea`, a header for everything else.
struct Own;

impl InboundFilter for Own {
    fn name(&self) -> &'static str {
        "own"
    }

    fn waiting_max(&self) -> u32 {
        2
    }

    fn inbound<'a>(&'a self, transit: &'a mut Transit) -> Step<'a> {
        if transit.path() == "/x/tea" {
            transit.answer_with(Arc::new(Teapot));
        }
        if transit.path() == "/x/slow" {
            return Step::Wait(Box::pin(async move {
                tokio::time::sleep(Duration::from_secs(2)).await;
                transit.note("own", "waited");
                Verdict::answer(Reply::new(StatusCode::NO_CONTENT))
            }));
        }
        transit.headers_mut().insert("x-own", HeaderValue::from_static("in"));
        Step::CONTINUE
    }
}

struct OwnOut;

impl OutboundFilter for OwnOut {
    fn name(&self) -> &'static str {
        "own-out"
    }

    fn outbound<'a>(&'a self, _: &'a mut Transit, reply: &'a mut Reply) -> OutStep<'a> {
        reply.headers.insert("x-own-out", HeaderValue::from_static("out"));
        OutStep::Done
    }
}

#[tokio::test]
async fn own_filters_see_change_answer_and_choose() {
    let filters = Filters::new().inbound(Position::After("authorise"), Own).outbound(Position::Last, OwnOut);
    let mut platform = Platform::with_filters(config(ROUTE_X), filters).await;
    let origin = Origin::echo("one").await;
    platform.register("X", "one", origin.addr);
    let answer = platform.get("/x").await;
    assert_eq!((&answer.json()["headers"]["x-own"], answer.header("x-own-out")), (&"in".into(), "out"));
    let tea = platform.get("/x/tea").await;
    assert_eq!((tea.status.as_u16(), tea.text(), tea.header("x-own-out")), (418, "/x/tea".to_owned(), "out"));
    assert_eq!(platform.get("/x/slow").await.status, 204);
    assert_eq!(platform.get("/nothing").await.header("x-own-out"), "out", "problems pass the outbound filters, too");
    assert_eq!(origin.seen(), 1);
    let filters = platform.admin("/filters").await.to_string();
    assert!(filters.contains("\"authorise\",\"own\",\"rate-limit\""), "{filters}");
    let metrics = call(platform.gateway.admin_addr(), Call::get("/metrics")).await.text();
    assert!(metrics.contains("bijou_gateway_filter_answers_total{filter=\"own\"} 1"), "{metrics}");
}

#[tokio::test]
async fn a_filter_in_which_too_many_wait_refuses_the_rest() {
    let filters = Filters::new().inbound(Position::After("authorise"), Own);
    let platform = Platform::with_filters(config(ROUTE_X), filters).await;
    let addr = platform.addr();
    let calls: Vec<_> = (0..5).map(|_| tokio::spawn(call(addr, Call::get("/x/slow")))).collect();
    let mut statuses = Vec::new();
    for one in calls {
        let answer = one.await.unwrap();
        if answer.status == 503 {
            answer.check_problem(503, "filter-overloaded", "local");
        }
        statuses.push(answer.status.as_u16());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 204, 503, 503, 503]);
}

/// An authoriser that likes paths without `secret`.
async fn authorizer() -> Origin {
    Origin::start(|request| async move {
        let path = request.headers()["x-original-path"].to_str().unwrap().to_owned();
        let answer = Response::builder();
        if path.contains("broken") {
            return answer.status(500).body(Body::empty()).unwrap();
        }
        if path.contains("secret") {
            let problem = serde_json::json!({ "type": "/problems/not-yours", "title": "Not yours", "status": 403, "code": "not-yours" });
            return answer.status(403).header("content-type", "application/problem+json").body(Body::from(problem.to_string())).unwrap();
        }
        answer.header("bijou-auth-level", "7").header("x-other", "1").body(Body::empty()).unwrap()
    })
    .await
}

#[tokio::test]
async fn an_authoriser_is_asked_with_exactly_what_will_be_forwarded() {
    let mut platform = Platform::start(config(
        "[[gateway.routes]]\nid = \"x\"\npaths = [\"/x\"]\napp = \"X\"\nauthorizer = \"RULES/check\"\n",
    ))
    .await;
    let (origin, rules) = (Origin::echo("one").await, authorizer().await);
    platform.register("X", "one", origin.addr);
    platform.get("/x").await.check_problem(503, "authorizer-unavailable", "local");
    platform.register("RULES", "rules", rules.addr);
    let allowed = call(platform.addr(), Call::post("/x/a//b?q=1", "body")).await;
    assert_eq!(allowed.status, 200, "{}", allowed.text());
    assert_eq!(allowed.json()["headers"]["bijou-auth-level"], "7");
    assert!(allowed.json()["headers"].get("x-other").is_none());
    let asked = rules.last();
    let headers = &asked["headers"];
    assert_eq!((&asked["method"], &asked["target"]), (&"GET".into(), &"/check".into()));
    assert_eq!(
        (&headers["x-original-method"], &headers["x-original-path"], &headers["x-original-query"]),
        (&"POST".into(), &"/x/a/b".into(), &"q=1".into())
    );
    let passport = headers["bijou-passport"].as_str().unwrap();
    platform.verifier("RULES").verify(passport, std::time::SystemTime::now()).await.unwrap();
    let denied = platform.get("/x/secret").await;
    assert_eq!(
        (denied.status.as_u16(), &denied.json()["code"]),
        (403, &"not-yours".into()),
        "in the authoriser's own words"
    );
    assert!(denied.header("proxy-status").contains("denied-by-authorizer"), "{}", denied.header("proxy-status"));
    platform.get("/x/broken").await.check_problem(503, "authorizer-unavailable", "local");
    assert_eq!(origin.seen(), 1);
}

#[tokio::test]
async fn an_optional_authoriser_that_is_away_stops_nobody() {
    let rules = authorizer().await;
    let routes = format!(
        "[[gateway.routes]]\nid = \"x\"\npaths = [\"/x\"]\napp = \"X\"\nauthorizer = \"http://{}/check\"\nauthorizer_optional = true\n",
        rules.addr
    );
    let mut platform = Platform::start(config(&routes)).await;
    let origin = Origin::echo("one").await;
    platform.register("X", "one", origin.addr);
    assert_eq!(platform.get("/x/secret").await.status, 403);
    rules.kill();
    assert_eq!(platform.get("/x/secret").await.status, 200);
}
