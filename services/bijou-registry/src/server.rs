//! Listeners and runtimes: current-thread runtimes on threads of their own, each with its own listening socket on the
//! same port.
//!
//! The kernel spreads connections over the sockets (`SO_REUSEPORT`). That option would also let a second registry share
//! the port silently, so the port is first taken without it: a port in use is an error, as it should be.

use std::{
    io::Cursor,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    thread::JoinHandle,
    time::Duration,
};

use bijou_chassis::ChassisError;
use bijou_telemetry::Role;
use futures_util::future::join_all;
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
};
use socket2::{Domain, Protocol, Socket, Type};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite},
    net::TcpStream,
    runtime,
    sync::Semaphore,
    time::{Instant, sleep, timeout},
};
use tokio_rustls::TlsAcceptor;
use tracing::{debug, warn};

use crate::{
    conversation::{Left, converse},
    handle::{Remote, Site, handle_request},
    telemetry::Served,
    tls,
};

/// Connections that wait to be accepted.
const BACKLOG: i32 = 1024;
/// How long a connection may sit between two requests, or take for a request's head. Longer than the thirty seconds at
/// which Eureka's clients renew, so that theirs are kept.
const IDLE_MAX: Duration = Duration::from_mins(2);
/// How long a client may take to agree on TLS.
const HANDSHAKE_MAX: Duration = Duration::from_secs(5);
/// Time for requests in flight to be answered at the end.
const FINISH_MAX: Duration = Duration::from_secs(2);
/// Pause after a failed accept: it usually means that file descriptors ran out, and trying at once burns a core.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Sockets bound to one address, one for each thread.
#[derive(Debug)]
pub struct Listeners {
    pub addr: SocketAddr,
    sockets: Vec<TcpListener>,
}

impl Listeners {
    /// Takes `addr` alone, then shares it among `count` sockets of this process. `setting` names it in an error.
    pub fn bind(addr: SocketAddr, count: usize, setting: &str) -> Result<Self, ChassisError> {
        let alone = bijou_chassis::bind(addr, setting)?;
        let failed = |source| ChassisError::Listen { addr, source };
        let addr = alone.local_addr().map_err(failed)?;
        if count <= 1 {
            return Ok(Listeners { addr, sockets: vec![alone] });
        }
        drop(alone);
        let sockets = (0..count).map(|_| shared(addr)).collect::<Result<_, _>>().map_err(failed)?;
        Ok(Listeners { addr, sockets })
    }
}

/// Starts a thread for each socket of `plain`, which serves one of `secure` too. They were bound for the same count.
pub fn serve(
    plain: Listeners,
    secure: Option<(Listeners, TlsAcceptor)>,
    site: &Site,
    role: Option<&Role>,
    connections_max: usize,
) -> std::io::Result<Vec<JoinHandle<()>>> {
    let room = Arc::new(Semaphore::new(connections_max.min(Semaphore::MAX_PERMITS)));
    let (secure, acceptor) = secure.map_or((Vec::new(), None), |(listeners, tls)| (listeners.sockets, Some(tls)));
    let mut secure = secure.into_iter();
    let threads = plain.sockets.into_iter().enumerate().map(|(number, socket)| {
        let (site, role) = (Site { waiters: Arc::default(), ..site.clone() }, role.cloned());
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let entered = runtime.enter();
        let mut doors = vec![Door::new(socket, None, &room)?];
        if let Some(socket) = secure.next() {
            doors.push(Door::new(socket, acceptor.clone(), &room)?);
        }
        drop(entered);
        std::thread::Builder::new().name(format!("registry-{number}")).spawn(move || {
            if let Some(role) = role {
                role.bind_thread();
            }
            runtime.block_on(join_all(doors.into_iter().map(|door| accept(door, site.clone()))));
        })
    });
    threads.collect()
}

