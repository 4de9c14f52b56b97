//! Comparing with another registry: what each would have to be told to agree.
//!
//! A registry pushes only what it knows first hand: instances whose client speaks to it, those that were cancelled here,
//! and overrides that were set or removed later than what counts there. What it heard from others it keeps to itself, and
//! of a lease that is over it says nothing, or two registries could keep a dead instance alive by telling each other of it.
//!
//! A Java server's list does not say when an override was set. Whatever was said here counts there too; where nothing ever
//! was, the server's counts here ([`Leases::overrides_unheard_of`]).

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use bijou_eureka::{DigestEntry, Status, json::ReplicationAction};

use super::{Heard, Key, Lease, Leases, Word};
use crate::clock::Moment;

/// An override that a Java server has, and how the instance stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unheard {
    pub key: Key,
    pub overridden: Status,
    pub status: Status,
    pub dirty_ms: u64,
}

impl Leases {
    /// A number for each application; equal where two registries hold the same.
    pub fn digests(&self) -> BTreeMap<String, u64> {
        let digest_of = |lease: &Lease| {
            let Lease { record, overridden, overridden_ms, .. } = lease;
            let status = record.instance.status as u64 * 31 + overridden.map_or(7, |status| status as u64);
            // Multiplied so that two statuses swapped between instances show, and two times.
            let said = record.fingerprint() ^ overridden_ms.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            said.wrapping_mul(status * 2 + 1)
        };
        let digests = self.table.by_application().map(|(app, leases)| {
            // The order does not matter, so that nobody has to sort alike.
            (app.to_string(), leases.map(|(_, lease)| digest_of(lease)).fold(0, u64::wrapping_add))
        });
        digests.collect()
    }

    /// The entries of some applications, or of all.
    pub fn digest_entries(&self, is_asked_for: impl Fn(&str) -> bool, now: Moment) -> Vec<DigestEntry> {
        let applications = self.table.by_application().filter(|(app, _)| is_asked_for(app));
        let entry = |(key, lease): (&Key, &Lease)| {
            let mut entry = entry_of(lease, now);
            // Self-preservation keeps it, and does not know for how long.
            if self.overdue.contains(key) {
                entry.age_ms = None;
            }
            entry
        };
        applications.flat_map(|(_, leases)| leases).map(entry).collect()
    }

    /// What to tell a peer that holds `theirs` of `apps`.
    pub fn differences(&self, apps: &[Arc<str>], theirs: &[DigestEntry], now: Moment) -> Vec<(Key, ReplicationAction)> {
        let mut told = Vec::new();
        let theirs_by_key: HashMap<(&str, &str), &DigestEntry> =
            theirs.iter().map(|entry| ((entry.app.as_str(), entry.id.as_str()), entry)).collect();
        for (key, lease) in apps.iter().flat_map(|app| self.table.of(app)) {
            let theirs = theirs_by_key.get(&(key.0.as_ref(), key.1.as_ref())).copied();
            told.extend(lease.news_for(theirs, now).into_iter().map(|action| (key.clone(), action)));
        }
        for entry in theirs {
            let key: Key = (entry.app.as_str().into(), entry.id.as_str().into());
            let is_ours = self.table.find(&key.0, &key.1).is_some();
            // Who has it from others may have heard of them before the goodbye only.
            let heard = entry.age_ms.filter(|_| entry.is_first_hand).map(|age_ms| now.ago(age_ms));
            if !is_ours && self.graves.is_before(&key, entry.dirty_ms, entry.registered_ms, heard) {
                told.push((key, ReplicationAction::Cancel));
            }
        }
        told
    }

    /// The overrides in a Java server's list on instances of which nobody ever said anything here.
    pub fn overrides_unheard_of(&self, theirs: &[DigestEntry]) -> Vec<Unheard> {
        let unheard = |entry: &DigestEntry| {
            let overridden = word_of(entry).status?;
            let key = self.table.key(&entry.app, &entry.id)?;
            let lease = self.table.find(&key.0, &key.1).filter(|lease| lease.word() == Word::default())?;
            let status = entry.status.parse().unwrap_or(lease.record.instance.status);
            Some(Unheard { key: key.clone(), overridden, status, dirty_ms: entry.dirty_ms })
        };
        theirs.iter().filter_map(unheard).collect()
    }
}

