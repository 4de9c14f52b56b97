//! Comparing with another registry: what each would have to be told to agree.
//!
//! A registry pushes only what it knows first hand: instances whose client speaks to it, those that were cancelled here,
//! and overrides that were set or removed here later than there. What it heard from others it keeps to itself, or two
//! registries could keep a dead instance alive by telling each other of it.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use bijou_eureka::{DigestEntry, Status, json::ReplicationAction};

use super::{Heard, Key, Lease, Leases};

impl Leases {
    /// A number for each application; equal where two registries hold the same.
    pub fn digests(&self) -> BTreeMap<String, u64> {
        let digest_of = |lease: &Lease| {
            let Lease { record, overridden, .. } = lease;
            let status = record.instance.status as u64 * 31 + overridden.map_or(7, |status| status as u64);
            // Multiplied so that two statuses swapped between instances show.
            record.fingerprint().wrapping_mul(status * 2 + 1)
        };
        let digests = self.table.by_application().map(|(app, leases)| {
            // The order does not matter, so that nobody has to sort alike.
            (app.to_string(), leases.map(|(_, lease)| digest_of(lease)).fold(0, u64::wrapping_add))
        });
        digests.collect()
    }

    /// The entries of some applications, or of all.
    pub fn digest_entries(&self, is_asked_for: impl Fn(&str) -> bool) -> Vec<DigestEntry> {
        let applications = self.table.by_application().filter(|(app, _)| is_asked_for(app));
        applications.flat_map(|(_, leases)| leases).map(|(_, lease)| entry_of(lease)).collect()
    }

    /// What to tell a peer that holds `theirs` of `apps`.
    pub fn differences(&self, apps: &[Arc<str>], theirs: &[DigestEntry]) -> Vec<(Key, ReplicationAction)> {
        let mut told = Vec::new();
        let theirs_by_key: HashMap<(&str, &str), &DigestEntry> =
            theirs.iter().map(|entry| ((entry.app.as_str(), entry.id.as_str()), entry)).collect();
        for (key, lease) in apps.iter().flat_map(|app| self.table.of(app)) {
            let theirs = theirs_by_key.get(&(key.0.as_ref(), key.1.as_ref())).copied();
            told.extend(lease.news_for(theirs).into_iter().map(|action| (key.clone(), action)));
        }
        for entry in theirs {
            let key: Key = (entry.app.as_str().into(), entry.id.as_str().into());
            let is_ours = self.table.find(&key.0, &key.1).is_some();
            if !is_ours && self.graves.is_before(&key, entry.dirty_ms, entry.registered_ms) {
                told.push((key, ReplicationAction::Cancel));
            }
        }
        told
    }
}

impl Lease {
    fn news_for(&self, theirs: Option<&DigestEntry>) -> Vec<ReplicationAction> {
        let ours = entry_of(self);
        let is_first_hand = self.heard == Heard::Client;
        let Some(theirs) = theirs else {
            return if is_first_hand { vec![ReplicationAction::Register] } else { Vec::new() };
        };
        let mut news = Vec::new();
        let is_newer = ours.dirty_ms > theirs.dirty_ms;
        let differs = ours.dirty_ms == theirs.dirty_ms
            && ((ours.fingerprint != theirs.fingerprint && theirs.fingerprint != 0)
                || (ours.status != theirs.status && ours.overridden == theirs.overridden));
        if is_first_hand && (is_newer || differs) {
            news.push(ReplicationAction::Register);
        }
        if ours.overridden != theirs.overridden && ours.overridden_ms > theirs.overridden_ms {
            news.push(match self.overridden {
                Some(_) => ReplicationAction::StatusUpdate,
                None => ReplicationAction::DeleteStatusOverride,
            });
        }
        news
    }
}

fn entry_of(lease: &Lease) -> DigestEntry {
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
    }
}
