//! Finding things again: over all files, newest first.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use bijou_store::StoreError;
use bijou_telemetry::TraceId;
use sqlx::Row as _;

use super::segment::{Segment, Span as Bound};
use super::{Archive, record};
use crate::domain::memory::{Place, Wanted};
use crate::domain::story::{Outcome, Request};
use crate::domain::trace::{Level, LogLine, Trace};

/// Spans, and lines, read of one trace: a story is for people.
const PER_TRACE_MAX: i64 = 2_048;

/// Requests looked at for one page; behind them the page ends with a place to go on from.
const LOOKED_AT_MAX: usize = 20_000;

/// Requests read at once.
const CHUNK: i64 = 500;

/// Which lines are wanted.
#[derive(Debug, Clone)]
pub struct LinesWanted {
    /// Words that all have to be in the message or an attribute; see [`words`].
    pub text: Option<String>,
    /// At least this serious.
    pub level: Level,
    pub role: Option<String>,
    pub trace: Option<TraceId>,
    /// Places from here.
    pub from: i64,
    /// Places before this.
    pub before: i64,
    pub limit: usize,
}

/// A line and its place.
#[derive(Debug, Clone)]
pub struct Line {
    pub seq: i64,
    pub line: LogLine,
}

impl Archive {
    /// The newest lines that are wanted, newest first.
    pub async fn lines(&self, wanted: &LinesWanted) -> Result<Vec<Line>, StoreError> {
        let mut segments: Vec<_> =
            self.segments().into_iter().filter_map(|segment| Some((segment.bounds().lines?, segment))).collect();
        segments.retain(|(bound, _)| bound.first < wanted.before && bound.last >= wanted.from);
        segments.sort_by_key(|(bound, _)| Reverse(bound.last));
        let mut found: Vec<Line> = Vec::new();
        for (bound, segment) in segments {
            if is_enough(found.iter().map(|line| line.seq), wanted.limit, bound) {
                break;
            }
            found.extend(segment.lines(wanted).await?);
            found.sort_by_key(|line| Reverse(line.seq));
            found.truncate(wanted.limit);
        }
        Ok(found)
    }

    /// Everything kept of a trace.
    pub async fn trace(&self, id: TraceId) -> Result<Trace, StoreError> {
        let mut trace = Trace::default();
        for segment in self.segments() {
            segment.add_trace(id, &mut trace).await?;
        }
        // A batch whose answer got lost is delivered again.
        let mut known = std::collections::HashSet::new();
        trace.spans.retain(|span| known.insert(span.span_id));
        Ok(trace)
    }

    /// The trace of a request id.
    pub async fn trace_of(&self, request_id: &str) -> Result<Option<TraceId>, StoreError> {
        for segment in self.segments().iter().rev() {
            let row = sqlx::query("SELECT hex(trace) FROM requests WHERE request_id = $1")
                .bind(request_id)
                .fetch_optional(segment.database.pool())
                .await
                .map_err(|error| segment.database.explain(error))?;
            if let Some(row) = row {
                return Ok(record::trace_id(&row.try_get::<String, _>(0)?));
            }
        }
        Ok(None)
    }

