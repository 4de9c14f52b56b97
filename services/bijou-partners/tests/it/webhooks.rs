//! Webhooks: signed, repeated, replayed, and never into our own network.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bijou_testkit::wait_until;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::receiver::{Mood, Received, Receiver};
use crate::world::{World, title, world_today, world_with, worlds, worlds_with};

// Longer than a busy machine lets a receiver wait: time stands still here, and no second try comes by itself.
const PRIVATE: &str = "[partners]\nwebhooks_private = true\nwebhook_timeout_ms = 20000";

/// A webhook to `receiver`: the paths of its app's webhooks and of its own, and its secret.
async fn hook(world: &World, receiver: &Receiver, types: &[&str]) -> (String, String) {
    let (app, _) = world.make_app("acc-ada").await;
    hook_of(world, &app, receiver, types).await
}

async fn hook_of(world: &World, app: &str, receiver: &Receiver, types: &[&str]) -> (String, String) {
    let path = format!("/partner/v1/apps/{app}/webhooks");
    let body = json!({ "url": receiver.url(), "types": types });
    let made = world.developer("acc-ada").post(&path).json(&body).send().await.expect(201).value();
    (format!("{path}/{}", made["id"].as_str().unwrap()), made["secret"].as_str().unwrap().to_owned())
}

/// As a receiver checks it: HMAC-SHA256 over id, timestamp and body (Standard Webhooks).
fn is_signed(received: &Received, secret: &str) -> bool {
    let field = |name: &str| received.headers[name].to_str().unwrap();
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&key).unwrap();
    mac.update(format!("{}.{}.{}", field("webhook-id"), field("webhook-timestamp"), received.body).as_bytes());
    field("webhook-signature") == format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

