//! The committed document, and who is let in.

use bijou_profiles::ROLE;
use bijou_testkit::{assert_refuses_strangers, contract};
use http::Method;

use crate::world::world;

#[test]
fn the_committed_contract_is_current() {
    contract::assert_current(ROLE, &bijou_profiles::openapi());
}

#[tokio::test]
async fn strangers_are_refused() {
    let world = world().await;
    for (method, path) in [
        (Method::GET, "/v1/profiles"),
        (Method::PUT, "/v1/me/positions/film"),
        (Method::GET, "/v1/me/shelf"),
        (Method::POST, "/v1/admissions"),
        (Method::GET, "/v1/diagnoses/profiles/p"),
        (Method::GET, "/events"),
    ] {
        assert_refuses_strangers(&world.service, method, path).await;
    }
}

#[tokio::test]
async fn visitors_have_no_profiles() {
    let world = world().await;
    let visitor = world.service.anonymous();
    for path in ["/v1/profiles", "/v1/me/continue", "/v1/exports/x", "/v1/erasures/x"] {
        visitor.get(path).send().await.expect_problem(401, "sign-in-required");
    }
}
