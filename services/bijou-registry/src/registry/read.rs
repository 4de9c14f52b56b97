//! Reading the registry as somebody who may see only a part, or wants other regions too. Where neither is so, the one
//! finished document for everybody is handed out.

use std::{collections::BTreeMap, sync::Arc};

use bijou_eureka::{Applications, Instance};
use http::HeaderValue;

use super::Registry;
use crate::{
    access::{Apps, Caller},
    documents::{Contents, Document, Form, List},
    leases::{Current, Key, Listed, Record},
    settings::Right,
    views::{ViewKey, listed},
};

/// Who reads, and which regions they want.
#[derive(Debug)]
pub struct Reader<'a> {
    caller: &'a Caller,
    /// In lower case, sorted.
    regions: Option<Vec<String>>,
}

impl<'a> Reader<'a> {
    /// `regions` as Eureka's clients name them: separated by commas.
    pub fn new(caller: &'a Caller, regions: Option<&str>) -> Self {
        let regions = regions.map(|names| {
            let names = names.split(',').map(|name| name.trim().to_lowercase()).filter(|name| !name.is_empty());
            let mut names = names.collect::<Vec<_>>();
            names.sort();
            names.dedup();
            names
        });
        Reader { caller, regions: regions.filter(|names| !names.is_empty()) }
    }

    fn apps(&self) -> &Apps {
        self.caller.apps(Right::Read)
    }
}

impl Registry {
    /// Whether every region that is asked for was read at least once.
    pub fn are_ready(&self, reader: &Reader<'_>) -> bool {
        let Some(names) = reader.regions.as_deref() else { return true };
        self.regions.asked(Some(names)).iter().all(|region| region.is_ready())
    }

    /// The version of a list, as an entity tag. Weak: the same version has several encodings.
    pub fn tag(&self, reader: &Reader<'_>, list: List) -> String {
        let version = match self.view_key(reader) {
            None => {
                let mut state = self.lock();
                state.version(list, self.clock.now()).to_string()
            }
            Some(key) => self.in_view(reader, &key, |view, now| view.tag(list, now)),
        };
        self.tag_of(list, &version)
    }

    /// A list and its tag, built if nobody read this version yet.
    pub fn document(&self, reader: &Reader<'_>, list: List, form: Form) -> (HeaderValue, Arc<Document>) {
        if let Some(key) = self.view_key(reader) {
            let (version, document) = self.in_view(reader, &key, |view, now| view.document(list, form, now));
            return (document.tag(|| self.tag_of(list, &version)), document);
        }
        let (version, contents) = {
            let mut state = self.lock();
            let now = self.clock.now();
            let version = state.version(list, now);
            if let Some(document) = self.documents.get(list, form, version, now.mono_ms) {
                return (document.tag(|| self.tag_of(list, &version.to_string())), document);
            }
            (version, state.contents(list, now))
        };
        let document = self.documents.build(list, form, version, contents);
        (document.tag(|| self.tag_of(list, &version.to_string())), document)
    }

    /// One application, from another region when it is not here.
    pub fn application(&self, app: &str) -> Option<Listed> {
        let here = self.lock().leases.application(app);
        here.or_else(|| Some(Listed { name: app.into(), records: self.regions.application(app)? }))
    }

    /// One instance with its lease as it stands; from another region when its application is not here.
    pub fn instance_for(&self, app: &str, id: &str) -> Option<Current> {
        {
            let state = self.lock();
            let here = state.leases.current(app, id);
            if here.is_some() || state.leases.has_application(app) {
                return here;
            }
        }
        let elsewhere = self.regions.application(app)?;
        elsewhere.iter().find(|record| record.instance.id() == id).map(as_told)
    }

    pub fn instance(&self, app: &str, id: &str) -> Option<Instance> {
        self.lock().leases.instance(app, id)
    }

