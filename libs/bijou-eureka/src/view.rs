//! What a client believes about the registry's contents, and for how long after a registry restart.
//!
//! Pure bookkeeping, time is an argument. A registry that starts anew knows nobody: taking its first list at its word
//! would tell every client that the whole platform is gone, although only the registry was. So what the new epoch does
//! not list (yet) is carried for a grace, until the instance registered again or the grace is over.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{Endpoint, Instance, Snapshot};

type Key = (String, String);

#[derive(Debug)]
struct Entry {
    /// `None` for an instance nobody can connect to; it is remembered to be known as returned.
    endpoint: Option<Arc<Endpoint>>,
    /// Believed only until then unless the registry names it again.
    carried_until: Option<Instant>,
}

impl Entry {
    /// A process that tells new metadata or another status keeps the identity it had: connections to it are as good as
    /// before.
    fn keep_identity(&mut self, previous: &Entry) {
        if let (Some(endpoint), Some(previous)) = (&mut self.endpoint, &previous.endpoint)
            && endpoint.is_same_process(previous)
        {
            Arc::make_mut(endpoint).last_dirty_ms = previous.last_dirty_ms;
        }
    }
}

/// What a change event asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Applied {
    Changed,
    Unchanged,
    /// A revision is missing: only a new full list helps.
    Gap,
}

#[derive(Debug)]
pub(crate) struct View {
    grace: Duration,
    epoch: Option<String>,
    revision: u64,
    /// Whether the registry tells only a part, so that revisions may be left out.
    is_filtered: bool,
    entries: BTreeMap<Key, Entry>,
}

impl View {
    pub(crate) fn new(grace: Duration) -> Self {
        View { grace, epoch: None, revision: 0, is_filtered: false, entries: BTreeMap::new() }
    }

    /// Whether revisions may be left out from here on.
    pub(crate) fn set_filtered(&mut self, is_filtered: bool) {
        self.is_filtered = is_filtered;
    }

    /// The event seen last, by which a broken watch is gone on with.
    pub(crate) fn last_event_id(&self) -> Option<String> {
        self.epoch.as_ref().map(|epoch| format!("{epoch}:{}", self.revision))
    }

    pub(crate) fn epoch(&self) -> Option<&str> {
        self.epoch.as_deref()
    }

    /// Takes a full list. `epoch` is `None` when it was polled from a registry without a watch; there, an empty list
    /// in place of a full one is the only sign of a restart.
    pub(crate) fn take_list<'a>(
        &mut self,
        epoch: Option<&str>,
        revision: u64,
        instances: impl IntoIterator<Item = &'a Instance>,
        now: Instant,
    ) {
        let mut fresh = instances.into_iter().map(entry_of).collect::<BTreeMap<_, _>>();
        let is_new_epoch = matches!((self.epoch.as_deref(), epoch), (Some(known), Some(told)) if known != told);
        let is_suddenly_empty = epoch.is_none() && fresh.is_empty();
        for (key, entry) in std::mem::take(&mut self.entries) {
            if let Some(told) = fresh.get_mut(&key) {
                told.keep_identity(&entry);
            }
            let carried_until = match entry.carried_until {
                // Another restart within the grace: nobody had the chance to return yet.
                _ if is_new_epoch => Some(now + self.grace),
                // An empty list is polled again and again, but only the first one begins the grace.
                None if is_suddenly_empty => Some(now + self.grace),
                carried_until => carried_until,
            };
            if carried_until.is_some_and(|until| until > now) {
                fresh.entry(key).or_insert(Entry { carried_until, ..entry });
            }
        }
        self.entries = fresh;
        self.epoch = epoch.map(str::to_owned);
        self.revision = revision;
    }

    pub(crate) fn upsert(&mut self, revision: u64, instance: &Instance) -> Applied {
        match self.follows(revision) {
            Applied::Changed => {}
            other => return other,
        }
        let (key, mut entry) = entry_of(instance);
        let previous = self.entries.get(&key);
        if let Some(previous) = previous {
            entry.keep_identity(previous);
        }
        let is_same =
            previous.is_some_and(|previous| previous.carried_until.is_none() && previous.endpoint == entry.endpoint);
        self.entries.insert(key, entry);
        if is_same { Applied::Unchanged } else { Applied::Changed }
    }

    pub(crate) fn remove(&mut self, revision: u64, instance: &Instance) -> Applied {
        match self.follows(revision) {
            Applied::Changed => {}
            other => return other,
        }
        match self.entries.remove(&key_of(instance)) {
            Some(_) => Applied::Changed,
            None => Applied::Unchanged,
        }
    }

    /// Forgets what was carried long enough. Returns whether anything was.
    pub(crate) fn expire(&mut self, now: Instant) -> bool {
        let before = self.entries.len();
        self.entries.retain(|_, entry| entry.carried_until.is_none_or(|until| until > now));
        self.entries.len() != before
    }

    /// When [`View::expire`] has something to do next.
    pub(crate) fn next_expiry(&self) -> Option<Instant> {
        self.entries.values().filter_map(|entry| entry.carried_until).min()
    }

    pub(crate) fn snapshot(&self, generation: u64) -> Snapshot {
        let endpoints = self.entries.values().filter_map(|entry| entry.endpoint.clone());
        Snapshot::new(generation, self.epoch.clone(), self.revision, endpoints)
    }

    fn follows(&mut self, revision: u64) -> Applied {
        if revision <= self.revision {
            return Applied::Unchanged;
        }
        if revision != self.revision + 1 && !self.is_filtered {
            return Applied::Gap;
        }
        self.revision = revision;
        Applied::Changed
    }
}

fn key_of(instance: &Instance) -> Key {
    (instance.app.clone(), instance.id().to_owned())
}

fn entry_of(instance: &Instance) -> (Key, Entry) {
    let endpoint = Endpoint::of(instance).map(Arc::new);
    (key_of(instance), Entry { endpoint, carried_until: None })
}

#[cfg(test)]
#[path = "view_tests.rs"]
mod tests;
