//! Lists that are not everybody's: for those who may read only some applications, and for those who ask for other
//! regions. Each such view is kept as a list of its own, with changes, hash code and versions of its own, so that its
//! full list and its delta agree with each other, which Eureka's merged lists do not.
//!
//! A view is brought up to date when it is read and something changed since; its cost is that of comparing two lists.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use bijou_eureka::{ActionType, Applications};

use crate::{
    clock::Moment,
    documents::{Contents, Document, Documents, Form, List},
    leases::{Key, Listed, Recent, Record},
};

/// Views kept; the one made first goes first.
const VIEWS_MAX: usize = 64;

/// Whose view it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ViewKey {
    /// `None` for those who may read everything.
    pub caller: Option<Arc<str>>,
    /// Sorted; `None` when none was named.
    pub regions: Option<Vec<String>>,
}

#[derive(Debug, Default)]
pub struct Views {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    views: BTreeMap<ViewKey, Arc<Mutex<View>>>,
    order: VecDeque<ViewKey>,
    made: u64,
}

/// One list as one kind of reader sees it.
#[derive(Debug, Default)]
pub struct View {
    /// Tells it from a view of the same key before it.
    number: u64,
    /// What it was made from.
    basis: Vec<u64>,
    entries: BTreeMap<Key, Arc<Record>>,
    version: u64,
    recent: Recent,
    documents: Documents,
}

impl Views {
    pub fn get(&self, key: &ViewKey) -> Arc<Mutex<View>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(view) = kept.views.get(key) {
            return Arc::clone(view);
        }
        if kept.views.len() >= VIEWS_MAX
            && let Some(oldest) = kept.order.pop_front()
        {
            kept.views.remove(&oldest);
        }
        kept.made += 1;
        let view = Arc::new(Mutex::new(View { number: kept.made, ..View::default() }));
        kept.views.insert(key.clone(), Arc::clone(&view));
        kept.order.push_back(key.clone());
        view
    }
}

impl View {
    pub fn is_of(&self, basis: &[u64]) -> bool {
        self.basis == basis
    }

    /// Brings it up to date.
    pub fn take(&mut self, basis: Vec<u64>, entries: BTreeMap<Key, Arc<Record>>, now: Moment) {
        // The first list is no news.
        if !self.basis.is_empty() {
            for (key, record) in &entries {
                if self.entries.get(key).is_none_or(|known| !Arc::ptr_eq(known, record)) {
                    self.recent.push(key.clone(), Arc::clone(record), now.mono_ms);
                    self.version += 1;
                }
            }
            for (key, record) in self.entries.iter().filter(|(key, _)| !entries.contains_key(*key)) {
                let mut gone = record.instance.clone();
                gone.action = Some(ActionType::Deleted);
                self.recent.push(key.clone(), Arc::new(Record::new(gone)), now.mono_ms);
                self.version += 1;
            }
        }
        (self.basis, self.entries) = (basis, entries);
    }

    /// A version that no other list of this process has, and the document.
    pub fn document(&mut self, list: List, form: Form, now: Moment) -> (String, Arc<Document>) {
        let version = self.version_of(list, now);
        let document = self.documents.get(list, form, version, now.mono_ms).unwrap_or_else(|| {
            let contents = self.contents(list);
            self.documents.build(list, form, version, contents)
        });
        (format!("{}.{version}", self.number), document)
    }

    pub fn tag(&mut self, list: List, now: Moment) -> String {
        let version = self.version_of(list, now);
        format!("{}.{version}", self.number)
    }

    fn version_of(&mut self, list: List, now: Moment) -> u64 {
        match list {
            List::All => self.version,
            List::Delta => {
                self.recent.prune(now.mono_ms);
                self.recent.version()
            }
        }
    }

    fn contents(&self, list: List) -> Contents {
        let statuses = self.entries.values().map(|record| record.instance.status);
        let hash_code = Applications::hash_code_of(statuses);
        match list {
            List::All => {
                Contents { version_text: "1".to_owned(), hash_code, applications: listed(self.entries.iter()) }
            }
            List::Delta => Contents {
                version_text: self.recent.version().to_string(),
                hash_code,
                applications: self.recent.listed(),
            },
        }
    }
}

/// Groups instances, which come in order, by application.
pub fn listed<'a>(entries: impl Iterator<Item = (&'a Key, &'a Arc<Record>)>) -> Vec<Listed> {
    let mut applications: Vec<Listed> = Vec::new();
    for ((app, _), record) in entries {
        match applications.last_mut().filter(|listed| listed.name == *app) {
            Some(listed) => listed.records.push(Arc::clone(record)),
            None => applications.push(Listed { name: Arc::clone(app), records: vec![Arc::clone(record)] }),
        }
    }
    applications
}

#[cfg(test)]
mod tests {
    use bijou_eureka::Instance;

    use super::*;

    fn entries(ids: &[(&str, &Arc<Record>)]) -> BTreeMap<Key, Arc<Record>> {
        ids.iter().map(|(id, record)| (("ORDERS".into(), (*id).into()), Arc::clone(record))).collect()
    }

    fn record(id: &str) -> Arc<Record> {
        Arc::new(Record::new(&Instance::new("orders", id, "n7", "10.4.0.7", 8080)))
    }

    #[test]
    fn a_view_has_a_delta_of_its_own_that_agrees_with_its_list() {
        let now = |mono_ms| Moment { mono_ms, unix_ms: 1_790_000_000_000 };
        let (a, b, c) = (record("a"), record("b"), record("c"));
        let mut view = View::default();
        view.take(vec![1], entries(&[("a", &a), ("b", &b)]), now(1));
        assert!(view.contents(List::Delta).applications.is_empty(), "the first list is no news");
        let first = view.tag(List::All, now(1));
        view.take(vec![2], entries(&[("a", &a), ("c", &c)]), now(2));
        let delta = view.contents(List::Delta);
        let told = delta.applications[0].records.iter().map(|record| (record.instance.id(), record.instance.action));
        assert_eq!(told.collect::<Vec<_>>(), [("c", None), ("b", Some(ActionType::Deleted))]);
        assert_eq!(delta.hash_code, view.contents(List::All).hash_code);
        assert_ne!(view.tag(List::All, now(2)), first);
        // Nothing but the basis changed: the same version.
        let tag = view.tag(List::All, now(2));
        view.take(vec![3], entries(&[("a", &a), ("c", &c)]), now(3));
        assert_eq!(view.tag(List::All, now(3)), tag);
    }

    #[test]
    fn a_view_that_was_let_go_and_made_again_has_other_versions() {
        let views = Views::default();
        let key = |number: usize| ViewKey { caller: Some(number.to_string().into()), regions: None };
        let now = Moment { mono_ms: 1, unix_ms: 1 };
        let tag = |number| views.get(&key(number)).lock().expect("not poisoned").tag(List::All, now);
        let first = tag(0);
        assert_eq!(tag(0), first);
        for number in 1..=VIEWS_MAX {
            tag(number);
        }
        assert_ne!(tag(0), first);
    }
}
