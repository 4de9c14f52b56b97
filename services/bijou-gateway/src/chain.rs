//! The filters in their order, and how a request is led through them.
//!
//! Time is measured for every filter of a request that is being traced, for one request in [`TIMED_EVERY`] otherwise,
//! and always for filters that wait: reading the clock twice per filter would cost more than most filters do.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use serde::Serialize;

use crate::failure::Failure;
use crate::filter::{Filters, InboundFilter, OutStep, OutboundFilter, Position, Step, Verdict};
use crate::reply::Reply;
use crate::stats::{FilterStats, Stats};
use crate::story::FilterStep;
use crate::transit::Transit;

/// One request in so many has its filters timed when nobody traces it.
pub const TIMED_EVERY: u64 = 16;

/// The filters of a gateway.
#[derive(Debug)]
pub struct Chain {
    inbound: Vec<Slot<dyn InboundFilter>>,
    outbound: Vec<Slot<dyn OutboundFilter>>,
}

struct Slot<F: ?Sized> {
    filter: Arc<F>,
    name: &'static str,
    stats: Arc<[FilterStats]>,
    waiting: Arc<AtomicU32>,
    waiting_max: u32,
}

/// A filter that cannot be put where it was asked to be.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    #[error("there is no filter `{0}` to put another one next to")]
    UnknownNeighbour(&'static str),
    #[error("two filters are named `{0}`")]
    Repeated(&'static str),
}

/// The order, as printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Order {
    pub inbound: Vec<&'static str>,
    pub outbound: Vec<&'static str>,
}

impl Chain {
    /// Puts filters of one's own among the built-in ones.
    pub fn new(
        inbound: Vec<Arc<dyn InboundFilter>>,
        outbound: Vec<Arc<dyn OutboundFilter>>,
        own: Filters,
        stats: &Stats,
    ) -> Result<Self, ChainError> {
        let inbound = arrange(inbound, own.inbound, InboundFilter::name)?;
        let outbound = arrange(outbound, own.outbound, OutboundFilter::name)?;
        let slots = inbound.into_iter().map(|filter| {
            let (name, waiting_max) = (filter.name(), filter.waiting_max());
            Slot { filter, name, stats: stats.filter(name), waiting: Arc::default(), waiting_max }
        });
        let inbound = slots.collect();
        let slots = outbound.into_iter().map(|filter| {
            let (name, waiting_max) = (filter.name(), filter.waiting_max());
            Slot { filter, name, stats: stats.filter(name), waiting: Arc::default(), waiting_max }
        });
        Ok(Self { inbound, outbound: slots.collect() })
    }

    /// The order, as printed.
    pub fn order(&self) -> Order {
        Order {
            inbound: self.inbound.iter().map(|slot| slot.name).collect(),
            outbound: self.outbound.iter().map(|slot| slot.name).collect(),
        }
    }

    /// How many wait in each filter now, with its limit.
    pub fn waiting(&self) -> Vec<(&'static str, u32, u32)> {
        let inbound =
            self.inbound.iter().map(|slot| (slot.name, slot.waiting.load(Ordering::Relaxed), slot.waiting_max));
        let outbound =
            self.outbound.iter().map(|slot| (slot.name, slot.waiting.load(Ordering::Relaxed), slot.waiting_max));
        inbound.chain(outbound).collect()
    }

    /// Leads a request through the inbound filters; the answer, if one of them gave it.
    pub async fn inbound(&self, transit: &mut Transit) -> Option<Reply> {
        let worker = transit.worker_index();
        for slot in &self.inbound {
            let mut clock = Stopwatch::start(transit);
            let verdict = match slot.filter.inbound(transit) {
                Step::Done(verdict) => verdict,
                Step::Wait(future) => {
                    if let Some(_waiting) = slot.enter() {
                        clock.measure_anyway();
                        future.await
                    } else {
                        slot.stats[worker].overloaded.add(1);
                        Verdict::answer(Failure::FilterOverloaded { filter: slot.name })
                    }
                }
            };
            let answered = matches!(verdict, Verdict::Answer(_));
            clock.stop(transit, slot.name, &slot.stats[worker], answered);
            if let Verdict::Answer(reply) = verdict {
                slot.stats[worker].answered.add(1);
                return Some(*reply);
            }
        }
        None
    }

