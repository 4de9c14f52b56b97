//! Instances as one worker knows them: the registry's picture, plus what only this worker can know.
//!
//! The discovery snapshot is shared and immutable; connections and health are not. This keeps the latter by instance
//! and follows the former by comparing one number per request, so a deregistered instance gets nothing from the very
//! next request on.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use bijou_eureka::Discovery;

use super::{Hyper, Instance};
use crate::balance::zones::{Locality, gateways_near};
use crate::routes::Target;

/// The instances behind one target.
pub type Instances = Rc<[Rc<Instance>]>;

/// Instances by application.
#[derive(Debug)]
pub struct Directory {
    discovery: Discovery,
    exchange: Rc<Hyper>,
    /// The gateway's own.
    zone: Option<Arc<str>>,
    /// Which part of all gateways is in it.
    gateways_near: Cell<f32>,
    generation: Cell<Option<u64>>,
    by_app: RefCell<HashMap<Arc<str>, Instances>>,
    fixed: RefCell<HashMap<Arc<str>, Instances>>,
}

impl Directory {
    /// A directory that follows `discovery`, seen from `zone`.
    pub fn new(discovery: Discovery, exchange: Rc<Hyper>, zone: Option<Arc<str>>) -> Self {
        Self {
            discovery,
            exchange,
            zone,
            gateways_near: Cell::new(1.0),
            generation: Cell::new(None),
            by_app: RefCell::default(),
            fixed: RefCell::default(),
        }
    }

    /// Which part of all gateways is in this one's zone, as of the last look at the instances; `None` where it has none.
    pub fn gateways_near(&self) -> Option<f32> {
        self.zone.as_ref().map(|_| self.gateways_near.get())
    }

    /// The instances behind a target, in no particular order.
    pub fn instances(&self, target: &Target) -> Instances {
        match target {
            Target::App(name) => {
                self.follow();
                self.by_app.borrow().get(name).cloned().unwrap_or_else(|| Rc::from([]))
            }
            Target::Addresses { name, addresses } => {
                let mut fixed = self.fixed.borrow_mut();
                if let Some(known) = fixed.get(name)
                    && known.iter().map(|instance| instance.addr).eq(addresses.iter().copied())
                {
                    return Rc::clone(known);
                }
                let instances: Instances =
                    addresses.iter().map(|addr| Instance::new(addr.to_string(), *addr, 0)).collect();
                if let Some(before) = fixed.insert(Arc::clone(name), Rc::clone(&instances)) {
                    for instance in before.iter() {
                        self.exchange.retire(instance);
                    }
                }
                instances
            }
        }
    }

    /// Every instance known, with its application.
    pub fn all(&self) -> Vec<(Arc<str>, Rc<Instance>)> {
        self.follow();
        let (by_app, fixed) = (self.by_app.borrow(), self.fixed.borrow());
        let pairs = by_app.iter().chain(fixed.iter());
        pairs.flat_map(|(name, instances)| instances.iter().map(|one| (Arc::clone(name), Rc::clone(one)))).collect()
    }

    /// Closes connections that were idle for too long.
    pub fn sweep(&self, idle_ms_max: u64) {
        for (_, instance) in self.all() {
            self.exchange.sweep(&instance, idle_ms_max);
        }
    }

    fn follow(&self) {
        let generation = self.discovery.generation();
        if self.generation.get() == Some(generation) {
            return;
        }
        self.generation.set(Some(generation));
        let snapshot = self.discovery.snapshot();
        let mut before: HashMap<(Arc<str>, std::net::SocketAddr, u64), Rc<Instance>> = HashMap::new();
        for (_, instances) in self.by_app.borrow_mut().drain() {
            for instance in instances.iter() {
                before.insert((Arc::clone(&instance.id), instance.addr, instance.version), Rc::clone(instance));
            }
        }
        if let Some(zone) = &self.zone {
            self.gateways_near.set(gateways_near(&snapshot, zone));
        }
        let mut by_app = self.by_app.borrow_mut();
        for app in snapshot.applications() {
            let instances = snapshot.instances(app).iter().map(|endpoint| {
                let id: Arc<str> = endpoint.instance_id.as_str().into();
                let known = before.remove(&(Arc::clone(&id), endpoint.addr, endpoint.last_dirty_ms));
                let instance = known.unwrap_or_else(|| Instance::new(id, endpoint.addr, endpoint.last_dirty_ms));
                let locality = self.zone.as_ref().map(|zone| Locality::of(zone, endpoint.zone.as_deref()));
                instance.locality.set(locality);
                instance
            });
            by_app.insert(app.into(), instances.collect());
        }
        for instance in before.values() {
            self.exchange.retire(instance);
        }
    }
}
