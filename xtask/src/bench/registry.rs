//! `bench registry`: what the registry costs, beside a real Eureka server and nginx in one run.
//!
//! Ten thousand instances in five hundred applications at each. Measured is the processor time of the whole process over
//! the requests it completed, from `/proc`, while one thread asks as fast as it is answered over sixteen connections: not
//! throughput, which the asking would bound. The Eureka server is warmed up first, and has its default caches, which
//! answer from what was true up to thirty seconds ago. nginx sends the same bytes as files; beside short answers a server
//! that looks at nothing ([`bare`]) shows what the kernel takes for them.

mod bare;
mod fleet;
mod load;
mod process;
mod reply;
mod scale;
mod start;
mod table;
mod watch;
mod work;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::{Args, ValueEnum};

use super::machine;
use crate::conformance::toolchains;
use crate::install::{NGINX, require};
use crate::process::root;
use crate::report::say;
use crate::up;
use fleet::Fleet;
use process::Server;
use table::{Others, Row};
use work::WORKS;

const FLEET: Fleet = Fleet { applications: 500, each: 20 };
/// For so long a change stays in the delta (three minutes, cleared every half minute); then it holds what is changed next.
const DELTA_LASTS: Duration = Duration::from_secs(215);
const DELTA_CHANGES: u64 = 100;
const SCALE_TIME: Duration = Duration::from_secs(30);

/// A part of the measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Processor time a request, memory and freshness, beside the Eureka server and nginx
    Costs,
    /// Start with nothing, and with ten thousand instances restored
    Start,
    /// From a change to a hundred and to ten thousand watchers
    Watch,
    /// A hundred thousand instances
    Scale,
}

/// How it is measured.
#[derive(Debug, Args)]
pub struct Options {
    /// Length of a round
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// How many times; the lowest counts
    #[arg(long, default_value_t = 3)]
    rounds: u32,
    /// Only these parts
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// Measures this executable instead of building one
    #[arg(long)]
    executable: Option<PathBuf>,
    /// Only answers on a port, with so many bytes
    #[arg(long, hide = true, num_args = 2, value_names = ["PORT", "BYTES"])]
    bare: Vec<u32>,
}

pub fn run(options: Options) -> Result<()> {
    if let [port, bytes] = options.bare[..] {
        return bare::serve(u16::try_from(port)?, bytes as usize);
    }
    let is_wanted = |part| options.only.is_empty() || options.only.contains(&part);
    let executable = match options.executable {
        Some(given) => given.canonicalize().with_context(|| format!("there is no {}", given.display()))?,
        None => up::build_bijou(true)?,
    };
    let folder = root().join("target/bench-registry");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("files"))?;
    let (seconds, rounds) = (options.seconds, options.rounds);

    let mut others = Others::default();
    if is_wanted(Part::Start) {
        others.empty = start::empty(&executable, &folder, rounds)?;
    }
    let mut ours = process::ours(&executable, &folder, process::free_port()?)?;
    ours.wait_for("/eureka/apps/delta")?;
    let rows = if is_wanted(Part::Costs) {
        costs(&ours, &folder, Duration::from_secs(seconds), rounds, &mut others)?
    } else {
        FLEET.arrive(&ours)?;
        Vec::new()
    };
    if is_wanted(Part::Watch) {
        say("   watchers");
        others.few = Some(watch::run(&ours, FLEET, 100, 100, Duration::from_millis(100))?);
        let many = watch::run(&ours, FLEET, 10_000, 10, Duration::from_secs(1));
        others.many = many.inspect_err(|error| say(&format!("   10,000 watchers: {error:#}"))).ok();
    }
    if is_wanted(Part::Start) {
        say("   killing and restoring");
        others.restored = start::restored(ours, &executable, &folder, FLEET, rounds)?;
    }
    if is_wanted(Part::Scale) {
        say("   a hundred thousand instances");
        let large = folder.join("large");
        fs::create_dir_all(&large)?;
        others.scale = Some(scale::run(&executable, &large, SCALE_TIME)?);
    }

    say(&format!("\n{}\n", machine()));
    if !rows.is_empty() {
        table::costs(&rows, seconds, rounds);
    }
    table::others(&others);
    if !rows.is_empty() {
        table::raw(&rows);
    }
    Ok(())
}

