//! The committed document, and who is let in.

use bijou_recommendations::ROLE;
use bijou_testkit::{assert_refuses_strangers, contract};
use http::Method;

use crate::world::world;

#[test]
fn the_committed_contract_is_current() {
    contract::assert_current(ROLE, &bijou_recommendations::openapi());
}

#[tokio::test]
async fn strangers_are_refused() {
    let world = world().await;
    for path in ["/v1/home", "/v1/similar/drama-001", "/v1/explain/card", "/v1/diagnoses/titles/a"] {
        assert_refuses_strangers(&world.service, Method::GET, path).await;
    }
    assert_refuses_strangers(&world.service, Method::POST, "/v1/impressions").await;
}
