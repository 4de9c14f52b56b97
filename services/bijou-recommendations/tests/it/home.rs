//! The page as its readers get it.

use std::collections::HashSet;

use serde_json::Value;

use crate::world::{World, ids, row, title, titles, world, worlds};

async fn filled() -> World {
    let world = world().await;
    for genre in ["drama", "comedy", "music", "war", "family", "crime", "western", "horror"] {
        world.catalog.publish(titles(20, genre)).await;
    }
    world.home_once("a page with all genres", |home| home["rows"].as_array().is_some_and(|rows| rows.len() == 6)).await;
    wait_for_titles(&world, 160).await;
    world
}

async fn wait_for_titles(world: &World, count: usize) {
    let line = format!("bijou_page_titles {count}");
    bijou_testkit::wait_until("all titles in the page", async || {
        world.service.nobody().get("/metrics").send().await.text().lines().any(|known| known == line)
    })
    .await;
}

#[tokio::test]
async fn titles_of_the_catalog_appear_change_and_go() {
    for world in worlds().await {
        world.catalog.publish([title("one", "drama"), title("two", "drama")]).await;
        let home = world.home_once("both titles", |home| ids(home).len() == 2).await;
        let hero = &home["hero"];
        assert_eq!((&hero["playable"], &hero["reason"]["code"]), (&Value::Bool(true), &Value::from("playable")));
        let renamed = bijou_catalog_api::TitleSummary { name: "Another name".to_owned(), ..title("one", "drama") };
        world.catalog.publish([renamed]).await;
        world.home_once("the new name", |home| home.to_string().contains("Another name")).await;
        world.catalog.withdraw("two", true).await;
        world.home_once("one title", |home| ids(home) == ["one"]).await;
    }
}

#[tokio::test]
async fn all_parts_show_no_title_twice_and_come_to_an_end() {
    let world = filled().await;
    let user = world.service.anonymous();
    let mut parts = vec![world.home().await];
    while let Some(cursor) = parts.last().and_then(|part| part["next"].as_str()) {
        let path = format!("/v1/home?cursor={cursor}");
        parts.push(user.get(&path).send().await.expect(200).value());
        assert!(parts.len() < 10, "the page has no end");
    }
    assert!(parts.len() > 1);
    let all: Vec<String> = parts.iter().flat_map(ids).collect();
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
    for card in parts
        .iter()
        .flat_map(|part| part["rows"].as_array().expect("rows"))
        .flat_map(|row| row["items"].as_array().expect("items"))
    {
        assert!(card["reason"]["text"].as_str().is_some_and(|text| !text.is_empty()), "{card}");
    }
}

#[tokio::test]
async fn a_reader_who_has_the_page_is_told_so() {
    let world = filled().await;
    let user = world.service.anonymous();
    let first = user.get("/v1/home").send().await.expect(200);
    assert_eq!(first.header("cache-control"), "private, max-age=5");
    let tag = first.header("etag").to_owned();
    for known in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
        let again = user.get("/v1/home").header("if-none-match", &known).send().await.expect(304);
        assert_eq!((again.header("etag"), again.body.len()), (tag.as_str(), 0));
    }
    user.get("/v1/home").header("if-none-match", "\"x\"").send().await.expect(200);
}

#[tokio::test]
async fn foreign_cursors_and_unknown_parameters_are_refused() {
    let world = filled().await;
    let user = world.service.anonymous();
    for cursor in ["", "abc", "eyJhIjoxfQ", "AQAAAAAAAAA"] {
        user.get(&format!("/v1/home?cursor={cursor}")).send().await.expect_problem(400, "cursor-invalid");
    }
    let home = world.home().await;
    let cursor = home["next"].as_str().expect("there is more");
    user.get(&format!("/v1/home?cursor={}", &cursor[..cursor.len() - 4]))
        .send()
        .await
        .expect_problem(400, "cursor-invalid");
    user.get("/v1/home?page=2").send().await.expect_problem(400, "query-invalid");
    user.post("/v1/home").send().await.expect_problem(405, "method-not-allowed");
}

#[tokio::test]
async fn new_titles_have_a_row_of_their_own() {
    let world = world().await;
    world.catalog.publish(titles(8, "drama")).await;
    let yesterday = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(30);
    world
        .catalog
        .publish([bijou_catalog_api::TitleSummary { added_at: yesterday, playable: false, ..title("fresh", "drama") }])
        .await;
    let home = world.home_once("the new title", |home| row(home, "new").is_some_and(|row| row["name"] == "New")).await;
    let new = row(&home, "new").expect("there");
    assert_eq!(
        (&new["items"][0]["title_id"], &new["items"][0]["reason"]["text"]),
        (&Value::from("fresh"), &Value::from("Added yesterday"))
    );
    assert!(new.get("fallback").is_none());
}
