//! Apps and keys: from nothing to production and back.

use bijou_testkit::User;
use serde_json::json;

use crate::world::{world, worlds};

#[tokio::test]
async fn a_developer_begins_with_a_key_that_works() {
    for world in worlds().await {
        let (app, key) = world.make_app("acc-ada").await;
        let answer = world.call(&key, "/partner/v1/titles/sintel").send().await.expect(200).value();
        assert_eq!(answer["links"]["play"], "http://127.0.0.1:8080/watch/sintel");
        assert_eq!(answer["artwork"]["poster_url"], "http://127.0.0.1:8080/img/sintel/poster/w480/a.jpg");
        let listed = world.developer("acc-ada").get("/partner/v1/apps").send().await.expect(200).value();
        assert_eq!(listed["items"][0]["id"], app.as_str());
        assert_eq!(listed["items"][0]["stage"], "sandbox");
        let keys = world.developer("acc-ada").get(&format!("/partner/v1/apps/{app}/keys")).send().await.expect(200);
        assert!(key.starts_with(keys.value()["items"][0]["hint"].as_str().unwrap()));
        assert!(!keys.text().contains(&key), "a key is shown once");
    }
}

#[tokio::test]
async fn somebody_elses_app_is_as_unknown_as_none() {
    let world = world().await;
    let (app, _) = world.make_app("acc-ada").await;
    let bob = world.developer("acc-bob");
    bob.get(&format!("/partner/v1/apps/{app}")).send().await.expect_problem(404, "app-not-found");
    bob.delete(&format!("/partner/v1/apps/{app}")).send().await.expect_problem(404, "app-not-found");
    bob.post(&format!("/partner/v1/apps/{app}/keys"))
        .json(&json!({}))
        .send()
        .await
        .expect_problem(404, "app-not-found");
    world.service.anonymous().get("/partner/v1/apps").send().await.expect_problem(401, "sign-in-required");
}

#[tokio::test]
async fn a_replaced_key_works_for_the_time_of_overlap() {
    for world in worlds().await {
        let (app, old) = world.make_app("acc-ada").await;
        let ada = world.developer("acc-ada");
        let keys = ada.get(&format!("/partner/v1/apps/{app}/keys")).send().await.expect(200).value();
        let replaces = keys["items"][0]["id"].as_str().unwrap();
        let body = json!({ "replaces": replaces, "overlap_s": 3600 });
        let made = ada.post(&format!("/partner/v1/apps/{app}/keys")).json(&body).send().await.expect(201).value();
        let new = made["text"].as_str().unwrap();
        world.time.pass_s(3_599);
        for key in [old.as_str(), new] {
            world.call(key, "/partner/v1/titles").send().await.expect(200);
        }
        world.time.pass_s(2);
        world.call(&old, "/partner/v1/titles").send().await.expect_problem(401, "api-key-invalid");
        world.call(new, "/partner/v1/titles").send().await.expect(200);
    }
}

#[tokio::test]
async fn a_revoked_key_ends_at_once() {
    let world = world().await;
    let (app, key) = world.make_app("acc-ada").await;
    let ada = world.developer("acc-ada");
    let keys = ada.get(&format!("/partner/v1/apps/{app}/keys")).send().await.expect(200).value();
    let path = format!("/partner/v1/apps/{app}/keys/{}", keys["items"][0]["id"].as_str().unwrap());
    ada.delete(&path).send().await.expect(204);
    world.call(&key, "/partner/v1/titles").send().await.expect_problem(401, "api-key-invalid");
    ada.delete(&path).send().await.expect_problem(404, "key-not-found");
}

#[tokio::test]
async fn wrong_keys_are_told_apart_by_what_to_do() {
    let world = world().await;
    let (_, key) = world.make_app("acc-ada").await;
    world.service.anonymous().get("/partner/v1/titles").send().await.expect_problem(401, "api-key-missing");
    let problem = world.call(&key[..40], "/partner/v1/titles").send().await.expect_problem(401, "api-key-invalid");
    assert!(problem.detail.unwrap().contains("checksum"));
}

#[tokio::test]
async fn production_is_asked_for_and_decided_by_an_operator() {
    for world in worlds().await {
        let (app, sandbox) = world.make_app("acc-ada").await;
        let (ada, operator) = (world.developer("acc-ada"), world.operator());
        let keys = format!("/partner/v1/apps/{app}/keys");
        let production = json!({ "environment": "production" });
        ada.post(&keys).json(&production).send().await.expect_problem(409, "app-stage");
        ada.post(&format!("/partner/v1/apps/{app}/production-request")).send().await.expect(200);
        ada.get("/partner/v1/production-requests").send().await.expect_problem(403, "scope-missing");
        let asked = operator.get("/partner/v1/production-requests").send().await.expect(200).value();
        assert_eq!(asked["items"][0]["id"], app.as_str());

        let decisions = format!("/partner/v1/apps/{app}/decisions");
        ada.post(&decisions).json(&json!({ "decision": "approve" })).send().await.expect_problem(403, "scope-missing");
        let approved =
            operator.post(&decisions).json(&json!({ "decision": "approve" })).send().await.expect(200).value();
        assert_eq!((&approved["stage"], &approved["per_minute"]), (&json!("production"), &json!(600)));
        let made = ada.post(&keys).json(&production).send().await.expect(201).value();
        let key = made["text"].as_str().unwrap();
        assert!(key.starts_with("bjp_"));
        world.call(key, "/partner/v1/titles").send().await.expect(200);

        operator.post(&decisions).json(&json!({ "decision": "suspend" })).send().await.expect(200);
        for key in [key, &sandbox] {
            world.call(key, "/partner/v1/titles").send().await.expect_problem(401, "api-key-invalid");
        }
        operator.post(&decisions).json(&json!({ "decision": "approve" })).send().await.expect_problem(409, "app-stage");
    }
}

