//! Becoming a profile, and staying it.

use serde_json::{Value, json};

use crate::house::{ADA, BOB, KIM};
use crate::world::{EMAIL, PASSWORD, World, member_claims, oauth_error, text, world, worlds, worlds_with};

const ACCOUNT: &str = "urn:bijou:account";
const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// A signed-in household of Ada (PIN), Bob and little Kim (PIN).
async fn household(world: &World) -> Value {
    world.house.set_people(&[ADA, BOB, KIM]);
    world.sign_up().await;
    world.sign_in().await
}

async fn refused(world: &World, token: &str, profile: &str, pin: Option<&str>) -> Value {
    let answer = world.exchange(token, &format!("urn:bijou:profile:{profile}"), pin).await;
    assert_eq!(oauth_error(&answer, 400), "invalid_grant");
    answer.value()
}

#[tokio::test]
async fn a_token_says_whose_it_is_and_what_they_may_see() {
    for world in worlds_with("[identity]\nterritory = 'DE'\n").await {
        let signed_in = household(&world).await;
        assert_eq!(signed_in["maturity"], 7, "of a house with children, its youngest's");
        let claims = world.claims(&signed_in).await;
        assert_eq!((&claims["maturity"], &claims["territory"]), (&json!(7), &json!("DE")));
        assert!(claims.get("profile").is_none() && claims.get("kids").is_none(), "{claims}");

        let bob = world.become_profile(&text(&signed_in, "access_token"), "bob", None).await;
        assert_eq!(bob["profile"], json!({ "id": "bob", "name": "BOB", "kids": false }));
        assert_eq!((&bob["maturity"], &bob["expires_in"]), (&json!(16), &json!(600)));
        assert_eq!((&bob["issued_token_type"], &bob["token_type"]), (&json!(ACCESS_TOKEN), &json!("Bearer")));
        assert!(bob.get("refresh_token").is_none() && bob.get("missing").is_none(), "{bob}");
        let claims = world.claims(&bob).await;
        assert_eq!((&claims["profile"], &claims["maturity"]), (&json!("bob"), &json!(16)));
        assert_eq!((&claims["sid"], &claims["sub"]), (&signed_in["session"]["id"], &signed_in["account"]["id"]));
        assert_eq!((&claims["scope"], &claims["territory"]), (&json!("viewer"), &json!("DE")));

        let kim = world.become_profile(&text(&bob, "access_token"), "kim", None).await;
        let claims = world.claims(&kim).await;
        assert_eq!(
            (&claims["profile"], &claims["kids"], &claims["maturity"]),
            (&json!("kim"), &json!(true), &json!(7))
        );
        let sessions = world.member(&signed_in).get("/v1/sessions").send().await.expect(200).value();
        assert_eq!(sessions["items"][0]["profile"], kim["profile"]);
        assert_eq!(sessions["items"][0]["client"], "bijou-app");
    }
}

#[tokio::test]
async fn a_session_stays_with_its_profile_without_its_pin() {
    for world in worlds().await {
        let signed_in = household(&world).await;
        world.become_profile(&text(&signed_in, "access_token"), "ada", Some("2468")).await;
        let mut refresh_token = text(&signed_in, "refresh_token");
        for _ in 0..3 {
            world.time.pass_s(600);
            let next = world.refresh(&refresh_token).await.expect(200).value();
            assert_eq!(next["profile"]["id"], "ada");
            assert!(world.claims(&next).await.get("maturity").is_none());
            refresh_token = text(&next, "refresh_token");
        }
        let back = world.refresh(&refresh_token).await.expect(200).value();
        let whole = world.exchange(&text(&back, "access_token"), ACCOUNT, None).await.expect(200).value();
        assert!(whole.get("profile").is_none(), "{whole}");
        let next = world.refresh(&text(&back, "refresh_token")).await.expect(200).value();
        assert!(next.get("profile").is_none(), "{next}");
        assert_eq!(next["maturity"], 7);
    }
}

