//! Who is there right now, in the form callers need it: by application name, ready to connect to.
//!
//! Immutable; a change makes a new one. What is left out of it: instances that are not UP (but for [`Snapshot::all`]),
//! and instances without an address this platform can connect to.

use std::{
    collections::{BTreeMap, HashMap},
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use crate::{Instance, Status};

/// One instance as a caller sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    pub instance_id: String,
    /// In upper case.
    pub app: String,
    /// Where to connect to, plain HTTP.
    pub addr: SocketAddr,
    /// The name the instance gave itself; for logs, not for connecting.
    pub host_name: String,
    pub zone: Option<String>,
    pub metadata: BTreeMap<String, String>,
    pub status: Status,
    /// Names this life of the instance: another process in the same slot has another one. For instances that say which
    /// process they are (all of Bijou's) it stays when only metadata or status changed; for others it is the version
    /// number of their entry, which may change with any of its data.
    pub last_dirty_ms: u64,
}

impl Endpoint {
    /// `None` when the instance offers no plain port that can be connected to, or no address that is an IP (names are not resolved here: a
    /// snapshot that waits for DNS would be late for everybody).
    pub fn of(instance: &Instance) -> Option<Self> {
        let port = u16::try_from(instance.port.number).ok().filter(|port| instance.port.enabled && *port > 0)?;
        let ip = literal(&instance.ip_addr).or_else(|| literal(&instance.host_name))?;
        Some(Endpoint {
            instance_id: instance.id().to_owned(),
            app: instance.app.clone(),
            addr: SocketAddr::new(ip, port),
            host_name: instance.host_name.clone(),
            zone: instance.zone().map(str::to_owned),
            metadata: instance.metadata.clone(),
            status: instance.status,
            last_dirty_ms: instance.last_dirty_ms,
        })
    }
}

impl Endpoint {
    /// Whether `self` is the same process at the same address as `earlier`, told anew.
    pub(crate) fn is_same_process(&self, earlier: &Endpoint) -> bool {
        let process = self.metadata.get(crate::registration::PROCESS_KEY);
        process.is_some()
            && process == earlier.metadata.get(crate::registration::PROCESS_KEY)
            && self.addr == earlier.addr
    }
}

fn literal(text: &str) -> Option<IpAddr> {
    if text.eq_ignore_ascii_case("localhost") {
        return Some(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    text.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

#[derive(Clone, Debug, Default)]
struct Listed {
    all: Vec<Arc<Endpoint>>,
    up: Vec<Arc<Endpoint>>,
}

/// An immutable picture of the registry.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    generation: u64,
    epoch: Option<String>,
    revision: u64,
    applications: HashMap<String, Listed>,
}

impl Snapshot {
    /// Groups `endpoints` by application. `generation` counts snapshots of one [`crate::Discovery`] and only grows;
    /// 0 means that nothing was heard from the registry yet.
    pub fn new(
        generation: u64,
        epoch: Option<String>,
        revision: u64,
        endpoints: impl IntoIterator<Item = Arc<Endpoint>>,
    ) -> Self {
        let mut applications: HashMap<String, Listed> = HashMap::new();
        for endpoint in endpoints {
            let listed = applications.entry(endpoint.app.clone()).or_default();
            if endpoint.status == Status::Up {
                listed.up.push(Arc::clone(&endpoint));
            }
            listed.all.push(endpoint);
        }
        Snapshot { generation, epoch, revision, applications }
    }

    /// The instances of `app` that want traffic (UP), ordered by id. Empty when there are none. The name's case does
    /// not matter, upper case is the quick way.
    pub fn instances(&self, app: &str) -> &[Arc<Endpoint>] {
        self.listed(app).map_or(&[], |listed| listed.up.as_slice())
    }

    /// The instances of `app` in any status, ordered by id.
    pub fn all(&self, app: &str) -> &[Arc<Endpoint>] {
        self.listed(app).map_or(&[], |listed| listed.all.as_slice())
    }

    /// The one instance of that id, in any status.
    pub fn instance(&self, app: &str, instance_id: &str) -> Option<&Arc<Endpoint>> {
        self.all(app).iter().find(|endpoint| endpoint.instance_id == instance_id)
    }

    /// Names of all applications, in no particular order.
    pub fn applications(&self) -> impl Iterator<Item = &str> {
        self.applications.keys().map(String::as_str)
    }

    /// Whether a registry answered at least once since this process started. Readiness waits for it.
    pub fn is_heard(&self) -> bool {
        self.generation > 0
    }

    /// Counts the snapshots of one [`crate::Discovery`].
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Names one life of the registry process; `None` when the registry has no watch (a foreign Eureka server).
    pub fn epoch(&self) -> Option<&str> {
        self.epoch.as_deref()
    }

    /// The registry's own revision within its epoch.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    fn listed(&self, app: &str) -> Option<&Listed> {
        self.applications.get(app).or_else(|| self.applications.get(&app.to_uppercase()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(ip_addr: &str, host_name: &str, expected: Option<&str>) {
        let instance = Instance::new("orders", "a", host_name, ip_addr, 8080);
        let addr = Endpoint::of(&instance).map(|endpoint| endpoint.addr.to_string());
        assert_eq!(addr.as_deref(), expected);
    }

    #[test]
    fn an_endpoint_needs_an_address_and_a_plain_port() {
        check("10.4.0.7", "n7", Some("10.4.0.7:8080"));
        check("n7", "10.4.0.7", Some("10.4.0.7:8080"));
        check("", "localhost", Some("127.0.0.1:8080"));
        check("[::1]", "n7", Some("[::1]:8080"));
        check("n7", "n7.example", None);
        let mut secure_only = Instance::new("orders", "a", "n7", "10.4.0.7", 8080);
        secure_only.port.enabled = false;
        assert_eq!(Endpoint::of(&secure_only), None);
    }

    #[test]
    fn only_instances_that_are_up_are_offered() {
        let up = Instance::new("orders", "a", "n7", "10.4.0.7", 8080);
        let down = Instance::new("orders", "b", "n7", "10.4.0.7", 8081).with_status(Status::Down);
        let endpoints = [up, down].iter().filter_map(Endpoint::of).map(Arc::new).collect::<Vec<_>>();
        let snapshot = Snapshot::new(1, None, 0, endpoints);
        assert_eq!(snapshot.instances("ORDERS").len(), 1);
        assert_eq!(snapshot.instances("orders")[0].instance_id, "a");
        assert_eq!(snapshot.all("ORDERS").len(), 2);
        assert!(snapshot.instances("BASKET").is_empty());
    }
}
