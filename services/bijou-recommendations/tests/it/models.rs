//! Models: made beside the running service, put to use, gone back from; and what happens when one is of no use.

use std::fs;

use bijou_config::Layered;
use bijou_recommendations::tools::{self, ToolError, Trained};
use bijou_testkit::wait_until;
use serde_json::json;

use crate::personal::{is_ready, profile, shelf};
use crate::world::{World, ids, row, titles, world, worlds};

const DEFAULTS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/bijou.toml"));

fn settings(world: &World, more: &str) -> Layered {
    let mut overrides = vec![
        ("data.dir".to_owned(), world.service.data_dir().display().to_string()),
        ("recommendations.database".to_owned(), world.database.url.clone()),
    ];
    overrides.extend(more.split_once('=').map(|(path, value)| (path.to_owned(), value.to_owned())));
    Layered::load(DEFAULTS, &[], std::iter::empty(), &overrides).expect("settings")
}

/// `bijou recommend train` on this world's store. `more`: another setting, as `path=value`.
pub async fn train(world: &World, more: &str) -> Result<Option<Trained>, ToolError> {
    tools::train(&settings(world, more), None, &mut Vec::new()).await
}

pub async fn with_members(world: World) -> World {
    world.catalog.publish(titles(12, "drama")).await;
    world.home_once("the titles", |home| ids(home).len() == 12).await;
    for member in 0..6 {
        for film in 0..4 {
            world
                .playback
                .watched(&format!("synthetic-{member}"), &format!("drama-{:03}", member % 2 * 6 + film))
                .await;
        }
    }
    wait_until("all plays", async || world.playback.is_heard().await).await;
    world
}

#[tokio::test]
async fn a_model_is_put_to_use_kept_and_gone_back_from() {
    for world in worlds().await {
        let world = with_members(world).await;
        assert!(!is_ready(&world, "model").await);
        let mut text = Vec::new();
        let first = tools::train(&settings(&world, ""), None, &mut text).await.expect("a model").expect("made");
        let text = String::from_utf8(text).expect("text");
        assert!(text.contains("Memory: about") && text.contains(&first.version), "{text}");
        assert_eq!((first.profiles, first.titles_played + first.titles_alike), (6, 12));
        wait_until("the first model", async || is_ready(&world, "model").await).await;
        let age = Some(std::time::Duration::from_mins(10));
        assert_eq!(tools::train(&settings(&world, ""), age, &mut Vec::new()).await.expect("no failure"), None);

        let second = train(&world, "").await.expect("a model").expect("made");
        let mut list = Vec::new();
        tools::list(&settings(&world, ""), &mut list).await.expect("a list");
        let list = String::from_utf8(list).expect("text");
        assert!(
            list.contains(&format!("* {}", second.version)) && list.contains(&format!("  {}", first.version)),
            "{list}"
        );
        // What would put a broken model to use changes nothing, whatever it is called.
        let file = world.service.data_dir().join(format!("models/recommendations/{}.model", first.version));
        let whole = fs::read(&file).expect("the first model");
        fs::write(&file, b"bijou model 1\nnot really").expect("written");
        let broken = tools::rollback(&settings(&world, ""), &mut Vec::new()).await.expect_err("broken");
        assert!(matches!(&broken, ToolError::Broken { version, .. } if *version == first.version), "{broken}");
        let mut list = Vec::new();
        tools::list(&settings(&world, ""), &mut list).await.expect("a list");
        assert!(String::from_utf8(list).expect("text").contains(&format!("* {}", second.version)));
        fs::write(&file, whole).expect("put back");
        let back = tools::rollback(&settings(&world, ""), &mut Vec::new()).await.expect("there is one before");
        assert_eq!(back, first.version);
        let none = tools::rollback(&settings(&world, ""), &mut Vec::new()).await.expect_err("none before that");
        assert!(matches!(none, ToolError::NothingBefore), "{none}");
        tools::activate(&settings(&world, ""), &second.version, &mut Vec::new()).await.expect("known");
        let unknown = tools::activate(&settings(&world, ""), "no-such", &mut Vec::new()).await.expect_err("unknown");
        assert!(matches!(unknown, ToolError::NoSuchModel(_)), "{unknown}");
    }
}

#[tokio::test]
async fn titles_beyond_the_most_that_learn_enter_by_what_they_are_like() {
    let world = with_members(world().await).await;
    // Eight were played, by three members each; the four that come first are let in.
    let trained = train(&world, "recommendations.items_max=4").await.expect("a model").expect("made");
    assert_eq!((trained.titles_played, trained.titles_alike), (4, 8));
    wait_until("the model", async || is_ready(&world, "model").await).await;
    world.profiles.set_shelf("p-1", shelf("v", &["drama-007"], json!({})));
    let ada = profile(&world, "p-1", None);
    let similar = |id: &str| {
        let path = format!("/v1/similar/{id}");
        let ada = ada.clone();
        async move { ada.get(&path).send().await.expect(200).value() }
    };
    let codes = |row: &serde_json::Value| -> Vec<String> {
        let cards = row["items"].as_array().expect("cards").iter();
        cards.map(|card| card["reason"]["text"].as_str().expect("a text").to_owned()).collect()
    };
    let learned = codes(&similar("drama-000").await);
    assert!(learned.iter().take(3).all(|text| text == "Watched by those who watched DRAMA-000"), "{learned:?}");
    let beyond = similar("drama-008").await;
    assert_eq!(beyond.get("fallback"), None, "{beyond}");
    let beyond = codes(&beyond);
    assert!(beyond.iter().all(|text| text == "Shares genres or people with DRAMA-008"), "{beyond:?}");
    assert_eq!(beyond.len(), 10, "all others but the one that was seen");
    // It ranks, too: a play of one beyond is a reason.
    let page = ada.get("/v1/home").send().await.expect(200).value();
    let picks = row(&page, "top-picks").expect("picks");
    assert_eq!((picks.get("fallback"), &picks["items"][0]["reason"]["code"]), (None, &json!("alike")), "{picks}");
}

