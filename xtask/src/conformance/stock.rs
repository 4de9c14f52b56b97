//! A stock Eureka server with the settings of a team, but for times that a test would have to wait for.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::http;
use super::stage::{Running, free_port, wait_for};

/// A stock server that can be started, again and again.
pub struct Stock {
    pub jar: PathBuf,
    pub port: u16,
    /// The service URL of the one it registers with and replicates to.
    pub peer: Option<String>,
    /// Where its output goes.
    pub folder: PathBuf,
}

impl Stock {
    /// Returns when it answers.
    pub fn start(&self) -> Result<Running> {
        let mut command = Command::new("java");
        command.args(["-Xmx512m", "-jar"]).arg(&self.jar).arg(format!("--server.port={}", self.port));
        if let Some(peer) = &self.peer {
            command.arg(format!("--eureka.client.service-url.defaultZone={peer}/"));
            command.args(["--eureka.client.register-with-eureka=true", "--eureka.client.fetch-registry=true"]);
        }
        command.args([
            "--eureka.server.enable-self-preservation=false",
            "--eureka.server.eviction-interval-timer-in-ms=1000",
            "--eureka.server.use-read-only-response-cache=false",
        ]);
        let name = format!("stock-{}", free_port()?);
        let mut running = Running::start(&mut command, &name, &self.folder)?;
        let url = format!("http://127.0.0.1:{}/eureka/apps", self.port);
        wait_for("the stock server answers", || {
            running.must_run()?;
            Ok(http::get(&url)?.status == 200)
        })?;
        Ok(running)
    }
}
