//! What the console is told of a title.

use bijou_testkit::{TestService, databases};
use serde_json::json;

use crate::clip::{ingest_clip, ingest_episode, library_of};

#[tokio::test]
async fn the_console_is_told_the_ladder_and_nobody_else_is() {
    for database in databases().await {
        let service = TestService::of("playback").database(&database.url).start(bijou_playback::service).await;
        let library = library_of(&service, &database).await;
        ingest_clip(&library, "film").await;
        ingest_episode(&library, "show", "show-s1e1").await;
        let console = service.service("console");
        let told =
            async |title: &str| console.get(&format!("/v1/diagnoses/titles/{title}")).send().await.expect(200).value();

        let film = told("film").await;
        assert_eq!((&film["state"], &film["asset"]["complete"]), (&json!("ready"), &json!(true)), "{film}");
        let heights: Vec<_> =
            film["asset"]["video"].as_array().expect("a ladder").iter().map(|rung| &rung["height"]).collect();
        assert_eq!(heights, [360, 480]);
        assert!(film["asset"]["video"][0]["codec"].as_str().is_some_and(|codec| codec.starts_with("avc1.")), "{film}");
        assert_eq!(film["asset"]["audio"][1]["codec"], "mp4a.40.2");
        assert_eq!(film["asset"]["subtitle_languages"], json!(["de"]));

        // Published, but its files were taken away by hand before anybody asked for them.
        std::fs::remove_dir_all(service.data_dir().join("media")).expect("the folder of all media");
        let show = told("show").await;
        assert_eq!((&show["state"], &show["asset"]["complete"]), (&json!("ready"), &json!(false)), "{show}");
        assert_eq!((&show["episodes_ready"], &show["asset"]["episode_id"]), (&json!(1), &json!("show-s1e1")));
        assert_eq!(told("nothing").await["state"], "absent");

        for other in [service.service("catalog"), service.account("a1"), service.anonymous()] {
            other.get("/v1/diagnoses/titles/film").send().await.expect_problem(403, "service-only");
        }
    }
}
