//! `bench telemetry`: the console's archive. The measuring is the console's own example, which knows it.
//!
//! Bar: a search over a million log lines takes 200 ms at the 99th of a hundred. Nothing may be dropped meanwhile.

use anyhow::Result;

use super::machine;
use crate::process::{cargo, shown};
use crate::report::say;

/// As many log lines and spans.
pub fn run(lines: usize, spans: usize) -> Result<()> {
    say(&format!("{}\n", machine()));
    let mut example = cargo();
    example.args(["run", "--release", "--quiet", "-p", "bijou-console", "--example", "telemetry-bench", "--"]);
    example.args([lines.to_string(), spans.to_string()]);
    shown(&mut example)
}
