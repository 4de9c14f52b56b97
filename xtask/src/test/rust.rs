//! Steps about the Rust workspace.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::{Context, SEED, counts};
use crate::contracts::SERVICES;
use crate::postgres::Postgres;
use crate::process::{cargo, logged, root, variable};
use crate::report::{Counts, say};

/// More failures of one program than this are no accident.
const AGAIN_MAX: usize = 5;

/// Executables of one build of the whole workspace.
#[derive(Debug)]
pub struct Built {
    pub bijou: PathBuf,
    tests: Vec<TestProgram>,
}

#[derive(Debug)]
struct TestProgram {
    package: String,
    target: String,
    folder: PathBuf,
    path: PathBuf,
}

pub fn format(_: &mut Context) -> Result<Counts> {
    Ok(Counts::one(logged(cargo().args(["fmt", "--all", "--check", "--", "--color", "never"]), "format", |_| {})?))
}

pub fn clippy(_: &mut Context) -> Result<Counts> {
    let mut command = cargo();
    command.args(["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]);
    Ok(Counts::one(logged(&mut command, "clippy", |_| {})?))
}

pub fn build(context: &mut Context) -> Result<Counts> {
    context.built = Some(build_all()?);
    Ok(Counts::one(true))
}

/// The workspace's tests and executables, built at the first call.
pub fn built(context: &mut Context) -> Result<&Built> {
    if context.built.is_none() {
        context.built = Some(build_all()?);
    }
    context.built.as_ref().context("built above")
}

fn build_all() -> Result<Built> {
    let mut command = cargo();
    command.args(["test", "--workspace", "--no-run", "--message-format=json-render-diagnostics"]);
    let output = command.stderr(Stdio::inherit()).output().context("cargo cannot be started")?;
    if !output.status.success() {
        bail!("the tests do not build; the errors are above");
    }
    let mut bijou = None;
    let mut tests = Vec::new();
    for line in output.stdout.split(|byte| *byte == b'\n') {
        let Ok(message) = serde_json::from_slice::<Value>(line) else { continue };
        let Some(path) = message["executable"].as_str() else { continue };
        let target = message["target"]["name"].as_str().unwrap_or_default().to_owned();
        if message["profile"]["test"] == true {
            let manifest = Path::new(message["manifest_path"].as_str().context("cargo names the manifest")?);
            let folder = manifest.parent().context("a manifest is in a folder")?.to_owned();
            let package = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            tests.push(TestProgram { package, target, folder, path: path.into() });
        } else if target == "bijou" {
            bijou = Some(path.into());
        }
    }
    tests.sort_by(|a, b| (&a.package, &a.target).cmp(&(&b.package, &b.target)));
    Ok(Built { bijou: bijou.context("cargo built no `bijou`")?, tests })
}

pub fn repository(context: &mut Context) -> Result<Counts> {
    run_tests(context, |test| test.package == "xtask", None)
}

pub fn tests(context: &mut Context) -> Result<Counts> {
    // One server for all; each test makes a database of its own in it.
    let server = if variable("BIJOU_TEST_POSTGRES_URL").is_none() { Some(Postgres::start()?) } else { None };
    let url = server.as_ref().map(|server| server.url.as_str());
    run_tests(context, |test| !matches!(test.package.as_str(), "xtask" | "bijou"), url)
}

pub fn platform(context: &mut Context) -> Result<Counts> {
    run_tests(context, |test| test.package == "bijou", None)
}

fn run_tests(context: &mut Context, choose: impl Fn(&TestProgram) -> bool, postgres: Option<&str>) -> Result<Counts> {
    built(context)?;
    let Context { built: Some(built), flaky, seed } = context else { bail!("nothing was built") };
    let mut total = Counts::default();
    for test in built.tests.iter().filter(|test| choose(test)) {
        let name = format!("{} {}", test.package, test.target);
        let mut environment = vec![(SEED, seed.as_str())];
        environment.extend(postgres.map(|url| ("BIJOU_TEST_POSTGRES_URL", url)));
        let mut outcome = test.run(&name, &[], &environment)?;
        if outcome.counts.failed > 0 && outcome.failed.len() <= AGAIN_MAX {
            let again = test.run(&format!("{name} again"), &outcome.failed, &environment)?;
            if again.counts.failed == 0 && again.counts.passed > 0 {
                flaky.extend(outcome.failed.iter().map(|failed| format!("{name} {failed}")));
                outcome.counts.passed += again.counts.passed;
                outcome.counts.failed = 0;
            }
        }
        let Counts { passed, failed } = outcome.counts;
        if passed + failed > 0 {
            say(&format!("   {name}: {passed} passed, {failed} failed"));
        }
        total.add(outcome.counts);
    }
    Ok(total)
}

/// What came of one run of a test program.
#[derive(Debug, Default)]
struct Outcome {
    counts: Counts,
    /// Names of the tests that failed.
    failed: Vec<String>,
}

impl TestProgram {
    /// Runs the tests of these names, or all when there are none.
    fn run(&self, log: &str, names: &[String], environment: &[(&str, &str)]) -> Result<Outcome> {
        let mut command = Command::new(&self.path);
        command.current_dir(&self.folder).env("CARGO_MANIFEST_DIR", &self.folder).envs(environment.iter().copied());
        if !names.is_empty() {
            command.arg("--exact").args(names);
        }
        let mut outcome = Outcome::default();
        let succeeded = logged(&mut command, &format!("test {log}"), |line| {
            counts::libtest(line, &mut outcome.counts);
            outcome.failed.extend(counts::libtest_failed(line).map(str::to_owned));
        })?;
        if !succeeded && outcome.counts.failed == 0 {
            // It did not even come to its summary.
            outcome.counts.failed = 1;
        }
        Ok(outcome)
    }
}

/// The committed documents are what the code says. (Responses are held against them in every service's tests.)
pub fn contracts(context: &mut Context) -> Result<Counts> {
    let bijou = built(context)?.bijou.clone();
    let mut counts = Counts::default();
    for service in SERVICES {
        let output = Command::new(&bijou).args(["openapi", service]).output()?;
        let committed = std::fs::read(root().join(format!("contracts/{service}.openapi.json"))).unwrap_or_default();
        let fresh: Value = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
        let same = !fresh.is_null() && serde_json::from_slice::<Value>(&committed).is_ok_and(|known| known == fresh);
        if !same {
            say(&format!("   contracts/{service}.openapi.json is stale: run `cargo xtask contracts`, review the diff"));
        }
        counts.add(Counts::one(same));
    }
    Ok(counts)
}

pub fn documentation(_: &mut Context) -> Result<Counts> {
    let mut command = cargo();
    command.args(["doc", "--workspace", "--no-deps", "--quiet", "--document-private-items"]);
    // Private items are documented too, so a link to one leads somewhere.
    command.env("RUSTDOCFLAGS", "-D warnings -A rustdoc::private-intra-doc-links");
    Ok(Counts::one(logged(&mut command, "documentation", |_| {})?))
}
