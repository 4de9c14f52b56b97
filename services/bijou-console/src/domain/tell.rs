//! Telling a request's story from the spans and log lines of its trace.
//!
//! Works with what is there. Spans come from several processes in any order, some late, some never: a call whose other
//! side is missing is told from this side, a span whose parent is missing stands at the top.

use std::collections::HashMap;
use std::sync::Arc;

use bijou_telemetry::SpanId;
use serde_json::{Map, Value};

use super::story::{Attempt, Choice, EventView, Hop, LogView, Outcome, Request, SpanView, Story};
use super::trace::{Attributes, Kind, LogLine, Span, Trace, find, ms_between};
use crate::time;

/// Where people's requests come in.
const EDGE: &str = "gateway";

/// Who calls the edge.
const CLIENT: &str = "client";

/// What the platform asks of itself all the time. Nobody's request: it is remembered, but not told of.
const HOUSEKEEPING: [&str; 4] = ["/healthz", "/readyz", "/metrics", "/.well-known/passport-keys"];

/// Name of the event, or span, that shows which instance was chosen.
const PICK: &str = "discovery pick";

/// Whose request it was, where a token said so.
const ACCOUNT: &str = "enduser.id";

/// The step of a check that made it, on the check's own span (`checks/journey.rs`).
const CHECK: &str = "bijou.check";

/// A trace with the links between its spans.
struct Tree<'a> {
    trace: &'a Trace,
    by_id: HashMap<SpanId, &'a Span>,
    entry: &'a Span,
}

/// Whether the span that began it all is there: the edge's, or one that has no parent.
pub fn has_begun(trace: &Trace) -> bool {
    trace.spans.iter().any(|span| span.parent.is_none() || (span.kind == Kind::Server && &*span.source.role == EDGE))
}

/// The request as a line of a list. `None` when nobody served anything in this trace, or only housekeeping.
pub fn request(trace: &Trace, revision: u32) -> Option<Request> {
    let tree = Tree::of(trace)?;
    let is_housekeeping = tree.entry.text("url.path").is_some_and(|path| HOUSEKEEPING.contains(&path));
    (!is_housekeeping).then(|| tree.request(revision))
}

/// The request with everything known of it.
pub fn story(trace: &Trace, revision: u32) -> Option<Story> {
    let tree = Tree::of(trace)?;
    Some(Story {
        request: tree.request(revision),
        spans: tree.spans(),
        attempts: tree.attempts(),
        choices: tree.choices(),
        log_lines: tree.log_lines(),
    })
}

impl<'a> Tree<'a> {
    fn of(trace: &'a Trace) -> Option<Self> {
        let by_id: HashMap<_, _> = trace.spans.iter().map(|span| (span.span_id, span)).collect();
        if !trace.spans.iter().any(|span| span.kind == Kind::Server) {
            return None;
        }
        let is_top = |span: &&Span| span.parent.is_none_or(|parent| !by_id.contains_key(&parent));
        // The edge's own span first: a service whose caller's span is still on its way looks like a top, too.
        let entry = trace
            .spans
            .iter()
            .filter(is_top)
            .min_by_key(|span| (&*span.source.role != EDGE, span.kind == Kind::Internal, span.start_ns))?;
        Some(Self { trace, by_id, entry })
    }

    fn request(&self, revision: u32) -> Request {
        let entry = self.entry;
        let text = |name: &str| entry.text(name).map(str::to_owned);
        let request_id = self.trace.spans.iter().find_map(|span| span.text("bijou.request_id"));
        let request_id = request_id.or_else(|| self.trace.logs.iter().find_map(|line| line.request_id.as_deref()));
        Request {
            id: entry.trace_id.to_string(),
            request_id: request_id.map(str::to_owned),
            revision,
            start_ns: entry.start_ns,
            account: self.trace.spans.iter().find_map(|span| span.text(ACCOUNT)).map(str::to_owned),
            check: self.trace.spans.iter().find_map(|span| span.text(CHECK)).map(str::to_owned),
            started_at: time::rfc3339(entry.start_ns),
            duration_ms: entry.duration_ms(),
            method: text("http.request.method"),
            path: text("url.path"),
            route: text("http.route"),
            status: entry.status(),
            outcome: outcome(entry),
            message: message(entry),
            entry: Arc::clone(&entry.source.role),
            hops: self.hops(),
            logs: self.trace.logs.len(),
        }
    }

