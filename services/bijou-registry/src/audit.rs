//! What operators did: who, from where, to which instance, why, and what came of it. A log line each, and the latest
//! ones kept to be looked at.

use std::{
    collections::VecDeque,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use serde::Serialize;
use tracing::info;

/// Entries kept to be looked at; the log has them all.
const KEPT_MAX: usize = 1000;

#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    pub at_ms: u64,
    /// Who, by credentials; `anonymous` without.
    pub caller: String,
    /// From where.
    pub address: IpAddr,
    pub action: &'static str,
    pub app: String,
    pub instance_id: String,
    /// The status that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// `done`, `not-found` or `refused`.
    pub outcome: &'static str,
}

#[derive(Debug, Default)]
pub struct Audit {
    kept: Mutex<VecDeque<Entry>>,
}

impl Audit {
    pub fn note(&self, entry: Entry) {
        info!(
            audit.action = entry.action,
            audit.caller = %entry.caller,
            audit.outcome = entry.outcome,
            audit.reason = entry.reason.as_deref(),
            audit.status = entry.status,
            client.address = %entry.address,
            registry.app = %entry.app,
            instance.id = %entry.instance_id,
            "audit: {} of `{}` instance `{}` by `{}`: {}",
            entry.action, entry.app, entry.instance_id, entry.caller, entry.outcome
        );
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == KEPT_MAX {
            kept.pop_front();
        }
        kept.push_back(entry);
    }

    /// The latest first.
    pub fn latest(&self) -> Vec<Entry> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().rev().cloned().collect()
    }
}
