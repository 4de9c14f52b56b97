//! Single titles with their seasons, episodes and people; languages and conditional requests.

use bijou_testkit::sqlite_database;
use serde_json::{Value, json};

use crate::fixture::{ids, world, worlds};

#[tokio::test]
async fn a_title_has_everything_about_it() {
    for world in worlds().await {
        let title: Value = world.service.anonymous().get("/v1/titles/metropolis").send().await.expect(200).json();
        assert_eq!(title["name"], "Metropolis");
        assert_eq!(title["year"], 1927);
        assert_eq!(title["certification_age"], 12);
        assert_eq!(title["runtime_s"], 9180);
        assert_eq!(title["playable"], false);
        assert_eq!(title["language"], "en");
        assert_eq!(title["license"]["id"], "public-domain");
        assert_eq!(
            title["credits"][0],
            json!({ "person": { "id": "fritz-lang", "name": "Fritz Lang" }, "role": "director" })
        );
        assert_eq!(title["genres"][0], json!({ "id": "science-fiction", "name": "Science Fiction" }));
        assert!(title["seasons"].is_null(), "a movie has none");
    }
}

#[tokio::test]
async fn texts_come_in_the_readers_language_and_fall_back() {
    let world = world(sqlite_database()).await;
    let user = world.service.anonymous();
    let name = async |accept: &str, query: &str| {
        let request = user.get(&format!("/v1/titles/the-general{query}")).header("accept-language", accept);
        let answer = request.send().await.expect(200);
        let language = answer.header("content-language").to_owned();
        assert_eq!(answer.header("vary"), "accept-language, authorization");
        (answer.json::<Value>()["name"].as_str().unwrap().to_owned(), language)
    };
    assert_eq!(name("de-CH-1996, en;q=0.5", "").await, ("Der General".to_owned(), "de".to_owned()));
    assert_eq!(name("fr, ja", "").await, ("The General".to_owned(), "en".to_owned()));
    assert_eq!(name("en", "?lang=de").await, ("Der General".to_owned(), "de".to_owned()), "the parameter wins");

    // No German synopsis: the short German one is better than a long one nobody asked for.
    let title: Value = user.get("/v1/titles/the-general?lang=de").send().await.expect(200).json();
    assert_eq!(title["synopsis"], title["synopsis_short"]);
    assert_eq!(title["genres"][0]["name"], "Komödie");
}

#[tokio::test]
async fn who_has_an_answer_is_told_so() {
    for world in worlds().await {
        let user = world.service.anonymous();
        for path in ["/v1/titles", "/v1/titles/metropolis", "/v1/genres", "/v1/people/fritz-lang"] {
            let first = user.get(path).send().await.expect(200);
            let tag = first.header("etag").to_owned();
            assert!(tag.starts_with('"') && tag.ends_with('"'), "strong: {tag}");
            assert!(first.header("cache-control").starts_with("public, max-age=5"));
            let again = user.get(path).header("if-none-match", &tag).send().await.expect(304);
            assert!(again.body.is_empty());
            assert_eq!(again.header("etag"), tag);
            user.get(path).header("if-none-match", "\"other\"").send().await.expect(200);
        }
    }
}

#[tokio::test]
async fn another_language_has_another_tag() {
    let world = world(sqlite_database()).await;
    let user = world.service.anonymous();
    let tag = async |lang: &str| {
        let answer = user.get(&format!("/v1/titles/metropolis?lang={lang}")).send().await.expect(200);
        answer.header("etag").to_owned()
    };
    assert_ne!(tag("en").await, tag("de").await);
}

#[tokio::test]
async fn a_show_has_seasons_and_they_have_episodes() {
    for world in worlds().await {
        let user = world.service.anonymous();
        let show: Value = user.get("/v1/titles/bo-short-circuits").send().await.expect(200).json();
        assert_eq!(show["kind"], "show");
        assert_eq!(show["seasons"][0]["episode_count"], 3);
        let seasons: Value = user.get("/v1/shows/bo-short-circuits/seasons?lang=de").send().await.expect(200).json();
        assert_eq!(ids(&seasons), ["bo-short-circuits-s1"]);
        assert_eq!(seasons["items"][0]["name"], "Staffel 1");
        let episodes: Value = user.get("/v1/seasons/bo-short-circuits-s1/episodes").send().await.expect(200).json();
        assert_eq!(ids(&episodes), ["bo-short-circuits-s1e1", "bo-short-circuits-s1e2", "bo-short-circuits-s1e3"]);
        assert_eq!(
            (&episodes["items"][0]["name"], &episodes["items"][0]["aired_on"]),
            (&json!("Not"), &json!("2026-05-01"))
        );
    }
}

#[tokio::test]
async fn a_person_has_their_titles_newest_first() {
    for world in worlds().await {
        let user = world.service.anonymous();
        let person: Value = user.get("/v1/people/buster-keaton").send().await.expect(200).json();
        assert_eq!(person["name"], "Buster Keaton");
        let credits: Vec<(&str, &str)> = person["credits"]
            .as_array()
            .unwrap()
            .iter()
            .map(|credit| (credit["title"]["id"].as_str().unwrap(), credit["role"].as_str().unwrap()))
            .collect();
        let expected = [
            ("the-general", "director"),
            ("the-general", "actor"),
            ("sherlock-jr", "director"),
            ("sherlock-jr", "actor"),
        ];
        assert_eq!(credits, expected);
    }
}

#[tokio::test]
async fn what_is_not_there_is_said_by_name() {
    let world = world(sqlite_database()).await;
    let user = world.service.anonymous();
    for (path, code) in [
        ("/v1/titles/nobody", "title-not-found"),
        ("/v1/shows/nobody/seasons", "show-not-found"),
        ("/v1/shows/metropolis/seasons", "show-not-found"),
        ("/v1/seasons/nobody/episodes", "season-not-found"),
        ("/v1/people/nobody", "person-not-found"),
    ] {
        let problem = user.get(path).send().await.expect_problem(404, code);
        assert!(problem.detail.unwrap().contains("`nobody`") || path.contains("metropolis"));
    }
}

#[tokio::test]
async fn a_title_by_fields_has_only_those() {
    let world = world(sqlite_database()).await;
    let user = world.service.anonymous();
    let title: Value = user.get("/v1/titles/sintel?fields=name,tagline").send().await.expect(200).json();
    assert_eq!(
        title,
        json!({
            "id": "sintel",
            "fields": ["id", "name", "tagline"],
            "name": "Sintel",
            "tagline": "What you are looking for has changed. So have you."
        })
    );
}
