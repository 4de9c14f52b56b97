//! The registry towards its peers: their events come in, ours are put into words.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use bijou_eureka::{
    Application, DigestEntry, Digests, Hearsay, Instance, Status,
    json::{ReplicationAction, ReplicationItem, ReplicationReply},
};

use super::Registry;
use crate::{
    access::Apps,
    clock::Moment,
    leases::{Beat, Key, Origin, Renewal, Telling, Unheard, Word},
};

impl Registry {
    /// Does what a peer tells, and answers as Eureka does.
    pub fn replicated(&self, item: ReplicationItem) -> ReplicationReply {
        let found = |is_found: bool| ReplicationReply::of(if is_found { 200 } else { 404 });
        let ReplicationItem { app, id, action, last_dirty_ms, overridden_status, status, instance, hearsay } = item;
        let told = hearsay.unwrap_or_default();
        let Hearsay { age_ms, overridden_ms } = told;
        match (action, overridden_ms) {
            (ReplicationAction::Register, _) => match instance {
                Some(instance) => {
                    self.register_as_told(Instance { is_coordinating: false, ..*instance }, hearsay);
                    ReplicationReply::of(200)
                }
                None => ReplicationReply::of(500),
            },
            (ReplicationAction::Heartbeat, _) => {
                // Who can tell since when does so with the registration that it is asked for.
                let overridden = overridden_status.filter(|_| hearsay.is_none());
                let beat = Beat { origin: Origin::Peer, dirty_ms: last_dirty_ms, overridden, age_ms };
                match self.renew(&app, &id, beat) {
                    Renewal::Renewed => ReplicationReply::of(200),
                    Renewal::RegisterAgain => ReplicationReply::of(404),
                    Renewal::OursIsNewer(record) => ReplicationReply {
                        status_code: 409,
                        instance: Some(Box::new(record.instance.to_instance())),
                        hearsay: hearsay.and_then(|_| self.hearsay(&app, &id)),
                    },
                }
            }
            (ReplicationAction::Cancel, _) => found(self.cancel_as_told(&app, &id, Origin::Peer, told)),
            (ReplicationAction::StatusUpdate, at_ms) => match (status, at_ms) {
                (Some(status), Some(at_ms)) => {
                    let word = Word { at_ms, status: Some(status) };
                    found(self.take_word(&app, &id, word, (status, last_dirty_ms), age_ms))
                }
                (Some(status), None) => found(self.override_status(&app, &id, Origin::Peer, status, None)),
                (None, _) => ReplicationReply::of(500),
            },
            (ReplicationAction::DeleteStatusOverride, Some(at_ms)) => {
                let word = Word { at_ms, status: None };
                found(self.take_word(&app, &id, word, (status.unwrap_or_default(), last_dirty_ms), age_ms))
            }
            (ReplicationAction::DeleteStatusOverride, None) => {
                let status = status.or(Some(Status::Unknown));
                found(self.remove_override(&app, &id, Origin::Peer, status))
            }
        }
    }

    fn take_word(&self, app: &str, id: &str, word: Word, stands: (Status, Option<u64>), age_ms: u64) -> bool {
        self.telemetry.overrides.inc();
        self.change(|state, now| state.leases.take_word(app, id, word, stands, now.ago(age_ms), now))
    }

    fn hearsay(&self, app: &str, id: &str) -> Option<Hearsay> {
        let state = self.lock();
        let key = state.leases.key(app, id)?;
        state.leases.telling(&key, self.now()).map(|telling| telling.hearsay)
    }