    /// Told requests, newest first, and where the next page begins.
    pub async fn requests(&self, wanted: &Wanted) -> Result<(Vec<Arc<Request>>, Option<Place>), StoreError> {
        let mut segments: Vec<_> =
            self.segments().into_iter().filter_map(|segment| Some((segment.bounds().requests?, segment))).collect();
        let before = wanted.before.map_or(i64::MAX, |place| i64::try_from(place.start_ns()).unwrap_or(i64::MAX));
        let from = wanted.since_ns.map_or(0, |ns| i64::try_from(ns).unwrap_or(i64::MAX));
        segments.retain(|(bound, _)| bound.first <= before && bound.last >= from);
        segments.sort_by_key(|(bound, _)| Reverse(bound.last));
        let mut found: HashMap<String, Arc<Request>> = HashMap::new();
        let mut left = LOOKED_AT_MAX;
        let mut cut: Option<Place> = None;
        for (bound, segment) in segments {
            let enough = is_enough(found.values().map(|request| request.start_ns as i64), wanted.limit + 1, bound);
            if enough || left == 0 {
                break;
            }
            let (requests, last) = segment.requests(wanted, &mut left).await?;
            for request in requests {
                // The same one from two files, told again meanwhile.
                let known = found.get(&request.id).map_or(0, |known| known.revision);
                if request.revision > known {
                    found.insert(request.id.clone(), request);
                }
            }
            if left == 0 {
                cut = last;
            }
        }
        let mut found: Vec<_> = found.into_values().collect();
        found.sort_by_key(|request| Reverse(Place::of(request)));
        let has_more = found.len() > wanted.limit;
        found.truncate(wanted.limit);
        let next = if has_more { found.last().map(|last| Place::of(last)) } else { cut };
        Ok((found, next))
    }
}

/// Whether nothing in a file can come before the last of what was found.
fn is_enough(found: impl ExactSizeIterator<Item = i64>, limit: usize, bound: Bound) -> bool {
    found.len() >= limit && found.min().is_some_and(|least| least > bound.last)
}

impl Segment {
    async fn lines(&self, wanted: &LinesWanted) -> Result<Vec<Line>, StoreError> {
        const COLUMNS: &str = "l.seq, l.level, l.role, hex(l.trace), l.message, l.body";
        let text = wanted.text.as_deref().and_then(words);
        let tables = match text {
            Some(_) => "line_text CROSS JOIN lines l ON l.seq = line_text.rowid",
            None => "lines l",
        };
        let place = if text.is_some() { "line_text.rowid" } else { "l.seq" };
        let mut conditions = vec![format!("{place} >= $1 AND {place} < $2")];
        // Written out: the index of warnings serves only who names its condition.
        if wanted.level > Level::Trace {
            conditions.push(format!("l.level >= {}", wanted.level as u8));
        }
        let trace = wanted.trace.map(|id| id.to_string());
        let given = [("line_text MATCH", &text), ("l.role =", &wanted.role), ("l.trace = unhex", &trace)];
        let mut values = Vec::new();
        for (condition, value) in given {
            if let Some(value) = value {
                values.push(value);
                conditions.push(format!("{condition} (${})", values.len() + 2));
            }
        }
        let (conditions, limit) = (conditions.join(" AND "), wanted.limit);
        let sql = format!("SELECT {COLUMNS} FROM {tables} WHERE {conditions} ORDER BY {place} DESC LIMIT {limit}");
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(wanted.from).bind(wanted.before);
        for value in values {
            query = query.bind(value.as_str());
        }
        let rows = query.fetch_all(self.database.pool()).await.map_err(|error| self.database.explain(error))?;
        let mut lines = Vec::with_capacity(rows.len());
        for row in &rows {
            lines.extend(line(row)?);
        }
        Ok(lines)
    }

    async fn add_trace(&self, id: TraceId, trace: &mut Trace) -> Result<(), StoreError> {
        let hex = id.to_string();
        let rows = sqlx::query("SELECT body FROM spans WHERE trace = unhex($1) LIMIT $2")
            .bind(hex.as_str())
            .bind(PER_TRACE_MAX)
            .fetch_all(self.database.pool())
            .await
            .map_err(|error| self.database.explain(error))?;
        for row in &rows {
            trace.spans.extend(record::span(id, &row.try_get::<String, _>(0)?));
        }
        let wanted = LinesWanted {
            text: None,
            level: Level::Trace,
            role: None,
            trace: Some(id),
            from: 0,
            before: i64::MAX,
            limit: PER_TRACE_MAX as usize,
        };
        trace.logs.extend(self.lines(&wanted).await?.into_iter().map(|line| line.line));
        Ok(())
    }

