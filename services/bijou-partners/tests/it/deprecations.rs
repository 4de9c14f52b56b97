//! What is going away says so.

use crate::world::world_with;

const ONE: &str = r#"
[[partners.deprecations]]
operation = "list_titles"
since = "2027-01-01T00:00:00Z"
sunset = "2027-07-01T00:00:00Z"
link = "https://films.example/moving-on"
"#;

#[tokio::test]
async fn an_operation_that_is_going_away_says_when_and_what_to_read() {
    let world = world_with(ONE).await;
    let (_, key) = world.make_app("acc-ada").await;
    let answer = world.call(&key, "/partner/v1/titles").send().await.expect(200);
    assert_eq!(answer.header("deprecation"), "@1798761600");
    assert_eq!(answer.header("sunset"), "Thu, 01 Jul 2027 00:00:00 GMT");
    assert_eq!(answer.header("link"), "<https://films.example/moving-on>; rel=\"deprecation\"");

    let refused = world.service.anonymous().get("/partner/v1/titles").send().await;
    assert_eq!(refused.header("deprecation"), "@1798761600", "also to whoever lost their key");
    refused.expect_problem(401, "api-key-missing");
    let other = world.call(&key, "/partner/v1/titles/sintel").send().await.expect(200);
    assert!(!other.headers.contains_key("deprecation"), "{other:?}");
}

#[tokio::test]
async fn a_version_that_is_going_away_says_so_everywhere() {
    let world = world_with(&ONE.replace("operation = \"list_titles\"", "")).await;
    let (app, key) = world.make_app("acc-ada").await;
    let calls = [
        world.call(&key, "/partner/v1/titles/sintel"),
        world.call(&key, "/partner/v1/feeds/mrss"),
        world.developer("acc-ada").get(&format!("/partner/v1/apps/{app}/usage")),
    ];
    for call in calls {
        assert_eq!(call.send().await.expect(200).header("sunset"), "Thu, 01 Jul 2027 00:00:00 GMT");
    }
}

#[tokio::test]
async fn the_document_says_it_too() {
    let world = world_with(ONE).await;
    let document = world.service.nobody().get("/openapi.json").send().await.expect(200).value();
    let operation = &document["paths"]["/partner/v1/titles"]["get"];
    assert_eq!(operation["deprecated"], true);
    assert_eq!(operation["x-deprecated-since"], "2027-01-01T00:00:00Z");
    assert_eq!(operation["x-sunset"], "2027-07-01T00:00:00Z");
    assert_eq!(operation["x-deprecation-link"], "https://films.example/moving-on");
    assert!(document["paths"]["/partner/v1/apps"]["post"].get("deprecated").is_none());
}
