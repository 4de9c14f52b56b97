//! `GET {prefix}/status`: what Eureka's servers tell of themselves, for tools that read it. Spring's JSON of it is an error
//! and Netflix's is cut short; here JSON and XML say the same: figures of the machine, the peers, our own entry, and
//! whether readers are answered.

#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use bijou_eureka::{Instance, PeerView, json, xml};
use http::StatusCode;

use crate::{
    answer::{self, Answer},
    documents::Form,
    registry::Registry,
};

/// Named values, in the order in which they are told.
type Named = Vec<(&'static str, String)>;

/// `entry` is what the registry is known by where it is not registered, or not yet.
pub fn answer(form: Form, registry: &Registry, entry: &Instance) -> Answer {
    let now = registry.now();
    let mut general = Vec::from([("num-of-cpus", cpus().to_string())]);
    general.extend(memory());
    general.push(("server-uptime", uptime(now.uptime_ms())));
    let application = replicas(&registry.peers.views(now.mono_ms));
    let registered = registry.instance(&entry.app, entry.id());
    let own = registered.as_ref().unwrap_or(entry);
    let stats = [("generalStats", general), ("applicationStats", application)];
    let body = match form {
        Form::Json | Form::JsonCompact => in_json(&stats, own, registry.is_open()),
        Form::Xml | Form::XmlCompact => in_xml(&stats, own, registry.is_open()),
    };
    answer::whole(StatusCode::OK, form.media_type(), body)
}

fn in_json(stats: &[(&str, Named)], own: &Instance, is_open: bool) -> Vec<u8> {
    let mut out = b"{".to_vec();
    for (name, entries) in stats {
        put(&mut out, &["\"", name, "\":{"]);
        for (at, (key, value)) in entries.iter().enumerate() {
            put(&mut out, &[if at > 0 { ",\"" } else { "\"" }, key, "\":"]);
            json::write_text(&mut out, value);
        }
        put(&mut out, &["},"]);
    }
    put(&mut out, &["\"instanceInfo\":"]);
    json::write_instance(&mut out, own);
    put(&mut out, &[",\"healthy\":", if is_open { "true}" } else { "false}" }]);
    out
}

fn in_xml(stats: &[(&str, Named)], own: &Instance, is_open: bool) -> Vec<u8> {
    let mut out = b"<com.netflix.eureka.util.StatusInfo>\n".to_vec();
    for (name, entries) in stats {
        put(&mut out, &["  <", name, ">\n"]);
        for (key, value) in entries {
            put(&mut out, &["    <", key, ">"]);
            xml::write_text(&mut out, value);
            put(&mut out, &["</", key, ">\n"]);
        }
        put(&mut out, &["  </", name, ">\n"]);
    }
    xml::write_instance_as(&mut out, "instanceInfo", own, 1);
    let healthy = if is_open { "true" } else { "false" };
    put(&mut out, &["\n  <healthy>", healthy, "</healthy>\n</com.netflix.eureka.util.StatusInfo>"]);
    out
}

fn put(out: &mut Vec<u8>, parts: &[&str]) {
    for part in parts {
        out.extend_from_slice(part.as_bytes());
    }
}

/// The other servers, in lists each of whose entries ends with a comma, as in Java.
fn replicas(peers: &[PeerView]) -> Named {
    let of_state = |is_meant: &dyn Fn(&PeerView) -> bool| {
        peers.iter().filter(|peer| peer.state != "self" && is_meant(peer)).fold(String::new(), |mut list, peer| {
            write!(list, "{},", peer.url).expect("a string takes every character");
            list
        })
    };
    vec![
        ("registered-replicas", of_state(&|_| true)),
        ("available-replicas", of_state(&|peer| peer.state == "up")),
        ("unavailable-replicas", of_state(&|peer| peer.state != "up")),
    ]
}

fn cpus() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Of Java's heap there; here of the machine, and what this process has of it. Nothing where the system does not tell.
fn memory() -> Named {
    let kilobytes = |file: &str, name: &str| -> Option<u64> {
        let text = std::fs::read_to_string(file).ok()?;
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim_start_matches(':').trim().trim_end_matches(" kB").parse().ok()
    };
    let (total, used) = (kilobytes("/proc/meminfo", "MemTotal"), kilobytes("/proc/self/status", "VmRSS"));
    total.zip(used).map_or_else(Vec::new, |(total_kb, used_kb)| {
        let usage = format!("{}mb ({}%)", used_kb / 1024, used_kb * 100 / total_kb.max(1));
        vec![("total-avail-memory", format!("{}mb", total_kb / 1024)), ("current-memory-usage", usage)]
    })
}

/// As Java's servers write it: hours and minutes, days before them once there are any.
fn uptime(up_ms: u64) -> String {
    let minutes = up_ms / 60_000;
    let days = match minutes / 1440 {
        0 => String::new(),
        1 => "1 day ".to_owned(),
        days => format!("{days} days "),
    };
    format!("{days}{:02}:{:02}", minutes / 60 % 24, minutes % 60)
}