    /// The first instance of that id in any application the caller may read.
    pub fn instance_by_id_for(&self, id: &str, caller: &Caller) -> Option<Current> {
        let apps = caller.apps(Right::Read);
        let here = self.lock().leases.current_by_id(id, |app| apps.has(app));
        here.or_else(|| {
            let elsewhere = self.regions.find(|record| record.instance.id() == id && apps.has(record.instance.app()));
            elsewhere.first().map(as_told)
        })
    }

    /// The answer to a VIP's list: version -1, and a hash code of this answer alone.
    pub fn vip(&self, address: &str, is_secure: bool, apps: &Apps) -> Contents {
        let mut applications = {
            let state = self.lock();
            if is_secure { state.leases.with_secure_vip(address) } else { state.leases.with_vip(address) }
        };
        if applications.is_empty() && self.regions.is_any() {
            let has_address = |record: &Record| {
                let own = if is_secure { record.instance.secure_vip_address() } else { record.instance.vip_address() };
                own.into_iter().flat_map(|list| list.split(',')).any(|one| one == address)
            };
            let entries = self.regions.find(has_address).into_iter().map(|record| (key_of(&record), record));
            applications = listed(entries.collect::<BTreeMap<_, _>>().iter());
        }
        applications.retain(|listed| apps.has(&listed.name));
        let records = applications.iter().flat_map(|listed| &listed.records);
        let hash_code = Applications::hash_code_of(records.map(|record| record.instance.status));
        Contents { version_text: "-1".to_owned(), hash_code, applications }
    }

    /// Whether an application may have one more instance.
    pub fn has_room(&self, app: &str, id: &str, instances_max: usize) -> bool {
        self.lock().leases.has_room(app, id, instances_max)
    }

    /// `None` for what everybody is given.
    fn view_key(&self, reader: &Reader<'_>) -> Option<ViewKey> {
        let is_here_only = !self.regions.is_any() || (reader.regions.is_none() && !self.regions.has_fallback);
        if is_here_only && reader.apps().is_all() {
            return None;
        }
        let caller = (!reader.apps().is_all()).then(|| Arc::clone(&reader.caller.name));
        Some(ViewKey { caller, regions: reader.regions.clone().filter(|_| !is_here_only) })
    }

    /// Does something with a view that is up to date.
    fn in_view<T>(
        &self,
        reader: &Reader<'_>,
        key: &ViewKey,
        act: impl FnOnce(&mut crate::views::View, crate::clock::Moment) -> T,
    ) -> T {
        let view = self.views.get(key);
        let mut view = view.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let asked = self.regions.asked(reader.regions.as_deref());
        let held = asked.iter().map(|region| region.held()).collect::<Vec<_>>();
        let here = {
            let state = self.lock();
            let basis = std::iter::once(state.leases.revision())
                .chain(held.iter().map(|held| held.version))
                .collect::<Vec<_>>();
            (!view.is_of(&basis)).then(|| (basis, state.leases.all()))
        };
        let now = self.clock.now();
        if let Some((basis, here)) = here {
            let mut entries: BTreeMap<Key, Arc<Record>> = BTreeMap::new();
            for held in &held {
                for (key, record) in held.each() {
                    // Who names no region wants others only for what is not here.
                    let is_here = || here.binary_search_by(|listed| listed.name.cmp(&key.0)).is_ok();
                    if reader.regions.is_some() || !is_here() {
                        entries.entry(key.clone()).or_insert_with(|| Arc::clone(record));
                    }
                }
            }
            for listed in &here {
                entries.extend(listed.records.iter().map(|record| (key_of(record), Arc::clone(record))));
            }
            entries.retain(|(app, _), _| reader.apps().has(app));
            view.take(basis, entries, now);
        }
        act(&mut view, now)
    }

    fn tag_of(&self, list: List, version: &str) -> String {
        let list = match list {
            List::All => "all",
            List::Delta => "delta",
        };
        format!("W/\"{}-{list}-{version}\"", self.epoch)
    }
}

/// With the lease that another region told of.
fn as_told(record: &Arc<Record>) -> Current {
    Current { lease: record.instance.lease, record: Arc::clone(record) }
}

fn key_of(record: &Record) -> Key {
    (record.instance.app().into(), record.instance.id().into())
}
