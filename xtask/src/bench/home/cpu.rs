//! CPU time of the platform's processes, by role.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};

use crate::platform::Platform;

/// CPU time so far, in microseconds, by role. Empty for a platform that somebody else started.
#[derive(Debug, Default)]
pub struct Cpu(BTreeMap<String, u64>);

/// Clock ticks are 10 ms on every Linux that matters (`USER_HZ` is 100).
const MICROSECONDS_PER_TICK: u64 = 10_000;

pub fn of(platform: Option<&Platform>) -> Result<Cpu> {
    let Some(platform) = platform else { return Ok(Cpu::default()) };
    let state = platform.state()?;
    let roles = state["roles"].as_object().context("run.json names the roles")?;
    let mut cpu = BTreeMap::new();
    for (role, process) in roles {
        if let Some(pid) = process["pid"].as_u64() {
            cpu.insert(role.clone(), ticks(pid)? * MICROSECONDS_PER_TICK);
        }
    }
    Ok(Cpu(cpu))
}

impl Cpu {
    /// What a role spent since `before`, in microseconds.
    pub fn spent(&self, role: &str, before: &Self) -> u64 {
        let of = |cpu: &Self| cpu.0.get(role).copied().unwrap_or_default();
        of(self).saturating_sub(of(before))
    }

    /// What each role that did anything spent per request since `before`, the busiest first.
    pub fn per_request(&self, before: &Self, requests: usize) -> String {
        let mut spent: Vec<(&str, u64)> =
            self.0.keys().map(|role| (role.as_str(), self.spent(role, before) / requests.max(1) as u64)).collect();
        spent.sort_by_key(|(_, microseconds)| std::cmp::Reverse(*microseconds));
        let named = spent.iter().filter(|(_, microseconds)| *microseconds > 0);
        named.map(|(role, microseconds)| format!("{role} {microseconds}")).collect::<Vec<_>>().join(", ")
    }
}

/// User and system time of a process, all its threads.
fn ticks(pid: u64) -> Result<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The command may contain anything but the last closing bracket.
    let (_, fields) = stat.rsplit_once(") ").context("a process's stat has its name in brackets")?;
    let fields: Vec<&str> = fields.split(' ').collect();
    Ok(fields[11].parse::<u64>()? + fields[12].parse::<u64>()?)
}
