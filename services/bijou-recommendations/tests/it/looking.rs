//! Operators look at pages as of another day and from another country.

use bijou_passport::Claims;
use bijou_testkit::wait_until;

use crate::personal::profile;
use crate::world::{ids, title, titles, world};

#[tokio::test]
async fn operators_see_the_page_of_another_day_and_country() {
    let world = world().await;
    let offer = |from: &str| bijou_catalog_api::Offer {
        territory: "DE".to_owned(),
        from: Some(from.parse().expect("a time")),
        until: None,
    };
    let soon =
        bijou_catalog_api::TitleSummary { offers: vec![offer("2031-12-01T00:00:00Z")], ..title("soon", "drama") };
    world.catalog.publish(titles(8, "drama")).await;
    world.catalog.publish([soon]).await;
    world.home_once("the titles", |home| ids(home).len() == 8).await;
    wait_until("the offered one", async || {
        let metrics = world.service.nobody().get("/metrics").send().await.text();
        metrics.lines().any(|line| line == "bijou_page_titles 9")
    })
    .await;
    let operator = world.service.claims(&Claims {
        scopes: vec!["operator".to_owned()],
        territory: Some("US".to_owned()),
        ..Claims::account("op", ["RECOMMENDATIONS"])
    });
    let is_there = async |query: &str| {
        let page = operator.get(&format!("/v1/home?{query}")).send().await.expect(200);
        let similar = operator.get(&format!("/v1/similar/drama-001?{query}")).send().await.expect(200).text();
        let about = operator.get(&format!("/v1/similar/soon?{query}")).send().await.status == 200;
        let on_page = page.text().contains("\"soon\"");
        assert_eq!((similar.contains("\"soon\""), about), (on_page, on_page), "{query}");
        if !query.is_empty() {
            assert_eq!(page.header("cache-control"), "private, no-cache", "{query}");
        }
        on_page
    };
    assert!(!is_there("").await);
    assert!(!is_there("as_of=2031-11-30T23:59:59Z&territory=DE").await);
    assert!(is_there("as_of=2031-12-01T00:00:00Z&territory=DE").await);
    assert!(!is_there("as_of=2031-12-01T00:00:00Z").await, "they are in the US themselves");
    assert!(!is_there("territory=DE").await);
    assert!(!is_there("").await, "nobody else's page is of another day");
    for path in ["/v1/home", "/v1/similar/drama-001"] {
        for wrong in ["as_of=tomorrow", "territory=Germany"] {
            operator.get(&format!("{path}?{wrong}")).send().await.expect_problem(400, "query-invalid");
        }
        let as_of = format!("{path}?as_of=2031-12-01T00:00:00Z");
        profile(&world, "p-1", None).get(&as_of).send().await.expect_problem(403, "scope-missing");
    }
}