    /// Up to one more than are wanted, and the last place that was looked at.
    async fn requests(
        &self,
        wanted: &Wanted,
        left: &mut usize,
    ) -> Result<(Vec<Arc<Request>>, Option<Place>), StoreError> {
        let mut before = wanted.before.unwrap_or(Place::END);
        let mut found = Vec::new();
        loop {
            let rows = self.request_rows(wanted, before).await?;
            let count = rows.len();
            for request in rows {
                before = Place::of(&request);
                *left = left.saturating_sub(1);
                if wanted.takes(&request) {
                    found.push(Arc::new(request));
                }
                if found.len() > wanted.limit || *left == 0 {
                    return Ok((found, Some(before)));
                }
            }
            if (count as i64) < CHUNK {
                return Ok((found, Some(before)));
            }
        }
    }

    async fn request_rows(&self, wanted: &Wanted, before: Place) -> Result<Vec<Request>, StoreError> {
        // What the table can tell cheaply; `Wanted::takes` decides.
        let rows = sqlx::query(
            "SELECT start_ns, body FROM requests
             WHERE (start_ns, trace) < ($1, unhex($2)) AND start_ns >= $3 AND start_ns < $4 AND duration_us >= $5
               AND ($6 IS NULL OR outcome = $6) AND ($7 IS NULL OR account = $7)
               AND ($8 IS NULL OR instr(route, $8) > 0) AND ($9 IS NULL OR status BETWEEN $9 AND $10)
               AND ($11 IS NULL OR request_id = $11 OR trace = unhex($11))
             ORDER BY start_ns DESC, trace DESC LIMIT $12",
        )
        .bind(i64::try_from(before.start_ns()).unwrap_or(i64::MAX))
        .bind(before.trace_hex())
        .bind(wanted.since_ns.map_or(0, |ns| i64::try_from(ns).unwrap_or(i64::MAX)))
        .bind(wanted.until_ns.map_or(i64::MAX, |ns| i64::try_from(ns).unwrap_or(i64::MAX)))
        .bind(wanted.slower_than_ms.map_or(0, |ms| (ms * 1_000.0) as i64))
        .bind(wanted.outcome.map(Outcome::as_str))
        .bind(wanted.account.as_deref())
        .bind(wanted.route.as_deref())
        .bind(wanted.status.map(|status| i64::from(status.first)))
        .bind(wanted.status.map(|status| i64::from(status.last)))
        .bind(wanted.id.as_deref())
        .bind(CHUNK)
        .fetch_all(self.database.pool())
        .await
        .map_err(|error| self.database.explain(error))?;
        let mut requests = Vec::with_capacity(rows.len());
        for row in &rows {
            if let Ok(request) = serde_json::from_str::<Request>(&row.try_get::<String, _>(1)?) {
                requests.push(Request { start_ns: row.try_get::<i64, _>(0)? as u64, ..request });
            }
        }
        Ok(requests)
    }
}

fn line(row: &sqlx::any::AnyRow) -> Result<Option<Line>, StoreError> {
    let (seq, level): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
    let (role, message, body): (String, String, String) = (row.try_get(2)?, row.try_get(4)?, row.try_get(5)?);
    let trace: Option<String> = row.try_get(3)?;
    Ok(record::line(seq, level, &role, trace.as_deref(), message, &body).map(|line| Line { seq, line }))
}

/// A text as the index of words is asked: every word has to be there, in any order; what stands together (`user-42`) has to
/// follow each other, and longer words match by their beginning. `None` when there is no word in it.
pub fn words(text: &str) -> Option<String> {
    let words: Vec<_> = text
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .map(|word| {
            let begins = if word.chars().count() >= 3 { "*" } else { "" };
            format!("\"{}\"{begins}", word.replace('"', ""))
        })
        .collect();
    (!words.is_empty()).then(|| words.join(" "))
}
