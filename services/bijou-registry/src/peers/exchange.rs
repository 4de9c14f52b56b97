//! One peer's task: meet it, send it what happened, compare from time to time.
//!
//! A batch goes in parts of a size that what stands before a peer is likely to let through, and one that is refused as too
//! long goes in halves: else a few instances with a lot of metadata would keep all others of their batch away for ever.

#[cfg(test)]
mod java;
#[cfg(test)]
mod tests;

use std::{
    collections::{HashSet, VecDeque},
    time::Duration,
};

use bijou_eureka::{
    Application, DigestEntry, RegistryError, Status,
    json::{self, ReplicationAction, ReplicationItem, ReplicationReply},
};
use http::StatusCode;
use tokio::time::{Instant, sleep, sleep_until};
use tracing::{debug, info, warn};

use super::{Kind, Peer, State, opening::Answer};
use crate::{leases::Key, registry::Registry};

/// A Java server's list is long, and its differences heal by heartbeats too.
const COMPARE_LIST_EVERY: Duration = Duration::from_mins(5);
/// After a break, after events were given up, and after a comparison that found something.
const COMPARE_SOON: Duration = Duration::from_secs(1);
const PAUSE_MIN: Duration = Duration::from_millis(100);
const PAUSE_MAX: Duration = Duration::from_secs(5);
/// Applications asked about by name; beyond that it is simpler to ask about all.
const NAMED_MAX: usize = 50;

/// Bytes of one request. Proxies take a megabyte unless they are told otherwise; 250 instances are a fifth of it.
const PART_BYTES_MAX: usize = 1000 * 1000;

/// What became of an attempt.
type Outcome = Result<(), RegistryError>;

pub async fn run(peer: &Peer, registry: &Registry) {
    let mut failures = 0;
    loop {
        match meet(peer, registry).await {
            Ok(Answer::Own) => {
                // Nothing is told to ourselves, and what waits is let go.
                note_state(peer, State::Own, None);
                peer.answered(Answer::Own);
                loop {
                    drop(peer.queue().take());
                    peer.wake.notified().await;
                }
            }
            Ok(answer) => {
                peer.answered(answer);
                break;
            }
            Err(error) => {
                note_state(peer, State::Down, Some(&error));
                peer.answered(Answer::Failed(with_source(&error)));
                sleep(pause_after(failures, (peer.random)())).await;
                failures += 1;
            }
        }
    }
    converse(peer, registry).await;
}

/// Finds out who answers, and takes over what it knows.
async fn meet(peer: &Peer, registry: &Registry) -> Result<Answer, RegistryError> {
    let (kind, is_asking) = match peer.client.digests(&[]).await {
        Ok(digests) if digests.node == registry.epoch() => return Ok(Answer::Own),
        Ok(digests) => (Kind::Bijou, digests.is_asking),
        Err(RegistryError::Refused { status, .. }) if !status.is_server_error() => (Kind::Eureka, false),
        // A Java server behind a single-page application would answer anything with a page.
        Err(RegistryError::Decode(_)) => (Kind::Eureka, false),
        Err(error) => return Err(error),
    };
    peer.standing().kind = Some(kind);
    let asked = registry.now();
    // A list says nothing of how long ago everybody was heard of.
    let told = if kind == Kind::Bijou { peer.client.digests(&["*"]).await?.entries } else { Vec::new() };
    let count = match peer.client.applications_for(registry.epoch()).await {
        Ok(list) => registry.take_list(list.applications, &told, asked),
        // A Java server that waits for its own peers, for minutes. Readers are not kept waiting so long, and once they
        // are answered the peer has to be told what happens here.
        Err(RegistryError::Refused { status: StatusCode::FORBIDDEN, .. }) if registry.is_open() => 0,
        Err(error) => return Err(error),
    };
    note_state(peer, State::Up, None);
    info!(registry.peer = %peer.url, registry.instances = count, "peer `{}` told of {count} instances", peer.url);
    Ok(if is_asking { Answer::AskingToo } else { Answer::Told(count) })
}

/// An error in one line, with what caused it.
fn with_source(error: &RegistryError) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}

