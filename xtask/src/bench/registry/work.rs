//! The kinds of work that are measured, and a round of one.

use std::time::Duration;

use anyhow::{Result, bail};

use super::fleet::{Fleet, Registrations, get};
use super::load::{self, Pace};
use super::process::Server;

const CONNECTIONS: usize = 16;
/// Registrations with something new come after the others, and have later times.
const EPOCHS_MAX: u64 = 1_000;
const GZIP: &str = "accept-encoding: gzip\r\n";

/// One kind of request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    Delta {
        gzip: bool,
    },
    Full {
        json: bool,
        gzip: bool,
    },
    Heartbeat,
    LookUp,
    /// The same again with a later time, as clients send when one of their questions was answered 404.
    RegisterAgain,
    /// With something new in it.
    Register,
}

/// In this order: the delta while only few have changed, registrations last.
pub const WORKS: [Work; 10] = [
    Work::Delta { gzip: false },
    Work::Delta { gzip: true },
    Work::Full { json: true, gzip: false },
    Work::Full { json: true, gzip: true },
    Work::Full { json: false, gzip: false },
    Work::Full { json: false, gzip: true },
    Work::Heartbeat,
    Work::LookUp,
    Work::RegisterAgain,
    Work::Register,
];

impl Work {
    /// Whether it would fill the delta.
    pub fn registers(self) -> bool {
        matches!(self, Work::Register | Work::RegisterAgain)
    }

    pub fn name(self) -> String {
        let encoding = |gzip| if gzip { "gzip" } else { "plain" };
        match self {
            Work::Delta { gzip } => format!("delta, {}", encoding(gzip)),
            Work::Full { json, gzip } => {
                format!("full fetch, {}, {}", if json { "JSON" } else { "XML" }, encoding(gzip))
            }
            Work::Heartbeat => "heartbeat".to_owned(),
            Work::LookUp => "look-up of an instance".to_owned(),
            Work::RegisterAgain => "registration, nothing new".to_owned(),
            Work::Register => "registration".to_owned(),
        }
    }

    /// The file of the same bytes, for nginx: what it takes to send them is what the machine's kernel takes, nearly.
    pub fn file(self) -> Option<String> {
        let ending = |gzip| if gzip { ".gz" } else { "" };
        match self {
            Work::Delta { gzip } => Some(format!("delta.json{}", ending(gzip))),
            Work::Full { json, gzip } => Some(format!("apps.{}{}", if json { "json" } else { "xml" }, ending(gzip))),
            _ => None,
        }
    }

    /// The path, `Accept` and header lines of a read of the whole or the delta.
    pub fn list(self) -> Option<(&'static str, &'static str, &'static str)> {
        let encoding = |gzip| if gzip { GZIP } else { "" };
        match self {
            Work::Delta { gzip } => Some(("/eureka/apps/delta", "application/json", encoding(gzip))),
            Work::Full { json, gzip } => {
                let accept = if json { "application/json" } else { "application/xml" };
                Some(("/eureka/apps/", accept, encoding(gzip)))
            }
            _ => None,
        }
    }

    /// The n-th request to a registry. `epoch` sets rounds of registrations apart, so that each is a change.
    fn request(self, fleet: Fleet, registrations: &Registrations, number: u64, epoch: u64) -> Vec<u8> {
        match (self, self.list()) {
            (_, Some((path, accept, headers))) => get(path, accept, headers),
            (Work::LookUp, _) => fleet.look_up(number),
            (Work::RegisterAgain, _) => registrations.nth(number, epoch * 1_000_000 + number, 0),
            (Work::Register, _) => {
                let changed_ms = (epoch + EPOCHS_MAX) * 1_000_000 + number;
                registrations.nth(number, changed_ms, changed_ms)
            }
            _ => fleet.heartbeat(number),
        }
    }
}

/// What a round came to.
#[derive(Clone, Copy, Debug)]
pub struct Round {
    pub cpu_us: f64,
    pub requests: u64,
    pub per_s: f64,
    pub bytes_each: u64,
}

/// A round of some seconds against one server.
pub fn round(server: &Server, work: Work, fleet: Fleet, time: Duration, epoch: u64) -> Result<Round> {
    let file = work.file().map(|file| get(&format!("/{file}"), "*/*", ""));
    let is_nginx = server.name == "nginx";
    let registrations = if work.registers() { fleet.registrations() } else { Registrations::default() };
    let before = server.cpu_s()?;
    let tally = load::run(server.address, CONNECTIONS, Pace::AsAnswered, time, |number| match &file {
        Some(file) if is_nginx => file.clone(),
        _ => work.request(fleet, &registrations, number, epoch),
    })?;
    let spent = server.cpu_s()? - before;
    // A heartbeat that says it is newer is answered 404 once; nothing else may be refused.
    if tally.completed == 0 || tally.refused > 0 {
        bail!("{}: {} of {} were refused by {}", work.name(), tally.refused, tally.completed, server.name);
    }
    Ok(Round {
        cpu_us: spent * 1e6 / tally.completed as f64,
        requests: tally.completed,
        per_s: tally.completed as f64 / tally.seconds,
        bytes_each: tally.bytes / tally.completed,
    })
}
