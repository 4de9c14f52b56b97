//! The committed document, and who is let in.

use bijou_identity::ROLE;
use bijou_testkit::{assert_refuses_strangers, contract};
use http::Method;

use crate::world::world;

#[test]
fn the_committed_contract_is_current() {
    contract::assert_current(ROLE, &bijou_identity::openapi());
}

#[tokio::test]
async fn strangers_are_refused() {
    let world = world().await;
    assert_refuses_strangers(&world.service, Method::GET, "/v1/sessions").await;
    assert_refuses_strangers(&world.service, Method::POST, "/v1/accounts").await;
}

#[tokio::test]
async fn strangers_at_the_token_endpoint_are_refused_in_its_own_form() {
    let world = world().await;
    let answer = world.service.nobody().post("/oauth/token").form(&[("grant_type", "refresh_token")]).send().await;
    assert_eq!(crate::world::oauth_error(&answer, 401), "invalid_client");
}

#[tokio::test]
async fn key_set_and_metadata_are_open_and_may_be_cached() {
    let world = world().await;
    for path in ["/.well-known/jwks.json", "/.well-known/oauth-authorization-server"] {
        let answer = world.service.nobody().get(path).send().await.expect(200);
        assert_eq!(answer.header("cache-control"), "public, max-age=60");
    }
}
