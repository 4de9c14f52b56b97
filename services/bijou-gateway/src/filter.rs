//! Filters: the public interface by which a team adds its own step to every request, and which the built-in ones use.
//!
//! A request passes the **inbound** filters in their printed order, then exactly one **endpoint** answers it, then the
//! answer passes the **outbound** filters. Any inbound filter may answer itself; the rest of the inbound ones and the
//! endpoint are skipped then, the outbound ones are not. A filter that has nothing to wait for says so at once and costs
//! a function call; one that waits hands back a future.
//!
//! Filters are shared by all workers, so they are `Send + Sync`; the futures they make stay on the worker that polls
//! them and may hold anything. Each has a limit of its own on how many requests may wait in it, and a time metric.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::reply::Reply;
use crate::transit::Transit;

/// A future that stays on its worker.
pub type LocalFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// What an inbound filter decided.
#[derive(Debug)]
pub enum Verdict {
    /// On to the next filter.
    Continue,
    /// This is the answer.
    Answer(Box<Reply>),
}

impl Verdict {
    /// This is the answer.
    pub fn answer(reply: impl Into<Reply>) -> Self {
        Self::Answer(Box::new(reply.into()))
    }
}

/// What an inbound filter does with a request: decide at once, or wait for something first.
pub enum Step<'a> {
    Done(Verdict),
    Wait(LocalFuture<'a, Verdict>),
}

impl Step<'_> {
    /// On to the next filter.
    pub const CONTINUE: Self = Self::Done(Verdict::Continue);

    /// This is the answer.
    pub fn answer(reply: impl Into<Reply>) -> Self {
        Self::Done(Verdict::answer(reply))
    }
}

/// Looks at a request on its way in; may change it, answer it, or choose who does.
pub trait InboundFilter: Send + Sync + 'static {
    /// Name in metrics, stories and the printed order: kebab-case, unique.
    fn name(&self) -> &'static str;

    /// Requests that may wait in it at one time, over all workers; more are refused with 503.
    fn waiting_max(&self) -> u32 {
        4_000
    }

    /// Looks at one request.
    fn inbound<'a>(&'a self, transit: &'a mut Transit) -> Step<'a>;
}

/// Answers requests.
pub trait Endpoint: Send + Sync + 'static {
    /// Name in metrics and stories.
    fn name(&self) -> &'static str;

    /// Answers one request.
    fn answer<'a>(&'a self, transit: &'a mut Transit) -> LocalFuture<'a, Reply>;
}

/// What an outbound filter does with an answer.
pub enum OutStep<'a> {
    Done,
    Wait(LocalFuture<'a, ()>),
}

/// Looks at an answer on its way out and may change it. Runs for problems and for the gateway's own pages, too.
pub trait OutboundFilter: Send + Sync + 'static {
    /// Name in metrics, stories and the printed order: kebab-case, unique.
    fn name(&self) -> &'static str;

    /// Answers that may wait in it at one time, over all workers; more pass it by.
    fn waiting_max(&self) -> u32 {
        4_000
    }

    /// Looks at one answer.
    fn outbound<'a>(&'a self, transit: &'a mut Transit, reply: &'a mut Reply) -> OutStep<'a>;
}

/// Where a filter of one's own goes among the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    First,
    Before(&'static str),
    After(&'static str),
    Last,
}

/// Filters of one's own, to be put among the built-in ones.
#[derive(Default)]
pub struct Filters {
    pub(crate) inbound: Vec<(Position, Arc<dyn InboundFilter>)>,
    pub(crate) outbound: Vec<(Position, Arc<dyn OutboundFilter>)>,
}

impl Filters {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more for requests.
    pub fn inbound(mut self, position: Position, filter: impl InboundFilter) -> Self {
        self.inbound.push((position, Arc::new(filter)));
        self
    }

    /// One more for answers.
    pub fn outbound(mut self, position: Position, filter: impl OutboundFilter) -> Self {
        self.outbound.push((position, Arc::new(filter)));
        self
    }
}

impl std::fmt::Debug for Filters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let inbound: Vec<_> = self.inbound.iter().map(|(position, filter)| (filter.name(), position)).collect();
        let outbound: Vec<_> = self.outbound.iter().map(|(position, filter)| (filter.name(), position)).collect();
        f.debug_struct("Filters").field("inbound", &inbound).field("outbound", &outbound).finish()
    }
}
