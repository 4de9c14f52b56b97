//! `bijou`: one executable for every role, for the supervisor of them all, and for an operator's tools.
//!
//! Errors are one line that says what is wrong and what to do; the exit code is 2 for what was asked wrongly (flags,
//! settings) and 1 for everything else. Left out on purpose: a daemon mode (that is the init system's) and anything a
//! service could do itself.

mod assets;
mod cli;
mod config;
mod doctor;
mod roles;
mod run;
mod terminal;
mod tools;
mod up;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};

/// A page is made of thousands of short-lived pieces: a tenth to a fifth of a service's time went into the C library's
/// allocator, and as much into memory that it had given back and faulted in again. Huge pages are off (`no_thp`): idle roles
/// would take more than twice the memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What was asked cannot be: wrong flags or settings.
const EXIT_ASKED_WRONGLY: u8 = 2;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let settings = cli.settings;
    let done = match cli.command {
        Command::Up(options) => up::up(&settings, &options),
        Command::Run(options) => run::run(&settings, &options),
        Command::Config { command } => config::run(&settings, command),
        Command::Doctor => doctor::run(&settings),
        Command::Openapi { role } => roles::print_openapi(&role),
        Command::Catalog { command } => tools::catalog(&settings, command),
        Command::Media { command } => tools::media(&settings, command),
        Command::Recommend { command } => tools::recommend(&settings, command),
        Command::Registry(options) => tools::registry(&settings, options),
        Command::Explain(options) => tools::explain(&settings, options),
        Command::Logs(options) => tools::logs(&settings, options),
        Command::Trace(options) => tools::trace(&settings, options),
        Command::Top(options) => tools::top(&settings, options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            terminal::complain(&format!("bijou: {error:#}"));
            ExitCode::from(exit_code(&error))
        }
    }
}

fn exit_code(error: &anyhow::Error) -> u8 {
    let asked_wrongly =
        error.chain().any(|cause| cause.is::<bijou_config::ConfigError>() || cause.is::<config::AskedWrongly>());
    if asked_wrongly { EXIT_ASKED_WRONGLY } else { 1 }
}
