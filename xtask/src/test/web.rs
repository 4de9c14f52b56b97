//! Steps about the screens, and those that use a running platform from outside.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::rust::built;
use super::{Context, counts};
use crate::platform::Platform;
use crate::process::{logged, program, root, variable};
use crate::report::Counts;
use crate::web;

/// A cold debug build of the platform on two busy cores, its demo film included.
const READY_MAX: Duration = Duration::from_mins(2);

pub fn build(_: &mut Context) -> Result<Counts> {
    web::build()?;
    Ok(Counts::one(true))
}

pub fn types(_: &mut Context) -> Result<Counts> {
    let mut command = program("npm", "web");
    Ok(Counts::one(logged(command.args(["run", "--silent", "check"]), "web types", |_| {})?))
}

pub fn unit(_: &mut Context) -> Result<Counts> {
    vitest(&["test"], "web unit tests", &[])
}

/// An unmodified client of another language registers with the registry and finds others in it.
pub fn python(context: &mut Context) -> Result<Counts> {
    let bijou = built(context)?.bijou.clone();
    let python = virtual_environment()?;
    let mut counts = Counts::default();
    let mut command = program(&python.to_string_lossy(), ".");
    command.arg("conformance/python/run.py").env("BIJOU_EXECUTABLE", &bijou);
    let succeeded = logged(&mut command, "python client", |line| counts::tap(line, &mut counts))?;
    Ok(counted(counts, succeeded))
}

/// The README's first calls, as they stand there.
pub fn first_calls(context: &mut Context) -> Result<Counts> {
    let bijou = built(context)?.bijou.clone();
    let mut platform = Platform::start(&bijou, "first-calls", &[])?;
    platform.wait_until_ready(READY_MAX)?;
    let mut command = program("sh", ".");
    command.arg("examples/first-calls.sh").arg(platform.url("gateway")?);
    Ok(Counts::one(logged(&mut command, "first calls", |_| {})?))
}

/// The story in a real browser.
pub fn browser(context: &mut Context) -> Result<Counts> {
    let bijou = built(context)?.bijou.clone();
    let mut platform = Platform::start(&bijou, "browser", &[])?;
    platform.wait_until_ready(READY_MAX)?;
    let environment = [
        ("BIJOU_BASE_URL", platform.url("gateway")?),
        ("BIJOU_OPERATOR_URL", platform.url("operator")?),
        ("BIJOU_OPERATOR_TOKEN", platform.secret("operator_token")?),
        ("BIJOU_DEMO_PASSWORD", platform.secret("demo_password")?),
    ];
    vitest(&["run", "e2e"], "browser", &environment)
}

fn vitest(arguments: &[&str], log: &str, environment: &[(&str, String)]) -> Result<Counts> {
    let mut counts = Counts::default();
    let mut command = program("npm", "web");
    command.args(arguments).envs(environment.iter().map(|(name, value)| (*name, value.as_str())));
    if let Some(chromium) = variable("BIJOU_CHROMIUM") {
        command.env("BIJOU_CHROMIUM", chromium);
    }
    let succeeded = logged(&mut command, log, |line| counts::vitest(line, &mut counts))?;
    Ok(counted(counts, succeeded))
}

/// A runner that failed without counting a failure did not get to its tests.
fn counted(counts: Counts, succeeded: bool) -> Counts {
    if !succeeded && counts.failed == 0 {
        return Counts { failed: 1, ..counts };
    }
    counts
}

/// A Python with the outside client in it, made once below `target`.
fn virtual_environment() -> Result<PathBuf> {
    let folder = root().join("target/xtask/python");
    let python = folder.join("bin/python");
    let requirements = root().join("conformance/python/requirements.txt");
    let stamp = folder.join("requirements.txt");
    if std::fs::read(&stamp).ok() == Some(std::fs::read(&requirements).context("no requirements.txt")?) {
        return Ok(python);
    }
    crate::process::shown(program("python3", ".").args(["-m", "venv"]).arg(&folder))?;
    let mut install = program(&python.to_string_lossy(), ".");
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]).arg(&requirements);
    crate::process::shown(&mut install)?;
    std::fs::copy(&requirements, &stamp)?;
    Ok(python)
}
