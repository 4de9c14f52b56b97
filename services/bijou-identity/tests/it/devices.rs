//! Televisions: signed in by a code that somebody types elsewhere.

use bijou_testkit::{TestResponse, User};
use serde_json::{Value, json};

use crate::house::{ADA, BOB, KIM};
use crate::world::{World, member_claims, oauth_error, text, world, worlds};

const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
const CLIENT: (&str, &str) = ("client_id", "bijou-tv");

async fn begin_with(world: &World, form: &[(&str, &str)]) -> TestResponse {
    world.visitor().post("/oauth/device_authorization").form(form).send().await
}

async fn begin(world: &World) -> Value {
    begin_with(world, &[CLIENT, ("device_name", " Living room ")]).await.expect(200).value()
}

async fn poll(world: &World, begun: &Value) -> TestResponse {
    let code = text(begun, "device_code");
    let form = [("grant_type", DEVICE_GRANT), ("device_code", code.as_str()), CLIENT];
    world.visitor().post("/oauth/token").form(&form).send().await
}

async fn decide(user: &User, code: &str, approve: bool) -> TestResponse {
    user.put(&format!("/v1/device-codes/{code}/decision")).json(&json!({ "approve": approve })).send().await
}

async fn look(user: &User, code: &str) -> TestResponse {
    user.get(&format!("/v1/device-codes/{code}")).send().await
}

#[tokio::test]
async fn a_television_is_signed_in_by_a_code() {
    for world in worlds().await {
        world.sign_up().await;
        let signed_in = world.sign_in().await;
        let phone = world.member(&signed_in);
        let begun = begin(&world).await;
        assert_eq!((&begun["expires_in"], &begun["interval"]), (&json!(600), &json!(5)));
        let code = text(&begun, "user_code");
        assert_eq!(begun["verification_uri"], "/link");
        assert_eq!(text(&begun, "verification_uri_complete"), format!("/link?code={code}"));
        assert_eq!(oauth_error(&poll(&world, &begun).await, 400), "authorization_pending");

        let asked = look(&phone, &code.to_lowercase().replace('-', "%20")).await.expect(200);
        assert_eq!(asked.header("cache-control"), "private, no-store");
        let asked = asked.value();
        assert_eq!((&asked["device_name"], &asked["client"]), (&json!("Living room"), &json!("bijou-tv")));
        assert_eq!(asked["user_code"], code.as_str());
        decide(&phone, &code, true).await.expect(204);
        // Asked early, but there is an answer.
        let answer = poll(&world, &begun).await.expect(200);
        assert_eq!(answer.header("cache-control"), "no-store");
        let tokens = answer.value();
        let claims = world.claims(&tokens).await;
        assert_eq!((&claims["sub"], &claims["client_id"]), (&signed_in["account"]["id"], &json!("bijou-tv")));
        assert_eq!(claims["scope"], "viewer");
        assert_ne!(claims["sid"], signed_in["session"]["id"]);

        // Once only, and what it got goes on.
        assert_eq!(oauth_error(&poll(&world, &begun).await, 400), "invalid_grant");
        look(&phone, &code).await.expect_problem(404, "device-code-not-found");
        let next = world.refresh(&text(&tokens, "refresh_token")).await.expect(200).value();

        // It is one of the account's sessions, and can be ended as any other.
        let sessions = phone.get("/v1/sessions").send().await.expect(200).value();
        let television = sessions["items"].as_array().expect("a list").iter();
        let television = television.clone().find(|session| session["client"] == "bijou-tv").expect("it is listed");
        assert_eq!((&television["device_name"], &television["id"]), (&json!("Living room"), &claims["sid"]));
        phone.delete(&format!("/v1/sessions/{}", text(television, "id"))).send().await.expect(204);
        assert_eq!(oauth_error(&world.refresh(&text(&next, "refresh_token")).await, 400), "invalid_grant");
        let exchanged = world.exchange(&text(&next, "access_token"), "urn:bijou:account", None).await;
        assert_eq!(exchanged.value()["bijou_code"], "subject-token-invalid");
    }
}

