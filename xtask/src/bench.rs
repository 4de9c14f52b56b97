//! `cargo xtask bench`: measurements that can be repeated, each with machine, versions and raw rounds.
//!
//! They print Markdown for `docs/benchmarks.md`; only numbers from such runs are written there.

pub mod gateway;
pub mod home;
pub mod partners;
pub mod recommend;
pub mod registry;
pub mod screens;
pub mod search;
pub mod start;
pub mod telemetry;

use std::fs;
use std::process::Command;

use anyhow::Result;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum Bench {
    /// CPU of the gateway per request, beside nginx and HAProxy in one run
    Gateway {
        /// Length of a round
        #[arg(long, default_value_t = 5)]
        seconds: u32,
        /// How many times; the lowest counts
        #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
        rounds: u32,
        /// Counts the instructions of so many requests with telemetry and without, and times both, instead
        #[arg(long, value_name = "REQUESTS", num_args = 0..=1, default_missing_value = "2000")]
        telemetry: Option<usize>,
        /// Measures this executable instead of building one
        #[arg(long)]
        executable: Option<std::path::PathBuf>,
    },
    /// Time and size of the home page for a signed-in member, through the gateway
    Home {
        /// A platform that is running, as `http://127.0.0.1:8080`, instead of one started for this
        #[arg(long)]
        url: Option<String>,
        /// Requests measured, after a warm-up
        #[arg(long, default_value_t = 2000)]
        requests: usize,
        /// How many times
        #[arg(long, default_value_t = 3)]
        rounds: usize,
        /// People signed up first, each with plays of their own and asking for their own page
        #[arg(long, default_value_t = 0)]
        profiles: usize,
        /// Titles put into the catalog first
        #[arg(long, default_value_t = 0)]
        titles: usize,
        /// Measures this executable instead of building one
        #[arg(long, conflicts_with = "url")]
        executable: Option<std::path::PathBuf>,
    },
    /// CPU of an app's calls by what is looked at, and time and memory of a snapshot
    Partners {
        /// Requests of each kind in a round
        #[arg(long, default_value_t = 5000)]
        requests: usize,
        /// How many times; the median counts
        #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
        rounds: u32,
        /// Titles put into the catalog first
        #[arg(long, default_value_t = 36_000)]
        titles: usize,
        /// Measures this executable instead of building one
        #[arg(long)]
        executable: Option<std::path::PathBuf>,
    },
    /// CPU, memory, start and watch of the registry, beside a real Eureka server and nginx in one run
    Registry(registry::Options),
    /// How well and how fast the recommendations' trainer does, beside popularity and NumPy
    Recommend {
        /// Random splits the quality is measured over; 0 leaves quality out
        #[arg(long, default_value_t = 20)]
        seeds: usize,
        /// Numbers of titles, each a measurement of time and memory
        #[arg(long, value_delimiter = ',', default_values_t = [2_000, 5_000, 10_000])]
        sizes: Vec<usize>,
    },
    /// Largest Contentful Paint and input delay of the screens, in a slowed-down Chromium
    Screens {
        /// How many times slower the browser's processor is
        #[arg(long, default_value_t = 4)]
        slowdown: u32,
        /// How many new visitors
        #[arg(long, default_value_t = 3)]
        rounds: u32,
    },
    /// Time and hits of search over 36,000 titles
    Search {
        /// JSON lines (also .gz) to search in, instead of titles that are made up
        file: Option<std::path::PathBuf>,
    },
    /// What the console's archive takes in a second, on how much disk, and how fast it is searched
    Telemetry {
        /// Log lines
        #[arg(long, default_value_t = 1_000_000)]
        lines: usize,
        /// Spans
        #[arg(long, default_value_t = 300_000)]
        spans: usize,
    },
    /// Start to ready, to the first playable title, and memory of all processes
    Start {
        /// Build from nothing first, into a target folder of its own, and say how long that took
        #[arg(long)]
        cold: bool,
        /// How many times
        #[arg(long, default_value_t = 3)]
        rounds: u32,
    },
}

pub fn run(bench: Bench) -> Result<()> {
    match bench {
        Bench::Gateway { telemetry: Some(requests), seconds, rounds, executable } => {
            gateway::run_telemetry(requests, seconds, rounds, executable)
        }
        Bench::Gateway { telemetry: None, seconds, rounds, executable } => gateway::run(seconds, rounds, executable),
        Bench::Home { url, requests, rounds, profiles, titles, executable } => {
            home::run(url, executable, requests, rounds, home::Town { profiles, titles })
        }
        Bench::Partners { requests, rounds, titles, executable } => partners::run(executable, requests, rounds, titles),
        Bench::Registry(options) => registry::run(options),
        Bench::Recommend { seeds, sizes } => recommend::run(seeds, &sizes),
        Bench::Screens { slowdown, rounds } => screens::run(slowdown, rounds),
        Bench::Search { file } => search::run(file),
        Bench::Start { cold, rounds } => start::run(cold, rounds),
        Bench::Telemetry { lines, spans } => telemetry::run(lines, spans),
    }
}

/// Processor, cores, memory, system and compiler, in one line: a number without its machine is a rumour.
pub fn machine() -> String {
    let cpu = field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".into());
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let memory_kb: u64 =
        field("/proc/meminfo", "MemTotal").and_then(|text| text.split(' ').next()?.parse().ok()).unwrap_or_default();
    let system = fs::read_to_string("/etc/os-release")
        .ok()
        .and_then(|text| {
            Some(text.lines().find(|line| line.starts_with("PRETTY_NAME="))?[12..].trim_matches('"').to_owned())
        })
        .unwrap_or_default();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let rustc = Command::new("rustc").arg("--version").output();
    let rustc = rustc.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default();
    format!("{cpu}, {cores} cores, {} MB, {system}, Linux {}, {rustc}", memory_kb / 1024, kernel.trim())
}

fn field(path: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}
