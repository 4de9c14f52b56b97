//! The listener and its connections: hyper's HTTP/1.1 server under a router.
//!
//! HTTP/1.1 only: calls between roles come from pooled connections over loopback or one network, where HTTP/2 costs
//! more than it gives; people's HTTP/2 ends at the gateway.

use std::convert::Infallible;
use std::net::TcpListener as StdListener;
use std::time::Duration;

use axum::Router;
use http::header::EXPECT;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tower::Service as _;
use tracing::{debug, warn};

use crate::unread::Unread;

/// Longest wait for a request's head: an idle connection waits here too, so it is above the client's idle timeout.
const HEAD_TIMEOUT: Duration = Duration::from_mins(1);

/// Longest head, and the buffer a connection reads into.
const HEAD_BYTES_MAX: usize = 64 * 1024;

/// Pause after a failed accept: usually the process is out of file descriptors, and asking again at once only burns CPU.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves until `closing`, then closes the listener and returns when every connection has finished its request.
pub async fn serve(listener: StdListener, router: Router, closing: CancellationToken) -> std::io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    let connections = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            biased;
            () = closing.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                tokio::spawn(connection(stream, router.clone(), &connections));
            }
            Err(error) => {
                warn!(error = &error as &dyn std::error::Error, "could not accept a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    connections.shutdown().await;
    Ok(())
}

fn connection(
    stream: TcpStream,
    router: Router,
    connections: &GracefulShutdown,
) -> impl Future<Output = ()> + Send + use<> {
    // Small answers are sent whole anyway; waiting for more only delays the last piece.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut router = router.clone();
        let waits = request.headers().contains_key(EXPECT);
        let request = request.map(|body| Unread::of(body, waits));
        async move { Ok::<_, Infallible>(infallible(router.call(request).await)) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), service);
    let connection = connections.watch(connection);
    async move {
        if let Err(error) = connection.await {
            // Clients come and go; their side of it is nothing to warn about.
            debug!(error = &error as &dyn std::error::Error, "a connection ended early");
        }
    }
}

fn infallible<T>(result: Result<T, Infallible>) -> T {
    match result {
        Ok(value) => value,
        Err(never) => match never {},
    }
}
