//! `bench screens`: what a slow machine makes of the viewer's screens.
//!
//! Largest Contentful Paint of home and of a film's page, and how long keys and a click wait, in Chromium with its
//! processor slowed down, beside a platform started for this. The browser and the platform share the machine, so what
//! the platform does is in the figures.

use std::fmt::Write as _;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::machine;
use crate::platform::Platform;
use crate::process::program;
use crate::report::say;
use crate::{install, up, web};

const READY_MAX: Duration = Duration::from_mins(2);
/// Long enough for the demo films, whose encoding would be measured otherwise.
const SETTLE: Duration = Duration::from_mins(1);

/// What the browser's script prints, a line a visit.
#[derive(Debug, Deserialize)]
struct Visit {
    round: u32,
    cache: String,
    home_ms: f64,
    title_ms: f64,
    delay_ms: f64,
    whole_ms: f64,
    told: u32,
    /// Of an arrow that was held for two seconds: steps taken, frames drawn meanwhile, and the longest of those.
    held_steps: u32,
    held_frames: u32,
    held_frame_ms: f64,
}

pub fn run(slowdown: u32, rounds: u32) -> Result<()> {
    install::require_node()?;
    install::require(&[&install::CHROMIUM])?;
    web::build()?;
    let executable = up::build_bijou(true)?;
    let mut platform = Platform::start(&executable, "bench-screens", &[])?;
    platform.wait_until_ready(READY_MAX)?;
    thread::sleep(SETTLE);

    let mut node = program("node", "web/e2e");
    node.args(["bench/screens.mjs", &platform.url("gateway")?, "demo@bijou.example"])
        .arg(platform.secret("demo_password")?)
        .args([slowdown.to_string(), rounds.to_string()]);
    let output = node.output().context("node cannot be started")?;
    if !output.status.success() {
        bail!("the browser failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let text = String::from_utf8(output.stdout).context("the script prints text")?;
    let visits = text.lines().map(serde_json::from_str).collect::<Result<Vec<Visit>, _>>();
    let visits = visits.with_context(|| format!("what the script printed cannot be read:\n{text}"))?;

    say(&format!("\n{}, Chromium at {slowdown} x slowdown, 1280 x 800\n", machine()));
    say(
        "| Round | cache | LCP of home, ms | LCP of a film's page, ms | longest input delay, ms | longest interaction, ms | events above 16 ms | held arrow: steps, frames, longest frame, ms |",
    );
    say("|---|---|---|---|---|---|---|---|");
    let mut table = String::new();
    for visit in visits {
        let Visit { round, cache, home_ms, title_ms, delay_ms, whole_ms, told, held_steps, held_frames, held_frame_ms } =
            visit;
        writeln!(
            table,
            "| {round} | {cache} | {home_ms:.0} | {title_ms:.0} | {delay_ms:.1} | {whole_ms:.0} | {told} | {held_steps}, {held_frames}, {held_frame_ms:.0} |"
        )?;
    }
    say(table.trim_end());
    Ok(())
}