#[tokio::test]
async fn a_household_picks_its_profiles_on_a_television_too() {
    for world in worlds().await {
        world.house.set_people(&[ADA, BOB, KIM]);
        world.sign_up().await;
        let phone = world.member(&world.sign_in().await);
        let begun = begin(&world).await;
        decide(&phone, &text(&begun, "user_code"), true).await.expect(204);
        let tokens = poll(&world, &begun).await.expect(200).value();
        assert_eq!(tokens["maturity"], 7);
        let bob = world.become_profile(&text(&tokens, "access_token"), "bob", None).await;
        assert_eq!(world.claims(&bob).await["client_id"], "bijou-tv");
        let next = world.refresh(&text(&tokens, "refresh_token")).await.expect(200).value();
        assert_eq!(next["profile"]["id"], "bob");
    }
}

#[tokio::test]
async fn a_device_that_is_refused_is_told_so() {
    for world in worlds().await {
        world.sign_up().await;
        let phone = world.member(&world.sign_in().await);
        let begun = begin(&world).await;
        decide(&phone, &text(&begun, "user_code"), false).await.expect(204);
        for _ in 0..2 {
            assert_eq!(oauth_error(&poll(&world, &begun).await, 400), "access_denied");
        }
    }
}

#[tokio::test]
async fn a_device_that_asks_too_often_is_slowed_down_more_and_more() {
    for world in worlds().await {
        let begun = begin(&world).await;
        let expect = async |wait_s: i64, expected: &str| {
            world.time.pass_s(wait_s);
            assert_eq!(oauth_error(&poll(&world, &begun).await, 400), expected, "after {wait_s} s");
        };
        expect(0, "authorization_pending").await;
        expect(5, "authorization_pending").await;
        expect(1, "slow_down").await;
        expect(9, "slow_down").await;
        expect(15, "authorization_pending").await;
        expect(14, "slow_down").await;
        expect(20, "authorization_pending").await;
    }
}

#[tokio::test]
async fn codes_expire_after_ten_minutes() {
    for world in worlds().await {
        world.sign_up().await;
        let phone = world.member(&world.sign_in().await);
        let (unseen, approved) = (begin(&world).await, begin(&world).await);
        decide(&phone, &text(&approved, "user_code"), true).await.expect(204);
        world.time.pass_s(600);
        for begun in [&unseen, &approved] {
            assert_eq!(oauth_error(&poll(&world, begun).await, 400), "expired_token");
            let code = text(begun, "user_code");
            look(&phone, &code).await.expect_problem(404, "device-code-not-found");
            decide(&phone, &code, true).await.expect_problem(404, "device-code-not-found");
        }
    }
}

#[tokio::test]
async fn a_device_is_decided_about_once() {
    for world in worlds().await {
        world.sign_up().await;
        let phone = world.member(&world.sign_in().await);
        let begun = begin(&world).await;
        let code = text(&begun, "user_code");
        decide(&phone, &code, true).await.expect(204);
        decide(&phone, &code, true).await.expect(204);
        decide(&phone, &code, false).await.expect_problem(409, "device-code-decided");
        poll(&world, &begun).await.expect(200);
        decide(&phone, &code, true).await.expect(204);
        assert_eq!(oauth_error(&poll(&world, &begun).await, 400), "invalid_grant", "used up all the same");
    }
}

#[tokio::test]
async fn of_two_questions_at_once_one_gets_the_session() {
    for world in worlds().await {
        world.sign_up().await;
        let signed_in = world.sign_in().await;
        let phone = world.member(&signed_in);
        let begun = begin(&world).await;
        decide(&phone, &text(&begun, "user_code"), true).await.expect(204);
        let (one, two) = tokio::join!(poll(&world, &begun), poll(&world, &begun));
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 400], "{}", world.database.engine);
        let sessions = phone.get("/v1/sessions").send().await.expect(200).value();
        assert_eq!(sessions["items"].as_array().map(Vec::len), Some(2));
    }
}