#[tokio::test]
async fn a_developer_reads_why_an_operator_refused_or_stopped_an_app() {
    for world in worlds().await {
        let (app, _) = world.make_app("acc-ada").await;
        let (ada, operator) = (world.developer("acc-ada"), world.operator());
        let (path, decisions) = (format!("/partner/v1/apps/{app}"), format!("/partner/v1/apps/{app}/decisions"));
        let ask = async || ada.post(&format!("{path}/production-request")).send().await.expect(200).value();
        let read = async || ada.get(&path).send().await.expect(200).value()["reason"].clone();
        let decide = async |word: &str, reason: &str| {
            let body = json!({ "decision": word, "reason": reason });
            operator.post(&decisions).json(&body).send().await
        };
        ask().await;
        assert!(read().await.is_null());
        decide("decline", &"x".repeat(501)).await.expect_problem(422, "field-invalid");
        decide("decline", " The deep links lead nowhere. ").await.expect(200);
        assert_eq!(read().await, "The deep links lead nowhere.");
        assert!(ask().await.get("reason").is_none(), "asked anew, the old answer is over");
        decide("approve", "seen").await.expect(200);
        assert!(read().await.is_null(), "what went well needs no reason");
        decide("suspend", "It polls a thousand times a second.").await.expect(200);
        assert_eq!(read().await, "It polls a thousand times a second.");
        decide("resume", " ").await.expect(200);
        assert!(read().await.is_null());
    }
}

#[tokio::test]
async fn there_is_an_end_to_apps_and_keys() {
    let world = crate::world::world_with("[partners]\napps_max = 2\nkeys_max = 2").await;
    let (app, _) = world.make_app("acc-ada").await;
    world.make_app("acc-ada").await;
    let ada = world.developer("acc-ada");
    ada.post("/partner/v1/apps").json(&json!({ "name": "x" })).send().await.expect_problem(409, "too-many-apps");
    let keys = format!("/partner/v1/apps/{app}/keys");
    ada.post(&keys).json(&json!({})).send().await.expect(201);
    ada.post(&keys).json(&json!({})).send().await.expect_problem(409, "too-many-keys");
    ada.post("/partner/v1/apps").json(&json!({ "name": " " })).send().await.expect_problem(422, "field-invalid");
}

#[tokio::test]
async fn an_app_goes_with_all_it_has() {
    for world in worlds().await {
        let (app, key) = world.make_app("acc-ada").await;
        world.developer("acc-ada").delete(&format!("/partner/v1/apps/{app}")).send().await.expect(204);
        world.call(&key, "/partner/v1/titles").send().await.expect_problem(401, "api-key-invalid");
    }
}

#[tokio::test]
async fn operators_and_the_console_find_every_app_by_its_stage_and_nobody_else_does() {
    for world in worlds().await {
        let (production, _) = world.make_app("acc-ada").await;
        let (sandbox, _) = world.make_app("acc-bea").await;
        let (ada, operator, console) = (world.developer("acc-ada"), world.operator(), world.service.service("console"));
        let decide = async |word: &str| {
            let path = format!("/partner/v1/apps/{production}/decisions");
            operator.post(&path).json(&json!({ "decision": word })).send().await.expect(200);
        };
        decide("approve").await;
        let at = async |who: &User, stage: &str| {
            let found = who.get(&format!("/partner/v1/apps?stage={stage}")).send().await.expect(200).value();
            found["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|app| app["id"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        for who in [&operator, &console] {
            assert_eq!(at(who, "production").await, [production.as_str()]);
            assert_eq!(at(who, "sandbox").await, [sandbox.as_str()]);
            assert!(at(who, "requested").await.is_empty() && at(who, "suspended").await.is_empty());
            let one = who.get(&format!("/partner/v1/apps/{production}")).send().await.expect(200).value();
            assert_eq!((&one["name"], &one["stage"]), (&json!("Lantern TV"), &json!("production")));
            who.get("/partner/v1/apps/app-none").send().await.expect_problem(404, "app-not-found");
            who.get("/partner/v1/apps?stage=heaven").send().await.expect_problem(422, "field-invalid");
        }
        decide("suspend").await;
        assert_eq!(at(&console, "suspended").await, [production.as_str()]);

        ada.get("/partner/v1/apps?stage=sandbox").send().await.expect_problem(403, "scope-missing");
        ada.get(&format!("/partner/v1/apps/{sandbox}")).send().await.expect_problem(404, "app-not-found");
        let playback = world.service.service("playback");
        playback.get("/partner/v1/apps?stage=sandbox").send().await.expect_problem(403, "scope-missing");
        console.get("/partner/v1/apps").send().await.expect_problem(401, "sign-in-required");
    }
}

#[tokio::test]
async fn the_console_decides_on_behalf_of_its_operator_and_no_other_service_does() {
    let world = world().await;
    let (app, _) = world.make_app("acc-ada").await;
    world.developer("acc-ada").post(&format!("/partner/v1/apps/{app}/production-request")).send().await.expect(200);
    let of = |role: &str| world.service.service(role);
    of("playback").get("/partner/v1/production-requests").send().await.expect_problem(403, "scope-missing");
    let asked = of("console").get("/partner/v1/production-requests").send().await.expect(200).value();
    assert_eq!(asked["items"][0]["id"], app.as_str());
    let decisions = format!("/partner/v1/apps/{app}/decisions");
    let body = json!({ "decision": "decline" });
    of("playback").post(&decisions).json(&body).send().await.expect_problem(403, "scope-missing");
    let declined = of("console").post(&decisions).json(&body).send().await.expect(200).value();
    assert_eq!(declined["stage"], "sandbox");
}
