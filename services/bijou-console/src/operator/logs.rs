//! Log lines: searched, followed as they come, and counted by what they have in common.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use bijou_chassis::{Json, Query, Reject};
use bijou_problem::Problem;
use futures_util::stream::{self, Stream};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tokio::sync::broadcast::error::RecvError;
use utoipa::{IntoParams, ToSchema};

use super::Operator;
use super::asked::{moment, not_accepted, trace_id};
use crate::archive::{LinesWanted, first_seq, words};
use crate::domain::pattern::Groups;
use crate::domain::trace::{Level, LogLine};
use crate::time;

/// Lines on a page, unless asked otherwise, and at most.
const LIMIT: usize = 100;
const LIMIT_MAX: usize = 500;

/// Lines that are counted for patterns: the newest of those that are wanted.
const COUNTED_MAX: usize = 50_000;

/// Patterns that are told.
const PATTERNS_MAX: usize = 100;

/// Pause after which a comment shows that the stream lives.
const COMMENT_EVERY: Duration = Duration::from_secs(5);

/// Which lines to show.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// At most so many, up to 500.
    limit: Option<usize>,
    /// The `next` of the page before.
    before: Option<i64>,
    /// Only lines with all of these words in the message or an attribute; from three letters on, beginnings of words.
    q: Option<String>,
    /// Only lines at least this serious: `trace`, `debug`, `info`, `warn` or `error`.
    #[param(value_type = Option<String>)]
    level: Option<Level>,
    /// Only lines of this role.
    service: Option<String>,
    /// Only lines of this trace.
    trace: Option<String>,
    /// Not older than this, RFC 3339.
    since: Option<String>,
    /// Older than this, RFC 3339.
    until: Option<String>,
}

impl Filter {
    fn wanted(self, limit: usize) -> Result<LinesWanted, Reject> {
        if self.q.as_deref().is_some_and(|text| words(text).is_none()) {
            return Err(not_accepted("q", "has no word in it"));
        }
        let trace = self.trace.as_deref().map(|text| {
            trace_id(text).ok_or_else(|| not_accepted("trace", "is not a trace id of 32 hexadecimal digits"))
        });
        let from = moment("since", self.since.as_deref())?.map_or(0, first_seq);
        let until = moment("until", self.until.as_deref())?.map_or(i64::MAX, first_seq);
        Ok(LinesWanted {
            text: self.q,
            level: self.level.unwrap_or(Level::Trace),
            role: self.service,
            trace: trace.transpose()?,
            from,
            before: until.min(self.before.unwrap_or(i64::MAX)),
            limit,
        })
    }
}

/// A log line, whoever said it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleLine)]
pub struct LineView {
    /// RFC 3339, UTC.
    at: String,
    #[schema(value_type = String)]
    role: Arc<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, nullable = false)]
    instance_id: Option<Arc<str>>,
    /// `trace`, `debug`, `info`, `warn` or `error`.
    level: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    target: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    trace_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    request_id: Option<String>,
    #[schema(value_type = Object)]
    attributes: Map<String, Value>,
}

impl From<LogLine> for LineView {
    fn from(line: LogLine) -> Self {
        Self {
            at: time::rfc3339(line.at_ns),
            role: line.source.role,
            instance_id: line.source.instance_id,
            level: line.level.as_str(),
            message: line.message,
            target: line.target,
            trace_id: line.trace_id.map(|id| id.to_string()),
            request_id: line.request_id,
            attributes: line.attributes.into_iter().collect(),
        }
    }
}

/// A page of log lines, newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleLines)]
pub struct LinesView {
    items: Vec<LineView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<i64>,
}

/// Lines that differ only in numbers, ids and quoted text.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsolePattern)]
pub struct PatternView {
    pattern: String,
    count: usize,
    /// `trace`, `debug`, `info`, `warn` or `error`.
    level: &'static str,
    #[schema(value_type = Vec<String>)]
    roles: Vec<Arc<str>>,
    /// RFC 3339, UTC.
    first_at: String,
    last_at: String,
    /// The newest of them.
    example: String,
}

/// Patterns, the most frequent first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsolePatterns)]
pub struct PatternsView {
    items: Vec<PatternView>,
    /// Lines that were counted: the newest 50 000 of those asked for, at most.
    counted: usize,
}