#[tokio::test]
async fn training_that_needs_too_much_or_was_killed_leaves_the_old_model() {
    for world in worlds().await {
        let world = with_members(world).await;
        let first = train(&world, "").await.expect("a model").expect("made");
        let refused = train(&world, "recommendations.memory_bytes_max=1000").await.expect_err("too much");
        assert!(matches!(refused, ToolError::Memory { allowed: 1000, .. }), "{refused}");
        assert!(refused.to_string().contains("items_max"), "{refused}");
        // What a killed training leaves behind.
        let folder = world.service.data_dir().join("models/recommendations");
        fs::write(folder.join("20990101T000000Z-000.part"), b"bijou model 1\nhalf").expect("written");
        let mut list = Vec::new();
        tools::list(&settings(&world, ""), &mut list).await.expect("a list");
        assert!(String::from_utf8(list).expect("text").starts_with(&format!("* {}", first.version)));
        wait_until("the first model", async || is_ready(&world, "model").await).await;
        train(&world, "").await.expect("a model");
        let left = fs::read_dir(&folder).expect("a folder").filter(|entry| {
            entry.as_ref().is_ok_and(|entry| entry.path().extension().is_some_and(|ending| ending == "part"))
        });
        assert_eq!(left.count(), 0);
    }
}

#[tokio::test]
async fn with_a_broken_or_missing_model_popularity_serves_and_readiness_says_so() {
    for world in worlds().await {
        let world = with_members(world).await;
        world.profiles.set_shelf("p-1", shelf("v", &["drama-000"], json!({})));
        let ada = profile(&world, "p-1", None);
        let first = train(&world, "").await.expect("a model").expect("made");
        wait_until("the first model", async || is_ready(&world, "model").await).await;
        // A model that is taken out while the service looks for another one would be gone for a minute.
        let in_use = async |version: &str| {
            let asked = world.service.service("console").get("/v1/diagnoses/titles/drama-000");
            asked.send().await.expect(200).value()["model"] == version
        };
        let second = train(&world, "").await.expect("a model").expect("made");
        wait_until("the second model", async || in_use(&second.version).await).await;
        let file = world.service.data_dir().join(format!("models/recommendations/{}.model", second.version));
        tools::activate(&settings(&world, ""), &first.version, &mut Vec::new()).await.expect("known");
        wait_until("the first model again", async || in_use(&first.version).await).await;
        fs::write(&file, b"bijou model 1\nnot really").expect("written");
        let broken =
            tools::activate(&settings(&world, ""), &second.version, &mut Vec::new()).await.expect_err("broken");
        assert!(matches!(broken, ToolError::Broken { .. }), "{broken}");

        // Broken under the service's feet: the row says the one in use, the file is none.
        let file = world.service.data_dir().join(format!("models/recommendations/{}.model", first.version));
        let whole = fs::read(&file).expect("the first model");
        fs::remove_file(&file).expect("removed");
        let other = world.another().await;
        // A folder of its own, so there is no model in it at all.
        let ready = other.nobody().get("/readyz").send().await.expect(200).value();
        let check = ready["checks"].as_array().expect("checks").iter().find(|check| check["name"] == "model").cloned();
        let check = check.expect("the model is looked at");
        assert_eq!(check["ready"], false);
        assert!(check["reason"].as_str().is_some_and(|reason| reason.contains(&first.version)), "{check}");
        let claims = bijou_passport::Claims {
            profile: Some("p-1".to_owned()),
            ..bijou_passport::Claims::account("acc", ["RECOMMENDATIONS", "PROFILES"])
        };
        let page = other.claims(&claims).get("/v1/home").send().await.expect(200).value();
        assert_eq!(row(&page, "top-picks").expect("a row")["fallback"], "no-model");
        fs::write(&file, whole).expect("put back");
        let page = ada.get("/v1/home").send().await.expect(200).value();
        assert!(row(&page, "top-picks").is_some_and(|row| row["fallback"] != "no-model"), "{page}");
    }
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_is_told_before_anything_is_learned() {
    let world = with_members(world().await).await;
    let taken = world.service.data_dir().join("taken");
    fs::write(&taken, "no folder").expect("written");
    let mut text = Vec::new();
    let settings = settings(&world, &format!("recommendations.models_dir={}", taken.display()));
    let refused = tools::train(&settings, None, &mut text).await.expect_err("no folder");
    assert!(matches!(&refused, ToolError::FolderUnusable { folder, .. } if *folder == taken), "{refused}");
    assert!(text.is_empty(), "nothing was begun: {}", String::from_utf8_lossy(&text));
    // One that can be used has nothing left over of the try.
    let usable = world.service.data_dir().join("elsewhere");
    let made = train(&world, &format!("recommendations.models_dir={}", usable.display())).await;
    let version = made.expect("a model").expect("made").version;
    let names: Vec<_> =
        fs::read_dir(&usable).expect("the folder").map(|file| file.expect("a file").file_name()).collect();
    assert_eq!(names, [std::ffi::OsString::from(format!("{version}.model"))]);
}
