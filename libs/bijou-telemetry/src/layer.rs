//! The `tracing` layers: spans become [`crate::SpanRecord`]s, events become log lines and log records.
//!
//! Two layers, because they are filtered apart: turning the log level to `warn` must not end tracing. Span fields with
//! a meaning of their own follow the names other OpenTelemetry bridges use: `otel.name`, `otel.kind`,
//! `otel.status_message`. Log records are not repeated as span events: they carry the ids already.

mod logs;
mod spans;

pub(crate) use logs::{LogRecord, Logs};
pub(crate) use spans::Spans;
pub use spans::{current, of, outgoing, set_parent};
