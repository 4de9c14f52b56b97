//! The committed document, and who is let in.

use bijou_partners::ROLE;
use bijou_testkit::{assert_refuses_strangers, contract};
use http::Method;

use crate::world::world;

#[test]
fn the_committed_contract_is_current() {
    contract::assert_current(ROLE, &bijou_partners::openapi());
}

#[tokio::test]
async fn strangers_are_refused() {
    let world = world().await;
    assert_refuses_strangers(&world.service, Method::GET, "/partner/v1/apps").await;
    assert_refuses_strangers(&world.service, Method::GET, "/partner/v1/titles").await;
}