impl Lease {
    fn news_for(&self, theirs: Option<&DigestEntry>, now: Moment) -> Vec<ReplicationAction> {
        if self.is_over(now) {
            return Vec::new();
        }
        let is_first_hand = self.heard == Heard::Client;
        let Some(theirs) = theirs else {
            return if is_first_hand { vec![ReplicationAction::Register] } else { Vec::new() };
        };
        let ours = entry_of(self, now);
        let is_of_java = is_of_java(theirs);
        let mut news = Vec::new();
        let is_newer = ours.dirty_ms > theirs.dirty_ms;
        let differs = ours.dirty_ms == theirs.dirty_ms
            && ((ours.fingerprint != theirs.fingerprint && !is_of_java)
                || (ours.status != theirs.status && ours.overridden == theirs.overridden));
        // Where the client spoke to both, of one version one of them gives way, or each would take the other's.
        let is_weightier = || !theirs.is_first_hand || weight(&ours) > weight(theirs);
        if is_first_hand && (is_newer || (differs && is_weightier())) {
            news.push(ReplicationAction::Register);
        }
        let word = if is_of_java { self.word_for_java(theirs) } else { self.word_for_ours(theirs) };
        news.extend(word.filter(|action| !news.contains(action)));
        news
    }

    fn word_for_ours(&self, theirs: &DigestEntry) -> Option<ReplicationAction> {
        let word = self.word();
        if word <= word_of(theirs) {
            return None;
        }
        Some(match word.status {
            // It says how the instance stands, the override with it.
            Some(status) if status != self.record.instance.status => ReplicationAction::Register,
            Some(_) => ReplicationAction::StatusUpdate,
            None => ReplicationAction::DeleteStatusOverride,
        })
    }

    /// Such a server makes a status that is there already no override, and puts any other into effect also where the
    /// instance says that it is not ready. A registration that carries the override does neither; it gives way to another
    /// override that is there, so that has to go first.
    fn word_for_java(&self, theirs: &DigestEntry) -> Option<ReplicationAction> {
        let told = word_of(theirs).status;
        if self.overridden == told || self.word() == Word::default() {
            return None;
        }
        let Some(overridden) = self.overridden else { return Some(ReplicationAction::DeleteStatusOverride) };
        if overridden.as_str() != theirs.status && overridden == self.record.instance.status {
            return Some(ReplicationAction::StatusUpdate);
        }
        // The next comparison finds it without one.
        Some(told.map_or(ReplicationAction::Register, |_| ReplicationAction::DeleteStatusOverride))
    }
}

fn entry_of(lease: &Lease, now: Moment) -> DigestEntry {
    let instance = &lease.record.instance;
    DigestEntry {
        app: instance.app().to_owned(),
        id: instance.id().to_owned(),
        dirty_ms: instance.last_dirty_ms,
        registered_ms: instance.lease.registration_ms,
        fingerprint: lease.record.fingerprint(),
        status: instance.status.to_string(),
        overridden: lease.overridden.map(Status::as_str).map(str::to_owned),
        overridden_ms: lease.overridden_ms,
        age_ms: Some(lease.age_ms(now)),
        is_first_hand: lease.heard == Heard::Client,
    }
}

/// A Java server's list has no fingerprints.
fn is_of_java(entry: &DigestEntry) -> bool {
    entry.fingerprint == 0
}

fn word_of(entry: &DigestEntry) -> Word {
    Word { at_ms: entry.overridden_ms, status: entry.overridden.as_deref().and_then(|status| status.parse().ok()) }
}

/// Which of two ways to see one version is kept: any order will do that every node has. UNKNOWN says least.
fn weight(entry: &DigestEntry) -> (u64, bool, &str) {
    (entry.fingerprint, entry.status != Status::Unknown.as_str(), entry.status.as_str())
}
