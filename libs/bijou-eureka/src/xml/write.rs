//! The writing half. Fragments of instances are written for a depth of indentation, so that a registry can keep the
//! one it needs most (inside a whole list) and write the others when asked.

use std::io::Write;

use super::names;
use crate::{DataCenterName, DataCenterRef, InstanceRef, LeaseInfo, Port, json};

/// Appends the full form of an instance, its own tag indented by `depth` steps of two spaces, without a line end after
/// its closing tag.
pub fn write_instance<'a>(out: &mut Vec<u8>, instance: impl Into<InstanceRef<'a>>, depth: usize) {
    write_instance_as(out, "instance", instance, depth);
}

/// The same under another tag than `instance`.
pub fn write_instance_as<'a>(out: &mut Vec<u8>, tag: &str, instance: impl Into<InstanceRef<'a>>, depth: usize) {
    let instance = instance.into();
    write_full(out, tag, &instance, &instance.lease, depth);
}

/// The same with another lease in place of the instance's own, which moves on while nothing else changes.
pub fn write_instance_with<'a>(
    out: &mut Vec<u8>,
    instance: impl Into<InstanceRef<'a>>,
    lease: &LeaseInfo,
    depth: usize,
) {
    write_full(out, "instance", &instance.into(), lease, depth);
}

fn write_full(out: &mut Vec<u8>, tag: &str, instance: &InstanceRef<'_>, lease: &LeaseInfo, depth: usize) {
    let mut writer = Writer { out, depth: Some(depth) };
    writer.open(tag, None);
    if !instance.instance_id.is_empty() {
        writer.text("instanceId", instance.instance_id);
    }
    writer.text("hostName", instance.host_name);
    writer.text("app", instance.app);
    writer.text("ipAddr", instance.ip_addr);
    writer.optional("sid", instance.sid);
    writer.text("status", instance.status.as_str());
    writer.text("overriddenstatus", instance.overridden_status.as_str());
    writer.port("port", instance.port);
    writer.port("securePort", instance.secure_port);
    writer.number("countryId", instance.country_id);
    if let Some(data_center) = instance.data_center {
        writer.data_center(data_center, |_| true);
    }
    writer.lease(lease);
    if instance.metadata.is_empty() {
        writer.empty("metadata", r#"class="java.util.Collections$EmptyMap""#);
    } else {
        writer.open("metadata", None);
        for (key, value) in instance.metadata.iter() {
            writer.text(&names::escape(key), value);
        }
        writer.close("metadata");
    }
    writer.optional("appGroupName", instance.app_group_name);
    writer.optional("homePageUrl", instance.home_page_url);
    writer.optional("statusPageUrl", instance.status_page_url);
    writer.optional("healthCheckUrl", instance.health_check_url);
    writer.optional("secureHealthCheckUrl", instance.secure_health_check_url);
    writer.optional("vipAddress", instance.vip_address);
    writer.optional("secureVipAddress", instance.secure_vip_address);
    writer.text("isCoordinatingDiscoveryServer", if instance.is_coordinating { "true" } else { "false" });
    writer.number("lastUpdatedTimestamp", instance.last_updated_ms);
    writer.number("lastDirtyTimestamp", instance.last_dirty_ms);
    writer.optional("actionType", instance.action.map(crate::ActionType::as_str));
    writer.optional("asgName", instance.asg_name);
    writer.close(tag);
}

/// Appends the compact form of an instance: fewer members, another order, all on one line.
pub fn write_instance_compact<'a>(out: &mut Vec<u8>, instance: impl Into<InstanceRef<'a>>) {
    let instance = instance.into();
    let mut writer = Writer { out, depth: None };
    writer.open("instance", None);
    if !instance.instance_id.is_empty() {
        writer.text("instanceId", instance.instance_id);
    }
    writer.text("app", instance.app);
    writer.text("ipAddr", instance.ip_addr);
    writer.optional("vipAddress", instance.vip_address);
    writer.optional("secureVipAddress", instance.secure_vip_address);
    if let Some(data_center) = instance.data_center {
        writer.data_center(data_center, |key| json::COMPACT_AMAZON_KEYS.contains(&key));
    }
    writer.text("hostName", instance.host_name);
    writer.text("status", instance.status.as_str());
    writer.number("lastUpdatedTimestamp", instance.last_updated_ms);
    writer.optional("actionType", instance.action.map(crate::ActionType::as_str));
    writer.optional("asgName", instance.asg_name);
    writer.port("port", instance.port);
    writer.port("securePort", instance.secure_port);
    writer.close("instance");
}

