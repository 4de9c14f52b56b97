//! A hundred thousand instances that beat every thirty seconds, and a thousand pollers of the delta.

use std::path::Path;
use std::thread;
use std::time::Duration;

use anyhow::{Result, bail};

use super::fleet::{Fleet, get};
use super::load::{self, Pace};
use super::process::{self, Server};

const FLEET: Fleet = Fleet { applications: 2000, each: 50 };
const HEARTBEATS_PER_S: f64 = 3300.0;
const POLLERS: usize = 1000;
const POLLS_PER_S: f64 = POLLERS as f64 / 30.0;
/// A fleet of that size is never still.
const CHANGES_PER_S: f64 = 1.0;

#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// Share of a core for the heartbeats alone, and with pollers and changes.
    pub heartbeats: f64,
    pub all: f64,
    pub memory_mb: f64,
}

/// A registry of its own, in a folder.
pub fn run(executable: &Path, folder: &Path, time: Duration) -> Result<Scale> {
    let mut server = process::ours(executable, folder, process::free_port()?)?;
    server.wait_for("/eureka/apps/delta")?;
    FLEET.arrive(&server)?;
    let heartbeats = share(&server, time, || beat(&server, time))?;
    let all = share(&server, time, || {
        thread::scope(|scope| {
            let others = [scope.spawn(|| poll(&server, time)), scope.spawn(|| change(&server, time))];
            beat(&server, time)?;
            others.into_iter().try_for_each(|one| one.join().unwrap_or_else(|_| bail!("a thread panicked")))
        })
    })?;
    Ok(Scale { heartbeats, all, memory_mb: server.memory_mb()? })
}

fn share(server: &Server, time: Duration, work: impl FnOnce() -> Result<()>) -> Result<f64> {
    let before = server.cpu_s()?;
    work()?;
    Ok((server.cpu_s()? - before) / time.as_secs_f64())
}

fn beat(server: &Server, time: Duration) -> Result<()> {
    paced(server, 64, HEARTBEATS_PER_S, time, "heartbeats", |number| FLEET.heartbeat(number))
}

fn poll(server: &Server, time: Duration) -> Result<()> {
    paced(server, POLLERS, POLLS_PER_S, time, "polls", |_| {
        get("/eureka/apps/delta", "application/json", "accept-encoding: gzip\r\n")
    })
}

fn change(server: &Server, time: Duration) -> Result<()> {
    paced(server, 1, CHANGES_PER_S, time, "changes", |number| FLEET.register(number, 1_000_000 + number, number + 1))
}

/// An error when the server did not keep up, for then its share of a core says nothing.
fn paced(
    server: &Server,
    connections: usize,
    per_s: f64,
    time: Duration,
    what: &str,
    next: impl FnMut(u64) -> Vec<u8>,
) -> Result<()> {
    let tally = load::run(server.address, connections, Pace::PerSecond(per_s), time, next)?;
    let expected = per_s * time.as_secs_f64();
    // The last one is due when the time is over.
    if (tally.completed as f64) < (expected - 1.0) * 0.97 {
        bail!("only {} of {expected} {what} in time", tally.completed);
    }
    Ok(())
}
