//! Two clocks, read together: leases run on the one that never jumps, the wire shows the one people read.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// One moment on both clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Milliseconds since the process began. Never goes back, never jumps with the wall clock.
    pub mono_ms: u64,
    /// Milliseconds since the Unix epoch, for timestamps on the wire only.
    pub unix_ms: u64,
}

impl Moment {
    /// So much earlier; at the earliest when the process began.
    pub fn ago(self, ms: u64) -> Self {
        Moment { mono_ms: self.mono_ms.saturating_sub(ms), unix_ms: self.unix_ms.saturating_sub(ms) }
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// Tokio's clock, so that tests can pause it.
    started: Instant,
    /// Milliseconds since the Unix epoch, given the time since the start.
    wall: fn(Duration) -> u64,
}

impl Clock {
    pub fn start() -> Self {
        Self::start_with(|_| SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as u64)
    }

    /// With another wall clock.
    pub fn start_with(wall: fn(Duration) -> u64) -> Self {
        Clock { started: Instant::now(), wall }
    }

    pub fn now(&self) -> Moment {
        let elapsed = self.started.elapsed();
        Moment { mono_ms: elapsed.as_millis() as u64, unix_ms: (self.wall)(elapsed) }
    }
}
