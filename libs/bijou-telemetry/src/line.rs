//! How a log line looks: one JSON object for machines, one coloured sentence for people.
//!
//! A line is always one line: control characters in a message or value are escaped, so that nobody can forge a line
//! by putting a line break into a header.

use std::fmt::Write;

use serde_json::{Map, Value as Json};
use tracing::Level;

use crate::layer::LogRecord;
use crate::role::Role;
use crate::value::Value;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Human { color: bool },
    Json,
}

impl Style {
    /// The line with its line break.
    pub(crate) fn line(self, record: &LogRecord, role: Option<&Role>) -> String {
        match self {
            Self::Human { color } => human(record, color),
            Self::Json => json(record, role),
        }
    }
}

fn human(record: &LogRecord, color: bool) -> String {
    let mut line = String::with_capacity(160);
    let (level, paint) = match record.level {
        Level::ERROR => ("ERROR", "\x1b[31m"),
        Level::WARN => (" WARN", "\x1b[33m"),
        Level::INFO => (" INFO", "\x1b[32m"),
        Level::DEBUG => ("DEBUG", "\x1b[36m"),
        Level::TRACE => ("TRACE", "\x1b[35m"),
    };
    let (paint, dim, plain) = if color { (paint, "\x1b[2m", "\x1b[0m") } else { ("", "", "") };
    let time = clock(record.at_unix_ns);
    let _ = write!(line, "{dim}{time}{plain} {paint}{level}{plain} ");
    push_escaped(&mut line, &record.message);
    for (key, value) in &record.attributes {
        let _ = write!(line, " {dim}{key}={plain}");
        push_value(&mut line, value);
    }
    if let Some(request_id) = &record.request_id {
        let _ = write!(line, " {dim}request=");
        push_escaped(&mut line, request_id);
        line.push_str(plain);
    }
    line.push('\n');
    line
}

fn push_value(line: &mut String, value: &Value) {
    let text = value.to_string();
    if text.is_empty() || text.contains([' ', '"', '=']) {
        let _ = write!(line, "{text:?}");
    } else {
        push_escaped(line, &text);
    }
}

fn push_escaped(line: &mut String, text: &str) {
    for character in text.chars() {
        if character.is_control() {
            line.extend(character.escape_default());
        } else {
            line.push(character);
        }
    }
}

/// `14:03:22.123`, UTC: the date is in the JSON form and in the collector.
fn clock(unix_ns: u64) -> String {
    let milliseconds = unix_ns / 1_000_000 % 86_400_000;
    let (seconds, rest) = (milliseconds / 1000, milliseconds % 1000);
    format!("{:02}:{:02}:{:02}.{rest:03}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

fn json(record: &LogRecord, role: Option<&Role>) -> String {
    let mut object = Map::new();
    object.insert("timestamp".into(), rfc3339(record.at_unix_ns).into());
    object.insert("severity".into(), record.level.as_str().into());
    object.insert("message".into(), record.message.as_str().into());
    object.insert("target".into(), record.target.into());
    if let Some(role) = role {
        object.insert("service.name".into(), role.name().into());
        object.insert("service.instance.id".into(), role.instance_id().into());
    }
    if let Some(trace) = &record.trace {
        object.insert("trace_id".into(), trace.trace_id.to_string().into());
        object.insert("span_id".into(), trace.span_id.to_string().into());
    }
    if let Some(request_id) = &record.request_id {
        object.insert("bijou.request_id".into(), request_id.as_ref().into());
    }
    for (key, value) in &record.attributes {
        let value = match value {
            Value::Bool(value) => Json::from(*value),
            Value::Int(value) => Json::from(*value),
            Value::Double(value) => Json::from(*value),
            Value::Text(value) => Json::from(value.as_ref()),
        };
        object.insert(key.to_string(), value);
    }
    let mut line = Json::Object(object).to_string();
    line.push('\n');
    line
}

/// RFC 3339 in UTC with milliseconds. The calendar arithmetic is Howard Hinnant's `civil_from_days`; a time crate in
/// every process for one format would cost more than these lines.
fn rfc3339(unix_ns: u64) -> String {
    let days = i64::try_from(unix_ns / 86_400_000_000_000).expect("u64 nanoseconds are at most 213,504 days");
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{}Z", clock(unix_ns))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(message: &str, attributes: Vec<(&'static str, Value)>) -> LogRecord {
        LogRecord {
            at_unix_ns: 1_795_414_430_123_000_000,
            level: Level::WARN,
            target: "bijou_catalog",
            message: message.to_owned(),
            attributes: attributes.into_iter().map(|(key, value)| (key.into(), value)).collect(),
            trace: None,
            request_id: Some("r-1".into()),
        }
    }

    #[track_caller]
    fn check_time(unix_seconds: u64, expected: &str) {
        assert_eq!(rfc3339(unix_seconds * 1_000_000_000), expected);
    }

    #[test]
    fn dates_follow_the_calendar() {
        check_time(0, "1970-01-01T00:00:00.000Z");
        check_time(951_782_400, "2000-02-29T00:00:00.000Z");
        check_time(1_795_414_430, "2026-11-23T06:13:50.000Z");
        check_time(4_107_542_399, "2100-02-28T23:59:59.000Z");
    }

    #[test]
    fn people_read_a_sentence_and_then_its_facts() {
        let record = record("catalog did not answer", vec![("upstream", "catalog".into()), ("detail", "a b".into())]);
        let line = Style::Human { color: false }.line(&record, None);
        assert_eq!(line, "06:13:50.123  WARN catalog did not answer upstream=catalog detail=\"a b\" request=r-1\n");
    }

    #[test]
    fn a_line_break_in_a_value_forges_no_line() {
        let record = record("hello\nERROR all is lost", vec![("path", "/x\r\n\u{1b}[2J".into())]);
        for style in [Style::Human { color: false }, Style::Json] {
            let line = style.line(&record, None);
            assert_eq!(line.matches('\n').count(), 1, "{line}");
            assert!(!line.contains('\u{1b}'), "{line}");
        }
    }

    #[test]
    fn machines_read_flat_dotted_fields() {
        let record = record("m", vec![("title.id", "bo-encore".into()), ("waited_ms", 12_i64.into())]);
        let parsed: Json = serde_json::from_str(&Style::Json.line(&record, None)).expect("one JSON object");
        assert_eq!(parsed["title.id"], "bo-encore");
        assert_eq!(parsed["waited_ms"], 12);
        assert_eq!(parsed["bijou.request_id"], "r-1");
        assert_eq!(parsed["timestamp"], "2026-11-23T06:13:50.123Z");
    }
}
