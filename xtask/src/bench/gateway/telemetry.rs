//! `bench gateway --telemetry`: what telemetry costs a request of the gateway, in instructions and in time of a processor.
//!
//! callgrind counts the instructions of the whole gateway while one client sends a fixed number of requests, with
//! telemetry off, with it on while no trace is kept, and with it on while every trace is kept and delivered to a console.
//! Off is measured twice: what the two differ by is what the method cannot see (A/A control). A gateway as it is shipped
//! keeps `telemetry.sample_per_second` traces a second, so its cost at a given rate lies between the two.
//!
//! The same cases, and the gateway as it is shipped, then run without callgrind, in turns within each round and under
//! `wrk`: the scheduler's time of the process over the requests it completed. It is noisier than instructions, by what
//! the second "off" differs from the first.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::proxies::{self, Gateway, Origins};
use super::{HEADERS, Measured, Running, SIZES, find, machine, measure, on_core, token, wait_at_most, warm_up};
use crate::bench::home::connection::Connection;
use crate::install::{NGINX, OPENSSL, VALGRIND, WRK, require};
use crate::report::say;

/// Sent before counting: caches, connections and the registry's picture are there then.
const WARM_UP: usize = 300;
/// Bar: the share that telemetry may add to the instructions of a request.
const BAR: f64 = 0.05;
/// The sampler's default, traces a second and process.
const SAMPLE_PER_SECOND: u32 = 50;

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

/// As it is shipped; only timed, since what is kept depends on the rate and callgrind's is not a gateway's.
const SHIPPED: Case = Case { name: "on, as shipped", otlp: "console", sample_per_second: SAMPLE_PER_SECOND };

/// Runs every case and prints Markdown.
pub fn run(executable: &Path, folder: &Path, requests: usize, seconds: u32, rounds: u32) -> Result<()> {
    require(&[&NGINX, &OPENSSL, &VALGRIND, &WRK])?;
    let key = token::Key::generate(folder)?;
    let origins = proxies::origins(folder, &key.jwks())?;
    let mut counted = Vec::new();
    for case in &CASES {
        let gateway = case.configure(folder)?;
        let _helpers = gateway.helpers(executable, &origins)?;
        let per_request =
            counting(executable, &gateway, requests).with_context(|| format!("telemetry {}", case.name))?;
        say(&format!("   {:<36} {per_request:>9.0} instructions a request", case.name));
        counted.push(per_request);
    }
    let timed = timed(executable, folder, &origins, seconds, rounds)?;
    report(&counted, requests);
    report_times(&timed, seconds);
    Ok(())
}

impl Case {
    /// A gateway in an empty folder of its own.
    fn configure(&self, folder: &Path) -> Result<Gateway> {
        let place = folder.join(self.name.replace([' ', ',', '(', ')'], ""));
        let _ = fs::remove_dir_all(&place);
        fs::create_dir_all(&place)?;
        Gateway::configure(&place, self.otlp, self.sample_per_second)
    }
}

/// The cases in turns, each round a new process: what a process is lucky with ends with it.
fn timed(
    executable: &Path,
    folder: &Path,
    origins: &Origins,
    seconds: u32,
    rounds: u32,
) -> Result<Vec<(&'static Case, Vec<Measured>)>> {
    let [off, quiet, every, again] = &CASES;
    let mut timed: Vec<(&Case, Vec<Measured>)> =
        [off, quiet, &SHIPPED, every, again].map(|case| (case, Vec::new())).into();
    for round in 1..=rounds {
        for (case, rounds) in &mut timed {
            let gateway = case.configure(folder)?;
            let helpers = gateway.helpers(executable, origins)?;
            let mut proxy = proxies::started(case.name, gateway.port, None, gateway.role(0, executable, "gateway")?)?;
            for helper in helpers {
                proxy.keep(helper);
            }
            warm_up(&proxy)?;
            let measured = measure(&proxy, SIZES[0].1, seconds)?;
            say(&format!("   round {round}: {:<36} {:>7.2} us a request", case.name, measured.cpu_us));
            rounds.push(measured);
        }
    }
    Ok(timed)
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
        let kept = (f64::from(SAMPLE_PER_SECOND) / rate).min(1.0);
        (counted[1] + (counted[2] - counted[1]) * kept) / counted[0] - 1.0
    };
    let rates = [100.0, 1_000.0, 5_000.0, 10_000.0];
    let told: Vec<String> = rates
        .iter()
        .map(|rate| {
            let verdict = if at(*rate) <= BAR { "held" } else { "not held" };
            format!("{:+.1} % at {rate:.0}/s ({verdict})", at(*rate) * 100.0)
        })
        .collect();
    say(&format!(
        "\nWith {SAMPLE_PER_SECOND} traces a second, the default: {}. Bar: {:.0} %.",
        told.join(", "),
        BAR * 100.0
    ));
}

fn report_times(timed: &[(&Case, Vec<Measured>)], seconds: u32) {
    let rounds = timed[0].1.len();
    say(&format!(
        "\nTime of a processor of the whole gateway a request, microseconds, {rounds} rounds of {seconds} s in turns, a new process \
         each; gateway on core 0, everything else on core 1.\n"
    ));
    say("| telemetry | lowest | median | median against off | rounds |");
    say("|---|---|---|---|---|");
    let sorted = |measured: &[Measured]| {
        let mut all: Vec<f64> = measured.iter().map(|one| one.cpu_us).collect();
        all.sort_by(f64::total_cmp);
        all
    };
    let off = sorted(&timed[0].1)[rounds / 2];
    for (case, measured) in timed {
        let all = sorted(measured);
        let raw: Vec<String> =
            measured.iter().map(|one| format!("{:.2} us, {:.0}/s", one.cpu_us, one.requests_per_s)).collect();
        let against = (all[rounds / 2] / off - 1.0) * 100.0;
        say(&format!(
            "| {} | {:.2} | {:.2} | {against:+.1} % | {} |",
            case.name,
            all[0],
            all[rounds / 2],
            raw.join("; ")
        ));
    }
}
