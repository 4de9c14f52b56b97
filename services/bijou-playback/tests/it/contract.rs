//! The committed contract, and the refusal of strangers on every operation.

use bijou_testkit::{TestService, assert_refuses_strangers, contract};
use http::Method;

#[test]
fn the_committed_contract_is_what_the_code_says() {
    contract::assert_current("playback", &bijou_playback::openapi());
}

#[tokio::test]
async fn every_operation_refuses_strangers() {
    let service = TestService::start("playback", "", bijou_playback::service).await;
    assert_refuses_strangers(&service, Method::POST, "/v1/playbacks").await;
    assert_refuses_strangers(&service, Method::POST, "/v1/playbacks/p/events").await;
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        assert_refuses_strangers(&service, method, "/v1/marks/film").await;
    }
    assert_refuses_strangers(&service, Method::GET, "/m/a/t/master.m3u8").await;
    assert_refuses_strangers(&service, Method::GET, "/s/a/t/v360.mp4").await;
    assert_refuses_strangers(&service, Method::GET, "/v1/diagnoses/titles/film").await;
    assert_refuses_strangers(&service, Method::GET, "/events").await;
}