async fn converse(peer: &Peer, registry: &Registry) {
    let mut compare_at = Instant::now() + COMPARE_SOON;
    let mut failures = 0;
    let mut repairs = 0;
    let mut overflown = 0;
    loop {
        let now_ms = registry.now().mono_ms;
        let (ready_ms, dropped) = {
            let queue = peer.queue();
            (queue.ready_ms(), queue.dropped)
        };
        if dropped != overflown {
            overflown = dropped;
            compare_at = compare_at.min(Instant::now() + COMPARE_SOON);
        }
        let is_ready = ready_ms.is_some_and(|ready_ms| ready_ms <= now_ms);
        let outcome = if is_ready {
            send(peer, registry, &mut compare_at).await
        } else if compare_at <= Instant::now() {
            let every = match peer.standing().kind {
                Some(Kind::Bijou) => peer.compare_every,
                _ => COMPARE_LIST_EVERY.max(peer.compare_every),
            };
            compare(peer, registry).await.map(|found| {
                repairs = if found > 0 { repairs + 1 } else { 0 };
                compare_at = Instant::now() + compare_after(repairs, every);
            })
        } else {
            let ready_at = ready_ms.map(|ready_ms| Instant::now() + Duration::from_millis(ready_ms - now_ms));
            tokio::select! {
                // Which is looked at first is all the same, but else it would be left to chance.
                biased;
                () = sleep_until(ready_at.unwrap_or(compare_at).min(compare_at)) => {}
                () = peer.wake.notified() => {}
            }
            continue;
        };
        match outcome {
            Ok(()) => {
                failures = 0;
                note_state(peer, State::Up, None);
            }
            Err(error) => {
                note_state(peer, State::Down, Some(&error));
                compare_at = Instant::now() + COMPARE_SOON;
                sleep(pause_after(failures, (peer.random)())).await;
                failures += 1;
            }
        }
    }
}

/// Sends one batch. What was not delivered goes back into the queue, unless the peer refuses it as such.
async fn send(peer: &Peer, registry: &Registry, compare_at: &mut Instant) -> Outcome {
    let batch = peer.queue().take();
    let items = registry.worded(&batch);
    let is_bijou = peer.standing().kind == Some(Kind::Bijou);
    let mut parts = parts_of(&items);
    while let Some(part) = parts.pop_front() {
        match peer.client.replicate(part, is_bijou).await {
            Ok(replies) if replies.len() == part.len() => {
                peer.standing().sent += part.len() as u64;
                part.iter().zip(replies).for_each(|(item, reply)| take_reply(peer, registry, item, reply));
            }
            Ok(replies) => {
                warn!(registry.peer = %peer.url,
                    "peer `{}` answers {} events with {} replies", peer.url, part.len(), replies.len());
                give_up(peer, part, compare_at);
            }
            Err(RegistryError::Refused { status: StatusCode::PAYLOAD_TOO_LARGE, .. }) if part.len() > 1 => {
                let (first, second) = part.split_at(part.len() / 2);
                parts.push_front(second);
                parts.push_front(first);
            }
            // Sending the same again would be refused again.
            Err(RegistryError::Refused { status, .. }) if is_final(status) => {
                warn!(registry.peer = %peer.url, http.response.status_code = status.as_u16(),
                    "peer `{}` refuses a batch of {} events with {status}, {} among them",
                    peer.url, part.len(), part[0].id);
                // One that is too long stays so: it is tried again when the peer is compared with anyway.
                if status == StatusCode::PAYLOAD_TOO_LARGE {
                    peer.standing().dropped += part.len() as u64;
                } else {
                    give_up(peer, part, compare_at);
                }
            }
            Err(error) => {
                let unsent = std::iter::once(part).chain(parts).flatten().map(|item| (key_of(item), item.action));
                peer.queue().put_back(unsent.collect(), registry.now().mono_ms);
                return Err(error);
            }
        }
    }
    Ok(())
}

/// Lets events go. What they were about is found by comparing, soon.
fn give_up(peer: &Peer, part: &[ReplicationItem], compare_at: &mut Instant) {
    peer.standing().dropped += part.len() as u64;
    *compare_at = (*compare_at).min(Instant::now() + COMPARE_SOON);
}

/// A batch in parts of at most [`PART_BYTES_MAX`]. An event that is longer goes alone.
fn parts_of(items: &[ReplicationItem]) -> VecDeque<&[ReplicationItem]> {
    let (mut parts, mut from, mut bytes) = (VecDeque::new(), 0, 0);
    let mut written = Vec::new();
    for (at, item) in items.iter().enumerate() {
        written.clear();
        json::write_replication_item(&mut written, item);
        bytes += written.len() + 1;
        if bytes > PART_BYTES_MAX && at > from {
            parts.push_back(&items[from..at]);
            (from, bytes) = (at, written.len() + 1);
        }
    }
    if from < items.len() {
        parts.push_back(&items[from..]);
    }
    parts
}

fn is_final(status: StatusCode) -> bool {
    status.is_client_error()
        && !matches!(
            status,
            StatusCode::UNAUTHORIZED
                | StatusCode::FORBIDDEN
                | StatusCode::NOT_FOUND
                | StatusCode::REQUEST_TIMEOUT
                | StatusCode::TOO_MANY_REQUESTS
        )
}

fn key_of(item: &ReplicationItem) -> Key {
    (item.app.as_str().into(), item.id.as_str().into())
}

