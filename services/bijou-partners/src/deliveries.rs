//! Telling webhooks: what changed is queued in the store and sent from there, by whichever instance gets to it.
//!
//! A delivery is taken with a lease, sent once, and settled: delivered, due again later, or given up after days, which
//! also stops its webhook until somebody replays or makes it anew. To each webhook one thing is sent at a time and to the
//! webhooks of an app a few; a receiver that does not answer rests as a whole. Any 2xx is a delivery; the body of the answer
//! is not read. One that asks for time (`Retry-After`) gets it, for everything that waits for its webhook. 410 means that the
//! receiver wants no more (Standard Webhooks).

mod send;

use std::sync::Arc;
use std::time::{Duration, Instant};

use bijou_chassis::BoxError;
use bijou_store::StoreError;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};
use uuid::Uuid;

use crate::Partners;
use crate::clock::Clock;
use crate::domain::webhook::{Secret, asked_wait_ms, next_try_ms, rest_ms};
use crate::store::{Delivery, Due, Outcome, Shares, Webhook};

pub(crate) use send::Sender;

/// What webhooks can be told of.
pub(crate) const TYPES: [&str; 3] = ["title.changed", "titles.changed", "ping"];

/// Sent side by side: one to each webhook, few to each app, so that nobody waits behind a receiver that hangs.
const SHARES: Shares = Shares { in_all: 64, per_app: 4 };
/// Changes of one step that are told one by one; of more they are told once, to read the changes.
const TOLD_MAX: usize = 50;
/// How often the store is asked for what is due.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Deliveries that are over are kept so long.
const KEPT_MS: i64 = 14 * 86_400_000;
/// How often what is over is forgotten.
const FORGET_EVERY: Duration = Duration::from_hours(1);

/// What everybody who wants to hear of it is told of what changed: ids, and whether they are gone.
pub(crate) fn tell(clock: &Clock, changed: &[(String, bool)], webhooks: &[Webhook], head: &str) -> Vec<Delivery> {
    let for_all = |type_: &'static str, data: &Value| {
        let message_id = message_id();
        let wants = |webhook: &&Webhook| webhook.types.is_empty() || webhook.types.split(' ').any(|one| one == type_);
        let made = webhooks.iter().filter(wants).map(|webhook| delivery(clock, webhook, &message_id, type_, data));
        made.collect::<Vec<_>>()
    };
    if changed.len() > TOLD_MAX {
        let data = json!({ "count": changed.len(), "changes_url": "/partner/v1/changes", "cursor": head });
        return for_all("titles.changed", &data);
    }
    let one = |(id, gone): &(String, bool)| {
        let url = format!("/partner/v1/titles/{id}");
        for_all("title.changed", &json!({ "title_id": id, "gone": gone, "url": url, "cursor": head }))
    };
    changed.iter().flat_map(one).collect()
}

/// Queues a word to one webhook, to see whether it works.
pub(crate) async fn ping(partners: &Partners, webhook: &Webhook) -> Result<Delivery, StoreError> {
    let data = json!({ "webhook_id": webhook.id });
    let delivery = delivery(&partners.clock, webhook, &message_id(), "ping", &data);
    partners.store.queue(std::slice::from_ref(&delivery)).await?;
    partners.store.wake_webhook(&webhook.id).await?;
    Ok(delivery)
}

fn message_id() -> String {
    format!("msg_{}", Uuid::now_v7().simple())
}

fn delivery(clock: &Clock, webhook: &Webhook, message_id: &str, type_: &str, data: &Value) -> Delivery {
    let body = json!({ "type": type_, "timestamp": clock.now().to_string(), "data": data });
    let now_ms = clock.now_ms();
    Delivery {
        id: format!("del_{}", Uuid::now_v7().simple()),
        webhook_id: webhook.id.clone(),
        message_id: message_id.to_owned(),
        type_: type_.to_owned(),
        body: body.to_string(),
        created_ms: now_ms,
        state: "waiting".to_owned(),
        tries: 0,
        next_ms: now_ms,
        outcome: None,
    }
}

