//! New configuration without a restart: when a file changes, and when somebody sends SIGHUP.
//!
//! Files are looked at twice a second. That needs nothing from the operating system, works on every file system and in
//! containers, and half a second is soon enough for a person. A file that cannot be used changes nothing: the
//! configuration before stays, the log, `/readyz` and a metric say so.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use bijou_chassis::Reload;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing::{error, info};

use crate::config::Config;
use crate::gateway::Gateway;

const LOOK_EVERY: Duration = Duration::from_millis(500);

/// What tells two versions of a file apart.
type Version = Option<(SystemTime, u64)>;

/// Reloads until dropped. Never completes.
pub(crate) async fn follow(gateway: &Gateway, source: Option<Reload>) {
    let Some(source) = source else { return std::future::pending().await };
    let mut hangup = signal(SignalKind::hangup()).ok();
    let mut seen = versions(&source.files);
    loop {
        let asked = tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => false,
            () = next(&mut hangup) => true,
        };
        let now = versions(&source.files);
        if !asked && now == seen {
            continue;
        }
        seen = now;
        let loaded = (source.load)().and_then(|settings| Config::of(&settings));
        let outcome = match loaded {
            Ok(config) => gateway.reload(config).map_err(|error| error.to_string()),
            Err(error) => {
                gateway.reload_failed(error.to_string());
                Err(error.to_string())
            }
        };
        match outcome {
            Ok(()) => info!("the configuration was read again and is in use"),
            Err(reason) => error!("the new configuration was not taken, the one before stays in use: {reason}"),
        }
    }
}

async fn next(signal: &mut Option<Signal>) {
    match signal {
        Some(signal) => drop(signal.recv().await),
        None => std::future::pending().await,
    }
}

fn versions(files: &[PathBuf]) -> Vec<Version> {
    let version = |path: &Path| {
        let metadata = std::fs::metadata(path).ok()?;
        Some((metadata.modified().ok()?, metadata.len()))
    };
    files.iter().map(|path| version(path)).collect()
}
