//! One profile's page: from its shelf, a model, and nothing that it must not see.

use bijou_passport::Claims;
use bijou_profiles_api::events::{PROFILE_DELETED, THUMB_SET};
use bijou_testkit::{TestService, User, wait_until};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use crate::models::train;
use crate::world::{World, ids, row, title, titles, world, worlds};

/// Circles of taste that invented members belong to: titles `c-0` to `c-39`, ten to a circle.
const CIRCLES: usize = 4;
const OF_A_CIRCLE: usize = 10;
/// So many that chance decides nothing. Of the 60 members of a circle each watches 6 of its 10 titles, so two of its titles
/// are watched by the same 60 * 6/10 * 5/9 = 20 of them (give or take 3.7). A title of the circle and a stray one share
/// 2 * 36 * 1/40 = 1.8 (give or take 1.3). The least of eight of the former and the most of thirty of the latter are some
/// 14 and 6: what belongs together comes first for every seed. With 20 to a circle they met.
const MEMBERS: usize = 240;

/// A profile's passport as the gateway makes it.
pub fn profile(world: &World, id: &str, maturity: Option<u8>) -> User {
    let claims =
        Claims { profile: Some(id.to_owned()), maturity, ..Claims::account("acc", ["RECOMMENDATIONS", "PROFILES"]) };
    world.service.claims(&claims)
}

/// A shelf of somebody who watched these titles to their end, the latest first.
pub fn shelf(version: &str, watched: &[&str], more: Value) -> Value {
    let start = "2026-11-20T00:00:00Z".parse::<jiff::Timestamp>().expect("a time");
    let recent: Vec<Value> = (0..)
        .zip(watched)
        .map(|(n, id)| json!({ "title_id": id, "at": start - jiff::SignedDuration::from_hours(n), "fraction": 0.95 }))
        .collect();
    let mut shelf = json!({
        "version": version, "profile": { "id": "p", "name": "Ada", "kids": false, "language": "en" },
        "recent": recent, "continue": [], "list": [], "thumbs": [], "picks": [],
    });
    for (name, value) in more.as_object().expect("members") {
        shelf[name] = value.clone();
    }
    shelf
}

pub async fn home(user: &User) -> Value {
    user.get("/v1/home").send().await.expect(200).value()
}

/// A library of four circles, and members who mostly watch within theirs. Their tastes are planted and nothing else is:
/// all titles have the same genre.
pub async fn town(world: World, seed: u64) -> World {
    let rng = &mut StdRng::seed_from_u64(seed);
    world.catalog.publish((0..CIRCLES * OF_A_CIRCLE).map(|n| title(&format!("c-{n}"), "drama"))).await;
    let mut plays = Vec::new();
    for member in 0..MEMBERS {
        let circle: Vec<usize> = (0..OF_A_CIRCLE).map(|n| member % CIRCLES * OF_A_CIRCLE + n).collect();
        let stray = rng.random_range(0..CIRCLES * OF_A_CIRCLE);
        for at in circle.sample(rng, 6).chain([&stray]) {
            plays.push((format!("synthetic-{member}"), format!("c-{at}")));
        }
    }
    world.playback.all_watched(&plays).await;
    let line = format!("bijou_page_titles {}", CIRCLES * OF_A_CIRCLE);
    wait_until("all titles and plays", async || {
        let metrics = world.service.nobody().get("/metrics").send().await.text();
        metrics.lines().any(|known| known == line) && world.playback.is_heard().await
    })
    .await;
    train(&world, "").await.expect("a model").expect("not skipped");
    wait_until("the model to be in use", async || is_ready(&world, "model").await).await;
    world
}

pub async fn is_ready(world: &World, name: &str) -> bool {
    is_ready_at(&world.service, name).await
}

pub async fn is_ready_at(service: &TestService, name: &str) -> bool {
    let ready = service.nobody().get("/readyz").send().await.value();
    ready["checks"]
        .as_array()
        .is_some_and(|checks| checks.iter().any(|check| check["name"] == name && check["ready"] == true))
}

