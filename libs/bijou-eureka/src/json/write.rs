//! The writing half: Eureka's member order, no spaces, absent members left out.

use crate::{DataCenterRef, Entries, InstanceRef, LeaseInfo, Port};

/// What an empty map looks like: Java's readers expect the marker.
const EMPTY_METADATA: &[u8] = br#"{"@class":"java.util.Collections$EmptyMap"}"#;
/// The part of Amazon's metadata that the compact form keeps.
pub(crate) const COMPACT_AMAZON_KEYS: [&str; 5] =
    ["instance-id", "public-ipv4", "public-hostname", "local-ipv4", "availability-zone"];

/// Appends `text` as a JSON string.
pub fn write_text(out: &mut Vec<u8>, text: &str) {
    // Nearly all texts need no escapes.
    if has_escapes(text.as_bytes()) {
        serde_json::to_writer(out, text).expect("a string can always be written to memory");
        return;
    }
    put_plain(out, text);
}

fn put_plain(out: &mut Vec<u8>, text: &str) {
    out.reserve(text.len() + 2);
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
}

/// Whether a text has control characters, quotes or backslashes. Looked at are eight bytes together: in each of them the
/// highest bit is set where a subtraction borrows, that is, where the byte is less than what is subtracted
/// ("hasless" of Anderson's Bit Twiddling Hacks).
fn has_escapes(text: &[u8]) -> bool {
    const EACH: u64 = u64::MAX / 0xff;
    let has_less = |word: u64, than: u8| word.wrapping_sub(EACH * u64::from(than)) & !word & (EACH << 7) != 0;
    let has = |word: u64, byte: u8| has_less(word ^ (EACH * u64::from(byte)), 1);
    let in_word = |word: [u8; 8]| {
        let word = u64::from_ne_bytes(word);
        has_less(word, b' ') | has(word, b'"') | has(word, b'\\')
    };
    let (words, rest) = text.as_chunks::<8>();
    let mut last = [b' '; 8];
    last[..rest.len()].copy_from_slice(rest);
    words.iter().any(|word| in_word(*word)) || in_word(last)
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
    object.word("status", instance.status.as_str());
    object.word("overriddenStatus", instance.overridden_status.as_str());
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
    object.word("isCoordinatingDiscoveryServer", if instance.is_coordinating { "true" } else { "false" });
    object.digits("lastUpdatedTimestamp", instance.last_updated_ms);
    object.digits("lastDirtyTimestamp", instance.last_dirty_ms);
    if let Some(action) = instance.action {
        object.word("actionType", action.as_str());
    }
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
    object.word("status", instance.status.as_str());
    object.number("lastUpdatedTimestamp", instance.last_updated_ms);
    if let Some(action) = instance.action {
        object.word("actionType", action.as_str());
    }
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
        put_plain(self.out, name);
        self.out.push(b':');
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

    /// A value of ours, which needs no escapes.
    fn word(&mut self, name: &'static str, value: &'static str) {
        self.name(name);
        put_plain(self.out, value);
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
        object.word("@enabled", if port.enabled { "true" } else { "false" });
        object.close();
    }

    fn data_center(&mut self, data_center: DataCenterRef<'_>, is_kept: impl Fn(&str) -> bool) {
        self.name("dataCenterInfo");
        let mut object = Object::open(self.out);
        object.word("@class", data_center.name.class());
        object.word("name", data_center.name.as_str());
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
