//! A connection over plain TCP, served by the registry itself: a request is read where it arrived, answered by the same
//! [`handle`] as everywhere, and written with one call. Behind hyper it costs half as much again, of which the kernel's
//! part cannot be helped (docs/adr/0037).
//!
//! What hyper is still for: TLS, the watch, and every request that [`request::read`] does not take. From such a request
//! on, the connection is hyper's with all that was received of it ([`Left::Over`]); nothing is read twice and nothing
//! judged here that could be judged differently there. Left out: HTTP/1.0, bodies that come in chunks, long polls.

pub mod request;
mod wire;

use std::{
    future::Future,
    io,
    mem::MaybeUninit,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncRead, ReadBuf},
    net::TcpStream,
    time::{Sleep, sleep_until, timeout_at},
};
use tokio_util::sync::WaitForCancellationFuture;
use tracing::debug;

use self::{
    request::{LINES_MAX, Read, Request},
    wire::Outgoing,
};
use crate::{
    fields::Fields,
    handle::{Content, Head, Remote, Site, handle},
    telemetry::Served,
};

/// Read at once. Requests are shorter, but for registrations with a lot of metadata.
const READ_BYTES: usize = 4096;
/// Kept by a connection between two requests, of what it needed for the last.
const KEPT_BYTES_MAX: usize = 4096;
/// A body that does not arrive in this time is left to hyper, which then refuses it.
const BODY_PATIENCE: Duration = Duration::from_secs(10);

/// How a conversation ended.
#[derive(Debug)]
pub enum Left {
    Closed,
    /// The connection goes on elsewhere, with what was received and not answered.
    Over(TcpStream, Vec<u8>),
}

/// Serves a connection until it ends, is idle for `idle_max`, or says something that is hyper's.
pub async fn converse(mut stream: TcpStream, remote: &Remote, site: &Site, idle_max: Duration) -> Left {
    let mut received = Vec::new();
    let mut out = Outgoing::default();
    let mut served = Served::default();
    let mut quiet_since = Instant::now();
    let mut body_since = None;
    let timer = pin!(sleep_until((quiet_since + idle_max).into()));
    let stopped = pin!(site.shutdown.cancelled());
    let mut ends = Ends { timer, stopped, noted: None };
    loop {
        let answered = answer_all(&received, &stream, &mut out, &mut served, remote, site).await;
        let (used, then) = match answered {
            Ok((answered, used, then)) => {
                quiet_since = answered.unwrap_or(quiet_since);
                (used, then)
            }
            Err(error) => {
                debug!(error = %error, "a connection ended early");
                return Left::Closed;
            }
        };
        received.drain(..used);
        let body_deadline = match then {
            Then::HandOver => return Left::Over(stream, received),
            Then::Wait => None,
            Then::WaitForBody => Some(*body_since.get_or_insert_with(Instant::now) + BODY_PATIENCE),
        };
        if received.is_empty() && received.capacity() > KEPT_BYTES_MAX {
            received = Vec::new();
        }
        let more = more(&mut stream, &mut received, &mut ends, quiet_since + idle_max);
        let came = match body_deadline {
            None => {
                body_since = None;
                more.await
            }
            Some(deadline) => timeout_at(deadline.into(), more).await.unwrap_or(More::TooLate),
        };
        match came {
            More::Came => {}
            More::TooLate if matches!(then, Then::WaitForBody) => return Left::Over(stream, received),
            // What ends in the middle is hyper's to judge too.
            More::End if !received.is_empty() => return Left::Over(stream, received),
            More::TooLate | More::End | More::Stopped => return Left::Closed,
        }
    }
}

/// What to do once everything that arrived whole is answered.
#[derive(Clone, Copy, Debug)]
enum Then {
    Wait,
    WaitForBody,
    HandOver,
}