fn circle_of(id: &str) -> usize {
    id[2..].parse::<usize>().expect("a number") / OF_A_CIRCLE
}

#[tokio::test]
async fn planted_taste_is_found_and_the_last_play_changes_the_next_page() {
    let seed = bijou_testkit::seed();
    for world in worlds().await {
        let world = town(world, seed).await;
        let ada = profile(&world, "p-1", None);
        for circle in 0..CIRCLES {
            let [first, second] = [0, 1].map(|n| format!("c-{}", circle * OF_A_CIRCLE + n));
            world.profiles.set_shelf("p-1", shelf(&format!("v{circle}"), &[&first, &second], json!({})));
            // No waiting: the very next page.
            let home = home(&ada).await;
            let picks = row(&home, "top-picks").expect("picks");
            assert_eq!(
                (&picks["kind"], &picks["name"]),
                (&json!("top_picks"), &json!("Top picks for Ada")),
                "seed {seed}"
            );
            assert!(picks.get("fallback").is_none() && home.get("missing").is_none(), "seed {seed}: {picks}");
            let shown: Vec<String> = ids(&home).into_iter().take(6).collect();
            let own = shown.iter().filter(|id| circle_of(id) == circle).count();
            assert!(own >= 5, "seed {seed}, circle {circle}: {shown:?}");
            assert!(!shown.contains(&first) && !shown.contains(&second), "what was seen is not recommended: {shown:?}");
            let reason = home["hero"]["reason"]["text"].as_str().expect("a sentence");
            assert!(
                reason == format!("Because you watched C-{}", circle * OF_A_CIRCLE)
                    || reason.ends_with(&second.to_uppercase()),
                "{reason}"
            );
        }
        let unknown = profile(&world, "p-2", None);
        world.profiles.set_shelf("p-2", shelf("v", &[], json!({})));
        let picks = row(&home(&unknown).await, "top-picks").cloned().expect("a row");
        assert_eq!((&picks["fallback"], &picks["name"]), (&json!("no-history"), &json!("Popular with everyone")));
        world.profiles.set_shelf("p-2", shelf("w", &[], json!({ "picks": ["c-30", "c-31", "c-32"] })));
        let picked = home(&unknown).await;
        assert_eq!(
            (circle_of(&ids(&picked)[0]), row(&picked, "top-picks").expect("picks").get("fallback")),
            (3, None),
            "seed {seed}"
        );
    }
}

#[tokio::test]
async fn the_weeks_ten_lead_the_page_of_who_is_new_and_count_what_they_may_see() {
    for world in worlds().await {
        let name = |n: usize| format!("drama-{n:03}");
        let aged = |n: usize| bijou_catalog_api::TitleSummary {
            certification_age: if n == 0 { 16 } else { 6 },
            ..title(&name(n), "drama")
        };
        world.catalog.publish((0..20).map(aged)).await;
        for n in 0..6 {
            for _ in n..6 {
                world.playback.started(&name(n)).await;
            }
        }
        for id in ["p-1", "child"] {
            world.profiles.set_shelf(id, shelf("v", &[], json!({})));
        }
        let (ada, child) = (profile(&world, "p-1", None), profile(&world, "child", Some(6)));
        wait_until("all plays", async || {
            let page = ada.get("/v1/home").send().await;
            page.status == 200 && page.text().contains("No. 6 this week, played once")
        })
        .await;
        for (user, hidden) in [(ada, 0), (child, 1)] {
            let page = home(&user).await;
            assert_eq!(page["hero"]["title_id"], name(hidden));
            assert!(page["hero"]["reason"].get("place").is_none(), "{page}");
            let ten = &page["rows"][0];
            assert_eq!((&ten["kind"], &ten["fallback"]), (&json!("top10"), &json!("few-plays")));
            let cards = ten["items"].as_array().expect("cards");
            let places: Vec<_> = cards.iter().map(|card| (&card["reason"]["place"], &card["title_id"])).collect();
            let expected: Vec<_> =
                (2..=6 - hidden).map(|place| (json!(place), json!(name(place - 1 + hidden)))).collect();
            assert_eq!(places, expected.iter().map(|(place, id)| (place, id)).collect::<Vec<_>>());
            for card in cards {
                let why = user.get(&format!("/v1/explain/{}", card["card"].as_str().expect("a card")));
                assert_eq!(why.send().await.expect(200).value()["text"], card["reason"]["text"]);
            }
        }
    }
}

