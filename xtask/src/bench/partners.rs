//! `bench partners`: what an app's call costs beside what it asks for, and a snapshot of a large catalog.
//!
//! The cost of a key and of a quota is what refusals differ by: a mistyped key is refused before the store is asked, a revoked
//! one after, and an app that has used up its minute after its quota was looked at as well. All of them in turn in each
//! round, the first of them twice: what those two differ by is how exact the rest can be. Processor time of the partners'
//! process, so neither the client nor the gateway is in it.
//! A snapshot has to be streamed: what the process needs for it does not grow with the catalog.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::home::connection::Connection;
use super::home::{cpu, town};
use super::machine;
use crate::platform::{DEMO_ACCOUNT, Platform};
use crate::process::root;
use crate::report::say;
use crate::up;

const READY_MAX: Duration = Duration::from_mins(2);
/// Partners follow the catalog's events one by one.
const KNOWN_MAX: Duration = Duration::from_mins(10);
const WARM_UP: usize = 100;
const ROLE: &str = "partners";

/// A call: what it is, its path, the key it comes with, and the status it is answered.
struct Call {
    name: &'static str,
    path: &'static str,
    key: String,
    status: u16,
}

pub fn run(executable: Option<PathBuf>, requests: usize, rounds: u32, titles: usize) -> Result<()> {
    let executable = match executable {
        Some(executable) => executable.canonicalize()?,
        None => up::build_bijou(true)?,
    };
    let platform = start(&executable)?;
    town::import(&executable, &platform, titles)?;
    let keys = Keys::make(&platform)?;
    say(&format!("\n{}\n", machine()));
    wait_until_known(&platform, &keys.good, titles)?;
    snapshots(&platform, &keys.good, rounds)?;
    calls(&platform, &keys.calls(), requests, rounds)
}

fn start(executable: &Path) -> Result<Platform> {
    let folder = root().join("target/xtask");
    fs::create_dir_all(&folder)?;
    let config = folder.join("bench-partners.toml");
    // The gateway's limits would come first; the quota of the sandbox is used up with one call.
    fs::write(
        &config,
        "[gateway]\nrate_limiting = false\n[partners]\nsandbox_per_minute = 1\n\
         production_per_minute = 1000000000\nproduction_per_day = 1000000000\n",
    )?;
    let config = config.to_str().context("the folder's name is text")?.to_owned();
    let mut platform = Platform::start(executable, "bench-partners", &["--config", &config])?;
    platform.wait_until_ready(READY_MAX)?;
    Ok(platform)
}

/// Keys that are let in, and keys that are refused at one point or another.
struct Keys {
    good: String,
    exhausted: String,
    revoked: String,
    mistyped: String,
}

impl Keys {
    fn make(platform: &Platform) -> Result<Self> {
        let mut connection = Connection::open(&platform.url("gateway")?)?;
        let member =
            json!({ "email": DEMO_ACCOUNT, "password": platform.secret("demo_password")?, "scope": "viewer operator" });
        let signed_in = connection.post("/v1/sessions", "", &member)?.expect(201, "sign-in")?;
        let bearer = format!("authorization: Bearer {}\r\n", text(&signed_in["access_token"])?);
        let mut make_app = |name: &str| -> Result<(String, String)> {
            let made = connection.post("/partner/v1/apps", &bearer, &json!({ "name": name }))?.expect(201, "an app")?;
            Ok((text(&made["app"]["id"])?, text(&made["key"]["text"])?))
        };
        let (_, exhausted) = make_app("Sandbox")?;
        let (app, good) = make_app("Production")?;
        let approve = json!({ "decision": "approve" });
        connection
            .post(&format!("/partner/v1/apps/{app}/decisions"), &bearer, &approve)?
            .expect(200, "the approval")?;
        // An exchange without overlap is what revokes a key.
        let keys = connection.get(&format!("/partner/v1/apps/{app}/keys"), &bearer)?.expect(200, "the keys")?;
        let exchange = json!({ "environment": "sandbox", "replaces": keys["items"][0]["id"], "overlap_s": 0 });
        let made =
            connection.post(&format!("/partner/v1/apps/{app}/keys"), &bearer, &exchange)?.expect(201, "a key")?;
        let (revoked, good) = (good, text(&made["text"])?);
        let mistyped = format!("{}x", &good[..good.len() - 1]);
        Ok(Self { good, exhausted, revoked, mistyped })
    }

    fn calls(&self) -> Vec<Call> {
        const TITLE: &str = "/partner/v1/titles/bench-7";
        let call = |name, path, key: &String, status| Call { name, path, key: key.clone(), status };
        vec![
            call("a mistyped key", TITLE, &self.mistyped, 401),
            call("the same again", TITLE, &self.mistyped, 401),
            call("a revoked key", TITLE, &self.revoked, 401),
            call("no quota left", TITLE, &self.exhausted, 429),
            call("a title", TITLE, &self.good, 200),
            call("fifty titles", "/partner/v1/titles", &self.good, 200),
        ]
    }
}

fn text(value: &Value) -> Result<String> {
    Ok(value.as_str().context("a text is missing in an answer")?.to_owned())
}

