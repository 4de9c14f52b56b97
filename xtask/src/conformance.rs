//! `cargo xtask conformance`: what others wrote, unmodified, with our registry and behind our gateway.
//!
//! Services in six languages with their ordinary Eureka clients, a Python service in place of one of ours, a stock
//! Eureka server as a peer, an OpenTelemetry collector that takes our telemetry, and feeds judged by their readers' words. Needs
//! what each language's people have; what this machine lacks is skipped by name.

mod feeds;
mod greeters;
mod http;
mod node;
mod otlp;
mod peers;
mod recommendations;
mod record;
pub mod stage;
mod stock;
pub mod toolchains;
mod witness;

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::report::{Counts, Step, complain, say};
use crate::up;
use toolchains::{LANGUAGES, Language};

/// Counts and shows what held.
#[derive(Debug, Default)]
pub struct Checks {
    pub counts: Counts,
}

impl Checks {
    /// One check; whether it held.
    pub fn run(&mut self, name: &str, check: impl FnOnce() -> Result<()>) -> bool {
        let done = check();
        match &done {
            Ok(()) => say(&format!("   ok {name}")),
            Err(error) => complain(&format!("   not ok {name}: {error:#}")),
        }
        self.counts.add(Counts::one(done.is_ok()));
        done.is_ok()
    }
}

/// All of it, what is named (a language, `recommendations`, `peers`, `otlp` or `feeds`), or the quick part. `record` and
/// names after it write exchanges with a stock server down instead.
pub fn run(names: &[String], is_short: bool, executable: Option<PathBuf>) -> Result<()> {
    if let Some(("record", names)) = names.split_first().map(|(first, names)| (first.as_str(), names)) {
        return record::run(names);
    }
    let mut known: Vec<_> = LANGUAGES.iter().map(|language| language.name()).collect();
    known.extend(["recommendations", "peers", "otlp", "feeds"]);
    if let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) {
        bail!("there is no `{unknown}` here, only {}", known.join(", "));
    }
    let is_wanted = |name: &str| names.is_empty() || names.iter().any(|wanted| wanted == name);
    let executable = match executable {
        Some(executable) => executable.canonicalize()?,
        None => up::build_bijou(false)?,
    };
    let (checks, skipped) = if is_short { quick(&executable)? } else { all(&executable, &is_wanted) };
    let Counts { passed, failed } = checks.counts;
    say(&format!("\n{passed} passed, {failed} failed, {skipped} skipped"));
    if failed > 0 {
        bail!("{failed} failed");
    }
    Ok(())
}

/// The quick part, for `cargo xtask test`.
pub fn short(executable: &Path) -> Result<Counts> {
    Ok(quick(executable)?.0.counts)
}

fn quick(executable: &Path) -> Result<(Checks, u64)> {
    let (mut checks, mut skipped) = (Checks::default(), 0);
    let built = build(&mut checks, &[Language::Python, Language::Node, Language::Go], &mut skipped);
    greeters::run(&mut checks, executable, &built, true)?;
    Ok((checks, skipped))
}

fn all(executable: &Path, is_wanted: &dyn Fn(&str) -> bool) -> (Checks, u64) {
    let (mut checks, mut skipped) = (Checks::default(), 0);
    let languages: Vec<_> = LANGUAGES.into_iter().filter(|language| is_wanted(language.name())).collect();
    let built = build(&mut checks, &languages, &mut skipped);
    if !built.is_empty() {
        section(&mut checks, "services with their ordinary clients", |checks| {
            greeters::run(checks, executable, &built, false)
        });
    }
    if is_wanted("recommendations") {
        match Language::Python.lacks() {
            None => section(&mut checks, "a Python service in place of our recommendations", |checks| {
                recommendations::run(checks, executable)
            }),
            Some(lacking) => skip(&mut skipped, "recommendations", &lacking),
        }
    }
    if is_wanted("peers") {
        match toolchains::lacks_maven() {
            None => section(&mut checks, "a stock Eureka server as a peer", |checks| peers::run(checks, executable)),
            Some(lacking) => skip(&mut skipped, "peers", &lacking),
        }
    }
    if is_wanted("otlp") {
        match Language::Go.lacks() {
            None => section(&mut checks, "telemetry into an OpenTelemetry collector", |checks| {
                otlp::run(checks, executable)
            }),
            Some(lacking) => skip(&mut skipped, "otlp", &lacking),
        }
    }
    if is_wanted("feeds") {
        section(&mut checks, "feeds by their readers' words", |checks| feeds::run(checks, executable, &mut skipped));
    }
    (checks, skipped)
}

fn build(checks: &mut Checks, languages: &[Language], skipped: &mut u64) -> Vec<Language> {
    let step = Step::begin("builds");
    let mut built = Vec::new();
    for language in languages {
        if let Some(lacking) = language.lacks() {
            skip(skipped, language.name(), &lacking);
        } else if let Err(error) = language.build() {
            complain(&format!("   not ok {}: {error:#}", language.name()));
            checks.counts.failed += 1;
        } else {
            checks.counts.passed += 1;
            built.push(*language);
        }
    }
    step.end(checks.counts);
    built
}

fn skip(skipped: &mut u64, name: &str, why: &str) {
    *skipped += 1;
    say(&format!("   skipped {name}: {why}"));
}

fn section(checks: &mut Checks, name: &str, run: impl FnOnce(&mut Checks) -> Result<()>) {
    let step = Step::begin(name);
    let before = checks.counts;
    if let Err(error) = run(checks) {
        complain(&format!("   not ok {name}: {error:#}"));
        checks.counts.failed += 1;
    }
    let Counts { passed, failed } = checks.counts;
    step.end(Counts { passed: passed - before.passed, failed: failed - before.failed });
}
