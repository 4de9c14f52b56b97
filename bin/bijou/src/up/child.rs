//! One child process: `bijou run ROLE` of this same executable, or of another build for a role that is tried.
//!
//! It is tied to us by its stdin: we hold the writing end and write nothing; when we end, however that happens, the
//! kernel closes it and the child stops itself. It has a process group of its own, so that a Ctrl-C meant for us does
//! not reach it before we have decided in which order to stop.

use std::io;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child as Process, ChildStdin, Command};
use tokio::time::timeout;

use super::plan::Member;
use crate::cli::SettingsArgs;
use crate::config;
use crate::terminal::Screen;

#[derive(Debug)]
pub struct Child {
    process: Process,
    pid: Pid,
    /// Never written to: see the header.
    _lifeline: Option<ChildStdin>,
}

impl Child {
    pub fn spawn(member: &Member, args: &SettingsArgs, screen: &Screen) -> io::Result<Self> {
        let executable = member.executable.clone().map_or_else(executable, Ok)?;
        let mut command = Command::new(executable);
        command.args(["run", member.entry.name, "--supervised", "--slot", &member.slot.to_string()]);
        for file in &args.config {
            command.arg("--config").arg(file);
        }
        if let Some(dir) = &args.data {
            command.arg("--data").arg(dir);
        }
        if let Some(level) = &args.log {
            command.args(["--log", level]);
        }
        for (path, value) in &member.overrides {
            command.env(config::variable_name(path), value);
        }
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        let id = process.id().expect("a child that was not waited for has an id");
        let lifeline = process.stdin.take();
        forward(process.stdout.take(), member, screen);
        forward(process.stderr.take(), member, screen);
        let pid = Pid::from_raw(id.cast_signed());
        Ok(Self { process, pid, _lifeline: lifeline })
    }

    pub fn id(&self) -> u32 {
        self.pid.as_raw().cast_unsigned()
    }

    pub async fn wait(&mut self) -> io::Result<ExitStatus> {
        let ended = self.process.wait().await;
        self.end_group();
        ended
    }

    /// Asks it to stop, and ends it when it has not within `grace`.
    pub async fn stop(&mut self, grace: Duration) -> bool {
        let _ = kill(self.pid, Signal::SIGTERM);
        if timeout(grace, self.wait()).await.is_ok() {
            return true;
        }
        self.kill().await;
        false
    }

    pub async fn kill(&mut self) {
        let _ = self.process.kill().await;
        self.end_group();
    }

    /// What the child had started itself, an encoder for instance, must not outlive it.
    fn end_group(&self) {
        let _ = killpg(self.pid, Signal::SIGKILL);
    }
}

/// This executable. After a rebuild the path leads to another one, or to none: the running image is still reachable.
pub fn executable() -> io::Result<PathBuf> {
    let path = std::env::current_exe()?;
    Ok(if path.exists() { path } else { PathBuf::from("/proc/self/exe") })
}

fn forward(pipe: Option<impl AsyncRead + Unpin + Send + 'static>, member: &Member, screen: &Screen) {
    let Some(pipe) = pipe else { return };
    let (screen, label, color) = (screen.clone(), member.label.clone(), member.index);
    tokio::spawn(async move {
        let mut reader = BufReader::new(pipe);
        let mut line = Vec::new();
        // Not UTF-8 from us, perhaps from a library's last words: shown as well as it goes.
        while let Ok(1..) = reader.read_until(b'\n', &mut line).await {
            screen.log(&label, color, String::from_utf8_lossy(&line).trim_end());
            line.clear();
        }
    });
}
