//! The writing half: Eureka's member order, no spaces, absent members left out.

use crate::{DataCenterRef, Entries, InstanceRef, LeaseInfo, Port};

/// What an empty map looks like: Java's readers expect the marker.
const EMPTY_METADATA: &[u8] = br#"{"@class":"java.util.Collections$EmptyMap"}"#;
/// The part of Amazon's metadata that the compact form keeps.
pub(crate) const COMPACT_AMAZON_KEYS: [&str; 5] =
    ["instance-id", "public-ipv4", "public-hostname", "local-ipv4", "availability-zone"];

/// Appends `text` as a JSON string.
pub fn write_text(out: &mut Vec<u8>, text: &str) {
    serde_json::to_writer(out, text).expect("a string can always be written to memory");
}

/// Appends the full form of an instance, without a root.
pub fn write_instance<'a>(out: &mut Vec<u8>, instance: impl Into<InstanceRef<'a>>) {
    let instance = instance.into();
    write_full(out, &instance, &instance.lease);
}

fn write_full(out: &mut Vec<u8>, instance: &InstanceRef<'_>, lease: &LeaseInfo) {
    let mut object = Object::open(out);
    if !instance.instance_id.is_empty() {
        object.text("instanceId", instance.instance_id);
    }
    object.text("hostName", instance.host_name);
    object.text("app", instance.app);
    object.text("ipAddr", instance.ip_addr);
    object.optional("sid", instance.sid);
    object.text("status", instance.status.as_str());
    object.text("overriddenStatus", instance.overridden_status.as_str());
    object.port("port", instance.port);
    object.port("securePort", instance.secure_port);
    object.number("countryId", instance.country_id);
    if let Some(data_center) = instance.data_center {
        object.data_center(data_center, |_| true);
    }
    object.lease(lease);
    object.metadata(instance.metadata);
    object.optional("appGroupName", instance.app_group_name);
    object.optional("homePageUrl", instance.home_page_url);
    object.optional("statusPageUrl", instance.status_page_url);
    object.optional("healthCheckUrl", instance.health_check_url);
    object.optional("secureHealthCheckUrl", instance.secure_health_check_url);
    object.optional("vipAddress", instance.vip_address);
    object.optional("secureVipAddress", instance.secure_vip_address);
    object.text("isCoordinatingDiscoveryServer", if instance.is_coordinating { "true" } else { "false" });
    object.digits("lastUpdatedTimestamp", instance.last_updated_ms);
    object.digits("lastDirtyTimestamp", instance.last_dirty_ms);
    object.optional("actionType", instance.action.map(crate::ActionType::as_str));
    object.optional("asgName", instance.asg_name);
    object.close();
}

/// Appends the compact form of an instance: fewer members, another order, and `lastUpdatedTimestamp` as a number.
pub fn write_instance_compact<'a>(out: &mut Vec<u8>, instance: impl Into<InstanceRef<'a>>) {
    let instance = instance.into();
    let mut object = Object::open(out);
    if !instance.instance_id.is_empty() {
        object.text("instanceId", instance.instance_id);
    }
    object.text("app", instance.app);
    object.text("ipAddr", instance.ip_addr);
    object.optional("vipAddress", instance.vip_address);
    object.optional("secureVipAddress", instance.secure_vip_address);
    if let Some(data_center) = instance.data_center {
        object.data_center(data_center, |key| COMPACT_AMAZON_KEYS.contains(&key));
    }
    object.text("hostName", instance.host_name);
    object.text("status", instance.status.as_str());
    object.number("lastUpdatedTimestamp", instance.last_updated_ms);
    object.optional("actionType", instance.action.map(crate::ActionType::as_str));
    object.optional("asgName", instance.asg_name);
    object.port("port", instance.port);
    object.port("securePort", instance.secure_port);
    object.close();
}

