//! Logs, spans and metrics of a process, under OpenTelemetry's names.
//!
//! Three parts. [`install`] sets up `tracing` once per process: log lines for people or machines on stderr, the level
//! changeable while running. A [`Role`] is who speaks: every span and exported log line carries the resource
//! (`service.name`, `service.instance.id`) of the role whose thread or task made it, so that several roles can share
//! one process. [`export()`] sends what a role has collected as OTLP/HTTP protobuf through a [`Transport`] the caller
//! gives, because only the caller can find the collector.
//!
//! How a role uses it, in order: `install(&log)`, `Role::new(..)`, [`Role::bind_thread`] on the thread that runs it and
//! on every thread it makes (`runtime_builder.on_thread_start(..)`), `tokio::spawn(export(role, transport, stop))`. Per request a server span
//! with `bijou.request_id`, `otel.kind = "server"`, then [`set_parent`] with the parsed `traceparent`; an outgoing call
//! sends [`outgoing`]. Whoever serves `/v1/traces` and `/v1/logs` does it under [`suppressed`].
//!
//! Left out on purpose: the OpenTelemetry SDK (one resource per provider, its own task and context model; see
//! `docs/adr/0003-telemetry.md`), HTTP (the transport's), the environment (`bijou-config`'s).

mod context;
mod export;
mod layer;
mod line;
mod metrics;
pub mod openmetrics;
mod otlp;
mod path;
mod queue;
mod role;
mod sampler;
mod settings;
mod setup;
mod slow;
mod span;
mod value;

pub use context::{SpanId, TraceContext, TraceId};
pub use export::{
    Answer, BoxError, FLUSH_INTERVAL, LOGS_PATH, METRICS_INTERVAL, METRICS_PATH, TRACES_PATH, Transport, export,
    export_metrics, is_suppressed, suppressed,
};
pub use layer::{current, of, outgoing, set_parent};
pub use metrics::{CONTENT_TYPE, HTTP_SECONDS, Metrics};
pub use path::shown_path;
pub use queue::{Dropped, Kept};
pub use role::{Role, RoleGuard};
pub use sampler::RateSampler;
pub use settings::{Collector, Color, Destination, Format, Headers, LogSettings, Otlp, TelemetrySettings};
pub use setup::{Logging, TelemetryError, install};
pub use slow::SlowLimit;
pub use span::{Kind, Outcome, SpanEvent, SpanRecord, unix_nanos};
pub use value::Value;
