//! What a peer's answers lead to.

use std::{
    convert::Infallible,
    future::pending,
    sync::{Arc, Mutex},
};

use bijou_eureka::{Dial, Dialing, Duplex, Instance, ServiceUrl};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::io::duplex;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{leases::Origin, peers::tests::registry};

const URL: &str = "http://registry-2:8761/eureka";

fn peer(registry: &Registry) -> Peer {
    registry.peers.peer(ServiceUrl::parse(URL).expect("a good url"), &CancellationToken::new())
}

fn orders(id: &str) -> Instance {
    Instance { last_dirty_ms: 5, ..Instance::new("orders", id, "n7", "10.4.0.7", 8080) }
}

/// Leads nowhere: the test plays the peer's part.
#[derive(Debug)]
struct Nowhere;

impl Dial for Nowhere {
    fn dial<'a>(&'a self, _: &'a ServiceUrl) -> Dialing<'a> {
        Box::pin(pending())
    }
}

/// What is queued for a peer that answered `status` to `action`.
#[track_caller]
fn check(action: ReplicationAction, status: u16, expected: &[ReplicationAction]) {
    let registry = registry(&[], Arc::new(Nowhere));
    registry.register(orders("a"), Origin::Peer);
    let peer = peer(&registry);
    take_reply(&peer, &registry, &ReplicationItem::new("ORDERS", "a", action), ReplicationReply::of(status));
    let queued = peer.queue().take().into_iter().map(|(_, action)| action).collect::<Vec<_>>();
    assert_eq!(queued, expected, "{} was answered {status}", action.as_str());
}

#[test]
fn what_differed_is_compared_again_soon_and_less_soon_each_time_that_it_differs_still() {
    let pauses = [0, 1, 2, 3, 4, 5, u32::MAX].map(|repairs| compare_after(repairs, Duration::from_secs(15)).as_secs());
    assert_eq!(pauses, [15, 1, 2, 4, 8, 15, 15]);
}

#[tokio::test]
async fn a_peer_that_does_not_know_an_instance_is_told_of_it() {
    check(ReplicationAction::Heartbeat, 404, &[ReplicationAction::Register]);
    check(ReplicationAction::StatusUpdate, 404, &[ReplicationAction::Register]);
    check(ReplicationAction::DeleteStatusOverride, 404, &[ReplicationAction::Register]);
}

#[tokio::test]
async fn a_peer_is_not_told_again_of_what_it_took_refused_or_had_cancelled() {
    check(ReplicationAction::Heartbeat, 200, &[]);
    check(ReplicationAction::StatusUpdate, 200, &[]);
    check(ReplicationAction::StatusUpdate, 500, &[]);
    check(ReplicationAction::Cancel, 404, &[]);
    check(ReplicationAction::Register, 404, &[]);
}

#[tokio::test]
async fn from_a_conflict_the_peers_newer_version_is_taken() {
    let registry = registry(&[], Arc::new(Nowhere));
    registry.register(orders("a"), Origin::Client);
    let newer = Instance { last_dirty_ms: 9, overridden_status: Status::OutOfService, ..orders("a") };
    let newer = newer.with_metadata("colour", "blue");
    let reply = ReplicationReply { status_code: 409, instance: Some(Box::new(newer)), hearsay: None };
    let peer = peer(&registry);
    take_reply(&peer, &registry, &ReplicationItem::new("ORDERS", "a", ReplicationAction::Heartbeat), reply);
    let taken = registry.instance("ORDERS", "a").expect("it is there");
    assert_eq!((taken.last_dirty_ms, taken.metadata["colour"].as_str()), (9, "blue"));
    assert_eq!((taken.status, taken.overridden_status), (Status::OutOfService, Status::OutOfService));
    assert_eq!(peer.queue().len(), 0, "it knows that already");
}

/// A peer behind something that lets only so much through.
#[derive(Debug, Default)]
struct Narrow {
    bytes_max: usize,
    /// Replies it leaves away.
    replies_lost: usize,
    /// How many events came with each request that got through, and about whom.
    came: Arc<Mutex<Vec<Vec<String>>>>,
}

