//! `bijou up`: the whole platform on one machine.
//!
//! One child process per role (or one thread group per role with `--one-process`), each started again when it ends,
//! all stopped by one signal. Before anything starts, everything that can be known to fail is checked: settings, data
//! folder, ports. What children need to know beyond the settings they get by environment, so that each is an ordinary
//! `bijou run ROLE` that could be started by hand.
//!
//! Left out on purpose: restarting the supervisor itself (an init system's business) and keeping logs (stderr's reader).

mod child;
mod data_folder;
mod plan;
mod ports;
mod ready;
mod state;
mod supervise;
mod thread;
mod training;

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use bijou_telemetry::{Color, Format, LogSettings};
use tokio::runtime::Builder;

use crate::cli::{SettingsArgs, UpArgs};
use crate::config::{self, Override};
use crate::run;
use crate::terminal::Screen;
use data_folder::{DataFolder, Secrets};
use plan::Plan;
use ports::Ports;
use ready::Watcher;
use state::StateFile;
use supervise::Crew;

pub use plan::{Count, Other};

pub fn up(args: &SettingsArgs, options: &UpArgs) -> Result<()> {
    let started = Instant::now();
    let mut flags: Vec<Override> = Vec::new();
    if let Some(listen) = options.listen {
        flags.push(("gateway.listen".into(), listen.to_string()));
    }
    let settings = config::load(args, &flags)?;
    config::check(&settings)?;
    let log: LogSettings = settings.section("log")?;
    let screen = screen(&log);

    let folder = DataFolder::open(&settings.section::<String>("data.dir")?)?;
    let ports = Ports::choose(&settings)?;
    let secrets = folder.secrets(&settings)?;
    let choices = Choices {
        instances: options.instances.clone(),
        executables: options.executable.clone(),
        demo: !options.no_demo,
        one_process: options.one_process,
        ports: ports.clone(),
        secrets: secrets.clone(),
        format: if log.format == Format::Json { "json" } else { "human" },
        color: if screen.is_colored() { "always" } else { "never" },
    };
    let plan = Plan::new(&choices);
    let state = StateFile::new(folder.path(), &ports);
    run::raise_file_limit();

    let runtime = Builder::new_current_thread().enable_all().build().context("failed to start the async runtime")?;
    let finished = runtime.block_on(async {
        let crew = if options.one_process {
            let format = if log.format == Format::Json { Format::Json } else { Format::Human };
            bijou_telemetry::install(&LogSettings { format, ..log })?;
            Crew::of_threads(&plan, args, &screen, &state)
        } else {
            Crew::of_processes(&plan, args, &screen, &state)?
        };
        let watcher =
            Watcher { plan: &plan, ports: &ports, folder: &folder, screen: &screen, secrets: &secrets, started };
        let train_every = Duration::from_secs(settings.section("recommendations.train_every_s")?);
        tokio::select! {
            opened = watcher.watch() => opened?,
            () = training::train_now_and_then(args, train_every, &screen) => {}
            () = run::signals() => {}
        }
        screen.end_progress();
        screen.say("Stopping. Once more to stop at once.");
        tokio::select! {
            () = crew.stop() => {}
            () = second_signal() => crew.kill().await,
        }
        Ok(())
    });
    state.remove();
    runtime.shutdown_timeout(Duration::from_secs(1));
    finished
}

/// What [`Plan::new`] decides from.
#[derive(Debug)]
struct Choices {
    instances: Vec<Count>,
    executables: Vec<Other>,
    demo: bool,
    one_process: bool,
    ports: Ports,
    secrets: Secrets,
    format: &'static str,
    color: &'static str,
}

/// Some wrappers (`timeout`, terminals) deliver one request to stop twice: a second one counts after a moment only.
async fn second_signal() {
    tokio::time::sleep(Duration::from_millis(700)).await;
    run::signals().await;
}

/// `up` is for people: its lines are human unless JSON is asked for by name, terminal or not.
fn screen(log: &LogSettings) -> Screen {
    let color = match log.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => std::io::stderr().is_terminal(),
    };
    Screen::new(log.format == Format::Json, color)
}
