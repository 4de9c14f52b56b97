//! What the services are tried on: a registry and a gateway of ours, each a process, on free ports.
//!
//! Not `bijou up`: the registry is killed and loses its memory on purpose, which a supervisor is there to undo.

use std::fs::{self, OpenOptions};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::http::{self, Extra};
use crate::process::root;

/// A JVM on a busy machine takes a while to start, and polling clients see a change an interval later.
pub const PATIENCE: Duration = Duration::from_mins(1);
const STOP_MAX: Duration = Duration::from_secs(20);

/// A process that ends with this value.
#[derive(Debug)]
pub struct Running {
    child: Child,
    name: String,
}

impl Running {
    /// Starts a command with its output at the end of `<name>.log` in a folder.
    pub fn start(command: &mut Command, name: &str, folder: &Path) -> Result<Self> {
        let log = OpenOptions::new().create(true).append(true).open(folder.join(format!("{name}.log")))?;
        command.stdin(Stdio::piped()).stdout(log.try_clone()?).stderr(log);
        let child = command.spawn().with_context(|| format!("{name} cannot be started"))?;
        Ok(Self { child, name: name.to_owned() })
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to stop.
    pub fn terminate(&self) -> Result<()> {
        let status = Command::new("kill").args(["-TERM", &self.pid().to_string()]).status()?;
        if !status.success() {
            bail!("{} is not there to be stopped", self.name);
        }
        Ok(())
    }

    /// Waits for its end.
    pub fn wait(&mut self) -> Result<()> {
        wait_for_at_most(STOP_MAX, &format!("{} has ended", self.name), || Ok(self.child.try_wait()?.is_some()))
    }

    /// An error when it has ended already.
    pub fn must_run(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            Some(status) => bail!("{} ended by itself ({status})", self.name),
            None => Ok(()),
        }
    }

    /// Ends it as a power failure would.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(Some(_))) {
            return;
        }
        let _ = self.terminate();
        let until = Instant::now() + STOP_MAX;
        while Instant::now() < until && matches!(self.child.try_wait(), Ok(None)) {
            thread::sleep(Duration::from_millis(20));
        }
        self.kill();
    }
}

/// Waits until something holds. Errors on the way count as "not yet" and are told at the end.
pub fn wait_for(what: &str, holds: impl FnMut() -> Result<bool>) -> Result<()> {
    wait_for_at_most(PATIENCE, what, holds)
}

fn wait_for_at_most(max: Duration, what: &str, mut holds: impl FnMut() -> Result<bool>) -> Result<()> {
    let until = Instant::now() + max;
    loop {
        let last = holds();
        if matches!(last, Ok(true)) {
            return Ok(());
        }
        if Instant::now() > until {
            let why = last.err().map(|error| format!(" ({error:#})")).unwrap_or_default();
            bail!("waited {} s in vain until {what}{why}", max.as_secs());
        }
        thread::sleep(Duration::from_millis(50));
    }
}

/// A port nobody has at the moment.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// A registry of ours that can be killed and started again.
#[derive(Debug)]
pub struct Registry {
    executable: PathBuf,
    folder: PathBuf,
    name: String,
    settings: Vec<(String, String)>,
    running: Option<Running>,
    port: u16,
}

impl Registry {
    /// `settings` are environment variables beside those every run has.
    pub fn start(executable: &Path, folder: &Path, name: &str, settings: &[(&str, String)]) -> Result<Self> {
        let port = free_port()?;
        Self::start_at(port, executable, folder, name, settings)
    }

    pub fn start_at(
        port: u16,
        executable: &Path,
        folder: &Path,
        name: &str,
        settings: &[(&str, String)],
    ) -> Result<Self> {
        let settings = settings.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
        let (executable, folder, name) = (executable.to_owned(), folder.to_owned(), name.to_owned());
        let mut registry = Self { executable, folder, name, settings, running: None, port };
        registry.start_again()?;
        Ok(registry)
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/eureka", self.port)
    }

