//! How much an app may ask.

use bijou_testkit::wait_until;

use crate::world::world_with;

#[tokio::test]
async fn every_answer_says_what_is_left() {
    let world = world_with("").await;
    let (_, key) = world.make_app("acc-ada").await;
    let answer = world.call(&key, "/partner/v1/titles").send().await.expect(200);
    assert_eq!(answer.header("ratelimit-policy"), "\"minute\";q=60;w=60, \"day\";q=5000;w=86400");
    assert_eq!(answer.header("ratelimit"), "\"minute\";r=59;t=1, \"day\";r=4999");
}

#[tokio::test]
async fn a_used_up_minute_is_refused_and_others_go_on() {
    let world = world_with("[partners]\nsandbox_per_minute = 3").await;
    let (_, key) = world.make_app("acc-ada").await;
    let (_, other) = world.make_app("acc-bob").await;
    for _ in 0..3 {
        world.call(&key, "/partner/v1/titles").send().await.expect(200);
    }
    let refused = world.call(&key, "/partner/v1/titles").send().await;
    assert_eq!(refused.expect_problem(429, "quota-exhausted").extra["quota"], "minute");
    assert_eq!(refused.header("ratelimit"), format!("\"minute\";r=0;t={}", refused.header("retry-after")));
    assert!((1..=21).contains(&refused.header("retry-after").parse::<u32>().unwrap()), "{refused:?}");
    world.call(&other, "/partner/v1/titles").send().await.expect(200);
}

#[tokio::test]
async fn a_used_up_day_ends_at_midnight_and_is_shown() {
    let world = world_with("[partners]\nsandbox_per_day = 5").await;
    let (app, key) = world.make_app("acc-ada").await;
    for _ in 0..5 {
        world.call(&key, "/partner/v1/titles").send().await.expect(200);
    }
    let refused = world.call(&key, "/partner/v1/titles").send().await;
    assert_eq!(refused.expect_problem(429, "quota-exhausted").extra["quota"], "day");
    assert_eq!(refused.header("retry-after"), (16 * 3600).to_string());
    assert_eq!(refused.header("ratelimit"), "\"day\";r=0;t=57600");
    let usage = format!("/partner/v1/apps/{app}/usage");
    wait_until("the figures", async || {
        let usage = world.developer("acc-ada").get(&usage).send().await.expect(200).value();
        usage["items"][0]["calls"] == 5 && usage["items"][0]["refused"] == 1
    })
    .await;
    world.call(&key, "/partner/v1/titles").send().await.expect_problem(429, "quota-exhausted");
    world.time.pass_s(16 * 3600);
    world.call(&key, "/partner/v1/titles").send().await.expect(200);
}
