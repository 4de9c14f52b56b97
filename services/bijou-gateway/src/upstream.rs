//! The way to an instance: one request out, one answer back, over connections this worker keeps for itself.
//!
//! [`Exchange`] is the border: what carries the bytes can change without anything above noticing. Today it is hyper's
//! HTTP/1 client ([`Hyper`]); our own codec is meant to take its place, upstream side first.
//!
//! Left out on purpose: choosing the instance ([`crate::balance`]) and deciding about another attempt
//! ([`crate::forward`]).

mod directory;
mod hyper_h1;

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use tokio::net::TcpStream;

use crate::balance::Health;
use crate::balance::zones::Locality;
use crate::body::RequestBody;

pub use directory::{Directory, Instances};
pub use hyper_h1::{Hyper, OriginBody};

/// Carries one request to one instance.
pub trait Exchange {
    /// Sends `request` and waits for the answer's head.
    fn exchange(
        &self,
        instance: &Rc<Instance>,
        request: Request<RequestBody>,
    ) -> impl Future<Output = Result<Answer, ExchangeError>>;
}

/// What an instance answered with.
#[derive(Debug)]
pub enum Answer {
    /// An ordinary answer; its body follows.
    Response(Response<OriginBody>),
    /// 101: the connection is a tunnel now.
    Switched { response: Response<()>, stream: TcpStream, early: Bytes },
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[error("{kind}")]
pub struct ExchangeError {
    pub kind: ExchangeFault,
    /// The request, when not one byte of it was sent: it may go elsewhere, whatever its method.
    pub unsent: Option<Box<Request<RequestBody>>>,
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// What went wrong, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExchangeFault {
    #[error("connection refused or unreachable")]
    Connect,
    #[error("connecting took too long")]
    ConnectTimeout,
    #[error("the connection broke before the answer's head")]
    Reset,
    #[error("the answer is not valid HTTP")]
    Invalid,
    #[error("the request's body could not be read to its end")]
    RequestBody,
    #[error("no answer in time")]
    Timeout,
}

impl ExchangeFault {
    /// As written in timelines and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Connect => "connect-failed",
            Self::ConnectTimeout => "connect-timeout",
            Self::Reset => "reset",
            Self::Invalid => "invalid-answer",
            Self::RequestBody => "request-body",
            Self::Timeout => "timeout",
        }
    }
}

/// One instance as one worker knows it: its address, its health, and open connections to it.
#[derive(Debug)]
pub struct Instance {
    pub id: Arc<str>,
    pub addr: SocketAddr,
    /// Tells two lives of one instance apart.
    pub(crate) version: u64,
    pub health: Health,
    /// Where it is; `None` where the gateway has no zone, or the instance is one by address.
    locality: Cell<Option<Locality>>,
    /// It left the registry: connections are not kept any more.
    is_gone: Cell<bool>,
    idle: RefCell<Vec<hyper_h1::Wire>>,
}

impl Instance {
    /// An instance nothing is known about yet.
    pub fn new(id: impl Into<Arc<str>>, addr: SocketAddr, version: u64) -> Rc<Self> {
        Rc::new(Self {
            id: id.into(),
            addr,
            version,
            health: Health::default(),
            locality: Cell::new(None),
            is_gone: Cell::new(false),
            idle: RefCell::default(),
        })
    }

    /// Where it is, if that matters.
    pub fn locality(&self) -> Option<Locality> {
        self.locality.get()
    }

    /// Idle connections to it.
    pub fn idle(&self) -> usize {
        self.idle.borrow().len()
    }

    fn retire(&self) {
        self.is_gone.set(true);
        self.idle.borrow_mut().clear();
    }
}

/// Counts an attempt as in flight until its answer's body is done.
#[derive(Debug)]
pub(crate) struct InFlight(Rc<Instance>);

impl InFlight {
    fn new(instance: &Rc<Instance>) -> Self {
        instance.health.begin();
        Self(Rc::clone(instance))
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.health.end();
    }
}
