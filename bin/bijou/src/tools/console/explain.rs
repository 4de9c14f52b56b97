//! What would happen to a request, in lines for people: from the route to who answers.

use std::fmt::Write as _;

use serde_json::Value;

use super::text::plain;

/// The explanation.
pub fn text(told: &Value) -> String {
    let mut head = format!("{} {}", word(&told["method"]), word(&told["path"]));
    if told["host"] != "" {
        let _ = write!(head, " at {}", word(&told["host"]));
    }
    let route = match &told["route"] {
        Value::Null => "none".to_owned(),
        route => format!("{} -> {}: {}", word(&route["id"]), word(&route["application"]), word(&route["why"])),
    };
    let mut lines = vec![head, String::new(), line("route", &route)];
    let not = |one: &Value| line("  not", &format!("{}: {}", word(&one["id"]), word(&one["why_not"])));
    lines.extend(items(told, "others").iter().map(not));
    // What several say alike is said once.
    let alike = |a: &Value, b: &Value| a["verdict"] == b["verdict"] && a["why"] == b["why"];
    lines.extend(items(told, "filters").chunk_by(alike).map(|filters| {
        let names: Vec<&str> = filters.iter().map(|one| word(&one["filter"])).collect();
        let why = filters[0]["why"].as_str().map(|why| format!(": {why}")).unwrap_or_default();
        line(word(&filters[0]["verdict"]), &format!("{}{why}", names.join(", ")))
    }));
    if told["zones"].is_object() {
        lines.push(line("zone", &zones(&told["zones"])));
    }
    lines.extend(items(told, "candidates").iter().map(|one| line("candidate", &candidate(one))));
    if told["upstream"].is_object() {
        lines.push(line("upstream", &upstream(&told["upstream"])));
    }
    lines.push(line("answer", &answer(told)));
    lines.iter().map(|line| plain(line)).collect::<Vec<_>>().join("\n")
}

fn line(name: &str, told: &str) -> String {
    format!("{name:<12} {told}")
}

fn candidate(one: &Value) -> String {
    let mut said = format!(
        "{} {}, score {:.2}, {} in flight",
        word(&one["instance_id"]),
        word(&one["state"]),
        one["score"].as_f64().unwrap_or_default(),
        one["in_flight"],
    );
    if let Some(locality) = one["locality"].as_str() {
        let zone = one["zone"].as_str().map(|zone| format!(" `{zone}`")).unwrap_or_default();
        let _ = write!(said, ", {locality}{zone}");
    }
    let _ = match one["worker"].as_u64() {
        Some(worker) => write!(said, " (worker {worker})"),
        None => write!(said, " (no worker has met it)"),
    };
    said
}

fn zones(zones: &Value) -> String {
    let percent = zones["share"].as_f64().unwrap_or_default() * 100.0;
    format!("{}: {percent:.0} % stays in it; {}", word(&zones["own"]), word(&zones["why"]))
}

fn upstream(upstream: &Value) -> String {
    let attempts = match (upstream["attempts_max"].as_u64(), &upstream["repeats_sent"]) {
        (Some(1), _) => "one attempt".to_owned(),
        (_, Value::Bool(true)) => format!("at most {} attempts", upstream["attempts_max"]),
        _ => format!("at most {} attempts, repeated only while nothing was sent", upstream["attempts_max"]),
    };
    let (attempt_ms, deadline_ms) = (&upstream["attempt_ms"], &upstream["deadline_ms"]);
    format!("{}, {attempt_ms} ms an attempt, {deadline_ms} ms in all, {attempts}", word(&upstream["request"]))
}

fn answer(told: &Value) -> String {
    if let Some(status) = told["status"].as_u64() {
        return format!("{status} {} from the gateway", word(&told["code"]));
    }
    let by = match told["answered_by"].as_str() {
        Some("instance") => format!("from an instance of {}", word(&told["route"]["application"])),
        Some("app") => "from the viewer app".to_owned(),
        by => format!("from the {}", by.unwrap_or_default()),
    };
    let depends = items(told, "filters").iter().any(|one| one["verdict"] == "depends");
    if depends { format!("{by}, if what depends lets it pass") } else { by }
}

fn items<'a>(told: &'a Value, name: &str) -> &'a [Value] {
    told[name].as_array().map_or(&[], Vec::as_slice)
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_refusal_reads_from_the_route_to_the_answer() {
        let told = json!({
            "method": "GET", "host": "tv.example", "path": "/v1/home", "candidates": [],
            "route": { "id": "home", "application": "RECOMMENDATIONS", "why": "longest prefix `/v1/home`" },
            "others": [{ "id": "home-post", "why_not": "takes POST only" }],
            "filters": [
                { "filter": "authorise", "verdict": "refuses", "why": "sign in" },
                { "filter": "limits", "verdict": "not-reached" },
                { "filter": "passport", "verdict": "not-reached" },
            ],
            "answered_by": "gateway", "status": 401, "code": "token-missing",
        });
        assert_eq!(
            text(&told),
            "GET /v1/home at tv.example\n\n\
             route        home -> RECOMMENDATIONS: longest prefix `/v1/home`\n\
             \x20 not        home-post: takes POST only\n\
             refuses      authorise: sign in\n\
             not-reached  limits, passport\n\
             answer       401 token-missing from the gateway"
        );
    }

    #[test]
    fn what_is_sent_is_told_with_its_candidates_and_limits() {
        let told = json!({
            "method": "POST", "host": "", "path": "/v1/playbacks", "others": [], "answered_by": "instance",
            "route": { "id": "playback", "application": "PLAYBACK", "why": "x" },
            "filters": [{ "filter": "authorizer", "verdict": "depends", "why": "`BOUNCER/ask` would be asked" }],
            "candidates": [
                {
                    "instance_id": "a", "state": "healthy", "score": 1.5, "in_flight": 1, "worker": 0, "zone": "east",
                    "locality": "same-zone",
                },
                { "instance_id": "b", "state": "probation", "score": 1.0, "in_flight": 0 },
            ],
            "zones": { "own": "east", "share": 0.75, "why": "others carry the rest" },
            "upstream": {
                "request": "POST /v1/playbacks", "attempts_max": 3, "repeats_sent": false, "attempt_ms": 500,
                "deadline_ms": 900,
            },
        });
        let said = text(&told);
        assert_eq!(
            said.lines().skip(3).collect::<Vec<_>>(),
            [
                "depends      authorizer: `BOUNCER/ask` would be asked",
                "zone         east: 75 % stays in it; others carry the rest",
                "candidate    a healthy, score 1.50, 1 in flight, same-zone `east` (worker 0)",
                "candidate    b probation, score 1.00, 0 in flight (no worker has met it)",
                "upstream     POST /v1/playbacks, 500 ms an attempt, 900 ms in all, at most 3 attempts, \
                 repeated only while nothing was sent",
                "answer       from an instance of PLAYBACK, if what depends lets it pass",
            ]
        );
    }
}