#[tokio::test]
async fn an_explanation_is_the_sum_that_the_card_was_ranked_by_and_nobody_elses() {
    let world = town(world().await, bijou_testkit::seed()).await;
    world.profiles.set_shelf("p-1", shelf("v", &["c-0", "c-1", "c-10"], json!({})));
    let ada = profile(&world, "p-1", None);
    let page = home(&ada).await;
    let picks = row(&page, "top-picks").expect("picks")["items"].as_array().expect("cards").clone();
    for card in picks.iter().chain([&page["hero"]]) {
        let path = format!("/v1/explain/{}", card["card"].as_str().expect("a card"));
        let why = ada.get(&path).send().await.expect(200).value();
        assert_eq!((&why["title_id"], &why["text"]), (&card["title_id"], &card["reason"]["text"]));
        let parts = why["contributions"].as_array().expect("parts");
        let best = parts[0]["name"].as_str().expect("a name");
        assert!(why["text"].as_str().expect("a text").ends_with(best), "{why}");
        let sum: f64 = parts.iter().map(|part| part["amount"].as_f64().expect("a number")).sum();
        assert!((sum - why["score"].as_f64().expect("a number")).abs() < 1e-5, "{why}");
        assert_eq!(why["model"]["is_of_card"], true);
    }
    let path = format!("/v1/explain/{}", picks[0]["card"].as_str().expect("a card"));
    let before = ada.get(&path).send().await.expect(200).value();
    // A play from after the card was made does not count.
    let mut later = shelf("w", &["c-0", "c-1", "c-10"], json!({}));
    later["recent"]
        .as_array_mut()
        .expect("plays")
        .insert(0, json!({ "title_id": "c-2", "at": "2026-11-24T00:00:00Z", "fraction": 0.9 }));
    world.profiles.set_shelf("p-1", later);
    assert_eq!(ada.get(&path).send().await.expect(200).value(), before);
    world.profiles.set_shelf("p-2", shelf("v", &[], json!({})));
    profile(&world, "p-2", None).get(&path).send().await.expect_problem(400, "card-invalid");
    world.service.anonymous().get(&path).send().await.expect_problem(400, "card-invalid");
}

#[tokio::test]
async fn what_was_begun_listed_and_refused_is_where_it_belongs() {
    let world = town(world().await, bijou_testkit::seed()).await;
    let own = json!({
        "continue": [{ "title_id": "c-5", "position_s": 60.0, "duration_s": 660.0, "fraction": 0.1, "at": "2026-11-21T00:00:00Z", "next": false }],
        "list": [{ "title_id": "c-5", "added_at": "2026-11-21T00:00:00Z" }, { "title_id": "c-20", "added_at": "2026-11-20T00:00:00Z" }],
        "thumbs": [{ "title_id": "c-4", "value": "down" }],
    });
    world.profiles.set_shelf("p-1", shelf("v", &["c-0", "c-1"], own));
    let ada = profile(&world, "p-1", None);
    let page = home(&ada).await;
    let kinds: Vec<&Value> = page["rows"].as_array().expect("rows").iter().map(|row| &row["kind"]).collect();
    assert_eq!(kinds[..3], ["continue", "my_list", "top_picks"]);
    let begun = &page["rows"][0]["items"][0];
    assert_eq!((&begun["title_id"], &begun["reason"]["text"]), (&json!("c-5"), &json!("10 minutes left")));
    assert_eq!(begun["progress"], json!({ "position_s": 60.0, "duration_s": 660.0 }));
    assert_eq!(page["rows"][1]["items"].as_array().expect("cards").len(), 1, "no title comes twice");
    let similar = ada.get("/v1/similar/c-0").send().await.expect(200).value();
    for list in [
        ids(&page),
        similar["items"].as_array().expect("cards").iter().map(|card| card["title_id"].to_string()).collect(),
    ] {
        assert!(!list.iter().any(|id| id.trim_matches('"') == "c-4"), "{list:?}");
    }
    let alike: Vec<usize> = similar["items"]
        .as_array()
        .expect("cards")
        .iter()
        .take(4)
        .map(|card| circle_of(card["title_id"].as_str().expect("an id")))
        .collect();
    assert_eq!(alike, [0; 4]);
    assert_eq!(similar["items"][0]["reason"]["text"], "Watched by those who watched C-0");
}

