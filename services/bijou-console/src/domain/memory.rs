//! What is remembered: traces, within a budget of bytes, oldest forgotten first. Those with something the matter (failed, or
//! slow) are spared up to half of the budget, so that a flood of others does not push them out.
//!
//! Spans and log lines of one request come from several processes within some hundred milliseconds, in any order. A
//! trace is *told* (becomes a [`Request`] of the list) once nothing came for a moment, and told again with a higher
//! revision when something still comes. Time is an argument; nothing here waits.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bijou_telemetry::TraceId;
use serde::Serialize;
use utoipa::ToSchema;

use super::story::{Outcome, Request, Story};
use super::tell;
use super::trace::{LogLine, Span, Trace};

/// How long nothing must come before a trace is told. Roles deliver every 200 ms.
const SETTLE: Duration = Duration::from_millis(250);

/// How long to wait for the span that began it all before telling without it.
const BEGINNING: Duration = Duration::from_secs(5);

/// Spans, and log lines, remembered of one trace: a loop somewhere must not push out everybody else.
const PER_TRACE_MAX: usize = 512;

/// A trace id as an ordered key.
type Key = u128;

/// What is remembered.
#[derive(Debug)]
pub struct Memory {
    bytes_max: usize,
    bytes: usize,
    forgotten: u64,
    traces: HashMap<Key, Held>,
    /// In order of their first record.
    order: VecDeque<Key>,
    /// Notable ones that were spared when it was their turn, in that order, and their bytes.
    spared: VecDeque<Key>,
    spared_bytes: usize,
    /// Trace by request id, for lines that carry only that, and for people who have only that.
    by_request_id: HashMap<Arc<str>, Key>,
    /// When which trace is to be looked at.
    due: BTreeSet<(Instant, Key)>,
    /// Told requests by start.
    told: BTreeMap<(u64, Key), Arc<Request>>,
}

#[derive(Debug)]
struct Held {
    id: TraceId,
    trace: Trace,
    bytes: usize,
    since: Instant,
    due: Option<Instant>,
    request_id: Option<Arc<str>>,
    told: Option<(u64, Arc<Request>)>,
    is_notable: bool,
    is_spared: bool,
}

/// How full the memory is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ConsoleMemory)]
pub struct Fill {
    pub held: usize,
    pub bytes: usize,
    pub bytes_max: usize,
    /// Traces pushed out since the start.
    pub forgotten: u64,
}

/// Which requests of the list are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub outcome: Option<Outcome>,
    /// Any hop leads to this role.
    pub role: Option<String>,
    /// The path contains this.
    pub path: Option<String>,
    /// The route contains this.
    pub route: Option<String>,
    /// Its trace id or request id.
    pub id: Option<String>,
    pub account: Option<String>,
    pub status: Option<Statuses>,
    pub slower_than_ms: Option<f64>,
    /// All of these words stand in what is told of it.
    pub text: Option<String>,
    /// Started at this moment or later, in nanoseconds since 1970.
    pub since_ns: Option<u64>,
    /// Started before it.
    pub until_ns: Option<u64>,
    /// Only those before this place in the list.
    pub before: Option<Place>,
    pub limit: usize,
}

/// A place in the list, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place(u64, Key);

impl Memory {
    /// Remembers up to `bytes_max` bytes, as far as they can be estimated.
    pub fn new(bytes_max: usize) -> Self {
        Self {
            bytes_max,
            bytes: 0,
            forgotten: 0,
            traces: HashMap::new(),
            order: VecDeque::new(),
            spared: VecDeque::new(),
            spared_bytes: 0,
            by_request_id: HashMap::new(),
            due: BTreeSet::new(),
            told: BTreeMap::new(),
        }
    }

    /// Remembers a span that came at `now`; with a notable one something is the matter.
    pub fn add_span(&mut self, span: Span, notable: bool, now: Instant) {
        let (id, bytes) = (span.trace_id, span.bytes());
        let request_id = span.text("bijou.request_id").map(Arc::from);
        self.add(id, request_id, bytes, notable, now, |trace| {
            let is_new = trace.spans.len() < PER_TRACE_MAX
                // A batch whose answer got lost is sent again.
                && !trace.spans.iter().any(|known| known.span_id == span.span_id);
            if is_new {
                trace.spans.push(span);
            }
            is_new
        });
    }

