//! The time, as an argument.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Tells the time. Cheap to clone.
#[derive(Clone)]
pub struct Clock {
    now: Arc<dyn Fn() -> SystemTime + Send + Sync>,
    /// An instant for 1970, so that durations measured on this clock can be limits.
    epoch: Instant,
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self::of(SystemTime::now)
    }

    /// Any clock.
    pub fn of(now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self { now: Arc::new(now), epoch: Instant::now() }
    }

    /// Milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        i64::try_from(self.since_1970().as_millis()).expect("300 million years are enough")
    }

    /// Seconds since 1970.
    pub fn now_s(&self) -> i64 {
        self.now_ms() / 1000
    }

    /// The same time as an instant. Only differences mean something.
    pub fn instant(&self) -> Instant {
        self.epoch + self.since_1970()
    }

    fn since_1970(&self) -> Duration {
        (self.now)().duration_since(UNIX_EPOCH).unwrap_or_default()
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Clock({})", self.now_ms())
    }
}
