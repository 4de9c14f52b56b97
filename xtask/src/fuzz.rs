//! `cargo xtask fuzz-api`: an outside judge, schemathesis, asks a running platform what its contracts promise.
//!
//! `conformance/api/fuzz.py` prepares people, a partner's key and an operator, and says for each contract what was wrong:
//! an answer of 500 and above, one outside the contract, or an operation that never succeeded.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::conformance::toolchains;
use crate::platform::{DEMO_ACCOUNT, Platform};
use crate::process::{program, root};
use crate::report::{Counts, say};
use crate::{install, up};

const READY_MAX: Duration = Duration::from_mins(2);
/// Made-up requests an operation, beside those made for the edges of each parameter.
const SHORT: u32 = 5;

#[derive(Debug, clap::Args)]
pub struct Options {
    /// Made-up requests an operation, beside those made for the edges of each parameter
    #[arg(long, default_value_t = 100)]
    examples: u32,
    /// Where the made-up requests begin; the same seed asks the same
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// One contract, as `catalog`
    #[arg(long)]
    only: Option<String>,
}

/// In full, on a platform started for this.
pub fn run(options: &Options) -> Result<Counts> {
    install::require(&[&install::FFMPEG, &install::PYTHON])?;
    judge(&up::build_bijou(false)?, options)
}

/// The short form, as `test` runs it.
pub fn short(executable: &Path) -> Result<Counts> {
    judge(executable, &Options { examples: SHORT, seed: 1, only: None })
}

fn judge(executable: &Path, options: &Options) -> Result<Counts> {
    let python = toolchains::python_with("api")?;
    let config = root().join("target/xtask/fuzz-api.toml");
    // One caller asks thousands of times here, which the limits are there to refuse; that they do is tested elsewhere. The
    // client and the account for checks are those that `fuzz.py` knows.
    fs::write(
        &config,
        "[gateway]\nrate_limiting = false\n[identity]\nguessing.by_address = false\nguessing.attempts_max = 1000000\n\
         guessing.account_attempts_max = 1000000\nguessing.devices_max = 1000000\nhashing.queue_max = 1000\n\
         [partners]\nsandbox_per_minute = 1000000\nsandbox_per_day = 1000000\nproduction_per_minute = 1000000\n\
         production_per_day = 1000000\napps_max = 1000000\nkeys_max = 1000000\nwebhooks_max = 1000000\n\
         [console]\nchecks.email = \"checks@judge.example\"\nchecks.password = \"velvet-seats-and-checks\"\nchecks.every_s = 0\n\
         [[identity.clients]]\nid = \"judge\"\nclient_secret = \"a secret of the judge that is long enough\"\n\
         scopes = [\"partner\"]\n",
    )?;
    let config = config.to_str().context("the folder's name is text")?;
    let mut platform = Platform::start_patient(executable, "fuzz-api", &["--config", config])?;
    platform.wait_until_ready(READY_MAX)?;

    let mut command = program(&python.to_string_lossy(), ".");
    command
        .arg("conformance/api/fuzz.py")
        .args(["--gateway", &platform.url("gateway")?])
        .args(["--operator", &platform.url("operator")?])
        .args(["--operator-token", &platform.secret("operator_token")?])
        .args(["--email", DEMO_ACCOUNT, "--password", &platform.secret("demo_password")?])
        .args(["--examples", &options.examples.to_string(), "--seed", &options.seed.to_string()]);
    if let Some(contract) = &options.only {
        command.args(["--only", contract]);
    }
    let output = command.output().context("python cannot be started")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut counts = Counts::default();
    for line in text.lines() {
        counts.passed += u64::from(line.starts_with("   good: "));
        counts.failed += u64::from(line.starts_with("   FAILED: "));
        say(line);
    }
    if !output.status.success() && counts.failed == 0 {
        say(&format!("   {}", String::from_utf8_lossy(&output.stderr).trim()));
        counts.failed = 1;
    }
    Ok(counts)
}
