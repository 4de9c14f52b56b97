//! What happened meanwhile, beside the graphs: comings and goings, configurations taken, faults, operators' changes.
//!
//! Put together from what is kept anyway: the archive's comings, the audit's entries, and a counter of the gateway.

use std::collections::HashSet;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::chain::Entry;
use super::comings::{self, Coming};
use super::series::Series;

/// What kind of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ConsoleHappeningKind)]
pub enum Kind {
    /// A version that is new to its role.
    Deploy,
    Start,
    Stop,
    /// Another process in the same slot.
    Restart,
    /// A configuration was taken, or refused, while running.
    Config,
    /// Broken on purpose.
    Fault,
    /// Something an operator did.
    Change,
}

/// Something that happened: a moment, or a stretch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// Milliseconds since 1970.
    pub at_ms: i64,
    /// Of what lasts: its end, or now while nobody knows of one.
    pub until_ms: Option<i64>,
    pub kind: Kind,
    pub words: String,
    pub role: Option<String>,
    pub instance_id: Option<String>,
    pub by: Option<String>,
    pub reason: Option<String>,
}

impl Happening {
    fn at(at_ms: i64, kind: Kind, words: String) -> Self {
        Self { at_ms, until_ms: None, kind, words, role: None, instance_id: None, by: None, reason: None }
    }
}

impl From<Coming> for Happening {
    fn from(coming: Coming) -> Self {
        let Coming { at_ms, kind, role, instance_id, version, before, .. } = coming;
        let version = version.map(|version| format!(" {version}")).unwrap_or_default();
        let (kind, words) = match kind {
            comings::Kind::Start => (Kind::Start, format!("{role}{version} started")),
            comings::Kind::Stop => (Kind::Stop, format!("{role}{version} stopped")),
            comings::Kind::Restart => (Kind::Restart, format!("{role}{version} restarted")),
            comings::Kind::Deploy => {
                (Kind::Deploy, format!("{role} {} →{version} deployed", before.unwrap_or_default()))
            }
        };
        Self { role: Some(role), instance_id: Some(instance_id), ..Self::at(at_ms, kind, words) }
    }
}

/// Configurations the gateway took or refused, by its counter of them; to the ten seconds in which it is asked.
pub fn reloads(series: &[Series]) -> Vec<Happening> {
    let mut found = Vec::new();
    for one in series {
        let outcome = one.labels.get("outcome").map(String::as_str);
        let words =
            if outcome == Some("rejected") { "refused a new configuration" } else { "took a new configuration" };
        for pair in one.points.windows(2) {
            if pair[1].value > pair[0].value {
                let told = Happening::at(pair[1].at_s * 1_000, Kind::Config, format!("gateway {words}"));
                found.push(Happening {
                    role: one.labels.get("role").cloned(),
                    instance_id: one.labels.get("instance").cloned(),
                    ..told
                });
            }
        }
    }
    found
}

/// What operators did and broke, from the audit's entries, oldest first. An entry is written before the thing is done:
/// whether what was never put back is really out is told by `out`, the instances that are (`APP/id`).
pub fn changes(entries: &[Entry], out: &HashSet<String>, now_ms: i64) -> Vec<Happening> {
    let mut told: Vec<Happening> = Vec::new();
    // What has no end yet: its place in `told`, and where it is.
    let mut faults: Vec<(usize, &str)> = Vec::new();
    let mut drains: Vec<(usize, &str)> = Vec::new();
    for entry in entries {
        let Some((area, what)) = entry.action.split_once('.') else { continue };
        let target = entry.target.as_str();
        match (area, what) {
            // Reading, signing in and being refused change nothing that a graph could show.
            ("session" | "sessions" | "check", _) | ("request", "refused") => continue,
            ("fault", "start") => faults.push((told.len(), target)),
            ("fault", "stop-all") => {
                faults.drain(..).for_each(|(at, _)| told[at].until_ms = Some(entry.at_ms));
                continue;
            }
            ("fault", _) => {
                // Of several at one place the first is the one that is over.
                if let Some(which) = faults.iter().position(|(_, place)| *place == target) {
                    told[faults.remove(which).0].until_ms = Some(entry.at_ms);
                }
                continue;
            }
            ("instance", "drain") => drains.push((told.len(), target)),
            // What is restarted comes back in.
            ("instance", "undrain" | "restart") => {
                drains.retain(|(at, place)| {
                    if *place == target {
                        told[*at].until_ms = Some(entry.at_ms);
                    }
                    *place != target
                });
                if what == "undrain" {
                    continue;
                }
            }
            _ => {}
        }
        told.push(change(entry, area, what));
    }
    for (at, target) in drains {
        told[at].until_ms = out.contains(target).then_some(now_ms);
    }
    told
}

fn change(entry: &Entry, area: &str, what: &str) -> Happening {
    let after: Value = entry.after.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let owner = entry.target.split('/').next().unwrap_or_default().to_lowercase();
    let (kind, words) = match area {
        "fault" => (Kind::Fault, format!("fault: {}", fault(&after))),
        "instance" => (Kind::Change, format!("{owner} {what}")),
        "log-level" => (Kind::Change, format!("{owner} logs {}", after["level"].as_str().unwrap_or(what))),
        _ => (Kind::Change, format!("{} {}", entry.action.replace('.', " "), entry.target)),
    };
    let lasts_ms = after["duration_s"].as_i64().map(|seconds| seconds * 1_000);
    let instance = matches!(area, "instance" | "log-level").then(|| entry.target.split_once('/')).flatten();
    Happening {
        until_ms: lasts_ms.map(|ms| entry.at_ms.saturating_add(ms)),
        role: instance.map(|(app, _)| app.to_lowercase()),
        instance_id: instance.map(|(_, id)| id.to_owned()),
        by: Some(entry.actor.clone()),
        reason: entry.reason.clone(),
        ..Happening::at(entry.at_ms, kind, words)
    }
}

