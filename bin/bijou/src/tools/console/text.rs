//! What the console tells, in lines for people. Everything in them was said by somebody: control characters are shown, not
//! obeyed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

/// Routes in the table.
const ROUTES_MAX: usize = 30;

/// A log line on one line: time, level, service, message, attributes.
pub fn line(line: &Value) -> String {
    let text = |name: &str| line[name].as_str().unwrap_or_default();
    let mut said = format!("{} {:<5} {:<15} {}", text("at"), text("level"), text("role"), text("message"));
    for (name, value) in line["attributes"].as_object().into_iter().flatten() {
        let _ = match value {
            Value::String(value) => write!(said, " {name}={value}"),
            value => write!(said, " {name}={value}"),
        };
    }
    if let Some(trace) = line["trace_id"].as_str() {
        let _ = write!(said, " trace={trace}");
    }
    plain(&said)
}

/// What an event of the live tail says, if anything.
pub fn event(event: &str) -> Option<String> {
    let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    let data: Value = serde_json::from_str(field("data")?).ok()?;
    match field("event")? {
        "line" => Some(line(&data)),
        "missed" => Some(format!("({} lines came too fast to be shown)", data["count"])),
        _ => None,
    }
}

/// A request with its spans as a tree and its log lines.
pub fn story(story: &Value) -> String {
    let text = |name: &str| story[name].as_str().unwrap_or_default();
    let mut said = format!(
        "{} {} {} in {}  {}\ntrace {}  request {}\n",
        text("method"),
        text("path"),
        story["status"].as_u64().map_or_else(|| "no answer".to_owned(), |status| status.to_string()),
        ms(story["duration_ms"].as_f64()),
        text("started_at"),
        text("id"),
        text("request_id"),
    );
    if let Some(message) = story["message"].as_str() {
        let _ = writeln!(said, "{message}");
    }
    for span in story["spans"].as_array().into_iter().flatten() {
        let depth = span["depth"].as_u64().unwrap_or_default() as usize;
        let name = format!(
            "{}{} {}",
            "  ".repeat(depth),
            span["role"].as_str().unwrap_or_default(),
            span["name"].as_str().unwrap_or_default()
        );
        let mark = if span["outcome"] == "failed" { "✕ " } else { "" };
        let message = span["message"].as_str().unwrap_or_default();
        let (start, took) = (ms(span["start_ms"].as_f64()), ms(span["duration_ms"].as_f64()));
        let _ = write!(said, "\n{start:>10} {took:>10}  {} {mark}{message}", plain(&name));
    }
    let lines = story["log_lines"].as_array().filter(|lines| !lines.is_empty());
    for (at, one) in lines.into_iter().flatten().enumerate() {
        let gap = if at == 0 { "\n\n" } else { "\n" };
        let _ = write!(said, "{gap}{}", line(one));
    }
    said.split('\n').map(|line| plain(line.trim_end())).collect::<Vec<_>>().join("\n")
}

/// Where services wait for each other's news. How long that took says how quiet it was, not how slow.
const LONG_POLL: &str = "/events";

/// A line for each route of each service: rate, errors, durations, of the last half minute.
pub fn top(served: &Value, by_status: &Value) -> String {
    #[derive(Default)]
    struct Route {
        rate: f64,
        failed: f64,
        p50_ms: Option<f64>,
        p99_ms: Option<f64>,
    }
    let key = |line: &Value| {
        let label = |name: &str| line["labels"][name].as_str().unwrap_or_default().to_owned();
        (label("role"), label("http_route"))
    };
    let last = |line: &Value| line["values"].as_array()?.last()?.as_f64();
    let mut routes: BTreeMap<(String, String), Route> = BTreeMap::new();
    for line in served["lines"].as_array().into_iter().flatten() {
        let route = routes.entry(key(line)).or_default();
        match line["stat"].as_str() {
            Some("rate") => route.rate = last(line).unwrap_or_default(),
            Some("p50") => route.p50_ms = last(line).map(|seconds| seconds * 1_000.0),
            Some("p99") => route.p99_ms = last(line).map(|seconds| seconds * 1_000.0),
            _ => {}
        }
    }
    for line in by_status["lines"].as_array().into_iter().flatten() {
        let is_failure =
            line["labels"]["http_response_status_code"].as_str().is_some_and(|status| status.starts_with('5'));
        if let Some(route) = routes.get_mut(&key(line)).filter(|_| is_failure) {
            route.failed += last(line).unwrap_or_default();
        }
    }
    let is_shown = |(_, name): &(String, String), route: &Route| route.rate > 0.0 && name != LONG_POLL;
    let mut routes: Vec<_> = routes.into_iter().filter(|(key, route)| is_shown(key, route)).collect();
    if routes.is_empty() {
        return "nothing was asked in the last half minute".to_owned();
    }
    routes.sort_by(|(_, a), (_, b)| b.rate.total_cmp(&a.rate));
    let mut said = format!("{:<15} {:<44} {:>9} {:>8} {:>9} {:>9}", "SERVICE", "ROUTE", "RATE", "ERRORS", "P50", "P99");
    let left_out = routes.len().saturating_sub(ROUTES_MAX);
    for ((role, name), route) in routes.into_iter().take(ROUTES_MAX) {
        let share = 100.0 * route.failed / route.rate;
        let (rate, errors) = (format!("{:.1}/s", route.rate), format!("{share:.1} %"));
        let (p50, p99) = (ms(route.p50_ms), ms(route.p99_ms));
        let line = format!("{role:<15} {name:<44} {rate:>9} {errors:>8} {p50:>9} {p99:>9}");
        let _ = write!(said, "\n{}", plain(&line));
    }
    if left_out > 0 {
        let _ = write!(said, "\nand {left_out} quieter ones");
    }
    said
}

