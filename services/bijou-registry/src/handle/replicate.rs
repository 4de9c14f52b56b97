//! What other registries tell, in batches.

use bijou_eureka::{
    DecodeError, HEARSAY, Hearsay, Instance,
    json::{self, ReplicationItem, ReplicationReply},
};
use http::{HeaderValue, Response, StatusCode};
use tracing::warn;

use super::{
    Asked, BATCH_BYTES_MAX, Refused,
    register::{checked, read_text, within},
};
use crate::{
    answer::{self, Body},
    leases::Origin,
    settings::Right,
};

/// A batch of a peer's events. Each has an answer of its own; the batch as such fails only when it is none.
pub fn replicate(asked: &Asked<'_>, body: &[u8]) -> Response<Body> {
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
            warn!("refused a batch of a peer: {}", refused.reason);
            return refused.into_response();
        }
    };
    if let Some(told) = asked.fields.text(HEARSAY).and_then(|told| Hearsay::read(told, items.len())) {
        let understood = items.iter_mut().zip(told).filter_map(|(item, told)| Some((item.as_mut().ok()?, told)));
        understood.for_each(|(item, told)| item.hearsay = told);
    }
    let replies = items.into_iter().map(|item| done(asked, item)).collect::<Vec<_>>();
    let mut out = Vec::with_capacity(32 + replies.len() * 20);
    json::write_replies(&mut out, &replies);
    let mut response = answer::whole(StatusCode::OK, "application/json", out);
    if let Some(told) = Hearsay::write(replies.iter().map(|reply| reply.hearsay)) {
        response.headers_mut().insert(HEARSAY, HeaderValue::from_str(&told).expect("digits and commas"));
    }
    response
}

fn done(asked: &Asked<'_>, item: Result<ReplicationItem, DecodeError>) -> ReplicationReply {
    let registry = asked.registry();
    match item {
        Ok(item) if !asked.caller.may(Right::Replicate, &item.app) => {
            warn!(
                access.caller = %asked.caller.name, registry.app = item.app,
                "no rule lets `{}` replicate `{}`", asked.caller.name, item.app
            );
            registry.telemetry.peer_items_refused.inc();
            ReplicationReply::of(403)
        }
        Ok(item) => {
            // Eureka says 200 to a registration it does not take, and its senders look no further.
            let taken = |instance: &Instance| {
                checked(instance.clone(), &item.app).and_then(|instance| within(asked, Origin::Peer, instance))
            };
            let refused = item.instance.as_deref().and_then(|instance| taken(instance).err());
            if let Some(refused) = refused {
                warn!(
                    registry.app = item.app,
                    instance.id = item.id,
                    "a peer's registration is not taken: {}",
                    refused.reason
                );
                registry.telemetry.peer_items_refused.inc();
                return ReplicationReply::of(200);
            }
            registry.replicated(item)
        }
        Err(error) => {
            warn!("a peer's event is not understood: {error}");
            registry.telemetry.peer_items_refused.inc();
            ReplicationReply::of(400)
        }
    }
}
