//! `bijou up` under test.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::http::{self, Answer};

/// Debug builds on two busy cores, a demo film included.
const READY_MAX: Duration = Duration::from_mins(3);

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// A running platform; gone when dropped.
pub struct Platform {
    supervisor: Child,
    folder: PathBuf,
    log: PathBuf,
    _alone: Option<MutexGuard<'static, ()>>,
    temporary: Option<TempDir>,
}

/// The executable with nothing of our own environment that could be a setting.
pub fn bijou() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bijou"));
    command.stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("BIJOU_") {
            command.env_remove(name);
        }
    }
    command
}

/// `bijou up` on free ports.
pub fn up(folder: &Path) -> Command {
    let mut command = bijou();
    command
        .args(["up", "--listen", "127.0.0.1:0", "--data"])
        .arg(folder)
        .env("BIJOU_REGISTRY__LISTEN", "127.0.0.1:0")
        .env("BIJOU_CONSOLE__OPERATOR_LISTEN", "127.0.0.1:0")
        .env("BIJOU_DEMO__FETCH_FILMS", "false")
        // All tests come from one address.
        .env("BIJOU_GATEWAY__RATE_LIMITING", "false")
        // What is asked for here is the whole answer, however busy the machine; less than an attempt of the gateway.
        .env("BIJOU_RECOMMENDATIONS__SHELF_MS", "3000")
        .env("BIJOU_PLAYBACK__WAIT_MS", "3000");
    command
}

/// Runs to its end.
pub fn output(command: &mut Command) -> (Output, String) {
    let output = command.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    (output, errors)
}

