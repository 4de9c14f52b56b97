//! Where leases are: found by name through one hash, listed in order of application and id.
//!
//! A heartbeat looks for one lease among thousands. Down trees of names that is some thirty comparisons, each of a text that
//! is in no cache; by a hash it is one. The order is kept beside it, for lists.

use std::{
    collections::BTreeMap,
    hash::{BuildHasher, RandomState},
    sync::Arc,
};

use hashbrown::HashTable;
use slab::Slab;

use super::{Key, Lease, renewals::Renewals};

/// Where a lease is. It stays there until it is removed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place(
    /// Half as long as a `usize`: a heartbeat meets one of them among thousands, in no particular order.
    u32,
);

impl Place {
    fn new(key: usize) -> Self {
        Place(u32::try_from(key).expect("fewer than four thousand million leases"))
    }

    fn key(self) -> usize {
        self.0 as usize
    }
}

#[derive(Debug, Default)]
pub(super) struct Table {
    leases: Slab<Named>,
    applications: Slab<Application>,
    /// Places in `leases`, by application and id.
    places: HashTable<Place>,
    /// Has a secret, for names come from outside.
    hasher: RandomState,
    /// Places in `applications`.
    in_order: BTreeMap<Arc<str>, usize>,
}

/// In memory in this order: what a heartbeat looks at comes first, and is together.
#[derive(Debug)]
#[repr(C)]
struct Named {
    id: ShortId,
    /// Its place.
    application: usize,
    lease: Lease,
    key: Key,
}

/// An instance id where it is compared, if it is no longer than they mostly are.
#[derive(Debug)]
struct ShortId {
    bytes: [u8; SHORT_BYTES_MAX],
    /// Of the id, or more than there is room for.
    length: u8,
}

const SHORT_BYTES_MAX: usize = 55;

impl ShortId {
    fn of(id: &str) -> Self {
        let mut bytes = [0; SHORT_BYTES_MAX];
        if let Some(room) = bytes.get_mut(..id.len()) {
            room.copy_from_slice(id.as_bytes());
        }
        ShortId { bytes, length: id.len().min(SHORT_BYTES_MAX + 1) as u8 }
    }

    /// Whether it is `id`; `None` when it is too long to say so here.
    fn is(&self, id: &str) -> Option<bool> {
        let short = self.bytes.get(..usize::from(self.length))?;
        Some(short == id.as_bytes())
    }
}

/// An application that has instances.
#[derive(Debug)]
struct Application {
    name: Arc<str>,
    /// Places of leases, by instance id.
    in_order: BTreeMap<Arc<str>, Place>,
    renewals: Renewals,
}

impl Table {
    pub(super) fn find(&self, app: &str, id: &str) -> Option<&Lease> {
        Some(self.at(self.place(app, id)?))
    }

    pub(super) fn find_mut(&mut self, app: &str, id: &str) -> Option<&mut Lease> {
        let place = self.place(app, id)?;
        Some(self.at_mut(place))
    }

    /// Where a lease is, for whoever needs it more than once.
    pub(super) fn place(&self, app: &str, id: &str) -> Option<Place> {
        let hash = self.hasher.hash_one((app, id));
        let is_meant = |place: &Place| {
            let Named { id: its_id, application, key, .. } = &self.leases[place.key()];
            its_id.is(id).unwrap_or_else(|| *key.1 == *id) && *self.applications[*application].name == *app
        };
        self.places.find(hash, is_meant).copied()
    }

    pub(super) fn at(&self, place: Place) -> &Lease {
        &self.leases[place.key()].lease
    }

    pub(super) fn at_mut(&mut self, place: Place) -> &mut Lease {
        &mut self.leases[place.key()].lease
    }

    pub(super) fn key_at(&self, place: Place) -> &Key {
        &self.leases[place.key()].key
    }

    /// A lease, and what counts the renewals of its application.
    pub(super) fn find_to_renew(&mut self, app: &str, id: &str) -> Option<(&mut Lease, &mut Renewals)> {
        let place = self.place(app, id)?;
        let Named { application, lease, .. } = &mut self.leases[place.key()];
        Some((lease, &mut self.applications[*application].renewals))
    }

    /// The names of a lease, in the texts that are there.
    pub(super) fn key(&self, app: &str, id: &str) -> Option<&Key> {
        Some(self.key_at(self.place(app, id)?))
    }

