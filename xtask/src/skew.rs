//! `cargo xtask skew`: one role of an older commit among today's others, and today's among the older ones.
//!
//! What a rolling deployment goes through. The older commit is built in a work tree below `target`, into a target folder of
//! its own: cargo names a crate by its path within its workspace, so that in a common folder the older build would pass for
//! today's. `bijou up --executable` mixes the two; the older commit's own `examples/first-calls.sh`
//! is the client of both, so that an old client against new services is tried as well. Every mix starts on an empty data
//! folder: old data under new code is the store's tests' business.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::platform::Platform;
use crate::process::{cargo, logged, program, root, shown};
use crate::report::{Counts, say};
use crate::up;

/// Two debug builds on two busy cores, a demo film included.
const READY_MAX: Duration = Duration::from_mins(2);

/// Roles that answer others over REST. The supervisor is always today's.
const ROLES: [&str; 9] =
    ["registry", "console", "identity", "profiles", "catalog", "playback", "recommendations", "partners", "gateway"];

/// The older commit, built.
struct Older {
    revision: String,
    tree: PathBuf,
    executable: PathBuf,
    /// Of [`ROLES`], those it knows.
    roles: Vec<&'static str>,
}

/// Tries every mix. `revision`: absent for the commit before this one.
pub fn run(revision: Option<&str>) -> Result<Counts> {
    let today = up::build_bijou(false)?;
    let kept = root().join("target/xtask/skew");
    fs::create_dir_all(&kept)?;
    let older = build(revision.unwrap_or("HEAD~1"), &kept)?;
    say(&format!("   {} beside today's", older.revision));

    let mut counts = Counts::default();
    for role in &older.roles {
        counts.add(attempt(&today, &older, &[role], &format!("old {role} among today's"))?);
    }
    for role in &older.roles {
        let others: Vec<_> = older.roles.iter().copied().filter(|other| other != role).collect();
        counts.add(attempt(&today, &older, &others, &format!("today's {role} among old ones"))?);
    }
    Ok(counts)
}

fn build(revision: &str, kept: &Path) -> Result<Older> {
    let commit = git(&["rev-parse", "--short", &format!("{revision}^{{commit}}")])
        .with_context(|| format!("there is no commit `{revision}` to compare with"))?;
    let tree = kept.join("tree");
    if tree.exists() {
        git(&["worktree", "remove", "--force", &tree.to_string_lossy()])?;
    }
    git(&["worktree", "prune"])?;
    git(&["worktree", "add", "--detach", &tree.to_string_lossy(), &commit])?;
    let mut build = cargo();
    build.current_dir(&tree).args(["build", "--bin", "bijou", "--target-dir"]).arg(kept.join("target"));
    shown(&mut build)?;
    let executable = kept.join("target/debug/bijou");
    let source = fs::read_to_string(tree.join("bin/bijou/src/roles.rs")).context("the older commit has no roles")?;
    let knows = |role: &&str| source.contains(&format!("\"{role}\""));
    let roles = ROLES.into_iter().filter(knows).collect();
    Ok(Older { revision: commit, tree, executable, roles })
}

/// Starts the mix and tells the older story to it.
fn attempt(newer: &Path, older: &Older, old_roles: &[&str], name: &str) -> Result<Counts> {
    let flags: Vec<_> = old_roles
        .iter()
        .flat_map(|role| ["--executable".to_owned(), format!("{role}={}", older.executable.display())])
        .collect();
    let flags: Vec<_> = flags.iter().map(String::as_str).collect();
    let mut platform = Platform::start_patient(newer, "skew-platform", &flags)?;
    if let Err(error) = platform.wait_until_ready(READY_MAX) {
        say(&format!("   FAILED: {name}: {error:#}"));
        return Ok(Counts::one(false));
    }
    let mut calls = program("sh", ".");
    calls.arg(older.tree.join("examples/first-calls.sh")).arg(platform.url("gateway")?);
    let held = logged(&mut calls, &format!("skew {name}"), |_| {})?;
    say(&format!("   {}: {name}", if held { "good" } else { "FAILED" }));
    Ok(Counts::one(held))
}

fn git(arguments: &[&str]) -> Result<String> {
    let output = program("git", ".").args(arguments).output().context("git cannot be started")?;
    if !output.status.success() {
        bail!("git {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
