//! What the console tells, in lines for people. Everything in them was said by somebody: control characters are shown, not
//! obeyed.

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

/// The console's overview of the last minute as a table, the busiest first. `None` while nothing is known yet.
pub fn top(overview: &Value) -> Option<String> {
    let requests = overview["traffic"]["requests"].as_array();
    let is_known = requests.into_iter().flatten().any(|value| !value.is_null());
    let routes: Vec<_> =
        overview["routes"].as_array().into_iter().flatten().filter(|route| !is_long_poll(route)).collect();
    if routes.is_empty() {
        return is_known.then(|| "nothing was asked in the last minute".to_owned());
    }
    let mut said = format!(
        "{:<15} {:<44} {:>9} {:>9} {:>8} {:>9} {:>9}",
        "SERVICE", "ROUTE", "REQUESTS", "RATE", "ERRORS", "P50", "P99"
    );
    let left_out = routes.len().saturating_sub(ROUTES_MAX);
    for route in routes.into_iter().take(ROUTES_MAX) {
        let text = |name: &str| route[name].as_str().unwrap_or_default();
        let number = |name: &str| route[name].as_f64().unwrap_or_default();
        let count = number("requests").max(f64::MIN_POSITIVE);
        let (requests, rate) = (format!("{count:.0}"), format!("{:.1}/s", number("per_second")));
        let errors = format!("{:.1} %", 100.0 * number("failed") / count);
        let (p50, p99) = (ms(route["p50_ms"].as_f64()), ms(route["p99_ms"].as_f64()));
        let (role, name) = (text("role"), text("route"));
        let line = format!("{role:<15} {name:<44} {requests:>9} {rate:>9} {errors:>8} {p50:>9} {p99:>9}");
        let _ = write!(said, "\n{}", plain(&line));
    }
    if left_out > 0 {
        let _ = write!(said, "\nand {left_out} quieter ones");
    }
    Some(said)
}

/// Whoever waits for events is not slow.
fn is_long_poll(route: &Value) -> bool {
    route["route"].as_str().is_some_and(|name| name.rsplit(' ').next() == Some(LONG_POLL))
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
    fn the_table_has_what_was_asked_its_share_of_failures_and_no_waiting() {
        let route = |name: &str, requests: f64, failed: f64| json!({"role": "catalog", "route": name, "requests": requests, "per_second": requests / 60.0, "failed": failed, "p99_ms": 250.4});
        let routes = [route("GET /b", 240.0, 60.0), route("GET /a", 30.0, 0.0), route("GET /events", 900.0, 0.0)];
        let said = top(&json!({"traffic": {"requests": [4.5]}, "routes": routes})).expect("a table");
        let lines: Vec<Vec<_>> = said.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[1], ["catalog", "GET", "/b", "240", "4.0/s", "25.0", "%", "-", "250", "ms"]);
        assert_eq!(lines[2], ["catalog", "GET", "/a", "30", "0.5/s", "0.0", "%", "-", "250", "ms"]);
        assert_eq!(lines.len(), 3);
    }

    #[test]
    fn quiet_is_told_from_not_known_yet() {
        let of = |requests: Value| top(&json!({"traffic": {"requests": requests}, "routes": []}));
        assert_eq!(of(json!([null, null])), None);
        assert_eq!(of(json!([null, 0.0])).as_deref(), Some("nothing was asked in the last minute"));
    }
}