/// The number of titles in a snapshot and its length; `None` while partners know of none.
fn snapshot(gateway: &str, key: &str) -> Result<Option<(usize, usize)>> {
    let answer = Connection::open(gateway)?.get("/partner/v1/snapshot", &header(key))?;
    if answer.status == 503 {
        return Ok(None);
    }
    let (status, text) = (answer.status, answer.text());
    let last: Value = serde_json::from_str(text.lines().last().unwrap_or_default()).unwrap_or_default();
    let titles =
        last["titles"].as_u64().with_context(|| format!("the snapshot was answered {status} without an end"))?;
    Ok(Some((titles as usize, text.len())))
}

fn header(key: &str) -> String {
    format!("x-api-key: {key}\r\n")
}

fn wait_until_known(platform: &Platform, key: &str, titles: usize) -> Result<()> {
    let (gateway, since) = (platform.url("gateway")?, Instant::now());
    loop {
        if snapshot(&gateway, key)?.is_some_and(|(known, _)| known >= titles) {
            return Ok(());
        }
        if since.elapsed() > KNOWN_MAX {
            bail!("partners did not hear of {titles} titles in {} s", KNOWN_MAX.as_secs());
        }
        thread::sleep(Duration::from_secs(2));
    }
}

fn snapshots(platform: &Platform, key: &str, rounds: u32) -> Result<()> {
    let (gateway, pid) = (platform.url("gateway")?, pid(platform)?);
    say("| Snapshot | titles | MB | s | titles/s | CPU, ms | memory before, MB | peak above it, MB |");
    say("|---|---|---|---|---|---|---|---|");
    for round in 1..=rounds {
        // Makes the peak that of what follows.
        fs::write(format!("/proc/{pid}/clear_refs"), "5").context("the peak of a process cannot be reset here")?;
        let (before_kb, cpu_before, since) = (memory_kb(pid, "VmRSS")?, cpu::of(Some(platform))?, Instant::now());
        let (titles, bytes) = snapshot(&gateway, key)?.context("partners forgot all titles")?;
        let took = since.elapsed();
        let spent_us = cpu::of(Some(platform))?.spent(ROLE, &cpu_before);
        let peak_kb = memory_kb(pid, "VmHWM")?.saturating_sub(before_kb);
        say(&format!(
            "| {round} | {titles} | {:.1} | {:.2} | {:.0} | {} | {:.1} | {:.1} |",
            bytes as f64 / 1e6,
            took.as_secs_f64(),
            titles as f64 / took.as_secs_f64(),
            spent_us / 1000,
            before_kb as f64 / 1024.0,
            peak_kb as f64 / 1024.0,
        ));
    }
    Ok(())
}

fn pid(platform: &Platform) -> Result<u64> {
    platform.state()?["roles"][ROLE]["pid"].as_u64().context("run.json names the process of partners")
}

fn memory_kb(pid: u64, field: &str) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line =
        status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':')).context("a line of memory")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

fn calls(platform: &Platform, calls: &[Call], requests: usize, rounds: u32) -> Result<()> {
    let mut costs = vec![Vec::new(); calls.len()];
    for _ in 0..rounds {
        for (call, costs) in calls.iter().zip(&mut costs) {
            costs.push(cost_us(platform, call, requests)?);
        }
    }
    say(&format!("\n{requests} requests of each kind in a round. CPU of partners per request, us:\n"));
    say("| Call | status | median | to the first | rounds |\n|---|---|---|---|---|");
    let first = median(&costs[0]);
    for (call, costs) in calls.iter().zip(&costs) {
        let raw = costs.iter().map(|cost| format!("{cost:.0}")).collect::<Vec<_>>().join(", ");
        let of_all = median(costs);
        say(&format!("| {} | {} | {of_all:.0} | {:.2} | {raw} |", call.name, call.status, of_all / first));
    }
    let [_, _, revoked, exhausted, ..] = &costs[..] else { bail!("the calls are not those that are compared") };
    say(&format!(
        "\nLooking up a key: {:.0} us; a quota: {:.0} us.",
        median(revoked) - first,
        median(exhausted) - median(revoked)
    ));
    Ok(())
}

/// Processor time of partners per call, in microseconds, over one kept connection.
fn cost_us(platform: &Platform, call: &Call, requests: usize) -> Result<f64> {
    let mut connection = Connection::open(&platform.url("gateway")?)?;
    let headers = header(&call.key);
    for _ in 0..WARM_UP {
        connection.get(call.path, &headers)?;
    }
    let before = cpu::of(Some(platform))?;
    for number in 0..requests {
        let answer = connection.get(call.path, &headers)?;
        // The sandbox lets one call in each minute.
        if answer.status != call.status && !(call.status == 429 && answer.status == 200) {
            bail!("{}, call {number}, was answered {}: {}", call.name, answer.status, answer.text());
        }
    }
    Ok(cpu::of(Some(platform))?.spent(ROLE, &before) as f64 / requests as f64)
}

fn median(costs: &[f64]) -> f64 {
    let mut sorted = costs.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}
