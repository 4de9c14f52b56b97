//! Sets up `tracing` for the process, once.
//!
//! The second role of a process gets the handle of the first: lines and level belong to the process, only the
//! resource is a role's own.

use std::io::IsTerminal;
use std::panic;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use tracing::level_filters::LevelFilter;
use tracing::{Level, Metadata, callsite, error};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, Filter, Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Registry, filter};

use crate::layer::{Logs, Spans};
use crate::line::Style;
use crate::settings::{Color, Format, LogSettings};

static INSTALLED: OnceLock<Logging> = OnceLock::new();

/// Held while installing: roles of one process, and tests, start at the same time.
static INSTALLING: Mutex<()> = Mutex::new(());

/// Why logging could not be set up or changed.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    #[error("log level `{level}` is not understood; examples: `info`, `debug`, `info,bijou_catalog=debug`")]
    LevelUnknown {
        level: String,
        #[source]
        source: filter::ParseError,
    },
    #[error("another `tracing` subscriber is installed already")]
    SubscriberTaken {
        #[source]
        source: tracing_subscriber::util::TryInitError,
    },
}

/// Handle to the process's logging. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Logging {
    levels: Arc<RwLock<Levels>>,
}

#[derive(Debug)]
struct Levels {
    text: String,
    targets: Targets,
}

impl Logging {
    /// The level setting in force.
    pub fn level(&self) -> String {
        self.levels.read().unwrap_or_else(PoisonError::into_inner).text.clone()
    }

    /// Changes the level of the running process: `info`, or by target `info,sqlx=warn`.
    ///
    /// # Errors
    /// [`TelemetryError::LevelUnknown`]; the level in force stays.
    pub fn set_level(&self, level: &str) -> Result<(), TelemetryError> {
        let levels = parse(level)?;
        *self.levels.write().unwrap_or_else(PoisonError::into_inner) = levels;
        callsite::rebuild_interest_cache();
        Ok(())
    }
}

fn parse(level: &str) -> Result<Levels, TelemetryError> {
    let targets = level.parse().map_err(|source| TelemetryError::LevelUnknown { level: level.to_owned(), source })?;
    Ok(Levels { text: level.to_owned(), targets })
}

/// Installs log lines, span collection and a panic hook that logs. Later calls return the first call's handle.
///
/// # Errors
/// [`TelemetryError`], with what to write instead.
pub fn install(settings: &LogSettings) -> Result<Logging, TelemetryError> {
    let _installing = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(installed) = INSTALLED.get() {
        return Ok(installed.clone());
    }
    let logging = Logging { levels: Arc::new(RwLock::new(parse(&settings.level)?)) };
    let subscriber = Registry::default()
        .with(Spans.with_filter(filter::filter_fn(is_traced)))
        .with(Logs { style: style(settings) }.with_filter(ByLevel(logging.clone())));
    subscriber.try_init().map_err(|source| TelemetryError::SubscriberTaken { source })?;
    log_panics();
    Ok(INSTALLED.get_or_init(|| logging).clone())
}

/// Spans from INFO up, and not the wire-level ones of the HTTP stack: one request would be forty spans.
fn is_traced(metadata: &Metadata<'_>) -> bool {
    metadata.is_span()
        && *metadata.level() <= Level::INFO
        && !["hyper", "h2", "sqlx"].iter().any(|noisy| metadata.target().starts_with(noisy))
}

fn style(settings: &LogSettings) -> Style {
    let terminal = std::io::stderr().is_terminal();
    let color = match settings.color {
        Color::Auto => terminal,
        Color::Always => true,
        Color::Never => false,
    };
    match settings.format {
        Format::Human => Style::Human { color },
        Format::Auto if terminal => Style::Human { color },
        Format::Auto | Format::Json => Style::Json,
    }
}

/// A panic is a log line like any other, in the same format and with the request it belongs to.
fn log_panics() {
    panic::set_hook(Box::new(|info| {
        let message = info.payload_as_str().unwrap_or("a value that is not text");
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        error!(code.location = place, "panicked: {message}");
    }));
}

/// The log filter. It lets spans pass, because the log layer needs to see them to name the request.
#[derive(Debug)]
struct ByLevel(Logging);

impl<S> Filter<S> for ByLevel {
    fn enabled(&self, metadata: &Metadata<'_>, _: &Context<'_, S>) -> bool {
        if metadata.is_span() {
            return is_traced(metadata);
        }
        let levels = self.0.levels.read().unwrap_or_else(PoisonError::into_inner);
        levels.targets.would_enable(metadata.target(), metadata.level())
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        let levels = self.0.levels.read().unwrap_or_else(PoisonError::into_inner);
        let most = levels.targets.iter().map(|(_, level)| level).max();
        let most = most.max(levels.targets.default_level()).unwrap_or(LevelFilter::INFO);
        Some(most.max(LevelFilter::INFO))
    }
}