impl Platform {
    /// A platform in a new folder, ready.
    pub fn start(flags: &[&str]) -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let mut platform = Self::start_in(&temporary.path().join("data"), flags);
        platform.temporary = Some(temporary);
        platform
    }

    /// A platform in this folder, ready.
    #[track_caller]
    pub fn start_in(folder: &Path, flags: &[&str]) -> Self {
        let alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let log = folder.with_extension("log");
        let lines = File::options().create(true).append(true).open(&log).unwrap();
        let supervisor = up(folder).args(flags).stdout(lines.try_clone().unwrap()).stderr(lines).spawn().unwrap();
        let mut platform = Self { supervisor, folder: folder.to_owned(), log, _alone: Some(alone), temporary: None };
        platform.wait_until_ready();
        platform
    }

    #[track_caller]
    pub fn wait_until_ready(&mut self) {
        let until = Instant::now() + READY_MAX;
        loop {
            let gateway = self.try_state().and_then(|state| state["gateway"].as_str().map(str::to_owned));
            if gateway.is_some_and(|base| http::get(&base, "/readyz").try_send().is_ok_and(|a| a.status == 200)) {
                return;
            }
            let ended = self.supervisor.try_wait().unwrap();
            assert!(ended.is_none(), "the platform ended ({ended:?}):\n{}", self.log());
            assert!(Instant::now() < until, "the platform did not get ready:\n{}", self.log());
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// What was printed so far, its end.
    pub fn log(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<_> = text.lines().collect();
        lines[lines.len().saturating_sub(80)..].join("\n")
    }

    fn try_state(&self) -> Option<Value> {
        serde_json::from_str(&fs::read_to_string(self.folder.join("run.json")).ok()?).ok()
    }

    pub fn state(&self) -> Value {
        self.try_state().expect("a running platform says where it listens")
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn gateway(&self) -> String {
        self.state()["gateway"].as_str().unwrap().to_owned()
    }

    /// The registry without its path.
    pub fn registry(&self) -> String {
        self.state()["registry"].as_str().unwrap().trim_end_matches("/eureka").to_owned()
    }

    pub fn supervisor_pid(&self) -> u32 {
        self.supervisor.id()
    }

    /// Process of a role by its label; `None` while it is not running.
    pub fn pid(&self, label: &str) -> Option<u32> {
        u32::try_from(self.state()["roles"][label]["pid"].as_u64()?).ok()
    }

    /// Every child.
    pub fn pids(&self) -> Vec<u32> {
        let state = self.state();
        let roles = state["roles"].as_object().unwrap();
        roles.values().filter_map(|role| u32::try_from(role["pid"].as_u64()?).ok()).collect()
    }

    /// Kills a role the hard way and returns the id of the process that was.
    #[track_caller]
    pub fn kill(&self, label: &str) -> u32 {
        let pid = self.pid(label).expect("it runs");
        signal(pid, "KILL");
        pid
    }

    /// Live instances of an application: id and base URL.
    pub fn instances(&self, app: &str) -> Vec<(String, String)> {
        let request = http::get(&self.registry(), &format!("/eureka/apps/{app}")).header("accept", "application/json");
        let Ok(answer) = request.try_send() else { return Vec::new() };
        if answer.status != 200 {
            return Vec::new();
        }
        let found = answer.json()["application"]["instance"].clone();
        let found = if found.is_array() { found.as_array().unwrap().clone() } else { vec![found] };
        found
            .iter()
            .filter(|instance| instance["status"] == "UP")
            .map(|instance| {
                let id = instance["instanceId"].as_str().unwrap().to_owned();
                let address = instance["ipAddr"].as_str().unwrap();
                let port = &instance["port"]["$"];
                let port = port.as_u64().unwrap_or_else(|| port.as_str().unwrap().parse().unwrap());
                (id, format!("http://{address}:{port}"))
            })
            .collect()
    }

    /// Makes an account and signs in: the access token.
    #[track_caller]
    pub fn sign_up(&self, email: &str) -> String {
        let account = json!({ "email": email, "password": "a long enough password" });
        http::post(&self.gateway(), "/v1/accounts", &account).send().expect(201);
        self.sign_in(email, "a long enough password").expect(201).json()["access_token"].as_str().unwrap().to_owned()
    }

    pub fn sign_in(&self, email: &str, password: &str) -> Answer {
        http::post(&self.gateway(), "/v1/sessions", &json!({ "email": email, "password": password })).send()
    }

    /// Asks the supervisor to stop, and waits for it.
    #[track_caller]
    pub fn stop(&mut self) -> std::process::ExitStatus {
        signal(self.supervisor.id(), "TERM");
        let until = Instant::now() + Duration::from_secs(30);
        loop {
            if let Some(status) = self.supervisor.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < until, "did not stop:\n{}", self.log());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Kills the supervisor the hard way and waits for it, not for its children.
    pub fn kill_supervisor(&mut self) {
        self.supervisor.kill().unwrap();
        self.supervisor.wait().unwrap();
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        if thread::panicking() {
            #[expect(clippy::print_stderr, reason = "a failed test is read with what the platform said")]
            (eprintln!("--- the platform's last lines ---\n{}", self.log()));
        }
        if matches!(self.supervisor.try_wait(), Ok(None)) {
            signal(self.supervisor.id(), "TERM");
            for _ in 0..600 {
                if !matches!(self.supervisor.try_wait(), Ok(None)) {
                    return;
                }
                thread::sleep(Duration::from_millis(50));
            }
            let _ = self.supervisor.kill();
            let _ = self.supervisor.wait();
        }
    }
}

pub fn signal(pid: u32, name: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), &pid.to_string()]).status().unwrap();
    assert!(sent.success(), "no process {pid}");
}

/// Whether a process runs (one that ended and was not waited for does not).
pub fn is_running(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(')').next().and_then(|rest| rest.trim().chars().next()).is_some_and(|state| state != 'Z')
}

/// Whether every thread of a process has been stopped (`SIGSTOP`).
pub fn is_still(pid: u32) -> bool {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let mut states = threads.map(|thread| {
        let stat = fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
        stat.rsplit(')').next().and_then(|rest| rest.trim().chars().next())
    });
    states.all(|state| state == Some('T'))
}

/// Waits until a condition holds.
#[track_caller]
pub fn wait_for(what: &str, max: Duration, mut is_met: impl FnMut() -> bool) -> Duration {
    let started = Instant::now();
    while !is_met() {
        assert!(started.elapsed() < max, "waited {} s for {what}", max.as_secs());
        thread::sleep(Duration::from_millis(20));
    }
    started.elapsed()
}
