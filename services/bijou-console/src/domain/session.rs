//! One account's evenings, out of its requests and of what identity and playback said about it: how it came in, what was
//! done, in order, and how it played.
//!
//! A session ends where nothing happened for half an hour. Segments are fetched without an account: playback's lines about
//! them are summed up for each playback.

use std::collections::{BTreeMap, HashMap};
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

/// How somebody came in or went out, in identity's lines about that.
const SIGN_IN: &str = "sign_in.way";

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
    /// `sign-in`, `sign-out`, `home`, `search`, `request`, `play`, `quality`, `error`.
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

/// What happened, in order. What identity says of a sign-in and the request it was are one moment, where both are known.
pub fn moments(requests: &[Arc<Request>], lines: &[LogLine]) -> Vec<Moment> {
    let mut moments: Vec<Moment> = requests.iter().map(|request| of_request(request)).collect();
    let places: HashMap<&str, usize> =
        requests.iter().enumerate().map(|(place, request)| (request.id.as_str(), place)).collect();
    for sign_in in lines.iter().filter_map(of_sign_in) {
        match sign_in.trace_id.as_deref().and_then(|id| places.get(id)) {
            Some(&place) => {
                let request = &mut moments[place];
                request.kind = sign_in.kind;
                request.words = format!("{} ({})", sign_in.words, request.words);
            }
            None => moments.push(sign_in),
        }
    }
    moments.extend(lines.iter().filter_map(of_playback));
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
        (Some("DELETE"), path) if path.starts_with("/v1/sessions/") => "sign-out",
        (_, "/oauth/revoke") => "sign-out",
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

/// What identity says of a sign-in, a refusal, a sign-out.
fn of_sign_in(line: &LogLine) -> Option<Moment> {
    let way = text(line, SIGN_IN)?;
    let is_refused = text(line, "sign_in.outcome").is_some_and(|outcome| outcome == "refused");
    Some(Moment {
        at_ns: line.at_ns,
        at: time::rfc3339(line.at_ns),
        kind: if way == "sign-out" { "sign-out" } else { "sign-in" },
        words: line.message.clone(),
        outcome: if is_refused { Outcome::Refused } else { Outcome::Ok },
        trace_id: line.trace_id.map(|id| id.to_string()),
        playback_id: None,
    })
}

/// What playback says of a playback, but for single segments.
fn of_playback(line: &LogLine) -> Option<Moment> {
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
mod tests;