/// What each kind of request costs, and what both need of memory.
fn costs(ours: &Server, folder: &Path, time: Duration, rounds: u32, others: &mut Others) -> Result<Vec<Row>> {
    require(&[&NGINX])?;
    let jar = toolchains::eureka_server()?;
    say("   starting and filling both");
    let started = Instant::now();
    let mut stock = process::stock(&jar, folder)?;
    stock.wait_for("/eureka/apps/delta")?;
    others.stock_start = Some(started.elapsed());
    FLEET.arrive(ours)?;
    FLEET.arrive(&stock)?;
    let filled = Instant::now();
    others.filled_mb = Some([ours.memory_mb()?, stock.memory_mb()?]);
    warm_up(ours, &stock, filled + DELTA_LASTS)?;
    let rows = measure(ours, &stock, folder, time, rounds)?;
    others.worked_mb = Some([ours.memory_mb()?, stock.memory_mb()?]);
    others.fresh = Some([start::until_in_delta(ours, FLEET)?, start::until_in_delta(&stock, FLEET)?]);
    Ok(rows)
}

/// Until the arrivals have left the delta; the Eureka server's code is compiled meanwhile.
fn warm_up(ours: &Server, stock: &Server, until: Instant) -> Result<()> {
    say("   warming up until the arrivals have left the delta, three minutes and a half");
    let all_but_registrations = || WORKS.into_iter().filter(|work| !work.registers());
    for work in all_but_registrations() {
        work::round(ours, work, FLEET, Duration::from_secs(2), 0)?;
    }
    while Instant::now() < until {
        for work in all_but_registrations() {
            work::round(stock, work, FLEET, Duration::from_secs(3), 0)?;
        }
    }
    Ok(())
}

fn measure(ours: &Server, stock: &Server, folder: &Path, time: Duration, rounds: u32) -> Result<Vec<Row>> {
    for number in 0..DELTA_CHANGES {
        let _ = ours.send("PUT", &change(number))?;
        let _ = stock.send("PUT", &change(number))?;
    }
    // The Eureka server shows it when its cache is renewed, every thirty seconds.
    let _ = start::until_in_delta(stock, FLEET)?;
    same_delta(ours, stock)?;
    start::keep_files(ours, &folder.join("files"))?;
    let mut nginx = process::nginx(folder)?;
    nginx.wait_for("/apps.json.gz")?;

    let mut rows = Vec::new();
    for work in WORKS {
        let mut row = Row { work, ours: Vec::new(), stock: Vec::new(), nginx: Vec::new(), bare: Vec::new() };
        let mut bare: Option<Server> = None;
        // Registrations were not warmed up: they would have filled the delta.
        if work.registers() {
            work::round(stock, work, FLEET, time * 5, 1)?;
        }
        for round in 0..rounds {
            let epoch = u64::from(round) + 2;
            let round = work::round(ours, work, FLEET, time, epoch)?;
            row.ours.push(round);
            row.stock.push(work::round(stock, work, FLEET, time, epoch)?);
            if work.file().is_some() {
                row.nginx.push(work::round(&nginx, work, FLEET, time, epoch)?);
            }
            if round.bytes_each <= bare::BYTES_MAX {
                let bare = match &mut bare {
                    Some(bare) => bare,
                    none => none.insert(process::bare(folder, round.bytes_each)?),
                };
                row.bare.push(work::round(bare, work, FLEET, time, epoch)?);
            }
        }
        say(&format!("   {}", row.told()));
        rows.push(row);
    }
    Ok(rows)
}

/// Whether both deltas hold about the same: what is compared has to be one work.
fn same_delta(ours: &Server, stock: &Server) -> Result<()> {
    let [here, there] = [ours, stock].map(|server| server.ask("/eureka/apps/delta").map(|(_, list)| list.len()));
    let (here, there) = (here?, there?);
    ensure!(
        here <= there * 2 && there <= here * 2,
        "the deltas are of {here} and {there} bytes; the arrivals have not left the longer one"
    );
    Ok(())
}

/// Metadata of one instance in each of the first applications.
fn change(number: u64) -> String {
    let (app, id) = FLEET.name(number);
    format!("/eureka/apps/{app}/{id}/metadata?changed=yes")
}
