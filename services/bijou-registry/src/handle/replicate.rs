//! What other registries tell, in batches.

use bijou_eureka::{
    DecodeError, HEARSAY, Hearsay, Instance, InstanceRef,
    json::{self, ReplicationItem, ReplicationReply},
};
use http::{HeaderName, HeaderValue, StatusCode};
use tracing::warn;

use super::{
    Asked, BATCH_BYTES_MAX, Refused,
    register::{checked, read_text, within},
};
use crate::{
    answer::{self, Answer},
    leases::Origin,
    settings::Right,
};

/// A batch of a peer's events. Each has an answer of its own; the batch as such fails only when it is none.
pub fn replicate(asked: &Asked<'_>, body: &[u8]) -> Answer {
    let bytes_max = asked.site.limits.body_bytes_max.max(BATCH_BYTES_MAX);
    let items = read_text(asked.fields, body, bytes_max).and_then(|(is_json, bytes)| {
        if !is_json {
            return Err(Refused::bad("a batch is application/json"));
        }
        json::read_replication(&bytes).map_err(|error| Refused::bad(error.to_string()))
    });
    let mut items = match items {
        Ok(items) => items,
        Err(refused) => {
            return asked.refuse("a batch", "peers", refused);
        }
    };
    if let Some(told) = asked.fields.text(HEARSAY).and_then(|told| Hearsay::read(told, items.len())) {
        let understood = items.iter_mut().zip(told).filter_map(|(item, told)| Some((item.as_mut().ok()?, told)));
        understood.for_each(|(item, told)| item.hearsay = told);
    }
    let replies = items.into_iter().map(|item| done(asked, item)).collect::<Vec<_>>();
    let mut out = Vec::with_capacity(32 + replies.len() * 20);
    json::write_replies(&mut out, &replies);
    let answer = answer::whole(StatusCode::OK, "application/json", out);
    match Hearsay::write(replies.iter().map(|reply| reply.hearsay)) {
        Some(told) => {
            let told = HeaderValue::from_str(&told).expect("digits and commas");
            answer.with(HeaderName::from_static(HEARSAY), told)
        }
        None => answer,
    }
}

fn done(asked: &Asked<'_>, item: Result<ReplicationItem, DecodeError>) -> ReplicationReply {
    let registry = asked.registry();
    // Eureka says 200 to a registration it does not take, and its senders look no further.
    let (status, reason) = match item {
        Ok(item) if !asked.caller.may(Right::Replicate, &item.app) => {
            (403, format!("no rule lets `{}` replicate `{}`", asked.caller.name, item.app))
        }
        Ok(item) => {
            let taken = |instance: &Instance| {
                let instance = InstanceRef::from(instance);
                checked(&instance, &item.app).and_then(|()| within(asked, Origin::Peer, &instance))
            };
            match item.instance.as_deref().and_then(|instance| taken(instance).err()) {
                None => return registry.replicated(item),
                Some(refused) => (200, format!("of `{}` of `{}`: {}", item.id, item.app, refused.reason)),
            }
        }
        Err(error) => (400, error.to_string()),
    };
    registry.telemetry.peer_items_refused.inc();
    if registry.telemetry.may_log_refusal() {
        warn!(client.address = %asked.address, "a peer's event is not taken: {reason}");
    }
    ReplicationReply::of(status)
}