#[tokio::test]
async fn nothing_above_the_ceiling_or_not_offered_is_on_any_page() {
    let world = world().await;
    let aged = |id: &str, age: u8| bijou_catalog_api::TitleSummary { certification_age: age, ..title(id, "drama") };
    let abroad = bijou_catalog_api::Offer { territory: "DE".to_owned(), from: None, until: None };
    world.catalog.publish((0..10).map(|n| aged(&format!("child-{n}"), 6))).await;
    world.catalog.publish((0..10).map(|n| aged(&format!("adult-{n}"), 16))).await;
    world.catalog.publish([bijou_catalog_api::TitleSummary { offers: vec![abroad], ..aged("abroad", 0) }]).await;
    world.home_once("all titles", |home| ids(home).len() == 20).await;
    world.playback.started("adult-1").await;
    world.home_once("the play", |home| home["hero"]["title_id"] == "adult-1").await;
    let own = json!({
        "list": [{ "title_id": "adult-2", "added_at": "2026-11-21T00:00:00Z" }],
        "continue": [{ "title_id": "adult-3", "position_s": 6.0, "duration_s": 66.0, "fraction": 0.1, "at": "2026-11-21T00:00:00Z", "next": false }],
    });
    world.profiles.set_shelf("child", shelf("v", &["child-0"], own.clone()));
    let child = profile(&world, "child", Some(6));
    let page = home(&child).await;
    assert!(ids(&page).iter().all(|id| id.starts_with("child-")), "{:?}", ids(&page));
    child.get("/v1/similar/adult-1").send().await.expect_problem(404, "title-not-found");
    let similar = child.get("/v1/similar/child-1").send().await.expect(200).value();
    assert!(!similar.to_string().contains("adult-") && !similar.to_string().contains("abroad"), "{similar}");
    // A card from before the ceiling was lowered explains nothing any more.
    let before = profile(&world, "child", None);
    let card = home(&before).await["hero"]["card"].as_str().expect("a card").to_owned();
    let path = format!("/v1/explain/{card}");
    before.get(&path).send().await.expect(200);
    child.get(&path).send().await.expect_problem(404, "title-not-found");

    world.profiles.set_shelf(
        "german",
        shelf("v", &[], json!({ "list": [{ "title_id": "abroad", "added_at": "2026-11-21T00:00:00Z" }] })),
    );
    let claims = Claims {
        profile: Some("german".to_owned()),
        territory: Some("DE".to_owned()),
        ..Claims::account("acc", ["RECOMMENDATIONS", "PROFILES"])
    };
    let german = home(&world.service.claims(&claims)).await;
    assert_eq!(ids(&german).iter().filter(|id| *id == "abroad").count(), 1);
}

#[tokio::test]
async fn with_profiles_away_the_page_comes_and_says_what_is_missing() {
    let world = town(world().await, bijou_testkit::seed()).await;
    world.profiles.set_shelf(
        "p-1",
        shelf("v", &["c-0", "c-1"], json!({ "list": [{ "title_id": "c-20", "added_at": "2026-11-21T00:00:00Z" }] })),
    );
    let ada = profile(&world, "p-1", None);
    home(&ada).await;
    world.profiles.set_up(false);
    let page = home(&ada).await;
    assert_eq!(page["missing"], json!(["profiles"]));
    assert_eq!(row(&page, "top-picks").expect("picks")["fallback"], "last-known-history");
    assert_eq!(row(&page, "my-list").expect("as it was")["items"][0]["title_id"], "c-20");
    // Whoever never came before has what events told.
    let member = home(&profile(&world, "synthetic-1", None)).await;
    assert_eq!((&member["missing"], circle_of(&ids(&member)[0])), (&json!(["profiles"]), 1));
    world.profiles.set_up(true);
    wait_until("profiles back", async || home(&ada).await.get("missing").is_none()).await;
}