#[tokio::test]
async fn only_a_grown_up_whose_session_goes_on_signs_devices_in() {
    for world in worlds().await {
        world.house.set_people(&[BOB, KIM]);
        world.sign_up().await;
        let signed_in = world.sign_in().await;
        let phone = world.member(&signed_in);
        let code = text(&begin(&world).await, "user_code");
        let check = async |user: &User, status: u16, problem: &str| {
            look(user, &code).await.expect_problem(status, problem);
            decide(user, &code, true).await.expect_problem(status, problem);
        };
        check(&world.visitor(), 401, "sign-in-required").await;
        // A child's token, and an older one in a session that is a child's by now.
        let claims = bijou_passport::Claims { kids: true, ..member_claims(&signed_in) };
        check(&world.service.claims(&claims), 403, "kids-profile").await;
        world.become_profile(&text(&signed_in, "access_token"), "kim", None).await;
        check(&phone, 403, "kids-profile").await;
        phone.delete("/v1/sessions/current").send().await.expect(204);
        check(&phone, 401, "session-over").await;
    }
}

#[tokio::test]
async fn a_ceiling_is_not_left_by_way_of_a_television() {
    for world in worlds().await {
        world.house.set_people(&[ADA, BOB]);
        world.sign_up().await;
        let signed_in = world.sign_in().await;
        let phone = world.member(&signed_in);
        let account = text(&signed_in, "access_token");
        let code = text(&begin(&world).await, "user_code");
        world.become_profile(&account, "bob", None).await;
        decide(&phone, &code, true).await.expect_problem(403, "profile-limited");
        world.house.set_away(true);
        decide(&phone, &code, true).await.expect_problem(503, "unavailable");
        world.house.set_away(false);
        // Where no PIN guards the account, a ceiling is only a wish.
        world.house.set_people(&[BOB]);
        decide(&phone, &code, true).await.expect(204);
        world.house.set_people(&[ADA, BOB]);
        world.become_profile(&account, "ada", Some("2468")).await;
        let code = text(&begin(&world).await, "user_code");
        decide(&phone, &code, true).await.expect(204);
    }
}

#[tokio::test]
async fn it_is_said_where_a_device_asks_from() {
    let world = world().await;
    world.sign_up().await;
    let phone = world.member(&world.sign_in().await);
    let check = async |device: &str, phone_at: &str, expected: (Value, bool)| {
        let request = world.visitor().post("/oauth/device_authorization").form(&[CLIENT]);
        let begun = request.header("x-forwarded-for", device).header("x-forwarded-host", "films.example.org:8080");
        let begun = begun.send().await.expect(200).value();
        assert_eq!(begun["verification_uri"], "http://films.example.org:8080/link");
        let request = phone.get(&format!("/v1/device-codes/{}", text(&begun, "user_code")));
        let asked = request.header("x-forwarded-for", phone_at).send().await.expect(200).value();
        assert_eq!((&asked["address"], &asked["same_network"]), (&expected.0, &json!(expected.1)));
        assert!(asked.get("device_name").is_none(), "{asked}");
    };
    check("192.0.2.7", "192.0.2.7", (json!("192.0.2.7"), true)).await;
    check("192.0.2.7", "198.51.100.1", (json!("192.0.2.7"), false)).await;
    check("2001:db8::7", "2001:db8::8", (json!("2001:db8::7"), true)).await;
    check("::ffff:192.0.2.7", "192.0.2.7", (json!("192.0.2.7"), true)).await;
}

#[tokio::test]
async fn what_is_wrong_with_a_devices_request_is_named() {
    let world = world().await;
    let check = async |form: &[(&str, &str)], status: u16, expected: &str| {
        assert_eq!(oauth_error(&begin_with(&world, form).await, status), expected, "{form:?}");
    };
    check(&[], 400, "invalid_request").await;
    check(&[("client_id", "nobody")], 401, "invalid_client").await;
    check(&[CLIENT, ("scope", "operator")], 400, "invalid_scope").await;
    check(&[CLIENT, ("device_name", &"x".repeat(101))], 400, "invalid_request").await;
    check(&[CLIENT, CLIENT], 400, "invalid_request").await;
    begin_with(&world, &[CLIENT, ("scope", "viewer"), ("anything", "else")]).await.expect(200);

    let begun = begin(&world).await;
    let code = text(&begun, "device_code");
    let grant = ("grant_type", DEVICE_GRANT);
    let ask = async |form: &[(&str, &str)], expected: &str| {
        let answer = world.visitor().post("/oauth/token").form(form).send().await;
        assert_eq!(oauth_error(&answer, 400), expected, "{form:?}");
    };
    ask(&[grant, CLIENT], "invalid_request").await;
    ask(&[grant, ("device_code", &code)], "invalid_request").await;
    ask(&[grant, ("device_code", "made up"), CLIENT], "invalid_grant").await;
    ask(&[grant, ("device_code", &text(&begun, "user_code")), CLIENT], "invalid_grant").await;
    ask(&[grant, ("device_code", &code), ("client_id", "another")], "invalid_grant").await;
}