    /// Leads an answer through the outbound filters.
    pub async fn outbound(&self, transit: &mut Transit, reply: &mut Reply) {
        let worker = transit.worker_index();
        for slot in &self.outbound {
            let mut clock = Stopwatch::start(transit);
            if let OutStep::Wait(future) = slot.filter.outbound(transit, reply) {
                if let Some(_waiting) = slot.enter() {
                    clock.measure_anyway();
                    future.await;
                } else {
                    slot.stats[worker].overloaded.add(1);
                }
            }
            clock.stop(transit, slot.name, &slot.stats[worker], false);
        }
    }
}

struct Stopwatch(Option<Instant>);

impl Stopwatch {
    fn start(transit: &Transit) -> Self {
        Self(transit.is_timed().then(Instant::now))
    }

    fn measure_anyway(&mut self) {
        self.0.get_or_insert_with(Instant::now);
    }

    fn stop(self, transit: &mut Transit, filter: &'static str, stats: &FilterStats, answered: bool) {
        let Some(started) = self.0 else { return };
        let took_ns = started.elapsed().as_nanos() as u64;
        stats.timed.add(1);
        stats.timed_ns.add(took_ns);
        let story = &mut transit.story;
        if story.is_detailed {
            let started_us = story.at_us(started);
            story.steps.push(FilterStep { filter, started_us, took_ns, answered });
        }
    }
}

/// One request waiting in a filter.
struct Waiting(Arc<AtomicU32>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl<F: ?Sized> Slot<F> {
    fn enter(&self) -> Option<Waiting> {
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= self.waiting_max {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            return None;
        }
        Some(Waiting(Arc::clone(&self.waiting)))
    }
}

impl<F: ?Sized> std::fmt::Debug for Slot<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Slot").field("name", &self.name).field("waiting", &self.waiting).finish_non_exhaustive()
    }
}

fn arrange<F: ?Sized>(
    mut filters: Vec<Arc<F>>,
    own: Vec<(Position, Arc<F>)>,
    name: impl Fn(&F) -> &'static str,
) -> Result<Vec<Arc<F>>, ChainError> {
    for (position, filter) in own {
        if filters.iter().any(|known| name(known) == name(&filter)) {
            return Err(ChainError::Repeated(name(&filter)));
        }
        let find =
            |wanted| filters.iter().position(|known| name(known) == wanted).ok_or(ChainError::UnknownNeighbour(wanted));
        let index = match position {
            Position::First => 0,
            Position::Before(neighbour) => find(neighbour)?,
            Position::After(neighbour) => find(neighbour)? + 1,
            Position::Last => filters.len(),
        };
        filters.insert(index, filter);
    }
    Ok(filters)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Named(&'static str);

    impl InboundFilter for Named {
        fn name(&self) -> &'static str {
            self.0
        }

        fn inbound<'a>(&'a self, _: &'a mut Transit) -> Step<'a> {
            Step::CONTINUE
        }
    }

    fn built_in() -> Vec<Arc<dyn InboundFilter>> {
        vec![Arc::new(Named("route")), Arc::new(Named("authenticate"))]
    }

    #[test]
    fn own_filters_go_where_they_are_asked_to() {
        let own = Filters::new()
            .inbound(Position::After("route"), Named("mine"))
            .inbound(Position::First, Named("early"))
            .inbound(Position::Before("mine"), Named("before-mine"))
            .inbound(Position::Last, Named("late"));
        let chain = Chain::new(built_in(), Vec::new(), own, &Stats::new(1)).expect("all neighbours exist");
        assert_eq!(chain.order().inbound, ["early", "route", "before-mine", "mine", "authenticate", "late"]);
    }

    #[test]
    fn unknown_neighbours_and_repeated_names_are_refused() {
        let own = Filters::new().inbound(Position::After("rout"), Named("mine"));
        assert!(matches!(
            Chain::new(built_in(), Vec::new(), own, &Stats::new(1)),
            Err(ChainError::UnknownNeighbour("rout"))
        ));
        let own = Filters::new().inbound(Position::Last, Named("route"));
        assert!(matches!(Chain::new(built_in(), Vec::new(), own, &Stats::new(1)), Err(ChainError::Repeated("route"))));
    }
}
