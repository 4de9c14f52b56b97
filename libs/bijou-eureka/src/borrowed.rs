//! An instance whose texts belong to somebody else: what encoders write, whichever form the instance is kept in.

use std::{
    borrow::Cow,
    collections::{BTreeMap, btree_map},
    slice,
};

use crate::{
    ActionType, DataCenter, DataCenterName, Instance, LeaseInfo, Port, Status,
    packed::{PackedEntries, PackedPairs},
};

/// An [`Instance`], or one that is packed, to be looked at. Members mean what they mean there.
#[derive(Clone, Copy, Debug)]
pub struct InstanceRef<'a> {
    pub instance_id: &'a str,
    pub host_name: &'a str,
    pub app: &'a str,
    pub ip_addr: &'a str,
    pub sid: Option<&'a str>,
    pub status: Status,
    pub overridden_status: Status,
    pub port: Port,
    pub secure_port: Port,
    pub country_id: i64,
    pub data_center: Option<DataCenterRef<'a>>,
    pub lease: LeaseInfo,
    pub metadata: Entries<'a>,
    pub app_group_name: Option<&'a str>,
    pub home_page_url: Option<&'a str>,
    pub status_page_url: Option<&'a str>,
    pub health_check_url: Option<&'a str>,
    pub secure_health_check_url: Option<&'a str>,
    pub vip_address: Option<&'a str>,
    pub secure_vip_address: Option<&'a str>,
    pub is_coordinating: bool,
    pub last_updated_ms: u64,
    pub last_dirty_ms: u64,
    pub action: Option<ActionType>,
    pub asg_name: Option<&'a str>,
}

/// A [`DataCenter`] to be looked at.
#[derive(Clone, Copy, Debug)]
pub struct DataCenterRef<'a> {
    pub name: DataCenterName,
    pub metadata: Entries<'a>,
}

impl<'a> InstanceRef<'a> {
    /// What tells this instance from the others of its application: the instance id, else Amazon's, else the host name.
    pub fn id(&self) -> &'a str {
        if !self.instance_id.is_empty() {
            return self.instance_id;
        }
        self.amazon("instance-id").filter(|id| !id.is_empty()).unwrap_or(self.host_name)
    }

    /// Amazon's availability zone, else `metadata.zone`.
    pub fn zone(&self) -> Option<&'a str> {
        self.amazon("availability-zone").or_else(|| self.metadata.get("zone"))
    }

    /// A copy that owns its texts.
    pub fn to_instance(&self) -> Instance {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Instance {
            instance_id: self.instance_id.to_owned(),
            host_name: self.host_name.to_owned(),
            app: self.app.to_owned(),
            ip_addr: self.ip_addr.to_owned(),
            sid: owned(self.sid),
            status: self.status,
            overridden_status: self.overridden_status,
            port: self.port,
            secure_port: self.secure_port,
            country_id: self.country_id,
            data_center: self
                .data_center
                .map(|data_center| DataCenter { name: data_center.name, metadata: data_center.metadata.to_map() }),
            lease: self.lease,
            metadata: self.metadata.to_map(),
            app_group_name: owned(self.app_group_name),
            home_page_url: owned(self.home_page_url),
            status_page_url: owned(self.status_page_url),
            health_check_url: owned(self.health_check_url),
            secure_health_check_url: owned(self.secure_health_check_url),
            vip_address: owned(self.vip_address),
            secure_vip_address: owned(self.secure_vip_address),
            is_coordinating: self.is_coordinating,
            last_updated_ms: self.last_updated_ms,
            last_dirty_ms: self.last_dirty_ms,
            action: self.action,
            asg_name: owned(self.asg_name),
        }
    }

    fn amazon(&self, name: &str) -> Option<&'a str> {
        self.data_center.filter(|data_center| data_center.name == DataCenterName::Amazon)?.metadata.get(name)
    }
}

impl<'a> From<&'a Instance> for InstanceRef<'a> {
    fn from(instance: &'a Instance) -> Self {
        InstanceRef {
            instance_id: &instance.instance_id,
            host_name: &instance.host_name,
            app: &instance.app,
            ip_addr: &instance.ip_addr,
            sid: instance.sid.as_deref(),
            status: instance.status,
            overridden_status: instance.overridden_status,
            port: instance.port,
            secure_port: instance.secure_port,
            country_id: instance.country_id,
            data_center: instance.data_center.as_ref().map(|data_center| DataCenterRef {
                name: data_center.name,
                metadata: Entries::of(&data_center.metadata),
            }),
            lease: instance.lease,
            metadata: Entries::of(&instance.metadata),
            app_group_name: instance.app_group_name.as_deref(),
            home_page_url: instance.home_page_url.as_deref(),
            status_page_url: instance.status_page_url.as_deref(),
            health_check_url: instance.health_check_url.as_deref(),
            secure_health_check_url: instance.secure_health_check_url.as_deref(),
            vip_address: instance.vip_address.as_deref(),
            secure_vip_address: instance.secure_vip_address.as_deref(),
            is_coordinating: instance.is_coordinating,
            last_updated_ms: instance.last_updated_ms,
            last_dirty_ms: instance.last_dirty_ms,
            action: instance.action,
            asg_name: instance.asg_name.as_deref(),
        }
    }
}

/// A map of texts, in the order of its keys.
#[derive(Clone, Copy, Debug)]
pub struct Entries<'a>(Kind<'a>);

#[derive(Clone, Copy, Debug)]
enum Kind<'a> {
    Map(&'a BTreeMap<String, String>),
    Sorted(&'a [Entry<'a>]),
    Packed(PackedEntries<'a>),
}

/// A key with its value, as a document has them.
pub(crate) type Entry<'a> = (Cow<'a, str>, Cow<'a, str>);

impl<'a> Entries<'a> {
    pub fn is_empty(&self) -> bool {
        match self.0 {
            Kind::Map(map) => map.is_empty(),
            Kind::Sorted(entries) => entries.is_empty(),
            Kind::Packed(packed) => packed.is_empty(),
        }
    }

    /// Keys with their values.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        match self.0 {
            Kind::Map(map) => Pairs::Map(map.iter()),
            Kind::Sorted(entries) => Pairs::Sorted(entries.iter()),
            Kind::Packed(packed) => Pairs::Packed(packed.iter()),
        }
    }

    pub fn get(&self, name: &str) -> Option<&'a str> {
        match self.0 {
            Kind::Map(map) => map.get(name).map(String::as_str),
            Kind::Sorted(_) | Kind::Packed(_) => self.iter().find(|(key, _)| *key == name).map(|(_, value)| value),
        }
    }

    pub fn to_map(&self) -> BTreeMap<String, String> {
        self.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
    }

    pub(crate) fn of(map: &'a BTreeMap<String, String>) -> Self {
        Entries(Kind::Map(map))
    }

    /// In the order of their keys, none twice.
    pub(crate) fn sorted(entries: &'a [Entry<'a>]) -> Self {
        Entries(Kind::Sorted(entries))
    }

    pub(crate) fn packed(packed: PackedEntries<'a>) -> Self {
        Entries(Kind::Packed(packed))
    }
}

enum Pairs<'a> {
    Map(btree_map::Iter<'a, String, String>),
    Sorted(slice::Iter<'a, Entry<'a>>),
    Packed(PackedPairs<'a>),
}

impl<'a> Iterator for Pairs<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Pairs::Map(map) => map.next().map(|(key, value)| (key.as_str(), value.as_str())),
            Pairs::Sorted(entries) => entries.next().map(|(key, value)| (&**key, &**value)),
            Pairs::Packed(pairs) => pairs.next(),
        }
    }
}