    /// Remembers a log line that came at `now`, if it belongs to a request.
    pub fn add_log(&mut self, line: LogLine, now: Instant) {
        let known = || self.by_request_id.get(line.request_id.as_deref()?).and_then(|key| TraceId::new(*key));
        let Some(id) = line.trace_id.or_else(known) else {
            return;
        };
        let bytes = line.bytes();
        let request_id = line.request_id.as_deref().map(Arc::from);
        self.add(id, request_id, bytes, false, now, |trace| {
            let has_room = trace.logs.len() < PER_TRACE_MAX;
            if has_room {
                trace.logs.push(line);
            }
            has_room
        });
    }

    fn add(
        &mut self,
        id: TraceId,
        request_id: Option<Arc<str>>,
        bytes: usize,
        notable: bool,
        now: Instant,
        add: impl FnOnce(&mut Trace) -> bool,
    ) {
        let key = key_of(id);
        if !self.traces.contains_key(&key) {
            self.order.push_back(key);
        }
        let held = self.traces.entry(key).or_insert_with(|| Held {
            id,
            trace: Trace::default(),
            bytes: 0,
            since: now,
            due: None,
            request_id: None,
            told: None,
            is_notable: false,
            is_spared: false,
        });
        held.is_notable |= notable;
        if !add(&mut held.trace) {
            return;
        }
        held.bytes += bytes;
        self.bytes += bytes;
        self.spared_bytes += if held.is_spared { bytes } else { 0 };
        if let (None, Some(request_id)) = (&held.request_id, request_id) {
            held.request_id = Some(Arc::clone(&request_id));
            self.by_request_id.insert(request_id, key);
        }
        let begun = held.told.is_some() || tell::has_begun(&held.trace);
        let due = if begun { now + SETTLE } else { held.since + BEGINNING };
        if let Some(before) = held.due.replace(due) {
            self.due.remove(&(before, key));
        }
        self.due.insert((due, key));
        self.forget_down_to(self.bytes_max);
    }

    /// When something is to be told next.
    pub fn next_due(&self) -> Option<Instant> {
        self.due.first().map(|(at, _)| *at)
    }

    /// Tells what has settled by `now`: requests that are new, or have changed since they were told.
    pub fn settle(&mut self, now: Instant) -> Vec<Arc<Request>> {
        let mut told = Vec::new();
        while let Some((at, key)) = self.due.first().copied().filter(|(at, _)| *at <= now) {
            self.due.remove(&(at, key));
            let Some(held) = self.traces.get_mut(&key) else { continue };
            held.due = None;
            let before = held.told.as_ref().map(|(_, request)| request);
            let revision = before.map_or(1, |request| request.revision + 1);
            let Some(request) = tell::request(&held.trace, revision) else { continue };
            if before.is_some_and(|before| is_same(before, &request)) {
                continue;
            }
            let request = Arc::new(request);
            let start = request.start_ns;
            if let Some((before, _)) = held.told.replace((start, Arc::clone(&request))) {
                self.told.remove(&(before, key));
            }
            self.told.insert((start, key), Arc::clone(&request));
            told.push(request);
        }
        told
    }

    /// Told requests, newest first, and where the next page begins.
    pub fn list(&self, wanted: &Wanted) -> (Vec<Arc<Request>>, Option<Place>) {
        let Place(start, key) = wanted.before.unwrap_or(Place::END);
        let upper = (start, key);
        let mut found = Vec::new();
        let mut last = None;
        for ((start, key), request) in self.told.range(..upper).rev() {
            if !wanted.takes(request) {
                continue;
            }
            if found.len() == wanted.limit {
                return (found, last);
            }
            last = Some(Place(*start, *key));
            found.push(Arc::clone(request));
        }
        (found, None)
    }

    /// Everything about one request, by trace id or request id.
    pub fn story(&self, id: &str) -> Option<Story> {
        let by_trace = u128::from_str_radix(id, 16).ok().filter(|_| id.len() == 32);
        let key =
            by_trace.filter(|key| self.traces.contains_key(key)).or_else(|| self.by_request_id.get(id).copied())?;
        let held = self.traces.get(&key)?;
        let revision = held.told.as_ref().map_or(0, |(_, request)| request.revision);
        tell::story(&held.trace, revision)
    }

    /// The trace of a request with which something is the matter.
    pub fn notable(&self, request: &Request) -> Option<(TraceId, &Trace)> {
        let held = self.traces.get(&Key::from_str_radix(&request.id, 16).ok()?)?;
        held.is_notable.then_some((held.id, &held.trace))
    }

    /// How full it is.
    pub fn fill(&self) -> Fill {
        Fill { held: self.traces.len(), bytes: self.bytes, bytes_max: self.bytes_max, forgotten: self.forgotten }
    }

