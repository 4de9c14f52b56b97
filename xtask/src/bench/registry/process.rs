//! The servers that are measured, each a process: ours, the stock Eureka server, nginx with files, and a bare one.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::bench::gateway::find;

const START_MAX: Duration = Duration::from_mins(1);

/// A running server; ends with this value.
#[derive(Debug)]
pub struct Server {
    pub name: &'static str,
    pub address: SocketAddr,
    child: Child,
}

/// Ours, with its memory in a folder, on a port.
pub fn ours(executable: &Path, folder: &Path, port: u16) -> Result<Server> {
    let mut command = Command::new(executable);
    command.args(["run", "registry", "--supervised", "--data"]).arg(folder.join("data"));
    command.env("BIJOU_TELEMETRY__OTLP", "off").env("BIJOU_REGISTRY__LISTEN", format!("127.0.0.1:{port}"));
    command.env("BIJOU_REGISTRY__URL", format!("http://127.0.0.1:{port}/eureka"));
    Server::start("bijou", port, &mut command, folder)
}

/// A Eureka server as it comes, with a heap of 1 GB. Only Tomcat's habit of closing a connection after a hundred
/// requests is off, which clients would pay for.
pub fn stock(jar: &Path, folder: &Path) -> Result<Server> {
    let port = free_port()?;
    let mut command = Command::new("java");
    command.args(["-Xms1g", "-Xmx1g", "-jar"]).arg(jar).arg(format!("--server.port={port}"));
    command.arg("--server.tomcat.max-keep-alive-requests=-1");
    Server::start("Eureka", port, &mut command, folder)
}

/// nginx that sends files as they are, by `sendfile`.
pub fn nginx(folder: &Path) -> Result<Server> {
    let port = free_port()?;
    let config = format!(
        "worker_processes 2;\ndaemon off;\nmaster_process on;\npid nginx.pid;\nerror_log nginx-error.log;\n\
         events {{ worker_connections 1024; }}\nhttp {{\n  access_log off;\n  sendfile on;\n  tcp_nopush on;\n  \
         keepalive_requests 1000000;\n  open_file_cache max=100;\n  server {{ listen 127.0.0.1:{port}; root files; }}\n}}\n"
    );
    fs::write(folder.join("nginx.conf"), config)?;
    let mut command = Command::new(find("nginx"));
    command.arg("-p").arg(folder).args(["-c", "nginx.conf"]);
    Server::start("nginx", port, &mut command, folder)
}

/// One that looks at nothing and answers with so many bytes.
pub fn bare(folder: &Path, bytes: u64) -> Result<Server> {
    let port = free_port()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["bench", "registry", "--bare", &port.to_string(), &bytes.to_string()]);
    let server = Server::start("bare", port, &mut command, folder)?;
    let until = Instant::now() + START_MAX;
    while TcpStream::connect(server.address).is_err() {
        if Instant::now() > until {
            bail!("the bare server does not listen");
        }
        thread::sleep(Duration::from_millis(2));
    }
    Ok(server)
}

pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

impl Server {
    fn start(name: &'static str, port: u16, command: &mut Command, folder: &Path) -> Result<Self> {
        let log = File::create(folder.join(format!("{name}-{port}.out")))?;
        command.current_dir(folder).stdin(Stdio::piped()).stdout(log.try_clone()?).stderr(log);
        let child = command.spawn().with_context(|| format!("{name} cannot be started"))?;
        Ok(Self { name, address: ([127, 0, 0, 1], port).into(), child })
    }

    /// Waits until a path is answered 200; the answer's body.
    pub fn wait_for(&mut self, path: &str) -> Result<String> {
        let until = Instant::now() + START_MAX;
        loop {
            if let Ok((200, body)) = self.ask(path) {
                return Ok(body);
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("{} ended by itself ({status})", self.name);
            }
            if Instant::now() > until {
                bail!("{} does not answer {path}", self.name);
            }
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// One GET with JSON asked for, over a connection of its own.
    pub fn ask(&self, path: &str) -> Result<(u16, String)> {
        self.send("GET", path)
    }

    pub fn send(&self, method: &str, path: &str) -> Result<(u16, String)> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        let head = "host: registry\r\naccept: application/json\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        stream.write_all(format!("{method} {path} HTTP/1.1\r\n{head}").as_bytes())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let text = String::from_utf8_lossy(&answer);
        let status = text.split(' ').nth(1).and_then(|code| code.parse().ok()).context("no HTTP answer")?;
        Ok((status, text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default()))
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Processor time of the process and its children since their start, ended threads included, in seconds.
    pub fn cpu_s(&self) -> Result<f64> {
        let own = self.pid();
        let children = fs::read_to_string(format!("/proc/{own}/task/{own}/children")).unwrap_or_default();
        let pids = std::iter::once(own).chain(children.split_whitespace().filter_map(|pid| pid.parse().ok()));
        pids.map(cpu_of).sum()
    }

    /// Memory with shared pages divided among their users, and that of files which are nowhere but in memory, in MB.
    pub fn memory_mb(&self) -> Result<f64> {
        Ok(self.pss_mb()? + self.memory_files_mb()?)
    }

    /// Their pages are the kernel's and in nobody's PSS unless they are mapped, which ours are not.
    fn memory_files_mb(&self) -> Result<f64> {
        let mut counted = BTreeSet::new();
        let mut bytes = 0;
        for entry in fs::read_dir(format!("/proc/{}/fd", self.pid()))? {
            let path = entry?.path();
            // It may be closed by now.
            let Ok(target) = fs::read_link(&path) else { continue };
            if !target.as_os_str().as_encoded_bytes().starts_with(b"/memfd:") {
                continue;
            }
            let Ok(file) = fs::metadata(&path) else { continue };
            if counted.insert((file.dev(), file.ino())) {
                bytes += file.blocks() * 512;
            }
        }
        Ok(bytes as f64 / f64::from(1 << 20))
    }

    fn pss_mb(&self) -> Result<f64> {
        let text = fs::read_to_string(format!("/proc/{}/smaps_rollup", self.pid()))?;
        let line = text.lines().find_map(|line| line.strip_prefix("Pss:")).context("no PSS")?;
        Ok(line.trim().trim_end_matches("kB").trim().parse::<f64>()? / 1024.0)
    }

    /// Ends it as a power failure would.
    pub fn kill(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(Some(_))) {
            return;
        }
        let _ = Command::new("kill").args(["-TERM", &self.pid().to_string()]).status();
        let until = Instant::now() + Duration::from_secs(10);
        while Instant::now() < until && matches!(self.child.try_wait(), Ok(None)) {
            thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// User and system time: the 14th and 15th field of `stat`, in hundredths of a second (fixed on Linux for programs).
fn cpu_of(pid: u32) -> Result<f64> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).with_context(|| format!("process {pid} has ended"))?;
    // The second field is the name in brackets, which may hold anything.
    let (_, fields) = text.rsplit_once(')').context("no name")?;
    let ticks: u64 = fields.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Ok(ticks as f64 / 100.0)
}