/// Appends `text` as character data. Control characters that XML 1.0 cannot hold in any form become U+FFFD: a document
/// that no parser takes would hide the whole registry because of one odd value.
pub fn write_text(out: &mut Vec<u8>, text: &str) {
    let mut plain_from = 0;
    for (at, character) in text.char_indices() {
        let replacement: &[u8] = match character {
            '&' => b"&amp;",
            '<' => b"&lt;",
            '>' => b"&gt;",
            '"' => b"&quot;",
            '\'' => b"&apos;",
            '\r' => b"&#xd;",
            '\t' | '\n' => continue,
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => "\u{fffd}".as_bytes(),
            _ => continue,
        };
        out.extend_from_slice(&text.as_bytes()[plain_from..at]);
        out.extend_from_slice(replacement);
        plain_from = at + character.len_utf8();
    }
    out.extend_from_slice(&text.as_bytes()[plain_from..]);
}

struct Writer<'a> {
    out: &'a mut Vec<u8>,
    /// Steps of indentation; `None` for all on one line.
    depth: Option<usize>,
}

impl Writer<'_> {
    /// Begins a line, except at the very beginning of a fragment.
    fn indent(&mut self) {
        let Some(depth) = self.depth else { return };
        if self.out.last().is_some_and(|byte| *byte == b'>') {
            self.out.push(b'\n');
        }
        for _ in 0..depth {
            self.out.extend_from_slice(b"  ");
        }
    }

    fn open(&mut self, name: &str, attributes: Option<&str>) {
        self.indent();
        self.start_tag(name, attributes);
        self.out.push(b'>');
        self.depth = self.depth.map(|depth| depth + 1);
    }

    fn close(&mut self, name: &str) {
        self.depth = self.depth.map(|depth| depth - 1);
        self.indent();
        self.end_tag(name);
    }

    fn empty(&mut self, name: &str, attributes: &str) {
        self.indent();
        self.start_tag(name, Some(attributes));
        self.out.extend_from_slice(b"/>");
    }

    fn text(&mut self, name: &str, value: &str) {
        self.indent();
        self.start_tag(name, None);
        self.out.push(b'>');
        write_text(self.out, value);
        self.end_tag(name);
    }

    fn optional(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    fn number(&mut self, name: &str, value: impl std::fmt::Display) {
        self.indent();
        write!(self.out, "<{name}>{value}</{name}>").expect("memory takes every byte");
    }

    fn port(&mut self, name: &str, port: Port) {
        self.indent();
        write!(self.out, r#"<{name} enabled="{}">{}</{name}>"#, port.enabled, port.number)
            .expect("memory takes every byte");
    }

    fn data_center(&mut self, data_center: DataCenterRef<'_>, is_kept: impl Fn(&str) -> bool) {
        // The class name is written raw: only element names are escaped.
        self.open("dataCenterInfo", Some(&format!("class=\"{}\"", data_center.name.class())));
        self.text("name", data_center.name.as_str());
        if data_center.name == DataCenterName::Amazon {
            self.open("metadata", None);
            for (key, value) in data_center.metadata.iter().filter(|(key, _)| is_kept(key)) {
                self.text(&names::escape(key), value);
            }
            self.close("metadata");
        }
        self.close("dataCenterInfo");
    }

    fn lease(&mut self, lease: &LeaseInfo) {
        self.open("leaseInfo", None);
        self.number("renewalIntervalInSecs", lease.renewal_interval_s);
        self.number("durationInSecs", lease.duration_s);
        self.number("registrationTimestamp", lease.registration_ms);
        self.number("lastRenewalTimestamp", lease.last_renewal_ms);
        self.number("evictionTimestamp", lease.eviction_ms);
        self.number("serviceUpTimestamp", lease.service_up_ms);
        self.close("leaseInfo");
    }

    fn start_tag(&mut self, name: &str, attributes: Option<&str>) {
        self.out.push(b'<');
        self.out.extend_from_slice(name.as_bytes());
        if let Some(attributes) = attributes {
            self.out.push(b' ');
            self.out.extend_from_slice(attributes.as_bytes());
        }
    }

    fn end_tag(&mut self, name: &str) {
        self.out.extend_from_slice(b"</");
        self.out.extend_from_slice(name.as_bytes());
        self.out.push(b'>');
    }
}
