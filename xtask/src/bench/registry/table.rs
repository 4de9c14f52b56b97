//! What was measured, as Markdown.

use std::time::Duration;

use super::scale::Scale;
use super::watch::Heard;
use super::work::{Round, Work};
use crate::report::say;

/// One kind of work at each server.
#[derive(Debug)]
pub struct Row {
    pub work: Work,
    pub ours: Vec<Round>,
    pub stock: Vec<Round>,
    /// Only for lists that are files as well.
    pub nginx: Vec<Round>,
}

impl Row {
    /// In one line, while the run goes on.
    pub fn told(&self) -> String {
        let nginx = lowest(&self.nginx).map(|us| format!(", nginx {us:.1}")).unwrap_or_default();
        format!("{}: bijou {} us, Eureka {} us{nginx}", self.work.name(), cell(&self.ours), cell(&self.stock))
    }
}

/// PSS in MB, ours and the Eureka server's.
#[derive(Clone, Copy, Debug, Default)]
pub struct Memory {
    pub filled: [f64; 2],
    pub worked: [f64; 2],
}

/// All that is not a cost of a request.
#[derive(Debug)]
pub struct Others {
    pub empty: Vec<Duration>,
    pub stock_start: Duration,
    pub restored: Vec<Duration>,
    pub memory: Memory,
    /// Ours and the Eureka server's.
    pub fresh: [Duration; 2],
    pub few: Heard,
    pub many: Option<Heard>,
    pub scale: Scale,
}

pub fn costs(rows: &[Row], seconds: u64, rounds: u32) {
    say(&format!(
        "Processor time of the whole process per completed request, microseconds, lowest of {rounds} rounds of {seconds} s; \
         10,000 instances in 500 applications, 16 connections.\n"
    ));
    say("| work | bytes | bijou | Eureka | nginx, same bytes | ours / Eureka | ours / nginx |");
    say("|---|---|---|---|---|---|---|");
    for row in rows {
        let ratio = |other: &[Round]| match (lowest(&row.ours), lowest(other)) {
            (Some(ours), Some(other)) => format!("{:.3}", ours / other),
            _ => String::new(),
        };
        say(&format!(
            "| {} | {} | {} | {} | {} | {} | {} |",
            row.work.name(),
            row.ours.first().map_or(0, |round| round.bytes_each),
            cell(&row.ours),
            cell(&row.stock),
            cell(&row.nginx),
            ratio(&row.stock),
            ratio(&row.nginx)
        ));
    }
}

pub fn others(others: &Others) {
    let Others { empty, stock_start, restored, memory, fresh, few, many, scale } = others;
    say("\n| | bijou | Eureka |");
    say("|---|---|---|");
    let [filled, worked] = [memory.filled, memory.worked]
        .map(|[ours, stock]| format!("{ours:.0} MB | {stock:.0} MB ({:.0} x)", stock / ours));
    say(&format!("| memory (PSS) once 10,000 instances are there | {filled} |"));
    say(&format!("| memory (PSS) after all the work above | {worked} |"));
    say(&format!("| start to serving, empty | {} s | {:.1} s |", seconds(empty), stock_start.as_secs_f64()));
    say(&format!("| start to serving with 10,000 restored, after kill -9 | {} s | forgets |", seconds(restored)));
    let [ours, stock] = fresh.map(|time| time.as_secs_f64() * 1000.0);
    say(&format!("| a change until it is in a plain client's delta | {ours:.1} ms | {stock:.0} ms |"));
    say(&format!(
        "| a change until 100 watchers heard: median, p99, longest | {:.1}, {:.1}, {:.1} ms | no watch |",
        few.at(0.5),
        few.at(0.99),
        few.at(1.0)
    ));
    if let Some(many) = many {
        let last: Vec<_> = many.last.iter().map(|time| format!("{:.0}", time.as_secs_f64() * 1000.0)).collect();
        say(&format!(
            "| a change until the last of 10,000 watchers heard, each change | {} ms | no watch |",
            last.join(", ")
        ));
    }
    let Scale { heartbeats, all, pss_mb } = scale;
    say(&format!(
        "| 100,000 instances, 3,300 heartbeats/s | {:.1} % of a core, {pss_mb:.0} MB | not tried |",
        heartbeats * 100.0
    ));
    say(&format!(
        "| the same with 1,000 pollers of the delta and a change a second | {:.1} % of a core | not tried |",
        all * 100.0
    ));
}

pub fn raw(rows: &[Row]) {
    say("\nRaw rounds: microseconds a request, requests, requests a second.\n");
    say("| work | server | rounds |");
    say("|---|---|---|");
    for row in rows {
        for (name, rounds) in [("bijou", &row.ours), ("Eureka", &row.stock), ("nginx", &row.nginx)] {
            let cells: Vec<_> = rounds
                .iter()
                .map(|round| format!("{:.1} us, {}, {:.0}/s", round.cpu_us, round.requests, round.per_s))
                .collect();
            if !cells.is_empty() {
                say(&format!("| {} | {name} | {} |", row.work.name(), cells.join("; ")));
            }
        }
    }
}

fn lowest(rounds: &[Round]) -> Option<f64> {
    rounds.iter().map(|round| round.cpu_us).reduce(f64::min)
}

fn cell(rounds: &[Round]) -> String {
    lowest(rounds).map(|us| format!("{us:.1}")).unwrap_or_default()
}

fn seconds(times: &[Duration]) -> String {
    times.iter().map(|time| format!("{:.3}", time.as_secs_f64())).collect::<Vec<_>>().join(", ")
}