#[tokio::test]
async fn a_television_that_is_a_browser_keeps_its_token_in_a_cookie() {
    let world = world().await;
    world.sign_up().await;
    let phone = world.member(&world.sign_in().await);
    let begun = begin(&world).await;
    decide(&phone, &text(&begun, "user_code"), true).await.expect(204);
    let code = text(&begun, "device_code");
    let ask = async |site: &str| {
        let form = [("grant_type", DEVICE_GRANT), ("device_code", code.as_str()), CLIENT, ("cookie", "true")];
        world.visitor().post("/oauth/token").form(&form).header("sec-fetch-site", site).send().await
    };
    // Another site must not sign somebody's browser in to an account of its choice.
    assert_eq!(oauth_error(&ask("cross-site").await, 400), "invalid_request");
    let answer = ask("same-origin").await.expect(200);
    assert!(answer.value().get("refresh_token").is_none());
    let cookie = answer.header("set-cookie");
    assert!(cookie.ends_with("; Max-Age=2592000; Path=/oauth; HttpOnly; SameSite=Strict"), "{cookie}");
    let pair = cookie.split(';').next().expect("a pair");
    let request = world.visitor().post("/oauth/token").form(&[("grant_type", "refresh_token")]);
    request.header("cookie", pair).send().await.expect(200);
}

#[tokio::test]
async fn codes_are_not_guessed() {
    let world = world().await;
    world.sign_up().await;
    let phone = world.member(&world.sign_in().await);
    let code = text(&begin(&world).await, "user_code");
    for _ in 0..20 {
        look(&phone, &code).await.expect(200);
        look(&phone, "no-code").await.expect_problem(404, "device-code-not-found");
    }
    for _ in 0..10 {
        look(&phone, "BCDF-GHJK").await.expect_problem(404, "device-code-not-found");
    }
    let limited = look(&phone, &code).await;
    limited.expect_problem(429, "too-many-attempts");
    decide(&phone, &code, true).await.expect_problem(429, "too-many-attempts");
    world.time.pass_s(limited.header("retry-after").parse().expect("whole seconds"));
    look(&phone, &code).await.expect(200);
}

#[tokio::test]
async fn one_address_begins_only_so_many() {
    let settings = "[identity]\nguessing.by_address = true\nguessing.devices_max = 3\n";
    let world = World::on(bijou_testkit::sqlite_database(), settings).await;
    let begin_from = async |address: &str| {
        let request = world.visitor().post("/oauth/device_authorization").form(&[CLIENT]);
        request.header("x-forwarded-for", address).send().await
    };
    for _ in 0..3 {
        begin_from("192.0.2.1").await.expect(200);
    }
    let limited = begin_from("192.0.2.1").await;
    assert_eq!(oauth_error(&limited, 429), "temporarily_unavailable");
    assert!(limited.header("retry-after").parse::<u32>().is_ok());
    begin_from("192.0.2.2").await.expect(200);
}

#[tokio::test]
async fn the_metadata_names_endpoints_and_grants() {
    let world = world().await;
    let metadata =
        world.service.nobody().get("/.well-known/oauth-authorization-server").send().await.expect(200).value();
    assert_eq!(metadata["device_authorization_endpoint"], "/oauth/device_authorization");
    let grants = metadata["grant_types_supported"].as_array().expect("a list");
    for grant in
        ["refresh_token", "client_credentials", "urn:ietf:params:oauth:grant-type:token-exchange", DEVICE_GRANT]
    {
        assert!(grants.contains(&json!(grant)), "{grant}");
    }
}