/// Answers the requests in `received`, one after the other, and tells when the last of them was answered and how much of
/// it they were.
async fn answer_all(
    received: &[u8],
    stream: &TcpStream,
    out: &mut Outgoing,
    served: &mut Served,
    remote: &Remote,
    site: &Site,
) -> io::Result<(Option<Instant>, usize, Then)> {
    let (mut used, mut answered) = (0, None);
    let then = loop {
        if received.len() == used {
            break Then::Wait;
        }
        let mut lines = [const { MaybeUninit::uninit() }; LINES_MAX];
        let request = match request::read(&received[used..], site.limits.body_bytes_max, &mut lines) {
            Read::Whole(request) => request,
            Read::Part => break Then::Wait,
            Read::PartOfBody => break Then::WaitForBody,
            Read::Other => break Then::HandOver,
        };
        let began = Instant::now();
        let Request { method, path, query, resource, body, lines, length } = request;
        let head = Head { method: &method, path, query, resource, fields: Fields::Lines(lines) };
        let (route, answer) = handle(site, remote, head, Content::Here(body)).await;
        let now = Instant::now();
        served.note(&site.registry.telemetry, &method, route, answer.status, now - began);
        used += length;
        answered = Some(now);
        if !out.put(answer, &method, now) {
            out.send(stream).await?;
        }
    };
    if answered.is_some() {
        others_first().await;
    }
    out.send(stream).await?;
    Ok((answered, used, then))
}

/// Lets the connections whose requests have arrived too be read and answered before this one's answer is sent: so that the
/// same is done for many, one after the other, and its code is in the processor's cache. In turns with the kernel's, which
/// sends, it is not; that takes four hundredths longer.
async fn others_first() {
    let mut are_next = true;
    std::future::poll_fn(|context| {
        if !std::mem::take(&mut are_next) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

enum More {
    Came,
    /// The other end has nothing more to say.
    End,
    TooLate,
    /// We are to stop.
    Stopped,
}

/// What ends a wait besides bytes. Each is asked when it has something to say: to ask with every request costs two locks,
/// one of which all connections share.
struct Ends<'a, 's> {
    timer: Pin<&'a mut Sleep>,
    stopped: Pin<&'a mut WaitForCancellationFuture<'s>>,
    noted: Option<Arc<Noted>>,
}

/// Wakes a task, and remembers that it did.
struct Noted {
    task: Waker,
    has_come: AtomicBool,
}

impl Wake for Noted {
    fn wake(self: Arc<Self>) {
        self.has_come.store(true, Ordering::Release);
        self.task.wake_by_ref();
    }
}

impl Ends<'_, '_> {
    fn poll(&mut self, context: &mut Context<'_>, deadline: Instant) -> Poll<More> {
        let is_of_task = |noted: &mut Arc<Noted>| noted.task.will_wake(context.waker());
        let noted = self
            .noted
            .take_if(is_of_task)
            .unwrap_or_else(|| Arc::new(Noted { task: context.waker().clone(), has_come: AtomicBool::new(true) }));
        let noted = self.noted.insert(noted);
        if !noted.has_come.load(Ordering::Acquire) {
            return Poll::Pending;
        }
        noted.has_come.store(false, Ordering::Release);
        let waker = Waker::from(Arc::clone(noted));
        let mut context = Context::from_waker(&waker);
        if self.stopped.as_mut().poll(&mut context).is_ready() {
            return Poll::Ready(More::Stopped);
        }
        while self.timer.as_mut().poll(&mut context).is_ready() {
            if Instant::now() >= deadline {
                return Poll::Ready(More::TooLate);
            }
            // Set once and for many requests: it finds out here that there were some.
            self.timer.as_mut().reset(deadline.into());
        }
        Poll::Pending
    }
}

/// Waits until more has arrived.
async fn more(stream: &mut TcpStream, received: &mut Vec<u8>, ends: &mut Ends<'_, '_>, deadline: Instant) -> More {
    std::future::poll_fn(|context| {
        let mut space = [MaybeUninit::uninit(); READ_BYTES];
        let mut space = ReadBuf::uninit(&mut space);
        match Pin::new(&mut *stream).poll_read(context, &mut space) {
            Poll::Ready(Ok(())) if !space.filled().is_empty() => {
                received.extend_from_slice(space.filled());
                Poll::Ready(More::Came)
            }
            Poll::Ready(Ok(()) | Err(_)) => Poll::Ready(More::End),
            Poll::Pending => ends.poll(context, deadline),
        }
    })
    .await
}
