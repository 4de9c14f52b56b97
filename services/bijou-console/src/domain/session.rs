//! One account's evenings, out of its requests and of what playback said about it: what was done, in order, and how it
//! played.
//!
//! A session ends where nothing happened for half an hour. Segments are fetched without an account: playback's lines about
//! them are summed up for each playback.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::story::{Outcome, Request};
use super::trace::{LogLine, find};
use crate::time;

/// A pause this long, in nanoseconds, is between two sessions.
pub const PAUSE_NS: u64 = 30 * 60 * 1_000_000_000;

/// Whose line or request it is.
pub const ACCOUNT: &str = "enduser.id";

/// Which playback a line is about.
const PLAYBACK: &str = "bijou.playback.id";

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = ConsoleMoment)]
pub struct Moment {
    #[serde(skip)]
    #[schema(ignore)]
    pub at_ns: u64,
    /// RFC 3339, UTC.
    pub at: String,
    /// `sign-in`, `home`, `search`, `request`, `play`, `quality`, `error`.
    pub kind: &'static str,
    pub words: String,
    pub outcome: Outcome,
    /// Its request's story.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub trace_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub playback_id: Option<String>,
}

/// How one playback went.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
#[schema(as = ConsolePlayback)]
pub struct Playback {
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub title_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub device: Option<String>,
    /// From the press of Play to the first picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub startup_ms: Option<u64>,
    /// Times that the player ran dry, and how long in all.
    pub stalls: u64,
    pub stalled_ms: u64,
    /// Changes of the picture's size.
    pub switches: u64,
    /// What the player met, those that ended it included.
    pub errors: u64,
    /// The last that was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub bitrate_kbps: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub position_s: Option<f64>,
    /// Of the segments whose requests were sampled.
    pub segments: u64,
    pub segment_bytes: u64,
    /// What the player said of itself with those requests; absent when it said nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub cmcd: Option<PlayerWords>,
}

/// A playback in the player's own words: Common Media Client Data (CTA-5004), of the segments whose requests were sampled.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
#[schema(as = ConsolePlayerWords)]
pub struct PlayerWords {
    /// Encoded bitrate of what was asked for (`br`): the least, the last and the most.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub bitrate_kbps: Option<Span>,
    /// Media ahead of the picture (`bl`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub buffer_ms: Option<Span>,
    /// Throughput as the player measured it (`mtp`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub throughput_kbps: Option<Span>,
    /// Requests after the player had run dry (`bs`).
    pub starved: u64,
    /// Requests made in a hurry, to begin or go on after a seek or a stall (`su`).
    pub startup: u64,
}

/// How far a figure moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ConsoleFigureSpan)]
pub struct Span {
    pub least: u64,
    pub last: u64,
    pub most: u64,
}

impl Span {
    fn with(before: Option<Self>, value: u64) -> Self {
        let Self { least, most, .. } = before.unwrap_or(Self { least: value, last: value, most: value });
        Self { least: least.min(value), last: value, most: most.max(value) }
    }
}

/// What happened, in order.
pub fn moments(requests: &[Arc<Request>], lines: &[LogLine]) -> Vec<Moment> {
    let mut moments: Vec<Moment> = requests.iter().map(|request| of_request(request)).collect();
    moments.extend(lines.iter().filter_map(of_line));
    moments.sort_by_key(|moment| moment.at_ns);
    moments
}

/// Where sessions begin and end: ranges of moments without a long pause.
pub fn split(moments: &[Moment]) -> Vec<&[Moment]> {
    moments.chunk_by(|one, next| next.at_ns.saturating_sub(one.at_ns) < PAUSE_NS).collect()
}

fn of_request(request: &Request) -> Moment {
    let path = request.path.as_deref().unwrap_or_default();
    let kind = match (request.method.as_deref(), path) {
        (Some("POST"), "/v1/sessions") => "sign-in",
        (_, path) if path.starts_with("/oauth/") => "sign-in",
        (_, "/v1/home") => "home",
        (_, path) if path.starts_with("/v1/search") => "search",
        (Some("POST"), "/v1/playbacks") => "play",
        _ => "request",
    };
    let what = format!("{} {path}", request.method.as_deref().unwrap_or_default());
    let status = request.status.map_or("no answer".to_owned(), |status| status.to_string());
    let why = request.message.as_deref().map(|message| format!(": {message}")).unwrap_or_default();
    Moment {
        at_ns: request.start_ns,
        at: time::rfc3339(request.start_ns),
        kind,
        words: format!("{} answered {status} in {:.0} ms{why}", what.trim(), request.duration_ms),
        outcome: request.outcome,
        trace_id: Some(request.id.clone()),
        playback_id: None,
    }
}

