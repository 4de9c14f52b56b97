//! Whom a device's app may sign in, as identity is told, and which app a key is.

use serde_json::{Value, json};

use crate::world::{World, world, worlds};

async fn told(world: &World, app: &str) -> Value {
    let identity = world.service.service("identity");
    identity.get(&format!("/v1/device-clients/{app}")).send().await.expect(200).value()
}

async fn decide(world: &World, app: &str, decision: &str) {
    let path = format!("/partner/v1/apps/{app}/decisions");
    world.operator().post(&path).json(&json!({ "decision": decision })).send().await.expect(200);
}

#[tokio::test]
async fn an_app_signs_in_its_developer_at_once_and_everybody_in_production() {
    for world in worlds().await {
        let (app, _) = world.make_app("acc-ada").await;
        let expected = json!({ "client_id": app, "name": "Lantern TV", "only_account_id": "acc-ada" });
        assert_eq!(told(&world, &app).await, expected);
        decide(&world, &app, "approve").await;
        assert_eq!(told(&world, &app).await, json!({ "client_id": app, "name": "Lantern TV" }));
        decide(&world, &app, "suspend").await;
        let path = format!("/v1/device-clients/{app}");
        let identity = world.service.service("identity");
        identity.get(&path).send().await.expect_problem(404, "app-not-found");
        world.developer("acc-ada").delete(&format!("/partner/v1/apps/{app}")).send().await.expect(204);
        identity.get(&path).send().await.expect_problem(404, "app-not-found");
    }
}

#[tokio::test]
async fn nobody_but_identity_is_told() {
    let world = world().await;
    let (app, _) = world.make_app("acc-ada").await;
    let path = format!("/v1/device-clients/{app}");
    for other in [world.developer("acc-ada"), world.operator(), world.service.service("playback")] {
        other.get(&path).send().await.expect_problem(403, "service-only");
    }
}

#[tokio::test]
async fn a_key_says_which_app_it_is() {
    let world = world().await;
    let (app, key) = world.make_app("acc-ada").await;
    let answer = world.call(&key, "/partner/v1/app").send().await.expect(200);
    assert!(answer.headers.contains_key("ratelimit"), "{answer:?}");
    let told = answer.value();
    assert_eq!((&told["id"], &told["stage"]), (&json!(app), &json!("sandbox")));
    world.service.anonymous().get("/partner/v1/app").send().await.expect_problem(401, "api-key-missing");
}
