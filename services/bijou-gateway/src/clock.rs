//! A coarse clock: one per worker, moved by its housekeeping, read for nothing.
//!
//! Time-outs of connections need tenths of seconds, not nanoseconds, and asking the kernel for the time on every read of
//! every connection is work. Requests themselves are timed with real instants.

use std::cell::Cell;
use std::time::Duration;

/// How often housekeeping moves the clock.
pub const TICK: Duration = Duration::from_millis(100);

/// Milliseconds since the worker started, as of the last tick.
#[derive(Debug, Default)]
pub struct Coarse(Cell<u64>);

/// A moment on a [`Coarse`] clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Moment(u64);

impl Coarse {
    /// The current moment.
    pub fn now(&self) -> Moment {
        Moment(self.0.get())
    }

    /// Moves the clock.
    pub fn set(&self, since_start: Duration) {
        self.0.set(since_start.as_millis() as u64);
    }
}

impl Moment {
    /// Milliseconds from `earlier` to this one.
    pub fn ms_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}
