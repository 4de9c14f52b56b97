//! Feeds: what is in them, and what happens when the catalog loses much.

use bijou_testkit::wait_until;
use serde_json::{Value, json};

use crate::world::{World, title, worlds};

async fn roku(world: &World, key: &str) -> Value {
    world.call(key, "/partner/v1/feeds/roku").send().await.expect(200).value()
}

#[tokio::test]
async fn feeds_are_made_anew_when_titles_change_and_kept_when_too_many_are_gone() {
    for world in worlds().await {
        let (_, key) = world.make_app("acc-ada").await;
        for number in 0..8 {
            world.catalog.put(title(&format!("t{number}"), "A film"));
        }
        wait_until("all titles", async || world.titles(&key).await.len() == 10).await;
        let assets = |feed: &Value| feed["assets"].as_array().unwrap().len();
        assert_eq!(assets(&roku(&world, &key).await), 10);
        world.time.pass_s(61);
        world.catalog.withdraw("t0");
        wait_until("one less", async || world.titles(&key).await.len() == 9).await;
        assert_eq!(assets(&roku(&world, &key).await), 9);

        for id in ["t1", "t2", "t3", "t4", "t5"] {
            world.catalog.withdraw(id);
        }
        wait_until("many less", async || world.titles(&key).await.len() == 4).await;
        world.time.pass_s(61);
        assert_eq!(assets(&roku(&world, &key).await), 9, "the last one is served");
        let feeds = world.call(&key, "/partner/v1/feeds").send().await.expect(200).value();
        let refused = feeds["items"].as_array().unwrap().iter().find(|feed| feed["name"] == "roku").unwrap();
        assert!(refused["refused"].as_str().unwrap().contains("4 titles after 9"), "{refused}");
        world.call(&key, "/partner/v1/feeds/roku?force=true").send().await.expect_problem(403, "scope-missing");
        let forced = world.operator().get("/partner/v1/feeds/roku?force=true").send().await.expect(200).value();
        assert_eq!(assets(&forced), 4);
        assert_eq!(assets(&roku(&world, &key).await), 4);
    }
}

#[tokio::test]
async fn a_broken_form_is_refused_and_the_last_good_one_stays() {
    for world in worlds().await {
        let (_, key) = world.make_app("acc-ada").await;
        let good = roku(&world, &key).await;
        assert_eq!(good["assets"].as_array().unwrap().len(), 2);
        let mut broken = title("broken", "A film of nobody's year");
        broken["year"] = json!(10);
        world.catalog.put(broken);
        wait_until("the third", async || world.titles(&key).await.len() == 3).await;
        world.time.pass_s(61);
        assert_eq!(roku(&world, &key).await, good, "the last good one is served");
        let feeds = world.call(&key, "/partner/v1/feeds").send().await.expect(200).value();
        let refused = feeds["items"].as_array().unwrap().iter().find(|feed| feed["name"] == "roku").unwrap();
        let reason = refused["refused"].as_str().unwrap();
        assert!(reason.contains("would have broken its form") && reason.contains("releaseYear"), "{reason}");

        world.catalog.withdraw("broken");
        wait_until("two again", async || world.titles(&key).await.len() == 2).await;
        world.time.pass_s(61);
        roku(&world, &key).await;
        let feeds = world.call(&key, "/partner/v1/feeds").send().await.expect(200).value();
        let mended = feeds["items"].as_array().unwrap().iter().find(|feed| feed["name"] == "roku").unwrap();
        assert!(mended["refused"].is_null(), "{mended}");
    }
}

#[tokio::test]
async fn each_form_has_its_media_type_and_an_entity_tag() {
    for world in worlds().await {
        let (_, key) = world.make_app("acc-ada").await;
        for (name, media_type) in [
            ("google", "application/ld+json"),
            ("amazon", "application/xml"),
            ("roku", "application/json"),
            ("mrss", "application/rss+xml"),
            ("apple-availability", "application/xml"),
        ] {
            let path = format!("/partner/v1/feeds/{name}?territory=de");
            let feed = world.call(&key, &path).send().await.expect(200);
            assert_eq!(feed.header("content-type"), media_type);
            assert!(feed.text().contains("/watch/sintel") || feed.text().contains("\"playId\":\"sintel\""), "{feed:?}");
            world.call(&key, &path).header("if-none-match", feed.header("etag")).send().await.expect(304);
        }
        world.call(&key, "/partner/v1/feeds/apple").send().await.expect_problem(404, "feed-not-found");
        let path = "/partner/v1/feeds/mrss?territory=Germany";
        world.call(&key, path).send().await.expect_problem(422, "field-invalid");
    }
}

#[tokio::test]
async fn apple_gets_one_catalogue_and_an_availability_for_each_country() {
    for world in worlds().await {
        let (_, key) = world.make_app("acc-ada").await;
        let mut german = title("nosferatu", "Nosferatu");
        german["offers"] = json!([{ "territory": "DE" }]);
        world.catalog.put(german);
        let mut show = title("lantern", "Lantern");
        show["kind"] = json!("show");
        world.catalog.put(show);
        wait_until("all titles", async || world.titles(&key).await.len() == 4).await;

        let ids = async |path: &str| {
            let feed = world.call(&key, path).send().await.expect(200).text();
            let ids = feed.split("contentId=\"").skip(1).map(|part| part.split('"').next().unwrap().to_owned());
            let mut ids: Vec<_> = ids.collect();
            ids.sort_unstable();
            ids
        };
        let everything = ids("/partner/v1/feeds/apple-catalog").await;
        assert_eq!(everything, ["nosferatu", "sintel", "tears"]);
        assert_eq!(ids("/partner/v1/feeds/apple-catalog?territory=DE").await, everything);
        assert_eq!(ids("/partner/v1/feeds/apple-availability?territory=DE").await, everything);
        assert_eq!(ids("/partner/v1/feeds/apple-availability").await, ["sintel", "tears"]);

        let feeds = world.call(&key, "/partner/v1/feeds").send().await.expect(200).value();
        let feed = feeds["items"].as_array().unwrap().iter().find(|feed| feed["name"] == "apple-availability").unwrap();
        let left_out = feed["left_out"].as_array().unwrap();
        let reason_of = |id: &str| left_out.iter().find(|left| left["title_id"] == id).unwrap()["reason"].clone();
        assert_eq!(reason_of("nosferatu"), "it is not offered there");
        assert_eq!(reason_of("lantern"), "Apple offers episodes, and none of it can be played");

        world.catalog.withdraw("tears");
        wait_until("one less", async || world.titles(&key).await.len() == 3).await;
        world.time.pass_s(61);
        assert_eq!(ids("/partner/v1/feeds/apple-availability").await, ["sintel", "tears"], "half of it is too much");
    }
}
