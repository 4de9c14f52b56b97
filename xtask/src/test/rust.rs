//! Steps about the Rust workspace.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::{Context, counts};
use crate::contracts::SERVICES;
use crate::postgres::Postgres;
use crate::process::{cargo, logged, root, variable};
use crate::report::{Counts, say};

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
    run_tests(built(context)?, |test| test.package == "xtask", None)
}

pub fn tests(context: &mut Context) -> Result<Counts> {
    // One server for all; each test makes a database of its own in it.
    let server = if variable("BIJOU_TEST_POSTGRES_URL").is_none() { Some(Postgres::start()?) } else { None };
    let url = server.as_ref().map(|server| server.url.as_str());
    run_tests(built(context)?, |test| !matches!(test.package.as_str(), "xtask" | "bijou"), url)
}

pub fn platform(context: &mut Context) -> Result<Counts> {
    run_tests(built(context)?, |test| test.package == "bijou", None)
}

fn run_tests(built: &Built, choose: impl Fn(&TestProgram) -> bool, postgres: Option<&str>) -> Result<Counts> {
    let mut total = Counts::default();
    for test in built.tests.iter().filter(|test| choose(test)) {
        let mut command = Command::new(&test.path);
        command.current_dir(&test.folder).env("CARGO_MANIFEST_DIR", &test.folder);
        if let Some(url) = postgres {
            command.env("BIJOU_TEST_POSTGRES_URL", url);
        }
        let mut counts = Counts::default();
        let name = format!("{} {}", test.package, test.target);
        let succeeded = logged(&mut command, &format!("test {name}"), |line| counts::libtest(line, &mut counts))?;
        if !succeeded && counts.failed == 0 {
            // It did not even come to its summary.
            counts.failed = 1;
        }
        if counts != Counts::default() {
            say(&format!("   {name}: {} passed, {} failed", counts.passed, counts.failed));
        }
        total.add(counts);
    }
    Ok(total)
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
