//! Small mechanisms against failure: deadline, retry budget, breaker, backoff, rate limit, moving average.
//!
//! Each is a plain value that is told the time and handed its randomness, so that an hour of outage runs in a
//! millisecond of test and every run can be repeated. None of them owns a lock, a task or a timer: the per-core gateway
//! keeps them in a `RefCell`, the shared client in a `Mutex`, and neither pays for the other's choice.
//!
//! Deliberately absent: load shedding by priority and adaptive concurrency (a later issue), and any "stack" that wires
//! these together. Who calls what in which order is the caller's business, because it differs between a gateway, whose
//! requests it may not repeat freely, and a service, which knows what it asks for.

mod backoff;
mod breaker;
mod deadline;
mod ewma;
mod rate;
mod retry;

pub use backoff::{Backoff, InvalidBackoff};
pub use breaker::{Breaker, BreakerPolicy, BreakerState};
pub use deadline::{Deadline, InvalidDeadline};
pub use ewma::Ewma;
pub use rate::{KeyedLimiter, Limited, Pace, Quota, Spare};
pub use retry::{RetryBudget, RetryPolicy};
