//! Managing profiles: who there is, and who may change what.

use bijou_testkit::User;
use http::Method;
use serde_json::{Value, json};

use crate::world::{ACCOUNT, World, text, texts, world, worlds};

async fn change(user: &User, id: &str, change: &Value) -> bijou_testkit::TestResponse {
    user.request(Method::PATCH, &format!("/v1/profiles/{id}")).json(change).send().await
}

#[tokio::test]
async fn the_first_look_makes_the_first_profile_in_the_browsers_language() {
    for world in worlds().await {
        let first = world.account().get("/v1/profiles").header("accept-language", "de-AT, en;q=0.5").send().await;
        let first = first.expect(200).value();
        assert_eq!(texts(&first, "name"), ["Me"]);
        assert_eq!(text(&first["items"][0], "language"), "de");
        let again = world.account().get("/v1/profiles").send().await.expect(200).value();
        assert_eq!(first, again);
    }
}

#[tokio::test]
async fn two_first_looks_at_once_make_one_profile() {
    for world in worlds().await {
        let look = || async { world.account().get("/v1/profiles").send().await.expect(200).value() };
        let (one, two) = tokio::join!(look(), look());
        assert_eq!(one, two, "{}", world.database.engine);
        assert_eq!(one["items"].as_array().map(Vec::len), Some(1));
    }
}

#[tokio::test]
async fn there_are_five_profiles_and_not_a_sixth_however_they_are_asked_for() {
    for world in worlds().await {
        let create = |n: u32| {
            let request = world.account().post("/v1/profiles").json(&json!({ "name": format!("P{n}") }));
            async move { request.send().await }
        };
        for n in 0..4 {
            create(n).await.expect(201);
        }
        let (one, two) = tokio::join!(create(4), create(5));
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409], "{}", world.database.engine);
        create(6).await.expect_problem(409, "profiles-full");
        let avatars = texts(&world.account().get("/v1/profiles").send().await.expect(200).value(), "avatar");
        assert_eq!(avatars.iter().collect::<std::collections::HashSet<_>>().len(), 5, "{avatars:?}");
    }
}

