//! Client credentials: who gets a token, what it opens, and when it stops.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::world::{World, world, worlds};

/// An app in production with a client secret: its id, the secret, and the secret's own id.
async fn client(world: &World) -> (String, String, String) {
    let (app, _) = world.make_app("acc-ada").await;
    let approve = json!({ "decision": "approve" });
    world.operator().post(&format!("/partner/v1/apps/{app}/decisions")).json(&approve).send().await.expect(200);
    let keys = format!("/partner/v1/apps/{app}/keys");
    let made = world.developer("acc-ada").post(&keys).json(&json!({ "environment": "client" })).send().await;
    let made = made.expect(201).value();
    (app, made["text"].as_str().unwrap().to_owned(), made["id"].as_str().unwrap().to_owned())
}

async fn asked(world: &World, fields: &[(&str, &str)], status: u16) -> Value {
    world.service.anonymous().post("/partner/oauth/token").form(fields).send().await.expect(status).value()
}

/// A token with these scopes; all of the app's without any.
async fn token(world: &World, app: &str, secret: &str, scope: &str) -> String {
    let fields =
        [("grant_type", "client_credentials"), ("client_id", app), ("client_secret", secret), ("scope", scope)];
    asked(world, &fields, 200).await["access_token"].as_str().unwrap().to_owned()
}

fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

#[tokio::test]
async fn a_client_gets_a_token_that_works_for_a_quarter_of_an_hour() {
    for world in worlds().await {
        let (app, secret, _) = client(&world).await;
        let (first, titles) = (token(&world, &app, &secret, "").await, "/partner/v1/titles");
        let ask = |token: &str| world.service.anonymous().get(titles).header("authorization", &bearer(token)).send();
        let answer = ask(&first).await.expect(200);
        assert!(answer.header("ratelimit").contains("\"minute\""), "tokens are counted as keys are");
        world.time.pass_s(899);
        ask(&first).await.expect(200);
        world.time.pass_s(1);
        let over = ask(&first).await;
        assert!(over.header("www-authenticate").contains("error=\"invalid_token\""), "{over:?}");
        over.expect_problem(401, "token-invalid");
        ask(&token(&world, &app, &secret, "").await).await.expect(200);
    }
}

#[tokio::test]
async fn basic_credentials_are_as_good_as_the_form() {
    let world = world().await;
    let (app, secret, _) = client(&world).await;
    let basic = |text: String| format!("Basic {}", STANDARD.encode(text));
    let ask = || world.service.anonymous().post("/partner/oauth/token");
    let form = [("grant_type", "client_credentials")];
    let escaped = secret.replace('_', "%5F");
    for pair in [format!("{app}:{secret}"), format!("{app}:{escaped}")] {
        ask().header("authorization", &basic(pair)).form(&form).send().await.expect(200);
    }
    let wrong = ask().header("authorization", &basic(format!("{app}:x"))).form(&form).send().await.expect(401);
    assert_eq!(wrong.value()["error"], "invalid_client");
    assert!(wrong.header("www-authenticate").starts_with("Basic"));
}

#[tokio::test]
async fn scopes_are_checked_on_every_route() {
    for world in worlds().await {
        let (app, secret, _) = client(&world).await;
        let feeds = bearer(&token(&world, &app, &secret, "feeds").await);
        let call = |path: &'static str| world.service.anonymous().get(path).header("authorization", &feeds).send();
        call("/partner/v1/feeds/mrss").await.expect(200);
        for path in [
            "/partner/v1/titles",
            "/partner/v1/titles/sintel",
            "/partner/v1/changes",
            "/partner/v1/snapshot",
            "/partner/v1/shows/x/seasons",
            "/partner/v1/seasons/x/episodes",
        ] {
            call(path).await.expect_problem(403, "scope-missing");
        }
        let catalog = bearer(&token(&world, &app, &secret, "catalog").await);
        for path in ["/partner/v1/feeds", "/partner/v1/feeds/mrss"] {
            let refused = world.service.anonymous().get(path).header("authorization", &catalog).send().await;
            assert!(refused.header("www-authenticate").contains("insufficient_scope"), "{refused:?}");
            refused.expect_problem(403, "scope-missing");
        }
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_request_has_its_own_code() {
    let world = world().await;
    let (app, secret, _) = client(&world).await;
    let (id, secret) = (("client_id", app.as_str()), ("client_secret", secret.as_str()));
    let grant = ("grant_type", "client_credentials");
    let (other, key) = world.make_app("acc-bob").await;
    for (fields, status, error) in [
        (vec![id, secret], 400, "invalid_request"),
        (vec![("grant_type", "password"), id, secret], 400, "unsupported_grant_type"),
        (vec![grant, grant, id, secret], 400, "invalid_request"),
        (vec![grant, id, secret, ("scope", "catalog operator")], 400, "invalid_scope"),
        (vec![grant], 401, "invalid_client"),
        (vec![grant, id, ("client_secret", "guess")], 401, "invalid_client"),
        (vec![grant, ("client_id", other.as_str()), secret], 401, "invalid_client"),
        (vec![grant, ("client_id", other.as_str()), ("client_secret", key.as_str())], 401, "invalid_client"),
    ] {
        assert_eq!(asked(&world, &fields, status).await["error"], error, "{fields:?}");
    }
    let json = world.service.anonymous().post("/partner/oauth/token").json(&json!({})).send().await.expect(415);
    assert_eq!(json.value()["error"], "invalid_request");
}

#[tokio::test]
async fn a_secret_opens_nothing_itself_and_takes_its_tokens_with_it() {
    for world in worlds().await {
        let (app, secret, key_id) = client(&world).await;
        world.call(&secret, "/partner/v1/titles").send().await.expect_problem(401, "api-key-invalid");
        let token = bearer(&token(&world, &app, &secret, "").await);
        let call = || world.service.anonymous().get("/partner/v1/titles").header("authorization", &token).send();
        let decisions = format!("/partner/v1/apps/{app}/decisions");
        let decide = async |decision: &str| {
            world.operator().post(&decisions).json(&json!({ "decision": decision })).send().await.expect(200);
        };
        decide("suspend").await;
        call().await.expect_problem(401, "token-invalid");
        decide("resume").await;
        decide("approve").await;
        call().await.expect(200);
        let path = format!("/partner/v1/apps/{app}/keys/{key_id}");
        world.developer("acc-ada").delete(&path).send().await.expect(204);
        call().await.expect_problem(401, "token-invalid");
    }
}

#[tokio::test]
async fn the_sandbox_has_no_client_secrets() {
    let world = world().await;
    let (app, _) = world.make_app("acc-ada").await;
    let keys = format!("/partner/v1/apps/{app}/keys");
    let body = json!({ "environment": "client" });
    world.developer("acc-ada").post(&keys).json(&body).send().await.expect_problem(409, "app-stage");
}
