//! Who may become whom.

use serde_json::json;

use crate::world::{world, world_with, worlds};

#[tokio::test]
async fn an_admission_says_what_a_token_says() {
    for world in worlds().await {
        let (ada, _) = world.ada().await;
        let (kim, _) = world.profile(&json!({ "name": "Kim", "kids": true, "maturity": 6 })).await;
        let admitted = world.admit(None, Some(&ada), None).await.expect(200).value();
        assert_eq!(admitted, json!({ "profile_id": ada, "kids": false, "name": "Ada" }));
        let admitted = world.admit(None, Some(&kim), None).await.expect(200).value();
        assert_eq!(admitted, json!({ "profile_id": kim, "kids": true, "name": "Kim", "maturity": 6 }));
        // A house with a child shows whoever has not chosen what the child may see.
        assert_eq!(world.admit(None, None, None).await.expect(200).value(), json!({ "kids": false, "maturity": 6 }));
    }
}

#[tokio::test]
async fn profiles_of_others_and_of_nobody_are_not_found() {
    let world = world().await;
    let (ada, _) = world.ada().await;
    world.admit(None, Some("nobody"), None).await.expect_problem(404, "profile-not-found");
    let request = json!({ "account_id": "acc-2", "profile_id": ada });
    let answer = world.service.service("identity").post("/v1/admissions").json(&request).send().await;
    answer.expect_problem(404, "profile-not-found");
}

#[tokio::test]
async fn only_identity_asks() {
    let world = world().await;
    let request = json!({ "account_id": "acc-1" });
    for user in [world.account(), world.service.service("playback")] {
        user.post("/v1/admissions").json(&request).send().await.expect_problem(403, "service-only");
    }
}

#[tokio::test]
async fn a_pin_is_needed_once_and_not_by_whoever_stays() {
    for world in worlds().await {
        let (ada, _) = world.profile(&json!({ "name": "Ada", "pin": "2468" })).await;
        let (bob, _) = world.profile(&json!({ "name": "Bob" })).await;
        world.admit(None, Some(&ada), None).await.expect_problem(403, "pin-required");
        let wrong = world.admit(Some(&bob), Some(&ada), Some("1234")).await;
        assert_eq!(wrong.expect_problem(403, "pin-wrong").extra["tries_left"], 4);
        world.admit(Some(&bob), Some(&ada), Some("2468")).await.expect(200);
        world.admit(Some(&ada), Some(&ada), None).await.expect(200);
        world.admit(Some(&ada), Some(&bob), None).await.expect(200);
    }
}

#[tokio::test]
async fn a_pin_is_not_guessed() {
    for world in worlds().await {
        let (ada, _) = world.profile(&json!({ "name": "Ada", "pin": "2468" })).await;
        for left in (0..5).rev() {
            let wrong = world.admit(None, Some(&ada), Some("1234")).await;
            assert_eq!(wrong.expect_problem(403, "pin-wrong").extra["tries_left"], left);
        }
        // The right one is not looked at either.
        let locked = world.admit(None, Some(&ada), Some("2468")).await;
        locked.expect_problem(429, "pin-locked");
        assert_eq!(locked.header("retry-after"), "900");
        world.time.pass_s(600);
        let another = world.another().await;
        let request = json!({ "account_id": "acc-1", "profile_id": ada, "pin": "2468" });
        let locked = another.service("identity").post("/v1/admissions").json(&request).send().await;
        assert_eq!(locked.header("retry-after"), "300", "{locked:?}");
        world.time.pass_s(301);
        world.admit(None, Some(&ada), Some("2468")).await.expect(200);
        let wrong = world.admit(None, Some(&ada), Some("1234")).await;
        assert_eq!(wrong.expect_problem(403, "pin-wrong").extra["tries_left"], 4);
    }
}

#[tokio::test]
async fn many_guesses_at_once_are_not_more_guesses() {
    for world in worlds().await {
        let (ada, _) = world.profile(&json!({ "name": "Ada", "pin": "2468" })).await;
        let guesses = (0..12).map(|guess| {
            let request = json!({ "account_id": "acc-1", "profile_id": ada, "pin": format!("{guess:04}") });
            let request = world.service.service("identity").post("/v1/admissions").json(&request);
            tokio::spawn(async move { request.send().await.status.as_u16() })
        });
        let mut looked_at = 0;
        for guess in guesses.collect::<Vec<_>>() {
            looked_at += u32::from(guess.await.expect("no panic") == 403);
        }
        assert_eq!(looked_at, 5, "{}", world.database.engine);
    }
}

#[tokio::test]
async fn a_new_pin_begins_with_new_tries() {
    let world = world_with(|service| service.settings("[profiles]\npin_tries_max = 1\n")).await;
    let (ada, _) = world.profile(&json!({ "name": "Ada", "pin": "2468" })).await;
    world.admit(None, Some(&ada), Some("1234")).await.expect_problem(403, "pin-wrong");
    world.admit(None, Some(&ada), Some("2468")).await.expect_problem(429, "pin-locked");
    let path = format!("/v1/profiles/{ada}/pin");
    world.account().put(&path).json(&json!({ "pin": "1357" })).send().await.expect(204);
    world.admit(None, Some(&ada), Some("1357")).await.expect(200);
}

#[tokio::test]
async fn a_child_leaves_by_a_pin_and_never_becomes_the_manager() {
    for world in worlds().await {
        let (ada, _) = world.profile(&json!({ "name": "Ada", "pin": "2468" })).await;
        let (bob, _) = world.profile(&json!({ "name": "Bob" })).await;
        let (kim, _) = world.profile(&json!({ "name": "Kim", "kids": true, "pin": "1111" })).await;
        let (leo, _) = world.profile(&json!({ "name": "Leo", "kids": true })).await;
        // A child's own PIN guards the way out.
        world.admit(Some(&bob), Some(&kim), None).await.expect(200);
        world.admit(Some(&kim), Some(&bob), None).await.expect_problem(403, "pin-required");
        world.admit(Some(&kim), Some(&bob), Some("1111")).await.expect(200);
        world.admit(Some(&kim), Some(&ada), Some("1111")).await.expect_problem(403, "pin-wrong");
        // The account as a whole manages everybody.
        world.admit(Some(&leo), None, None).await.expect_problem(403, "pin-required");
        world.admit(Some(&leo), None, Some("2468")).await.expect(200);
        world.admit(Some(&bob), None, None).await.expect(200);
        // Nor does deleting the profile in use open the door.
        world.admit(Some("deleted"), None, None).await.expect_problem(403, "pin-required");
    }
}
