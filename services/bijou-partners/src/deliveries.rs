//! Telling webhooks: what changed is queued in the store and sent from there, by whichever instance gets to it.
//!
//! A delivery is taken with a lease, sent once, and settled: delivered, due again later, or given up after days, which
//! also stops its webhook until somebody replays or makes it anew. Any 2xx is a delivery; the body of the answer is not
//! read. 410 means that the receiver wants no more (Standard Webhooks).

mod send;

use std::sync::Arc;
use std::time::Duration;

use bijou_chassis::BoxError;
use bijou_store::StoreError;
use futures_util::stream::{self, StreamExt};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};
use uuid::Uuid;

use crate::Partners;
use crate::domain::webhook::{Secret, next_try_ms};
use crate::following::TOLD_MAX;
use crate::store::{Delivery, Due, Webhook};

pub(crate) use send::Sender;

/// What webhooks can be told of.
pub(crate) const TYPES: [&str; 3] = ["title.changed", "titles.changed", "ping"];

/// Taken at a time, and sent side by side.
const TAKEN_MAX: i64 = 32;
const SIDE_BY_SIDE: usize = 8;
/// How often the store is asked for what is due.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Deliveries that are over are kept so long.
const KEPT_MS: i64 = 14 * 86_400_000;
/// Looks between two times of forgetting.
const LOOKS_BETWEEN_FORGETTING: u32 = 7_200;

/// Queues what changed for everybody who wants to hear of it.
pub(crate) async fn tell(partners: &Partners, ids: &[String]) -> Result<(), StoreError> {
    let head = partners.store.change_head().await?.to_string();
    if ids.len() > TOLD_MAX {
        let data = json!({ "count": ids.len(), "changes_url": "/partner/v1/changes", "cursor": head });
        return queue_for_all(partners, "titles.changed", &data).await;
    }
    for id in ids {
        let gone = partners.store.title(id).await?.is_none();
        let data = json!({ "title_id": id, "gone": gone, "url": format!("/partner/v1/titles/{id}"), "cursor": head });
        queue_for_all(partners, "title.changed", &data).await?;
    }
    Ok(())
}

async fn queue_for_all(partners: &Partners, type_: &'static str, data: &Value) -> Result<(), StoreError> {
    let message_id = message_id();
    let webhooks = partners.store.webhooks_for(type_).await?;
    let deliveries: Vec<_> =
        webhooks.iter().map(|webhook| delivery(partners, webhook, &message_id, type_, data)).collect();
    if deliveries.is_empty() {
        return Ok(());
    }
    partners.store.queue(&deliveries).await
}

/// Queues a word to one webhook, to see whether it works.
pub(crate) async fn ping(partners: &Partners, webhook: &Webhook) -> Result<Delivery, StoreError> {
    let data = json!({ "webhook_id": webhook.id });
    let delivery = delivery(partners, webhook, &message_id(), "ping", &data);
    partners.store.queue(std::slice::from_ref(&delivery)).await?;
    Ok(delivery)
}

fn message_id() -> String {
    format!("msg_{}", Uuid::now_v7().simple())
}

fn delivery(partners: &Partners, webhook: &Webhook, message_id: &str, type_: &str, data: &Value) -> Delivery {
    let body = json!({ "type": type_, "timestamp": partners.clock.now().to_string(), "data": data });
    let now_ms = partners.clock.now_ms();
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
    let mut looks = 0_u32;
    loop {
        let taken = match take(&partners).await {
            Ok(taken) => taken,
            Err(error) => {
                warn!(error = &error as &dyn std::error::Error, "failed to look for webhooks that are due");
                Vec::new()
            }
        };
        let is_more = taken.len() == TAKEN_MAX as usize;
        partners.counts.queue_depth.set(taken.len() as i64);
        stream::iter(taken).for_each_concurrent(SIDE_BY_SIDE, |due| deliver(&partners, &sender, due)).await;
        if looks == 0 {
            let before_ms = partners.clock.now_ms() - KEPT_MS;
            if let Err(error) = partners.store.forget_deliveries(before_ms).await {
                warn!(error = &error as &dyn std::error::Error, "failed to forget old deliveries");
            }
        }
        looks = (looks + 1) % LOOKS_BETWEEN_FORGETTING;
        if is_more && !shutdown.is_cancelled() {
            continue;
        }
        tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

async fn take(partners: &Partners) -> Result<Vec<Due>, StoreError> {
    let now_ms = partners.clock.now_ms();
    // All that is taken at once may have to wait for one another.
    let rounds = TAKEN_MAX / SIDE_BY_SIDE as i64 + 1;
    let lease_ms = rounds * i64::try_from(partners.config.webhook_timeout_ms).unwrap_or(10_000);
    partners.store.take_due(now_ms, now_ms + lease_ms, TAKEN_MAX).await
}

async fn deliver(partners: &Partners, sender: &Sender, due: Due) {
    let Due { delivery, url, secret } = due;
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
    let (delivered, next_ms, outcome) = match sent {
        Ok(status) if (200..300).contains(&status) => (true, None, status.to_string()),
        Ok(410) => (false, None, "410: the receiver wants no more".to_owned()),
        Ok(status) => (false, next_try_ms(tries, &mut rand::rng()), status.to_string()),
        Err(reason) => (false, next_try_ms(tries, &mut rand::rng()), reason),
    };
    let word = match (delivered, next_ms) {
        (true, _) => "delivered",
        (false, Some(_)) => "failed",
        (false, None) => "given-up",
    };
    partners.counts.delivery(word);
    debug!(delivery.id = %delivery.id, outcome, tries, "webhook delivery {word}");
    let next_ms = next_ms.map(|wait_ms| now_ms + wait_ms);
    if let Err(error) = partners.store.settle(&delivery, delivered, next_ms, &outcome, now_ms).await {
        warn!(error = &error as &dyn std::error::Error, delivery.id = %delivery.id, "failed to note a delivery; it is sent again");
    }
}
