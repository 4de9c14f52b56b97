//! Tools that belong to one service: parsed here, done by the service's own crate on its own store.
//!
//! They work while the platform runs and when it does not.

use anyhow::{Result, bail};

use crate::cli::{CatalogCommand, MediaCommand, SettingsArgs};

pub fn catalog(_args: &SettingsArgs, command: CatalogCommand) -> Result<()> {
    match command {
        CatalogCommand::Import { .. } => bail!("not there yet"),
    }
}

pub fn media(_args: &SettingsArgs, command: MediaCommand) -> Result<()> {
    match command {
        MediaCommand::Ingest { .. } | MediaCommand::Scan { .. } => bail!("not there yet"),
    }
}
