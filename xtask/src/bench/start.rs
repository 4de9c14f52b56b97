//! `bench start`: how long until people can use it, and what it weighs.
//!
//! Memory is the sum of PSS (shared pages divided among their users) over the supervisor and all it started, encoders
//! included, read from `/proc/<pid>/smaps_rollup`.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::machine;
use crate::platform::{Platform, get};
use crate::process::{cargo, root};
use crate::report::say;
use crate::{up, web};

const READY_MAX: Duration = Duration::from_mins(1);
const PLAYABLE_MAX: Duration = Duration::from_mins(2);
/// Long enough for the demo films to be made: then the platform idles.
const SETTLE: Duration = Duration::from_mins(1);

struct Round {
    ready: Duration,
    playable: Option<Duration>,
    pss_ready_mb: f64,
    pss_settled_mb: f64,
}

pub fn run(cold: bool, rounds: u32) -> Result<()> {
    web::build()?;
    let cold_build = if cold { Some(cold_build()?) } else { None };
    let executable = up::build_bijou(true)?;
    let rounds: Vec<_> = (1..=rounds).map(|number| round(&executable, number)).collect::<Result<_>>()?;

    say(&format!("\n{}\n", machine()));
    if let Some(took) = cold_build {
        say(&format!("Cold release build of `bijou`: {:.0} s\n", took.as_secs_f64()));
    }
    say("| Round | start to ready, s | start to first playable title, s | PSS when ready, MB | PSS 60 s later, MB |");
    say("|---|---|---|---|---|");
    for (index, round) in rounds.iter().enumerate() {
        let playable = round.playable.map_or_else(|| "none".into(), |took| format!("{:.2}", took.as_secs_f64()));
        say(&format!(
            "| {} | {:.2} | {playable} | {:.0} | {:.0} |",
            index + 1,
            round.ready.as_secs_f64(),
            round.pss_ready_mb,
            round.pss_settled_mb
        ));
    }
    Ok(())
}

fn cold_build() -> Result<Duration> {
    let target = root().join("target/bench-cold");
    let _ = fs::remove_dir_all(&target);
    let started = Instant::now();
    let mut command = cargo();
    command.args(["build", "--release", "--bin", "bijou", "--target-dir"]).arg(&target).stdout(Stdio::null());
    if !command.status()?.success() {
        bail!("the build failed");
    }
    let took = started.elapsed();
    fs::remove_dir_all(&target)?;
    Ok(took)
}

fn round(executable: &Path, number: u32) -> Result<Round> {
    let mut platform = Platform::start(executable, "bench-start", &[])?;
    // `/readyz` waits for a playable title, so the roles themselves are asked for through the registry.
    let ready = wait(&platform, READY_MAX, |platform| {
        let registry = platform.url("registry")?;
        let (_, apps) = get(&registry.replace("/eureka", ""), "/eureka/apps")?;
        let roles = ["GATEWAY", "IDENTITY", "CATALOG", "RECOMMENDATIONS", "PLAYBACK", "CONSOLE"];
        Ok(roles.iter().all(|role| apps.contains(&format!("<name>{role}</name>"))))
    })
    .context("not all roles came")?;
    let pss_ready_mb = pss_mb(&platform)?;
    let playable = platform.wait_until_ready(PLAYABLE_MAX).ok();
    thread::sleep(SETTLE);
    let pss_settled_mb = pss_mb(&platform)?;
    say(&format!("   round {number}: ready after {:.2} s", ready.as_secs_f64()));
    Ok(Round { ready, playable, pss_ready_mb, pss_settled_mb })
}

fn wait(platform: &Platform, max: Duration, is_met: impl Fn(&Platform) -> Result<bool>) -> Option<Duration> {
    while platform.started.elapsed() < max {
        if is_met(platform).unwrap_or(false) {
            return Some(platform.started.elapsed());
        }
        thread::sleep(Duration::from_millis(20));
    }
    None
}

fn pss_mb(platform: &Platform) -> Result<f64> {
    let state = platform.state()?;
    let supervisor = state["supervisor_pid"].as_u64().context("run.json names the supervisor")?;
    let parents = parents();
    let is_ours = |pid: u64| {
        std::iter::successors(Some(pid), |pid| parents.get(pid).copied()).any(|ancestor| ancestor == supervisor)
    };
    let kilobytes: u64 = parents.keys().filter(|pid| is_ours(**pid)).filter_map(|pid| pss_kb(*pid)).sum();
    Ok(kilobytes as f64 / 1024.0)
}

/// Every process and its parent.
fn parents() -> HashMap<u64, u64> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let pid = entry.file_name().to_str()?.parse().ok()?;
            let status = fs::read_to_string(entry.path().join("status")).ok()?;
            let parent = status.lines().find_map(|line| line.strip_prefix("PPid:"))?.trim().parse().ok()?;
            Some((pid, parent))
        })
        .collect()
}

fn pss_kb(pid: u64) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}
