//! Stories as spans: made when a request is over, out of the same numbers, so that nothing is paid while it runs.
//!
//! One server span for the request, one client span per attempt (the service's own spans hang below that, whose id it
//! was sent), one for every filter that took long enough to be seen.

use std::borrow::Cow;

use bijou_telemetry::{Kind, Outcome, SpanEvent, SpanId, SpanRecord, Value};

use crate::shared::Shared;
use crate::story::{Attempt, Record};

/// Filters quicker than this are not worth a line of their own, in nanoseconds.
const FILTER_NS_MIN: u64 = 20_000;

/// Hands a story's spans to telemetry: those that are sampled, every failure, and what was slow. The latter two go before
/// others where there is little room.
pub(crate) fn record(shared: &Shared, record: &Record) {
    let Some(role) = &shared.role else { return };
    let is_notable = record.is_failure() || record.is_slow;
    if !record.trace.sampled && !is_notable {
        return;
    }
    for span in spans(record) {
        if is_notable { role.record_notable(span) } else { role.record(span) }
    }
}

fn spans(record: &Record) -> Vec<SpanRecord> {
    let at = |us: u64| record.started_ns + us * 1_000;
    let mut spans = vec![request_span(record, at(record.took_us))];
    for step in record.filters.iter().filter(|step| step.took_ns >= FILTER_NS_MIN) {
        spans.push(SpanRecord {
            trace_id: record.trace_id,
            span_id: SpanId::random(),
            parent: Some(record.trace.span_id),
            name: Cow::Owned(format!("filter {}", step.filter)),
            kind: Kind::Internal,
            start_unix_ns: at(step.started_us),
            end_unix_ns: at(step.started_us) + step.took_ns,
            attributes: vec![
                ("bijou.filter".into(), text(step.filter)),
                ("bijou.answered".into(), Value::Bool(step.answered)),
            ],
            events: Vec::new(),
            outcome: Outcome::Unset,
        });
    }
    spans.extend(record.attempts.iter().map(|attempt| attempt_span(record, attempt, at(attempt.started_us))));
    spans
}

fn request_span(record: &Record, end_unix_ns: u64) -> SpanRecord {
    let route = record.route.as_deref();
    let mut attributes = vec![
        ("bijou.request_id".into(), owned(&record.request_id)),
        ("http.request.method".into(), owned(&record.method)),
        ("url.path".into(), owned(&record.path)),
        ("server.address".into(), owned(&record.host)),
        ("http.response.status_code".into(), Value::Int(i64::from(record.status))),
        ("network.protocol.version".into(), text(record.protocol)),
        ("client.address".into(), owned(&record.client)),
        ("bijou.category".into(), text(record.category)),
        ("bijou.outcome".into(), text(record.outcome)),
        ("http.response.body.size".into(), Value::Int(record.response_bytes as i64)),
    ];
    if let Some(route) = route {
        attributes.push(("http.route".into(), owned(route)));
    }
    if let Some(application) = &record.application {
        attributes.push(("bijou.application".into(), owned(application)));
    }
    if let Some(account) = &record.account {
        attributes.push(("enduser.id".into(), owned(account)));
    }
    // OpenTelemetry's name; an id of ours, which opens nothing.
    if let Some(session) = &record.session {
        attributes.push(("session.id".into(), owned(session)));
    }
    if let Some((_, fault)) = record.notes.iter().find(|(name, _)| *name == "fault") {
        attributes.push(("bijou.fault".into(), owned(fault)));
    }
    if let Some(code) = record.code {
        attributes.push(("error.type".into(), text(code)));
    }
    if let Some(problem) = &record.problem {
        attributes.push(("bijou.problem".into(), owned(problem)));
    }
    let events = record.attempts.iter().map(|attempt| pick_event(record, attempt)).collect();
    SpanRecord {
        trace_id: record.trace_id,
        span_id: record.trace.span_id,
        parent: record.parent,
        name: Cow::Owned(format!("{} {}", record.method, route.unwrap_or("-"))),
        kind: Kind::Server,
        start_unix_ns: record.started_ns,
        end_unix_ns,
        attributes,
        events,
        outcome: if record.is_failure() {
            Outcome::Failed(record.code.unwrap_or("failed").into())
        } else {
            Outcome::Unset
        },
    }
}

