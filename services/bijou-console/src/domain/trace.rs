//! Spans and log lines as they are remembered, by trace.

use std::fmt::Write as _;
use std::sync::Arc;

use bijou_telemetry::{SpanId, TraceId};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

/// Attributes in the order they came.
pub type Attributes = Vec<(String, Value)>;

/// Which side of a call a span shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Server,
    Client,
    Internal,
}

/// Who sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// `service.name`, in lower case.
    pub role: Arc<str>,
    /// `service.instance.id`.
    pub instance_id: Option<Arc<str>>,
}

/// One finished span.
#[derive(Debug, Clone)]
#[expect(clippy::struct_field_names, reason = "`span_id` is what OpenTelemetry calls it")]
pub struct Span {
    pub trace_id: TraceId,
    pub span_id: SpanId,
    pub parent: Option<SpanId>,
    pub source: Source,
    pub name: String,
    pub kind: Kind,
    /// Nanoseconds since 1970.
    pub start_ns: u64,
    /// Not before the start.
    pub end_ns: u64,
    pub attributes: Attributes,
    pub events: Vec<Event>,
    /// What went wrong, when its status says that something did.
    pub failure: Option<String>,
}

/// Something that happened at one moment within a span.
#[derive(Debug, Clone)]
pub struct Event {
    pub name: String,
    /// Nanoseconds since 1970.
    pub at_ns: u64,
    pub attributes: Attributes,
}

/// How serious a line is. Ordered, and its number is what the archive keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ConsoleLevel)]
pub enum Level {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
}

impl Level {
    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Trace => "trace",
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }

    /// The level of a number; one that is too high is the highest.
    pub fn of_number(number: i64) -> Self {
        match number {
            ..=0 => Self::Trace,
            1 => Self::Debug,
            2 => Self::Info,
            3 => Self::Warn,
            4.. => Self::Error,
        }
    }
}

/// One log line.
#[derive(Debug, Clone)]
pub struct LogLine {
    pub trace_id: Option<TraceId>,
    pub span_id: Option<SpanId>,
    pub request_id: Option<String>,
    pub source: Source,
    /// Nanoseconds since 1970.
    pub at_ns: u64,
    pub level: Level,
    pub message: String,
    pub target: Option<String>,
    pub attributes: Attributes,
}

/// Everything known of one trace.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    pub spans: Vec<Span>,
    pub logs: Vec<LogLine>,
}

/// Fixed cost of a record, its share of tables included: a guess on the high side.
const RECORD_BYTES: usize = 256;

impl Span {
    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&Value> {
        find(&self.attributes, name)
    }

    /// An attribute as text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.attribute(name).and_then(Value::as_str)
    }

    /// `http.response.status_code`.
    pub fn status(&self) -> Option<u16> {
        let value = self.attribute("http.response.status_code")?;
        value.as_u64().or_else(|| value.as_str()?.parse().ok()).and_then(|status| u16::try_from(status).ok())
    }

    /// Length in milliseconds.
    pub fn duration_ms(&self) -> f64 {
        ms_between(self.start_ns, self.end_ns)
    }

    /// Memory it takes, about.
    pub fn bytes(&self) -> usize {
        let events: usize = self.events.iter().map(|event| 64 + event.name.len() + bytes_of(&event.attributes)).sum();
        let failure = self.failure.as_ref().map_or(0, String::len);
        RECORD_BYTES + self.name.len() + bytes_of(&self.attributes) + events + failure
    }
}

impl LogLine {
    /// All its words: the message, and attributes as `name=value`.
    pub fn text(&self) -> String {
        let mut text = self.message.clone();
        for (name, value) in &self.attributes {
            let _ = match value {
                Value::String(value) => write!(text, " {name}={value}"),
                value => write!(text, " {name}={value}"),
            };
        }
        text
    }

    /// Memory it takes, about.
    pub fn bytes(&self) -> usize {
        let target = self.target.as_ref().map_or(0, String::len);
        RECORD_BYTES + self.message.len() + target + bytes_of(&self.attributes)
    }
}

/// The value of an attribute.
pub fn find<'a>(attributes: &'a Attributes, name: &str) -> Option<&'a Value> {
    attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

/// Milliseconds from one moment to a later one; zero when it was earlier (clocks of two processes may differ).
pub fn ms_between(from_ns: u64, to_ns: u64) -> f64 {
    let us = to_ns.saturating_sub(from_ns) / 1_000;
    us as f64 / 1_000.0
}

fn bytes_of(attributes: &Attributes) -> usize {
    attributes.iter().map(|(key, value)| 64 + key.len() + value.as_str().map_or(0, str::len)).sum()
}
