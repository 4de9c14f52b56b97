//! What sessions know of a profile is told to its owner, and goes with it.

use bijou_testkit::wait_until;
use serde_json::json;

use crate::house::{ADA, BOB, KIM};
use crate::world::{oauth_error, text, world, worlds};

#[tokio::test]
async fn a_deleted_profile_leaves_the_sessions_and_comes_back_into_none() {
    for world in worlds().await {
        world.house.set_people(&[ADA, BOB, KIM]);
        world.sign_up().await;
        let phone = world.sign_in().await;
        let tablet = world.sign_in().await;
        world.become_profile(&text(&phone, "access_token"), "kim", None).await;
        let bobs = world.become_profile(&text(&tablet, "access_token"), "bob", None).await;
        let profiles = world.service.service("profiles");
        let kims = async || profiles.get("/v1/records/kim").send().await.expect(200).value();
        let kept = kims().await;
        assert_eq!(kept["sessions"][0]["id"], phone["session"]["id"], "{kept}");
        assert_eq!(kept["sessions"][0]["profile_name"], "KIM", "{kept}");

        world.house.delete("kim");
        wait_until("the acknowledgement", async || !world.house.acknowledged().is_empty()).await;
        assert_eq!(world.house.acknowledged(), [("gone-kim".to_owned(), 1)], "{}", world.database.engine);
        assert_eq!(kims().await, json!({ "sessions": [] }));
        let sessions = world.member(&phone).get("/v1/sessions").send().await.expect(200).value();
        let named: Vec<_> =
            sessions["items"].as_array().expect("a list").iter().filter_map(|one| one.get("profile")).collect();
        assert_eq!(named.len(), 1, "Bob's stays as it was: {sessions}");

        // Who was asked about before it was deleted is not written down after it.
        world.house.set_people(&[ADA, BOB, KIM]);
        let late = world.exchange(&text(&bobs, "access_token"), "urn:bijou:profile:kim", None).await;
        // Asked once more, profiles says that there is no such profile.
        assert_eq!(oauth_error(&late, 503), "temporarily_unavailable");
        assert_eq!(kims().await, json!({ "sessions": [] }));
    }
}

#[tokio::test]
async fn a_childs_session_is_no_freer_for_its_profile_being_gone() {
    for world in worlds().await {
        world.house.set_people(&[ADA, KIM]);
        world.sign_up().await;
        let signed_in = world.sign_in().await;
        world.become_profile(&text(&signed_in, "access_token"), "kim", None).await;
        world.house.delete("kim");
        wait_until("the acknowledgement", async || !world.house.acknowledged().is_empty()).await;
        world.house.set_away(true);
        let kept = world.refresh(&text(&signed_in, "refresh_token")).await.expect(200).value();
        assert_eq!((kept.get("profile"), &kept["maturity"]), (None, &json!(7)), "never more than before: {kept}");
        world.house.set_away(false);
        let asked = world.refresh(&text(&kept, "refresh_token")).await.expect(200).value();
        assert_eq!((asked.get("profile"), asked.get("maturity")), (None, None), "{asked}");
    }
}

#[tokio::test]
async fn records_are_for_profiles_alone() {
    let world = world().await;
    world.sign_up().await;
    let signed_in = world.sign_in().await;
    for stranger in [world.member(&signed_in), world.service.service("playback"), world.visitor()] {
        stranger.get("/v1/records/kim").send().await.expect_problem(403, "service-only");
    }
}