/// Appends `{"instance":…}`: a registration.
pub fn write_instance_document<'a>(out: &mut Vec<u8>, instance: impl Into<InstanceRef<'a>>) {
    let instance = instance.into();
    write_instance_document_with(out, instance, &instance.lease);
}

/// Appends `{"instance":…}` with another lease in place of the instance's own: the answer to a read of one instance, whose
/// lease moves on while nothing else changes.
pub fn write_instance_document_with<'a>(out: &mut Vec<u8>, instance: impl Into<InstanceRef<'a>>, lease: &LeaseInfo) {
    out.extend_from_slice(br#"{"instance":"#);
    write_full(out, &instance.into(), lease);
    out.push(b'}');
}

fn put_number(out: &mut Vec<u8>, number: impl serde::Serialize) {
    serde_json::to_writer(out, &number).expect("a number can always be written to memory");
}

/// A JSON object being written.
struct Object<'a> {
    out: &'a mut Vec<u8>,
    is_empty: bool,
}

impl<'a> Object<'a> {
    fn open(out: &'a mut Vec<u8>) -> Self {
        out.push(b'{');
        Object { out, is_empty: true }
    }

    fn close(self) {
        self.out.push(b'}');
    }

    /// The name of a member, which needs no escapes.
    fn name(&mut self, name: &'static str) {
        self.separate();
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
    }

    fn separate(&mut self) {
        if !std::mem::take(&mut self.is_empty) {
            self.out.push(b',');
        }
    }

    /// An entry of a map of strings: its name may be anything.
    fn entry(&mut self, key: &str, value: &str) {
        self.separate();
        write_text(self.out, key);
        self.out.push(b':');
        write_text(self.out, value);
    }

    fn text(&mut self, name: &'static str, value: &str) {
        self.name(name);
        write_text(self.out, value);
    }

    fn optional(&mut self, name: &'static str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    fn number(&mut self, name: &'static str, value: impl serde::Serialize) {
        self.name(name);
        put_number(self.out, value);
    }

    /// A number that Eureka writes as a string.
    fn digits(&mut self, name: &'static str, value: u64) {
        self.name(name);
        self.out.push(b'"');
        put_number(self.out, value);
        self.out.push(b'"');
    }

    fn port(&mut self, name: &'static str, port: Port) {
        self.name(name);
        let mut object = Object::open(self.out);
        object.number("$", port.number);
        object.text("@enabled", if port.enabled { "true" } else { "false" });
        object.close();
    }

    fn data_center(&mut self, data_center: DataCenterRef<'_>, is_kept: impl Fn(&str) -> bool) {
        self.name("dataCenterInfo");
        let mut object = Object::open(self.out);
        object.text("@class", data_center.name.class());
        object.text("name", data_center.name.as_str());
        if data_center.name == crate::DataCenterName::Amazon {
            object.name("metadata");
            let mut metadata = Object::open(object.out);
            for (key, value) in data_center.metadata.iter().filter(|(key, _)| is_kept(key)) {
                metadata.entry(key, value);
            }
            metadata.close();
        }
        object.close();
    }

    fn lease(&mut self, lease: &LeaseInfo) {
        self.name("leaseInfo");
        let mut object = Object::open(self.out);
        object.number("renewalIntervalInSecs", lease.renewal_interval_s);
        object.number("durationInSecs", lease.duration_s);
        object.number("registrationTimestamp", lease.registration_ms);
        object.number("lastRenewalTimestamp", lease.last_renewal_ms);
        object.number("evictionTimestamp", lease.eviction_ms);
        object.number("serviceUpTimestamp", lease.service_up_ms);
        object.close();
    }

    fn metadata(&mut self, metadata: Entries<'_>) {
        self.name("metadata");
        if metadata.is_empty() {
            self.out.extend_from_slice(EMPTY_METADATA);
            return;
        }
        let mut object = Object::open(self.out);
        for (key, value) in metadata.iter() {
            object.entry(key, value);
        }
        object.close();
    }
}
