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
    assert_refuses_strangers(&world().await.service, Method::GET, "/v1/home").await;
}
