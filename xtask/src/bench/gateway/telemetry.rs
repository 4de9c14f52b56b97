//! `bench gateway --telemetry`: what telemetry costs a request of the gateway, in instructions.
//!
//! callgrind counts the instructions of the whole gateway while one client sends a fixed number of requests, with
//! telemetry off, with it on while no trace is kept, and with it on while every trace is kept and delivered to a console.
//! Off is measured twice: what the two differ by is what the method cannot see (A/A control). A gateway as it is shipped
//! keeps `telemetry.sample_per_second` traces a second, so its cost at a given rate lies between the two.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::proxies::{self, Gateway};
use super::{HEADERS, Running, SIZES, find, machine, on_core, token, wait_at_most};
use crate::bench::home::connection::Connection;
use crate::install::{NGINX, OPENSSL, VALGRIND, require};
use crate::report::say;

/// Sent before counting: caches, connections and the registry's picture are there then.
const WARM_UP: usize = 300;
/// Bar: the share that telemetry may add to the instructions of a request.
const BAR: f64 = 0.05;
/// The sampler's default, traces a second and process.
const SAMPLE_PER_SECOND: f64 = 50.0;

/// One way to run the gateway.
struct Case {
    name: &'static str,
    otlp: &'static str,
    sample_per_second: u32,
}

const CASES: [Case; 4] = [
    Case { name: "off", otlp: "off", sample_per_second: 0 },
    Case { name: "on, no trace kept", otlp: "console", sample_per_second: 0 },
    Case { name: "on, every trace kept and delivered", otlp: "console", sample_per_second: 1_000_000 },
    Case { name: "off again (control)", otlp: "off", sample_per_second: 0 },
];

/// Runs every case and prints Markdown.
pub fn run(executable: &Path, folder: &Path, requests: usize) -> Result<()> {
    require(&[&NGINX, &OPENSSL, &VALGRIND])?;
    let key = token::Key::generate(folder)?;
    let origins = proxies::origins(folder, &key.jwks())?;
    let mut counted = Vec::new();
    for case in &CASES {
        let place = folder.join(case.name.replace([' ', ',', '(', ')'], ""));
        fs::create_dir_all(&place)?;
        let gateway = Gateway::configure(&place, case.otlp, case.sample_per_second)?;
        let _helpers = gateway.helpers(executable, &origins)?;
        let per_request =
            counting(executable, &gateway, requests).with_context(|| format!("telemetry {}", case.name))?;
        say(&format!("   {:<36} {per_request:>9.0} instructions a request", case.name));
        counted.push(per_request);
    }
    report(&counted, requests);
    Ok(())
}

fn counting(executable: &Path, gateway: &Gateway, requests: usize) -> Result<f64> {
    let out = gateway.place.join("callgrind.out");
    let mut arguments = vec![
        "--tool=callgrind".to_owned(),
        "--instr-atstart=no".to_owned(),
        format!("--callgrind-out-file={}", out.display()),
        executable.display().to_string(),
    ];
    arguments.extend(gateway.arguments("gateway"));
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let running = on_core(0, &find("valgrind"), &arguments, &gateway.place, "gateway.out")?;
    wait_at_most(Duration::from_mins(2), gateway.port, SIZES[0].1, None)?;
    let mut connection = Connection::open(&format!("http://127.0.0.1:{}", gateway.port))?;
    let headers = HEADERS.map(|header| format!("{header}\r\n")).concat();
    let mut ask = |times: usize| -> Result<()> {
        for _ in 0..times {
            let answer = connection.get(SIZES[0].1, &headers)?;
            if answer.status != 200 {
                bail!("a request was answered {}", answer.status);
            }
        }
        Ok(())
    };
    ask(WARM_UP)?;
    control(&running, "--instr=on")?;
    ask(requests)?;
    // What is still to be delivered belongs to these requests.
    thread::sleep(Duration::from_secs(4));
    control(&running, "--instr=off")?;
    control(&running, "--dump")?;
    Ok(total(&out)? / requests as f64)
}

fn control(running: &Running, what: &str) -> Result<()> {
    let output = Command::new(find("callgrind_control")).arg(what).arg(running.0.id().to_string()).output()?;
    if !output.status.success() {
        bail!("callgrind_control {what}: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}

/// The instructions of the first dump, which is written a moment after it was asked for.
fn total(out: &Path) -> Result<f64> {
    let dump = out.with_extension("out.1");
    let until = Instant::now() + Duration::from_mins(1);
    while Instant::now() < until {
        let text = fs::read_to_string(&dump).unwrap_or_default();
        if let Some(total) = text.lines().find_map(|line| line.strip_prefix("totals: ")) {
            return total.trim().parse().context("callgrind's total");
        }
        thread::sleep(Duration::from_millis(100));
    }
    bail!("callgrind wrote no {}", dump.display())
}

fn report(counted: &[f64], requests: usize) {
    say(&format!("\n{}\n", machine()));
    say(&format!(
        "Instructions of the whole gateway a request by callgrind, {requests} requests one after the other, a tiny answer, \
         some 500 bytes of request headers.\n"
    ));
    say("| telemetry | instructions a request | against off |");
    say("|---|---|---|");
    let against = |count: f64| (count / counted[0] - 1.0) * 100.0;
    for (case, count) in CASES.iter().zip(counted) {
        say(&format!("| {} | {count:.0} | {:+.1} % |", case.name, against(*count)));
    }
    // One trace's cost times how many of a second's requests are kept.
    let at = |rate: f64| {
        let kept = (SAMPLE_PER_SECOND / rate).min(1.0);
        (counted[1] + (counted[2] - counted[1]) * kept) / counted[0] - 1.0
    };
    let rates = [100.0, 1_000.0, 5_000.0, 10_000.0];
    let told: Vec<String> = rates.iter().map(|rate| format!("{:+.1} % at {rate:.0}/s", at(*rate) * 100.0)).collect();
    say(&format!(
        "\nWith {SAMPLE_PER_SECOND:.0} traces a second, the default: {}. Bar: {:.0} %.",
        told.join(", "),
        BAR * 100.0
    ));
}
