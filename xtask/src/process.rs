//! Running other programs: in the repository, with their output shown, kept or both.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::report;

/// How many of the last lines of a failed command are shown; the rest is in its log.
const TAIL_LINES: usize = 60;

/// The repository's root.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the repository")
}

/// The cargo that runs us.
///
/// It has told us about this crate by the environment, which is not for what it builds for us: `ring` asks for these, and it
/// and all that depends on it would be built anew each time that a build is begun in another way.
pub fn cargo() -> Command {
    const OURS: [&str; 7] = [
        "CARGO_MANIFEST_DIR",
        "CARGO_PKG_NAME",
        "CARGO_PKG_VERSION",
        "CARGO_PKG_VERSION_MAJOR",
        "CARGO_PKG_VERSION_MINOR",
        "CARGO_PKG_VERSION_PATCH",
        "CARGO_PKG_VERSION_PRE",
    ];
    let mut command = Command::new(env!("CARGO"));
    for name in OURS {
        command.env_remove(name);
    }
    command.current_dir(root());
    command
}

/// Any program, in a folder of the repository.
pub fn program(name: &str, folder: &str) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root().join(folder));
    command
}

/// Whether a program can be started.
pub fn exists(name: &str) -> bool {
    Command::new(name)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok()
}

/// A variable of the environment: which browser or database to test with is no setting of the product.
#[expect(clippy::disallowed_methods, reason = "tools are told by environment; the rule is for the product")]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Whether this is root, who may install.
pub fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// Runs with output shown as it comes; an error when it fails.
pub fn shown(command: &mut Command) -> Result<()> {
    let name = describe(command);
    let status = command.status().with_context(|| format!("`{name}` cannot be started"))?;
    if !status.success() {
        bail!("`{name}` failed ({status})");
    }
    Ok(())
}

/// Runs with output kept in `target/xtask/<log>.log`; each line is offered to `line` as well. True when it succeeded;
/// else the end of the output has been shown.
pub fn logged(command: &mut Command, log: &str, mut line: impl FnMut(&str)) -> Result<bool> {
    let path = log_path(log)?;
    let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    let errors = file.try_clone()?;
    let mut file = file;
    let name = describe(command);
    command.env("CARGO_TERM_COLOR", "never").env("NO_COLOR", "1");
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(errors)
        .spawn()
        .with_context(|| format!("`{name}` cannot be started"))?;
    let stdout = child.stdout.take().context("stdout was asked for")?;
    for text in BufReader::new(stdout).lines() {
        let text = text.unwrap_or_default();
        writeln!(file, "{text}")?;
        line(&text);
    }
    let succeeded = child.wait()?.success();
    if !succeeded {
        show_tail(&path, &name);
    }
    Ok(succeeded)
}

fn log_path(log: &str) -> Result<PathBuf> {
    let folder = root().join("target/xtask");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let safe: String = log.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    Ok(folder.join(format!("{safe}.log")))
}

fn show_tail(path: &Path, name: &str) {
    let text = fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<_> = text.lines().collect();
    let skipped = lines.len().saturating_sub(TAIL_LINES);
    report::say(&format!("   `{name}` failed; the end of {}:", path.display()));
    for line in &lines[skipped..] {
        report::say(&format!("   | {line}"));
    }
}

fn describe(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut text = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    if text.len() > 160 {
        text.truncate(text.floor_char_boundary(157));
        text.push_str("...");
    }
    text
}
