//! A whole platform for tests and measurements: `bijou up` on free ports with a data folder of its own.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process::root;

/// A running platform. Stopped when dropped.
#[derive(Debug)]
pub struct Platform {
    supervisor: Child,
    pub started: Instant,
    folder: PathBuf,
    log: PathBuf,
}

/// The demo's account; its password is in the data folder's secrets.
pub const DEMO_ACCOUNT: &str = "demo@bijou.example";

impl Platform {
    /// Starts `executable up` with free ports; `name` tells apart data folder and log of several runs.
    pub fn start(executable: &Path, name: &str, flags: &[&str]) -> Result<Self> {
        Self::start_with(executable, name, flags, &[])
    }

    /// The same for tests: what is asked for is the whole answer, however busy the machine. Pages and plays wait longer for
    /// other services than they would for a viewer, but less than an attempt of the gateway.
    pub fn start_patient(executable: &Path, name: &str, flags: &[&str]) -> Result<Self> {
        let waits = [("BIJOU_RECOMMENDATIONS__SHELF_MS", "3000"), ("BIJOU_PLAYBACK__WAIT_MS", "3000")];
        Self::start_with(executable, name, flags, &waits)
    }

    fn start_with(executable: &Path, name: &str, flags: &[&str], settings: &[(&str, &str)]) -> Result<Self> {
        let base = root().join("target/xtask").join(name);
        let _ = fs::remove_dir_all(&base);
        fs::create_dir_all(&base)?;
        let folder = fs::canonicalize(&base)?.join("data");
        let log = base.join("platform.log");
        let output = File::create(&log)?;
        let started = Instant::now();
        let supervisor = Command::new(executable)
            .args(["up", "--listen", "127.0.0.1:0", "--data"])
            .arg(&folder)
            .args(flags)
            .env("BIJOU_REGISTRY__LISTEN", "127.0.0.1:0")
            .env("BIJOU_CONSOLE__OPERATOR_LISTEN", "127.0.0.1:0")
            // Ten minutes of film would be encoded beside whatever is tried or measured.
            .env("BIJOU_DEMO__FETCH_FILMS", "false")
            // Somebody has to come in at the console by their account.
            .env("BIJOU_IDENTITY__OPERATORS", DEMO_ACCOUNT)
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()
            .with_context(|| format!("{} cannot be started", executable.display()))?;
        Ok(Self { supervisor, started, folder, log })
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the supervisor writes about the run: addresses and process ids.
    pub fn run_file(&self) -> PathBuf {
        self.folder.join("run.json")
    }

    /// What is written there.
    pub fn state(&self) -> Result<Value> {
        let path = self.run_file();
        let text = fs::read_to_string(&path).with_context(|| format!("no {} yet", path.display()))?;
        Ok(serde_json::from_str(&text)?)
    }

    /// Base URL of an address in the state: `gateway`, `operator`, `registry`.
    pub fn url(&self, name: &str) -> Result<String> {
        let state = self.state()?;
        Ok(state[name].as_str().with_context(|| format!("no `{name}` in run.json"))?.to_owned())
    }

    /// A secret of this data folder: `demo_password`, `operator_token`.
    pub fn secret(&self, name: &str) -> Result<String> {
        let text = fs::read_to_string(self.folder.join("secrets.toml"))?;
        let secrets: toml::Table = text.parse()?;
        Ok(secrets[name].as_str().context("a text")?.to_owned())
    }

    /// Waits until the gateway's `/readyz` says 200, and returns how long that took since the start.
    pub fn wait_until_ready(&mut self, max: Duration) -> Result<Duration> {
        loop {
            if let Ok(gateway) = self.url("gateway")
                && get(&gateway, "/readyz").is_ok_and(|(status, _)| status == 200)
            {
                return Ok(self.started.elapsed());
            }
            if let Some(status) = self.supervisor.try_wait()? {
                bail!("the platform ended ({status}); see {}", self.log.display());
            }
            if self.started.elapsed() > max {
                bail!("the platform was not ready after {} s; see {}", max.as_secs(), self.log.display());
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        // Children notice through their stdin even if this has to be the hard way.
        let pid = self.supervisor.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &pid]).status();
        for _ in 0..500 {
            if matches!(self.supervisor.try_wait(), Ok(Some(_))) {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        let _ = self.supervisor.kill();
        let _ = self.supervisor.wait();
    }
}

/// A GET as plain as it can be; enough for a probe.
pub fn get(base: &str, path: &str) -> Result<(u16, String)> {
    let host = base.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok()).context("no HTTP answer")?;
    let body = answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default();
    Ok((status, body))
}
