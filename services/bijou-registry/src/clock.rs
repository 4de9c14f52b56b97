//! Two clocks, read together: leases run on the one that never jumps, the wire shows the one people read.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// Where the clock that never jumps stands when the process begins: what peers tell of is often older than this process.
const BEGINS_AT_MS: u64 = 7 * 24 * 3600 * 1000;

/// One moment on both clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Milliseconds since a week before the process began. Never goes back, never jumps with the wall clock.
    pub mono_ms: u64,
    /// Milliseconds since the Unix epoch, for timestamps on the wire only.
    pub unix_ms: u64,
}

impl Moment {
    /// So much earlier; at the earliest a week before the process began.
    pub fn ago(self, ms: u64) -> Self {
        Moment { mono_ms: self.mono_ms.saturating_sub(ms), unix_ms: self.unix_ms.saturating_sub(ms) }
    }

    /// Milliseconds since the process began.
    pub fn uptime_ms(self) -> u64 {
        self.mono_ms.saturating_sub(BEGINS_AT_MS)
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
        Moment { mono_ms: BEGINS_AT_MS + elapsed.as_millis() as u64, unix_ms: (self.wall)(elapsed) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_before_the_process_began_has_its_order_too() {
        let now = Clock::start().now();
        let [first, second] = [now.ago(30_000), now.ago(20_000)];
        assert_eq!(second.mono_ms - first.mono_ms, 10_000);
        assert!(now.uptime_ms() < 10_000 && first.uptime_ms() == 0);
    }
}
