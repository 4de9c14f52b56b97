//! What the registry tells, in lines for people.

use std::collections::BTreeMap;
use std::fmt::Write;

use bijou_eureka::{Instance, LeaseReport, LeaseView, PeerView, Status};

/// A line for each application, and how the registry itself is doing.
pub fn applications(report: &LeaseReport) -> String {
    let mut counts: BTreeMap<&str, (usize, BTreeMap<&str, usize>)> = BTreeMap::new();
    for lease in &report.leases {
        let (up, others) = counts.entry(&lease.app).or_default();
        match lease.status.as_str() {
            "UP" => *up += 1,
            other => *others.entry(other).or_default() += 1,
        }
    }
    let rows = counts.into_iter().map(|(app, (up, others))| {
        let others = others.into_iter().map(|(status, count)| format!("{count} {status}")).collect::<Vec<_>>();
        [app.to_owned(), format!("{up} UP"), others.join(", ")]
    });
    let mut text = table(["APPLICATION", "UP", "OTHERS"], rows.collect());
    if report.leases.is_empty() {
        "nobody is registered yet".clone_into(&mut text);
    }
    let _ = write!(text, "\n\nself-preservation: {}", report.self_preservation.explanation);
    for peer in report.peers.iter().filter(|peer| peer.state != "self") {
        let PeerView { url, state, kind, queued, lag_ms, .. } = peer;
        let _ = write!(text, "\npeer {url}: {state} {kind}, {queued} events wait, {lag_ms} ms behind");
    }
    for region in &report.regions {
        let _ = write!(text, "\nregion {}: {}, {} instances", region.name, region.state, region.instances);
    }
    text
}

/// A line for each instance.
pub fn instances(leases: &[LeaseView]) -> String {
    let rows = leases.iter().map(|lease| {
        [
            lease.instance_id.clone(),
            status(lease),
            format!("{}:{}", lease.ip_addr, lease.port),
            lease.zone.clone().unwrap_or_default(),
            ends(lease),
        ]
    });
    table(["INSTANCE", "STATUS", "ADDRESS", "ZONE", "LEASE"], rows.collect())
}

/// An application's instances, and how self-preservation sees it.
pub fn application(report: &LeaseReport, leases: &[LeaseView]) -> String {
    let mut text = instances(leases);
    let name = leases.first().map(|lease| lease.app.as_str()).unwrap_or_default();
    for one in report.self_preservation.applications.iter().filter(|one| one.app == name) {
        let _ = write!(text, "\n\nself-preservation: {}", one.explanation);
    }
    text
}

/// Everything about one instance.
pub fn instance(lease: &LeaseView) -> String {
    let mut facts = vec![
        ("application", lease.app.clone()),
        ("instance", lease.instance_id.clone()),
        ("status", status(lease)),
        ("address", format!("{}:{} ({})", lease.ip_addr, lease.port, lease.host_name)),
        ("zone", lease.zone.clone().unwrap_or_default()),
        ("lease", format!("{} s, renewed every {} s, {}", lease.duration_s, lease.renewal_interval_s, ends(lease))),
        ("heard from", lease.heard_from.clone()),
    ];
    facts.extend(lease.override_reason.clone().map(|reason| ("override", reason)));
    let metadata = lease.metadata.iter().map(|(name, value)| (name.as_str(), value.clone()));
    facts.extend(metadata);
    let width = facts.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let lines = facts.iter().filter(|(_, value)| !value.is_empty());
    lines.map(|(name, value)| format!("{name:width$}  {}", plain(value))).collect::<Vec<_>>().join("\n")
}

