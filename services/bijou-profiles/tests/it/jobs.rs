//! Everything about a profile in one archive, and all of it gone.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::Path;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use bijou_testkit::{User, databases, wait_for};
use http::StatusCode;
use serde_json::{Value, json};

use crate::world::{ACCOUNT, Player, World, text, texts, world, worlds};

async fn ready(user: &User, id: &str) -> Value {
    wait_for("the export", async || {
        let export = user.get(&format!("/v1/exports/{id}")).send().await.expect(200).value();
        (export["state"] == "ready").then_some(export)
    })
    .await
}

async fn busy_life(world: &World, ada: &User) {
    let now = world.time.now_ms();
    for n in 0..5 {
        Player::of(ada, "film").session(&format!("s{n}")).playing(1, now - 100 + n, 100.0).await;
        ada.get("/v1/me/history").send().await.expect(200);
    }
    ada.put("/v1/me/list/kept").send().await.expect(204);
    ada.put("/v1/me/thumbs/liked").json(&json!({ "value": "up" })).send().await.expect(204);
}

#[tokio::test]
async fn everything_about_a_profile_comes_as_one_archive() {
    for world in worlds().await {
        let (id, ada) = world.profile(&json!({ "name": "Ada", "pin": "2468" })).await;
        busy_life(&world, &ada).await;
        ada.post("/v1/me/continue/film/hide").send().await.expect(204);
        let preferences = json!({
            "autoplay": false, "caption_language": "en",
            "captions": { "size": "huge", "colour": "yellow", "background": "box" },
        });
        ada.put("/v1/me/preferences").json(&preferences).send().await.expect(200);
        let begun = ada.post(&format!("/v1/profiles/{id}/exports")).send().await.expect(202);
        let export = text(&begun.value(), "id");
        assert_eq!(begun.header("location"), format!("/v1/exports/{export}"));
        let done = ready(&ada, &export).await;
        assert_eq!(done["parts_done"], done["parts_total"]);
        let archive = world.account().get(&text(&done, "archive")).send().await.expect(200);
        assert_eq!(archive.header("content-type"), "application/zip");
        assert_eq!(archive.header("cache-control"), "private, no-store");
        let files = unzip(&archive.body);
        let read = |name: &str| -> Value {
            let file = files.get(&format!("{name}.json")).unwrap_or_else(|| panic!("no {name} in {:?}", files.keys()));
            serde_json::from_str(file).expect("JSON")
        };
        let profile = read("profile");
        assert_eq!((&profile["id"], &profile["name"], &profile["has_pin"]), (&json!(id), &json!("Ada"), &json!(true)));
        assert_eq!(profile["hidden"], json!([{ "title_id": "film", "at": "2027-01-15T08:00:00Z" }]));
        assert_eq!(read("preferences"), preferences);
        let history = read("history");
        let watched: Vec<_> = history.as_array().expect("a list").iter().map(|entry| &entry["title_id"]).collect();
        assert_eq!(watched, ["film"; 5]);
        let positions = read("positions");
        assert_eq!(positions.as_array().map(Vec::len), Some(1), "{positions}");
        let of_film = (&positions[0]["title_id"], &positions[0]["position_s"], &positions[0]["duration_s"]);
        assert_eq!(of_film, (&json!("film"), &json!(100.0), &json!(1000.0)));
        assert_eq!(read("list"), json!([{ "title_id": "kept", "added_at": "2027-01-15T08:00:00Z" }]));
        let liked = json!({ "title_id": "liked", "value": "up", "at": "2027-01-15T08:00:00Z" });
        assert_eq!(read("thumbs"), json!({ "thumbs": [liked], "picks": [] }));
        assert!(files["README.txt"].contains("profile.json"), "{}", files["README.txt"]);
    }
}

/// What another service says of a profile, unless it is away.
fn record_of(service: &'static str, is_away: Arc<AtomicBool>) -> Router {
    let answer = move |Path(profile): Path<String>| {
        let is_away = is_away.load(Ordering::SeqCst);
        async move {
            if is_away {
                return StatusCode::SERVICE_UNAVAILABLE.into_response();
            }
            Json(json!({ "of": service, "profile": profile })).into_response()
        }
    };
    Router::new().route("/v1/records/{profile}", get(answer))
}

#[tokio::test]
async fn what_other_services_keep_is_in_the_archive_and_the_job_says_who_did_not_answer() {
    for database in databases().await {
        let is_away = Arc::new(AtomicBool::new(true));
        let world = World::on(database, |service| {
            service
                .stand_in("PLAYBACK", record_of("playback", Arc::default()))
                .stand_in("IDENTITY", record_of("identity", Arc::default()))
                .stand_in("RECOMMENDATIONS", record_of("recommendations", Arc::clone(&is_away)))
        })
        .await;
        let (id, ada) = world.ada().await;
        let export = async || {
            let begun = ada.post(&format!("/v1/profiles/{id}/exports")).send().await.expect(202).value();
            let done = ready(&ada, &text(&begun, "id")).await;
            assert_eq!(done["parts_done"], done["parts_total"]);
            let archive = world.account().get(&text(&done, "archive")).send().await.expect(200).body;
            (done, unzip(&archive))
        };
        let (done, files) = export().await;
        assert_eq!(done["missing"], json!(["recommendations"]));
        assert!(files["README.txt"].contains("recommendations.json is NOT in here"), "{}", files["README.txt"]);
        assert!(!files.contains_key("recommendations.json"));

        // It is asked for again when they are back, and then it is whole.
        is_away.store(false, Ordering::SeqCst);
        let (done, files) = export().await;
        assert_eq!(done.get("missing"), None, "{done}");
        assert!(!files["README.txt"].contains("NOT in here"));
        for service in ["recommendations", "playback", "identity"] {
            let record: Value = serde_json::from_str(&files[&format!("{service}.json")]).expect("reads");
            assert_eq!(record, json!({ "of": service, "profile": id }));
        }
    }
}

