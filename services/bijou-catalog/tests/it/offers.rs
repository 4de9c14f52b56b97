//! Who may see what, when and where: over HTTP, by every way in.

use bijou_catalog::import::{Mode, import_file};
use bijou_passport::Claims;
use bijou_testkit::{TestDatabase, TestService, User, databases, sqlite_database, wait_until};
use serde_json::{Value, json};

use crate::fixture::ids;

/// Four titles of one director: for all, for adults, and offered in Germany for a time; a show for adults.
const TITLES: &str = r#"{"id": "for-all", "name": "For All", "year": 2001, "certification": 0, "genres": ["Drama"], "credits": [{"name": "Ida", "role": "director"}]}
{"id": "grim", "name": "Grim", "year": 2002, "certification": 18, "genres": ["Horror"], "credits": [{"name": "Ida", "role": "director"}, {"name": "Otto", "role": "actor"}]}
{"id": "winter", "name": "Winter", "year": 2003, "certification": 6, "genres": ["Drama"], "offers": [{"territory": "DE", "from": "2030-12-01", "until": "2031-01-01"}, {"territory": "FR"}], "credits": [{"name": "Ida", "role": "director"}]}
{"id": "dark", "name": "Dark", "year": 2004, "kind": "show", "certification": 16, "seasons": [{"number": 1, "episodes": [{"number": 1, "name": "One"}, {"number": 2, "name": "Two"}]}, {"number": 2, "episodes": [{"number": 1, "name": "Three"}]}]}
"#;

async fn catalog(database: &TestDatabase) -> TestService {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("titles.jsonl");
    std::fs::write(&file, TITLES).unwrap();
    import_file(&database.url, &file, Mode::Apply, 1_000_000, &mut std::io::sink()).await.unwrap();
    TestService::of(bijou_catalog::ROLE).database(&database.url).start(bijou_catalog::service).await
}

fn viewer(service: &TestService, maturity: Option<u8>, territory: Option<&str>) -> User {
    service.claims(&Claims {
        profile: Some("p1".to_owned()),
        maturity,
        territory: territory.map(str::to_owned),
        ..Claims::account("a1", ["CATALOG"])
    })
}

fn operator(service: &TestService) -> User {
    service.claims(&Claims {
        scopes: vec!["operator".to_owned()],
        territory: Some("DE".to_owned()),
        ..Claims::account("op", ["CATALOG"])
    })
}

async fn listed(user: &User, query: &str) -> Vec<String> {
    let list: Value = user.get(&format!("/v1/titles?sort=oldest{query}")).send().await.expect(200).json();
    let found = ids(&list);
    assert_eq!(list["facets"]["total"], found.len(), "what is hidden is not counted");
    found
}

#[tokio::test]
async fn a_child_finds_no_way_to_what_is_above_the_ceiling() {
    for database in databases().await {
        let service = catalog(&database).await;
        let child = viewer(&service, Some(6), Some("DE"));
        assert_eq!(listed(&child, "").await, ["for-all"]);
        assert_eq!(listed(&child, "&ids=grim,for-all,dark").await, ["for-all"]);
        let list: Value = child.get("/v1/titles").send().await.expect(200).json();
        let genres = list["facets"]["genres"].as_array().unwrap();
        assert_eq!(genres.len(), 1, "no horror is counted: {genres:?}");
        let genres: Value = child.get("/v1/genres").send().await.expect(200).json();
        assert_eq!(ids(&genres), ["drama"]);
        let ida: Value = child.get("/v1/people/ida").send().await.expect(200).json();
        assert_eq!(ida["credits"].as_array().unwrap().len(), 1);

        for (path, code) in [
            ("/v1/titles/grim", "title-not-found"),
            ("/v1/people/otto", "person-not-found"),
            ("/v1/shows/dark/seasons", "show-not-found"),
            ("/v1/seasons/dark-s1/episodes", "season-not-found"),
            ("/v1/episodes/dark-s1e1", "episode-not-found"),
        ] {
            let hidden = child.get(path).send().await;
            let unknown = path.replace("grim", "x").replace("otto", "x").replace("dark-s1e1", "x");
            let unknown = child.get(&unknown.replace("dark-s1", "x").replace("dark", "x")).send().await;
            let (hidden, unknown) = (hidden.expect_problem(404, code), unknown.expect_problem(404, code));
            assert_eq!((hidden.title, hidden.extra), (unknown.title, unknown.extra), "{path}: nothing is given away");
            viewer(&service, Some(18), Some("DE")).get(path).send().await.expect(200);
        }
    }
}