#[tokio::test]
async fn a_child_does_not_become_a_grown_up() {
    for world in worlds().await {
        let signed_in = household(&world).await;
        let account = text(&signed_in, "access_token");
        let kim = text(&world.become_profile(&account, "kim", None).await, "access_token");
        assert_eq!(refused(&world, &kim, "ada", None).await["bijou_code"], "pin-required");
        assert_eq!(refused(&world, &kim, "bob", None).await["bijou_code"], "pin-required");
        let wrong = refused(&world, &kim, "ada", Some("1234")).await;
        assert_eq!((&wrong["bijou_code"], &wrong["tries_left"]), (&json!("pin-wrong"), &json!(2)));
        let whole = world.exchange(&kim, ACCOUNT, None).await;
        assert_eq!(oauth_error(&whole, 400), "invalid_grant");
        // Not by the token from before either, nor by refreshing.
        assert_eq!(refused(&world, &account, "bob", None).await["bijou_code"], "pin-required");
        let next = world.refresh(&text(&signed_in, "refresh_token")).await.expect(200).value();
        assert_eq!((&next["profile"]["kids"], &next["maturity"]), (&json!(true), &json!(7)));
        // Nor does it end anybody's session but its own.
        world.become_profile(&kim, "ada", Some("2468")).await;
    }
}

#[tokio::test]
async fn an_older_token_is_not_let_in_because_somebody_else_is() {
    for world in worlds().await {
        let signed_in = household(&world).await;
        let account = text(&signed_in, "access_token");
        world.become_profile(&account, "ada", Some("2468")).await;
        assert_eq!(refused(&world, &account, "ada", None).await["bijou_code"], "pin-required");
    }
}

#[tokio::test]
async fn whoever_has_a_ceiling_is_not_the_whole_account_again_by_an_older_token() {
    for world in worlds().await {
        let signed_in = household(&world).await;
        let account = text(&signed_in, "access_token");
        world.become_profile(&account, "bob", None).await;
        let whole = world.exchange(&account, ACCOUNT, None).await;
        assert_eq!(oauth_error(&whole, 400), "invalid_grant");
        assert_eq!(whole.value()["bijou_code"], "pin-required");
        world.exchange(&account, ACCOUNT, Some("2468")).await.expect(200);
    }
}

#[tokio::test]
async fn after_too_many_wrong_pins_it_is_said_how_long_to_wait() {
    let world = world().await;
    let account = text(&household(&world).await, "access_token");
    for left in [2, 1, 0] {
        assert_eq!(refused(&world, &account, "ada", Some("0000")).await["tries_left"], left);
    }
    let locked = world.exchange(&account, "urn:bijou:profile:ada", Some("2468")).await;
    assert_eq!(oauth_error(&locked, 400), "invalid_grant");
    assert_eq!((locked.value()["bijou_code"].as_str(), locked.header("retry-after")), (Some("pin-locked"), "90"));
}

#[tokio::test]
async fn a_profile_of_another_house_is_not_found() {
    let world = world().await;
    let account = text(&household(&world).await, "access_token");
    assert_eq!(refused(&world, &account, "eve", None).await["bijou_code"], "profile-not-found");
}

#[tokio::test]
async fn a_session_of_a_deleted_profile_is_the_accounts_again() {
    for world in worlds().await {
        let signed_in = household(&world).await;
        world.become_profile(&text(&signed_in, "access_token"), "bob", None).await;
        world.house.set_people(&[ADA, KIM]);
        let next = world.refresh(&text(&signed_in, "refresh_token")).await.expect(200).value();
        assert!(next.get("profile").is_none(), "{next}");
        assert_eq!(next["maturity"], 7);
        let sessions = world.member(&signed_in).get("/v1/sessions").send().await.expect(200).value();
        assert!(sessions["items"][0].get("profile").is_none(), "{sessions}");
    }
}

#[tokio::test]
async fn a_changed_ceiling_holds_from_the_next_refresh_on() {
    for world in worlds().await {
        let signed_in = household(&world).await;
        world.become_profile(&text(&signed_in, "access_token"), "bob", None).await;
        world.house.set_people(&[crate::house::Person { maturity: Some(12), ..BOB }]);
        let next = world.refresh(&text(&signed_in, "refresh_token")).await.expect(200).value();
        assert_eq!(world.claims(&next).await["maturity"], 12);
    }
}

