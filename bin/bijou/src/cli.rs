//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand};

use crate::config::AskedWrongly;
use crate::up::{Count, Other};

/// A streaming platform in Netflix's REST shape, in one executable.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    pub settings: SettingsArgs,
    #[command(subcommand)]
    pub command: Command,
}

/// Flags that every command understands. They win over environment and files.
#[derive(Debug, Clone, Args)]
pub struct SettingsArgs {
    /// A configuration file; may be given more than once, the last one wins
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Vec<PathBuf>,
    /// The data folder [default: data; also BIJOU_DATA_DIR]
    #[arg(long, value_name = "DIR", global = true)]
    pub data: Option<PathBuf>,
    /// Log level, such as `debug` or `info,bijou_gateway=debug`
    #[arg(long, value_name = "LEVEL", global = true)]
    pub log: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Starts every role and supervises them
    Up(UpArgs),
    /// Runs one role in this process
    Run(RunArgs),
    /// Looks at the configuration
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Says what is missing on this machine and how to get it
    Doctor,
    /// Prints the OpenAPI document of a role
    Openapi {
        /// A role, or `console-operator` for the operator's API
        role: String,
    },
    /// Works on the catalog's titles
    Catalog {
        #[command(subcommand)]
        command: CatalogCommand,
    },
    /// Works on the media library
    Media {
        #[command(subcommand)]
        command: MediaCommand,
    },
    /// Works on the models that recommendations are made by
    Recommend {
        #[command(subcommand)]
        command: RecommendCommand,
    },
    /// Looks into a registry, and takes instances out of traffic
    Registry(crate::tools::RegistryArgs),
    /// Says what would happen to a request, without making it
    Explain(crate::tools::ExplainArgs),
    /// Shows log lines of all services, and follows them
    Logs(crate::tools::LogsArgs),
    /// Tells the story of one request: spans, attempts, log lines
    Trace(crate::tools::TraceArgs),
    /// Shows what is asked of which service, how much fails, and how long it takes
    Top(crate::tools::TopArgs),
}

#[derive(Debug, Args)]
pub struct UpArgs {
    /// Address of the gateway [default: 127.0.0.1:8080]; port 0 lets the system choose
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
    /// How many instances of a role, such as `catalog=2`
    #[arg(long, value_name = "ROLE=N")]
    pub instances: Vec<Count>,
    /// Runs a role from another build of bijou, such as `catalog=/opt/bijou-next`
    #[arg(long, value_name = "ROLE=FILE", conflicts_with = "one_process")]
    pub executable: Vec<Other>,
    /// All roles in this one process, for small machines
    #[arg(long)]
    pub one_process: bool,
    /// No demo account, titles or films
    #[arg(long)]
    pub no_demo: bool,
}

#[derive(Debug, Args)]
pub struct RunArgs {
    /// registry, gateway, identity, profiles, catalog, recommendations, playback, partners or console
    pub role: String,
    /// Where the role listens
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
    /// Which of several instances on this machine this is
    #[arg(long, default_value_t = 0)]
    pub slot: u16,
    /// Stop when stdin closes: whoever started us is gone
    #[arg(long, hide = true)]
    pub supervised: bool,
}

#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Says what is wrong, or nothing
    Check,
    /// Every value and where it comes from
    Print,
}

#[derive(Debug, Subcommand)]
pub enum CatalogCommand {
    /// Imports titles from a file of JSON lines or CSV; shows what would change unless told --apply
    Import {
        file: PathBuf,
        /// Only show what would change (the default)
        #[arg(long, conflicts_with = "apply")]
        dry_run: bool,
        /// Make the changes
        #[arg(long)]
        apply: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum RecommendCommand {
    /// Makes a model of what was watched and puts it to use; says first how much memory that takes
    Train {
        /// Does nothing when the model in use is younger than this and has learned something
        #[arg(long, value_name = "SECONDS")]
        unless_younger_s: Option<u64>,
    },
    /// Shows the models there are, the one in use with a star
    List,
    /// Puts a model to use
    Activate {
        /// As `list` shows it
        version: String,
    },
    /// Puts the model to use that was in use before the present one
    Rollback,
}

#[derive(Debug, Subcommand)]
pub enum MediaCommand {
    /// Encodes a film and makes it playable
    Ingest(IngestArgs),
    /// Matches the films of a folder to titles; shows the matches unless told --apply
    Scan {
        dir: PathBuf,
        /// Import what matched
        #[arg(long)]
        apply: bool,
    },
}

#[derive(Debug, Args)]
pub struct IngestArgs {
    pub file: PathBuf,
    /// Id of the title, as the catalog knows it
    #[arg(long, value_name = "ID")]
    pub title: String,
    /// Id of the episode, when the title is a show
    #[arg(long, value_name = "ID")]
    pub episode: Option<String>,
    /// Subtitles by language, such as `de=film.de.vtt`; may be given more than once
    #[arg(long, value_name = "LANGUAGE=FILE")]
    pub subtitles: Vec<Subtitles>,
    /// Shown with the film, where its licence asks for it
    #[arg(long, value_name = "TEXT")]
    pub attribution: Option<String>,
}

/// `de=film.de.vtt`.
#[derive(Clone, Debug)]
pub struct Subtitles {
    pub language: String,
    pub file: PathBuf,
}

impl FromStr for Subtitles {
    type Err = AskedWrongly;

    fn from_str(text: &str) -> Result<Self, AskedWrongly> {
        let (language, file) = text.split_once('=').ok_or_else(|| {
            AskedWrongly(format!("`{text}` is not of the form language=file, such as de=film.de.vtt"))
        })?;
        Ok(Self { language: language.to_owned(), file: file.into() })
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
