//! The client's bounds. One set per process; a single call may narrow or widen its own.

use std::time::Duration;

use bijou_resilience::{Backoff, BreakerPolicy, RetryPolicy};

/// Bounds of a [`crate::Client`].
#[derive(Debug, Clone, PartialEq)]
pub struct ClientConfig {
    /// Longest wait for a connection. Short: the other side is on the same network, and another instance is there.
    pub connect_timeout: Duration,
    /// Longest wait for one instance's whole answer before another one is tried.
    pub attempt_timeout: Duration,
    /// Budget of a call whose caller brought no deadline.
    pub deadline: Duration,
    /// Tries of one call, the first included.
    pub attempts_max: u32,
    /// Retries as a share of calls, per called application.
    pub retries: RetryPolicy,
    /// When an instance is left alone.
    pub breaker: BreakerPolicy,
    /// Longest body read into memory.
    pub body_bytes_max: usize,
    /// Idle connections kept per instance.
    pub idle_connections_max: usize,
    /// Where this process runs: instances of the same zone are called as long as one of them can be. `None`: no
    /// preference.
    pub zone: Option<String>,
    /// How long an idle connection is kept; below the 75 s after which servers usually close it.
    pub idle_timeout: Duration,
}

impl Default for ClientConfig {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_millis(500),
            attempt_timeout: Duration::from_secs(3),
            deadline: Duration::from_secs(10),
            attempts_max: 3,
            retries: RetryPolicy::default(),
            breaker: BreakerPolicy {
                failures_max: 3,
                // Short: an instance that comes back registers anew and gets a new breaker; this is for the others.
                open_for: Backoff::new(Duration::from_millis(250), Duration::from_secs(5), 0.2).expect("in order"),
                probe_for: Duration::from_secs(5),
            },
            body_bytes_max: 8 * 1024 * 1024,
            idle_connections_max: 32,
            zone: None,
            idle_timeout: Duration::from_secs(30),
        }
    }
}
