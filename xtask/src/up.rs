//! `cargo xtask up`: from a clone to a running platform.

use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::install::{self, FFMPEG};
use crate::process::{cargo, root};
use crate::report::{Counts, Step, complain};
use crate::web;

pub fn up(flags: &[String]) -> Result<()> {
    let step = Step::begin("what the machine needs");
    if let Err(error) = install::require(&[&FFMPEG]) {
        // Everything but making films works without it; the platform says so as well.
        complain(&format!("   {error}"));
    }
    step.end(Counts::one(true));

    let step = Step::begin("screens");
    web::build()?;
    step.end(Counts::one(true));

    let step = Step::begin("bijou, release build (about ten minutes the first time)");
    let executable = build_bijou(true)?;
    step.end(Counts::one(true));

    let error = Command::new(&executable).arg("up").args(flags).current_dir(root()).exec();
    Err(error).with_context(|| format!("{} cannot be started", executable.display()))
}

/// Builds the executable and says where it is; cargo shows its progress.
pub fn build_bijou(release: bool) -> Result<PathBuf> {
    let mut command = cargo();
    command.args(["build", "--bin", "bijou", "--message-format=json-render-diagnostics"]);
    if release {
        command.arg("--release");
    }
    let output = command.stderr(Stdio::inherit()).output().context("cargo cannot be started")?;
    if !output.status.success() {
        bail!("the build failed; the errors are above");
    }
    executables(&output.stdout)
        .find_map(|(name, is_test, path)| (name == "bijou" && !is_test).then_some(path))
        .context("cargo built no executable of that name")
}

/// Executables among cargo's messages: target name, whether it is a test, path.
pub fn executables(messages: &[u8]) -> impl Iterator<Item = (String, bool, PathBuf)> {
    messages.split(|byte| *byte == b'\n').filter_map(|line| {
        let message: Value = serde_json::from_slice(line).ok()?;
        let path = message.get("executable")?.as_str()?.into();
        let name = message["target"]["name"].as_str()?.to_owned();
        Some((name, message["profile"]["test"].as_bool()?, path))
    })
}
