//! One client connection: what the socket, the requests on it and the worker's housekeeping know in common.
//!
//! Timers cost a registration each time they are set, and a proxy would set three per request. Here a connection only
//! notes since when it waits for what; housekeeping looks at all connections ten times a second.

mod io;

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::task::{Context, Waker};

use http::HeaderValue;
use tokio::net::TcpStream;

use crate::clock::{Coarse, Moment};
use crate::config::Timeouts;
use crate::framing::{Guard, HeadLimits, Place, Refusal};

pub use io::ClientIo;

/// The other end of a WebSocket, once both sides have agreed on it.
#[derive(Debug)]
pub struct Tunnel {
    pub origin: TcpStream,
    /// What the origin sent behind its head.
    pub early: bytes::Bytes,
}

/// What everybody knows about one client connection.
#[derive(Debug)]
pub struct Link {
    pub peer: SocketAddr,
    /// The client's address as `x-forwarded-for` says it, made once.
    peer_value: HeaderValue,
    pub(crate) is_http2: bool,
    guard: RefCell<Guard>,
    /// Bytes the guard lets pass without anything having been read: stand-ins and what waited for an upgrade.
    injected: RefCell<Vec<u8>>,
    waker: RefCell<Option<Waker>>,
    /// When the present wait for the client began.
    since: Cell<Moment>,
    /// The client was asked for bytes and had none.
    is_starved: Cell<bool>,
    /// Since when the client takes nothing.
    write_blocked: Cell<Option<Moment>>,
    in_flight: Cell<u32>,
    served: Cell<u64>,
    is_closing: Cell<bool>,
    is_killed: Cell<bool>,
    pub(crate) tunnel: RefCell<Option<Tunnel>>,
}

/// What housekeeping did to a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Fine,
    /// It was too slow or idle for too long.
    TimedOut,
}

impl Link {
    /// An HTTP/1 connection, guarded.
    pub fn http1(peer: SocketAddr, limits: HeadLimits, now: Moment) -> Rc<Self> {
        Rc::new(Self::new(peer, false, Guard::new(limits), now))
    }

    /// An HTTP/2 connection: hyper's `h2` keeps its framing.
    pub fn http2(peer: SocketAddr, now: Moment) -> Rc<Self> {
        Rc::new(Self::new(peer, true, Guard::tunnel(), now))
    }

    fn new(peer: SocketAddr, is_http2: bool, guard: Guard, now: Moment) -> Self {
        let peer_value = HeaderValue::try_from(peer.ip().to_string()).expect("an address is a header value");
        Self {
            peer,
            peer_value,
            is_http2,
            guard: RefCell::new(guard),
            injected: RefCell::default(),
            waker: RefCell::default(),
            since: Cell::new(now),
            is_starved: Cell::new(false),
            write_blocked: Cell::new(None),
            in_flight: Cell::new(0),
            served: Cell::new(0),
            is_closing: Cell::new(false),
            is_killed: Cell::new(false),
            tunnel: RefCell::default(),
        }
    }

    pub(crate) fn peer_value(&self) -> &HeaderValue {
        &self.peer_value
    }

    /// A request begins. Why it must be refused, if so.
    pub fn begin(&self) -> Option<Refusal> {
        self.in_flight.set(self.in_flight.get() + 1);
        let index = self.served.get();
        self.served.set(index + 1);
        if self.is_http2 { None } else { self.guard.borrow().refusal(index) }
    }

    /// A tunnel begins: the connection is in use until [`Link::end`], whatever passes.
    pub fn begin_tunnel(&self) {
        self.in_flight.set(self.in_flight.get() + 1);
    }

    /// A request's answer has left, or nobody wants it any more.
    pub fn end(&self, clock: &Coarse) {
        self.in_flight.set(self.in_flight.get() - 1);
        self.since.set(clock.now());
    }

    /// Settles an upgrade the client asked for; does nothing when it asked for none.
    pub fn decide_upgrade(&self, tunnel: bool) {
        let mut guard = self.guard.borrow_mut();
        if guard.is_paused() {
            let mut injected = self.injected.borrow_mut();
            if guard.decide_upgrade(tunnel, &mut |bytes| injected.extend_from_slice(bytes)).is_err() {
                self.is_killed.set(true);
            }
            drop((guard, injected));
            self.wake();
        }
    }

    /// Asks for an orderly end: the request being carried is finished, no other is begun.
    pub fn close(&self) {
        self.is_closing.set(true);
        self.wake();
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.is_closing.get()
    }

    pub(crate) fn is_killed(&self) -> bool {
        self.is_killed.get()
    }

    /// Whom to wake when housekeeping decides something.
    pub(crate) fn park(&self, context: &Context<'_>) {
        let mut waker = self.waker.borrow_mut();
        match &*waker {
            Some(known) if known.will_wake(context.waker()) => {}
            _ => *waker = Some(context.waker().clone()),
        }
    }

    fn wake(&self) {
        if let Some(waker) = &*self.waker.borrow() {
            waker.wake_by_ref();
        }
    }

    /// Looks at what this connection waits for, and for how long.
    pub fn check(&self, now: Moment, timeouts: &Timeouts) -> Verdict {
        if self.is_killed.get() {
            return Verdict::Fine;
        }
        if self.write_blocked.get().is_some_and(|since| now.ms_since(since) > timeouts.write_stall_ms) {
            return self.kill();
        }
        let waited_ms = now.ms_since(self.since.get());
        let place = self.guard.borrow().place();
        match place {
            Place::Head if waited_ms > timeouts.head_ms => {
                let mut injected = self.injected.borrow_mut();
                self.guard.borrow_mut().refuse(Refusal::HeadTooSlow, &mut |bytes| injected.extend_from_slice(bytes));
                drop(injected);
                self.wake();
                Verdict::TimedOut
            }
            Place::Body if self.is_starved.get() && waited_ms > timeouts.body_stall_ms => self.kill(),
            Place::Between | Place::Tunnel if self.in_flight.get() == 0 && !self.is_closing.get() => {
                // Nobody opens a connection to think for a minute before the first request.
                let is_new = self.served.get() == 0;
                if waited_ms > if is_new { timeouts.head_ms } else { timeouts.idle_ms } {
                    self.close();
                    return Verdict::TimedOut;
                }
                Verdict::Fine
            }
            _ => Verdict::Fine,
        }
    }

    fn kill(&self) -> Verdict {
        self.is_killed.set(true);
        self.wake();
        Verdict::TimedOut
    }
}

#[cfg(test)]
mod tests;
