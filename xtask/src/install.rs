//! What the machine must have. Root gets it installed from the distribution; everybody else is told in one line.
//!
//! Nothing here asks for another user's rights.

use std::path::Path;

use anyhow::{Result, bail};

use crate::process::{self, exists, is_root};
use crate::report::say;

/// Oldest Node.js that Vite runs on.
const NODE_MIN: (u32, u32) = (20, 19);

/// A program and the Debian package that has it.
#[derive(Debug)]
pub struct Need {
    pub program: &'static str,
    pub package: &'static str,
    /// What does not work without it.
    pub purpose: &'static str,
}

pub const FFMPEG: Need = Need { program: "ffmpeg", package: "ffmpeg", purpose: "making films" };
pub const CHROMIUM: Need = Need { program: "chromium", package: "chromium", purpose: "the browser tests" };
pub const PYTHON: Need = Need { program: "python3", package: "python3-venv", purpose: "the outside registry client" };
pub const NGINX: Need = Need { program: "nginx", package: "nginx-light", purpose: "the comparison" };
pub const HAPROXY: Need = Need { program: "haproxy", package: "haproxy", purpose: "the comparison" };
pub const WRK: Need = Need { program: "wrk", package: "wrk", purpose: "the comparison" };
pub const VALGRIND: Need = Need { program: "valgrind", package: "valgrind", purpose: "counting instructions" };
pub const OPENSSL: Need = Need { program: "openssl", package: "openssl", purpose: "the comparison" };

/// Installs what is missing when we are root. An error in one line when something is still missing.
pub fn require(needs: &[&Need]) -> Result<()> {
    let missing: Vec<_> = needs.iter().filter(|need| !is_there(need)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<_> = missing.iter().map(|need| need.package).collect();
    if is_root() && exists("apt-get") {
        apt(&packages)?;
    }
    let still: Vec<_> = missing.iter().filter(|need| !is_there(need)).collect();
    if still.is_empty() {
        return Ok(());
    }
    let purposes: Vec<_> = still.iter().map(|need| format!("{} for {}", need.program, need.purpose)).collect();
    let packages: Vec<_> = still.iter().map(|need| need.package).collect();
    bail!("missing: {}; as root: apt-get install {}", purposes.join(", "), packages.join(" "));
}

/// Installs packages of the distribution. Only for root.
pub fn apt(packages: &[&str]) -> Result<()> {
    say(&format!("   installing {} with apt-get", packages.join(" ")));
    let install = || {
        let mut command = process::program("apt-get", ".");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command.args(["install", "-y", "-q", "--no-install-recommends"]).args(packages);
        process::logged(&mut command, "apt-get install", |_| {})
    };
    // Fresh images come without package lists; asking for them only then saves half a minute elsewhere.
    if has_package_lists() && install()? {
        return Ok(());
    }
    process::logged(process::program("apt-get", ".").args(["update", "-q"]), "apt-get update", |_| {})?;
    install()?;
    Ok(())
}

/// Node.js and npm. They are never installed by us: distributions carry old ones, and people have their own ways.
pub fn require_node() -> Result<()> {
    let output = process::program("node", ".").arg("--version").output();
    let version = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default();
    let mut numbers = version.trim_start_matches('v').split('.').map_while(|part| part.parse::<u32>().ok());
    let found = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if found < NODE_MIN || !exists("npm") {
        let found = if version.is_empty() { "none".to_owned() } else { version };
        bail!("Node.js {}.{} or newer with npm is needed, found {found}: see nodejs.org", NODE_MIN.0, NODE_MIN.1);
    }
    Ok(())
}

fn is_there(need: &Need) -> bool {
    if need.program == "chromium" && process::variable("BIJOU_CHROMIUM").is_some_and(|path| Path::new(&path).exists()) {
        return true;
    }
    exists(need.program)
}

fn has_package_lists() -> bool {
    std::fs::read_dir("/var/lib/apt/lists").is_ok_and(|entries| entries.count() > 3)
}