#[tokio::test]
async fn artwork_of_what_is_hidden_is_hidden() {
    let database = sqlite_database();
    let service = catalog(&database).await;
    let adult = viewer(&service, None, Some("FR"));
    let child = viewer(&service, Some(6), Some("US"));
    for id in ["grim", "winter"] {
        let title: Value = adult.get(&format!("/v1/titles/{id}")).send().await.expect(200).json();
        let url = title["artwork"]["poster"]["url"].as_str().unwrap().to_owned();
        let tag = adult.get(&url).send().await.expect(200).header("etag").to_owned();
        child.get(&url).send().await.expect_problem(404, "image-not-found");
        child.get(&url).header("if-none-match", &tag).send().await.expect_problem(404, "image-not-found");
        for user in [&adult, &child, &service.anonymous()] {
            user.get(&crate::images::guessed(&url)).send().await.expect_problem(404, "image-not-found");
        }
    }
}

#[tokio::test]
async fn a_browser_shows_the_posters_of_what_is_offered_where_its_reader_is() {
    let database = sqlite_database();
    let service = catalog(&database).await;
    let reader = viewer(&service, None, Some("FR"));
    let title: Value = reader.get("/v1/titles/winter").send().await.expect(200).json();
    let url = title["artwork"]["poster"]["url"].as_str().unwrap();
    // What `<img>` sends has no token: the gateway's passport names nobody, and the country it takes for granted.
    let page = service.claims(&Claims { territory: Some("US".to_owned()), ..Claims::anonymous(["CATALOG"]) });
    let shown = page.get(url).send().await.expect(200);
    assert_eq!(shown.header("cache-control"), "public, max-age=31536000, immutable");
    page.get(url).header("if-none-match", shown.header("etag")).send().await.expect(304);
    page.get(&crate::images::guessed(url)).send().await.expect_problem(404, "image-not-found");
    viewer(&service, None, Some("US")).get(url).send().await.expect_problem(404, "image-not-found");
}

#[tokio::test]
async fn operators_see_the_pictures_of_the_day_and_country_they_look_at() {
    let database = sqlite_database();
    let service = catalog(&database).await;
    let operator = operator(&service);
    let title: Value = operator.get("/v1/titles/winter?as_of=2030-12-24T18:00:00Z").send().await.expect(200).json();
    let url = title["artwork"]["poster"]["url"].as_str().unwrap();
    operator.get(url).send().await.expect(200);
    let limited = service.claims(&Claims {
        scopes: vec!["operator".to_owned()],
        maturity: Some(0),
        ..Claims::account("op", ["CATALOG"])
    });
    limited.get(url).send().await.expect_problem(404, "image-not-found");
}

#[tokio::test]
async fn an_offer_opens_and_closes_a_title_in_its_country() {
    for database in databases().await {
        let service = catalog(&database).await;
        assert_eq!(listed(&viewer(&service, None, Some("FR")), "").await, ["for-all", "grim", "winter", "dark"]);
        for territory in [Some("DE"), Some("US"), None] {
            let user = viewer(&service, None, territory);
            assert_eq!(listed(&user, "").await, ["for-all", "grim", "dark"], "{territory:?}");
            user.get("/v1/titles/winter").send().await.expect_problem(404, "title-not-found");
        }
        let operator = operator(&service);
        for (time, is_there) in [
            ("2030-11-30T23:59:59.999Z", false),
            ("2030-12-01T00:00:00Z", true),
            ("2031-01-01T00:59:59%2B01:00", true),
            ("2031-01-01T00:00:00Z", false),
        ] {
            let list = listed(&operator, &format!("&as_of={time}")).await;
            assert_eq!(list.contains(&"winter".to_owned()), is_there, "{time} on {}", database.engine);
            let status = if is_there { 200 } else { 404 };
            operator.get(&format!("/v1/titles/winter?as_of={time}")).send().await.expect(status);
        }
        let title: Value = operator.get("/v1/titles/winter?territory=FR").send().await.expect(200).json();
        assert_eq!(title["offers"], json!([{ "territory": "FR" }]), "a viewer is told of their own country");
        let title: Value = service.service("playback").get("/v1/titles/winter").send().await.expect(200).json();
        assert_eq!(title["offers"].as_array().unwrap().len(), 2, "who keeps titles for others is told all");
    }
}

#[tokio::test]
async fn only_operators_look_at_another_time_or_place() {
    let database = sqlite_database();
    let service = catalog(&database).await;
    let user = viewer(&service, None, Some("DE"));
    for path in ["/v1/titles", "/v1/titles/for-all", "/v1/genres", "/v1/people/ida", "/v1/shows/dark/seasons"] {
        for query in ["as_of=2030-12-24T00:00:00Z", "territory=FR"] {
            user.get(&format!("{path}?{query}")).send().await.expect_problem(403, "scope-missing");
            operator(&service).get(&format!("{path}?{query}")).send().await.expect(200);
        }
    }
    let operator = operator(&service);
    operator.get("/v1/titles?as_of=tomorrow").send().await.expect_problem(400, "query-invalid");
    operator.get("/v1/titles?territory=Germany").send().await.expect_problem(400, "query-invalid");
}

