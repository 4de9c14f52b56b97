//! The committed contract, and who may come in at all.

use bijou_testkit::{TestService, assert_refuses_strangers, contract};
use http::Method;

#[test]
fn the_committed_contract_is_what_the_code_says() {
    contract::assert_current(bijou_catalog::ROLE, &bijou_catalog::openapi());
}

#[tokio::test]
async fn nobody_comes_in_without_a_passport_for_the_catalog() {
    let service = TestService::start(bijou_catalog::ROLE, "", bijou_catalog::service).await;
    assert_refuses_strangers(&service, Method::GET, "/v1/titles").await;
    assert_refuses_strangers(&service, Method::GET, "/img/a/poster/w480/0000000000000000.jpg").await;
    assert_refuses_strangers(&service, Method::PUT, "/v1/titles/a/artwork/poster").await;
    assert_refuses_strangers(&service, Method::GET, "/v1/diagnoses/titles/a").await;
}
