//! Settling, telling again, paging and forgetting, on a clock of our own.

use super::super::fixtures::{home, line, span};
use super::super::trace::Kind;
use super::*;

const MS: Duration = Duration::from_millis(1);

fn ids(told: &[Arc<Request>]) -> Vec<(&str, u32)> {
    told.iter().map(|request| (request.id.trim_start_matches('0'), request.revision)).collect()
}

/// A request of one span at the edge.
fn edge(number: u128, start: u64) -> Span {
    span("gateway", Kind::Server, number as u64, None, (start, start + 1))
        .with("url.path", format!("/v1/titles/{number}"))
        .with("http.response.status_code", if number.is_multiple_of(2) { 200 } else { 404 })
        .with("bijou.request_id", format!("r-{number}"))
        .of_trace(number)
}

#[test]
fn a_trace_is_told_once_nothing_came_for_a_moment() {
    let (start, mut memory) = (Instant::now(), Memory::new(1 << 20));
    for span in home().spans {
        memory.add_span(span, false, start);
    }
    assert!(memory.settle(start + 249 * MS).is_empty());
    assert_eq!(memory.next_due(), Some(start + SETTLE));
    assert_eq!(ids(&memory.settle(start + SETTLE)), [("1", 1)]);
    assert_eq!(memory.next_due(), None);
}

#[test]
fn what_comes_late_is_told_again_and_what_changes_nothing_is_not() {
    let (start, mut memory) = (Instant::now(), Memory::new(1 << 20));
    let mut spans = home().spans;
    let late = spans.remove(2);
    for span in spans {
        memory.add_span(span, false, start);
    }
    memory.settle(start + SETTLE);
    memory.add_span(late.clone(), false, start + 400 * MS);
    assert_eq!(ids(&memory.settle(start + 700 * MS)), [("1", 2)]);
    memory.add_span(late, false, start + 800 * MS);
    assert!(memory.settle(start + 2_000 * MS).is_empty());
    memory.add_log(line("catalog", 9, "read 12 titles"), start + 2_000 * MS);
    let told = memory.settle(start + 3_000 * MS);
    assert_eq!((told[0].revision, told[0].logs), (3, 1));
    assert_eq!(memory.list(&Wanted { limit: 9, ..Wanted::default() }).0.len(), 1);
}

#[test]
fn the_beginning_is_waited_for_but_not_for_ever() {
    let (start, mut memory) = (Instant::now(), Memory::new(1 << 20));
    memory.add_span(span("catalog", Kind::Server, 6, Some(5), (7, 15)), false, start);
    assert!(memory.settle(start + 1_000 * MS).is_empty());
    assert_eq!(ids(&memory.settle(start + BEGINNING)), [("1", 1)]);
}

#[test]
fn a_line_with_only_a_request_id_finds_its_trace() {
    let (start, mut memory) = (Instant::now(), Memory::new(1 << 20));
    memory.add_span(edge(7, 0), false, start);
    memory
        .add_log(LogLine { trace_id: None, request_id: Some("r-7".to_owned()), ..line("catalog", 0, "found") }, start);
    memory.add_log(LogLine { trace_id: None, request_id: Some("r-8".to_owned()), ..line("catalog", 0, "lost") }, start);
    memory.settle(start + SETTLE);
    let story = memory.story("r-7").expect("known by request id");
    assert_eq!(story.log_lines.len(), 1);
    assert_eq!(memory.story(&story.request.id).map(|story| story.request.logs), Some(1));
    assert_eq!(memory.story("r-8"), None);
    assert_eq!(memory.story(&"f".repeat(32)), None);
}

#[test]
fn the_list_is_newest_first_in_pages_and_can_be_narrowed() {
    let (start, mut memory) = (Instant::now(), Memory::new(1 << 20));
    for number in 1..=5 {
        memory.add_span(edge(number, number as u64 * 10), false, start);
    }
    memory.settle(start + SETTLE);
    let list = |wanted: Wanted| {
        let (found, next) = memory.list(&wanted);
        (found.iter().map(|request| request.path.clone().expect("a path")).collect::<Vec<_>>(), next)
    };
    let (first, next) = list(Wanted { limit: 2, ..Wanted::default() });
    assert_eq!(first, ["/v1/titles/5", "/v1/titles/4"]);
    let place: Place = next.expect("more").to_string().parse().expect("what is written can be read");
    let (second, next) = list(Wanted { limit: 3, before: Some(place), ..Wanted::default() });
    assert_eq!(second, ["/v1/titles/3", "/v1/titles/2", "/v1/titles/1"]);
    assert_eq!(next, None);
    let refused =
        Wanted { limit: 9, outcome: Some(Outcome::Refused), path: Some("titles/3".to_owned()), ..Wanted::default() };
    assert_eq!(list(refused).0, ["/v1/titles/3"]);
    assert!(list(Wanted { limit: 9, role: Some("catalog".to_owned()), ..Wanted::default() }).0.is_empty());
}

#[test]
fn the_oldest_is_forgotten_and_everything_about_it() {
    let start = Instant::now();
    let one = edge(1, 0).bytes();
    let mut memory = Memory::new(one * 5 / 2);
    for number in 1..=3 {
        memory.add_span(edge(number, 0), false, start);
    }
    let fill = memory.fill();
    assert_eq!((fill.held, fill.forgotten), (2, 1));
    assert!(fill.bytes <= fill.bytes_max);
    assert_eq!(memory.story("r-1"), None);
    assert_eq!(memory.settle(start + SETTLE).len(), 2);
    memory.add_span(edge(4, 0), false, start);
    assert_eq!(memory.list(&Wanted { limit: 9, ..Wanted::default() }).0.len(), 1);
}

#[test]
fn one_trace_cannot_take_all_the_room() {
    let (start, mut memory) = (Instant::now(), Memory::new(1 << 30));
    for number in 1..=PER_TRACE_MAX as u64 + 10 {
        memory.add_span(span("catalog", Kind::Server, number, None, (0, 1)), false, start);
    }
    assert_eq!(memory.story(&format!("{:032x}", 1)).expect("held").spans.len(), PER_TRACE_MAX);
}

#[test]
fn a_flood_does_not_push_out_what_is_notable_unless_that_has_its_half() {
    let (start, one) = (Instant::now(), edge(1, 0).bytes());
    let mut memory = Memory::new(20 * one);
    memory.add_span(edge(2, 0), true, start);
    for number in 3..=200 {
        memory.add_span(edge(number, number as u64), false, start);
    }
    memory.settle(start + SETTLE);
    assert!(memory.story("r-2").is_some() && memory.story("r-3").is_none() && memory.story("r-200").is_some());
    assert!(memory.fill().bytes <= 20 * one);

    for number in 301..=400 {
        memory.add_span(edge(number, number as u64), true, start);
    }
    memory.settle(start + SETTLE);
    assert!(memory.story("r-2").is_none() && memory.story("r-301").is_none() && memory.story("r-400").is_some());
    for number in 501..=600 {
        memory.add_span(edge(number, number as u64), false, start);
    }
    memory.settle(start + SETTLE);
    let held =
        |from: u128, to: u128| (from..=to).filter(|number| memory.story(&format!("r-{number}")).is_some()).count();
    assert!((9..=11).contains(&held(301, 400)) && (9..=11).contains(&held(501, 600)), "a half each");
}
