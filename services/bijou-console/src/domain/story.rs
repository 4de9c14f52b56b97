//! What an operator sees of a request. The README says what each member means.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// How something ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ConsoleOutcome)]
pub enum Outcome {
    /// Below 400.
    Ok,
    /// 4xx.
    Refused,
    /// 5xx, or no answer.
    Failed,
}

impl Outcome {
    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// A finished request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ConsoleRequest)]
#[expect(clippy::struct_field_names, reason = "`request_id` is what everybody calls it")]
pub struct Request {
    /// The trace id.
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub request_id: Option<String>,
    /// Grows whenever late spans or log lines changed it.
    pub revision: u32,
    /// Nanoseconds since 1970: its place in the list.
    #[serde(skip)]
    #[schema(ignore)]
    pub start_ns: u64,
    /// Whose token it came with.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub account: Option<String>,
    /// The step of a synthetic check that made it; absent for what people did.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub check: Option<String>,
    /// RFC 3339, UTC.
    pub started_at: String,
    pub duration_ms: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub route: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub status: Option<u16>,
    pub outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub message: Option<String>,
    /// The role it came in by.
    #[schema(value_type = String)]
    pub entry: Arc<str>,
    pub hops: Vec<Hop>,
    /// Number of log lines.
    pub logs: usize,
}

/// One edge of the map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ConsoleHop)]
pub struct Hop {
    #[schema(value_type = String)]
    pub from: Arc<str>,
    #[schema(value_type = String)]
    pub to: Arc<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, nullable = false)]
    pub instance_id: Option<Arc<str>>,
    pub name: String,
    /// From the request's start.
    pub start_ms: f64,
    pub duration_ms: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub status: Option<u16>,
    pub outcome: Outcome,
}

/// A request with everything known of it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = ConsoleStory)]
pub struct Story {
    #[serde(flatten)]
    pub request: Request,
    /// Parents before children, by start.
    pub spans: Vec<SpanView>,
    pub attempts: Vec<Attempt>,
    pub choices: Vec<Choice>,
    pub log_lines: Vec<LogView>,
}

/// A span in the tree.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = ConsoleSpan)]
pub struct SpanView {
    pub span_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub parent_span_id: Option<String>,
    pub depth: usize,
    #[schema(value_type = String)]
    pub role: Arc<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, nullable = false)]
    pub instance_id: Option<Arc<str>>,
    pub name: String,
    /// `server`, `client` or `internal`.
    pub kind: &'static str,
    pub start_ms: f64,
    pub duration_ms: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub status: Option<u16>,
    pub outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub message: Option<String>,
    #[schema(value_type = Object)]
    pub attributes: Map<String, Value>,
    pub events: Vec<EventView>,
}

/// A moment within a span.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = ConsoleEvent)]
pub struct EventView {
    pub name: String,
    pub at_ms: f64,
    #[schema(value_type = Object)]
    pub attributes: Map<String, Value>,
}

/// One try of a call.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = ConsoleAttempt)]
pub struct Attempt {
    #[schema(value_type = String)]
    pub from: Arc<str>,
    #[schema(value_type = String)]
    pub to: Arc<str>,
    /// From 1.
    pub number: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, nullable = false)]
    pub instance_id: Option<Arc<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub addr: Option<String>,
    pub start_ms: f64,
    pub duration_ms: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub status: Option<u16>,
    pub outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub message: Option<String>,
}

/// An instance chosen among several.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = ConsoleChoice)]
pub struct Choice {
    #[schema(value_type = String)]
    pub by: Arc<str>,
    pub to: String,
    pub at_ms: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub chosen: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub candidates: Option<u64>,
}

/// A log line of a request.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = ConsoleLogLine)]
pub struct LogView {
    /// RFC 3339, UTC.
    pub at: String,
    pub at_ms: f64,
    #[schema(value_type = String)]
    pub role: Arc<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, nullable = false)]
    pub instance_id: Option<Arc<str>>,
    /// `trace`, `debug`, `info`, `warn` or `error`.
    pub level: &'static str,
    pub message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub target: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub span_id: Option<String>,
    #[schema(value_type = Object)]
    pub attributes: Map<String, Value>,
}
