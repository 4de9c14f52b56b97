//! The web workspace: dependencies and builds, each only when something changed.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use anyhow::Result;

use crate::install;
use crate::process::{program, root, shown};
use crate::report::say;

/// `npm ci`, unless what is there was installed from this very lock file.
pub fn dependencies() -> Result<()> {
    install::require_node()?;
    let web = root().join("web");
    let installed = modified(&web.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= modified(&web.join("package-lock.json")) {
        return Ok(());
    }
    say("   npm ci");
    shown(program("npm", "web").args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))
}

/// Both apps, unless nothing is newer than the last build.
pub fn build() -> Result<()> {
    dependencies()?;
    let web = root().join("web");
    let built = ["web", "console"].map(|app| modified(&web.join("apps").join(app).join("dist/index.html")));
    let sources = [newest(&web.join("apps")), newest(&web.join("packages")), modified(&web.join("package-lock.json"))];
    let newest_source = sources.into_iter().flatten().max();
    if built.iter().all(|time| time.is_some() && *time >= newest_source) {
        return Ok(());
    }
    say("   npm run build");
    shown(program("npm", "web").args(["run", "--silent", "build"]))
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).ok()?.modified().ok()
}

/// The newest source below a folder, builds and dependencies left out.
fn newest(folder: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(folder).ok()?.flatten();
    entries
        .filter(|entry| !matches!(entry.file_name().to_str(), Some("dist" | "node_modules")))
        .filter_map(|entry| if entry.path().is_dir() { newest(&entry.path()) } else { modified(&entry.path()) })
        .max()
}