/// A refusal's title and detail.
pub fn problem(told: &Value) -> String {
    let part = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
    plain(&[part("title"), part("detail")].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": "))
}

fn ms(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |ms| if ms >= 100.0 { format!("{ms:.0} ms") } else { format!("{ms:.1} ms") })
}

/// Without what a terminal would obey.
pub(super) fn plain(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { '·' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_line_is_one_line_and_commands_no_terminal() {
        let said = line(&json!({"at": "2026", "level": "warn", "role": "catalog", "message": "a\nb\u{1b}[2J",
            "attributes": {"k": "v", "n": 1}, "trace_id": "ab"}));
        assert_eq!(said, "2026 warn  catalog         a·b·[2J k=v n=1 trace=ab");
    }

    #[test]
    fn events_are_told_and_greetings_are_not() {
        assert_eq!(event("event: hello\ndata: {}"), None);
        assert_eq!(event(": comment"), None);
        assert_eq!(event("event: missed\ndata: {\"count\":3}").as_deref(), Some("(3 lines came too fast to be shown)"));
    }

    #[test]
    fn a_story_is_a_tree_with_what_went_wrong() {
        let said = story(&json!({"method": "GET", "path": "/v1/home", "status": 503, "duration_ms": 12.34, "id": "ab",
            "request_id": "r-1", "started_at": "2026", "message": "nobody answered", "log_lines": [],
            "spans": [{"depth": 0, "role": "gateway", "name": "GET /v1/home", "start_ms": 0.0, "duration_ms": 12.34, "outcome": "failed"},
                      {"depth": 1, "role": "gateway", "name": "attempt 1", "start_ms": 1.0, "duration_ms": 101.0, "outcome": "failed", "message": "refused"}]}));
        let lines: Vec<_> = said.lines().collect();
        assert_eq!(lines[0], "GET /v1/home 503 in 12.3 ms  2026");
        assert_eq!(lines[2], "nobody answered");
        assert_eq!(lines[5], "    1.0 ms     101 ms    gateway attempt 1 ✕ refused");
    }

    #[test]
    fn the_table_has_the_busiest_first_its_share_of_failures_and_no_waiting() {
        let line = |route: &str, stat: &str, status: Option<&str>, value: f64| json!({"labels": {"role": "catalog", "http_route": route, "http_response_status_code": status}, "stat": stat, "values": [null, value]});
        let served = json!({"lines": [line("/a", "rate", None, 1.0), line("/a", "p99", None, 0.25), line("/b", "rate", None, 4.0),
            line("/quiet", "rate", None, 0.0), line("/events", "rate", None, 9.0)]});
        let by_status = json!({"lines": [line("/b", "rate", Some("200"), 3.0), line("/b", "rate", Some("503"), 1.0)]});
        let said = top(&served, &by_status);
        let lines: Vec<Vec<_>> = said.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[1], ["catalog", "/b", "4.0/s", "25.0", "%", "-", "-"]);
        assert_eq!(lines[2], ["catalog", "/a", "1.0/s", "0.0", "%", "-", "250", "ms"]);
        assert_eq!(lines.len(), 3);
    }
}