#[tokio::test]
async fn what_was_seen_and_watched_is_gone_with_the_profile() {
    for world in worlds().await {
        world.catalog.publish(titles(12, "drama")).await;
        world.home_once("the titles", |home| ids(home).len() == 12).await;
        world.profiles.set_shelf("p-1", shelf("v", &[], json!({})));
        let ada = profile(&world, "p-1", None);
        world.playback.watched("p-1", "drama-001").await;
        world.playback.watched("p-1", "drama-002").await;
        world
            .profiles
            .tell(THUMB_SET, "p-1", json!({ "profile_id": "p-1", "title_id": "drama-003", "value": "up" }))
            .await;
        wait_until("the plays", async || world.playback.is_heard().await).await;
        let page = home(&ada).await;
        let card = &page["hero"]["card"];
        let seen = json!({ "items": [{ "card": card }, { "card": card, "row": "popular", "position": 3 }] });
        ada.post("/v1/impressions").json(&seen).send().await.expect(204);
        ada.post("/v1/impressions")
            .json(&json!({ "items": [{ "card": "x" }] }))
            .send()
            .await
            .expect_problem(400, "card-invalid");
        let many = json!({ "items": vec![json!({ "card": card }); 201] });
        ada.post("/v1/impressions").json(&many).send().await.expect_problem(400, "too-many-impressions");
        world
            .service
            .account("acc")
            .post("/v1/impressions")
            .json(&seen)
            .send()
            .await
            .expect_problem(403, "profile-required");
        ada.get("/v1/records/p-1").send().await.expect_problem(403, "service-only");
        world.service.service("catalog").get("/v1/records/p-1").send().await.expect_problem(403, "service-only");
        let record = world.service.service("profiles").get("/v1/records/p-1").send().await.expect(200).value();
        let liked = record["interactions"].as_array().expect("a list");
        assert_eq!(liked.len(), 3, "{record}");
        assert!(liked.iter().any(|of| of["title_id"] == "drama-003" && of["thumb"] == "up"), "{record}");
        assert!(record["impressions"].as_array().is_some_and(|seen| seen[0]["row_id"].is_string() && seen.len() == 2));
        let path = "/v1/diagnoses/titles/drama-003?profile=p-1";
        let diagnosis = world.service.service("console").get(path).send().await.expect(200).value();
        assert_eq!((&diagnosis["candidate"], &diagnosis["modeled"]), (&json!(true), &json!(false)), "{diagnosis}");
        assert_eq!(diagnosis["profile"], json!({ "plays": 0, "seen": false, "thumb": "up" }));
        for other in [world.service.service("profiles"), ada.clone(), world.service.anonymous()] {
            other.get(path).send().await.expect_problem(403, "service-only");
        }
        let gone = json!({ "erasure_id": "e-1", "profile_id": "p-1", "account_id": "acc" });
        world.profiles.tell(PROFILE_DELETED, "p-1", gone).await;
        wait_until("the acknowledgement", async || !world.profiles.acknowledged().is_empty()).await;
        // Two films, a thumb, two impressions.
        assert_eq!(world.profiles.acknowledged(), [("e-1".to_owned(), 5)], "{}", world.database.engine);
        // What comes late is not kept either.
        world.playback.watched("p-1", "drama-004").await;
        wait_until("the late play", async || world.playback.is_heard().await).await;
        world.profiles.set_up(false);
        let page = home(&ada).await;
        assert!(!page.to_string().contains("Because"), "nothing is remembered");
        let record = world.service.service("profiles").get("/v1/records/p-1").send().await.expect(200).value();
        assert_eq!(record, json!({ "interactions": [], "impressions": [] }));
    }
}
