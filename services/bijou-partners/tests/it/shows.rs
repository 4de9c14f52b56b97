//! Shows: seasons and episodes in the catalog for partners, in changes, snapshot and feeds.

use bijou_testkit::wait_until;
use serde_json::{Value, json};

use crate::world::{World, world, worlds};

const LINK: &str = "http://127.0.0.1:8080/watch/lantern/lantern-1-1";

async fn with_show(world: &World, episodes: u32) -> String {
    let (_, key) = world.make_app("acc-ada").await;
    world.catalog.put_show("lantern", "Lantern Street", episodes);
    wait_until("the show", async || world.titles(&key).await.contains(&"lantern".to_owned())).await;
    key
}

async fn get(world: &World, key: &str, path: &str) -> Value {
    world.call(key, path).send().await.expect(200).value()
}

#[tokio::test]
async fn a_show_has_seasons_and_episodes_with_links_and_offers() {
    for world in worlds().await {
        let key = with_show(&world, 2).await;
        let seasons = get(&world, &key, "/partner/v1/shows/lantern/seasons").await;
        let season = &seasons["items"][0];
        assert_eq!((&season["number"], &season["episode_count"]), (&json!(1), &json!(2)));
        assert_eq!(season["links"]["play"], LINK);
        assert!(season.get("episodes").is_none(), "they have an operation of their own: {season}");
        let answer = world.call(&key, "/partner/v1/seasons/lantern-1/episodes").send().await.expect(200);
        let episodes = answer.value();
        let first = &episodes["items"][0];
        assert_eq!((&first["season"], &first["number"], &first["playable"]), (&json!(1), &json!(1), &json!(true)));
        assert_eq!(first["links"], json!({ "page": "http://127.0.0.1:8080/title/lantern", "play": LINK }));
        assert_eq!(first["aired_on"], "2026-05-01");
        assert_eq!(first["artwork"]["url"], "http://127.0.0.1:8080/img/lantern/still/a.jpg");
        let again = world.call(&key, "/partner/v1/seasons/lantern-1/episodes");
        again.header("if-none-match", answer.header("etag")).send().await.expect(304);

        let whole = get(&world, &key, "/partner/v1/titles/lantern").await;
        assert_eq!(whole["seasons"][0]["episodes"], episodes["items"]);
        let without = get(&world, &key, "/partner/v1/titles/lantern?fields=name").await;
        assert!(without.get("seasons").is_none(), "{without}");
        let film = get(&world, &key, "/partner/v1/titles/sintel").await;
        assert!(film.get("seasons").is_none(), "{film}");
    }
}

#[tokio::test]
async fn what_is_no_show_and_no_season_is_not_found() {
    let world = world().await;
    let key = with_show(&world, 1).await;
    for show in ["sintel", "nothing"] {
        let path = format!("/partner/v1/shows/{show}/seasons");
        world.call(&key, &path).send().await.expect_problem(404, "show-not-found");
    }
    let path = "/partner/v1/seasons/lantern-2/episodes";
    world.call(&key, path).send().await.expect_problem(404, "season-not-found");
    world.catalog.withdraw("lantern");
    wait_until("the show is gone", async || world.titles(&key).await.len() == 2).await;
    let path = "/partner/v1/seasons/lantern-1/episodes";
    world.call(&key, path).send().await.expect_problem(404, "season-not-found");
}

#[tokio::test]
async fn an_episode_that_comes_is_a_change_of_its_show() {
    for world in worlds().await {
        let key = with_show(&world, 2).await;
        let before = get(&world, &key, "/partner/v1/changes").await;
        let cursor = before["cursor"].as_str().unwrap().to_owned();
        // The show's own facts stay as they are.
        world.catalog.put_show("lantern", "Lantern Street", 3);
        let mut changes = Value::Null;
        wait_until("the third episode", async || {
            changes = get(&world, &key, &format!("/partner/v1/changes?since={cursor}")).await;
            !changes["items"].as_array().unwrap().is_empty()
        })
        .await;
        assert_eq!(changes["items"].as_array().map(Vec::len), Some(1), "{changes}");
        let seasons = &changes["items"][0]["title"]["seasons"];
        assert_eq!(seasons[0]["episodes"].as_array().map(Vec::len), Some(3));

        let snapshot = world.call(&key, "/partner/v1/snapshot").send().await.expect(200);
        let text = snapshot.text();
        let show = text.lines().find(|line| line.contains("\"lantern\"")).expect("the show's line");
        assert!(show.contains(LINK) && show.contains("lantern-1-3"), "{show}");
    }
}

#[tokio::test]
async fn a_store_from_before_seasons_were_kept_looks_into_its_shows() {
    for world in worlds().await {
        let key = with_show(&world, 2).await;
        world.execute("UPDATE titles SET seasons = NULL").await;
        world.execute("DELETE FROM seasons").await;
        let world = world.restarted().await;
        wait_until("the comparison", async || {
            let seasons = get(&world, &key, "/partner/v1/shows/lantern/seasons").await;
            seasons["items"].as_array().map(Vec::len) == Some(1)
        })
        .await;
    }
}

#[tokio::test]
async fn every_feed_has_the_episodes_that_can_be_played() {
    let world = world().await;
    let key = with_show(&world, 2).await;
    for (form, aired) in [
        ("google", "\"datePublished\":\"2026-05-01\""),
        ("amazon", "<OriginalAirDate>2026-05-01T00:00:00</OriginalAirDate>"),
        ("roku", "\"releaseDate\":\"2026-05-01\""),
        ("mrss", "<dcterms:issued>2026-05-01</dcterms:issued>"),
        ("apple-catalog", "<originalAirDate>2026-05-01</originalAirDate>"),
    ] {
        let feed = world.call(&key, &format!("/partner/v1/feeds/{form}")).send().await.expect(200);
        assert!(feed.text().contains(aired), "{form}: {}", feed.text());
    }
    for form in ["google", "amazon", "mrss", "apple-availability"] {
        let feed = world.call(&key, &format!("/partner/v1/feeds/{form}")).send().await.expect(200);
        assert!(feed.text().contains(LINK) && !feed.text().contains("lantern-1-2"), "{form}: {}", feed.text());
    }
    let roku = get(&world, &key, "/partner/v1/feeds/roku").await;
    let assets = roku["assets"].as_array().unwrap();
    let episode = assets.iter().find(|asset| asset["type"] == "episode").expect("an episode");
    assert_eq!(episode["episodeInfo"]["seriesId"], "lantern");
    let feeds = get(&world, &key, "/partner/v1/feeds").await;
    for feed in feeds["items"].as_array().unwrap() {
        assert!(feed.get("refused").is_none(), "{feed}");
        assert_eq!(feed["items"], 4, "two films, a show and an episode: {feed}");
    }
}
