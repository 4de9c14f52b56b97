//! Titles, their changes and the snapshot.

use bijou_testkit::wait_until;
use serde_json::Value;

use crate::world::{Rubbish, World, title, world, world_with, worlds};

#[tokio::test]
async fn a_snapshot_and_its_changes_are_the_catalog() {
    for world in worlds().await {
        let (_, key) = world.make_app("acc-ada").await;
        let snapshot = world.call(&key, "/partner/v1/snapshot").send().await.expect(200);
        assert_eq!(snapshot.header("content-type"), "application/x-ndjson");
        let lines: Vec<Value> = snapshot.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 4, "{lines:?}");
        assert_eq!(lines[3]["titles"], 2);
        let cursor = lines[0]["cursor"].as_str().unwrap().to_owned();
        let nothing = world.call(&key, &format!("/partner/v1/changes?since={cursor}")).send().await.expect(200).value();
        assert_eq!(nothing["items"].as_array().map(Vec::len), Some(0));

        world.catalog.put(title("sintel", "Sintel, again"));
        world.catalog.withdraw("tears");
        world.catalog.put(title("spring", "Spring"));
        let mut changes = Value::Null;
        wait_until("three changes", async || {
            let path = format!("/partner/v1/changes?since={cursor}");
            changes = world.call(&key, &path).send().await.expect(200).value();
            changes["items"].as_array().unwrap().len() == 3
        })
        .await;
        let mut told: Vec<_> = changes["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|change| (change["title_id"].as_str().unwrap(), change["title"]["name"].as_str()))
            .collect();
        told.sort_unstable();
        assert_eq!(told, [("sintel", Some("Sintel, again")), ("spring", Some("Spring")), ("tears", None)]);
        let ids = world.titles(&key).await;
        assert!(ids.len() == 2 && !ids.contains(&"tears".to_owned()), "{ids:?}");
        world.call(&key, "/partner/v1/titles/tears").send().await.expect_problem(404, "title-not-found");
    }
}

#[tokio::test]
async fn changes_come_in_parts_that_lose_nothing() {
    let world = world().await;
    let (_, key) = world.make_app("acc-ada").await;
    for number in 0..9 {
        world.catalog.put(title(&format!("t{number}"), "A film"));
    }
    wait_until("all titles", async || world.titles(&key).await.len() == 11).await;
    let (mut seen, mut cursor, mut parts) = (Vec::new(), String::new(), 0);
    loop {
        let since = if cursor.is_empty() { String::new() } else { format!("&since={cursor}") };
        let path = format!("/partner/v1/changes?limit=4{since}");
        let part = world.call(&key, &path).send().await.expect(200).value();
        seen.extend(part["items"].as_array().unwrap().iter().map(|c| c["title_id"].as_str().unwrap().to_owned()));
        part["cursor"].as_str().unwrap().clone_into(&mut cursor);
        parts += 1;
        if part["more"] == false {
            break;
        }
    }
    seen.sort_unstable();
    seen.dedup();
    assert_eq!((seen.len(), parts), (11, 3));
    let first = world.call(&key, "/partner/v1/titles?limit=4").send().await.expect(200).value();
    let next = first["next"].as_str().unwrap();
    let second =
        world.call(&key, &format!("/partner/v1/titles?limit=200&cursor={next}")).send().await.expect(200).value();
    assert_eq!(second["items"].as_array().map(Vec::len), Some(7));
    assert!(second.get("next").is_none());
}

#[tokio::test]
async fn a_title_that_is_told_twice_changes_once() {
    let world = world().await;
    let (_, key) = world.make_app("acc-ada").await;
    let cursor = |answer: &Value| answer["cursor"].as_str().unwrap().to_owned();
    let before = cursor(&world.call(&key, "/partner/v1/changes").send().await.expect(200).value());
    world.catalog.put(title("sintel", "Sintel"));
    world.catalog.put(title("spring", "Spring"));
    let mut changes = Value::Null;
    wait_until("the new title", async || {
        let path = format!("/partner/v1/changes?since={before}");
        changes = world.call(&key, &path).send().await.expect(200).value();
        !changes["items"].as_array().unwrap().is_empty()
    })
    .await;
    assert_eq!(changes["items"].as_array().unwrap().len(), 1, "{changes}");
    assert_eq!(changes["items"][0]["title_id"], "spring");
}