    fn parent(&self, span: &Span) -> Option<&'a Span> {
        self.by_id.get(&span.parent?).copied()
    }

    fn since_start(&self, at_ns: u64) -> f64 {
        ms_between(self.entry.start_ns, at_ns)
    }

    /// The server's side of a call.
    fn answered_by(&self, call: &Span) -> Option<&'a Span> {
        self.trace.spans.iter().find(|span| span.kind == Kind::Server && span.parent == Some(call.span_id))
    }

    /// Edges in order of their start: calls as their caller saw them, and requests nobody's call is known for.
    fn hops(&self) -> Vec<Hop> {
        let served = self.trace.spans.iter().filter(|span| span.kind == Kind::Server).filter_map(|server| {
            let parent = self.parent(server);
            // Told from the caller's side below.
            if parent.is_some_and(|parent| parent.kind == Kind::Client) {
                return None;
            }
            let from = parent.map_or_else(|| CLIENT.into(), |parent| Arc::clone(&parent.source.role));
            Some((server.start_ns, self.hop(from, server, server)))
        });
        let called = self.calls().map(|call| {
            let server = self.answered_by(call);
            let mut hop = self.hop(Arc::clone(&call.source.role), call, server.unwrap_or(call));
            if server.is_none() {
                hop.to = called_role(call);
                hop.instance_id = called_instance(&call.attributes).map(Arc::from);
            }
            (call.start_ns, hop)
        });
        let mut hops: Vec<_> = served.chain(called).collect();
        hops.sort_by_key(|(start_ns, _)| *start_ns);
        hops.into_iter().map(|(_, hop)| hop).collect()
    }

    fn hop(&self, from: Arc<str>, timed: &Span, server: &Span) -> Hop {
        Hop {
            from,
            to: Arc::clone(&server.source.role),
            instance_id: server.source.instance_id.clone(),
            name: server.name.clone(),
            start_ms: self.since_start(timed.start_ns),
            duration_ms: timed.duration_ms(),
            status: timed.status().or_else(|| server.status()),
            outcome: outcome(timed).max_of(outcome(server)),
        }
    }

    fn calls(&self) -> impl Iterator<Item = &'a Span> {
        self.trace.spans.iter().filter(|span| span.kind == Kind::Client && called(&span.attributes).is_some())
    }

    fn attempts(&self) -> Vec<Attempt> {
        let mut calls: Vec<_> = self.calls().collect();
        calls.sort_by_key(|call| call.start_ns);
        calls
            .into_iter()
            .map(|call| {
                let server = self.answered_by(call);
                let named = called_instance(&call.attributes).map(Arc::from);
                Attempt {
                    from: Arc::clone(&call.source.role),
                    to: called_role(call),
                    number: number(call),
                    instance_id: named.or_else(|| server?.source.instance_id.clone()),
                    addr: address(call),
                    start_ms: self.since_start(call.start_ns),
                    duration_ms: call.duration_ms(),
                    status: call.status(),
                    outcome: outcome(call),
                    message: message(call),
                }
            })
            .collect()
    }

    fn choices(&self) -> Vec<Choice> {
        let choice = |span: &Span, at_ns: u64, attributes: &Attributes| {
            // An event of a request's own span leaves out what the span says already.
            let to = called(attributes).or_else(|| called(&span.attributes));
            Choice {
                by: Arc::clone(&span.source.role),
                to: to.unwrap_or_default().to_ascii_lowercase(),
                at_ms: self.since_start(at_ns),
                chosen: called_instance(attributes).map(str::to_owned),
                candidates: find(attributes, "bijou.candidates").and_then(Value::as_u64),
            }
        };
        let mut choices = Vec::new();
        for span in &self.trace.spans {
            if span.name == PICK {
                choices.push((span.start_ns, choice(span, span.start_ns, &span.attributes)));
            }
            for event in span.events.iter().filter(|event| event.name == PICK) {
                choices.push((event.at_ns, choice(span, event.at_ns, &event.attributes)));
            }
        }
        choices.sort_by_key(|(at_ns, _)| *at_ns);
        choices.into_iter().map(|(_, choice)| choice).collect()
    }

    /// Depth first, so that what happened within a span stands below it.
    fn spans(&self) -> Vec<SpanView> {
        let mut children: HashMap<Option<SpanId>, Vec<&Span>> = HashMap::new();
        for span in &self.trace.spans {
            children.entry(self.parent(span).map(|parent| parent.span_id)).or_default().push(span);
        }
        for siblings in children.values_mut() {
            siblings.sort_by_key(|span| span.start_ns);
        }
        let mut views = Vec::with_capacity(self.trace.spans.len());
        let tops = children.remove(&None).unwrap_or_default();
        let mut left: Vec<_> = tops.into_iter().rev().map(|span| (span, 0)).collect();
        while let Some((span, depth)) = left.pop() {
            views.push(self.view(span, depth));
            // Taken out, so that a span sent twice, or its own ancestor, ends the walk instead of repeating it.
            let below = children.remove(&Some(span.span_id)).unwrap_or_default();
            left.extend(below.into_iter().rev().map(|span| (span, depth + 1)));
        }
        views
    }

    fn view(&self, span: &Span, depth: usize) -> SpanView {
        let event = |event: &super::trace::Event| EventView {
            name: event.name.clone(),
            at_ms: self.since_start(event.at_ns),
            attributes: object(&event.attributes),
        };
        SpanView {
            span_id: span.span_id.to_string(),
            parent_span_id: span.parent.map(|parent| parent.to_string()),
            depth,
            role: Arc::clone(&span.source.role),
            instance_id: span.source.instance_id.clone(),
            name: span.name.clone(),
            kind: match span.kind {
                Kind::Server => "server",
                Kind::Client => "client",
                Kind::Internal => "internal",
            },
            start_ms: self.since_start(span.start_ns),
            duration_ms: span.duration_ms(),
            status: span.status(),
            outcome: outcome(span),
            message: message(span),
            attributes: object(&span.attributes),
            events: span.events.iter().map(event).collect(),
        }
    }

    fn log_lines(&self) -> Vec<LogView> {
        let mut lines: Vec<&LogLine> = self.trace.logs.iter().collect();
        lines.sort_by_key(|line| line.at_ns);
        lines
            .into_iter()
            .map(|line| LogView {
                at: time::rfc3339(line.at_ns),
                at_ms: self.since_start(line.at_ns),
                role: Arc::clone(&line.source.role),
                instance_id: line.source.instance_id.clone(),
                level: line.level.as_str(),
                message: line.message.clone(),
                target: line.target.clone(),
                span_id: line.span_id.map(|id| id.to_string()),
                attributes: object(&line.attributes),
            })
            .collect()
    }
}

