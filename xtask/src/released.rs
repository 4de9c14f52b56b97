//! Contracts against the last released ones: would a client of the release notice?
//!
//! What counts as noticing is oasdiff's knowledge, a well-kept tool for just this, run by Go's own module cache. Where
//! there is no Go the step says so and counts nothing, and the run's last lines name it as not checked.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::contracts::SERVICES;
use crate::process::{exists, logged, program, root};
use crate::report::{Counts, say};

const OASDIFF: &str = "github.com/oasdiff/oasdiff@v1.37.0";

fn released(service: &str) -> PathBuf {
    root().join(format!("contracts/released/{service}.openapi.json"))
}

/// Compares every service that was released.
pub fn compare() -> Result<Counts> {
    let mut counts = Counts::default();
    if !exists("go") {
        say("   not run: comparing with the released contracts needs Go, see go.dev");
        return Ok(counts);
    }
    for service in SERVICES.iter().filter(|service| released(service).exists()) {
        let mut command = program("go", ".");
        command.args(["run", OASDIFF, "breaking", "--flatten-allof", "--fail-on", "ERR"]);
        command.arg(released(service)).arg(format!("contracts/{service}.openapi.json"));
        counts.add(Counts::one(logged(&mut command, &format!("released {service}"), |_| {})?));
    }
    Ok(counts)
}

/// Takes over today's documents as the released ones.
pub fn take_over() -> Result<()> {
    for service in SERVICES {
        let today = root().join(format!("contracts/{service}.openapi.json"));
        fs::copy(&today, released(service)).with_context(|| format!("cannot copy {}", today.display()))?;
    }
    say("contracts/released: today's documents");
    Ok(())
}