#[tokio::test]
async fn foreign_cursors_say_what_to_do() {
    let world = world().await;
    let (_, key) = world.make_app("acc-ada").await;
    for (since, status, code) in
        [("nonsense", 400, "cursor-invalid"), ("elsewhere-3", 410, "cursor-expired"), ("", 400, "cursor-invalid")]
    {
        let path = format!("/partner/v1/changes?since={since}");
        world.call(&key, &path).send().await.expect_problem(status, code);
    }
    world.call(&key, "/partner/v1/changes?limit=501").send().await.expect_problem(422, "field-invalid");
    let snapshot = world.call(&key, "/partner/v1/snapshot").send().await.expect(200);
    let again = world.call(&key, "/partner/v1/snapshot").header("if-none-match", snapshot.header("etag"));
    again.send().await.expect(304);
}

#[tokio::test]
async fn what_is_known_is_given_while_the_catalog_is_away() {
    let world = world().await;
    let (_, key) = world.make_app("acc-ada").await;
    world.catalog.put_show("lantern", "Lantern Street", 2);
    wait_until("the show", async || world.titles(&key).await.len() == 3).await;
    world.service.remove_peers("CATALOG");
    everything_is_given(&world, &key).await;
}

/// What cannot be read is no list of nothing.
#[tokio::test]
async fn what_is_known_is_given_while_the_catalog_answers_rubbish() {
    let world = world_with("[partners]\nsandbox_per_minute = 1000000\nsandbox_per_day = 1000000").await;
    let (_, key) = world.make_app("acc-ada").await;
    world.catalog.put_show("lantern", "Lantern Street", 2);
    wait_until("the show", async || world.titles(&key).await.len() == 3).await;
    for rubbish in [Rubbish::Page, Rubbish::NoList, Rubbish::Halves] {
        world.catalog.answers(Some(rubbish));
        world.catalog.put(title("spring", &format!("{rubbish:?}")));
        wait_until("rubbish", async || world.catalog.rubbish_given() > 2).await;
        everything_is_given(&world, &key).await;

        world.catalog.answers(None);
        let name = async || world.call(&key, "/partner/v1/titles/spring").send().await.value()["name"].clone();
        wait_until("what changed meanwhile", async || name().await == format!("{rubbish:?}")).await;
        world.catalog.withdraw("spring");
        wait_until("as before", async || world.titles(&key).await.len() == 3).await;
    }
}

/// Two films and a show with an episode that can be played, in every form there is.
async fn everything_is_given(world: &World, key: &str) {
    assert_eq!(world.titles(key).await.len(), 3);
    let episodes = world.call(key, "/partner/v1/seasons/lantern-1/episodes").send().await.expect(200).value();
    assert_eq!(episodes["items"].as_array().map(Vec::len), Some(2));
    let snapshot = world.call(key, "/partner/v1/snapshot").send().await.expect(200).text();
    assert_eq!(snapshot.lines().count(), 5, "{snapshot}");
    // Nobody asked for it before: it is made now, of what is known.
    world.time.pass_s(61);
    for (name, word) in
        [("google", "urlTemplate"), ("roku", "playId"), ("amazon", "<LaunchId>"), ("mrss", "media:player")]
    {
        let feed = world.call(key, &format!("/partner/v1/feeds/{name}")).send().await.expect(200).text();
        let launched = feed.matches(word).count();
        assert!(launched >= 3, "{name}: {launched} in {feed}");
    }
    let feeds = world.call(key, "/partner/v1/feeds").send().await.expect(200).value();
    for feed in feeds["items"].as_array().unwrap() {
        assert!(feed["refused"].is_null() && feed["items"] == 4, "{feed}");
    }
}

#[tokio::test]
async fn a_reader_gets_the_fields_it_asks_for_and_only_what_it_does_not_have() {
    for world in worlds().await {
        let (_, key) = world.make_app("acc-ada").await;
        let path = "/partner/v1/titles/sintel?fields=name,links";
        let answer = world.call(&key, path).send().await.expect(200);
        let names: Vec<_> = answer.value().as_object().unwrap().keys().cloned().collect();
        assert_eq!(names, ["id", "links", "name"]);
        let list = world.call(&key, "/partner/v1/titles?fields=year").send().await.expect(200).value();
        assert_eq!(list["items"][0].as_object().map(serde_json::Map::len), Some(2), "{list}");
        world.call(&key, "/partner/v1/titles?fields=name,").send().await.expect_problem(422, "field-invalid");
        world.call(&key, "/partner/v1/titles/sintel?fields=x").send().await.expect_problem(422, "field-invalid");

        let tag = answer.header("etag").to_owned();
        let again = || world.call(&key, path).header("if-none-match", &format!("W/{tag}")).send();
        let unchanged = again().await.expect(304);
        assert_eq!((unchanged.header("etag"), unchanged.text().as_ref()), (tag.as_str(), ""));
        assert!(unchanged.header("ratelimit").contains("\"minute\""), "it counts all the same");
        world.catalog.put(title("sintel", "Sintel, again"));
        wait_until("the change", async || again().await.status == 200).await;
    }
}
