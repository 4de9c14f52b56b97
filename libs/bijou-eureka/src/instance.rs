//! What the wire talks about: an instance, its lease, and the lists instances come in.
//!
//! Plain values. How they look as JSON and XML is in [`crate::json`] and [`crate::xml`]; what a registry does with
//! them is the registry's business. Times are milliseconds since the Unix epoch unless a name says seconds.

use std::{
    collections::BTreeMap,
    fmt::{self, Write},
    str::FromStr,
};

use crate::InstanceRef;

/// Whether an instance wants traffic. Anything unheard of reads as [`Status::Unknown`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    // In alphabetical order of the wire names: the apps hash code lists them so.
    Down,
    OutOfService,
    Starting,
    #[default]
    Unknown,
    Up,
}

impl Status {
    pub const ALL: [Status; 5] = [Status::Down, Status::OutOfService, Status::Starting, Status::Unknown, Status::Up];

    pub const fn as_str(self) -> &'static str {
        match self {
            Status::Down => "DOWN",
            Status::OutOfService => "OUT_OF_SERVICE",
            Status::Starting => "STARTING",
            Status::Unknown => "UNKNOWN",
            Status::Up => "UP",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Text that is none of the five status names.
#[derive(Debug, thiserror::Error)]
#[error("unknown status `{0}`")]
pub struct UnknownStatus(pub String);

impl FromStr for Status {
    type Err = UnknownStatus;

    /// Case-sensitive, as Eureka's JSON reader is.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Status::ALL.into_iter().find(|status| status.as_str() == text).ok_or_else(|| UnknownStatus(text.to_owned()))
    }
}

/// What last happened to an instance, as the registry tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionType {
    Added,
    Modified,
    Deleted,
}

impl ActionType {
    pub const fn as_str(self) -> &'static str {
        match self {
            ActionType::Added => "ADDED",
            ActionType::Modified => "MODIFIED",
            ActionType::Deleted => "DELETED",
        }
    }

    /// `None` for any other text: the member is the server's to set, so a client's odd value is simply dropped.
    pub fn parse(text: &str) -> Option<Self> {
        [ActionType::Added, ActionType::Modified, ActionType::Deleted]
            .into_iter()
            .find(|action| action.as_str() == text)
    }
}

/// A port and whether the instance listens on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Port {
    /// As Java carries it, where 0, -1 and 70000 are numbers too: such an instance is listed and cannot be called.
    pub number: i32,
    pub enabled: bool,
}

impl Port {
    /// What a registration without `port` means.
    pub const DEFAULT: Port = Port { number: 7001, enabled: true };
    /// What a registration without `securePort` means.
    pub const DEFAULT_SECURE: Port = Port { number: 7002, enabled: false };
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataCenterName {
    Netflix,
    Amazon,
    MyOwn,
}

impl DataCenterName {
    pub const fn as_str(self) -> &'static str {
        match self {
            DataCenterName::Netflix => "Netflix",
            DataCenterName::Amazon => "Amazon",
            DataCenterName::MyOwn => "MyOwn",
        }
    }

    /// The class name Java's readers expect. Always written; on the way in the name alone decides.
    pub const fn class(self) -> &'static str {
        match self {
            DataCenterName::Amazon => "com.netflix.appinfo.AmazonInfo",
            DataCenterName::Netflix | DataCenterName::MyOwn => "com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [DataCenterName::Netflix, DataCenterName::Amazon, DataCenterName::MyOwn]
            .into_iter()
            .find(|name| name.as_str() == text)
    }
}

/// Where an instance runs. `metadata` is only there for Amazon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataCenter {
    pub name: DataCenterName,
    pub metadata: BTreeMap<String, String>,
}

impl DataCenter {
    pub const fn my_own() -> Self {
        DataCenter { name: DataCenterName::MyOwn, metadata: BTreeMap::new() }
    }
}

/// The lease: the first two members are the client's wish, the rest is the server's to fill in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaseInfo {
    pub renewal_interval_s: u32,
    pub duration_s: u32,
    pub registration_ms: u64,
    pub last_renewal_ms: u64,
    /// 0 until the lease ended.
    pub eviction_ms: u64,
    /// First time the instance was UP; kept over a registration anew. 0 when it never was.
    pub service_up_ms: u64,
}

impl LeaseInfo {
    pub const DEFAULT_RENEWAL_INTERVAL_S: u32 = 30;
    pub const DEFAULT_DURATION_S: u32 = 90;

    pub const fn new(renewal_interval_s: u32, duration_s: u32) -> Self {
        LeaseInfo {
            renewal_interval_s,
            duration_s,
            registration_ms: 0,
            last_renewal_ms: 0,
            eviction_ms: 0,
            service_up_ms: 0,
        }
    }
}

impl Default for LeaseInfo {
    fn default() -> Self {
        LeaseInfo::new(Self::DEFAULT_RENEWAL_INTERVAL_S, Self::DEFAULT_DURATION_S)
    }
}

