//! The registry towards its peers: their events come in, ours are put into words.

use std::{collections::BTreeSet, sync::Arc};

use bijou_eureka::{
    Application, DigestEntry, Digests, Instance, Status,
    json::{ReplicationAction, ReplicationItem, ReplicationReply},
};

use super::Registry;
use crate::{
    access::Apps,
    leases::{Key, Origin, Renewal},
};

impl Registry {
    /// Does what a peer tells, and answers as Eureka does.
    pub fn replicated(&self, item: ReplicationItem) -> ReplicationReply {
        let found = |is_found: bool| ReplicationReply::of(if is_found { 200 } else { 404 });
        let ReplicationItem { app, id, action, last_dirty_ms, overridden_status, status, instance } = item;
        match action {
            ReplicationAction::Register => match instance {
                Some(instance) => {
                    self.register(Instance { is_coordinating: false, ..*instance }, Origin::Peer);
                    ReplicationReply::of(200)
                }
                None => ReplicationReply::of(500),
            },
            ReplicationAction::Heartbeat => {
                match self.renew(&app, &id, Origin::Peer, last_dirty_ms, overridden_status) {
                    Renewal::Renewed => ReplicationReply::of(200),
                    Renewal::RegisterAgain => ReplicationReply::of(404),
                    Renewal::OursIsNewer(record) => {
                        ReplicationReply { status_code: 409, instance: Some(Box::new(record.instance.to_instance())) }
                    }
                }
            }
            ReplicationAction::Cancel => found(self.cancel(&app, &id, Origin::Peer)),
            ReplicationAction::StatusUpdate => match status {
                Some(status) => found(self.override_status(&app, &id, Origin::Peer, status, last_dirty_ms, None)),
                None => ReplicationReply::of(500),
            },
            ReplicationAction::DeleteStatusOverride => {
                let status = status.or(Some(Status::Unknown));
                found(self.remove_override(&app, &id, Origin::Peer, status, last_dirty_ms))
            }
        }
    }

    /// Puts events into words as things stand now. An event about an instance that is gone meanwhile is left out: its
    /// cancellation follows.
    pub fn worded(&self, batch: &[(Key, ReplicationAction)]) -> Vec<ReplicationItem> {
        let state = self.lock();
        let worded = |(key, action): &(Key, ReplicationAction)| {
            let mut item = ReplicationItem::new(&key.0, &key.1, *action);
            if *action == ReplicationAction::Cancel {
                return Some(item);
            }
            let (record, overridden) = state.leases.record(key)?;
            item.last_dirty_ms = Some(record.instance.last_dirty_ms);
            item.status = Some(record.instance.status);
            match action {
                ReplicationAction::Register => {
                    item.instance =
                        Some(Box::new(Instance { is_coordinating: false, ..record.instance.to_instance() }));
                }
                ReplicationAction::Heartbeat => item.overridden_status = overridden,
                ReplicationAction::StatusUpdate => item.status = Some(overridden.unwrap_or(record.instance.status)),
                ReplicationAction::Cancel | ReplicationAction::DeleteStatusOverride => {}
            }
            Some(item)
        };
        batch.iter().filter_map(worded).collect()
    }

    /// Takes a peer's newer version of an instance, its override included.
    pub fn adopt(&self, instance: Instance) {
        let (app, id, overridden) = (instance.app.clone(), instance.id().to_owned(), instance.overridden_status);
        let dirty_ms = Some(instance.last_dirty_ms);
        self.register(Instance { is_coordinating: false, ..instance }, Origin::Peer);
        if overridden != Status::Unknown {
            self.override_status(&app, &id, Origin::Peer, overridden, dirty_ms, None);
        }
    }

    /// Takes a peer's whole list, and says how many instances that were.
    pub fn take_list(&self, applications: Vec<Application>) -> usize {
        let instances = applications.into_iter().flat_map(|application| application.instances);
        instances.map(|instance| self.register(Instance { is_coordinating: false, ..instance }, Origin::Peer)).count()
    }

    /// What a peer compares with, as far as it may replicate. `entries_of` names applications; `*` all.
    pub fn digests(&self, entries_of: &[&str], apps: &Apps) -> Digests {
        let state = self.lock();
        let is_asked_for = |app: &str| apps.has(app) && entries_of.iter().any(|asked| *asked == "*" || *asked == app);
        let mut applications = state.leases.digests();
        applications.retain(|app, _| apps.has(app));
        Digests {
            node: self.epoch.to_string(),
            is_asking: !self.is_open(),
            applications,
            entries: if entries_of.is_empty() { Vec::new() } else { state.leases.digest_entries(is_asked_for) },
        }
    }

    /// The applications in which a peer's digests differ from ours.
    pub fn differing(&self, theirs: &Digests) -> Vec<Arc<str>> {
        let ours = self.lock().leases.digests();
        let names: BTreeSet<&String> = ours.keys().chain(theirs.applications.keys()).collect();
        let differing = names.into_iter().filter(|app| ours.get(*app) != theirs.applications.get(*app));
        differing.map(|app| app.as_str().into()).collect()
    }

    /// What to tell a peer that holds `theirs` of `apps`.
    pub fn differences(&self, apps: &[Arc<str>], theirs: &[DigestEntry]) -> Vec<(Key, ReplicationAction)> {
        self.lock().leases.differences(apps, theirs)
    }

    /// All applications there are here.
    pub fn application_names(&self) -> Vec<Arc<str>> {
        self.lock().leases.all().into_iter().map(|listed| listed.name).collect()
    }
}