    pub fn start_again(&mut self) -> Result<()> {
        let mut command = bijou(&self.executable, "registry", &self.data(), &self.url());
        command.env("BIJOU_REGISTRY__LISTEN", format!("127.0.0.1:{}", self.port));
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        self.running = Some(Running::start(&mut command, &self.name, &self.folder)?);
        wait_for("the registry answers", || {
            self.running.as_mut().context("started above")?.must_run()?;
            Ok(http::get(&format!("{}/apps", self.url()))?.status == 200)
        })
    }

    pub fn kill(&mut self) {
        if let Some(mut running) = self.running.take() {
            running.kill();
        }
    }

    /// Takes away what it keeps on disk. It must not be running.
    pub fn forget(&self) {
        let _ = fs::remove_dir_all(self.data());
    }

    fn data(&self) -> PathBuf {
        self.folder.join(format!("{}-data", self.name))
    }
}

/// A role of ours in a process of its own, ended when we are.
fn bijou(executable: &Path, role: &str, data: &Path, registry: &str) -> Command {
    let mut command = Command::new(executable);
    command.args(["run", role, "--supervised", "--data"]).arg(data);
    command.env("BIJOU_REGISTRY__URL", registry).env("BIJOU_TELEMETRY__OTLP", "off");
    command
}

/// What a registry, ours or another, knows of an application; empty when it knows nobody.
pub fn instances(registry: &str, app: &str) -> Result<Vec<Value>> {
    let answer = http::get_with(&format!("{registry}/apps/{app}"), &[("accept", "application/json")])?;
    match answer.status {
        404 => Ok(Vec::new()),
        _ => Ok(answer.expect(200)?.json()?["application"]["instance"].as_array().cloned().unwrap_or_default()),
    }
}

/// One instance as it is this moment, `None` when it is not known.
pub fn instance(registry: &str, app: &str, id: &str) -> Result<Option<Value>> {
    let answer = http::get_with(&format!("{registry}/apps/{app}/{id}"), &[("accept", "application/json")])?;
    match answer.status {
        404 => Ok(None),
        _ => Ok(Some(answer.expect(200)?.json()?["instance"].clone())),
    }
}

/// A request without a body that has to be answered 200, as tools make them.
pub fn change(method: &str, url: &str) -> Result<()> {
    http::send(method, url, &Extra::default())?.expect(200).map(drop)
}

/// A registry and a gateway.
#[derive(Debug)]
pub struct Stage {
    pub registry: Registry,
    _gateway: Running,
    pub gateway: String,
    pub folder: PathBuf,
}

impl Stage {
    /// With a route `/greetings/<app>` for each of `apps`, all of which may call each other, and `/alone` to the last.
    pub fn set_up(executable: &Path, apps: &[String]) -> Result<Self> {
        let folder = root().join("target/xtask/conformance");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)?;
        let registry = Registry::start(executable, &folder, "registry", &[])?;
        let config = folder.join("gateway.toml");
        fs::write(&config, routes(apps))?;
        let mut command = bijou(executable, "gateway", &folder.join("gateway-data"), &registry.url());
        command.arg("--config").arg(&config).env("BIJOU_GATEWAY__LISTEN", "127.0.0.1:0");
        let process = Running::start(&mut command, "gateway", &folder)?;
        let mut gateway = String::new();
        wait_for("the gateway is registered", || {
            let found = instances(&registry.url(), "GATEWAY")?;
            let port = found.first().context("not there")?["port"]["$"].as_u64().context("no port")?;
            gateway = format!("http://127.0.0.1:{port}");
            Ok(true)
        })?;
        Ok(Self { registry, _gateway: process, gateway, folder })
    }
}

fn routes(apps: &[String]) -> String {
    let quoted = apps.iter().map(|app| format!("\"{app}\"")).collect::<Vec<_>>().join(", ");
    let route = |id: &str, path: &str, app: &str, calls: &str| {
        format!("[[gateway.routes]]\nid = \"{id}\"\npaths = [\"{path}\"]\napp = \"{app}\"\ncalls = [{calls}]\n")
    };
    let named = apps.iter().map(|app| {
        let name = app.to_lowercase();
        route(&name, &format!("/greetings/{name}"), app, &quoted)
    });
    let alone = apps.last().map(|app| route("alone", "/alone", app, ""));
    let head = "[gateway]\nrate_limiting = false\n".to_owned();
    std::iter::once(head).chain(named).chain(alone).collect()
}
