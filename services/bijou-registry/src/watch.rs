//! The watch: changes as server-sent events, the moment they happen.
//!
//! `GET {prefix}/watch` answers with one `snapshot` event and then a `change` for each change:
//!
//! ```text
//! event: snapshot
//! id: <epoch>:<revision>
//! data: {"epoch":"…","revision":7,"applications":[{"name":"ORDERS","instance":[…]}]}
//!
//! event: change
//! id: <epoch>:<revision>
//! data: {"revision":8,"kind":"upsert","instance":{…}}      (or "kind":"remove", with the instance as it was last)
//! ```
//!
//! Revisions follow each other without gaps. A watcher too slow for single changes is sent a new snapshot. A comment
//! every five seconds says that the connection lives. Resuming by `since`, and filters, are not there yet: a snapshot at
//! every opening is right, only longer.

use std::{convert::Infallible, io::Write, sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, BoxStream};
use hyper::body::Frame;
use tokio::{
    sync::broadcast::{
        Receiver,
        error::{RecvError, TryRecvError},
    },
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;

use crate::{
    documents::{Form, applications_array},
    leases::{Change, Listed},
    registry::Registry,
};

const PING_EVERY: Duration = Duration::from_secs(5);
/// Changes that piled up are sent together, up to about so much at a time.
const CHUNK_BYTES_MAX: usize = 64 * 1024;

/// The stream of frames of a watch's body.
pub type Frames = BoxStream<'static, Result<Frame<Bytes>, Infallible>>;

pub fn snapshot_event(epoch: &str, revision: u64, applications: &[Listed]) -> Bytes {
    let mut out = Vec::with_capacity(4096);
    write!(out, "event: snapshot\nid: {epoch}:{revision}\ndata: {{\"epoch\":\"{epoch}\",\"revision\":{revision},\"applications\":")
        .expect("memory takes every byte");
    applications_array(&mut out, Form::Json, applications);
    out.extend_from_slice(b"}\n\n");
    out.into()
}

pub fn change_event(epoch: &str, change: &Change) -> Bytes {
    let Change { revision, is_removal, record } = change;
    let kind = if *is_removal { "remove" } else { "upsert" };
    let mut out = Vec::with_capacity(128 + record.json().len());
    write!(
        out,
        "event: change\nid: {epoch}:{revision}\ndata: {{\"revision\":{revision},\"kind\":\"{kind}\",\"instance\":"
    )
    .expect("memory takes every byte");
    out.extend_from_slice(record.json());
    out.extend_from_slice(b"}\n\n");
    out.into()
}

/// Counts a watcher for as long as its stream lives.
struct Counted(Arc<Registry>);

impl Counted {
    fn new(registry: Arc<Registry>) -> Self {
        registry.telemetry.watchers.inc();
        Counted(registry)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.telemetry.watchers.dec();
    }
}

struct Watcher {
    registry: Counted,
    changes: Receiver<Bytes>,
    /// To be sent before anything else.
    first: Option<Bytes>,
    ping_at: Instant,
    shutdown: CancellationToken,
}

/// Everything a watcher is sent, until it goes away or the registry shuts down.
pub fn frames(registry: Arc<Registry>, shutdown: CancellationToken) -> Frames {
    let start = registry.watch();
    let watcher = Watcher {
        registry: Counted::new(registry),
        changes: start.changes,
        first: Some(start.snapshot),
        ping_at: Instant::now() + PING_EVERY,
        shutdown,
    };
    Box::pin(stream::unfold(watcher, async |mut watcher| {
        let bytes = watcher.next().await?;
        watcher.ping_at = Instant::now() + PING_EVERY;
        Some((Ok(Frame::data(bytes)), watcher))
    }))
}

impl Watcher {
    async fn next(&mut self) -> Option<Bytes> {
        if let Some(first) = self.first.take() {
            return Some(first);
        }
        tokio::select! {
            biased;
            () = self.shutdown.cancelled() => None,
            received = self.changes.recv() => match received {
                Ok(change) => Some(self.with_waiting(change)),
                Err(RecvError::Lagged(_)) => Some(self.start_anew()),
                Err(RecvError::Closed) => None,
            },
            () = sleep_until(self.ping_at) => Some(Bytes::from_static(b": ping\n\n")),
        }
    }

    /// This change and those already waiting behind it, as one piece.
    fn with_waiting(&mut self, change: Bytes) -> Bytes {
        if self.changes.is_empty() {
            return change;
        }
        let mut piece = BytesMut::from(change.as_ref());
        while piece.len() < CHUNK_BYTES_MAX {
            match self.changes.try_recv() {
                Ok(change) => piece.extend_from_slice(&change),
                Err(TryRecvError::Lagged(_)) => return self.start_anew(),
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        piece.freeze()
    }

    fn start_anew(&mut self) -> Bytes {
        self.registry.0.telemetry.watch_restarts.inc();
        let start = self.registry.0.watch();
        self.changes = start.changes;
        start.snapshot
    }
}
