//! [`Exchange`] by hyper's HTTP/1 client, driven by the request that uses it.
//!
//! hyper wants each connection polled by somebody, usually a task of its own: then every request wakes two tasks and
//! passes through their channels. Here whoever waits for the answer polls the connection along with it, and an idle
//! connection is polled by nobody. That saves a task switch each way and a task per idle connection; in exchange an
//! idle connection that the instance has closed is noticed only when it is taken out, before anything is sent on it.

use std::future::Future;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode};
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use hyper::client::conn::http1::{Builder, Connection, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::{Answer, Exchange, ExchangeError, ExchangeFault, InFlight, Instance};
use crate::body::RequestBody;
use crate::clock::{Coarse, Moment};
use crate::stats::WorkerStats;

/// Bytes asked for in one read, and most bytes of an answer held while the client is slow. Most answers fit, so they are
/// read once and written once; hyper's own choice begins at 8 KiB and cuts a page in two.
const READ_BYTES: usize = 32 * 1024;
/// Most fields of an answer's head.
const FIELDS_MAX: usize = 128;

/// One open connection.
#[derive(Debug)]
pub(super) struct Wire(Box<WireInner>);

#[derive(Debug)]
struct WireInner {
    sender: SendRequest<RequestBody>,
    connection: Connection<TokioIo<TcpStream>, RequestBody>,
    /// hyper said that nothing more will come.
    is_over: bool,
    idle_since: Moment,
}

/// Settings and counters of the connections of one worker.
#[derive(Debug)]
pub struct Hyper {
    pub connect_timeout: Duration,
    pub idle_max: usize,
    pub clock: Rc<Coarse>,
    pub stats: Arc<[WorkerStats]>,
    pub worker: usize,
}

impl Exchange for Rc<Hyper> {
    async fn exchange(&self, instance: &Rc<Instance>, request: Request<RequestBody>) -> Result<Answer, ExchangeError> {
        let in_flight = InFlight::new(instance);
        let known = std::future::poll_fn(|context| Poll::Ready(self.take_idle(instance, context))).await;
        let mut wire = match known {
            Some(wire) => wire,
            None => match self.connect(instance).await {
                Ok(wire) => wire,
                Err(mut error) => {
                    error.unsent = Some(Box::new(request));
                    return Err(error);
                }
            },
        };
        let mut answer = pin!(wire.0.sender.try_send_request(request));
        let wire_in_use = &mut wire;
        let result = std::future::poll_fn(move |context| {
            let over = wire_in_use.drive(context);
            match answer.as_mut().poll(context) {
                Poll::Pending if over => Poll::Ready(None),
                polled => polled.map(Some),
            }
        })
        .await;
        match result {
            Some(Ok(response)) if response.status() == StatusCode::SWITCHING_PROTOCOLS => {
                let (parts, _) = response.into_parts();
                let (stream, early) = wire.into_stream().await?;
                Ok(Answer::Switched { response: http::Response::from_parts(parts, ()), stream, early })
            }
            Some(Ok(response)) => {
                let carrier = Carrier { wire, exchange: Rc::clone(self), in_flight };
                Ok(Answer::Response(response.map(|incoming| OriginBody { incoming, carrier: Some(Box::new(carrier)) })))
            }
            Some(Err(mut error)) => {
                let unsent = error.take_message().map(Box::new);
                let error = error.into_error();
                let kind = if error.is_parse() || error.is_parse_too_large() {
                    ExchangeFault::Invalid
                } else if error.is_user() || error.is_body_write_aborted() {
                    ExchangeFault::RequestBody
                } else {
                    ExchangeFault::Reset
                };
                Err(ExchangeError { kind, unsent, source: Some(error.into()) })
            }
            None => Err(ExchangeError { kind: ExchangeFault::Reset, unsent: None, source: None }),
        }
    }
}

impl Hyper {
    fn stats(&self) -> &WorkerStats {
        &self.stats[self.worker]
    }

    /// The most recently used connection that is still alive.
    fn take_idle(&self, instance: &Instance, context: &mut Context<'_>) -> Option<Wire> {
        loop {
            let mut wire = instance.idle.borrow_mut().pop()?;
            self.stats().upstream_idle.sub(1);
            if !wire.drive(context) && wire.0.sender.is_ready() {
                self.stats().upstream_reused.add(1);
                return Some(wire);
            }
        }
    }

    async fn connect(&self, instance: &Instance) -> Result<Wire, ExchangeError> {
        let fault =
            |kind, source: Option<std::io::Error>| ExchangeError { kind, unsent: None, source: source.map(Into::into) };
        let stream = match tokio::time::timeout(self.connect_timeout, TcpStream::connect(instance.addr)).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return Err(fault(ExchangeFault::Connect, Some(error))),
            Err(_) => return Err(fault(ExchangeFault::ConnectTimeout, None)),
        };
        // Small requests must not wait for the acknowledgement of the one before.
        stream.set_nodelay(true).map_err(|error| fault(ExchangeFault::Connect, Some(error)))?;
        let handshake = Builder::new()
            .read_buf_exact_size(Some(READ_BYTES))
            .max_headers(FIELDS_MAX)
            .handshake(TokioIo::new(stream))
            .await;
        let (sender, connection) = handshake.map_err(|error| ExchangeError {
            kind: ExchangeFault::Connect,
            unsent: None,
            source: Some(error.into()),
        })?;
        self.stats().upstream_opened.add(1);
        Ok(Wire(Box::new(WireInner { sender, connection, is_over: false, idle_since: self.clock.now() })))
    }

    /// Keeps a connection whose answer is complete, if it is worth keeping.
    fn keep(&self, instance: &Instance, mut wire: Wire, context: &mut Context<'_>) {
        // hyper settles the end of an exchange on the next poll; a request body that is still being sent spoils it.
        if wire.drive(context) || !wire.0.sender.is_ready() || instance.is_gone.get() {
            return;
        }
        let mut idle = instance.idle.borrow_mut();
        if idle.len() < self.idle_max {
            wire.0.idle_since = self.clock.now();
            idle.push(wire);
            self.stats().upstream_idle.add(1);
        }
    }

    /// Closes connections that nobody used for so long.
    pub(super) fn sweep(&self, instance: &Instance, idle_ms_max: u64) {
        let now = self.clock.now();
        let mut idle = instance.idle.borrow_mut();
        let before = idle.len();
        idle.retain(|wire| now.ms_since(wire.0.idle_since) < idle_ms_max);
        self.stats().upstream_idle.sub((before - idle.len()) as u64);
    }

    /// Closes all connections to an instance that left.
    pub(super) fn retire(&self, instance: &Instance) {
        self.stats().upstream_idle.sub(instance.idle() as u64);
        instance.retire();
    }
}

