//! What is going away says so.

use bijou_testkit::wait_until;
use serde_json::{Value, json};

use crate::world::{world, world_with, worlds_with};

const ONE: &str = r#"
[[partners.deprecations]]
operation = "list_titles"
since = "2027-01-01T00:00:00Z"
sunset = "2027-07-01T00:00:00Z"
link = "https://films.example/moving-on"
"#;

#[tokio::test]
async fn an_operation_that_is_going_away_says_when_and_what_to_read() {
    let world = world_with(ONE).await;
    let (_, key) = world.make_app("acc-ada").await;
    let answer = world.call(&key, "/partner/v1/titles").send().await.expect(200);
    assert_eq!(answer.header("deprecation"), "@1798761600");
    assert_eq!(answer.header("sunset"), "Thu, 01 Jul 2027 00:00:00 GMT");
    assert_eq!(answer.header("link"), "<https://films.example/moving-on>; rel=\"deprecation\"");

    let refused = world.service.anonymous().get("/partner/v1/titles").send().await;
    assert_eq!(refused.header("deprecation"), "@1798761600", "also to whoever lost their key");
    refused.expect_problem(401, "api-key-missing");
    let other = world.call(&key, "/partner/v1/titles/sintel").send().await.expect(200);
    assert!(!other.headers.contains_key("deprecation"), "{other:?}");
}

#[tokio::test]
async fn a_version_that_is_going_away_says_so_everywhere() {
    let world = world_with(&ONE.replace("operation = \"list_titles\"", "")).await;
    let (app, key) = world.make_app("acc-ada").await;
    let calls = [
        world.call(&key, "/partner/v1/titles/sintel"),
        world.call(&key, "/partner/v1/feeds/mrss"),
        world.developer("acc-ada").get(&format!("/partner/v1/apps/{app}/usage")),
    ];
    for call in calls {
        assert_eq!(call.send().await.expect(200).header("sunset"), "Thu, 01 Jul 2027 00:00:00 GMT");
    }
}

#[tokio::test]
async fn the_document_says_it_too() {
    let world = world_with(ONE).await;
    let document = world.service.nobody().get("/openapi.json").send().await.expect(200).value();
    let operation = &document["paths"]["/partner/v1/titles"]["get"];
    assert_eq!(operation["deprecated"], true);
    assert_eq!(operation["x-deprecated-since"], "2027-01-01T00:00:00Z");
    assert_eq!(operation["x-sunset"], "2027-07-01T00:00:00Z");
    assert_eq!(operation["x-deprecation-link"], "https://films.example/moving-on");
    assert!(document["paths"]["/partner/v1/apps"]["post"].get("deprecated").is_none());
}

#[tokio::test]
async fn who_still_calls_is_told_to_developers_of_their_app_and_to_operators_of_all() {
    for world in worlds_with(ONE).await {
        let ((ada, key), (bob, other)) = (world.make_app("acc-ada").await, world.make_app("acc-bob").await);
        for key in [&key, &key, &other] {
            world.call(key, "/partner/v1/titles").send().await.expect(200);
        }
        // Also a call that fails is one that has to be looked after; one of nobody is nobody's.
        world.call(&key, "/partner/v1/titles?limit=0").send().await.expect_problem(422, "field-invalid");
        world.service.anonymous().get("/partner/v1/titles").send().await.expect_problem(401, "api-key-missing");
        // What stays is not counted.
        world.call(&key, "/partner/v1/titles/sintel").send().await.expect(200);

        let operator = world.operator();
        let mut all = Value::Null;
        wait_until("the figures", async || {
            all = operator.get("/partner/v1/deprecations").send().await.expect(200).value();
            all["items"][0]["calls"] == 4
        })
        .await;
        assert_eq!(all["items"].as_array().map(Vec::len), Some(1), "{all}");
        let one = &all["items"][0];
        let what = (&one["operation"], &one["method"], &one["path"]);
        assert_eq!(what, (&json!("list_titles"), &json!("GET"), &json!("/partner/v1/titles")));
        let when = (&one["since"], &one["sunset"]);
        assert_eq!(when, (&json!("2027-01-01T00:00:00Z"), &json!("2027-07-01T00:00:00Z")));
        assert_eq!(one["link"], "https://films.example/moving-on");
        let apps: Vec<_> = one["apps"].as_array().unwrap().iter().map(|app| (&app["id"], &app["calls"])).collect();
        assert_eq!(apps, [(&json!(ada), &json!(3)), (&json!(bob), &json!(1))]);

        let path = format!("/partner/v1/apps/{ada}/deprecations");
        let own = world.developer("acc-ada").get(&path).send().await.expect(200).value();
        let days = json!([{ "day": "2027-01-15", "calls": 3 }]);
        assert_eq!(own["items"][0]["apps"], json!([{ "id": ada, "name": "Lantern TV", "calls": 3, "days": days }]));
        world.developer("acc-bob").get(&path).send().await.expect_problem(404, "app-not-found");
        world.developer("acc-ada").get("/partner/v1/deprecations").send().await.expect_problem(403, "scope-missing");
        world.service.service("console").get("/partner/v1/deprecations").send().await.expect(200);

        // A month later nobody calls any more.
        world.time.pass_s(30 * 86_400);
        let own = world.developer("acc-ada").get(&path).send().await.expect(200).value();
        assert_eq!((&own["items"][0]["calls"], &own["items"][0]["apps"]), (&json!(0), &json!([])));
    }
}

#[tokio::test]
async fn a_developers_call_counts_for_the_app_it_is_about() {
    let settings = ONE.replace("list_titles", "get_usage");
    let world = world_with(&settings).await;
    let (app, _) = world.make_app("acc-ada").await;
    let usage = format!("/partner/v1/apps/{app}/usage");
    world.developer("acc-ada").get(&usage).send().await.expect(200);
    world.developer("acc-eve").get(&usage).send().await.expect_problem(404, "app-not-found");
    let path = format!("/partner/v1/apps/{app}/deprecations");
    let mut told = Value::Null;
    wait_until("the figure", async || {
        told = world.developer("acc-ada").get(&path).send().await.expect(200).value();
        told["items"][0]["calls"] != 0
    })
    .await;
    assert_eq!(told["items"][0]["calls"], 1);
}

#[tokio::test]
async fn where_nothing_goes_away_nothing_is_told() {
    let world = world().await;
    let (app, _) = world.make_app("acc-ada").await;
    let path = format!("/partner/v1/apps/{app}/deprecations");
    assert_eq!(world.developer("acc-ada").get(&path).send().await.expect(200).value(), json!({ "items": [] }));
}
