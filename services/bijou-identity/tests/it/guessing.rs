//! Limits on guessing, seen from outside.

use serde_json::json;

use crate::world::{EMAIL, PASSWORD, World, world};

async fn sign_in_from(world: &World, address: &str, email: &str, password: &str) -> bijou_testkit::TestResponse {
    let request = world.visitor().post("/v1/sessions").json(&json!({ "email": email, "password": password }));
    request.header("x-forwarded-for", address).send().await
}

async fn limited_world() -> World {
    let settings = "[identity]\nguessing.by_address = true\nguessing.attempts_max = 3\nguessing.address_attempts_max = 6\nguessing.window_s = 60\n";
    World::on(bijou_testkit::sqlite_database(), settings).await
}

#[tokio::test]
async fn after_a_few_wrong_ones_even_the_right_password_has_to_wait() {
    let world = limited_world().await;
    world.sign_up().await;
    for _ in 0..3 {
        sign_in_from(&world, "192.0.2.1", EMAIL, "incorrect horse").await.expect_problem(401, "credentials-invalid");
    }
    let limited = sign_in_from(&world, "192.0.2.1", EMAIL, PASSWORD).await;
    limited.expect_problem(429, "too-many-attempts");
    let wait_s: i64 = limited.header("retry-after").parse().expect("whole seconds");
    assert!((1..=21).contains(&wait_s), "{wait_s}");
    // Its owner, elsewhere, is not kept out.
    sign_in_from(&world, "198.51.100.7", EMAIL, PASSWORD).await.expect(201);
    world.time.pass_s(wait_s);
    sign_in_from(&world, "192.0.2.1", EMAIL, PASSWORD).await.expect(201);
}

#[tokio::test]
async fn unknown_accounts_are_limited_alike() {
    let world = limited_world().await;
    for _ in 0..3 {
        sign_in_from(&world, "192.0.2.1", "eve@example.org", "x").await.expect_problem(401, "credentials-invalid");
    }
    sign_in_from(&world, "192.0.2.1", "eve@example.org", "x").await.expect_problem(429, "too-many-attempts");
}

#[tokio::test]
async fn one_address_cannot_try_many_accounts() {
    let world = limited_world().await;
    for n in 0..6 {
        sign_in_from(&world, "192.0.2.1", &format!("eve{n}@example.org"), "x")
            .await
            .expect_problem(401, "credentials-invalid");
    }
    sign_in_from(&world, "192.0.2.1", "eve9@example.org", "x").await.expect_problem(429, "too-many-attempts");
    let sign_up = world.visitor().post("/v1/accounts").json(&json!({ "email": EMAIL, "password": PASSWORD }));
    sign_up.header("x-forwarded-for", "192.0.2.1").send().await.expect_problem(429, "too-many-attempts");
}

#[tokio::test]
async fn a_household_that_signs_in_all_day_is_not_limited() {
    let world = limited_world().await;
    world.sign_up().await;
    for _ in 0..20 {
        sign_in_from(&world, "192.0.2.1", EMAIL, PASSWORD).await.expect(201);
    }
}

#[tokio::test]
async fn tests_may_switch_addresses_off() {
    let world = world().await;
    for n in 0..8 {
        sign_in_from(&world, "192.0.2.1", &format!("eve{n}@example.org"), "x")
            .await
            .expect_problem(401, "credentials-invalid");
    }
}
