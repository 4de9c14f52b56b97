//! `cargo xtask test`: everything that has to hold, in the order in which mistakes are cheapest to find.
//!
//! Nothing is built twice: tests are built once and their executables run from here, so that unit tests, platform
//! tests and the browser's platform all use the same artefacts. A failed step does not stop the others; the last line
//! says `N passed, N failed`.
//!
//! A test that fails is run once more, by itself and on the same seed. One that passes then does not fail the run, but is
//! named as flaky at its end: a defect to be mended, in the test or in what it tests. A step that looked at nothing, since
//! the machine lacks what it needs, is named there too.

mod counts;
mod rust;
mod web;

use std::time::{Instant, UNIX_EPOCH};

use anyhow::{Result, bail};

use crate::install::{self, CHROMIUM, FFMPEG, PYTHON};
use crate::process::{exists, is_root, variable};
use crate::released;
use crate::report::{Counts, Step, complain, say};

/// One step: its name and what it does. An error counts as one failure.
struct Check {
    name: &'static str,
    run: fn(&mut Context) -> Result<Counts>,
    /// One story, as told to running processes: when it fails, it is the whole of it that is tried once more.
    is_story: bool,
}

impl Check {
    const fn new(name: &'static str, run: fn(&mut Context) -> Result<Counts>) -> Self {
        Self { name, run, is_story: false }
    }

    const fn story(name: &'static str, run: fn(&mut Context) -> Result<Counts>) -> Self {
        Self { name, run, is_story: true }
    }

    fn attempt(&self, context: &mut Context) -> Counts {
        (self.run)(context).unwrap_or_else(|error| {
            complain(&format!("   {error:#}"));
            Counts::one(false)
        })
    }

    fn run(&self, context: &mut Context) -> Counts {
        let counts = self.attempt(context);
        if counts.failed == 0 || !self.is_story {
            return counts;
        }
        say(&format!("   once more, since {} failed: {}", counts.failed, self.name));
        let again = self.attempt(context);
        if again.failed == 0 {
            context.flaky.push(format!("{} ({} failed at first)", self.name, counts.failed));
        }
        again
    }
}

/// What later steps take over from earlier ones.
#[derive(Debug, Default)]
pub struct Context {
    built: Option<rust::Built>,
    /// What failed first and passed then.
    flaky: Vec<String>,
    /// Where made-up data of tests begins, a first and a second time.
    seed: String,
}

/// The variable by which tests are told the seed (`bijou_testkit::seed`).
const SEED: &str = "BIJOU_TEST_SEED";

const CHECKS: &[Check] = &[
    Check::new("what the machine needs", needs),
    Check::new("format", rust::format),
    Check::new("screens: build", web::build),
    Check::new("screens: types", web::types),
    Check::story("screens: unit tests", web::unit),
    Check::new("clippy", rust::clippy),
    Check::new("build of all tests", rust::build),
    Check::new("repository: layers, files, headers, licences", rust::repository),
    Check::new("unit, property and service tests on SQLite and PostgreSQL", rust::tests),
    Check::new("platform: black box", rust::platform),
    Check::story("conformance: services of other languages", conformance),
    Check::story("contracts: an outside judge", judge),
    Check::story("first calls with curl", web::first_calls),
    Check::story("browser: sign in, home, play", web::browser),
    Check::story("browser: the registry's page", web::registry_page),
    Check::new("contracts", rust::contracts),
    Check::new("contracts beside the released ones", |_| released::compare()),
    Check::new("documentation", rust::documentation),
];

pub fn test(only: Option<&str>) -> Result<()> {
    let started = Instant::now();
    let mut total = Counts::default();
    let seed = variable(SEED).unwrap_or_else(fresh_seed);
    say(&format!("{SEED}={seed}"));
    let mut context = Context { seed, ..Context::default() };
    let mut unchecked = Vec::new();
    for check in CHECKS.iter().filter(|check| only.is_none_or(|text| check.name.contains(text))) {
        let step = Step::begin(check.name);
        let counts = check.run(&mut context);
        step.end(counts);
        if counts.is_nothing() {
            unchecked.push(check.name);
        }
        total.add(counts);
    }
    for name in &context.flaky {
        say(&format!("flaky: {name}"));
    }
    for name in unchecked {
        say(&format!("not checked: {name}"));
    }
    let minutes = started.elapsed().as_secs_f64() / 60.0;
    say(&format!("\n{} passed, {} failed ({minutes:.1} minutes)", total.passed, total.failed));
    if total.failed > 0 {
        bail!("{} failed", total.failed);
    }
    Ok(())
}

fn fresh_seed() -> String {
    let since = UNIX_EPOCH.elapsed().unwrap_or_default();
    since.subsec_nanos().to_string()
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