/// Sends what is due until `shutdown`.
pub(crate) async fn run(partners: Arc<Partners>, sender: Sender, shutdown: CancellationToken) -> Result<(), BoxError> {
    // Tasks of their own: in this one, a delivery that is being settled would stand still while the store is asked for the
    // next, with the one place of a writer in its hand, for which that very question waits.
    let mut sending = JoinSet::new();
    let mut forgotten: Option<Instant> = None;
    loop {
        match take(&partners, sending.len()).await {
            Ok(taken) => {
                for due in taken {
                    sending.spawn(deliver(Arc::clone(&partners), sender.clone(), due));
                }
            }
            Err(error) => {
                warn!(error = &error as &dyn std::error::Error, "failed to look for webhooks that are due");
            }
        }
        partners.counts.queue_depth.set(sending.len() as i64);
        if forgotten.is_none_or(|at| at.elapsed() >= FORGET_EVERY) {
            forgotten = Some(Instant::now());
            let before_ms = partners.clock.now_ms() - KEPT_MS;
            if let Err(error) = partners.store.forget_deliveries(before_ms).await {
                warn!(error = &error as &dyn std::error::Error, "failed to forget old deliveries");
            }
        }
        // Whenever one is done the next of its webhook may go: a slow receiver slows nobody but itself.
        tokio::select! {
            () = shutdown.cancelled() => break,
            Some(_) = sending.join_next() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
    while sending.join_next().await.is_some() {}
    Ok(())
}

async fn take(partners: &Partners, sending: usize) -> Result<Vec<Due>, StoreError> {
    let free = SHARES.in_all - i64::try_from(sending).unwrap_or(i64::MAX);
    if free <= 0 {
        return Ok(Vec::new());
    }
    let now_ms = partners.clock.now_ms();
    // Twice what sending may take, for the note that it was sent.
    let lease_ms = 2 * i64::try_from(partners.config.webhook_timeout_ms).unwrap_or(10_000);
    partners.store.take_due(now_ms, now_ms + lease_ms, Shares { in_all: free, ..SHARES }).await
}

async fn deliver(partners: Arc<Partners>, sender: Sender, due: Due) {
    let Due { delivery, url, secret, silent_tries, silent_since_ms } = due;
    let now_ms = partners.clock.now_ms();
    let timestamp_s = now_ms / 1000;
    let sent = match Secret::parse(&secret) {
        Some(secret) => {
            let signature = secret.sign(&delivery.message_id, timestamp_s, &delivery.body);
            sender.send(&url, &delivery.message_id, timestamp_s, &signature, delivery.body.clone()).await
        }
        None => Err("the secret is unreadable".to_owned()),
    };
    let tries = delivery.tries + 1;
    let answered = sent.is_ok();
    let mut asked_ms = None;
    let (delivered, wait_ms, text) = match sent {
        Ok(answer) if (200..300).contains(&answer.status) => (true, None, answer.status.to_string()),
        Ok(answer) if answer.status == 410 => (false, None, "410: the receiver wants no more".to_owned()),
        Ok(answer) => {
            asked_ms = answer.retry_after.and_then(|said| asked_wait_ms(&said, now_ms));
            let wait_ms = next_try_ms(tries, &mut rand::rng()).map(|own_ms| own_ms.max(asked_ms.unwrap_or(0)));
            let text = match asked_ms {
                Some(asked_ms) => format!("{}: the receiver asks to wait for {} s", answer.status, asked_ms / 1_000),
                None => answer.status.to_string(),
            };
            (false, wait_ms, text)
        }
        Err(reason) => (false, next_try_ms(tries, &mut rand::rng()), reason),
    };
    let silent_ms = now_ms - silent_since_ms.unwrap_or(now_ms);
    let rest_ms = rest_ms(silent_tries + 1, silent_ms, &mut rand::rng());
    // A receiver that has been silent for days is given up, though this delivery has tries left.
    let wait_ms = wait_ms.filter(|_| answered || rest_ms.is_some());
    let word = match (delivered, wait_ms) {
        (true, _) => "delivered",
        (false, Some(_)) => "failed",
        (false, None) => "given-up",
    };
    partners.counts.delivery(word);
    debug!(delivery.id = %delivery.id, outcome = text, tries, "webhook delivery {word}");
    let outcome = Outcome { delivered, answered, next_ms: wait_ms.map(|wait_ms| now_ms + wait_ms), text };
    let rest_until_ms = match (answered, asked_ms) {
        (true, None) => 0,
        (true, Some(asked_ms)) => now_ms + asked_ms,
        (false, _) => now_ms + rest_ms.unwrap_or(0),
    };
    if let Err(error) = partners.store.settle(&delivery, &outcome, rest_until_ms, now_ms).await {
        warn!(error = &error as &dyn std::error::Error, delivery.id = %delivery.id, "failed to note a delivery; it is sent again");
    }
}