impl Dial for Narrow {
    fn dial<'a>(&'a self, _: &'a ServiceUrl) -> Dialing<'a> {
        Box::pin(async move {
            let (ours, theirs) = duplex(64 * 1024);
            let (came, bytes_max, lost) = (Arc::clone(&self.came), self.bytes_max, self.replies_lost);
            let service = service_fn(move |request: Request<Incoming>| {
                let came = Arc::clone(&came);
                async move {
                    let body = request.into_body().collect().await.expect("a whole body").to_bytes();
                    let mut response = Response::new(Full::default());
                    if body.len() > bytes_max {
                        *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
                        return Ok::<_, Infallible>(response);
                    }
                    let items = json::read_replication(&body).expect("a batch");
                    let ids = items.into_iter().map(|item| item.expect("an event").id).collect::<Vec<_>>();
                    let mut replies = Vec::new();
                    json::write_replies(&mut replies, &vec![ReplicationReply::of(200); ids.len() - lost]);
                    came.lock().expect("not poisoned").push(ids);
                    *response.body_mut() = Full::new(Bytes::from(replies));
                    Ok(response)
                }
            });
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(theirs), service));
            Ok(Box::new(ours) as Box<dyn Duplex>)
        })
    }
}

/// Registers 100 instances with `bytes` of metadata each, of which one has `most`, and sends them to a peer.
async fn sent(dial: Narrow, bytes: usize, most: usize) -> (Peer, Vec<Vec<String>>, bool) {
    let came = Arc::clone(&dial.came);
    let registry = registry(&[], Arc::new(dial));
    let peer = peer(&registry);
    for number in 0..100 {
        let id = format!("i-{number:02}");
        let note = "x".repeat(if number == 40 { most } else { bytes });
        registry.register(orders(&id).with_metadata("note", note), Origin::Client);
        peer.push(("ORDERS".into(), id.as_str().into()), ReplicationAction::Register, 0);
    }
    let far = Instant::now() + Duration::from_hours(1);
    let mut compare_at = far;
    send(&peer, &registry, &mut compare_at).await.expect("it is reached");
    let came = came.lock().expect("not poisoned").clone();
    (peer, came, compare_at < far)
}

fn all() -> Vec<String> {
    (0..100).map(|number| format!("i-{number:02}")).collect()
}

#[tokio::test]
async fn a_long_batch_goes_in_parts_in_its_order() {
    let (peer, came, is_compared_soon) =
        sent(Narrow { bytes_max: PART_BYTES_MAX + 1000, ..Narrow::default() }, 60_000, 60_000).await;
    assert_eq!(came.concat(), all());
    assert_eq!(came.iter().map(Vec::len).collect::<Vec<_>>(), [16, 16, 16, 16, 16, 16, 4]);
    let standing = peer.standing().clone();
    assert_eq!((standing.sent, standing.dropped, is_compared_soon), (100, 0, false));
}

#[tokio::test]
async fn what_a_peer_finds_too_long_goes_in_halves_and_only_what_alone_is_too_long_is_left_out() {
    let (peer, came, is_compared_soon) = sent(Narrow { bytes_max: 50_000, ..Narrow::default() }, 9_000, 70_000).await;
    let expected = all().into_iter().filter(|id| id != "i-40").collect::<Vec<_>>();
    assert_eq!(came.concat(), expected);
    let standing = peer.standing().clone();
    assert_eq!((standing.sent, standing.dropped), (99, 1));
    // It would be found to be missing at once, and refused again, and so on.
    assert!(!is_compared_soon);
    assert_eq!(peer.queue().len(), 0);
}

#[tokio::test]
async fn where_replies_are_missing_the_peer_is_compared_with() {
    let narrow = Narrow { bytes_max: usize::MAX, replies_lost: 1, ..Narrow::default() };
    let (peer, came, is_compared_soon) = sent(narrow, 10, 10).await;
    assert_eq!(came.concat(), all());
    assert_eq!((peer.standing().dropped, is_compared_soon), (100, true));
}