#[tokio::test]
async fn a_shared_cache_is_told_whose_answer_it_has() {
    let database = sqlite_database();
    let service = catalog(&database).await;
    let cache = async |user: User, path: &str| {
        let answer = user.get(path).send().await.expect(200);
        assert!(answer.header("vary").contains("authorization"), "{path}");
        answer.header("cache-control").split(',').next().unwrap().to_owned()
    };
    for path in ["/v1/titles", "/v1/titles/for-all", "/v1/genres", "/v1/people/ida"] {
        assert_eq!(cache(service.anonymous(), path).await, "public");
        assert_eq!(cache(viewer(&service, Some(6), Some("DE")), path).await, "private");
        assert_eq!(cache(viewer(&service, None, None), path).await, "private");
        assert_eq!(cache(operator(&service), &format!("{path}?as_of=2030-01-01T00:00:00Z")).await, "private");
    }
    // The same tag would let a cache take one answer for the other.
    let tag = async |user: User| user.get("/v1/titles").send().await.expect(200).header("etag").to_owned();
    assert_ne!(tag(viewer(&service, Some(6), None)).await, tag(viewer(&service, None, None)).await);
}

#[tokio::test]
async fn events_carry_what_others_need_to_apply_the_same_rule() {
    let database = sqlite_database();
    let service = catalog(&database).await;
    let batch: Value = service.service("recommendations").get("/events").send().await.expect(200).json();
    let winter = batch["items"].as_array().unwrap().iter().find(|event| event["subject"] == "winter").unwrap();
    let event: bijou_catalog_api::events::TitleEvent = serde_json::from_value(winter["data"].clone()).unwrap();
    assert_eq!((event.certification_age, event.offers.len()), (6, 2));
}

#[tokio::test]
async fn an_episode_knows_where_it_belongs_and_what_comes_next() {
    for database in databases().await {
        let service = catalog(&database).await;
        let user = viewer(&service, None, None);
        let episode =
            async |id: &str| -> Value { user.get(&format!("/v1/episodes/{id}")).send().await.expect(200).json() };
        let first = episode("dark-s1e1").await;
        assert_eq!(first["name"], "One");
        assert_eq!((&first["show"]["name"], &first["season"]["number"]), (&json!("Dark"), &json!(1)));
        assert_eq!(first["show"]["certification_age"], 16);
        let next = json!({ "episode_id": "dark-s1e2", "season_id": "dark-s1", "season": 1, "number": 2, "name": "Two", "playable": false });
        assert_eq!(first["next"], next);
        let last_of_season = episode("dark-s1e2").await;
        assert_eq!(last_of_season["next"]["episode_id"], "dark-s2e1", "over the end of a season");
        assert!(episode("dark-s2e1").await["next"].is_null(), "nothing comes after the last");
        user.get("/v1/episodes/nobody").send().await.expect_problem(404, "episode-not-found");
        user.get("/v1/episodes/dark-s1").send().await.expect_problem(404, "episode-not-found");
    }
}

#[tokio::test]
async fn the_console_is_told_why_a_title_is_not_there_and_nobody_else_is() {
    for database in databases().await {
        let service = catalog(&database).await;
        let console = service.service("console");
        let ask = async |query: &str| -> Value {
            console.get(&format!("/v1/diagnoses/titles/winter{query}")).send().await.expect(200).json()
        };
        let early = ask("?territory=DE&at=2030-11-01T00:00:00Z").await;
        assert_eq!((&early["offered"], &early["opens_at"]), (&json!(false), &json!("2030-12-01T00:00:00Z")));
        let during = ask("?territory=DE&at=2030-12-24T18:00:00Z").await;
        assert_eq!((&during["offered"], &during["ends_at"]), (&json!(true), &json!("2031-01-01T00:00:00Z")));
        assert_eq!((&during["name"], &during["certification_age"]), (&json!("Winter"), &json!(6)));
        assert_eq!(ask("").await["offered"], false, "nobody knows where");
        wait_until("the index has it", async || ask("").await["indexed"] == true).await;

        console.get("/v1/diagnoses/titles/nothing").send().await.expect_problem(404, "title-not-found");
        console.get("/v1/diagnoses/titles/winter?territory=de").send().await.expect_problem(400, "query-invalid");
        console.get("/v1/diagnoses/titles/winter?at=noon").send().await.expect_problem(400, "query-invalid");
        for other in [operator(&service), service.service("playback"), viewer(&service, None, Some("DE"))] {
            other.get("/v1/diagnoses/titles/winter").send().await.expect_problem(403, "service-only");
        }
    }
}