/// Which instance was chosen, over which.
fn pick_event(record: &Record, attempt: &Attempt) -> SpanEvent {
    let mut attributes = vec![
        ("bijou.instance_id".into(), owned(&attempt.instance_id)),
        ("bijou.candidates".into(), Value::Int(attempt.candidates as i64)),
        ("bijou.score".into(), Value::Double(f64::from(attempt.score))),
    ];
    if let Some(locality) = attempt.locality {
        attributes.push(("bijou.locality".into(), text(locality)));
    }
    if let Some((loser, score)) = &attempt.over {
        attributes.push(("bijou.over".into(), owned(loser)));
        attributes.push(("bijou.over_score".into(), Value::Double(f64::from(*score))));
    }
    SpanEvent { name: "discovery pick".into(), at_unix_ns: record.started_ns + attempt.started_us * 1_000, attributes }
}

fn attempt_span(record: &Record, attempt: &Attempt, start_unix_ns: u64) -> SpanRecord {
    let application = record.application.as_deref().unwrap_or("-");
    let mut attributes = vec![
        ("bijou.request_id".into(), owned(&record.request_id)),
        ("bijou.application".into(), owned(application)),
        ("bijou.instance_id".into(), owned(&attempt.instance_id)),
        ("bijou.attempt".into(), Value::Int(i64::from(attempt.number))),
        ("server.address".into(), Value::Text(attempt.address.ip().to_string().into())),
        ("server.port".into(), Value::Int(i64::from(attempt.address.port()))),
        ("bijou.deadline_ms".into(), Value::Int(attempt.deadline_ms as i64)),
    ];
    if let Some(status) = attempt.status {
        attributes.push(("http.response.status_code".into(), Value::Int(i64::from(status))));
    }
    if let Some(then) = attempt.then {
        attributes.push(("bijou.then".into(), text(then)));
    }
    SpanRecord {
        trace_id: record.trace_id,
        span_id: attempt.span_id,
        parent: Some(record.trace.span_id),
        name: Cow::Owned(format!("attempt {} {application}", attempt.number)),
        kind: Kind::Client,
        start_unix_ns,
        end_unix_ns: start_unix_ns + attempt.took_us * 1_000,
        attributes,
        events: Vec::new(),
        outcome: match (attempt.fault, attempt.status) {
            (Some(fault), _) => Outcome::Failed(fault.into()),
            (None, Some(500..)) => Outcome::Failed("5xx".into()),
            (None, _) => Outcome::Unset,
        },
    }
}

fn text(value: &'static str) -> Value {
    Value::Text(Cow::Borrowed(value))
}

fn owned(value: &str) -> Value {
    Value::Text(Cow::Owned(value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::tests::record;

    fn attempt(number: u32, status: Option<u16>, fault: Option<&'static str>) -> Attempt {
        Attempt {
            number,
            span_id: SpanId::random(),
            instance_id: format!("host:catalog:{number}").into(),
            address: "127.0.0.1:4000".parse().expect("an address"),
            locality: None,
            candidates: 2,
            score: 1.0,
            over: None,
            started_us: 100 * u64::from(number),
            took_us: 50,
            deadline_ms: 1_000,
            status,
            fault,
            then: None,
        }
    }

    #[test]
    fn a_request_of_a_signed_in_viewer_names_its_login_session() {
        let mut story = record("r1", "success");
        let session = |story: &Record| {
            let mut attributes = spans(story).remove(0).attributes.into_iter();
            attributes.find(|(name, _)| name == "session.id").map(|(_, value)| value)
        };
        assert_eq!(session(&story), None);
        story.session = Some("s-1".to_owned());
        assert_eq!(session(&story), Some(Value::Text("s-1".into())));
    }

    #[test]
    fn attempts_lie_inside_the_request_and_failures_are_marked() {
        let mut story = record("r1", "success");
        story.attempts = vec![attempt(1, None, Some("reset")), attempt(2, Some(200), None)];
        let spans = spans(&story);
        let names: Vec<_> = spans.iter().map(|span| span.name.as_ref()).collect();
        assert_eq!(names, ["GET -", "attempt 1 -", "attempt 2 -"]);
        let root = &spans[0];
        assert_eq!(root.events.len(), 2);
        for span in &spans[1..] {
            assert_eq!(span.parent, Some(root.span_id));
            assert!(span.start_unix_ns >= root.start_unix_ns && span.end_unix_ns <= root.end_unix_ns);
        }
        assert_eq!(spans[1].outcome, Outcome::Failed("reset".into()));
        assert_eq!(spans[2].outcome, Outcome::Unset);
    }
}
