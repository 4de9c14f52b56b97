//! The scope `operator`: who gets it, and who does not.

use serde_json::{Value, json};

use crate::house::{BOB, KIM};
use crate::world::{EMAIL, PASSWORD, World, oauth_error, text, world, worlds};

const LISTED: &str = "[identity]\noperators = ['Ada@example.org']\n";

/// A world whose operator signed up before being listed.
async fn with_operator(world: World) -> World {
    world.sign_up().await;
    let World { service, database, .. } = world;
    service.stop().await;
    World::on(database, LISTED).await
}

async fn sign_in_for(world: &World, scope: &str) -> bijou_testkit::TestResponse {
    let body = json!({ "email": EMAIL, "password": PASSWORD, "scope": scope });
    world.visitor().post("/v1/sessions").json(&body).send().await
}

async fn scope_of(world: &World, answer: &Value) -> String {
    text(&world.claims(answer).await, "scope")
}

#[tokio::test]
async fn an_operator_who_asks_for_it_gets_the_scope() {
    for world in worlds().await {
        let world = with_operator(world).await;
        let unasked = world.sign_in().await;
        assert_eq!(scope_of(&world, &unasked).await, "viewer");
        let answer = sign_in_for(&world, "viewer operator").await.expect(201).value();
        assert_eq!(scope_of(&world, &answer).await, "viewer operator");
        let next = world.refresh(&text(&answer, "refresh_token")).await.expect(200).value();
        assert_eq!(scope_of(&world, &next).await, "viewer operator");
        // A session that did not ask does not get there later.
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", &text(&unasked, "refresh_token")),
            ("scope", "operator"),
        ];
        assert_eq!(oauth_error(&world.visitor().post("/oauth/token").form(&form).send().await, 400), "invalid_scope");
    }
}

#[tokio::test]
async fn nobody_else_gets_it() {
    for world in worlds().await {
        world.sign_up().await;
        sign_in_for(&world, "operator").await.expect_problem(403, "scope-refused");
        sign_in_for(&world, "viewer").await.expect(201);
    }
}

#[tokio::test]
async fn whoever_is_taken_off_the_list_loses_it_at_the_next_refresh() {
    for world in worlds().await {
        let world = with_operator(world).await;
        let answer = sign_in_for(&world, "viewer operator").await.expect(201).value();
        let World { service, database, .. } = world;
        service.stop().await;
        let world = World::on(database, "").await;
        let next = world.refresh(&text(&answer, "refresh_token")).await.expect(200).value();
        assert_eq!(scope_of(&world, &next).await, "viewer");
    }
}

#[tokio::test]
async fn a_childs_profile_runs_no_platform_and_a_weak_token_gets_no_stronger() {
    let world = with_operator(world().await).await;
    world.house.set_people(&[BOB, KIM]);
    let answer = sign_in_for(&world, "viewer operator").await.expect(201).value();
    let bob = world.become_profile(&text(&answer, "access_token"), "bob", None).await;
    assert_eq!(scope_of(&world, &bob).await, "viewer operator");
    let kim = world.become_profile(&text(&bob, "access_token"), "kim", None).await;
    assert_eq!(scope_of(&world, &kim).await, "viewer");
    let back = world.become_profile(&text(&kim, "access_token"), "bob", Some("1111")).await;
    assert_eq!(scope_of(&world, &back).await, "viewer", "not more than the token that was shown");
}

#[tokio::test]
async fn a_listed_address_cannot_sign_up() {
    let world = World::on(bijou_testkit::sqlite_database(), LISTED).await;
    let body = json!({ "email": EMAIL, "password": PASSWORD });
    world.visitor().post("/v1/accounts").json(&body).send().await.expect_problem(409, "email-reserved");
}
