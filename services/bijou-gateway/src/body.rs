//! Bodies on their way: the client's to the origin, and the answer's to the client.
//!
//! Plain enums in place of boxed trait objects, because nearly every request has no body and nearly every answer is
//! either bytes we hold or the origin's stream.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::compress::Compressed;
use crate::upstream::OriginBody;

/// Anything that can go wrong with a body.
pub type BodyError = Box<dyn std::error::Error + Send + Sync>;

/// Why a request body ended before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BodyFault {
    #[error("the body is larger than allowed")]
    TooLarge,
    #[error("the client sent a broken body or went away")]
    Broken,
}

/// What is known about a request body while it streams; shared with whoever awaits the answer.
#[derive(Debug, Default)]
pub struct BodyWatch {
    pub bytes: Cell<u64>,
    pub fault: Cell<Option<BodyFault>>,
}

/// A request's body.
#[derive(Debug, Default)]
pub enum RequestBody {
    /// There is none: the request can be sent again.
    #[default]
    Empty,
    /// Bytes we hold: filters that make requests of their own.
    Full(Bytes),
    /// The client's stream, counted.
    Client(ClientBody),
}

/// The client's stream with its limit.
#[derive(Debug)]
pub struct ClientBody {
    inner: Incoming,
    bytes_max: u64,
    watch: Rc<BodyWatch>,
}

impl RequestBody {
    /// A client's body, at most `bytes_max` of it.
    pub fn client(inner: Incoming, bytes_max: u64, watch: Rc<BodyWatch>) -> Self {
        if inner.is_end_stream() { Self::Empty } else { Self::Client(ClientBody { inner, bytes_max, watch }) }
    }

    /// Whether it can be sent more than once.
    pub fn is_replayable(&self) -> bool {
        !matches!(self, Self::Client(_))
    }

    /// The same body again, `None` when it streams.
    pub fn again(&self) -> Option<Self> {
        match self {
            Self::Empty => Some(Self::Empty),
            Self::Full(bytes) => Some(Self::Full(bytes.clone())),
            Self::Client(_) => None,
        }
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = BodyFault;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyFault>>> {
        match self.get_mut() {
            Self::Empty => Poll::Ready(None),
            Self::Full(bytes) if bytes.is_empty() => Poll::Ready(None),
            Self::Full(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Self::Client(body) => body.poll(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Full(bytes) => bytes.is_empty(),
            Self::Client(body) => body.inner.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Empty => SizeHint::with_exact(0),
            Self::Full(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Self::Client(body) => body.inner.size_hint(),
        }
    }
}

impl ClientBody {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyFault>>> {
        loop {
            match ready!(Pin::new(&mut self.inner).poll_frame(context)) {
                None => return Poll::Ready(None),
                Some(Err(_)) => return self.fail(BodyFault::Broken),
                // Trailers go no further: no service reads them, and merged into a head they would be an attack.
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        let total = self.watch.bytes.get() + data.len() as u64;
                        self.watch.bytes.set(total);
                        if total > self.bytes_max {
                            return self.fail(BodyFault::TooLarge);
                        }
                        return Poll::Ready(Some(Ok(Frame::data(data))));
                    }
                }
            }
        }
    }

    fn fail(&self, fault: BodyFault) -> Poll<Option<Result<Frame<Bytes>, BodyFault>>> {
        self.watch.fault.set(Some(fault));
        Poll::Ready(Some(Err(fault)))
    }
}

/// An answer's body.
#[derive(Debug, Default)]
pub enum ReplyBody {
    #[default]
    Empty,
    Full(Bytes),
    /// An origin's stream.
    Origin(Stalled),
    /// Something compressed on the way.
    Compressed(Box<Compressed>),
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match self.get_mut() {
            Self::Empty => Poll::Ready(None),
            Self::Full(bytes) if bytes.is_empty() => Poll::Ready(None),
            Self::Full(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Self::Origin(body) => body.poll(context),
            Self::Compressed(body) => body.poll(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Full(bytes) => bytes.is_empty(),
            Self::Origin(body) => body.inner.is_end_stream(),
            Self::Compressed(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Empty => SizeHint::with_exact(0),
            Self::Full(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Self::Origin(body) => body.inner.size_hint(),
            Self::Compressed(_) => SizeHint::default(),
        }
    }
}

/// An origin's stream that may not pause for longer than it should.
#[derive(Debug)]
pub struct Stalled {
    inner: OriginBody,
    stall_max: Duration,
    /// Set only while the origin has nothing: most bodies are there at once and never need a timer.
    timer: Option<Pin<Box<Sleep>>>,
}

/// The origin stopped in the middle of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the origin sent nothing for too long")]
pub struct OriginStalled;

impl Stalled {
    /// Fails after `stall_max` without a byte.
    pub fn new(inner: OriginBody, stall_max: Duration) -> Self {
        Self { inner, stall_max, timer: None }
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match Pin::new(&mut self.inner).poll_frame(context) {
            Poll::Ready(frame) => {
                self.timer = None;
                Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
            }
            Poll::Pending => {
                let stall_max = self.stall_max;
                let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + stall_max)));
                ready!(timer.as_mut().poll(context));
                Poll::Ready(Some(Err(OriginStalled.into())))
            }
        }
    }
}
