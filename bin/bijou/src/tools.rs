//! Tools that belong to one service: parsed here, done by the service's own crate on its own store.
//!
//! They work while the platform runs and when it does not; only matching a folder of films to titles asks the running
//! catalog, because titles are its to know.

mod console;
mod media;
mod meter;
mod registry;

use std::io;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use bijou_catalog::import::{self, Mode, Summary};
use bijou_config::{Layered, Origin};
use bijou_recommendations::tools::{self as recommendations, ToolError};
use bijou_telemetry::{Format, LogSettings};
use tokio::runtime::{Builder, Runtime};

pub use self::console::{ExplainArgs, LogsArgs, TopArgs, TraceArgs};
pub use self::registry::RegistryArgs;
use crate::cli::{CatalogCommand, MediaCommand, RecommendCommand, SettingsArgs};
use crate::{config, terminal};

pub fn catalog(args: &SettingsArgs, command: CatalogCommand) -> Result<()> {
    let settings = prepare(args)?;
    match command {
        CatalogCommand::Import { file, dry_run: _, apply } => import(&settings, &file, apply),
    }
}

pub fn media(args: &SettingsArgs, command: MediaCommand) -> Result<()> {
    let settings = prepare(args)?;
    let runtime = runtime()?;
    match command {
        MediaCommand::Ingest(options) => runtime.block_on(media::ingest(&settings, options)),
        MediaCommand::Scan { dir, apply } => runtime.block_on(media::scan(&settings, &dir, apply)),
    }
}

pub fn registry(args: &SettingsArgs, options: RegistryArgs) -> Result<()> {
    runtime()?.block_on(registry::run(args, options))
}

pub fn logs(args: &SettingsArgs, options: LogsArgs) -> Result<()> {
    runtime()?.block_on(console::logs(args, options))
}

pub fn trace(args: &SettingsArgs, options: TraceArgs) -> Result<()> {
    runtime()?.block_on(console::trace(args, options))
}

pub fn top(args: &SettingsArgs, options: TopArgs) -> Result<()> {
    runtime()?.block_on(console::top(args, options))
}

pub fn explain(args: &SettingsArgs, options: ExplainArgs) -> Result<()> {
    runtime()?.block_on(console::explain(args, options))
}

pub fn recommend(args: &SettingsArgs, command: RecommendCommand) -> Result<()> {
    let settings = prepare(args)?;
    let out = &mut io::stdout();
    runtime()?.block_on(async {
        match command {
            RecommendCommand::Train { unless_younger_s } => {
                let unless_younger = unless_younger_s.map(Duration::from_secs);
                match recommendations::train(&settings, unless_younger, out).await {
                    Ok(Some(_)) => {}
                    Ok(None) => terminal::say("The model in use is young enough."),
                    // Whoever comes by the clock comes again.
                    Err(ToolError::NothingKnown) if unless_younger.is_some() => {
                        terminal::say("There is nothing to learn from yet.");
                    }
                    Err(error) => return Err(error.into()),
                }
            }
            RecommendCommand::List => recommendations::list(&settings, out).await?,
            RecommendCommand::Activate { version } => recommendations::activate(&settings, &version, out).await?,
            RecommendCommand::Rollback => drop(recommendations::rollback(&settings, out).await?),
        }
        Ok(())
    })
}

fn import(settings: &Layered, file: &Path, apply: bool) -> Result<()> {
    let mode = if apply { Mode::Apply } else { Mode::DryRun };
    let summary = runtime()?.block_on(import::run(settings, file, mode, &mut io::stdout()))?;
    let changes = summary != Summary { unchanged: summary.unchanged, ..Summary::default() };
    if changes && !apply {
        terminal::say("Nothing was changed yet: run it again with --apply.");
    }
    Ok(())
}

/// Settings, a data folder that is there, and log lines on stderr for what goes wrong only.
fn prepare(args: &SettingsArgs) -> Result<Layered> {
    let settings = config::load(args, &[])?;
    config::check(&settings)?;
    let log: LogSettings = settings.section("log")?;
    let level = if settings.origin("log.level") == Origin::Default { "warn".to_owned() } else { log.level };
    let format = if log.format == Format::Json { Format::Json } else { Format::Human };
    bijou_telemetry::install(&LogSettings { level, format, color: log.color })?;
    let dir: String = settings.section("data.dir")?;
    bijou_chassis::prepare_data_folder(Path::new(&dir))?;
    Ok(settings)
}

fn runtime() -> Result<Runtime> {
    Builder::new_multi_thread().enable_all().build().context("failed to start the async runtime")
}
