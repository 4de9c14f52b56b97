//! A finished span as plain data: what the `tracing` layer makes and what the gateway writes by hand.
//!
//! The gateway knows start and end of each phase from its own timeline, so it hands over finished spans and pays
//! nothing while the request runs.

use std::borrow::Cow;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::context::{SpanId, TraceId};
use crate::value::Value;

/// Which side of a call a span shows (OpenTelemetry's span kind).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    #[default]
    Internal,
    Server,
    Client,
}

/// How it ended. `Unset` is OpenTelemetry's word for "nothing to complain about".
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Outcome {
    #[default]
    Unset,
    Failed(Cow<'static, str>),
}

/// Something that happened at one moment within a span.
#[derive(Clone, Debug)]
pub struct SpanEvent {
    pub name: Cow<'static, str>,
    /// Nanoseconds since the Unix epoch.
    pub at_unix_ns: u64,
    pub attributes: Vec<(Cow<'static, str>, Value)>,
}

/// One finished span. Hand it to [`crate::Role::record`].
#[derive(Clone, Debug)]
pub struct SpanRecord {
    pub trace_id: TraceId,
    pub span_id: SpanId,
    pub parent: Option<SpanId>,
    pub name: Cow<'static, str>,
    pub kind: Kind,
    /// Nanoseconds since the Unix epoch.
    pub start_unix_ns: u64,
    /// Nanoseconds since the Unix epoch; not before the start.
    pub end_unix_ns: u64,
    pub attributes: Vec<(Cow<'static, str>, Value)>,
    pub events: Vec<SpanEvent>,
    pub outcome: Outcome,
}

/// Nanoseconds since the Unix epoch; zero for a clock before it.
pub fn unix_nanos(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}