/// Search log lines
///
/// Of all roles, from disk: a line is there about half a second after it came.
#[utoipa::path(
    get, path = "/api/logs", tag = "logs", params(Filter),
    responses(
        (status = 200, description = "A page, newest first", body = LinesView),
        (status = 400, description = "A filter is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The archive is away", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list_logs(
    State(operator): State<Operator>,
    Query(filter): Query<Filter>,
) -> Result<Json<LinesView>, Reject> {
    let limit = filter.limit.unwrap_or(LIMIT).clamp(1, LIMIT_MAX);
    // One more than asked for tells whether there is a next page.
    let wanted = filter.wanted(limit + 1)?;
    let mut lines = operator.shared.archive().lines(&wanted).await.map_err(Reject::unavailable)?;
    let has_more = lines.len() > limit;
    lines.truncate(limit);
    let next = lines.last().filter(|_| has_more).map(|last| last.seq);
    Ok(Json(LinesView { items: lines.into_iter().map(|line| line.line.into()).collect(), next }))
}

/// Count log lines by pattern
///
/// Messages with numbers, ids and quoted text taken out, and how often each came.
#[utoipa::path(
    get, path = "/api/logs/patterns", tag = "logs", params(Filter),
    responses(
        (status = 200, description = "The most frequent first", body = PatternsView),
        (status = 400, description = "A filter is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The archive is away", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list_patterns(
    State(operator): State<Operator>,
    Query(filter): Query<Filter>,
) -> Result<Json<PatternsView>, Reject> {
    let limit = filter.limit.unwrap_or(PATTERNS_MAX).clamp(1, PATTERNS_MAX);
    let wanted = filter.wanted(COUNTED_MAX)?;
    let lines = operator.shared.archive().lines(&wanted).await.map_err(Reject::unavailable)?;
    let counted = lines.len();
    let mut groups = Groups::default();
    for line in lines {
        groups.add(line.line);
    }
    let view = |group: crate::domain::pattern::Group| PatternView {
        count: group.count,
        level: group.example.level.as_str(),
        first_at: time::rfc3339(group.first_ns),
        last_at: time::rfc3339(group.example.at_ns),
        example: group.example.message.clone(),
        pattern: group.pattern,
        roles: group.roles,
    };
    Ok(Json(PatternsView { items: groups.largest(limit).into_iter().map(view).collect(), counted }))
}

/// Follow log lines
///
/// Server-sent events `line`, as they come, and `missed` with the number of those this reader was too slow for. Of the
/// filters `q` (each word anywhere in the line), `level`, `service` and `trace` are heeded.
#[utoipa::path(
    get, path = "/api/logs/tail", tag = "logs", params(Filter),
    responses(
        (status = 200, description = "A stream without end", content_type = "text/event-stream", body = String),
        (status = 400, description = "A filter is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn follow_logs(
    State(operator): State<Operator>,
    Query(filter): Query<Filter>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Reject> {
    let wanted = filter.wanted(0)?;
    let state = (operator.shared.follow_lines(), operator.context.draining.clone());
    let events = stream::unfold(state, move |(mut following, draining)| {
        let wanted = wanted.clone();
        async move {
            loop {
                let received = tokio::select! {
                    received = following.recv() => received,
                    () = draining.cancelled() => return None,
                };
                let event = match received {
                    Ok(line) if !is_wanted(&line, &wanted) => continue,
                    Ok(line) => Event::default().event("line").data(json!(LineView::from((*line).clone())).to_string()),
                    Err(RecvError::Lagged(count)) => {
                        Event::default().event("missed").data(json!({ "count": count }).to_string())
                    }
                    Err(RecvError::Closed) => return None,
                };
                return Some((Ok(event), (following, draining)));
            }
        }
    });
    // The greeting tells that following has begun: whatever comes from now on is told.
    let hello = stream::once(async { Ok(Event::default().event("hello").data("{}")) });
    let events = futures_util::StreamExt::chain(hello, events);
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(COMMENT_EVERY)))
}

/// As the search, with plain means.
fn is_wanted(line: &LogLine, wanted: &LinesWanted) -> bool {
    let has_words = |text: &String| {
        let said = line.text().to_lowercase();
        text.to_lowercase().split_whitespace().all(|word| said.contains(word))
    };
    line.level >= wanted.level
        && wanted.role.as_deref().is_none_or(|role| &*line.source.role == role)
        && wanted.trace.is_none_or(|trace| line.trace_id == Some(trace))
        && wanted.text.as_ref().is_none_or(has_words)
}
