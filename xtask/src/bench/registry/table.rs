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
    /// Only for short answers.
    pub bare: Vec<Round>,
}

impl Row {
    /// In one line, while the run goes on.
    pub fn told(&self) -> String {
        let other = |name: &str, rounds| lowest(rounds).map(|us| format!(", {name} {us:.1} us")).unwrap_or_default();
        let (nginx, bare) = (other("nginx", &self.nginx), other("bare", &self.bare));
        format!("{}: bijou {} us, Eureka {} us{nginx}{bare}", self.work.name(), cell(&self.ours), cell(&self.stock))
    }
}

/// All that is not a cost of a request; what was not measured is empty.
#[derive(Debug, Default)]
pub struct Others {
    pub empty: Vec<Duration>,
    pub stock_start: Option<Duration>,
    pub restored: Vec<Duration>,
    /// Memory in MB, ours and the Eureka server's, when the instances have come.
    pub filled_mb: Option<[f64; 2]>,
    /// The same after all the work.
    pub worked_mb: Option<[f64; 2]>,
    /// Ours and the Eureka server's.
    pub fresh: Option<[Duration; 2]>,
    pub few: Option<Heard>,
    pub many: Option<Heard>,
    pub scale: Option<Scale>,
}

pub fn costs(rows: &[Row], seconds: u64, rounds: u32) {
    say(&format!(
        "Processor time of the whole process per completed request, microseconds, lowest of {rounds} rounds of {seconds} s; \
         10,000 instances in 500 applications, 16 connections.\n"
    ));
    say("| work | bytes | bijou | Eureka | nginx, same bytes | bare, as many bytes | ours / Eureka | ours / nginx |");
    say("|---|---|---|---|---|---|---|---|");
    for row in rows {
        let ratio = |other: &[Round]| match (lowest(&row.ours), lowest(other)) {
            (Some(ours), Some(other)) => format!("{:.3}", ours / other),
            _ => String::new(),
        };
        say(&format!(
            "| {} | {} | {} | {} | {} | {} | {} | {} |",
            row.work.name(),
            row.ours.first().map_or(0, |round| round.bytes_each),
            cell(&row.ours),
            cell(&row.stock),
            cell(&row.nginx),
            cell(&row.bare),
            ratio(&row.stock),
            ratio(&row.nginx)
        ));
    }
}

pub fn others(others: &Others) {
    let line = |what: &str, ours: &str, stock: &str| say(&format!("| {what} | {ours} | {stock} |"));
    say("\n| | bijou | Eureka |\n|---|---|---|");
    let memory =
        [("once 10,000 instances are there", others.filled_mb), ("after all the work above", others.worked_mb)];
    for (when, [ours, stock]) in memory.into_iter().filter_map(|(when, both)| Some((when, both?))) {
        let stock = format!("{stock:.0} MB ({:.0} x)", stock / ours);
        line(&format!("memory {when}"), &format!("{ours:.0} MB"), &stock);
    }
    let stock_start =
        others.stock_start.map_or("not measured".to_owned(), |time| format!("{:.1} s", time.as_secs_f64()));
    if !others.empty.is_empty() {
        line("start to serving, empty", &seconds(&others.empty), &stock_start);
        line("start to serving with 10,000 restored, after kill -9", &seconds(&others.restored), "forgets");
    }
    if let Some([ours, stock]) = others.fresh.map(|both| both.map(|time| format!("{:.1} ms", ms(time)))) {
        line("a change until it is in a plain client's delta", &ours, &stock);
    }
    if let Some(few) = &others.few {
        let delays = format!("{:.1}, {:.1}, {:.1} ms", few.at(0.5), few.at(0.99), few.at(1.0));
        line("a change until 100 watchers heard: median, p99, longest", &delays, "no watch");
    }
    if let Some(many) = &others.many {
        let last: Vec<_> = many.last.iter().map(|time| format!("{:.0}", ms(*time))).collect();
        line(
            "a change until the last of 10,000 watchers heard, each change",
            &format!("{} ms", last.join(", ")),
            "no watch",
        );
    }
    if let Some(Scale { heartbeats, all, memory_mb }) = &others.scale {
        let heartbeats = format!("{:.1} % of a core, {memory_mb:.0} MB", heartbeats * 100.0);
        line("100,000 instances, 3,300 heartbeats/s", &heartbeats, "not tried");
        let all = format!("{:.1} % of a core", all * 100.0);
        line("the same with 1,000 pollers of the delta and a change a second", &all, "not tried");
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

pub fn raw(rows: &[Row]) {
    say("\nRaw rounds: microseconds a request, requests, requests a second.\n");
    say("| work | server | rounds |");
    say("|---|---|---|");
    for row in rows {
        let all = [("bijou", &row.ours), ("Eureka", &row.stock), ("nginx", &row.nginx), ("bare", &row.bare)];
        for (name, rounds) in all {
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
    times.iter().map(|time| format!("{:.3} s", time.as_secs_f64())).collect::<Vec<_>>().join(", ")
}