/// A listening socket of one thread.
struct Door {
    listener: tokio::net::TcpListener,
    /// What speaks TLS behind it.
    tls: Option<TlsAcceptor>,
    room: Arc<Semaphore>,
}

impl Door {
    fn new(socket: TcpListener, tls: Option<TlsAcceptor>, room: &Arc<Semaphore>) -> std::io::Result<Self> {
        Ok(Door { listener: tokio::net::TcpListener::from_std(socket)?, tls, room: Arc::clone(room) })
    }
}

fn shared(addr: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    socket.set_reuse_port(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&addr.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

async fn accept(door: Door, site: Site) {
    let Door { listener, tls, room } = door;
    let graceful = GracefulShutdown::new();
    let http = hypers();
    loop {
        let accepted = tokio::select! {
            biased;
            () = site.shutdown.cancelled() => break,
            // Room first: when there is none, connections wait in the kernel's queue.
            accepted = async {
                let permit = Arc::clone(&room).acquire_owned().await.expect("the semaphore is never closed");
                listener.accept().await.map(|(stream, from)| (stream, from, permit))
            } => accepted,
        };
        let (stream, from, permit) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                warn!(error = %error, "could not accept a connection");
                sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        // Answers and events are small: waiting to fill a packet only delays them.
        let _ = stream.set_nodelay(true);
        let (site, http, tls, watcher) = (site.clone(), http.clone(), tls.clone(), graceful.watcher());
        tokio::spawn(async move {
            let remote = Remote::at(from.ip());
            match tls {
                None => serve_plain(stream, remote, site, http, watcher).await,
                Some(tls) => match timeout(HANDSHAKE_MAX, tls.accept(stream)).await {
                    Ok(Ok(stream)) => {
                        let names = tls::names_in(stream.get_ref().1.peer_certificates());
                        serve_by_hyper(stream, Remote { names, ..remote }, site, http, watcher).await;
                    }
                    // Said quietly: whoever can reach the port could fill the log.
                    Ok(Err(error)) => debug!(error = %error, client.address = %from, "a TLS handshake failed"),
                    Err(_) => debug!(client.address = %from, "a TLS handshake took too long"),
                },
            }
            drop(permit);
        });
    }
    drop(listener);
    if timeout(FINISH_MAX, graceful.shutdown()).await.is_err() {
        warn!("some connections did not finish in time and are closed");
    }
}

/// How hyper serves.
fn hypers() -> http1::Builder {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(IDLE_MAX).half_close(false);
    http
}

/// Serves one connection until it ends: ourselves for as long as it asks what most connections ask, then by hyper.
async fn serve_plain(stream: TcpStream, remote: Remote, site: Site, http: http1::Builder, watcher: Watcher) {
    if let Left::Over(stream, received) = converse(stream, &remote, &site, IDLE_MAX).await {
        let (reader, writer) = stream.into_split();
        let stream = tokio::io::join(Cursor::new(received).chain(reader), writer);
        serve_by_hyper(stream, remote, site, http, watcher).await;
    }
}

/// Serves one connection until it ends, by hyper.
async fn serve_by_hyper<S>(stream: S, remote: Remote, site: Site, http: http1::Builder, watcher: Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + 'static,
{
    // Once a connection, so that a request costs two reference counts.
    let (site, remote) = (Arc::new(site), Arc::new(remote));
    let service = service_fn(move |request| {
        let (site, remote) = (Arc::clone(&site), Arc::clone(&remote));
        async move {
            let began = Instant::now();
            let method = request.method().clone();
            let (route, response) = handle_request(&site, &remote, request).await;
            let telemetry = &site.registry.telemetry;
            Served::default().note(telemetry, &method, route, response.status(), began.elapsed());
            Ok::<_, std::convert::Infallible>(response)
        }
    });
    if let Err(error) = watcher.watch(http.serve_connection(TokioIo::new(stream), service)).await {
        debug!(error = %error, "a connection ended early");
    }
}

#[cfg(test)]
mod differential_tests;