    /// The oldest that is not spared; of those that are the oldest when they have their half, or nothing else is left.
    fn next_to_go(&mut self, bytes_max: usize) -> Option<Key> {
        loop {
            if self.spared_bytes > bytes_max / 2 || self.order.is_empty() {
                let key = self.spared.pop_front()?;
                self.spared_bytes -= self.traces.get(&key).map_or(0, |held| held.bytes);
                return Some(key);
            }
            let key = self.order.pop_front()?;
            let Some(held) = self.traces.get_mut(&key).filter(|held| held.is_notable) else { return Some(key) };
            held.is_spared = true;
            self.spared_bytes += held.bytes;
            self.spared.push_back(key);
        }
    }

    fn forget_down_to(&mut self, bytes_max: usize) {
        while self.bytes > bytes_max {
            let Some(key) = self.next_to_go(bytes_max) else { return };
            let Some(held) = self.traces.remove(&key) else { continue };
            self.bytes -= held.bytes;
            self.forgotten += 1;
            if let Some(due) = held.due {
                self.due.remove(&(due, key));
            }
            if let Some((start, _)) = held.told {
                self.told.remove(&(start, key));
            }
            if let Some(request_id) = held.request_id {
                self.by_request_id.remove(&request_id);
            }
            debug_assert_eq!(key, key_of(held.id));
        }
    }
}

impl Wanted {
    /// Whether a request is one of those; places and the limit are the list's.
    pub fn takes(&self, request: &Request) -> bool {
        let contains = |text: &Option<String>, part: &str| text.as_deref().is_some_and(|text| text.contains(part));
        let is = |text: &Option<String>, wanted: &str| text.as_deref() == Some(wanted);
        self.outcome.is_none_or(|outcome| request.outcome == outcome)
            && self.status.is_none_or(|status| status.takes(request.status))
            && self.slower_than_ms.is_none_or(|ms| request.duration_ms >= ms)
            && self.since_ns.is_none_or(|ns| request.start_ns >= ns)
            && self.until_ns.is_none_or(|ns| request.start_ns < ns)
            && self.role.as_deref().is_none_or(|role| request.hops.iter().any(|hop| &*hop.to == role))
            && self.path.as_deref().is_none_or(|part| contains(&request.path, part))
            && self.route.as_deref().is_none_or(|part| contains(&request.route, part))
            && self.account.as_deref().is_none_or(|account| is(&request.account, account))
            && self.id.as_deref().is_none_or(|id| request.id == id || is(&request.request_id, id))
            && self.text.as_deref().is_none_or(|text| has_words(request, text))
    }
}

/// Whether every word stands somewhere in what is told of a request, in any case.
fn has_words(request: &Request, words: &str) -> bool {
    let Request { method, path, route, message, request_id, account, id, .. } = request;
    let told = [method, path, route, message, request_id, account].into_iter().flatten();
    let mut told = told.fold(id.clone(), |told, part| told + " " + part);
    told.make_ascii_lowercase();
    words.to_ascii_lowercase().split_whitespace().all(|word| told.contains(word))
}

/// Statuses that are wanted: one of them, or a class such as `5xx`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statuses {
    pub first: u16,
    pub last: u16,
}

impl Statuses {
    fn takes(self, status: Option<u16>) -> bool {
        status.is_some_and(|status| (self.first..=self.last).contains(&status))
    }
}

impl std::str::FromStr for Statuses {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(class) = text.strip_suffix("xx") {
            let first = u16::from(class.parse::<u8>()?) * 100;
            return Ok(Self { first, last: first + 99 });
        }
        let status = text.parse()?;
        Ok(Self { first: status, last: status })
    }
}

impl Place {
    /// Before all others.
    pub const END: Self = Self(u64::MAX, Key::MAX);

    /// Where a request stands.
    pub fn of(request: &Request) -> Self {
        Self(request.start_ns, Key::from_str_radix(&request.id, 16).unwrap_or_default())
    }

    /// Its start, in nanoseconds since 1970.
    pub fn start_ns(self) -> u64 {
        self.0
    }

    /// Its trace id.
    pub fn trace_hex(self) -> String {
        format!("{:032x}", self.1)
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:x}-{:032x}", self.0, self.1)
    }
}

impl std::str::FromStr for Place {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (start, key) = text.split_once('-').unwrap_or((text, ""));
        Ok(Self(u64::from_str_radix(start, 16)?, u128::from_str_radix(key, 16)?))
    }
}

fn key_of(id: TraceId) -> Key {
    u128::from_be_bytes(id.to_bytes())
}

/// Whether only the revision differs.
fn is_same(before: &Request, after: &Request) -> bool {
    Request { revision: before.revision, ..after.clone() } == *before
}

#[cfg(test)]
mod tests;