/// One instance of an application, with every member the wire has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// May be empty: then [`Instance::id`] finds a stand-in, and the member is left out on the wire.
    pub instance_id: String,
    pub host_name: String,
    /// Always in upper case.
    pub app: String,
    pub ip_addr: String,
    /// Deprecated, but some clients still send it. `None` for `na` and `unknown`, which are never written.
    pub sid: Option<String>,
    pub status: Status,
    pub overridden_status: Status,
    pub port: Port,
    pub secure_port: Port,
    pub country_id: i64,
    /// `None` only in what a careless client sent; a registry refuses that.
    pub data_center: Option<DataCenter>,
    pub lease: LeaseInfo,
    pub metadata: BTreeMap<String, String>,
    pub app_group_name: Option<String>,
    pub home_page_url: Option<String>,
    pub status_page_url: Option<String>,
    pub health_check_url: Option<String>,
    pub secure_health_check_url: Option<String>,
    /// Comma-separated, not trimmed: that is how Eureka compares it.
    pub vip_address: Option<String>,
    pub secure_vip_address: Option<String>,
    pub is_coordinating: bool,
    pub last_updated_ms: u64,
    /// The client's own version number of this entry, the only one used to resolve conflicts. 0 when it sent none.
    pub last_dirty_ms: u64,
    pub action: Option<ActionType>,
    pub asg_name: Option<String>,
}

impl Instance {
    /// An instance that is UP, with Eureka's defaults for all else. `app` is put in upper case.
    pub fn new(app: &str, instance_id: &str, host_name: &str, ip_addr: &str, port: u16) -> Self {
        Instance {
            instance_id: instance_id.to_owned(),
            host_name: host_name.to_owned(),
            app: app.to_uppercase(),
            ip_addr: ip_addr.to_owned(),
            sid: None,
            status: Status::Up,
            overridden_status: Status::Unknown,
            port: Port { number: i32::from(port), enabled: true },
            secure_port: Port { number: 443, enabled: false },
            country_id: 1,
            data_center: Some(DataCenter::my_own()),
            lease: LeaseInfo::default(),
            metadata: BTreeMap::new(),
            app_group_name: None,
            home_page_url: None,
            status_page_url: None,
            health_check_url: None,
            secure_health_check_url: None,
            vip_address: Some(app.to_lowercase()),
            secure_vip_address: None,
            is_coordinating: false,
            last_updated_ms: 0,
            last_dirty_ms: 0,
            action: None,
            asg_name: None,
        }
    }

    /// The rhythm of Bijou's own roles: renewed every 3 s, gone 10 s after the last renewal.
    pub fn with_lease(mut self, renewal_interval_s: u32, duration_s: u32) -> Self {
        self.lease = LeaseInfo::new(renewal_interval_s, duration_s);
        self
    }

    pub fn with_metadata(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.metadata.insert(key.into(), value.into());
        self
    }

    pub fn with_status(mut self, status: Status) -> Self {
        self.status = status;
        self
    }

    /// What tells this instance from the others of its application: the instance id, else Amazon's, else the host name.
    pub fn id(&self) -> &str {
        // Almost always there.
        if self.instance_id.is_empty() { InstanceRef::from(self).id() } else { &self.instance_id }
    }

    /// Amazon's availability zone, else `metadata.zone`.
    pub fn zone(&self) -> Option<&str> {
        InstanceRef::from(self).zone()
    }
}

/// All instances of one name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Application {
    pub name: String,
    pub instances: Vec<Instance>,
}

/// A whole registry, or what changed in it lately.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applications {
    /// As it was on the wire: `1` for a full list, a counter for a delta, `-1` for a VIP's list.
    pub version: String,
    /// Status counts such as `DOWN_1_UP_40_`, by which a client checks a delta it applied.
    pub hash_code: String,
    pub applications: Vec<Application>,
}

impl Applications {
    /// The hash code of these statuses: per status in alphabetical order its count, zeroes left out.
    pub fn hash_code_of(statuses: impl IntoIterator<Item = Status>) -> String {
        let mut counts = [0_usize; Status::ALL.len()];
        for status in statuses {
            counts[status as usize] += 1;
        }
        Self::hash_code_of_counts(counts)
    }

    /// The same from counts in the order of [`Status::ALL`].
    pub fn hash_code_of_counts(counts: [usize; Status::ALL.len()]) -> String {
        let mut code = String::new();
        for (status, count) in Status::ALL.into_iter().zip(counts).filter(|(_, count)| *count > 0) {
            write!(code, "{status}_{count}_").expect("a string takes every character");
        }
        code
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_code_lists_statuses_in_alphabetical_order_without_zeroes() {
        let statuses = [Status::Up, Status::Starting, Status::Up, Status::Down];
        assert_eq!(Applications::hash_code_of(statuses), "DOWN_1_STARTING_1_UP_2_");
        assert_eq!(Applications::hash_code_of([]), "");
    }

    #[test]
    fn the_id_falls_back_to_amazons_and_then_to_the_host_name() {
        let mut instance = Instance::new("orders", "", "n7", "10.4.0.7", 8080);
        assert_eq!(instance.id(), "n7");
        instance.data_center = Some(DataCenter {
            name: DataCenterName::Amazon,
            metadata: BTreeMap::from([("instance-id".to_owned(), "i-0a".to_owned())]),
        });
        assert_eq!(instance.id(), "i-0a");
        instance.instance_id = "n7:orders:8080".to_owned();
        assert_eq!(instance.id(), "n7:orders:8080");
    }

    #[test]
    fn the_zone_of_an_amazon_instance_is_its_availability_zone() {
        let mut instance = Instance::new("orders", "a", "n7", "10.4.0.7", 8080).with_metadata("zone", "east");
        assert_eq!(instance.zone(), Some("east"));
        instance.data_center = Some(DataCenter {
            name: DataCenterName::Amazon,
            metadata: BTreeMap::from([("availability-zone".to_owned(), "us-east-1c".to_owned())]),
        });
        assert_eq!(instance.zone(), Some("us-east-1c"));
    }

    #[test]
    fn status_names_are_read_case_sensitively() {
        assert_eq!("OUT_OF_SERVICE".parse::<Status>().ok(), Some(Status::OutOfService));
        assert!("up".parse::<Status>().is_err());
    }
}