#[tokio::test]
async fn nobody_exchanges_what_is_no_token_of_a_session_that_goes_on() {
    for world in worlds().await {
        let signed_in = household(&world).await;
        let token = text(&signed_in, "access_token");
        let not_ours = async |token: &str| {
            let answer = world.exchange(token, "urn:bijou:profile:bob", None).await;
            assert_eq!(oauth_error(&answer, 400), "invalid_request", "{token}");
            assert_eq!(answer.value()["bijou_code"], "subject-token-invalid");
        };
        let forged = format!("{}x", &token[..token.len() - 1]);
        for other in
            ["no token", &text(&signed_in, "refresh_token"), forged.as_str(), &world.service.passports.account("x")]
        {
            not_ours(other).await;
        }
        world.time.pass_s(600);
        not_ours(&token).await;
        let next = world.refresh(&text(&signed_in, "refresh_token")).await.expect(200).value();
        world.member(&signed_in).delete("/v1/sessions/current").send().await.expect(204);
        not_ours(&text(&next, "access_token")).await;
    }
}

#[tokio::test]
async fn what_is_wrong_with_an_exchange_is_named() {
    let world = world().await;
    let token = text(&household(&world).await, "access_token");
    let check = async |change: &[(&str, &str)], expected: &str| {
        let mut form = vec![
            ("grant_type", EXCHANGE),
            ("subject_token", token.as_str()),
            ("subject_token_type", ACCESS_TOKEN),
            ("resource", "urn:bijou:profile:bob"),
        ];
        for (name, value) in change {
            form.retain(|(known, _)| known != name);
            form.push((name, value));
        }
        let answer = world.visitor().post("/oauth/token").form(&form).send().await;
        assert_eq!(oauth_error(&answer, 400), expected, "{change:?}");
    };
    check(&[("subject_token", "")], "invalid_request").await;
    check(&[("subject_token_type", "")], "invalid_request").await;
    check(&[("subject_token_type", "urn:ietf:params:oauth:token-type:jwt")], "invalid_request").await;
    check(&[("requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token")], "invalid_request").await;
    check(&[("actor_token", "x")], "invalid_request").await;
    check(&[("audience", "https://example.org")], "invalid_target").await;
    check(&[("resource", "https://example.org/bob")], "invalid_target").await;
    check(&[("scope", "operator")], "invalid_scope").await;
    let asked = [("requested_token_type", ACCESS_TOKEN), ("scope", "viewer")];
    let mut form = vec![("grant_type", EXCHANGE), ("subject_token", &token), ("subject_token_type", ACCESS_TOKEN)];
    form.extend(asked);
    world.visitor().post("/oauth/token").form(&form).send().await.expect(200);
}

#[tokio::test]
async fn a_browsers_cookie_stays_with_the_profile_too() {
    let world = world().await;
    world.house.set_people(&[ADA, BOB, KIM]);
    world.sign_up().await;
    let body = json!({ "email": EMAIL, "password": PASSWORD, "cookie": true });
    let answer = world.visitor().post("/v1/sessions").json(&body).send().await.expect(201);
    let cookie = answer.header("set-cookie").split(';').next().expect("a pair").to_owned();
    let token = text(&answer.value(), "access_token");
    let exchanged = world.exchange(&token, "urn:bijou:profile:kim", None).await.expect(200);
    assert!(exchanged.headers.get("set-cookie").is_none(), "the cookie at hand stays good");
    let request = world.visitor().post("/oauth/token").form(&[("grant_type", "refresh_token")]);
    let next = request.header("cookie", &cookie).send().await.expect(200).value();
    assert_eq!(next["profile"]["id"], "kim");
    assert!(next.get("refresh_token").is_none());
}

#[tokio::test]
async fn a_child_ends_its_own_session_and_no_other() {
    for world in worlds().await {
        let (here, there) = (household(&world).await, world.sign_in().await);
        let child = |signed_in: &Value| {
            let claims = bijou_passport::Claims { kids: true, ..member_claims(signed_in) };
            world.service.claims(&claims)
        };
        let other = format!("/v1/sessions/{}", text(&there["session"], "id"));
        child(&here).delete(&other).send().await.expect_problem(403, "kids-profile");
        child(&here).delete("/v1/sessions/current").send().await.expect(204);
    }
}
