//! Faults put in on purpose: a delay, a refusal or a limit at a route or between two roles, for a share of the requests.
//!
//! Whoever injects (the console) holds the lease: it sends a [`FaultSheet`] with everything that is to happen and renews
//! it every moment. What is not renewed within its time to live, or has reached its own end, does nothing any more, with
//! nobody's help. The first fault that strikes a request is the only one.
//!
//! The caller acts it out: a client here, the gateway in its chain. Nothing is ever sent to the called service then,
//! except after a delay. Control (`/-/`), keys and probes are never struck: they are how a fault is ended.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bijou_resilience::{Pace, Quota};
use serde::{Deserialize, Serialize};

/// Code of the problem an injected answer carries.
pub const FAULT_CODE: &str = "fault-injected";

/// Whoever does not renew a sheet within this long has lost it, whatever the sheet says.
const TTL_MAX: Duration = Duration::from_secs(30);

/// Sheets of different injectors kept at once.
const INJECTORS_MAX: usize = 16;

/// Faults of one sheet; the rest is not taken.
const FAULTS_MAX: usize = 64;

/// What happens to a request that is struck.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FaultKind {
    /// It goes on, so many milliseconds later.
    Delay { ms: u64 },
    /// It is answered with this status.
    Abort { status: u16 },
    /// More than so many a second, per process, are answered 429.
    Limit { per_second: NonZeroU32 },
}

impl FaultKind {
    /// In metrics.
    pub fn name(self) -> &'static str {
        ["delay", "abort", "limit"][self.index()]
    }

    fn index(self) -> usize {
        match self {
            Self::Delay { .. } => 0,
            Self::Abort { .. } => 1,
            Self::Limit { .. } => 2,
        }
    }
}

/// Where requests are struck.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FaultPlace {
    /// At a route of the gateway, by its id.
    Route { route: String },
    /// Where one role calls another; without `from`, wherever it is called.
    Edge {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
        to: String,
    },
}

/// One fault, as it is sent to those who act it out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FaultOrder {
    pub id: String,
    pub does: FaultKind,
    pub at: FaultPlace,
    /// Share of the requests there, 1 to 100.
    pub percent: u8,
    /// Only accounts that belong to this share of all accounts, always the same ones; nobody's requests are spared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accounts_percent: Option<u8>,
    /// It ends after so many milliseconds. A duration, for clocks differ.
    pub ends_in_ms: u64,
}

/// Everything one injector wants to happen, in place of what it wanted before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FaultSheet {
    /// Instance id of the injector: sheets of others are not touched.
    pub injector: String,
    /// Milliseconds after which all of it ends unless it is renewed.
    pub ttl_ms: u64,
    pub faults: Vec<FaultOrder>,
}

/// How many requests a fault struck in this process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultHits {
    pub id: String,
    pub hits: u64,
}

/// A request, as far as it matters here.
#[derive(Debug, Clone, Copy)]
pub struct Spot<'a> {
    /// Id of the gateway's route.
    pub route: Option<&'a str>,
    /// The calling role.
    pub from: &'a str,
    /// The called one.
    pub to: &'a str,
    pub account: Option<&'a str>,
}

/// What happens to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strike {
    /// Of the fault.
    pub id: Arc<str>,
    pub effect: FaultEffect,
}

/// What the caller has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultEffect {
    /// Wait first.
    Wait(Duration),
    /// Answer with this status instead of asking.
    Answer(u16),
    /// Answer 429 with this wait instead of asking.
    Limit(Duration),
}

/// The faults in force in one process or role. Cheap to clone; clones share them.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// Whether to look at all: nearly always not.
    any: AtomicBool,
    sheets: Mutex<HashMap<String, Sheet>>,
    struck: [AtomicU64; 3],
}

#[derive(Debug)]
struct Sheet {
    until: Instant,
    faults: Vec<Running>,
}

#[derive(Debug)]
struct Running {
    id: Arc<str>,
    order: FaultOrder,
    ends: Instant,
    pace: Pace,
    hits: u64,
}

