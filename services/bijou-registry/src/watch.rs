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
//! every five seconds says that the connection lives.
//!
//! `?since=<epoch>:<revision>` (or `Last-Event-ID`, which browsers send) goes on after an event: the changes since then
//! and no snapshot, if this is the same life of the process and they are still remembered; a snapshot otherwise.
//! `?app=ORDERS` and `?vip=orders` narrow it, and so does a rule that lets the watcher read only some applications; then
//! revisions have gaps where others changed, and the snapshot says `"filtered":true`.

use std::{
    convert::Infallible,
    io::Write,
    sync::{Arc, OnceLock},
    time::Duration,
};

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
    access::Apps,
    documents::{Form, applications_array},
    leases::{Change, Listed, Record},
    registry::Registry,
};

const PING_EVERY: Duration = Duration::from_secs(5);
/// After a change a watcher is left alone for so long: in a burst waking it for each costs more than all else they do.
const REST: Duration = Duration::from_millis(5);
/// Changes that piled up are sent together, up to about so much at a time.
const CHUNK_BYTES_MAX: usize = 64 * 1024;

/// The stream of frames of a watch's body.
pub type Frames = BoxStream<'static, Result<Frame<Bytes>, Infallible>>;

pub fn snapshot_event(epoch: &str, revision: u64, applications: &[Listed], is_filtered: bool) -> Bytes {
    let mut out = Vec::with_capacity(4096);
    write!(out, "event: snapshot\nid: {epoch}:{revision}\ndata: {{\"epoch\":\"{epoch}\",\"revision\":{revision},\"applications\":")
        .expect("memory takes every byte");
    applications_array(&mut out, Form::Json, applications);
    if is_filtered {
        out.extend_from_slice(br#","filtered":true"#);
    }
    out.extend_from_slice(b"}\n\n");
    out.into()
}

/// A change as watchers are told of it, written once for all of them, and not at all when nobody watches.
#[derive(Debug)]
pub struct Told {
    pub revision: u64,
    is_removal: bool,
    epoch: Arc<str>,
    event: OnceLock<Bytes>,
    record: Arc<Record>,
    /// What it was before, where that may have been for other watchers.
    previous: Option<Arc<Record>>,
}

impl Told {
    pub fn of(epoch: &Arc<str>, change: &Change) -> Self {
        let previous = change.previous.as_ref();
        Told {
            revision: change.revision,
            is_removal: change.is_removal,
            epoch: Arc::clone(epoch),
            event: OnceLock::new(),
            record: Arc::clone(&change.record),
            previous: previous.filter(|previous| !previous.instance.says_the_same(&change.record.instance)).cloned(),
        }
    }

    pub fn event(&self) -> &Bytes {
        self.event.get_or_init(|| {
            let Told { revision, epoch, .. } = self;
            let kind = if self.is_removal { "remove" } else { "upsert" };
            let mut event = Vec::with_capacity(1536);
            write!(
                event,
                "event: change\nid: {epoch}:{revision}\ndata: {{\"revision\":{revision},\"kind\":\"{kind}\",\"instance\":"
            )
            .expect("memory takes every byte");
            self.record.write(&mut event, Form::Json);
            event.extend_from_slice(b"}\n\n");
            event.shrink_to_fit();
            event.into()
        })
    }
}

/// What a watcher wants to hear of.
#[derive(Clone, Debug)]
pub struct Filter {
    /// In upper case.
    pub app: Option<String>,
    pub vip: Option<String>,
    /// What the watcher may read at all.
    pub readable: Apps,
}

impl Filter {
    pub fn is_everything(&self) -> bool {
        self.app.is_none() && self.vip.is_none() && self.readable.is_all()
    }

    /// Also when an instance leaves what is watched: the watcher sees its new VIP address, and lets it go.
    pub fn takes(&self, told: &Told) -> bool {
        self.is_everything() || self.has(&told.record) || told.previous.as_ref().is_some_and(|record| self.has(record))
    }

    pub fn applied_to(&self, applications: Vec<Listed>) -> Vec<Listed> {
        if self.is_everything() {
            return applications;
        }
        let narrowed = applications.into_iter().map(|Listed { name, mut records }| {
            records.retain(|record| self.has(record));
            Listed { name, records }
        });
        narrowed.filter(|listed| !listed.records.is_empty()).collect()
    }

    fn has(&self, record: &Record) -> bool {
        let instance = &record.instance;
        let has_vip = |vip: &String| {
            let addresses = instance.vip_address().into_iter().chain(instance.secure_vip_address());
            addresses.flat_map(|addresses| addresses.split(',')).any(|address| address == vip)
        };
        self.readable.has(instance.app())
            && self.app.as_ref().is_none_or(|app| app == instance.app())
            && self.vip.as_ref().is_none_or(has_vip)
    }
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
    changes: Receiver<Arc<Told>>,
    filter: Filter,
    /// To be sent before anything else.
    first: Option<Bytes>,
    ping_at: Instant,
    rests_until: Instant,
    shutdown: CancellationToken,
}

/// Everything a watcher is sent, until it goes away or the registry shuts down.
pub fn frames(registry: Arc<Registry>, since: Option<&str>, filter: Filter, shutdown: CancellationToken) -> Frames {
    let start = registry.watch(since, &filter);
    let watcher = Watcher {
        registry: Counted::new(registry),
        changes: start.changes,
        filter,
        first: Some(start.first),
        ping_at: Instant::now() + PING_EVERY,
        rests_until: Instant::now(),
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
        loop {
            // What comes meanwhile waits in the channel, and wakes nobody.
            let received = async {
                sleep_until(self.rests_until).await;
                self.changes.recv().await
            };
            let received = tokio::select! {
                biased;
                () = self.shutdown.cancelled() => return None,
                received = received => received,
                () = sleep_until(self.ping_at) => return Some(Bytes::from_static(b": ping\n\n")),
            };
            match received {
                Ok(change) => {
                    let piece = self.with_waiting(&change);
                    if self.changes.is_empty() {
                        self.rests_until = Instant::now() + REST;
                    }
                    if piece.is_some() {
                        return piece;
                    }
                }
                Err(RecvError::Lagged(_)) => return Some(self.start_anew()),
                Err(RecvError::Closed) => return None,
            }
        }
    }

    /// This change and those already waiting behind it, as one piece, as far as they are wanted.
    fn with_waiting(&mut self, change: &Told) -> Option<Bytes> {
        let is_wanted = self.filter.takes(change);
        if self.changes.is_empty() {
            return is_wanted.then(|| change.event().clone());
        }
        let mut piece = BytesMut::new();
        if is_wanted {
            piece.extend_from_slice(change.event());
        }
        while piece.len() < CHUNK_BYTES_MAX {
            match self.changes.try_recv() {
                Ok(change) if self.filter.takes(&change) => piece.extend_from_slice(change.event()),
                Ok(_) => {}
                Err(TryRecvError::Lagged(_)) => return Some(self.start_anew()),
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        (!piece.is_empty()).then(|| piece.freeze())
    }

    fn start_anew(&mut self) -> Bytes {
        self.registry.0.telemetry.watch_restarts.inc();
        let start = self.registry.0.watch(None, &self.filter);
        self.changes = start.changes;
        start.first
    }
}