#[tokio::test]
async fn a_profile_is_what_it_was_made_and_changed_to() {
    for world in worlds().await {
        let new = json!({ "name": " Kim ", "kids": true, "avatar": "owl", "language": "pt-BR" });
        let made = world.account().post("/v1/profiles").json(&new).send().await.expect(201);
        let id = text(&made.value(), "id");
        assert_eq!(made.header("location"), format!("/v1/profiles/{id}"));
        assert_eq!(made.value()["maturity"], 7);
        assert_eq!(made.value()["name"], "Kim");
        let changed = change(&world.account(), &id, &json!({ "name": "Kimberley", "maturity": 12 })).await;
        assert_eq!(changed.expect(200).value()["maturity"], 12);
        let grown = change(&world.account(), &id, &json!({ "kids": false, "maturity": null })).await;
        assert!(grown.expect(200).value().get("maturity").is_none());
        let read = world.account().get(&format!("/v1/profiles/{id}")).send().await.expect(200);
        assert_eq!(read.value()["name"], "Kimberley");
        assert_eq!((read.value()["avatar"].clone(), read.value()["language"].clone()), (json!("owl"), json!("pt-BR")));
        assert_eq!(read.header("cache-control"), "private, no-cache");
        let known = world.account().get(&format!("/v1/profiles/{id}"));
        known.header("if-none-match", read.header("etag")).send().await.expect(304);
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_profile_is_named() {
    let world = world().await;
    let (id, _) = world.ada().await;
    for (body, path) in [
        (json!({ "name": "  " }), "name"),
        (json!({ "name": "x", "language": "English" }), "language"),
        (json!({ "name": "x", "maturity": 30 }), "maturity"),
        (json!({ "name": "x", "kids": true, "maturity": 16 }), "maturity"),
        (json!({ "name": "x", "pin": "12a4" }), "pin"),
    ] {
        let answer = world.account().post("/v1/profiles").json(&body).send().await;
        assert_eq!(answer.expect_problem(422, "profile-invalid").extra["path"], path, "{body}");
    }
    let misspelt = world.account().post("/v1/profiles").json(&json!({ "name": "x", "kid": true })).send().await;
    misspelt.expect_problem(422, "json-invalid");
    let answer = change(&world.account(), &id, &json!({ "name": "x".repeat(41) })).await;
    answer.expect_problem(422, "profile-invalid");
    let left = world.account().get(&format!("/v1/profiles/{id}")).send().await.expect(200).value();
    assert_eq!(left["name"], "Ada");
}

#[tokio::test]
async fn another_accounts_profile_is_not_there() {
    for world in worlds().await {
        let (id, _) = world.ada().await;
        let stranger = world.service.account("acc-2");
        let path = format!("/v1/profiles/{id}");
        stranger.get(&path).send().await.expect_problem(404, "profile-not-found");
        change(&stranger, &id, &json!({ "name": "Mine" })).await.expect_problem(404, "profile-not-found");
        stranger.delete(&path).send().await.expect_problem(404, "profile-not-found");
        let pin = stranger.put(&format!("{path}/pin")).json(&json!({ "pin": "1234" })).send().await;
        pin.expect_problem(404, "profile-not-found");
        stranger.get(&format!("{path}/preferences")).send().await.expect_problem(404, "profile-not-found");
        stranger.post(&format!("{path}/exports")).send().await.expect_problem(404, "profile-not-found");
        world.account().get(&path).send().await.expect(200);
    }
}

/// Everything that manages something about `id`, as `user`.
async fn refusals(world: &World, user: &User, id: &str) -> Vec<String> {
    let path = format!("/v1/profiles/{id}");
    let requests = [
        user.request(Method::PATCH, &path).json(&json!({ "maturity": 18, "kids": false })),
        user.put(&format!("{path}/pin")).json(&json!({ "pin": "1111" })),
        user.delete(&format!("{path}/pin")),
        user.delete(&path),
        user.post("/v1/profiles").json(&json!({ "name": "Another" })),
    ];
    let mut codes = Vec::new();
    for request in requests {
        let answer = request.send().await;
        assert_eq!(answer.status, 403, "{answer:?}");
        codes.push(answer.problem().code.into_owned());
    }
    let left = world.account().get("/v1/profiles").send().await.expect(200);
    assert!(left.value()["items"].as_array().is_some_and(|items| items.iter().any(|one| one["id"] == id)));
    codes
}

#[tokio::test]
async fn a_childs_profile_manages_nothing() {
    let world = world().await;
    let (ada, _) = world.ada().await;
    let (kim, child) = world.profile(&json!({ "name": "Kim", "kids": true })).await;
    for id in [&kim, &ada] {
        assert_eq!(refusals(&world, &child, id).await, ["kids-profile"; 5]);
    }
    let export = child.post(&format!("/v1/profiles/{kim}/exports")).send().await;
    export.expect_problem(403, "kids-profile");
    child.delete("/v1/me/history").send().await.expect_problem(403, "kids-profile");
    change(&child, &kim, &json!({ "name": "Kimberley" })).await.expect_problem(403, "kids-profile");
    // What is not managing: who is there, captions, the list.
    child.get("/v1/profiles").send().await.expect(200);
    child.put("/v1/me/preferences").json(&json!({ "autoplay": false })).send().await.expect(200);
    child.put("/v1/me/list/film").send().await.expect(204);
}

#[tokio::test]
async fn who_has_a_ceiling_does_not_lift_it() {
    let world = world().await;
    world.ada().await;
    let (id, teen) = world.profile(&json!({ "name": "Teo", "maturity": 12 })).await;
    assert_eq!(refusals(&world, &teen, &id).await, ["profile-limited"; 5]);
    change(&teen, &id, &json!({ "name": "Theo", "avatar": "comet" })).await.expect(200);
}

#[tokio::test]
async fn a_pin_keeps_the_others_of_the_house_out() {
    for world in worlds().await {
        let (ada, guarded) = world.profile(&json!({ "name": "Ada", "pin": "2468" })).await;
        let (_, bob) = world.profile(&json!({ "name": "Bob" })).await;
        let profile = world.account().get(&format!("/v1/profiles/{ada}")).send().await.expect(200);
        assert_eq!(profile.value()["has_pin"], true);
        assert!(!profile.text().contains("2468") && !profile.text().contains("argon2"), "{profile:?}");
        let path = format!("/v1/profiles/{ada}/pin");
        bob.delete(&path).send().await.expect_problem(403, "profile-guarded");
        change(&bob, &ada, &json!({ "name": "Adele" })).await.expect_problem(403, "profile-guarded");
        guarded.put(&path).json(&json!({ "pin": "13579" })).send().await.expect(204);
        world.account().delete(&path).send().await.expect(204);
        change(&bob, &ada, &json!({ "name": "Adele" })).await.expect(200);
    }
}

#[tokio::test]
async fn preferences_are_kept_whole() {
    for world in worlds().await {
        let (id, ada) = world.ada().await;
        let usual = ada.get("/v1/me/preferences").send().await.expect(200).value();
        assert_eq!(usual["autoplay"], true);
        assert_eq!(usual["captions"], json!({ "size": "medium", "colour": "white", "background": "shade" }));
        let own = json!({
            "autoplay": false, "caption_language": "en",
            "captions": { "size": "huge", "colour": "yellow", "background": "box" },
        });
        let answer = ada.put("/v1/me/preferences").json(&own).send().await.expect(200);
        assert_eq!(answer.value(), own);
        let by_id = world.account().get(&format!("/v1/profiles/{id}/preferences")).send().await.expect(200);
        assert_eq!(by_id.value(), own);
        let path = format!("/v1/profiles/{id}/preferences");
        world.account().put(&path).json(&json!({})).send().await.expect(200);
        assert_eq!(ada.get("/v1/me/preferences").send().await.expect(200).value(), usual);
        for wrong in [json!({ "autoplays": true }), json!({ "captions": { "size": "tiny" } })] {
            ada.put("/v1/me/preferences").json(&wrong).send().await.expect_problem(422, "json-invalid");
        }
        let wrong = json!({ "audio_language": "English" });
        ada.put("/v1/me/preferences").json(&wrong).send().await.expect_problem(422, "profile-invalid");
    }
}

#[tokio::test]
async fn what_is_ones_own_needs_a_profile() {
    let world = world().await;
    let account = world.service.account(ACCOUNT);
    for path in ["preferences", "positions/film", "continue", "history", "list", "thumbs", "shelf"] {
        account.get(&format!("/v1/me/{path}")).send().await.expect_problem(403, "profile-required");
    }
}

#[tokio::test]
async fn a_token_outlives_its_profile_and_is_told_so() {
    for world in worlds().await {
        let (id, ada) = world.ada().await;
        world.account().delete(&format!("/v1/profiles/{id}")).send().await.expect(202);
        ada.get("/v1/me/preferences").send().await.expect_problem(404, "profile-not-found");
        ada.get("/v1/me/shelf").send().await.expect_problem(404, "profile-not-found");
        ada.put("/v1/me/list/film").send().await.expect_problem(404, "profile-not-found");
        let thumb = ada.put("/v1/me/thumbs/film").json(&json!({ "value": "up" })).send().await;
        thumb.expect_problem(404, "profile-not-found");
    }
}

#[tokio::test]
async fn the_console_is_told_what_a_profile_may_see_and_nobody_else_is() {
    for world in worlds().await {
        let (id, child) = world.profile(&json!({ "name": "Mia", "kids": true })).await;
        let path = format!("/v1/diagnoses/profiles/{id}");
        let console = world.service.service("console");
        let told = console.get(&path).send().await.expect(200).value();
        assert_eq!((&told["account_id"], &told["kids"]), (&json!(ACCOUNT), &json!(true)));
        assert!(told["maturity"].is_u64() && told.get("name").is_none(), "{told}");
        console.get("/v1/diagnoses/profiles/nobody").send().await.expect_problem(404, "profile-not-found");
        for other in [child, world.account(), world.service.service("identity"), world.service.anonymous()] {
            other.get(&path).send().await.expect_problem(403, "service-only");
        }
    }
}
