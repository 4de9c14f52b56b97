//! `cargo xtask test`: everything that has to hold, in the order in which mistakes are cheapest to find.
//!
//! Nothing is built twice: tests are built once and their executables run from here, so that unit tests, platform
//! tests and the browser's platform all use the same artefacts. A failed step does not stop the others; the last line
//! says `N passed, N failed`.

mod counts;
mod rust;
mod web;

use std::time::Instant;

use anyhow::{Result, bail};

use crate::install::{self, CHROMIUM, FFMPEG, PYTHON};
use crate::process::{exists, is_root};
use crate::released;
use crate::report::{Counts, Step, complain, say};

/// One step: its name and what it does. An error counts as one failure.
struct Check {
    name: &'static str,
    run: fn(&mut Context) -> Result<Counts>,
}

/// What later steps take over from earlier ones.
#[derive(Debug, Default)]
pub struct Context {
    built: Option<rust::Built>,
}

const CHECKS: &[Check] = &[
    Check { name: "what the machine needs", run: needs },
    Check { name: "format", run: rust::format },
    Check { name: "screens: build", run: web::build },
    Check { name: "screens: types", run: web::types },
    Check { name: "screens: unit tests", run: web::unit },
    Check { name: "clippy", run: rust::clippy },
    Check { name: "build of all tests", run: rust::build },
    Check { name: "repository: layers, files, headers, licences", run: rust::repository },
    Check { name: "unit, property and service tests on SQLite and PostgreSQL", run: rust::tests },
    Check { name: "platform: black box", run: rust::platform },
    Check { name: "conformance: services of other languages", run: conformance },
    Check { name: "contracts: an outside judge", run: judge },
    Check { name: "first calls with curl", run: web::first_calls },
    Check { name: "browser: sign in, home, play", run: web::browser },
    Check { name: "contracts", run: rust::contracts },
    Check { name: "contracts beside the released ones", run: |_| released::compare() },
    Check { name: "documentation", run: rust::documentation },
];

pub fn test(only: Option<&str>) -> Result<()> {
    let started = Instant::now();
    let mut total = Counts::default();
    let mut context = Context::default();
    for check in CHECKS.iter().filter(|check| only.is_none_or(|text| check.name.contains(text))) {
        let step = Step::begin(check.name);
        let counts = (check.run)(&mut context).unwrap_or_else(|error| {
            complain(&format!("   {error:#}"));
            Counts::one(false)
        });
        step.end(counts);
        total.add(counts);
    }
    let minutes = started.elapsed().as_secs_f64() / 60.0;
    say(&format!("\n{} passed, {} failed ({minutes:.1} minutes)", total.passed, total.failed));
    if total.failed > 0 {
        bail!("{} failed", total.failed);
    }
    Ok(())
}

/// Unmodified clients of other languages, those that start quickly; `cargo xtask conformance` has them all.
fn conformance(context: &mut Context) -> Result<Counts> {
    let bijou = rust::built(context)?.bijou.clone();
    crate::conformance::short(&bijou)
}

/// Schemathesis on all contracts in a short form; `cargo xtask fuzz-api` asks for longer.
fn judge(context: &mut Context) -> Result<Counts> {
    let bijou = rust::built(context)?.bijou.clone();
    crate::fuzz::short(&bijou)
}

fn needs(_: &mut Context) -> Result<Counts> {
    install::require_node()?;
    install::require(&[&FFMPEG, &CHROMIUM, &PYTHON])?;
    if is_root() && exists("apt-get") && !crate::conformance::toolchains::has_venv() {
        install::apt(&["python3-venv"])?;
    }
    Ok(Counts::one(true))
}