/// What became of an instance that was to be overridden to `asked`, or not any more.
pub fn outcome(lease: &LeaseView, asked: Option<Status>) -> String {
    let status = plain(&lease.status);
    match (asked, &lease.overridden_status) {
        (Some(Status::OutOfService), Some(set)) if set == "OUT_OF_SERVICE" && status == "OUT_OF_SERVICE" => {
            "is out of traffic until that is undone; it ends what it has begun".to_owned()
        }
        (Some(asked), Some(set)) if *set == asked.as_str() && status == *set => {
            format!("is {status} until that is removed")
        }
        (Some(asked), Some(set)) if *set == asked.as_str() => {
            format!("is {status} by its own word, and {asked} once it says that it is well")
        }
        (Some(_), None) => {
            format!("says {status} itself, so no override was set: it may say another status any time")
        }
        (_, Some(set)) => format!("is {status}, overridden to {} by somebody else meanwhile", plain(set)),
        (None, None) if status == "UP" => "is in traffic: it says UP itself".to_owned(),
        (None, None) if status == "UNKNOWN" => {
            "is not overridden any more; its own status is known once it registers again, at its next heartbeat"
                .to_owned()
        }
        (None, None) => format!("is not overridden any more, and says {status} itself: it gets no traffic"),
    }
}

/// One change, on one line.
pub fn change(revision: u64, is_removal: bool, instance: &Instance) -> String {
    let what = if is_removal { "gone".to_owned() } else { instance.status.to_string() };
    let place = format!("{}:{}", instance.ip_addr, instance.port.number);
    plain(&format!("{revision:>8}  {what:<14} {}  {}  {place}", instance.app, instance.id()))
}

fn status(lease: &LeaseView) -> String {
    match &lease.overridden_status {
        Some(_) => format!("{} (overridden)", lease.status),
        None => lease.status.clone(),
    }
}

fn ends(lease: &LeaseView) -> String {
    let seconds = lease.expires_in_ms / 1000;
    if lease.expires_in_ms < 0 { format!("over for {} s, kept", -seconds) } else { format!("ends in {seconds} s") }
}

fn table<const COLUMNS: usize>(head: [&str; COLUMNS], rows: Vec<[String; COLUMNS]>) -> String {
    let rows: Vec<[String; COLUMNS]> = rows.into_iter().map(|row| row.map(|cell| plain(&cell))).collect();
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([head[column].len()]).max().unwrap_or_default()
    };
    let widths: [usize; COLUMNS] = std::array::from_fn(width);
    let mut lines = vec![line(&head, &widths)];
    lines.extend(rows.iter().map(|row| line(&row.each_ref().map(String::as_str), &widths)));
    lines.join("\n")
}

fn line(cells: &[&str], widths: &[usize]) -> String {
    let cells = cells.iter().zip(widths).map(|(cell, &width)| format!("{cell:width$}")).collect::<Vec<_>>();
    cells.join("  ").trim_end().to_owned()
}

/// What an instance calls itself must not move a terminal's cursor.
fn plain(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_control_characters_do_not_reach_the_terminal() {
        let rows = vec![["a\u{1b}[2J".to_owned(), "1 UP".to_owned()], ["longer".to_owned(), String::new()]];
        assert_eq!(table(["NAME", "UP"], rows), "NAME    UP\na\u{fffd}[2J   1 UP\nlonger");
    }

    #[track_caller]
    fn check(asked: Option<Status>, status: &str, overridden: Option<&str>, expected: &str) {
        let lease = serde_json::from_value(serde_json::json!({
            "app": "ORDERS", "instance_id": "a", "host_name": "n7", "ip_addr": "10.4.0.7", "port": 8080,
            "status": status, "overridden_status": overridden, "registered_ms": 0, "renewed_ms": 0,
            "renewal_interval_s": 30, "duration_s": 90, "expires_in_ms": 90_000,
        }));
        let outcome = outcome(&lease.expect("a lease"), asked);
        assert!(outcome.contains(expected), "{outcome}");
    }

    #[test]
    fn what_is_said_of_an_override_is_what_it_did() {
        let out = Some(Status::OutOfService);
        check(out, "OUT_OF_SERVICE", Some("OUT_OF_SERVICE"), "is out of traffic until that is undone");
        check(out, "OUT_OF_SERVICE", None, "no override was set");
        check(Some(Status::Down), "DOWN", Some("DOWN"), "is DOWN until that is removed");
        check(out, "UP", Some("UP"), "by somebody else");
    }

    #[test]
    fn who_is_not_well_is_not_said_to_be_back_in_traffic() {
        check(None, "UP", None, "is in traffic");
        check(None, "DOWN", None, "says DOWN itself: it gets no traffic");
        check(None, "UNKNOWN", None, "registers again");
    }
}