impl Outcome {
    /// The worse of two sides.
    fn max_of(self, other: Self) -> Self {
        match (self, other) {
            (Self::Failed, _) | (_, Self::Failed) => Self::Failed,
            (Self::Refused, _) | (_, Self::Refused) => Self::Refused,
            (Self::Ok, Self::Ok) => Self::Ok,
        }
    }
}

/// A status decides; without one, the span's own word.
fn outcome(span: &Span) -> Outcome {
    match span.status() {
        Some(500..) => Outcome::Failed,
        Some(400..) => Outcome::Refused,
        None if span.failure.is_some() => Outcome::Failed,
        Some(_) | None => Outcome::Ok,
    }
}

fn message(span: &Span) -> Option<String> {
    let failure = span.failure.as_deref().filter(|text| !text.is_empty());
    failure.or_else(|| span.text("error.type")).map(str::to_owned)
}

fn called_role(call: &Span) -> Arc<str> {
    called(&call.attributes).unwrap_or_default().to_ascii_lowercase().into()
}

/// The application a call is for, as the client library or the gateway names it.
fn called(attributes: &Attributes) -> Option<&str> {
    first(attributes, ["peer.service", "bijou.application"]).and_then(Value::as_str)
}

/// The instance a call went to.
fn called_instance(attributes: &Attributes) -> Option<&str> {
    first(attributes, ["bijou.upstream.instance_id", "bijou.instance_id"]).and_then(Value::as_str)
}

/// Which try of its call it was, from 1.
fn number(call: &Span) -> u64 {
    let resent = call.attribute("http.request.resend_count").and_then(Value::as_u64);
    resent.map(|resent| resent + 1).or_else(|| call.attribute("bijou.attempt")?.as_u64()).unwrap_or(1)
}

fn first<'a>(attributes: &'a Attributes, names: [&str; 2]) -> Option<&'a Value> {
    names.into_iter().find_map(|name| find(attributes, name))
}

fn address(call: &Span) -> Option<String> {
    let host = call.text("server.address")?;
    match call.attribute("server.port").and_then(Value::as_u64) {
        Some(port) if !host.contains(':') => Some(format!("{host}:{port}")),
        _ => Some(host.to_owned()),
    }
}

fn object(attributes: &Attributes) -> Map<String, Value> {
    attributes.iter().cloned().collect()
}

#[cfg(test)]
mod tests;
