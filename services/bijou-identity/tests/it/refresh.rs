//! Refresh tokens: rotation, a moment of grace, and the end of a family whose token was used twice.

use std::collections::HashMap;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::world::{World, oauth_error, text, world, worlds};

async fn next(world: &World, token: &str) -> String {
    text(&world.refresh(token).await.expect(200).value(), "refresh_token")
}

#[tokio::test]
async fn each_token_gives_the_next_one() {
    for world in worlds().await {
        let mut token = world.signed_in().await;
        for _ in 0..5 {
            world.time.pass_s(500);
            let following = next(&world, &token).await;
            assert_ne!(following, token);
            token = following;
        }
    }
}

#[tokio::test]
async fn a_token_used_twice_ends_the_whole_family() {
    for world in worlds().await {
        let stolen = world.signed_in().await;
        let rightful = next(&world, &stolen).await;
        world.time.pass_s(11);
        assert_eq!(oauth_error(&world.refresh(&stolen).await, 400), "invalid_grant");
        assert_eq!(oauth_error(&world.refresh(&rightful).await, 400), "invalid_grant", "{}", world.database.engine);
        // Signing in again is another family.
        let fresh = text(&world.sign_in().await, "refresh_token");
        next(&world, &fresh).await;
    }
}

#[tokio::test]
async fn a_lost_answer_can_be_asked_for_again_for_a_few_seconds() {
    for world in worlds().await {
        let token = world.signed_in().await;
        let lost = next(&world, &token).await;
        world.time.pass_s(10);
        let received = next(&world, &token).await;
        world.time.pass_s(60);
        let after = next(&world, &received).await;
        world.time.pass_s(60);
        // Whoever has the lost one was not the rightful client.
        assert_eq!(oauth_error(&world.refresh(&lost).await, 400), "invalid_grant");
        assert_eq!(oauth_error(&world.refresh(&after).await, 400), "invalid_grant");
    }
}

#[tokio::test]
async fn two_tabs_that_refresh_at_once_both_go_on() {
    for world in worlds().await {
        let token = world.signed_in().await;
        let (one, two) = tokio::join!(world.refresh(&token), world.refresh(&token));
        // The cookie jar keeps one of the two, no matter which.
        one.expect(200);
        let kept = text(&two.expect(200).value(), "refresh_token");
        world.time.pass_s(600);
        next(&world, &kept).await;
    }
}

#[tokio::test]
async fn grace_is_no_way_to_breed_tokens() {
    for world in worlds().await {
        let token = world.signed_in().await;
        for _ in 0..5 {
            next(&world, &token).await;
        }
        assert_eq!(oauth_error(&world.refresh(&token).await, 400), "invalid_grant");
    }
}

#[tokio::test]
async fn revoking_a_token_ends_its_session_and_never_complains() {
    for world in worlds().await {
        let token = world.signed_in().await;
        let following = next(&world, &token).await;
        for given in ["bjr_never_was", token.as_str(), token.as_str()] {
            world
                .visitor()
                .post("/oauth/revoke")
                .form(&[("token", given), ("token_type_hint", "refresh_token")])
                .send()
                .await
                .expect(200);
        }
        assert_eq!(oauth_error(&world.refresh(&following).await, 400), "invalid_grant");
        let nothing = world.visitor().post("/oauth/revoke").form(&[]).send().await;
        assert_eq!(oauth_error(&nothing, 400), "invalid_request");
    }
}

#[tokio::test]
async fn the_token_endpoint_speaks_oauth() {
    let world = world().await;
    let token = world.signed_in().await;
    let post = |form: &'static [(&'static str, &'static str)]| world.visitor().post("/oauth/token").form(form).send();
    assert_eq!(oauth_error(&post(&[]).await, 400), "invalid_request");
    assert_eq!(oauth_error(&post(&[("grant_type", "password")]).await, 400), "unsupported_grant_type");
    assert_eq!(oauth_error(&post(&[("grant_type", "refresh_token")]).await, 400), "invalid_request");
    assert_eq!(
        oauth_error(&post(&[("grant_type", "refresh_token"), ("refresh_token", "x")]).await, 400),
        "invalid_grant"
    );
    let twice = [("grant_type", "refresh_token"), ("grant_type", "refresh_token")];
    assert_eq!(oauth_error(&world.visitor().post("/oauth/token").form(&twice).send().await, 400), "invalid_request");
    let json =
        world.visitor().post("/oauth/token").json(&serde_json::json!({ "grant_type": "refresh_token" })).send().await;
    assert_eq!(oauth_error(&json, 415), "invalid_request");
    let unknown_parameters =
        [("grant_type", "refresh_token"), ("refresh_token", token.as_str()), ("resource", "x"), ("scope", "")];
    let answer = world.visitor().post("/oauth/token").form(&unknown_parameters).send().await.expect(200);
    assert_eq!(answer.value()["scope"], "viewer");
    assert_eq!(answer.header("cache-control"), "no-store");
    let more = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &text(&answer.value(), "refresh_token")),
        ("scope", "operator"),
    ];
    assert_eq!(oauth_error(&world.visitor().post("/oauth/token").form(&more).send().await, 400), "invalid_scope");
}

/// Random histories of one family against a model of the rule: whatever is presented when, the answer is the model's.
#[tokio::test]
async fn random_histories_follow_the_rule() {
    let world = world().await;
    world.sign_up().await;
    for seed in 0..12 {
        let mut rng = StdRng::seed_from_u64(seed);
        let mut family = Family::default();
        let mut tokens = vec![text(&world.sign_in().await, "refresh_token")];
        family.parents.push(None);
        for step in 0..25 {
            world.time.pass_s(*[0, 3, 8, 11, 300].get(rng.random_range(0..5)).expect("in range"));
            family.now = world.time.clock().now_s();
            // Recent tokens more often than old ones.
            let at = tokens.len() - 1 - (rng.random_range(0..tokens.len()).min(rng.random_range(0..tokens.len())));
            let is_granted = family.present(at);
            let answer = world.refresh(&tokens[at]).await;
            assert_eq!(answer.status == 200, is_granted, "seed {seed}, step {step}: {answer:?}");
            if is_granted {
                tokens.push(text(&answer.value(), "refresh_token"));
            }
        }
    }
}

#[derive(Default)]
struct Family {
    now: i64,
    parents: Vec<Option<usize>>,
    used: HashMap<usize, i64>,
    is_over: bool,
}

impl Family {
    fn present(&mut self, token: usize) -> bool {
        if self.is_over {
            return false;
        }
        let successors = self.parents.iter().filter(|parent| **parent == Some(token)).count();
        match self.used.get(&token) {
            None => {
                let siblings = self
                    .parents
                    .iter()
                    .enumerate()
                    .filter(|(_, parent)| parent.is_some() && **parent == self.parents[token]);
                for (sibling, _) in siblings {
                    self.used.entry(sibling).or_insert(self.now);
                }
                self.used.insert(token, self.now);
            }
            Some(used) if self.now - used <= 10 && successors < 5 => {}
            Some(_) => {
                self.is_over = true;
                return false;
            }
        }
        self.parents.push(Some(token));
        true
    }
}
