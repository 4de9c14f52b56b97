//! What would happen to a request, told without making it.

use std::num::NonZeroU32;

use http::Method;
use serde_json::{Value, json};

use crate::support::{Call, Origin, Platform, call, config};

const ROUTES: &str = "[[gateway.routes]]\nid = \"x\"\npaths = [\"/x\"]\napp = \"X\"\nrate_limit = \"sign-in\"\n\
    [[gateway.routes]]\nid = \"x-mine\"\npaths = [\"/x/mine\"]\napp = \"X\"\naccess = \"signed-in\"\n\
    [[gateway.routes]]\nid = \"x-post\"\npaths = [\"/x\"]\nmethods = [\"POST\"]\napp = \"X\"\n\
    [[gateway.routes]]\nid = \"x-hosted\"\nhosts = [\"*.example.org\"]\npaths = [\"/x\"]\napp = \"X\"\n";

async fn start() -> (Platform, Origin) {
    let mut settings = config(ROUTES);
    settings.rate_limiting = true;
    settings.rate_limits[0].requests = NonZeroU32::new(1).unwrap();
    let mut platform = Platform::start(settings).await;
    let origin = Origin::echo("one").await;
    platform.register("X", "one", origin.addr);
    (platform, origin)
}

fn verdict(told: &Value, filter: &str) -> String {
    let mut filters = told["filters"].as_array().unwrap().iter();
    filters.find(|one| one["filter"] == filter).unwrap()["verdict"].as_str().unwrap().to_owned()
}

#[track_caller]
fn check_refused(told: &Value, filter: &str, status: u16, code: &str) {
    assert_eq!(verdict(told, filter), "refuses", "{told}");
    assert_eq!(
        (&told["answered_by"], &told["status"], &told["code"]),
        (&json!("gateway"), &json!(status), &json!(code))
    );
    assert_eq!((&told["candidates"], &told["upstream"]), (&json!([]), &Value::Null));
}

#[tokio::test]
async fn the_route_is_told_with_why_not_the_others_and_nothing_is_sent() {
    let (platform, origin) = start().await;
    let told = platform.admin("/-/explain?method=get&url=http://bijou.example/x/./7%3Fa=b").await;
    assert_eq!((&told["route"]["id"], &told["answered_by"]), (&json!("x"), &json!("instance")), "{told}");
    assert_eq!((&told["host"], &told["path"]), (&json!("bijou.example"), &json!("/x/7")));
    let others = told["others"].as_array().unwrap();
    let why = |id: &str| others.iter().find(|one| one["id"] == id).unwrap()["why_not"].as_str().unwrap().to_owned();
    assert_eq!((why("x-post"), why("x-hosted")), ("takes POST only".into(), "is for *.example.org only".into()));
    assert_eq!(told["upstream"]["request"], "GET /x/7?a=b");
    assert_eq!(told["upstream"]["passport_audience"], json!(["X"]));
    assert_eq!(told["candidates"][0]["instance_id"], "one");
    assert!(told["filters"].as_array().unwrap().iter().all(|one| one["verdict"] == "passes"), "{told}");
    assert_eq!(origin.seen(), 0);
}

#[tokio::test]
async fn a_host_and_a_method_choose_their_routes() {
    let (platform, _origin) = start().await;
    let told = platform.admin("/-/explain?method=GET&url=http://tv.example.org:8080/x/7").await;
    assert_eq!(told["route"]["id"], "x-hosted", "{told}");
    let told = platform.admin("/-/explain?method=POST&url=/x").await;
    assert_eq!((&told["route"]["id"], &told["upstream"]["repeats_sent"]), (&json!("x-post"), &json!(false)), "{told}");
}

#[tokio::test]
async fn who_asks_decides_and_later_filters_are_not_reached() {
    let (platform, _origin) = start().await;
    let told = platform.admin("/-/explain?method=GET&url=/x/mine").await;
    check_refused(&told, "authorise", 401, "token-missing");
    assert_eq!(verdict(&told, "rate-limit"), "not-reached");
    for who in ["viewer", "acc-1"] {
        let told = platform.admin(&format!("/-/explain?method=GET&url=/x/mine&as={who}")).await;
        assert_eq!(told["answered_by"], "instance", "{told}");
    }
    let told = platform.admin("/-/explain?method=GET&url=/x/mine&as=partner").await;
    check_refused(&told, "authorise", 403, "not-allowed");
}

#[tokio::test]
async fn asking_uses_up_no_limit_and_a_used_up_one_is_told() {
    let (platform, origin) = start().await;
    for _ in 0..3 {
        let told = platform.admin("/-/explain?method=GET&url=/x").await;
        assert_eq!(verdict(&told, "rate-limit"), "passes", "{told}");
    }
    assert_eq!((platform.get("/x").await.status.as_u16(), origin.seen()), (200, 1));
    let told = platform.admin("/-/explain?method=GET&url=/x").await;
    check_refused(&told, "rate-limit", 429, "rate-limited");
    let told = platform.admin("/-/explain?method=GET&url=/x&client=10.0.0.9").await;
    assert_eq!(verdict(&told, "rate-limit"), "passes", "another client's: {told}");
}

#[tokio::test]
async fn what_no_instance_answers_is_told() {
    let (mut platform, _origin) = start().await;
    let told = platform.admin("/-/explain?method=DELETE&url=/nowhere").await;
    check_refused(&told, "route", 404, "no-route");
    let told = platform.admin("/-/explain?method=GET&url=/x/%25252e").await;
    check_refused(&told, "normalise-path", 400, "ambiguous-path");
    let told = platform.admin("/-/explain?method=GET&url=/healthz").await;
    assert_eq!((&told["answered_by"], &told["status"]), (&json!("gateway"), &Value::Null), "{told}");
    let told = platform.admin("/-/explain?method=GET&url=/nowhere").await;
    assert_eq!(told["answered_by"], "app", "{told}");
    platform.deregister("one");
    let told = platform.admin("/-/explain?method=GET&url=/x").await;
    assert_eq!((&told["status"], &told["code"]), (&json!(503), &json!("no-instance")), "{told}");
}

#[tokio::test]
async fn a_question_that_makes_no_sense_is_refused_and_strangers_are_told_nothing() {
    let (platform, _origin) = start().await;
    for question in ["method=G(T&url=/x", "method=GET&url=x", "method=GET&url=ftp://h/x", "method=GET&url=http://[/x"] {
        let answer = platform.ask_admin(&format!("/-/explain?{question}")).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (422, &json!("question-invalid")), "{question}");
    }
    let stranger = call(platform.gateway.admin_addr(), Call::new(Method::GET, "/-/explain?method=GET&url=/x")).await;
    assert_eq!(stranger.status, 401);
}
