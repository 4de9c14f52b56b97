//! Search as a reader meets it: what is found, in which order, what is counted, and what when there is no index.

use std::path::PathBuf;

use bijou_catalog::import::{Mode, import_file};
use bijou_passport::Claims;
use bijou_testkit::{TestDatabase, TestService, User, databases, sqlite_database, wait_for, wait_until};
use serde_json::{Value, json};

use crate::fixture::{World, world, worlds};

const TITLES: &str = r#"{"id": "spongebob", "name": "SpongeBob", "year": 1999, "certification": 6, "genres": ["Comedy"]}
{"id": "star-wars", "name": "Star Wars", "year": 1977, "certification": 12, "popularity": 900000, "genres": ["Science Fiction"]}
{"id": "star-wars-80", "name": "Star Wars", "year": 1980, "certification": 12, "popularity": 10, "genres": ["Science Fiction"]}
{"id": "starving", "name": "The Starving", "year": 2001, "certification": 18, "genres": ["Horror"]}
{"id": "amelie", "name": "Le Fabuleux Destin d'Amélie Poulain", "year": 2001, "certification": 12, "genres": ["Romance"], "moods": [" Whimsical ", "feel-good", "whimsical"], "translations": {"en": {"name": "Amelie"}, "de": {"name": "Die fabelhafte Welt der Amélie"}}, "language": "fr", "credits": [{"name": "Audrey Tautou", "role": "actor"}]}
{"id": "secret", "name": "The Secret Gardener", "year": 2010, "certification": 16, "genres": ["Thriller"], "credits": [{"name": "Zoltán Secretary", "role": "director"}], "offers": [{"territory": "DE", "from": "2030-01-01"}]}
{"id": "dark", "name": "Dark", "year": 2017, "kind": "show", "certification": 16, "genres": ["Thriller"], "seasons": []}
"#;

async fn write(database: &TestDatabase, lines: &str) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("titles.jsonl");
    std::fs::write(&file, lines).unwrap();
    import_file(&database.url, &file, Mode::Apply, 1_000_000, &mut std::io::sink()).await.unwrap();
}

async fn catalog(database: &TestDatabase) -> TestService {
    write(database, TITLES).await;
    let service = TestService::of(bijou_catalog::ROLE).database(&database.url).start(bijou_catalog::service).await;
    until_there(&service).await;
    service
}

async fn until_there(service: &TestService) {
    wait_until("the index", async || service.anonymous().get("/v1/search?q=").send().await.status == 200).await;
}

async fn search(user: &User, query: &str) -> Value {
    user.get(&format!("/v1/search?q={query}")).send().await.expect(200).json()
}

