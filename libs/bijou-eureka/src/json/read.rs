//! The reading half. Clients disagree on almost everything that can be disagreed on: numbers come as strings, booleans
//! bare or quoted, absent members as `null`, the two spellings of `overriddenStatus`, roots missing. All of it is
//! accepted where the meaning is plain; what cannot mean anything is refused by name.

use std::collections::BTreeMap;

use super::value::{Member, Value, member};
use crate::{
    ActionType, Application, Applications, DataCenter, DataCenterName, DecodeError, Instance, LeaseInfo, Port, Status,
};

/// Reads one instance, with or without the root `instance`.
pub fn read_instance(bytes: &[u8]) -> Result<Instance, DecodeError> {
    let document = parse(bytes)?;
    let value = document.get("instance").filter(|value| value.is_object()).unwrap_or(&document);
    instance(value)
}

/// Reads the answer to a read of one application.
pub fn read_application(bytes: &[u8]) -> Result<Application, DecodeError> {
    let document = parse(bytes)?;
    application(document.get("application").ok_or(DecodeError::Root { expected: "application" })?)
}

/// Reads a full list, a delta, or a VIP's list.
pub fn read_applications(bytes: &[u8]) -> Result<Applications, DecodeError> {
    let document = parse(bytes)?;
    let root = document
        .get("applications")
        .and_then(Value::as_object)
        .ok_or(DecodeError::Root { expected: "applications" })?;
    // The doubling of the underscore is configurable in Java, so any member with the right beginning will do.
    let beginning_with = |beginning: &str| {
        root.iter()
            .find(|(name, _)| name.starts_with(beginning))
            .map(|(_, value)| scalar_text(value))
            .unwrap_or_default()
    };
    Ok(Applications {
        version: beginning_with("version"),
        hash_code: beginning_with("apps"),
        applications: applications(member(root, "application").unwrap_or(&Value::Null))?,
    })
}

/// What the registry's watch tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WatchEvent {
    Snapshot {
        epoch: String,
        revision: u64,
        applications: Vec<Application>,
        /// Only a part is told: revisions in between are about others.
        is_filtered: bool,
    },
    Change {
        revision: u64,
        is_removal: bool,
        instance: Box<Instance>,
    },
}

/// Reads one event of the watch. `Ok(None)` for a kind of event this version does not know.
pub fn read_watch_event(name: &str, data: &str) -> Result<Option<WatchEvent>, DecodeError> {
    match name {
        "snapshot" => {
            let document = parse(data.as_bytes())?;
            Ok(Some(WatchEvent::Snapshot {
                epoch: required_text(&document, "epoch")?,
                revision: revision(&document)?,
                applications: applications(document.get("applications").unwrap_or(&Value::Null))?,
                is_filtered: document.get("filtered").and_then(Value::as_bool).unwrap_or_default(),
            }))
        }
        "change" => {
            let document = parse(data.as_bytes())?;
            let is_removal = match required_text(&document, "kind")?.as_str() {
                "upsert" => false,
                "remove" => true,
                _ => return Ok(None),
            };
            let instance = Box::new(instance(document.get("instance").unwrap_or(&Value::Null))?);
            Ok(Some(WatchEvent::Change { revision: revision(&document)?, is_removal, instance }))
        }
        _ => Ok(None),
    }
}

pub(super) fn parse(bytes: &[u8]) -> Result<Value<'_>, DecodeError> {
    serde_json::from_slice(bytes).map_err(|error| DecodeError::Malformed { reason: error.to_string() })
}

fn required_text(document: &Value<'_>, field: &'static str) -> Result<String, DecodeError> {
    let text = document.get(field).and_then(Value::as_str);
    text.map(str::to_owned).ok_or_else(|| wrong(field, "is missing"))
}

fn revision(document: &Value<'_>) -> Result<u64, DecodeError> {
    document.get("revision").and_then(Value::as_u64).ok_or_else(|| wrong("revision", "is not a number"))
}

/// An array of applications; a single object in its place is accepted as Netflix's own reader does.
fn applications(value: &Value<'_>) -> Result<Vec<Application>, DecodeError> {
    one_or_many(value).map(application).collect()
}

fn application(value: &Value<'_>) -> Result<Application, DecodeError> {
    let name = required_text(value, "name")?;
    let instances =
        one_or_many(value.get("instance").unwrap_or(&Value::Null)).map(instance).collect::<Result<_, _>>()?;
    Ok(Application { name, instances })
}

fn one_or_many<'m, 'a>(value: &'m Value<'a>) -> impl Iterator<Item = &'m Value<'a>> {
    match value {
        Value::Array(values) => values.iter(),
        Value::Null => [].iter(),
        single => std::slice::from_ref(single).iter(),
    }
}

