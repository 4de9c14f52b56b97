//! `bijou doctor`: what is missing on this machine, and how to get it.
//!
//! It only looks. What it finds missing is said in one line each with the command that mends it; the exit code tells
//! whether something needed is missing. What is merely useful (ffmpeg: without it no film can be made) is a warning.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Result, bail};
use bijou_config::Layered;

use crate::cli::SettingsArgs;
use crate::{config, run, terminal};

/// Below this a demo library and its databases may not fit.
const DISK_MIN_MB: u64 = 2_048;
/// Two connections per proxied request, and room for the rest.
const FILES_MIN: u64 = 4_096;

/// What came of one look.
enum Finding {
    Good(String),
    /// The platform runs, with something missing.
    Lacking(String),
    /// The platform does not run like this.
    Broken(String),
}

pub fn run(args: &SettingsArgs) -> Result<()> {
    let settings = config::load(args, &[])?;
    run::raise_file_limit();
    let mut findings = vec![configuration(&settings), data_folder(&settings), disk(&settings), open_files()];
    findings.extend(["ffmpeg", "ffprobe"].map(media_tool));
    findings.extend(["gateway.listen", "registry.listen", "console.operator_listen"].map(|path| port(&settings, path)));
    let mut broken = 0;
    for finding in findings {
        match finding {
            Finding::Good(text) => terminal::say(&format!("good     {text}")),
            Finding::Lacking(text) => terminal::say(&format!("lacking  {text}")),
            Finding::Broken(text) => {
                broken += 1;
                terminal::say(&format!("broken   {text}"));
            }
        }
    }
    if broken > 0 {
        bail!("{broken} of these have to be mended before `bijou up` can work");
    }
    Ok(())
}

fn configuration(settings: &Layered) -> Finding {
    match config::check(settings) {
        Ok(()) => Finding::Good("configuration is accepted by every role".into()),
        Err(error) => Finding::Broken(format!("configuration: {error}")),
    }
}

fn data_folder(settings: &Layered) -> Finding {
    let dir: String = settings.section("data.dir").unwrap_or_default();
    let path = Path::new(&dir);
    let probe = path.join(".doctor");
    let made = fs::create_dir_all(path).and_then(|()| fs::write(&probe, b"")).and_then(|()| fs::remove_file(&probe));
    match made {
        Ok(()) => Finding::Good(format!("data folder {dir} is writable")),
        Err(error) => {
            Finding::Broken(format!("data folder {dir}: {error}; make it writable or choose another with --data DIR"))
        }
    }
}

fn disk(settings: &Layered) -> Finding {
    let dir: String = settings.section("data.dir").unwrap_or_default();
    let free_mb = match nix::sys::statvfs::statvfs(Path::new(&dir)) {
        Ok(stat) => stat.blocks_available() * stat.fragment_size() / 1_048_576,
        Err(error) => return Finding::Lacking(format!("free space of {dir} is unknown: {error}")),
    };
    if free_mb < DISK_MIN_MB {
        return Finding::Lacking(format!(
            "{free_mb} MB free for {dir}; the demo library alone may take {DISK_MIN_MB} MB"
        ));
    }
    Finding::Good(format!("{free_mb} MB free for {dir}"))
}

fn open_files() -> Finding {
    use nix::sys::resource::{Resource, getrlimit};
    match getrlimit(Resource::RLIMIT_NOFILE) {
        Ok((_, hard)) if hard < FILES_MIN => Finding::Lacking(format!(
            "{hard} open files allowed; `ulimit -Hn {FILES_MIN}` before starting, or less load"
        )),
        Ok((_, hard)) => Finding::Good(format!("{hard} open files allowed")),
        Err(error) => Finding::Lacking(format!("the limit of open files is unknown: {error}")),
    }
}

fn media_tool(name: &str) -> Finding {
    let ran = Command::new(name).arg("-version").stdin(Stdio::null()).stderr(Stdio::null()).output();
    match ran {
        Ok(output) if output.status.success() => {
            let text = String::from_utf8_lossy(&output.stdout);
            Finding::Good(text.lines().next().unwrap_or(name).chars().take(60).collect())
        }
        _ => Finding::Lacking(format!("{name} is not there: no film can be made; `apt-get install ffmpeg` as root")),
    }
}

fn port(settings: &Layered, path: &str) -> Finding {
    let Ok(addr) = config::address(settings, path) else {
        return Finding::Broken(format!("`{path}` is no address"));
    };
    match std::net::TcpListener::bind(addr) {
        Ok(_) => Finding::Good(format!("{addr} is free (`{path}`)")),
        Err(error) => Finding::Broken(format!(
            "{addr} cannot be listened on: {error}; stop what listens there, or set {}=127.0.0.1:0",
            config::variable_name(path)
        )),
    }
}