    /// The name of an application, in the text that is there.
    pub(super) fn name(&self, app: &str) -> Option<&Arc<str>> {
        self.in_order.get_key_value(app).map(|(name, _)| name)
    }

    /// How many instances an application has.
    pub(super) fn count_of(&self, app: &str) -> usize {
        self.application(app).map_or(0, |application| application.in_order.len())
    }

    /// The names of all applications, in order.
    pub(super) fn names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.in_order.keys()
    }

    /// The leases of an application, in order.
    pub(super) fn of(&self, app: &str) -> impl Iterator<Item = (&Key, &Lease)> {
        self.application(app).into_iter().flat_map(|application| self.leases_of(application))
    }

    /// All leases in order, by application.
    pub(super) fn by_application(&self) -> impl Iterator<Item = (&Arc<str>, impl Iterator<Item = (&Key, &Lease)>)> {
        self.in_order.values().map(|place| {
            let application = &self.applications[*place];
            (&application.name, self.leases_of(application))
        })
    }

    /// All leases, in order.
    pub(super) fn each(&self) -> impl Iterator<Item = &Lease> {
        self.by_application().flat_map(|(_, leases)| leases.map(|(_, lease)| lease))
    }

    /// Of an application.
    pub(super) fn renewals_of(&mut self, app: &str) -> Option<&mut Renewals> {
        let place = *self.in_order.get(app)?;
        Some(&mut self.applications[place].renewals)
    }

    /// Of all applications.
    pub(super) fn renewals(&mut self) -> impl Iterator<Item = &mut Renewals> {
        self.applications.iter_mut().map(|(_, application)| &mut application.renewals)
    }

    /// Enters a lease where there is none of that name.
    pub(super) fn insert(&mut self, key: Key, lease: Lease) -> Place {
        let application = self.in_order.get(&key.0).copied().unwrap_or_else(|| {
            let (name, in_order, renewals) = (Arc::clone(&key.0), BTreeMap::new(), Renewals::default());
            let place = self.applications.insert(Application { name, in_order, renewals });
            self.in_order.insert(Arc::clone(&key.0), place);
            place
        });
        let hash = hash_of(&self.hasher, &key);
        let id = Arc::clone(&key.1);
        let place = Place::new(self.leases.insert(Named { id: ShortId::of(&key.1), application, lease, key }));
        self.places.insert_unique(hash, place, |place| hash_of(&self.hasher, &self.leases[place.key()].key));
        self.applications[application].in_order.insert(id, place);
        place
    }

    /// Takes out a lease; an application goes with its last.
    pub(super) fn remove(&mut self, key: &Key) -> Option<Lease> {
        let is_meant = |place: &Place| self.leases[place.key()].key == *key;
        let entry = self.places.find_entry(hash_of(&self.hasher, key), is_meant).ok()?;
        let (place, _) = entry.remove();
        let Named { application, lease, .. } = self.leases.remove(place.key());
        let instances = &mut self.applications[application].in_order;
        instances.remove(&key.1);
        if instances.is_empty() {
            self.applications.remove(application);
            self.in_order.remove(&key.0);
        }
        Some(lease)
    }

    fn application(&self, app: &str) -> Option<&Application> {
        self.in_order.get(app).map(|place| &self.applications[*place])
    }

    fn leases_of(&self, application: &Application) -> impl Iterator<Item = (&Key, &Lease)> {
        application.in_order.values().map(|place| {
            let Named { key, lease, .. } = &self.leases[place.key()];
            (key, lease)
        })
    }
}

fn hash_of(hasher: &RandomState, (app, id): &Key) -> u64 {
    hasher.hash_one((&**app, &**id))
}

#[cfg(test)]
mod tests {
    use super::ShortId;

    #[test]
    fn an_id_is_itself_only_whatever_its_length() {
        let ids = (0..60).map(|length| "a".repeat(length)).chain(["b".to_owned(), "a".repeat(54) + "b"]);
        let ids = ids.collect::<Vec<_>>();
        for one in &ids {
            for other in &ids {
                let expected = (one.len() <= 55).then_some(one == other);
                assert_eq!(ShortId::of(one).is(other), expected, "{one} {other}");
            }
        }
    }
}
