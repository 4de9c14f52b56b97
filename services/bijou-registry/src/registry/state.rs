//! What the registry's lock guards.

use std::{collections::VecDeque, sync::Arc};

use bijou_eureka::ActionType;

use crate::{
    clock::Moment,
    documents::{Contents, List},
    leases::{Change, Leases, Record, Standing},
    watch::Told,
};

/// Changes kept for those who come back.
const CHANGES_KEPT_MAX: usize = 4096;
/// Registrations and ends kept to be looked at.
const LAST_MAX: usize = 1000;

#[derive(Debug)]
pub(super) struct State {
    pub(super) leases: Leases,
    pub(super) standing: Standing,
    /// The applications that keep expired leases.
    pub(super) preserving: Vec<Arc<str>>,
    pub(super) history: VecDeque<Arc<Told>>,
    pub(super) registered: VecDeque<Arc<Record>>,
    pub(super) changed: VecDeque<Arc<Record>>,
    pub(super) ended: VecDeque<Arc<Record>>,
}

impl State {
    pub(super) fn new(leases: Leases) -> Self {
        State {
            leases,
            standing: Standing::Watching,
            preserving: Vec::new(),
            history: VecDeque::new(),
            registered: VecDeque::new(),
            changed: VecDeque::new(),
            ended: VecDeque::new(),
        }
    }

    pub(super) fn version(&mut self, list: List, now: Moment) -> u64 {
        match list {
            List::All => self.leases.revision(),
            List::Delta => self.leases.delta_version(now),
        }
    }

    pub(super) fn contents(&mut self, list: List, now: Moment) -> Contents {
        match list {
            List::All => Contents {
                version_text: "1".to_owned(),
                hash_code: self.leases.hash_code(),
                applications: self.leases.all(),
            },
            List::Delta => {
                let delta = self.leases.delta(now);
                Contents {
                    version_text: delta.version.to_string(),
                    hash_code: delta.hash_code,
                    applications: delta.applications,
                }
            }
        }
    }

    pub(super) fn remember(&mut self, change: &Change, told: &Arc<Told>) {
        push_bounded(&mut self.history, Arc::clone(told), CHANGES_KEPT_MAX);
        let queue = match change.record.instance.action {
            Some(ActionType::Added) => &mut self.registered,
            Some(ActionType::Deleted) => &mut self.ended,
            Some(ActionType::Modified) | None => &mut self.changed,
        };
        push_bounded(queue, Arc::clone(&change.record), LAST_MAX);
    }
}

fn push_bounded<T>(queue: &mut VecDeque<T>, entry: T, max: usize) {
    if queue.len() >= max {
        queue.pop_front();
    }
    queue.push_back(entry);
}
