//! A network in memory: nodes that listen, links that can be cut or slow. A cut link breaks what goes over it and swallows
//! what tries to connect, as a partition does; a node that is down refuses, as a host without the process does.

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, Ipv4Addr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bijou_eureka::{Dial, Dialing, Duplex, ServiceUrl};
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, copy_bidirectional, duplex, split},
    sync::mpsc,
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;

use crate::handle::{Remote, Site, handle_request};

const PIPE_BYTES: usize = 64 * 1024;

#[derive(Debug)]
pub struct Net {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    listening: Vec<Option<mpsc::UnboundedSender<DuplexStream>>>,
    /// Cancelled when the link is cut.
    links: HashMap<(usize, usize), CancellationToken>,
    /// How long what goes over a link takes one way; links that are not slow take no time.
    delays: HashMap<(usize, usize), Duration>,
}

/// The network as one node sees it.
#[derive(Debug)]
struct Seen {
    from: usize,
    net: Arc<Net>,
}

impl Net {
    pub fn new(nodes: usize) -> Self {
        Net { state: Mutex::new(State { listening: vec![None; nodes], links: HashMap::new(), delays: HashMap::new() }) }
    }

    pub fn seen_from(self: &Arc<Self>, from: usize) -> Arc<dyn Dial> {
        Arc::new(Seen { from, net: Arc::clone(self) })
    }

    pub fn listen(&self, node: usize, site: Site, stop: CancellationToken) {
        let (sender, mut accepted) = mpsc::unbounded_channel();
        self.lock().listening[node] = Some(sender);
        tokio::spawn(async move {
            while let Some(stream) = accepted.recv().await {
                let (site, stop) = (site.clone(), stop.clone());
                let service = service_fn(move |request| {
                    let site = site.clone();
                    async move {
                        let (_, response) =
                            handle_request(&site, &Remote::at(IpAddr::V4(Ipv4Addr::LOCALHOST)), request).await;
                        Ok::<_, std::convert::Infallible>(response)
                    }
                });
                let mut http = http1::Builder::new();
                http.timer(TokioTimer::new());
                let connection = http.serve_connection(TokioIo::new(stream), service);
                tokio::spawn(stop.run_until_cancelled_owned(connection));
            }
        });
    }

    pub fn stop_listening(&self, node: usize) {
        self.lock().listening[node] = None;
    }

    pub fn cut(&self, one: usize, other: usize) {
        self.lock().link(one, other).cancel();
    }

    pub fn join(&self, one: usize, other: usize) {
        let link = link_of(one, other);
        let mut state = self.lock();
        if state.links.get(&link).is_some_and(CancellationToken::is_cancelled) {
            state.links.remove(&link);
        }
    }

    /// Makes a link slow, from its next connections on: what is open breaks.
    pub fn slow(&self, one: usize, other: usize, one_way: Duration) {
        let mut state = self.lock();
        state.link(one, other).cancel();
        state.links.remove(&link_of(one, other));
        state.delays.insert(link_of(one, other), one_way);
    }

    /// Makes it fast again, in the same way.
    pub fn hurry(&self, one: usize, other: usize) {
        self.slow(one, other, Duration::ZERO);
        self.lock().delays.remove(&link_of(one, other));
    }

    pub fn heal(&self) {
        self.lock().links.retain(|_, link| !link.is_cancelled());
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn link(&mut self, one: usize, other: usize) -> CancellationToken {
        self.links.entry(link_of(one, other)).or_default().clone()
    }
}

fn link_of(one: usize, other: usize) -> (usize, usize) {
    (one.min(other), one.max(other))
}

impl Dial for Seen {
    fn dial<'a>(&'a self, url: &'a ServiceUrl) -> Dialing<'a> {
        Box::pin(async move {
            let to = url.host().trim_start_matches("node-").parse().ok();
            let to: usize = to.ok_or(io::ErrorKind::NotFound)?;
            let (link, listening, delay) = {
                let mut state = self.net.lock();
                let delay = state.delays.get(&link_of(self.from, to)).copied();
                (state.link(self.from, to), state.listening[to].clone(), delay)
            };
            if link.is_cancelled() {
                // The caller's patience ends it.
                std::future::pending::<()>().await;
            }
            let listening = listening.ok_or(io::ErrorKind::ConnectionRefused)?;
            let (ours, mut near) = duplex(PIPE_BYTES);
            let (mut far, theirs) = duplex(PIPE_BYTES);
            listening.send(theirs).map_err(|_| io::ErrorKind::ConnectionRefused)?;
            tokio::spawn(link.run_until_cancelled_owned(async move {
                let Some(delay) = delay else { return drop(copy_bidirectional(&mut near, &mut far).await) };
                let ((from_near, to_near), (from_far, to_far)) = (split(near), split(far));
                tokio::join!(carry(from_near, to_far, delay), carry(from_far, to_near, delay));
            }));
            Ok(Box::new(ours) as Box<dyn Duplex>)
        })
    }
}

/// Carries bytes so that each arrives so much later than it was sent.
async fn carry(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, delay: Duration) {
    let (sender, mut under_way) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
    let send = async move {
        let mut bytes = [0; 8 * 1024];
        while let Ok(length @ 1..) = from.read(&mut bytes).await {
            // Whoever does not read any more has no use for it.
            let _ = sender.send((Instant::now() + delay, bytes[..length].to_vec()));
        }
    };
    let arrive = async move {
        while let Some((at, bytes)) = under_way.recv().await {
            sleep_until(at).await;
            if to.write_all(&bytes).await.is_err() {
                return;
            }
        }
        let _ = to.shutdown().await;
    };
    tokio::join!(send, arrive);
}
