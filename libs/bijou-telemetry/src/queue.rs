//! What waits to be exported: bounded, so that a collector that is away costs memory once and requests nothing.
//!
//! A full queue refuses the newest and counts it. The oldest are kept because they tell how the trouble began. The last
//! quarter is for what is notable (it failed, it was slow, it is a warning): a flood of other records does not take its place.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::layer::LogRecord;
use crate::span::SpanRecord;

/// Spans kept while nothing can be sent; about 2 MB at worst.
pub(crate) const SPANS_MAX: usize = 4096;
/// Log records kept while nothing can be sent.
pub(crate) const LOGS_MAX: usize = 4096;

/// How many records were lost since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    pub spans: u64,
    pub logs: u64,
}

/// Spans of requests that were not sampled, since the start: kept after all, or left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    pub failed: u64,
    /// Slower than usual for their name.
    pub slow: u64,
    /// Nothing was the matter with them, or too many were slow in that second.
    pub left_out: u64,
}

#[derive(Debug)]
pub(crate) struct Lane<T> {
    waiting: Mutex<Vec<T>>,
    depth_max: usize,
    dropped: AtomicU64,
}

impl<T> Lane<T> {
    pub(crate) fn new(depth_max: usize) -> Self {
        Self { waiting: Mutex::new(Vec::new()), depth_max, dropped: AtomicU64::new(0) }
    }

    pub(crate) fn push(&self, item: T, notable: bool) {
        let depth_max = if notable { self.depth_max } else { self.depth_max - self.depth_max / 4 };
        let mut waiting = self.lock();
        if waiting.len() < depth_max {
            waiting.push(item);
        } else {
            drop(waiting);
            self.lose(1);
        }
    }

    /// The oldest `count_max`, in order.
    pub(crate) fn take(&self, count_max: usize) -> Vec<T> {
        let mut waiting = self.lock();
        if waiting.len() <= count_max {
            return std::mem::take(&mut *waiting);
        }
        let rest = waiting.split_off(count_max);
        std::mem::replace(&mut *waiting, rest)
    }

    pub(crate) fn depth(&self) -> usize {
        self.lock().len()
    }

    pub(crate) fn lose(&self, count: u64) {
        self.dropped.fetch_add(count, Ordering::Relaxed);
    }

    pub(crate) fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<T>> {
        // A panic elsewhere cannot leave a Vec half pushed; telemetry must outlive it.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug)]
pub(crate) struct Queue {
    pub(crate) spans: Lane<SpanRecord>,
    pub(crate) logs: Lane<LogRecord>,
}

impl Queue {
    pub(crate) fn new() -> Self {
        Self { spans: Lane::new(SPANS_MAX), logs: Lane::new(LOGS_MAX) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_lane_refuses_the_newest_and_counts_it() {
        let lane = Lane::new(2);
        for item in 1..=5 {
            lane.push(item, true);
        }
        assert_eq!((lane.depth(), lane.dropped()), (2, 3));
        assert_eq!(lane.take(10), [1, 2]);
    }

    #[test]
    fn the_last_quarter_is_for_what_is_notable() {
        let lane = Lane::new(8);
        for item in 1..=20 {
            lane.push(item, item > 18);
        }
        assert_eq!((lane.take(10), lane.dropped()), (vec![1, 2, 3, 4, 5, 6, 19, 20], 12));
    }

    #[test]
    fn batches_come_in_order() {
        let lane = Lane::new(10);
        for item in 1..=5 {
            lane.push(item, false);
        }
        assert_eq!(lane.take(2), [1, 2]);
        assert_eq!(lane.take(2), [3, 4]);
        assert_eq!(lane.take(2), [5]);
        assert_eq!(lane.take(2), Vec::<i32>::new());
    }
}