async fn deliveries(world: &World, hook: &str) -> Vec<Value> {
    let answer = world.developer("acc-ada").get(&format!("{hook}/deliveries")).send().await.expect(200).value();
    answer["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_change_is_told_signed_within_a_moment() {
    let world = world_with(PRIVATE).await;
    let receiver = Receiver::start(Mood::Fine);
    let (hook, secret) = hook(&world, &receiver, &["title.changed"]).await;
    world.catalog.put(title("spring", "Spring"));
    wait_until("the webhook", async || receiver.received().len() == 1).await;
    let received = &receiver.received()[0];
    assert!(is_signed(received, &secret), "{received:?}");
    let body: Value = serde_json::from_str(&received.body).unwrap();
    assert_eq!((&body["type"], &body["data"]["title_id"]), (&json!("title.changed"), &json!("spring")));
    wait_until("the note", async || deliveries(&world, &hook).await[0]["state"] == "delivered").await;
}

/// The reference library of the specification's authors, which looks at the time too.
#[tokio::test]
async fn an_outside_library_takes_what_is_sent_and_nothing_else() {
    let world = world_today(PRIVATE).await;
    let receiver = Receiver::start(Mood::Fine);
    let (hook, secret) = hook(&world, &receiver, &[]).await;
    world.developer("acc-ada").post(&format!("{hook}/test")).send().await.expect(202);
    wait_until("the webhook", async || receiver.received().len() == 1).await;
    let Received { headers, body } = receiver.received().remove(0);
    let judge = standardwebhooks::Webhook::new(&secret).expect("a secret as the library wants it");
    judge.verify(body.as_bytes(), &headers).expect("signed by the secret, now");
    assert!(judge.verify(format!("{body} ").as_bytes(), &headers).is_err(), "of another body");
    let other = standardwebhooks::Webhook::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("another secret");
    assert!(other.verify(body.as_bytes(), &headers).is_err());
}

#[tokio::test]
async fn what_fails_is_tried_again_with_the_same_id_and_can_be_replayed() {
    let world = world_with(PRIVATE).await;
    let receiver = Receiver::start(Mood::Broken);
    let (hook, secret) = hook(&world, &receiver, &[]).await;
    world.developer("acc-ada").post(&format!("{hook}/test")).send().await.expect(202);
    wait_until("the first try", async || deliveries(&world, &hook).await[0]["tries"] == 1).await;
    let delivery = deliveries(&world, &hook).await.remove(0);
    assert_eq!((&delivery["state"], &delivery["outcome"]), (&json!("waiting"), &json!("500")));
    receiver.answers(Mood::Fine);
    world.time.pass_s(7);
    wait_until("the second try", async || deliveries(&world, &hook).await[0]["state"] == "delivered").await;
    let replay = format!("{hook}/deliveries/{}/replay", delivery["id"].as_str().unwrap());
    world.developer("acc-ada").post(&replay).send().await.expect(202);
    wait_until("the replay", async || receiver.received().len() == 3).await;
    let received = receiver.received();
    assert!(received.iter().all(|one| one.headers["webhook-id"] == received[0].headers["webhook-id"]));
    assert!(received.iter().all(|one| is_signed(one, &secret)));
}

#[tokio::test]
async fn a_receiver_that_asks_for_time_gets_it_by_seconds_or_by_a_date() {
    // The world's clock stands at eight.
    for asked in ["Fri, 15 Jan 2027 08:10:00 GMT", "600"] {
        for world in worlds_with(PRIVATE).await {
            let receiver = Receiver::start(Mood::Busy(asked));
            let (hook, _) = hook(&world, &receiver, &["title.changed"]).await;
            let hooks = hook.rsplit_once('/').unwrap().0.to_owned();
            for id in ["one", "two"] {
                world.catalog.put(title(id, "Film"));
            }
            let asked_for = "429: the receiver asks to wait for 600 s";
            let tried =
                async || deliveries(&world, &hook).await.into_iter().filter(|one| one["outcome"] == asked_for).count();
            wait_until("the first try", async || tried().await == 1 && deliveries(&world, &hook).await.len() == 2)
                .await;
            let standing = world.developer("acc-ada").get(&hooks).send().await.expect(200).value()["items"][0].clone();
            assert_eq!(standing["resting_until"], "2027-01-15T08:10:00Z");
            assert!(standing.get("silent_since").is_none(), "it did answer: {standing}");
            assert_eq!(receiver.received().len(), 1, "the other one waits as well");

            receiver.answers(Mood::Fine);
            world.time.pass_s(601);
            wait_until("both", async || deliveries(&world, &hook).await.iter().all(|one| one["state"] == "delivered"))
                .await;
            let standing = world.developer("acc-ada").get(&hooks).send().await.expect(200).value()["items"][0].clone();
            assert!(standing.get("resting_until").is_none(), "{standing}");
        }
    }
}

#[tokio::test]
async fn a_receiver_that_wants_no_more_gets_no_more() {
    let world = world_with(PRIVATE).await;
    let receiver = Receiver::start(Mood::Gone);
    let (hook, _) = hook(&world, &receiver, &[]).await;
    world.developer("acc-ada").post(&format!("{hook}/test")).send().await.expect(202);
    wait_until("the answer", async || deliveries(&world, &hook).await[0]["state"] == "failed").await;
    let hooks = hook.rsplit_once('/').unwrap().0;
    let listed = world.developer("acc-ada").get(hooks).send().await.expect(200).value();
    assert!(listed["items"][0]["disabled_at"].is_string(), "{listed}");
}

#[tokio::test]
async fn nobody_waits_behind_receivers_that_hang() {
    let patient = "[partners]\nwebhooks_private = true\nwebhook_timeout_ms = 300000";
    for world in worlds_with(patient).await {
        let (hanging, fine) = (Receiver::start(Mood::Hangs), Receiver::start(Mood::Fine));
        let (app, _) = world.make_app("acc-ada").await;
        for _ in 0..5 {
            hook_of(&world, &app, &hanging, &["title.changed"]).await;
        }
        hook(&world, &fine, &["title.changed"]).await;
        for number in 0..10 {
            world.catalog.put(title(&format!("film-{number}"), "Film"));
        }
        // Fifty deliveries are due to those that hang, and none of them ends before the test does.
        wait_until("all ten", async || fine.received().len() == 10).await;
        wait_until("an app's share", async || hanging.received().len() >= 4).await;
        assert_eq!(hanging.received().len(), 4, "one to each webhook, and no more than an app's share");
    }
}

/// What is settled and what is taken next want the same writer of the store: neither may wait for the other, nor anybody
/// else for both.
#[tokio::test]
async fn many_deliveries_at_once_stop_nobody_from_writing() {
    for world in worlds_with(PRIVATE).await {
        let receiver = Receiver::start(Mood::Fine);
        for _ in 0..8 {
            let (app, _) = world.make_app("acc-ada").await;
            hook_of(&world, &app, &receiver, &["title.changed"]).await;
        }
        for number in 0..20 {
            world.catalog.put(title(&format!("film-{number}"), "A film"));
        }
        wait_until("all to be told", async || receiver.received().len() == 8 * 20).await;
        world.make_app("acc-bea").await;
    }
}

#[tokio::test]
async fn a_receiver_that_does_not_answer_rests_as_a_whole() {
    let settings = "[partners]\nwebhooks_private = true\nwebhook_timeout_ms = 300";
    let world = world_with(settings).await;
    let receiver = Receiver::start(Mood::Hangs);
    let (hook, _) = hook(&world, &receiver, &["title.changed"]).await;
    let hooks = hook.rsplit_once('/').unwrap().0.to_owned();
    let standing = async || world.developer("acc-ada").get(&hooks).send().await.expect(200).value()["items"][0].clone();
    assert!(standing().await["silent_since"].is_null());
    for id in ["one", "two", "three"] {
        world.catalog.put(title(id, "Film"));
    }
    wait_until("silence", async || standing().await["silent_since"].is_string()).await;
    wait_until("the rest", async || deliveries(&world, &hook).await.len() == 3).await;
    assert!(standing().await["resting_until"].as_str() > standing().await["silent_since"].as_str());
    let tries = async || deliveries(&world, &hook).await.iter().map(|one| one["tries"].as_i64().unwrap()).sum::<i64>();
    assert_eq!(tries().await, 1, "one stands for all");

    receiver.answers(Mood::Fine);
    world.time.pass_s(7);
    wait_until("all", async || deliveries(&world, &hook).await.iter().all(|one| one["state"] == "delivered")).await;
    assert!(standing().await["silent_since"].is_null() && standing().await["resting_until"].is_null());
}

#[tokio::test]
async fn a_change_that_cannot_be_told_is_not_taken_over_either() {
    for world in worlds_with(PRIVATE).await {
        let receiver = Receiver::start(Mood::Fine);
        hook(&world, &receiver, &["title.changed"]).await;
        world.execute("ALTER TABLE deliveries RENAME TO elsewhere").await;
        world.catalog.put(title("spring", "Spring"));
        // Asked again: so the place in the catalog's events was not moved.
        wait_until("another try", async || world.catalog.asked_for("spring") > 1).await;
        world.execute("ALTER TABLE elsewhere RENAME TO deliveries").await;
        wait_until("the webhook", async || receiver.received().len() == 1).await;
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let world = world_with(PRIVATE).await;
    let receiver = Receiver::start(Mood::Elsewhere);
    let (hook, _) = hook(&world, &receiver, &[]).await;
    world.developer("acc-ada").post(&format!("{hook}/test")).send().await.expect(202);
    wait_until("the answer", async || deliveries(&world, &hook).await[0]["tries"] == 1).await;
    assert_eq!(deliveries(&world, &hook).await[0]["outcome"], "307");
}

#[tokio::test]
async fn addresses_of_our_own_network_are_refused() {
    for world in worlds().await {
        let (app, _) = world.make_app("acc-ada").await;
        let path = format!("/partner/v1/apps/{app}/webhooks");
        for url in ["https://127.0.0.1/x", "https://[::1]/x", "http://example.com/", "https://registry:8761/eureka"] {
            let refused = world.developer("acc-ada").post(&path).json(&json!({ "url": url })).send().await;
            refused.expect_problem(422, "webhook-url-invalid");
        }
        let unknown = json!({ "url": "https://example.com/", "types": ["title.exploded"] });
        world.developer("acc-ada").post(&path).json(&unknown).send().await.expect_problem(422, "field-invalid");
        // A name is looked up when it is called; that one that leads inward is not, `deliveries::send` shows. One that leads
        // nowhere is tried again.
        let made = json!({ "url": "https://localtest.invalid/" });
        let made = world.developer("acc-ada").post(&path).json(&made).send().await.expect(201).value();
        let hook = format!("{path}/{}", made["id"].as_str().unwrap());
        world.developer("acc-ada").post(&format!("{hook}/test")).send().await.expect(202);
        wait_until("the try", async || deliveries(&world, &hook).await[0]["tries"] == 1).await;
        let tried = deliveries(&world, &hook).await[0].clone();
        assert_eq!(tried["state"], "waiting");
        assert!(tried["outcome"].as_str().is_some_and(|said| !said.contains("200")), "{tried}");
    }
}
