//! Serving one client connection: which protocol it speaks, hyper's loop around it, and what comes after an upgrade.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::rt::Executor;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::TokioTimer;
use tokio::net::TcpStream;
use tracing::debug;

use super::{SentBody, Worker, serve::handle};
use crate::config::ms;
use crate::link::{ClientIo, Link};

/// What every HTTP/2 connection begins with (RFC 9113, section 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

enum Protocol {
    Http1,
    Http2,
}

/// Serves a connection to its end.
pub(super) async fn serve(worker: Rc<Worker>, stream: TcpStream, peer: SocketAddr) {
    let head_time = ms(worker.active().config().timeouts.head_ms);
    // Answers are written whole; waiting to fill a packet only delays the last one.
    if stream.set_nodelay(true).is_err() {
        return;
    }
    worker.stats().connections.add(1);
    let protocol = tokio::time::timeout(head_time, sniff(&stream)).await;
    match protocol {
        Ok(Ok(Some(Protocol::Http1))) => serve_http1(&worker, stream, peer).await,
        Ok(Ok(Some(Protocol::Http2))) => serve_http2(&worker, stream, peer).await,
        Ok(Ok(None) | Err(_)) => {}
        Err(_) => worker.stats().connections_timed_out.add(1),
    }
    worker.stats().connections.sub(1);
}

/// Looks at the first bytes without taking them. `None` when the client left before the first one.
async fn sniff(stream: &TcpStream) -> std::io::Result<Option<Protocol>> {
    let mut first = [0; PREFACE.len()];
    loop {
        let len = stream.peek(&mut first).await?;
        if len == 0 {
            return Ok(None);
        }
        if first[..len] != PREFACE[..len] {
            return Ok(Some(Protocol::Http1));
        }
        if len == PREFACE.len() {
            return Ok(Some(Protocol::Http2));
        }
        // A preface in pieces: rare, and peeking again at once would spin.
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Takes a connection off the worker's list when it ends, however it ends.
struct Listed<'a> {
    worker: &'a Worker,
    id: u64,
}

impl Drop for Listed<'_> {
    fn drop(&mut self) {
        self.worker.links.borrow_mut().remove(&self.id);
    }
}

async fn serve_http1(worker: &Rc<Worker>, stream: TcpStream, peer: SocketAddr) {
    let active = worker.active();
    let link = Link::http1(peer, active.config().head_limits(), worker.clock.now());
    let listed = Listed { worker, id: worker.add_link(&link) };
    let io = ClientIo::new(stream, Rc::clone(&link), Rc::clone(&worker.clock));
    let service = service(worker, &link);
    let mut connection = http1::Builder::new()
        // The guard and housekeeping do both, with an answer that says so.
        .header_read_timeout(None)
        .max_headers(active.config().limits.head_fields_max)
        .serve_connection(io, service);
    drop(active);
    let mut asked_to_close = worker.is_draining();
    if asked_to_close {
        Pin::new(&mut connection).graceful_shutdown();
    }
    let ended = poll_fn(|context| {
        if link.is_killed() {
            return Poll::Ready(None);
        }
        link.park(context);
        if link.is_closing() && !asked_to_close {
            asked_to_close = true;
            Pin::new(&mut connection).graceful_shutdown();
        }
        Pin::new(&mut connection).poll(context).map(Some)
    })
    .await;
    match ended {
        Some(Ok(())) => {
            let tunnel = link.tunnel.borrow_mut().take();
            if let Some(tunnel) = tunnel {
                let (client, early) = {
                    let parts = connection.into_parts();
                    let (client, mut early) = parts.io.into_stream();
                    early.splice(0..0, parts.read_buf);
                    (client, early)
                };
                let idle = ms(worker.active().config().timeouts.stream_idle_ms);
                worker.stats().tunnels.add(1);
                link.begin_tunnel();
                crate::tunnel::relay(client, &early, tunnel, idle, &link).await;
                worker.stats().tunnels.sub(1);
            }
        }
        Some(Err(error)) => debug!(client = %peer, error = %error, "a client connection ended early"),
        None => debug!(client = %peer, "a client connection was cut: too slow"),
    }
    drop(listed);
}

async fn serve_http2(worker: &Rc<Worker>, stream: TcpStream, peer: SocketAddr) {
    let active = worker.active();
    let link = Link::http2(peer, worker.clock.now());
    let listed = Listed { worker, id: worker.add_link(&link) };
    let io = ClientIo::new(stream, Rc::clone(&link), Rc::clone(&worker.clock));
    let limits = &active.config().limits;
    let connection = http2::Builder::new(SpawnLocal)
        .timer(TokioTimer::new())
        .max_concurrent_streams(limits.h2_streams_max)
        .max_header_list_size(limits.head_bytes_max as u32)
        .initial_stream_window_size(64 * 1024)
        .initial_connection_window_size(1024 * 1024)
        .max_send_buf_size(256 * 1024)
        .keep_alive_interval(Some(Duration::from_secs(20)))
        .keep_alive_timeout(Duration::from_secs(10))
        .serve_connection(io, service(worker, &link));
    let mut connection = pin!(connection);
    let mut asked_to_close = false;
    let ended = poll_fn(|context| {
        if link.is_killed() {
            return Poll::Ready(Ok(()));
        }
        link.park(context);
        if (link.is_closing() || worker.is_draining()) && !asked_to_close {
            asked_to_close = true;
            connection.as_mut().graceful_shutdown();
        }
        connection.as_mut().poll(context)
    })
    .await;
    if let Err(error) = ended {
        debug!(client = %peer, error = %error, "a client connection ended early");
    }
    drop(listed);
}

fn service(
    worker: &Rc<Worker>,
    link: &Rc<Link>,
) -> impl hyper::service::Service<
    Request<Incoming>,
    Response = Response<SentBody>,
    Error = Infallible,
    Future = impl Future<Output = Result<Response<SentBody>, Infallible>> + use<>,
> + use<> {
    let (worker, link) = (Rc::clone(worker), Rc::clone(link));
    service_fn(move |request| handle(Rc::clone(&worker), Rc::clone(&link), request))
}

/// Streams of an HTTP/2 connection stay on its worker.
#[derive(Debug, Clone, Copy)]
struct SpawnLocal;

impl<F: Future + 'static> Executor<F> for SpawnLocal {
    fn execute(&self, future: F) {
        // The handle is not needed: h2 resets what is dropped.
        drop(tokio::task::spawn_local(async move {
            future.await;
        }));
    }
}