impl Wire {
    /// Lets hyper do what it can now; `true` once the connection is over.
    fn drive(&mut self, context: &mut Context<'_>) -> bool {
        let inner = &mut *self.0;
        if !inner.is_over {
            inner.is_over = Pin::new(&mut inner.connection).poll(context).is_ready();
        }
        inner.is_over
    }

    /// The bare socket of a connection that became a tunnel.
    async fn into_stream(mut self) -> Result<(TcpStream, Bytes), ExchangeError> {
        std::future::poll_fn(|context| if self.drive(context) { Poll::Ready(()) } else { Poll::Pending }).await;
        let parts = self.0.connection.into_parts();
        Ok((parts.io.into_inner(), parts.read_buf))
    }
}

/// The body of an answer, and the connection it comes from.
#[derive(Debug)]
pub struct OriginBody {
    incoming: Incoming,
    /// Gone as soon as the body is complete: the connection is free before the client has read everything.
    carrier: Option<Box<Carrier>>,
}

#[derive(Debug)]
struct Carrier {
    wire: Wire,
    exchange: Rc<Hyper>,
    in_flight: InFlight,
}

impl OriginBody {
    fn release(&mut self, context: &mut Context<'_>) {
        if let Some(carrier) = self.carrier.take() {
            let Carrier { wire, exchange, in_flight } = *carrier;
            exchange.keep(&in_flight.0, wire, context);
        }
    }
}

impl Body for OriginBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let this = self.get_mut();
        // Twice: the first look tells hyper that somebody wants the body, the second finds what it then read.
        for _ in 0..2 {
            if let Some(carrier) = &mut this.carrier {
                carrier.wire.drive(context);
            }
            match Pin::new(&mut this.incoming).poll_frame(context) {
                Poll::Ready(Some(Ok(frame))) if frame.is_data() => {
                    if this.incoming.is_end_stream() {
                        this.release(context);
                    }
                    return Poll::Ready(Some(Ok(frame)));
                }
                // Nothing yet; or trailers, which nobody was told of, so they are dropped, and the end follows.
                Poll::Pending | Poll::Ready(Some(Ok(_))) => {}
                Poll::Ready(Some(Err(error))) => {
                    this.carrier = None;
                    return Poll::Ready(Some(Err(error)));
                }
                Poll::Ready(None) => {
                    this.release(context);
                    return Poll::Ready(None);
                }
            }
        }
        Poll::Pending
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}