pub(super) fn instance(value: &Value<'_>) -> Result<Instance, DecodeError> {
    let members = Members(value.as_object().ok_or(DecodeError::Root { expected: "instance" })?);
    Ok(Instance {
        instance_id: members.text("instanceId").unwrap_or_default(),
        host_name: members.text("hostName").unwrap_or_default(),
        app: members.text("app").unwrap_or_default().to_uppercase(),
        ip_addr: members.text("ipAddr").unwrap_or_default(),
        sid: members.text("sid").filter(|sid| sid != "na" && sid != "unknown"),
        status: members.status("status").unwrap_or(Status::Up),
        overridden_status: members
            .status("overriddenStatus")
            .or_else(|| members.status("overriddenstatus"))
            .unwrap_or_default(),
        port: members.port("port", Port::DEFAULT)?,
        secure_port: members.port("securePort", Port::DEFAULT_SECURE)?,
        country_id: members.number("countryId")?.unwrap_or(1),
        data_center: members.get("dataCenterInfo").map(data_center).transpose()?,
        lease: members.get("leaseInfo").map(lease).transpose()?.unwrap_or_default(),
        metadata: members.get("metadata").map(metadata).unwrap_or_default(),
        app_group_name: members.text("appGroupName").map(|name| name.to_uppercase()),
        home_page_url: members.text("homePageUrl"),
        status_page_url: members.text("statusPageUrl"),
        health_check_url: members.text("healthCheckUrl"),
        secure_health_check_url: members.text("secureHealthCheckUrl"),
        vip_address: members.text("vipAddress"),
        secure_vip_address: members.text("secureVipAddress"),
        is_coordinating: members.text("isCoordinatingDiscoveryServer").is_some_and(|flag| flag == "true"),
        last_updated_ms: members.milliseconds("lastUpdatedTimestamp")?,
        last_dirty_ms: members.milliseconds("lastDirtyTimestamp")?,
        action: members.text("actionType").and_then(|action| ActionType::parse(&action)),
        asg_name: members.text("asgName"),
    })
}

fn data_center(value: &Value<'_>) -> Result<DataCenter, DecodeError> {
    let members = Members(value.as_object().ok_or_else(|| wrong("dataCenterInfo", "is not an object"))?);
    let name = members.text("name").ok_or_else(|| wrong("dataCenterInfo.name", "is missing"))?;
    let name = DataCenterName::parse(&name)
        .ok_or_else(|| wrong("dataCenterInfo.name", "is none of Netflix, Amazon, MyOwn"))?;
    let metadata = members.get("metadata").filter(|_| name == DataCenterName::Amazon).map(metadata).unwrap_or_default();
    Ok(DataCenter { name, metadata })
}

fn lease(value: &Value<'_>) -> Result<LeaseInfo, DecodeError> {
    let members = Members(value.as_object().ok_or_else(|| wrong("leaseInfo", "is not an object"))?);
    let seconds = |name, default| -> Result<u32, DecodeError> {
        Ok(members
            .number(name)?
            .and_then(|value| u32::try_from(value).ok())
            .filter(|value| *value > 0)
            .unwrap_or(default))
    };
    let renewed = match members.milliseconds("lastRenewalTimestamp")? {
        0 => members.milliseconds("renewalTimestamp")?,
        renewed => renewed,
    };
    Ok(LeaseInfo {
        renewal_interval_s: seconds("renewalIntervalInSecs", LeaseInfo::DEFAULT_RENEWAL_INTERVAL_S)?,
        duration_s: seconds("durationInSecs", LeaseInfo::DEFAULT_DURATION_S)?,
        registration_ms: members.milliseconds("registrationTimestamp")?,
        last_renewal_ms: renewed,
        eviction_ms: members.milliseconds("evictionTimestamp")?,
        service_up_ms: members.milliseconds("serviceUpTimestamp")?,
    })
}

/// A map of strings. Java's class marker is not an entry; nested values have no meaning here and are dropped.
fn metadata(value: &Value<'_>) -> BTreeMap<String, String> {
    let entries = value.as_object().into_iter().flatten();
    entries
        .filter(|(key, value)| key != "@class" && !value.is_object() && !value.is_array())
        .map(|(key, value)| (key.to_string(), if value.is_null() { "null".to_owned() } else { scalar_text(value) }))
        .collect()
}

pub(super) fn scalar_text(value: &Value<'_>) -> String {
    match value {
        Value::Text(text) => text.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
    }
}

fn wrong(field: &'static str, reason: &str) -> DecodeError {
    DecodeError::Field { field, reason: reason.to_owned() }
}

struct Members<'m, 'a>(&'m [Member<'a>]);

impl<'a> Members<'_, 'a> {
    /// `null` is absent.
    fn get(&self, name: &str) -> Option<&Value<'a>> {
        member(self.0, name).filter(|value| !value.is_null())
    }

    /// Any scalar as text.
    fn text(&self, name: &str) -> Option<String> {
        self.get(name).filter(|value| !value.is_object() && !value.is_array()).map(scalar_text)
    }

    /// A status nobody has heard of is UNKNOWN, not an error: older servers met newer clients so.
    fn status(&self, name: &str) -> Option<Status> {
        let value = self.get(name).filter(|value| !value.is_object() && !value.is_array())?;
        Some(value.as_str().map_or_else(|| scalar_text(value).parse(), str::parse).unwrap_or_default())
    }

    /// A number, or a string that holds one.
    fn number(&self, name: &'static str) -> Result<Option<i64>, DecodeError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        number(value).map(Some).ok_or_else(|| wrong(name, "is not a number"))
    }

    fn milliseconds(&self, name: &'static str) -> Result<u64, DecodeError> {
        Ok(self.number(name)?.and_then(|value| u64::try_from(value).ok()).unwrap_or_default())
    }

    /// Eureka's object, or a bare number as some would write it.
    fn port(&self, name: &'static str, default: Port) -> Result<Port, DecodeError> {
        let Some(value) = self.get(name) else { return Ok(default) };
        let (given, enabled) = match value.as_object() {
            Some(object) => (member(object, "$"), member(object, "@enabled").map(scalar_text)),
            None => (Some(value), None),
        };
        let Some(given) = given.filter(|value| !value.is_null()) else {
            return Err(wrong(name, "has no number"));
        };
        let number = number(given)
            .and_then(|number| u16::try_from(number).ok())
            .ok_or_else(|| wrong(name, "is not a port number"))?;
        Ok(Port { number, enabled: enabled.map_or(default.enabled, |flag| flag.eq_ignore_ascii_case("true")) })
    }
}

fn number(value: &Value<'_>) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::Text(text) => text.trim().parse().ok(),
        _ => None,
    }
}
