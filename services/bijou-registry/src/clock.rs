//! Two clocks, read together: leases run on the one that never jumps, the wire shows the one people read.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// One moment on both clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Milliseconds since the process began. Never goes back, never jumps with the wall clock.
    pub mono_ms: u64,
    /// Milliseconds since the Unix epoch, for timestamps on the wire only.
    pub unix_ms: u64,
}

#[derive(Clone, Copy, Debug)]
pub struct Clock {
    started: Instant,
}

impl Clock {
    pub fn start() -> Self {
        Clock { started: Instant::now() }
    }

    pub fn now(&self) -> Moment {
        Moment {
            mono_ms: self.started.elapsed().as_millis() as u64,
            unix_ms: SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as u64,
        }
    }
}
