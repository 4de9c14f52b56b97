//! What is answered while profiles cannot be asked: never more than before, and soon the truth again.

use serde_json::json;

use crate::house::{ADA, BOB, KIM};
use crate::world::{oauth_error, text, world, worlds};

#[tokio::test]
async fn a_refresh_goes_on_with_what_the_session_knew() {
    for world in worlds().await {
        world.house.set_people(&[ADA, BOB, KIM]);
        world.sign_up().await;
        let signed_in = world.sign_in().await;
        let whole = world.sign_in().await;
        world.become_profile(&text(&signed_in, "access_token"), "kim", None).await;
        world.house.set_away(true);
        let next = world.refresh(&text(&signed_in, "refresh_token")).await.expect(200).value();
        assert_eq!(next["profile"], json!({ "id": "kim", "name": "KIM", "kids": true }));
        assert_eq!((&next["missing"], &next["expires_in"]), (&json!(["profiles"]), &json!(60)));
        let claims = world.claims(&next).await;
        assert_eq!(
            (&claims["profile"], &claims["kids"], &claims["maturity"]),
            (&json!("kim"), &json!(true), &json!(7))
        );
        let next_whole = world.refresh(&text(&whole, "refresh_token")).await.expect(200).value();
        assert_eq!(world.claims(&next_whole).await["maturity"], 7);

        world.house.set_away(false);
        let next = world.refresh(&text(&next, "refresh_token")).await.expect(200).value();
        assert!(next.get("missing").is_none(), "{next}");
        assert_eq!(next["expires_in"], 600);
    }
}

#[tokio::test]
async fn nobody_becomes_somebody_else() {
    let world = world().await;
    world.house.set_people(&[BOB]);
    world.sign_up().await;
    let signed_in = world.sign_in().await;
    let token = text(&signed_in, "access_token");
    world.house.set_away(true);
    for resource in ["urn:bijou:profile:bob", "urn:bijou:account"] {
        let answer = world.exchange(&token, resource, None).await;
        assert_eq!(oauth_error(&answer, 503), "temporarily_unavailable");
        assert_eq!(answer.header("retry-after"), "1");
    }
    // The token at hand goes on.
    world.member(&signed_in).get("/v1/accounts/me").send().await.expect(200);
}

#[tokio::test]
async fn the_first_sign_in_of_an_account_sees_everything_and_a_later_one_what_everybody_may_see() {
    for world in worlds().await {
        world.house.set_away(true);
        world.sign_up().await;
        let first = world.sign_in().await;
        assert_eq!((&first["missing"], &first["expires_in"]), (&json!(["profiles"]), &json!(60)));
        assert!(first.get("maturity").is_none(), "without a token nobody made a child's profile: {first}");
        world.time.pass_s(1);
        let later = world.sign_in().await;
        assert_eq!(world.claims(&later).await["maturity"], 0);
        // It stays so at a refresh, and ends when profiles is back.
        let next = world.refresh(&text(&later, "refresh_token")).await.expect(200).value();
        assert_eq!(next["maturity"], 0);
        world.house.set_away(false);
        let next = world.refresh(&text(&next, "refresh_token")).await.expect(200).value();
        assert!(next.get("maturity").is_none(), "{next}");
    }
}

#[tokio::test]
async fn no_instance_at_all_is_away_too() {
    let world = world().await;
    world.sign_up().await;
    let signed_in = world.sign_in().await;
    world.service.remove_peers("PROFILES");
    let next = world.refresh(&text(&signed_in, "refresh_token")).await.expect(200).value();
    assert_eq!(next["missing"], json!(["profiles"]));
}

#[tokio::test]
async fn whoever_stays_is_asked_for_without_a_pin() {
    let world = world().await;
    world.house.set_people(&[ADA]);
    world.sign_up().await;
    let signed_in = world.sign_in().await;
    world.become_profile(&text(&signed_in, "access_token"), "ada", Some("2468")).await;
    world.refresh(&text(&signed_in, "refresh_token")).await.expect(200);
    let asked = world.house.asked();
    let [sign_in, exchange, refresh] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!((sign_in.profile_id.as_deref(), sign_in.from_profile_id.as_deref()), (None, None));
    assert_eq!((exchange.profile_id.as_deref(), exchange.from_profile_id.as_deref()), (Some("ada"), None));
    assert_eq!((refresh.profile_id.as_deref(), refresh.from_profile_id.as_deref()), (Some("ada"), Some("ada")));
    assert_eq!((exchange.pin.as_deref(), refresh.pin.as_deref()), (Some("2468"), None));
}