/// The files of an archive, read from its local headers.
fn unzip(mut archive: &[u8]) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    while archive.starts_with(b"PK\x03\x04") {
        let number = |at: usize, bytes: usize| {
            archive[at..at + bytes].iter().rev().fold(0_usize, |all, byte| all << 8 | usize::from(*byte))
        };
        let (packed, name, more) = (number(18, 4), number(26, 2), number(28, 2));
        let start = 30 + name + more;
        let mut text = String::new();
        flate2::read::DeflateDecoder::new(&archive[start..start + packed]).read_to_string(&mut text).expect("deflated");
        files.insert(String::from_utf8_lossy(&archive[30..30 + name]).into_owned(), text);
        archive = &archive[start + packed..];
    }
    files
}

#[tokio::test]
async fn an_export_is_its_owners() {
    let world = world().await;
    let (id, ada) = world.profile(&json!({ "name": "Ada", "pin": "2468" })).await;
    let (_, bob) = world.profile(&json!({ "name": "Bob" })).await;
    bob.post(&format!("/v1/profiles/{id}/exports")).send().await.expect_problem(403, "profile-guarded");
    let export = ada.post(&format!("/v1/profiles/{id}/exports")).send().await.expect(202).value();
    let export = text(&export, "id");
    ready(&ada, &export).await;
    for path in [format!("/v1/exports/{export}"), format!("/v1/exports/{export}/archive")] {
        bob.get(&path).send().await.expect_problem(403, "profile-guarded");
        world.service.account("acc-2").get(&path).send().await.expect_problem(404, "export-not-found");
    }
}

#[tokio::test]
async fn a_deleted_profile_is_gone_here_and_elsewhere_when_everybody_says_so() {
    for world in worlds().await {
        let (id, ada) = world.ada().await;
        let (bob_id, bob) = world.profile(&json!({ "name": "Bob" })).await;
        busy_life(&world, &ada).await;
        bob.put("/v1/me/list/kept").send().await.expect(204);
        let begun = ada.delete(&format!("/v1/profiles/{id}")).send().await.expect(202);
        let erasure = begun.header("location").to_owned();
        assert_eq!(begun.value()["state"], "running");
        let own = &begun.value()["services"][0];
        // 5 entries, 1 position, 1 on the list, 1 thumb, itself, and 3 events.
        assert_eq!((own["service"].as_str(), own["removed"].as_u64()), (Some("PROFILES"), Some(12)));
        ada.put("/v1/me/list/back").send().await.expect_problem(404, "profile-not-found");
        Player::of(&ada, "film").paused(9, world.time.now_ms(), 1.0).await;
        let left = world.account().get("/v1/profiles").send().await.expect(200).value();
        assert_eq!(texts(&left, "id"), [bob_id]);

        // What it did is not told any more, only that it is gone.
        let events = world.service.service("playback").get("/events").send().await.expect(200).value();
        let of_ada: Vec<_> =
            events["items"].as_array().expect("a list").iter().filter(|event| event["subject"] == id).collect();
        let (gone, before) = of_ada.split_last().expect("events");
        assert!(before.iter().all(|event| event["type"] == "erased" && event["data"] == json!({})), "{before:?}");
        assert_eq!(gone["type"], "profile.deleted");
        let told = text(&gone["data"], "erasure_id");
        assert_eq!(format!("/v1/erasures/{told}"), erasure);

        let acknowledge = |service: &str, removed: u32| {
            let path = format!("{erasure}/acknowledgements");
            let request = world.service.service(service).post(&path).json(&json!({ "removed": removed }));
            async move { request.send().await }
        };
        acknowledge("recommendations", 4).await.expect(204);
        acknowledge("recommendations", 0).await.expect(204);
        world.time.pass_s(5);
        let running = world.account().get(&erasure).send().await.expect(200).value();
        assert_eq!((running["state"].as_str(), running["services"][1]["removed"].as_u64()), (Some("running"), Some(4)));
        acknowledge("playback", 2).await.expect(204);
        let running = world.account().get(&erasure).send().await.expect(200).value();
        assert_eq!(running["state"], "running", "identity keeps who chose which profile in its sessions");
        acknowledge("identity", 1).await.expect(204);
        let done = world.account().get(&erasure).send().await.expect(200).value();
        assert_eq!(done["state"], "done");
        assert_eq!(done["done_at"], "2027-01-15T08:00:05Z");
        world.service.account("acc-2").get(&erasure).send().await.expect_problem(404, "erasure-not-found");
    }
}

#[tokio::test]
async fn only_services_acknowledge_and_only_what_there_is() {
    let world = world().await;
    let body = json!({ "removed": 0 });
    let path = "/v1/erasures/none/acknowledgements";
    world.service.account(ACCOUNT).post(path).json(&body).send().await.expect_problem(403, "service-only");
    world.service.service("playback").post(path).json(&body).send().await.expect_problem(404, "erasure-not-found");
}

#[tokio::test]
async fn after_the_last_profile_comes_a_first_one() {
    for world in worlds().await {
        let (id, _) = world.ada().await;
        world.account().delete(&format!("/v1/profiles/{id}")).send().await.expect(202);
        let again = world.account().get("/v1/profiles").send().await.expect(200).value();
        assert_eq!(texts(&again, "name"), ["Me"]);
        assert_ne!(texts(&again, "id"), [id]);
    }
}