impl Faults {
    /// Takes a sheet in place of the injector's last one, and tells what that one and this one have struck so far.
    pub fn renew(&self, sheet: FaultSheet, now: Instant) -> Vec<FaultHits> {
        let mut sheets = self.0.sheets.lock().unwrap_or_else(PoisonError::into_inner);
        let mut before = sheets.remove(&sheet.injector).map_or_else(Vec::new, |old| old.faults);
        let told = |running: &Running| FaultHits { id: running.id.to_string(), hits: running.hits };
        let mut hits: Vec<FaultHits> = before.iter().map(told).collect();
        let mut faults = Vec::new();
        for order in sheet.faults.into_iter().take(FAULTS_MAX) {
            let ends = now + Duration::from_millis(order.ends_in_ms);
            let known = before.iter().position(|running| running.order.id == order.id);
            faults.push(if let Some(running) = known.map(|at| before.swap_remove(at)) {
                Running { order, ends, ..running }
            } else {
                hits.push(FaultHits { id: order.id.clone(), hits: 0 });
                Running { id: order.id.as_str().into(), order, ends, pace: Pace::default(), hits: 0 }
            });
        }
        sheets.retain(|_, other| other.until > now);
        if !faults.is_empty() && sheets.len() < INJECTORS_MAX {
            let until = now + Duration::from_millis(sheet.ttl_ms).min(TTL_MAX);
            sheets.insert(sheet.injector, Sheet { until, faults });
        }
        self.0.any.store(!sheets.is_empty(), Ordering::Relaxed);
        hits
    }

    /// Whether there may be something to ask [`Faults::strike`] about.
    pub fn is_any(&self) -> bool {
        self.0.any.load(Ordering::Relaxed)
    }

    /// What happens to this request, if anything. `dice` gives a random number from 0 to below 1, anew for each fault: with
    /// one for all, a fault would never strike beside one of the same or a greater share.
    pub fn strike(&self, spot: Spot<'_>, now: Instant, mut dice: impl FnMut() -> f64) -> Option<Strike> {
        if !self.is_any() {
            return None;
        }
        let mut sheets = self.0.sheets.lock().unwrap_or_else(PoisonError::into_inner);
        sheets.retain(|_, sheet| sheet.until > now);
        self.0.any.store(!sheets.is_empty(), Ordering::Relaxed);
        let strikes = |fault: &&mut Running| {
            fault.ends > now && fault.order.covers(spot) && dice() * 100.0 < f64::from(fault.order.percent)
        };
        for fault in sheets.values_mut().flat_map(|sheet| &mut sheet.faults).filter(strikes) {
            let effect = match fault.order.does {
                FaultKind::Delay { ms } => FaultEffect::Wait(Duration::from_millis(ms)),
                FaultKind::Abort { status } => FaultEffect::Answer(status),
                FaultKind::Limit { per_second } => match Quota::per_second(per_second).check(&mut fault.pace, now) {
                    Ok(_) => continue,
                    Err(limited) => FaultEffect::Limit(limited.retry_after),
                },
            };
            fault.hits += 1;
            self.0.struck[fault.order.does.index()].fetch_add(1, Ordering::Relaxed);
            return Some(Strike { id: Arc::clone(&fault.id), effect });
        }
        None
    }

    /// Faults that may strike such a request, whatever the dice say. Counts nothing.
    pub fn covering(&self, spot: Spot<'_>, now: Instant) -> Vec<FaultOrder> {
        let sheets = self.0.sheets.lock().unwrap_or_else(PoisonError::into_inner);
        let faults = sheets.values().filter(|sheet| sheet.until > now).flat_map(|sheet| &sheet.faults);
        let met = faults.filter(|fault| fault.ends > now && fault.order.covers(spot));
        met.map(|fault| fault.order.clone()).collect()
    }

    /// Requests struck since the start, by kind.
    pub fn struck(&self) -> [(&'static str, u64); 3] {
        let count = |at: usize| self.0.struck[at].load(Ordering::Relaxed);
        [("delay", count(0)), ("abort", count(1)), ("limit", count(2))]
    }
}

impl FaultOrder {
    fn covers(&self, spot: Spot<'_>) -> bool {
        let here = match &self.at {
            FaultPlace::Route { route } => spot.route == Some(route.as_str()),
            FaultPlace::Edge { from, to } => {
                spot.to.eq_ignore_ascii_case(to)
                    && from.as_deref().is_none_or(|from| spot.from.eq_ignore_ascii_case(from))
            }
        };
        here && self.accounts_percent.is_none_or(|share| spot.account.is_some_and(|account| cohort(account) < share))
    }
}

/// Paths that no fault strikes, or it could not be ended.
pub(crate) fn is_spared(path: &str) -> bool {
    ["/-/", "/.well-known/", "/healthz", "/readyz"].iter().any(|spared| path.starts_with(spared))
}

/// Which hundredth of all accounts this one belongs to: the same in every process and for ever (FNV-1a, then mixed).
fn cohort(account: &str) -> u8 {
    let hash = account
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    let mixed = (hash ^ (hash >> 31)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((mixed >> 32) % 100) as u8
}

#[cfg(test)]
#[path = "faults_tests.rs"]
mod tests;
