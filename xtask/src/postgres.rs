//! A PostgreSQL of our own for the tests: fresh, on a free port of the loopback, gone afterwards.
//!
//! PostgreSQL refuses to run as root, so root hands it to the user `postgres` that the package made. Durability is
//! off: what is tested is our queries, not its disk.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::install;
use crate::process::{exists, is_root};

const START_MAX: Duration = Duration::from_secs(30);

/// A running server. Stops when dropped.
#[derive(Debug)]
pub struct Postgres {
    pub url: String,
    folder: PathBuf,
    binaries: PathBuf,
    as_root: bool,
}

impl Postgres {
    /// Installs the package when it is missing and we are root.
    pub fn start() -> Result<Self> {
        let as_root = is_root();
        if binaries().is_none() && as_root && exists("apt-get") {
            install::apt(&["postgresql"])?;
        }
        let binaries = binaries().context("PostgreSQL is missing; as root: apt-get install postgresql")?;
        // Not in the repository: the user postgres may not be allowed to look into our home.
        let folder = std::env::temp_dir().join(format!("bijou-postgres-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let server = Self { url: format!("postgres://postgres@127.0.0.1:{port}/postgres"), folder, binaries, as_root };
        if as_root {
            run(Command::new("chown").arg("postgres").arg(&server.folder))?;
        }
        let data = server.data();
        run(server.tool("initdb").args(["-U", "postgres", "-A", "trust", "--no-sync", "-D"]).arg(&data))?;
        let options = format!(
            "-p {port} -h 127.0.0.1 -k {} -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
             -c max_connections=300",
            server.folder.display()
        );
        let log = server.folder.join("log");
        run(server.tool("pg_ctl").args(["-w", "-o", &options, "-l"]).arg(&log).arg("-D").arg(&data).arg("start"))?;
        server.wait(port)?;
        Ok(server)
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn tool(&self, name: &str) -> Command {
        let path = self.binaries.join(name);
        if !self.as_root {
            return Command::new(path);
        }
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(path).current_dir(&self.folder);
        command
    }

    fn wait(&self, port: u16) -> Result<()> {
        let until = Instant::now() + START_MAX;
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            if Instant::now() > until {
                bail!("PostgreSQL did not start; see {}", self.folder.join("log").display());
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let data = self.data();
        let _ = run(self.tool("pg_ctl").args(["-m", "immediate", "-D"]).arg(&data).arg("stop"));
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Debian keeps the server's programs out of the path, one folder per version.
fn binaries() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|entry| entry.path().join("bin"));
    versions.filter(|bin| bin.join("initdb").exists()).max_by_key(|bin| version(bin))
}

fn version(bin: &Path) -> u32 {
    bin.parent().and_then(|path| path.file_name()?.to_str()?.parse().ok()).unwrap_or(0)
}

fn run(command: &mut Command) -> Result<()> {
    let output = command.stdin(Stdio::null()).stdout(Stdio::null()).output()?;
    if !output.status.success() {
        let program = command.get_program().to_string_lossy().into_owned();
        bail!("{program} failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}