fn take_reply(peer: &Peer, registry: &Registry, item: &ReplicationItem, reply: ReplicationReply) {
    match (item.action, reply.status_code, reply.instance) {
        // Done; or gone there too.
        (_, 200..=299, _) | (ReplicationAction::Cancel, 404, _) => {}
        // It does not know the instance, or an older one. What is registered carries the override, if there is one.
        (
            ReplicationAction::Heartbeat | ReplicationAction::StatusUpdate | ReplicationAction::DeleteStatusOverride,
            404,
            _,
        ) => {
            peer.push(key_of(item), ReplicationAction::Register, registry.now().mono_ms);
        }
        // It knows a newer one.
        (ReplicationAction::Heartbeat, _, Some(instance)) => {
            registry.adopt(*instance, reply.hearsay, item.hearsay.unwrap_or_default().age_ms);
        }
        (action, status, _) => {
            debug!(registry.peer = %peer.url, registry.app = item.app, instance.id = item.id,
                "{} was answered {status} by peer `{}`", action.as_str(), peer.url);
        }
    }
}

/// When to compare again after so many comparisons in a row that found something. Repairs from several sides cross, and what
/// was the same when one side looked differs once the other's came. What cannot be repaired is not to keep both busy.
fn compare_after(repairs: u32, every: Duration) -> Duration {
    if repairs == 0 { every } else { COMPARE_SOON.saturating_mul(1 << (repairs - 1).min(10)).min(every) }
}

/// Finds out where the peer differs, and enters into its queue what we know better. Says how much that is.
async fn compare(peer: &Peer, registry: &Registry) -> Result<usize, RegistryError> {
    let is_bijou = peer.standing().kind == Some(Kind::Bijou);
    let (apps, entries) = if is_bijou {
        let theirs = peer.client.digests(&[]).await?;
        let apps = registry.differing(&theirs);
        if apps.is_empty() {
            return Ok(0);
        }
        let names = if apps.len() > NAMED_MAX { vec!["*"] } else { apps.iter().map(AsRef::as_ref).collect() };
        let entries = peer.client.digests(&names).await?.entries;
        (apps, entries)
    } else {
        let list = match peer.client.applications().await {
            Ok(list) => list,
            Err(RegistryError::Refused { status: StatusCode::FORBIDDEN, .. }) => return Ok(0),
            Err(error) => return Err(error),
        };
        (registry.application_names(), list.applications.iter().flat_map(entries_of).collect())
    };
    let named: HashSet<&str> = apps.iter().map(AsRef::as_ref).collect();
    let entries = entries.into_iter().filter(|entry: &DigestEntry| named.contains(&*entry.app)).collect::<Vec<_>>();
    if !is_bijou {
        registry.take_overrides(&entries);
    }
    let differences = registry.differences(&apps, &entries);
    let count = differences.len();
    if count > 0 {
        info!(registry.peer = %peer.url, registry.differences = count, "peer `{}` is told of {count} differences", peer.url);
        peer.standing().repaired += count as u64;
        let now_ms = registry.now().mono_ms;
        for (key, action) in differences {
            peer.push(key, action, now_ms);
        }
    }
    Ok(count)
}

/// What a Java server's list says of an application. It does not say when an override was set, and may have written
/// differently what it was told: of equal versions the rest is not compared.
fn entries_of(application: &Application) -> impl Iterator<Item = DigestEntry> {
    application.instances.iter().map(|instance| DigestEntry {
        app: instance.app.clone(),
        id: instance.id().to_owned(),
        dirty_ms: instance.last_dirty_ms,
        registered_ms: instance.lease.registration_ms,
        fingerprint: 0,
        status: instance.status.to_string(),
        overridden: (instance.overridden_status != Status::Unknown).then(|| instance.overridden_status.to_string()),
        overridden_ms: 0,
        age_ms: None,
        is_first_hand: false,
    })
}

fn note_state(peer: &Peer, state: State, error: Option<&RegistryError>) {
    let previous = {
        let mut standing = peer.standing();
        standing.last_error = error.map(ToString::to_string);
        std::mem::replace(&mut standing.state, state)
    };
    if previous == state {
        return;
    }
    match (state, error) {
        (State::Down, Some(error)) => warn!(
            error = error as &dyn std::error::Error,
            registry.peer = %peer.url,
            "peer `{}` cannot be reached, what happens is kept for it", peer.url
        ),
        (State::Up, _) => info!(registry.peer = %peer.url, "peer `{}` is reached", peer.url),
        (State::Own, _) => info!(registry.peer = %peer.url, "peer `{}` is this registry itself", peer.url),
        _ => {}
    }
}

/// Doubles from [`PAUSE_MIN`], and is shortened at random by up to half (`fraction` in 0..1), so that peers do not come back
/// in step.
pub(super) fn pause_after(failures: u32, fraction: f64) -> Duration {
    let full = PAUSE_MIN.saturating_mul(1 << failures.min(10)).min(PAUSE_MAX);
    full.mul_f64(1.0 - 0.5 * fraction)
}