/// `answer 503, everybody → catalog`.
fn fault(plan: &Value) -> String {
    let (does, at) = (&plan["does"], &plan["at"]);
    let does = match does["kind"].as_str() {
        Some("delay") => format!("delay {} ms", does["ms"]),
        Some("abort") => format!("answer {}", does["status"]),
        _ => format!("at most {} a second", does["per_second"]),
    };
    let text = |value: &Value, otherwise: &str| value.as_str().unwrap_or(otherwise).to_owned();
    match at["route"].as_str() {
        Some(route) => format!("{does}, route {route}"),
        None => format!("{does}, {} → {}", text(&at["from"], "everybody"), text(&at["to"], "?")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::series::Point;

    fn entry(at_ms: i64, action: &str, target: &str, after: Option<&str>) -> Entry {
        let (actor, reason) = ("ada@example.org".to_owned(), None);
        let (action, target, after) = (action.to_owned(), target.to_owned(), after.map(str::to_owned));
        Entry { at_ms, actor, action, target, before: None, after, reason }
    }

    #[track_caller]
    fn check(entries: &[Entry], out: &[&str], expected: &[(i64, Option<i64>, &str)]) {
        let told = changes(entries, &out.iter().map(|target| (*target).to_owned()).collect(), 90_000);
        let short: Vec<_> = told.iter().map(|one| (one.at_ms, one.until_ms, one.words.as_str())).collect();
        assert_eq!(short, expected);
    }

    #[test]
    fn taken_out_and_put_back_is_a_stretch() {
        let entries = [
            entry(5, "session.create", "", None),
            entry(10, "instance.drain", "CATALOG/a", None),
            entry(20, "instance.drain", "CATALOG/b", None),
            entry(30, "instance.undrain", "CATALOG/a", None),
        ];
        check(&entries, &["CATALOG/b"], &[(10, Some(30), "catalog drain"), (20, Some(90_000), "catalog drain")]);
        check(&entries[1..2], &[], &[(10, None, "catalog drain")]);
    }

    #[test]
    fn a_restart_puts_back_in_and_is_a_moment_of_its_own() {
        let entries =
            [entry(10, "instance.drain", "CATALOG/a", None), entry(40, "instance.restart", "CATALOG/a", None)];
        check(&entries, &[], &[(10, Some(40), "catalog drain"), (40, None, "catalog restart")]);
    }

    #[test]
    fn a_fault_lasts_until_it_is_stopped_or_as_long_as_it_was_meant_to() {
        const ABORT: &str =
            r#"{"does":{"kind":"abort","status":503},"at":{"kind":"edge","to":"catalog"},"duration_s":60}"#;
        const DELAY: &str =
            r#"{"does":{"kind":"delay","ms":500},"at":{"kind":"route","route":"home"},"duration_s":60}"#;
        const LIMIT: &str = r#"{"does":{"kind":"limit","per_second":2},
            "at":{"kind":"edge","from":"gateway","to":"catalog"},"duration_s":60}"#;
        let entries = [
            entry(1_000, "fault.start", "*->catalog", Some(ABORT)),
            entry(2_000, "fault.start", "route:home", Some(DELAY)),
            entry(3_000, "fault.stop", "*->catalog", None),
            entry(4_000, "fault.start", "gateway->catalog", Some(LIMIT)),
        ];
        let first = (1_000, Some(3_000), "fault: answer 503, everybody → catalog");
        let (second, third) = ("fault: delay 500 ms, route home", "fault: at most 2 a second, gateway → catalog");
        check(&entries, &[], &[first, (2_000, Some(62_000), second), (4_000, Some(64_000), third)]);
        let stopped = [&entries[..], &[entry(5_000, "fault.stop-all", "faults", None)]].concat();
        check(&stopped, &[], &[first, (2_000, Some(5_000), second), (4_000, Some(5_000), third)]);
    }

    #[test]
    fn what_else_was_done_is_told_by_its_name() {
        let entries = [
            entry(1_000, "log-level.set", "CATALOG/a", Some(r#"{"level":"debug","duration_s":60}"#)),
            entry(2_000, "partner.decide", "app-1", None),
            entry(3_000, "request.refused", "PUT /x", None),
        ];
        check(&entries, &[], &[(1_000, Some(61_000), "catalog logs debug"), (2_000, None, "partner decide app-1")]);
    }

    #[test]
    fn a_configuration_is_told_where_its_counter_rose_and_not_where_it_began_anew() {
        let points = [(10, 0.0), (20, 1.0), (30, 1.0), (40, 0.0), (50, 1.0)];
        let points = points.map(|(at_s, value)| Point { at_s, value, counts: Vec::new() }).to_vec();
        let labels = [("outcome".to_owned(), "rejected".to_owned())].into();
        let told = reloads(&[Series { labels, bounds: Vec::new(), points }]);
        let short: Vec<_> = told.iter().map(|one| (one.at_ms, one.words.as_str())).collect();
        let words = "gateway refused a new configuration";
        assert_eq!(short, [(20_000, words), (50_000, words)]);
    }
}