fn found(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["title_id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_title_is_found_by_what_people_type() {
    let database = sqlite_database();
    let service = catalog(&database).await;
    let user = service.anonymous();
    for (typed, first) in [
        ("star wars", "star-wars"),
        ("STAR-WARS", "star-wars"),
        ("star wa", "star-wars"),
        ("strar wars", "star-wars"),
        ("star wasr", "star-wars"),
        ("starwars", "star-wars"),
        ("sponge bob", "spongebob"),
        ("spngebob", "spongebob"),
        // Two typos: in one long word, in a whole name of one word, and in a name of which two words became one.
        ("fabullex", "amelie"),
        ("spnogebbo", "spongebob"),
        ("sttarwars", "star-wars"),
        ("amelie", "amelie"),
        ("am%C3%A9lie", "amelie"),
        ("fabuleux poulain", "amelie"),
        ("fabelhafte welt", "amelie"),
        ("fabelhaft wlet", "amelie"),
        ("tautou", "amelie"),
        ("audrey tauto", "amelie"),
        ("audry tautou", "amelie"),
        ("amelie audrey", "amelie"),
        ("the dark", "dark"),
        ("dar", "dark"),
        ("thriller", "dark"),
        ("whimsical", "amelie"),
        ("feel good", "amelie"),
        ("whims", "amelie"),
        ("whimsical romance", "amelie"),
    ] {
        let page = search(&user, &typed.replace(' ', "+")).await;
        assert_eq!(found(&page).first(), Some(&first), "{typed}: {:?}", found(&page));
    }
    let page = search(&user, "whimsical").await;
    assert_eq!(page["items"][0]["matched"], json!({ "moods": ["whimsical"] }));
    let title = user.get("/v1/titles/amelie").send().await.expect(200).value();
    assert_eq!(title["moods"], json!(["whimsical", "feel-good"]), "each once, as it is shown");
    for typed in ["", "!!!", "qqqqqqq", "zz+xx"] {
        assert_eq!(found(&search(&user, typed).await), Vec::<&str>::new(), "{typed}");
    }
}

#[tokio::test]
async fn a_genre_alone_is_looked_through() {
    let database = sqlite_database();
    let service = catalog(&database).await;
    let user = service.anonymous();
    let page = search(&user, "&genre=thriller").await;
    let mut browsed = found(&page);
    browsed.sort_unstable();
    let listed: Value = user.get("/v1/titles?genre=thriller&limit=100").send().await.expect(200).json();
    let mut expected: Vec<_> =
        listed["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect();
    expected.sort_unstable();
    assert!(!expected.is_empty());
    assert_eq!(browsed, expected);
    assert_eq!(page["people"].as_array().map_or(0, Vec::len), 0, "{page}");
}

#[tokio::test]
async fn among_titles_that_fit_alike_the_one_people_care_for_is_first() {
    let database = sqlite_database();
    let service = catalog(&database).await;
    let page = search(&service.anonymous(), "star+wars").await;
    assert_eq!(found(&page), ["star-wars", "star-wars-80"]);
}

#[tokio::test]
async fn an_answer_says_why_and_how_the_query_was_understood() {
    let database = sqlite_database();
    let service = catalog(&database).await;
    let user = service.anonymous();
    let page = search(&user, "audry+tautou").await;
    let tautou = json!({ "id": "audrey-tautou", "name": "Audrey Tautou" });
    assert_eq!(page["corrected"], "audrey tautou");
    assert_eq!(page["people"], json!([tautou]));
    assert_eq!(page["items"][0]["matched"], json!({ "people": [tautou] }));
    let page = search(&user, "amelie&lang=fr").await;
    assert_eq!(page["items"][0]["matched"]["name"], "Le Fabuleux Destin d'Amélie Poulain");
    assert!(page["corrected"].is_null(), "accents are no mistake");
    assert!(page["people"].is_null());
    let page = search(&user, "thriller").await;
    assert_eq!(page["items"][0]["matched"], json!({ "genres": [{ "id": "thriller", "name": "Thriller" }] }));
}

#[tokio::test]
async fn facets_narrow_and_the_cursor_leads_on() {
    let world = searchable().await;
    let user = world.service.anonymous();
    let all = search(&user, "the&limit=100").await;
    let total = all["facets"]["total"].as_u64().unwrap();
    assert_eq!(total as usize, found(&all).len());
    for genre in all["facets"]["genres"].as_array().unwrap() {
        let narrowed = search(&user, &format!("the&limit=100&genre={}", genre["id"].as_str().unwrap())).await;
        assert_eq!(narrowed["facets"]["total"], genre["count"], "{genre}");
        assert_eq!(narrowed["facets"]["genres"], all["facets"]["genres"], "counted as if it were not set");
    }
    let mut seen = Vec::new();
    let mut query = "the&limit=3".to_owned();
    loop {
        let page = search(&user, &query).await;
        seen.extend(found(&page).into_iter().map(str::to_owned));
        let Some(next) = page["next"].as_str() else { break };
        query = format!("the&limit=3&cursor={next}");
    }
    assert_eq!(seen, found(&all));
    let next = search(&user, "the&limit=3").await["next"].as_str().unwrap().to_owned();
    user.get(&format!("/v1/search?q=a&cursor={next}")).send().await.expect_problem(400, "cursor-invalid");
}

async fn searchable() -> World {
    let world = world(sqlite_database()).await;
    until_there(&world.service).await;
    world
}

#[tokio::test]
async fn lists_count_the_same_with_the_index_and_without() {
    for world in worlds().await {
        let user = world.service.anonymous();
        let folder = world.service.data_dir().join("cache").join("search");
        until_there(&world.service).await;
        for query in
            ["", "genre=silent", "kind=show", "year_from=1920&year_to=1929&genre=horror", "age_max=6&playable=false"]
        {
            let counted = async || -> Value {
                let list: Value = user.get(&format!("/v1/titles?{query}")).send().await.expect(200).json();
                list["facets"].clone()
            };
            // `ids` of everything is counted by the database.
            let list: Value = user.get("/v1/titles?limit=100").send().await.expect(200).json();
            let ids = crate::fixture::ids(&list).join(",");
            let by_database: Value = user.get(&format!("/v1/titles?{query}&ids={ids}")).send().await.expect(200).json();
            assert_eq!(counted().await, by_database["facets"], "{query} on {}", world.database.engine);
        }
        assert!(folder.exists());
    }
}

#[tokio::test]
async fn suggestions_name_titles_people_and_genres() {
    let database = sqlite_database();
    let service = catalog(&database).await;
    let user = service.anonymous();
    let suggested = async |typed: &str| -> Vec<(String, String)> {
        let answer: Value = user.get(&format!("/v1/search/suggestions?q={typed}")).send().await.expect(200).json();
        let text = |item: &Value, member: &str| item[member].as_str().unwrap().to_owned();
        answer["items"].as_array().unwrap().iter().map(|item| (text(item, "text"), text(item, "kind"))).collect()
    };
    let pair = |text: &str, kind: &str| (text.to_owned(), kind.to_owned());
    assert_eq!(suggested("spo").await, [pair("SpongeBob", "movie")]);
    assert_eq!(suggested("dar").await, [pair("Dark", "show")]);
    assert!(suggested("taut").await.contains(&pair("Audrey Tautou", "person")));
    assert!(suggested("thri").await.contains(&pair("Thriller", "genre")));
    assert_eq!(suggested("").await, []);
}

#[tokio::test]
async fn what_is_hidden_is_neither_found_nor_counted_nor_suggested() {
    for database in databases().await {
        let service = catalog(&database).await;
        let claims = |maturity, territory: &str| Claims {
            maturity,
            territory: Some(territory.to_owned()),
            ..Claims::account("a1", ["CATALOG"])
        };
        let child = service.claims(&claims(Some(12), "US"));
        for typed in ["starving", "secret", "gardener", "zoltan", "zoltan+secretary", "dark", "horror", "thriller"] {
            let page = search(&child, typed).await;
            let hidden = ["starving", "secret", "dark"];
            assert!(!found(&page).iter().any(|id| hidden.contains(id)), "{typed}: {:?}", found(&page));
            assert!(page["people"].is_null(), "{typed}");
            assert_eq!(page["facets"]["total"].as_u64().unwrap() as usize, found(&page).len());
            let answer = child.get(&format!("/v1/search/suggestions?q={typed}")).send().await.expect(200);
            for word in ["Starving", "Secret", "Dark", "Horror", "Thriller"] {
                assert!(!answer.text().contains(word), "{typed}: {}", answer.text());
            }
        }
        let operator = service.claims(&Claims { scopes: vec!["operator".to_owned()], ..claims(None, "DE") });
        assert_eq!(found(&search(&operator, "gardener").await), Vec::<&str>::new());
        assert_eq!(found(&search(&operator, "gardener&as_of=2030-01-01T00:00:00Z").await), ["secret"]);
        let none = search(&operator, "gardener&as_of=2030-01-01T00:00:00Z&territory=FR").await;
        assert_eq!(found(&none), Vec::<&str>::new());
        child.get("/v1/search?q=x&territory=DE").send().await.expect_problem(403, "scope-missing");
        let cache = child.get("/v1/search?q=dark").send().await;
        assert!(cache.header("cache-control").starts_with("private"), "{cache:?}");
    }
}

#[tokio::test]
async fn the_index_follows_what_changes() {
    for database in databases().await {
        let service = catalog(&database).await;
        let user = service.anonymous();
        let names = async |typed: &str| -> Vec<String> {
            found(&search(&user, typed).await).into_iter().map(str::to_owned).collect()
        };
        write(&database, "{\"id\": \"new\", \"name\": \"Zanzibar\", \"year\": 2020, \"certification\": 0}\n").await;
        wait_until("a new title", async || names("zanzibar").await == ["new"]).await;
        write(&database, "{\"id\": \"new\", \"name\": \"Timbuktu\", \"year\": 2020, \"certification\": 0}\n").await;
        wait_until("its other name", async || names("timbuktu").await == ["new"]).await;
        assert_eq!(names("zanzibar").await, Vec::<String>::new());
        write(&database, "{\"id\": \"new\", \"withdrawn\": true}\n").await;
        wait_until("its end", async || names("timbuktu").await.is_empty()).await;
    }
}

#[tokio::test]
async fn what_was_raised_above_the_ceiling_is_hidden_at_once() {
    let database = sqlite_database();
    let service = catalog(&database).await;
    let child = service.claims(&Claims { maturity: Some(6), ..Claims::account("a1", ["CATALOG"]) });
    assert_eq!(found(&search(&child, "spongebob").await), ["spongebob"]);
    write(&database, "{\"id\": \"spongebob\", \"name\": \"SpongeBob\", \"year\": 1999, \"certification\": 18}\n").await;
    // Whether the index knows it yet or not.
    assert_eq!(found(&search(&child, "spongebob").await), Vec::<&str>::new());
}

/// The indexes in the service's folder: names, which stay over a restart, and paths.
fn indexes(service: &TestService) -> Vec<(String, PathBuf)> {
    let instances = std::fs::read_dir(service.data_dir().join("cache/search")).unwrap();
    let indexes = instances.flat_map(|entry| std::fs::read_dir(entry.unwrap().path()).unwrap());
    indexes.map(|entry| entry.unwrap()).map(|entry| (entry.file_name().into_string().unwrap(), entry.path())).collect()
}

#[tokio::test]
async fn a_broken_index_is_built_anew_and_all_else_serves_meanwhile() {
    let database = sqlite_database();
    let service = catalog(&database).await;
    let index = indexes(&service).remove(0).1;
    let data = service.stop().await;
    for file in std::fs::read_dir(&index).unwrap().map(|entry| entry.unwrap().path()) {
        let is_segment = file.extension().is_some_and(|extension| extension != "json" && extension != "lock");
        if is_segment {
            std::fs::write(&file, b"nonsense").unwrap();
        }
    }
    let again =
        TestService::of(bijou_catalog::ROLE).data(data).database(&database.url).start(bijou_catalog::service).await;
    again.anonymous().get("/v1/titles").send().await.expect(200);
    let first = again.anonymous().get("/v1/search?q=dark").send().await;
    if first.status == 503 {
        first.expect_problem(503, "search-away");
        assert_eq!(first.header("retry-after"), "1");
    }
    until_there(&again).await;
    assert_eq!(found(&search(&again.anonymous(), "dark").await), ["dark"]);
    wait_until("the broken one to be removed", async || indexes(&again).len() == 1 && indexes(&again)[0].1 != index)
        .await;

    // Taken away while it serves: what is mapped goes on to serve, the next change builds it anew.
    std::fs::remove_dir_all(&indexes(&again)[0].1).unwrap();
    again.anonymous().get("/v1/titles").send().await.expect(200);
    write(&database, "{\"id\": \"new\", \"name\": \"Zanzibar\", \"year\": 2020, \"certification\": 0}\n").await;
    let found_new = async || {
        let answer = again.anonymous().get("/v1/search?q=zanzibar").send().await;
        (answer.status == 200).then(|| answer.value()).filter(|page| found(page) == ["new"])
    };
    wait_for("the change in an index built anew", found_new).await;
}

#[tokio::test]
async fn a_restart_goes_on_with_the_index_it_has() {
    let database = sqlite_database();
    let service = catalog(&database).await;
    let before = indexes(&service);
    let data = service.stop().await;
    write(&database, "{\"id\": \"new\", \"name\": \"Zanzibar\", \"year\": 2020, \"certification\": 0}\n").await;
    let again =
        TestService::of(bijou_catalog::ROLE).data(data).database(&database.url).start(bijou_catalog::service).await;
    until_there(&again).await;
    let page = async || found(&search(&again.anonymous(), "zanzibar").await).len();
    wait_until("what changed meanwhile", async || page().await == 1).await;
    assert_eq!(indexes(&again), before, "it was opened, not built");
}

#[tokio::test]
async fn operators_read_what_nobody_found() {
    let database = sqlite_database();
    let service = catalog(&database).await;
    let user = service.anonymous();
    for typed in ["Solaris", "solaris!", "tarkovsky"] {
        search(&user, typed).await;
    }
    search(&user, "dark&kind=movie").await;
    user.get("/v1/search/misses").send().await.expect_problem(403, "scope-missing");
    let operator =
        service.claims(&Claims { scopes: vec!["operator".to_owned()], ..Claims::account("op", ["CATALOG"]) });
    let misses: Value = operator.get("/v1/search/misses").send().await.expect(200).json();
    let texts: Vec<_> =
        misses["items"].as_array().unwrap().iter().map(|miss| (&miss["text"], &miss["count"])).collect();
    assert_eq!(texts, [(&json!("solaris"), &json!(2)), (&json!("tarkovsky"), &json!(1))], "a filter is no gap");
}

#[tokio::test]
async fn a_wrong_parameter_is_named() {
    let database = sqlite_database();
    let service = catalog(&database).await;
    let user = service.anonymous();
    let long = "x".repeat(201);
    for query in ["", "?q=x&limit=0", "?q=x&limit=101", "?q=x&colour=red", "?q=x&lang=de_DE", &format!("?q={long}")] {
        user.get(&format!("/v1/search{query}")).send().await.expect_problem(400, "query-invalid");
    }
}

#[tokio::test]
async fn on_a_fresh_platform_the_better_known_of_two_films_comes_first() {
    let world = world(sqlite_database()).await;
    until_there(&world.service).await;
    // Both fit alike, and of two alike the name that comes first in the alphabet would lead otherwise.
    let page = search(&world.service.anonymous(), "caminandes").await;
    let first_two: Vec<&str> = found(&page).into_iter().filter(|id| *id != "caminandes-3").collect();
    assert_eq!(first_two, ["caminandes-2", "caminandes-1"]);
}
