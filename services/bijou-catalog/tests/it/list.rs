//! The list of titles: orders, filters, facets and cursors.

use bijou_testkit::sqlite_database;
use serde_json::Value;

use crate::fixture::{World, ids, world, worlds};

async fn list(world: &World, query: &str) -> Value {
    world.service.anonymous().get(&format!("/v1/titles?{query}")).send().await.expect(200).json()
}

#[tokio::test]
async fn the_cursor_leads_through_every_order_without_losing_or_repeating_a_title() {
    for world in worlds().await {
        let total = list(&world, "").await["facets"]["total"].as_u64().unwrap() as usize;
        assert_eq!(total, 47, "{}", world.database.engine);
        for sort in ["added", "name", "newest", "oldest"] {
            let mut seen: Vec<String> = Vec::new();
            let mut query = format!("sort={sort}&limit=10");
            loop {
                let page = list(&world, &query).await;
                seen.extend(ids(&page));
                let Some(next) = page["next"].as_str() else { break };
                query = format!("sort={sort}&limit=10&cursor={next}");
                assert!(page["facets"].is_object() == (seen.len() == 10), "facets come with the first part only");
            }
            let mut unique = seen.clone();
            unique.sort();
            unique.dedup();
            assert_eq!((seen.len(), unique.len()), (total, total), "{sort} on {}", world.database.engine);
        }
    }
}

#[tokio::test]
async fn orders_are_what_they_are_called() {
    for world in worlds().await {
        let names: Value = list(&world, "sort=name&limit=3&genre=silent").await;
        assert_eq!(ids(&names), ["the-cabinet-of-dr-caligari", "the-general", "the-gold-rush"]);
        let oldest = list(&world, "sort=oldest&limit=2").await;
        assert_eq!(ids(&oldest), ["a-trip-to-the-moon", "the-great-train-robbery"]);
        let added = list(&world, "limit=2").await;
        assert_eq!(ids(&added), ["bo-lanterns", "bo-tidal"]);
    }
}

#[tokio::test]
async fn filters_narrow_and_facets_count_what_another_choice_would_give() {
    for world in worlds().await {
        let page = list(&world, "kind=movie&genre=horror&year_from=1960&year_to=1969&sort=oldest").await;
        assert_eq!(ids(&page), ["the-little-shop-of-horrors", "carnival-of-souls", "night-of-the-living-dead"]);
        let facets = &page["facets"];
        assert_eq!(facets["total"], 3);
        let count = |facet: &str, id: &str| {
            let found = facets[facet].as_array().unwrap().iter().find(|item| item["id"] == id).cloned();
            found.map(|item| item["count"].as_u64().unwrap())
        };
        assert_eq!(count("genres", "horror"), Some(3));
        assert_eq!(count("genres", "romance"), Some(1), "Charade, were romance chosen instead");
        assert_eq!(count("decades", "1920"), Some(2), "two older films of horror");
        assert_eq!(count("kinds", "show"), None, "no show is horror");

        let shows = list(&world, "kind=show").await;
        assert_eq!(ids(&shows), ["bo-short-circuits"]);
        let by_id = list(&world, "ids=sintel,spring,nobody").await;
        assert_eq!(by_id["items"].as_array().unwrap().len(), 2);
        let for_children = list(&world, "age_max=6&genre=horror").await;
        assert_eq!(ids(&for_children), Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_foreign_or_changed_cursor_is_refused_with_a_reason() {
    let world = world(sqlite_database()).await;
    let other = crate::fixture::world(sqlite_database()).await;
    let cursor = |page: Value| page["next"].as_str().unwrap().to_owned();
    let mine = cursor(list(&world, "limit=5").await);
    let theirs = cursor(list(&other, "limit=5").await);
    let user = world.service.anonymous();
    let refused = async |query: String, reason: &str| {
        let answer = user.get(&format!("/v1/titles?{query}")).send().await;
        let problem = answer.expect_problem(400, "cursor-invalid");
        let detail = problem.detail.unwrap();
        assert!(detail.contains(reason), "{detail}");
    };
    refused(format!("limit=5&cursor={theirs}"), "not made by this catalog").await;
    refused(format!("limit=5&cursor=A{mine}"), "not made by this catalog").await;
    refused("cursor=nonsense".to_owned(), "not made by this catalog").await;
    refused(format!("limit=5&genre=silent&cursor={mine}"), "another query").await;
    refused(format!("limit=5&sort=name&cursor={mine}"), "another query").await;
}

#[tokio::test]
async fn a_cursor_outlives_a_restart() {
    let world = world(sqlite_database()).await;
    let page = list(&world, "limit=5").await;
    let cursor = page["next"].as_str().unwrap();
    let data = world.service.stop().await;
    let again = bijou_testkit::TestService::of(bijou_catalog::ROLE)
        .data(data)
        .database(&world.database.url)
        .start(bijou_catalog::service)
        .await;
    let rest: Value =
        again.anonymous().get(&format!("/v1/titles?limit=5&cursor={cursor}")).send().await.expect(200).json();
    assert!(!ids(&rest).contains(&ids(&page)[4]));
}

#[tokio::test]
async fn a_wrong_parameter_is_named() {
    let world = world(sqlite_database()).await;
    let user = world.service.anonymous();
    let refused = async |query: &str, parameter: &str| {
        let answer = user.get(&format!("/v1/titles?{query}")).send().await;
        let problem = answer.expect_problem(400, "query-invalid");
        assert!(problem.detail.as_deref().unwrap_or_default().contains(parameter), "{query}: {problem:?}");
    };
    refused("limit=0", "limit").await;
    refused("limit=101", "limit").await;
    refused("limit=many", "limit").await;
    refused("sort=best", "sort").await;
    refused("kind=opera", "kind").await;
    refused("year_from=2000&year_to=1990", "year_from").await;
    refused("fields=id,nmae", "nmae").await;
    refused("lang=de_DE", "lang").await;
    refused("ids=", "ids").await;
    refused("colour=red", "colour").await;
}

#[tokio::test]
async fn only_the_members_asked_for_are_answered() {
    let world = world(sqlite_database()).await;
    let page = list(&world, "limit=1&fields=name,year").await;
    assert_eq!(page["items"][0], serde_json::json!({ "id": "bo-lanterns", "name": "Lanterns", "year": 2026 }));
    assert_eq!(page["fields"], serde_json::json!(["id", "name", "year"]));
}

#[tokio::test]
async fn genres_are_listed_by_name_in_the_readers_language() {
    for world in worlds().await {
        let user = world.service.anonymous();
        let genres: Value = user.get("/v1/genres?lang=de").send().await.expect(200).json();
        let silent = genres["items"].as_array().unwrap().iter().find(|genre| genre["id"] == "silent").unwrap();
        assert_eq!(silent["name"], "Stummfilm");
        assert_eq!(silent["count"], 11, "{}", world.database.engine);
    }
}
