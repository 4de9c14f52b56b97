//! Signing up.

use bijou_testkit::TestService;
use serde_json::{Value, json};

use crate::world::{EMAIL, PASSWORD, World, world, worlds, worlds_with};

async fn create(world: &World, body: Value) -> bijou_testkit::TestResponse {
    world.visitor().post("/v1/accounts").json(&body).send().await
}

#[tokio::test]
async fn a_new_account_is_there_after_a_restart() {
    for world in worlds().await {
        let body = json!({ "email": " Ada@Example.ORG", "password": PASSWORD, "name": "Ada" });
        let account = create(&world, body).await.expect(201).value();
        assert_eq!(account["email"], EMAIL);
        assert_eq!(account["name"], "Ada");
        let World { service, time, database, .. } = world;
        service.stop().await;
        let world = World::on(database, "").await;
        time.pass_s(1);
        let signed_in = world.sign_in().await;
        assert_eq!(signed_in["account"], account);
        let own = world.member(&signed_in).get("/v1/accounts/me").send().await.expect(200);
        assert_eq!(own.value(), account);
        assert_eq!(own.header("cache-control"), "private, no-store");
    }
}

#[tokio::test]
async fn one_mailbox_has_one_account() {
    for world in worlds().await {
        world.sign_up().await;
        let again = create(&world, json!({ "email": "ADA@example.org", "password": "another fine phrase" })).await;
        again.expect_problem(409, "email-taken");
        world.sign_in().await;
    }
}

#[tokio::test]
async fn two_sign_ups_at_once_make_one_account() {
    for world in worlds().await {
        let body = json!({ "email": EMAIL, "password": PASSWORD });
        let (one, two) = tokio::join!(create(&world, body.clone()), create(&world, body));
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409], "{}", world.database.engine);
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_sign_up_is_named() {
    let world = world().await;
    let email = create(&world, json!({ "email": "ada", "password": PASSWORD })).await;
    assert_eq!(email.expect_problem(422, "email-invalid").extra["path"], "email");
    for (password, reason) in [("short", "too-short"), ("Password123", "common"), ("ada@example.org", "personal")] {
        let answer = create(&world, json!({ "email": EMAIL, "password": password })).await;
        assert_eq!(answer.expect_problem(422, "password-too-weak").extra["reason"], reason);
    }
    let name = create(&world, json!({ "email": EMAIL, "password": PASSWORD, "name": "x".repeat(101) })).await;
    name.expect_problem(422, "text-too-long");
    create(&world, json!({ "email": EMAIL, "password": PASSWORD, "admin": true }))
        .await
        .expect_problem(422, "json-invalid");
    create(&world, json!({ "email": EMAIL, "password": 5 })).await.expect_problem(422, "json-invalid");
    create(&world, json!({ "email": EMAIL })).await.expect_problem(422, "json-invalid");
}

#[tokio::test]
async fn the_account_of_nobody_is_not_shown() {
    let world = world().await;
    world.visitor().get("/v1/accounts/me").send().await.expect_problem(401, "sign-in-required");
    let ghost: &TestService = &world.service;
    ghost.account("never-was").get("/v1/accounts/me").send().await.expect_problem(401, "account-gone");
}

#[tokio::test]
async fn the_demo_account_has_the_configured_password_and_no_other() {
    for world in worlds_with("[identity]\ndemo_password = 'first showing'\n").await {
        world.try_sign_in("demo@bijou.example", "first showing").await.expect(201);
        let World { service, database, .. } = world;
        service.stop().await;
        let world = World::on(database, "[identity]\ndemo_password = 'second showing'\n").await;
        world.try_sign_in("demo@bijou.example", "second showing").await.expect(201);
        world.try_sign_in("demo@bijou.example", "first showing").await.expect_problem(401, "credentials-invalid");
    }
}
