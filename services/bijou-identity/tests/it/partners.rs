//! Apps of television makers: they sign viewers in as a client of their own, and may do no more than watch.

use bijou_testkit::TestResponse;
use serde_json::{Value, json};

use crate::house::{ADA, BOB};
use crate::world::{World, oauth_error, text, world, worlds};

const APP: &str = "app_lantern";
const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

async fn begin(world: &World, form: &[(&str, &str)]) -> TestResponse {
    world.visitor().post("/oauth/device_authorization").form(form).send().await
}

async fn poll(world: &World, begun: &Value) -> TestResponse {
    let code = text(begun, "device_code");
    let form = [("grant_type", DEVICE_GRANT), ("device_code", code.as_str()), ("client_id", APP)];
    world.visitor().post("/oauth/token").form(&form).send().await
}

async fn approve(world: &World, signed_in: &Value, begun: &Value) -> TestResponse {
    let path = format!("/v1/device-codes/{}/decision", text(begun, "user_code"));
    world.member(signed_in).put(&path).json(&json!({ "approve": true })).send().await
}

/// Tokens of a session that the app began.
async fn let_in(world: &World, signed_in: &Value) -> Value {
    let begun = begin(world, &[("client_id", APP)]).await.expect(200).value();
    approve(world, signed_in, &begun).await.expect(204);
    poll(world, &begun).await.expect(200).value()
}

#[tokio::test]
async fn an_app_in_production_signs_anybody_in_to_watch() {
    for world in worlds().await {
        world.sign_up().await;
        let signed_in = world.sign_in().await;
        world.makers.put(APP, "Lantern TV", None);
        let begun = begin(&world, &[("client_id", APP)]).await.expect(200).value();
        let path = format!("/v1/device-codes/{}", text(&begun, "user_code"));
        let asked = world.member(&signed_in).get(&path).send().await.expect(200).value();
        assert_eq!((&asked["client"], &asked["client_name"]), (&json!(APP), &json!("Lantern TV")));
        approve(&world, &signed_in, &begun).await.expect(204);
        let tokens = poll(&world, &begun).await.expect(200).value();
        let claims = world.claims(&tokens).await;
        assert_eq!((&claims["client_id"], &claims["scope"]), (&json!(APP), &json!("watch")));
        assert_eq!(claims["sub"], signed_in["account"]["id"]);
        // Whoever gave no name to the device finds it by the app's.
        let sessions = world.member(&signed_in).get("/v1/sessions").send().await.expect(200).value();
        let names: Vec<_> =
            sessions["items"].as_array().expect("a list").iter().map(|one| &one["device_name"]).collect();
        assert!(names.contains(&&json!("Lantern TV")), "{sessions}");
        let next = world.refresh(&text(&tokens, "refresh_token")).await.expect(200).value();
        assert_eq!(world.claims(&next).await["scope"], "watch");
    }
}

#[tokio::test]
async fn an_app_that_is_tried_out_signs_in_its_developer_only() {
    for world in worlds().await {
        let account = world.sign_up().await;
        let signed_in = world.sign_in().await;
        world.makers.put(APP, "Lantern TV", Some("acc-somebody-else"));
        let begun = begin(&world, &[("client_id", APP)]).await.expect(200).value();
        let path = format!("/v1/device-codes/{}", text(&begun, "user_code"));
        world.member(&signed_in).get(&path).send().await.expect_problem(403, "app-in-sandbox");
        approve(&world, &signed_in, &begun).await.expect_problem(403, "app-in-sandbox");
        assert_eq!(oauth_error(&poll(&world, &begun).await, 400), "authorization_pending");

        world.makers.put(APP, "Lantern TV", Some(&account));
        let_in(&world, &signed_in).await;
    }
}

#[tokio::test]
async fn an_app_that_is_stopped_gets_no_more_tokens() {
    for world in worlds().await {
        world.house.set_people(&[ADA, BOB]);
        world.sign_up().await;
        let signed_in = world.sign_in().await;
        world.makers.put(APP, "Lantern TV", None);
        let (one, two) = (let_in(&world, &signed_in).await, let_in(&world, &signed_in).await);
        let begun = begin(&world, &[("client_id", APP)]).await.expect(200).value();
        approve(&world, &signed_in, &begun).await.expect(204);
        world.makers.stop(APP);
        assert_eq!(oauth_error(&begin(&world, &[("client_id", APP)]).await, 401), "invalid_client");
        assert_eq!(oauth_error(&poll(&world, &begun).await, 400), "access_denied");
        assert_eq!(oauth_error(&world.refresh(&text(&one, "refresh_token")).await, 400), "invalid_grant");
        let exchanged = world.exchange(&text(&two, "access_token"), "urn:bijou:profile:bob", None).await;
        assert_eq!(exchanged.value()["bijou_code"], "subject-token-invalid");
        let sessions = world.member(&signed_in).get("/v1/sessions").send().await.expect(200).value();
        assert_eq!(sessions["items"].as_array().map(Vec::len), Some(1), "only the developer's own: {sessions}");
    }
}

#[tokio::test]
async fn while_partners_is_away_nothing_new_begins_and_nothing_ends() {
    let world = world().await;
    world.sign_up().await;
    let signed_in = world.sign_in().await;
    world.makers.put(APP, "Lantern TV", None);
    let tokens = let_in(&world, &signed_in).await;
    world.makers.set_away(true);
    let refused = begin(&world, &[("client_id", APP)]).await;
    assert_eq!(oauth_error(&refused, 503), "temporarily_unavailable");
    assert_eq!(refused.header("retry-after"), "1");
    world.refresh(&text(&tokens, "refresh_token")).await.expect(200);
}

#[tokio::test]
async fn the_platforms_own_apps_are_nobodys_business_and_made_up_ones_are_not_asked_for() {
    let world = world().await;
    begin(&world, &[("client_id", "bijou-tv")]).await.expect(200);
    for unknown in ["nobody", "APP_lantern", &format!("app_{}", "x".repeat(80))] {
        assert_eq!(oauth_error(&begin(&world, &[("client_id", unknown)]).await, 401), "invalid_client");
    }
    assert_eq!(world.makers.asked(), 0);
    assert_eq!(oauth_error(&begin(&world, &[("client_id", "app_unknown")]).await, 401), "invalid_client");
    world.makers.put(APP, "Lantern TV", None);
    let greedy = begin(&world, &[("client_id", APP), ("scope", "viewer")]).await;
    assert_eq!(oauth_error(&greedy, 400), "invalid_scope");
    assert_eq!(world.makers.asked(), 2);
}

#[tokio::test]
async fn an_app_lets_no_other_device_in() {
    let world = world().await;
    world.sign_up().await;
    let signed_in = world.sign_in().await;
    world.makers.put(APP, "Lantern TV", None);
    let tokens = let_in(&world, &signed_in).await;
    let claims = world.claims(&tokens).await;
    let session = json!({ "session": { "id": claims["sid"] }, "account": signed_in["account"] });
    let begun = begin(&world, &[("client_id", APP)]).await.expect(200).value();
    approve(&world, &session, &begun).await.expect_problem(403, "app-not-allowed");
}
