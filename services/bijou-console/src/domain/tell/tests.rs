//! Stories of whole and of broken traces.

use super::super::fixtures::{home, line, span};
use super::*;

/// Edges as `from>to outcome@start+duration`.
fn edges(trace: &Trace) -> Vec<String> {
    let request = request(trace, 1).expect("somebody served");
    let edge = |hop: &Hop| {
        format!("{}>{} {:?}@{}+{}", hop.from, hop.to, hop.outcome, hop.start_ms, hop.duration_ms).to_lowercase()
    };
    request.hops.iter().map(edge).collect()
}

#[test]
fn a_request_is_told_from_the_edge_to_the_last_service() {
    let request = request(&home(), 1).expect("a request");
    assert_eq!(request.id, "00000000000000000000000000000001");
    assert_eq!((request.request_id.as_deref(), &*request.entry), (Some("r-1"), "gateway"));
    assert_eq!((request.method.as_deref(), request.path.as_deref()), (Some("GET"), Some("/v1/home")));
    assert_eq!((request.status, request.outcome, request.duration_ms), (Some(200), Outcome::Ok, 30.0));
    assert_eq!(request.started_at, "2026-11-23T07:00:00.000Z");
    assert_eq!(
        edges(&home()),
        [
            "client>gateway ok@0+30",
            "gateway>recommendations failed@2+1",
            "gateway>recommendations ok@4+24",
            "recommendations>catalog ok@6+10",
        ]
    );
}

#[test]
fn what_a_check_did_is_told_as_its_own() {
    let mut trace = home();
    assert_eq!(request(&trace, 1).and_then(|request| request.check), None);
    trace.spans.push(span("console", Kind::Internal, 90, None, (0, 31)).with("bijou.check", "browse"));
    assert_eq!(request(&trace, 1).and_then(|request| request.check).as_deref(), Some("browse"));
}

#[test]
fn attempts_and_choices_say_where_it_went_and_why() {
    let story = story(&home(), 1).expect("a request");
    let attempts: Vec<_> = story
        .attempts
        .iter()
        .map(|attempt| (attempt.number, &*attempt.to, attempt.instance_id.as_deref(), attempt.message.as_deref()))
        .collect();
    assert_eq!(
        attempts,
        [
            (1, "recommendations", Some("host:recommendations:1"), Some("connection refused")),
            (2, "recommendations", Some("host:recommendations:0"), None),
            (1, "catalog", Some("host:catalog:0"), None),
        ]
    );
    assert_eq!(story.choices.len(), 1);
    assert_eq!((&*story.choices[0].to, story.choices[0].candidates), ("recommendations", Some(2)));
    assert_eq!(story.log_lines[0].message, "read 12 titles");
}

#[test]
fn spans_stand_below_what_they_are_part_of() {
    let story = story(&home(), 1).expect("a request");
    let tree: Vec<_> = story.spans.iter().map(|span| (span.depth, span.name.as_str())).collect();
    assert_eq!(
        tree,
        [
            (0, "gateway 1"),
            (1, "gateway 2"),
            (1, "gateway 3"),
            (2, "recommendations 4"),
            (3, "recommendations 5"),
            (4, "catalog 6"),
            (5, "catalog 7"),
        ]
    );
}

#[test]
fn a_service_whose_caller_is_still_unknown_is_not_the_beginning() {
    let mut trace = home();
    trace.spans.retain(|span| &*span.source.role == "catalog");
    assert!(!has_begun(&trace));
    assert_eq!(edges(&trace), ["client>catalog ok@0+8"]);
    assert!(has_begun(&home()));
}

#[test]
fn a_clients_own_trace_begins_at_the_edge() {
    let mut trace = home();
    for span in &mut trace.spans {
        if span.parent.is_none() {
            span.parent = Some(super::super::fixtures::span_id(99));
        }
    }
    assert!(has_begun(&trace));
    assert_eq!(request(&trace, 1).map(|request| request.duration_ms), Some(30.0));
}

#[test]
fn a_call_nobody_is_known_to_have_served_is_told_by_its_caller() {
    let mut trace = home();
    trace.spans.retain(|span| &*span.source.role != "catalog");
    assert_eq!(edges(&trace).last().map(String::as_str), Some("recommendations>catalog ok@6+10"));
}

#[test]
fn nobody_served_means_no_request() {
    let trace =
        Trace { spans: vec![span("playback", Kind::Internal, 1, None, (0, 1))], logs: vec![line("playback", 0, "x")] };
    assert_eq!(request(&trace, 1), None);
}

#[test]
fn probes_are_not_told_of_but_can_be_asked_for() {
    let probe = span("gateway", Kind::Server, 1, None, (0, 1)).with("url.path", "/readyz");
    let trace = Trace { spans: vec![probe], logs: Vec::new() };
    assert_eq!(request(&trace, 1), None);
    assert!(story(&trace, 1).is_some());
}

#[test]
fn a_status_decides_how_it_ended() {
    let check = |status: u16, expected: Outcome| {
        let span = span("gateway", Kind::Server, 1, None, (0, 1)).with("http.response.status_code", status);
        assert_eq!(outcome(&span), expected, "{status}");
    };
    check(204, Outcome::Ok);
    check(304, Outcome::Ok);
    check(401, Outcome::Refused);
    check(503, Outcome::Failed);
}

#[test]
fn spans_that_claim_each_other_as_parent_do_not_go_round_in_circles() {
    let trace = Trace {
        spans: vec![
            span("gateway", Kind::Server, 1, None, (0, 9)),
            span("catalog", Kind::Internal, 2, Some(3), (1, 2)),
            span("catalog", Kind::Internal, 3, Some(2), (1, 2)),
        ],
        logs: Vec::new(),
    };
    assert_eq!(story(&trace, 1).expect("a request").spans.len(), 1);
}

#[test]
fn the_gateways_own_names_are_understood_too() {
    let mut edge = span("gateway", Kind::Server, 1, None, (0, 9)).with("bijou.application", "CATALOG");
    edge.events.push(super::super::trace::Event {
        name: PICK.to_owned(),
        at_ns: edge.start_ns,
        attributes: vec![
            ("bijou.instance_id".to_owned(), "host:catalog:1".into()),
            ("bijou.candidates".to_owned(), 2.into()),
        ],
    });
    let attempt = span("gateway", Kind::Client, 2, Some(1), (1, 8))
        .with("bijou.application", "CATALOG")
        .with("bijou.instance_id", "host:catalog:1")
        .with("bijou.attempt", 2)
        .with("server.address", "127.0.0.1")
        .with("server.port", 4001);
    let story = story(&Trace { spans: vec![edge, attempt], logs: Vec::new() }, 1).expect("a request");
    let attempt = &story.attempts[0];
    assert_eq!((attempt.number, &*attempt.to, attempt.addr.as_deref()), (2, "catalog", Some("127.0.0.1:4001")));
    assert_eq!(attempt.instance_id.as_deref(), Some("host:catalog:1"));
    assert_eq!((&*story.choices[0].to, story.choices[0].chosen.as_deref()), ("catalog", Some("host:catalog:1")));
    assert_eq!(story.request.hops[1].instance_id.as_deref(), Some("host:catalog:1"));
}
