//! Signing in and out.

use bijou_testkit::TestResponse;
use serde_json::{Value, json};

use crate::world::{EMAIL, PASSWORD, oauth_error, text, world, worlds};

#[tokio::test]
async fn a_sign_in_gives_a_session_and_both_tokens() {
    let world = world().await;
    world.sign_up().await;
    let body = json!({ "email": "Ada@Example.org", "password": PASSWORD, "device_name": "Firefox on Linux" });
    let answer = world.visitor().post("/v1/sessions").json(&body).send().await.expect(201);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.headers.get("set-cookie").is_none());
    let signed_in = answer.value();
    assert_eq!((&signed_in["token_type"], &signed_in["expires_in"]), (&json!("Bearer"), &json!(600)));
    assert_eq!(signed_in["session"]["device_name"], "Firefox on Linux");
    assert_eq!(signed_in["session"]["current"], true);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_get_the_same_answer() {
    let world = world().await;
    world.sign_up().await;
    let without_id = |answer: TestResponse| {
        let mut body = answer.expect(401).value();
        body.as_object_mut().expect("an object").remove("request_id");
        body
    };
    let wrong = without_id(world.try_sign_in(EMAIL, "incorrect horse").await);
    for email in ["eve@example.org", "no address at all", ""] {
        assert_eq!(without_id(world.try_sign_in(email, PASSWORD).await), wrong, "`{email}`");
    }
    assert_eq!(without_id(world.try_sign_in(EMAIL, &"x".repeat(100_000)).await), wrong);
    assert_eq!(wrong["code"], "credentials-invalid");
}

/// The medians of some attempts each differ by far less than one hash takes.
#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_take_the_same_time() {
    let world = world().await;
    world.sign_up().await;
    let mut times = [Vec::new(), Vec::new()];
    for n in 0..9 {
        for (kind, email) in [EMAIL.to_owned(), format!("eve{n}@example.org")].into_iter().enumerate() {
            let started = std::time::Instant::now();
            world.try_sign_in(&email, "incorrect horse").await.expect(401);
            times[kind].push(started.elapsed());
        }
    }
    // The shortest of each: what other tests do beside this only makes some longer.
    let [known, unknown] = times.map(|times| times.into_iter().min().expect("nine of each"));
    assert!(unknown > known / 2 && known > unknown / 2, "known {known:?}, unknown {unknown:?}");
}

#[tokio::test]
async fn sessions_are_listed_with_the_current_one_marked() {
    for world in worlds().await {
        world.sign_up().await;
        let first = world.sign_in().await;
        world.time.pass_s(60);
        let second = world.sign_in().await;
        let items = list(&world.member(&first)).await;
        assert_eq!(items.len(), 2);
        assert_eq!((&items[0]["id"], &items[0]["current"]), (&second["session"]["id"], &json!(false)));
        assert_eq!((&items[1]["id"], &items[1]["current"]), (&first["session"]["id"], &json!(true)));
        world.visitor().get("/v1/sessions").send().await.expect_problem(401, "sign-in-required");
    }
}

#[tokio::test]
async fn signing_out_ends_the_refresh_token_and_only_that_session() {
    for world in worlds().await {
        world.sign_up().await;
        let (here, there) = (world.sign_in().await, world.sign_in().await);
        let member = world.member(&here);
        let gone = member.delete("/v1/sessions/current").send().await.expect(204);
        assert!(gone.header("set-cookie").starts_with("bijou_refresh=; Max-Age=0; Path=/oauth;"), "{gone:?}");
        assert_eq!(oauth_error(&world.refresh(&text(&here, "refresh_token")).await, 400), "invalid_grant");
        world.refresh(&text(&there, "refresh_token")).await.expect(200);
        member.delete("/v1/sessions/current").send().await.expect_problem(404, "session-not-found");
        let other = format!("/v1/sessions/{}", text(&there["session"], "id"));
        let gone = member.delete(&other).send().await.expect(204);
        assert!(gone.headers.get("set-cookie").is_none(), "the cookie here is another session's");
        assert!(list(&member).await.is_empty());
    }
}

#[tokio::test]
async fn nobody_ends_somebody_elses_session() {
    for world in worlds().await {
        world.sign_up().await;
        let signed_in = world.sign_in().await;
        let path = format!("/v1/sessions/{}", text(&signed_in["session"], "id"));
        let eve = world.service.account("eve");
        eve.delete(&path).send().await.expect_problem(404, "session-not-found");
        eve.delete("/v1/sessions/current").send().await.expect_problem(404, "session-not-found");
        world.refresh(&text(&signed_in, "refresh_token")).await.expect(200);
    }
}

#[tokio::test]
async fn a_session_that_is_not_used_ends_and_use_prolongs_it() {
    const DAY: i64 = 86_400;
    for world in worlds().await {
        let mut token = world.signed_in().await;
        for _ in 0..8 {
            world.time.pass_s(20 * DAY);
            token = text(&world.refresh(&token).await.expect(200).value(), "refresh_token");
        }
        world.time.pass_s(20 * DAY);
        assert_eq!(oauth_error(&world.refresh(&token).await, 400), "invalid_grant", "180 days are over");
        let unused = text(&world.sign_in().await, "refresh_token");
        world.time.pass_s(30 * DAY);
        assert_eq!(oauth_error(&world.refresh(&unused).await, 400), "invalid_grant");
    }
}

#[tokio::test]
async fn the_cookie_way_never_shows_the_refresh_token() {
    let world = world().await;
    world.sign_up().await;
    let body = json!({ "email": EMAIL, "password": PASSWORD, "cookie": true });
    let answer = world.visitor().post("/v1/sessions").json(&body).send().await.expect(201);
    assert!(answer.value().get("refresh_token").is_none());
    let first = cookie(&answer);
    let refresh = async |cookie: String| {
        let request = world.visitor().post("/oauth/token").form(&[("grant_type", "refresh_token")]);
        request.header("cookie", &cookie).send().await
    };
    let answer = refresh(first.clone()).await.expect(200);
    assert!(answer.value().get("refresh_token").is_none());
    let second = cookie(&answer);
    assert_ne!(first, second);
    world.time.pass_s(60);
    let reused = refresh(first).await;
    assert_eq!(oauth_error(&reused, 400), "invalid_grant");
    assert!(reused.header("set-cookie").starts_with("bijou_refresh=; Max-Age=0"), "a dead cookie is taken away");
    assert_eq!(oauth_error(&refresh(second).await, 400), "invalid_grant");
}

/// The pair a browser would send back; checks the attributes on the way.
#[track_caller]
fn cookie(answer: &TestResponse) -> String {
    let (pair, attributes) = answer.header("set-cookie").split_once("; ").expect("a cookie with attributes");
    assert_eq!(attributes, "Max-Age=2592000; Path=/oauth; HttpOnly; SameSite=Strict");
    pair.to_owned()
}

async fn list(member: &bijou_testkit::User) -> Vec<Value> {
    member.get("/v1/sessions").send().await.expect(200).value()["items"].as_array().expect("a list").clone()
}