/// What playback says of a playback, but for single segments.
fn of_line(line: &LogLine) -> Option<Moment> {
    let playback_id = text(line, PLAYBACK)?;
    if find(&line.attributes, "segment.file").is_some() {
        return None;
    }
    let events = events(line);
    let is_bad = events.iter().any(|event| event["kind"] == "error");
    let kind = match (find(&line.attributes, "asset.id"), is_bad) {
        (Some(_), _) => "play",
        (None, true) => "error",
        (None, false) => "quality",
    };
    Some(Moment {
        at_ns: line.at_ns,
        at: time::rfc3339(line.at_ns),
        kind,
        words: line.message.clone(),
        outcome: if is_bad { Outcome::Failed } else { Outcome::Ok },
        trace_id: line.trace_id.map(|id| id.to_string()),
        playback_id: Some(playback_id),
    })
}

/// How each playback went, in the order in which they were first heard of.
pub fn playbacks(lines: &[LogLine]) -> Vec<Playback> {
    let mut lines: Vec<&LogLine> = lines.iter().collect();
    lines.sort_by_key(|line| line.at_ns);
    let mut order = Vec::new();
    let mut known: BTreeMap<String, Playback> = BTreeMap::new();
    for line in lines {
        let Some(id) = text(line, PLAYBACK) else { continue };
        let playback = known.entry(id.clone()).or_insert_with(|| {
            order.push(id.clone());
            Playback { id, ..Playback::default() }
        });
        playback.hear(line);
    }
    order.into_iter().filter_map(|id| known.remove(&id)).collect()
}

impl Playback {
    fn hear(&mut self, line: &LogLine) {
        let number = |name: &str| find(&line.attributes, name).and_then(Value::as_u64);
        if let Some(bytes) = number("segment.bytes") {
            self.segments += 1;
            self.segment_bytes += bytes;
            self.hear_player(line);
            return;
        }
        self.title_id = text(line, "title.id").or_else(|| self.title_id.take());
        self.device = text(line, "device.name").or_else(|| self.device.take());
        self.startup_ms = self.startup_ms.or_else(|| number("player.startup_ms"));
        self.stalls += number("player.stalls").unwrap_or(0);
        self.stalled_ms += number("player.stalled_ms").unwrap_or(0);
        self.bitrate_kbps = number("player.bitrate_kbps").or(self.bitrate_kbps);
        self.position_s = find(&line.attributes, "player.position_s").and_then(Value::as_f64).or(self.position_s);
        for event in events(line) {
            match event["kind"].as_str() {
                Some("rendition_switched") => self.switches += 1,
                Some("error") => self.errors += 1,
                _ => {}
            }
        }
    }
}

impl Playback {
    /// What came with the request of a segment. Sound has a bitrate too, which would hide the picture's.
    fn hear_player(&mut self, line: &LogLine) {
        let number = |name: &str| find(&line.attributes, name).and_then(Value::as_u64);
        let says = |name: &str| find(&line.attributes, name).and_then(Value::as_bool) == Some(true);
        let is_sound = text(line, "cmcd.ot").is_some_and(|object| object == "a");
        let bitrate = number("cmcd.br_kbps").filter(|_| !is_sound);
        let (buffer, throughput) = (number("cmcd.bl_ms"), number("cmcd.mtp_kbps"));
        let (is_starved, is_startup) = (says("cmcd.bs"), says("cmcd.su"));
        if bitrate.or(buffer).or(throughput).is_none() && !is_starved && !is_startup {
            return;
        }
        let words = self.cmcd.get_or_insert_default();
        let note = |span: &mut Option<Span>, value: Option<u64>| {
            if let Some(value) = value {
                *span = Some(Span::with(*span, value));
            }
        };
        note(&mut words.bitrate_kbps, bitrate);
        note(&mut words.buffer_ms, buffer);
        note(&mut words.throughput_kbps, throughput);
        words.starved += u64::from(is_starved);
        words.startup += u64::from(is_startup);
    }
}

/// What a player met since its last report, as playback writes it into its line.
fn events(line: &LogLine) -> Vec<Value> {
    let told = find(&line.attributes, "player.events").and_then(Value::as_str);
    told.and_then(|told| serde_json::from_str(told).ok()).unwrap_or_default()
}

fn text(line: &LogLine, name: &str) -> Option<String> {
    find(&line.attributes, name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::fixtures::{START_NS, home, line};
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
}