    /// Puts events into words as things stand now. An event about an instance that is gone meanwhile is left out: its
    /// cancellation follows.
    pub fn worded(&self, batch: &[(Key, ReplicationAction)]) -> Vec<ReplicationItem> {
        let state = self.lock();
        let now = self.now();
        let worded = |(key, action): &(Key, ReplicationAction)| {
            let mut item = ReplicationItem::new(&key.0, &key.1, *action);
            if *action == ReplicationAction::Cancel {
                item.hearsay = state.leases.goodbye(key, now);
                return Some(item);
            }
            let Telling { record, said, overridden, hearsay } = state.leases.telling(key, now)?;
            item.action = match (*action, overridden) {
                // What was so already, and became no override, is none elsewhere either.
                (ReplicationAction::StatusUpdate, None) => return None,
                // The instance says meanwhile that it is not ready: an event by itself would have it otherwise there.
                (ReplicationAction::StatusUpdate, Some(overridden)) if overridden != record.instance.status => {
                    ReplicationAction::Register
                }
                (action, _) => action,
            };
            item.last_dirty_ms = Some(record.instance.last_dirty_ms);
            item.status = Some(record.instance.status);
            item.hearsay = Some(hearsay);
            match item.action {
                ReplicationAction::Register => {
                    // Under an override it is the instance's own word that the peer needs: the rest follows from both.
                    let told = record.instance.to_instance();
                    item.status = Some(said);
                    item.instance = Some(Box::new(Instance { is_coordinating: false, status: said, ..told }));
                }
                ReplicationAction::Heartbeat => {
                    item.overridden_status = overridden;
                    item.hearsay = Some(Hearsay { overridden_ms: None, ..hearsay });
                }
                // Makes room for the override that is here. Should that go before it is told, nobody else gives the peer the
                // instance's own word again.
                ReplicationAction::DeleteStatusOverride if overridden.is_some() => item.status = Some(said),
                // How the instance stands says it all.
                ReplicationAction::Cancel
                | ReplicationAction::StatusUpdate
                | ReplicationAction::DeleteStatusOverride => {}
            }
            Some(item)
        };
        batch.iter().filter_map(worded).collect()
    }

    /// Takes a peer's newer version of an instance, its override included. A Java server, which says no more than that,
    /// was told of the client's heartbeat `age_ms` ago.
    pub fn adopt(&self, instance: Instance, hearsay: Option<Hearsay>, age_ms: u64) {
        let (app, id, overridden) = (instance.app.clone(), instance.id().to_owned(), instance.overridden_status);
        let stands = (instance.status, Some(instance.last_dirty_ms));
        let is_of_java = hearsay.is_none();
        let hearsay = hearsay.unwrap_or(Hearsay { age_ms, overridden_ms: None });
        self.register_as_told(Instance { is_coordinating: false, ..instance }, Some(hearsay));
        if is_of_java && overridden != Status::Unknown {
            let word = Word { at_ms: self.now().unix_ms, status: Some(overridden) };
            self.take_word(&app, &id, word, stands, age_ms);
        }
    }

    /// Takes a peer's whole list, and says how many instances that were. One of ours has `told` more of them when it was
    /// `asked`; whom a Java server lists it has heard of just now, for all that is known.
    pub fn take_list(&self, applications: Vec<Application>, told: &[DigestEntry], asked: Moment) -> usize {
        let told: HashMap<(&str, &str), &DigestEntry> =
            told.iter().map(|entry| ((entry.app.as_str(), entry.id.as_str()), entry)).collect();
        let instances = applications.into_iter().flat_map(|application| application.instances);
        let taken = instances.map(|instance| {
            let entry = told.get(&(instance.app.as_str(), instance.id()));
            let since_ms = self.now().mono_ms.saturating_sub(asked.mono_ms);
            let hearsay = entry.map(|entry| Hearsay {
                // Whom the peer keeps beyond its lease, this registry has to decide on itself, in a lease's time.
                age_ms: entry.age_ms.map_or(0, |age_ms| age_ms.saturating_add(since_ms)),
                overridden_ms: Some(entry.overridden_ms),
            });
            self.register_as_told(Instance { is_coordinating: false, ..instance }, hearsay);
        });
        taken.count()
    }

    /// Takes over the overrides of a Java server's list on which nobody ever said anything here.
    pub fn take_overrides(&self, theirs: &[DigestEntry]) {
        let unheard = self.lock().leases.overrides_unheard_of(theirs);
        for Unheard { key: (app, id), overridden, status, dirty_ms } in unheard {
            let word = Word { at_ms: self.now().unix_ms, status: Some(overridden) };
            // Of the client itself that says nothing.
            self.take_word(&app, &id, word, (status, Some(dirty_ms)), u64::MAX);
        }
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
            entries: if entries_of.is_empty() {
                Vec::new()
            } else {
                state.leases.digest_entries(is_asked_for, self.now())
            },
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
        self.lock().leases.differences(apps, theirs, self.now())
    }

    /// All applications there are here.
    pub fn application_names(&self) -> Vec<Arc<str>> {
        self.lock().leases.all().into_iter().map(|listed| listed.name).collect()
    }
}
