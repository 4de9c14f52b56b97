//! Repository tasks: what a person or a CI machine runs, and nothing a build needs.
//!
//! No dependency of the product: this crate builds in seconds, because it is what builds the rest.

mod bench;
mod conformance;
mod contracts;
mod fuzz;
mod install;
mod platform;
mod postgres;
mod process;
mod released;
mod report;
mod skew;
mod test;
mod up;
mod web;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Installs what is needed, builds everything and starts the platform; flags go to `bijou up`
    Up {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        flags: Vec<String>,
    },
    /// Everything that has to hold before a change is merged
    Test {
        /// Only the steps whose name contains this
        #[arg(long, value_name = "TEXT")]
        only: Option<String>,
    },
    /// What CI runs: the same as `test`
    Ci,
    /// Clients and servers of others, in many languages, with our registry and gateway
    Conformance {
        /// Only these: a language, `recommendations`, `peers`, `otlp`, `feeds`; or `record`, which writes exchanges with a stock
        /// server down anew, and of which (a language, `peer`, `by-hand`)
        names: Vec<String>,
        /// The quick part, as `test` runs it
        #[arg(long, conflicts_with = "names")]
        short: bool,
        /// Tries this executable instead of building one
        #[arg(long)]
        executable: Option<std::path::PathBuf>,
    },
    /// An outside judge on all contracts: no 5xx, nothing outside the contract, every operation succeeds
    FuzzApi(fuzz::Options),
    /// Writes the contracts and the types generated from them
    Contracts {
        /// Takes over the committed documents as the released ones instead
        #[arg(long)]
        release: bool,
    },
    /// One role of an older commit among today's others, and the reverse
    Skew {
        /// The older commit [default: the one before this]
        #[arg(long, value_name = "REVISION")]
        with: Option<String>,
    },
    /// Measures, and prints a table with machine and versions
    Bench {
        #[command(subcommand)]
        command: bench::Bench,
    },
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Up { flags } => up::up(&flags),
        Command::Test { only } => test::test(only.as_deref()),
        Command::Ci => test::test(None),
        Command::Contracts { release: false } => contracts::write(),
        Command::Contracts { release: true } => released::take_over(),
        Command::Conformance { names, short, executable } => conformance::run(&names, short, executable),
        Command::FuzzApi(options) => fuzz::run(&options).and_then(report::closing),
        Command::Skew { with } => skew::run(with.as_deref()).and_then(report::closing),
        Command::Bench { command } => bench::run(command),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report::complain(&format!("xtask: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
