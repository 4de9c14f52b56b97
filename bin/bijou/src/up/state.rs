//! `run.json` in the data folder: where this run listens and which process is which role.
//!
//! For scripts and tests ("kill the catalog"); nothing of ours reads it back.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

use super::ports::Ports;

/// Cheap to clone.
#[derive(Clone, Debug)]
pub struct StateFile {
    path: PathBuf,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Serialize)]
struct State {
    supervisor_pid: u32,
    gateway: String,
    registry: String,
    operator: String,
    /// By label: `catalog`, or `catalog.1`.
    roles: BTreeMap<String, RoleState>,
}

#[derive(Debug, Serialize)]
struct RoleState {
    /// Absent while it is not running.
    #[serde(skip_serializing_if = "Option::is_none")]
    pid: Option<u32>,
    starts: u32,
}

impl StateFile {
    pub fn new(folder: &Path, ports: &Ports) -> Self {
        let state = State {
            supervisor_pid: std::process::id(),
            gateway: format!("http://{}", ports.gateway),
            registry: format!("http://{}/eureka", ports.registry),
            operator: format!("http://{}", ports.operator),
            roles: BTreeMap::new(),
        };
        Self { path: folder.join("run.json"), state: Arc::new(Mutex::new(state)) }
    }

    pub fn started(&self, label: &str, pid: u32) {
        self.update(|state| {
            let role = state.roles.entry(label.to_owned()).or_insert(RoleState { pid: None, starts: 0 });
            role.pid = Some(pid);
            role.starts += 1;
        });
    }

    pub fn ended(&self, label: &str) {
        self.update(|state| {
            if let Some(role) = state.roles.get_mut(label) {
                role.pid = None;
            }
        });
    }

    pub fn remove(&self) {
        let _ = fs::remove_file(&self.path);
    }

    /// Replaced as a whole, so that a reader never sees half of it. A full disk is reported by those who need the disk.
    fn update(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut state);
        let next = self.path.with_extension("json.next");
        if let Ok(text) = serde_json::to_string_pretty(&*state)
            && fs::write(&next, text).is_ok()
        {
            let _ = fs::rename(&next, &self.path);
        }
    }
}
