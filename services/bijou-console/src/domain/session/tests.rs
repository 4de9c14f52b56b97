//! Evenings out of requests and of what was said about them.

use serde_json::json;

use super::super::fixtures::{START_NS, home, line, trace_id};
use super::super::tell;
use super::*;

fn said(at: u64, message: &str, attributes: &[(&str, Value)]) -> LogLine {
    let own = attributes.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
    LogLine { attributes: own.collect(), ..line("playback", at, message) }
}

fn evening() -> Vec<LogLine> {
    let events = json!([{ "kind": "rendition_switched" }, { "kind": "error", "fatal": true }]).to_string();
    vec![
        said(
            9_000,
            "a report",
            &[
                (PLAYBACK, json!("p1")),
                ("player.startup_ms", json!(800)),
                ("player.stalls", json!(1)),
                ("player.stalled_ms", json!(1_500)),
                ("player.bitrate_kbps", json!(900)),
                ("player.position_s", json!(12.5)),
                ("player.events", json!(events)),
            ],
        ),
        said(
            1_000,
            "it begins",
            &[
                (PLAYBACK, json!("p1")),
                ("asset.id", json!("a")),
                ("title.id", json!("film")),
                ("device.name", json!("Living room")),
            ],
        ),
        said(
            2_000,
            "20 bytes",
            &[
                (PLAYBACK, json!("p1")),
                ("segment.file", json!("v.mp4")),
                ("segment.bytes", json!(20)),
                ("cmcd.ot", json!("v")),
                ("cmcd.br_kbps", json!(3_200)),
                ("cmcd.bl_ms", json!(0)),
                ("cmcd.su", json!(true)),
            ],
        ),
        said(
            2_100,
            "30 bytes",
            &[
                (PLAYBACK, json!("p1")),
                ("segment.file", json!("v.mp4")),
                ("segment.bytes", json!(30)),
                ("cmcd.ot", json!("v")),
                ("cmcd.br_kbps", json!(900)),
                ("cmcd.bl_ms", json!(400)),
                ("cmcd.mtp_kbps", json!(1_100)),
                ("cmcd.bs", json!(true)),
            ],
        ),
        said(
            2_200,
            "5 bytes",
            &[
                (PLAYBACK, json!("p1")),
                ("segment.file", json!("a.mp4")),
                ("segment.bytes", json!(5)),
                ("cmcd.ot", json!("a")),
                ("cmcd.br_kbps", json!(96)),
            ],
        ),
    ]
}

#[test]
fn an_evening_is_told_in_order_and_segments_are_summed_up() {
    let request = Arc::new(tell::request(&home(), 1).expect("a request"));
    let moments = moments(&[request], &evening());
    let kinds: Vec<_> = moments.iter().map(|moment| moment.kind).collect();
    assert_eq!(kinds, ["home", "play", "error"]);
    assert_eq!(moments[0].words, "GET /v1/home answered 200 in 30 ms");
    assert_eq!(moments[2].outcome, Outcome::Failed);
}

#[test]
fn a_sign_in_is_told_with_its_request_and_without_it() {
    let request = Arc::new(tell::request(&home(), 1).expect("a request"));
    let other = Some(trace_id(2));
    let lines = [
        said(5, "signed in by password on `TV`", &[(SIGN_IN, json!("password")), ("device.name", json!("TV"))]),
        LogLine {
            trace_id: other,
            ..said(9, "could not stay signed in", &[(SIGN_IN, json!("x")), ("sign_in.outcome", json!("refused"))])
        },
        LogLine { trace_id: other, ..said(10, "signed out", &[(SIGN_IN, json!("sign-out"))]) },
    ];
    let told = moments(&[request], &lines);
    let told: Vec<_> = told.iter().map(|moment| (moment.kind, moment.words.as_str(), moment.outcome)).collect();
    let together = "signed in by password on `TV` (GET /v1/home answered 200 in 30 ms)";
    let expected = [
        ("sign-in", together, Outcome::Ok),
        ("sign-in", "could not stay signed in", Outcome::Refused),
        ("sign-out", "signed out", Outcome::Ok),
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_playback_is_summed_up() {
    let expected = Playback {
        id: "p1".to_owned(),
        title_id: Some("film".to_owned()),
        device: Some("Living room".to_owned()),
        startup_ms: Some(800),
        stalls: 1,
        stalled_ms: 1_500,
        switches: 1,
        errors: 1,
        bitrate_kbps: Some(900),
        position_s: Some(12.5),
        segments: 3,
        segment_bytes: 55,
        cmcd: Some(PlayerWords {
            bitrate_kbps: Some(Span { least: 900, last: 900, most: 3_200 }),
            buffer_ms: Some(Span { least: 0, last: 400, most: 400 }),
            throughput_kbps: Some(Span { least: 1_100, last: 1_100, most: 1_100 }),
            starved: 1,
            startup: 1,
        }),
    };
    assert_eq!(playbacks(&evening()), [expected]);
}

#[test]
fn half_an_hour_of_nothing_ends_a_session() {
    let request = Arc::new(tell::request(&home(), 1).expect("a request"));
    let at = |at_ns| Arc::new(Request { start_ns: at_ns, ..Request::clone(&request) });
    let moments = moments(&[at(START_NS), at(START_NS + PAUSE_NS - 1), at(START_NS + 2 * PAUSE_NS)], &[]);
    assert_eq!(split(&moments).iter().map(|part| part.len()).collect::<Vec<_>>(), [2, 1]);
    assert!(split(&[]).is_empty());
}
