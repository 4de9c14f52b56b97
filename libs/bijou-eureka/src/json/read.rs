//! The reading half. Clients disagree on almost everything that can be disagreed on: numbers come as strings, booleans
//! bare or quoted, absent members as `null`, the two spellings of `overriddenStatus`, roots missing. All of it is
//! accepted where the meaning is plain; what cannot mean anything is refused by name.

use std::borrow::Cow;

use serde::de::DeserializeSeed;
use tracing::warn;

use super::{
    members::{Document, Members},
    value::{Value, member},
};
use crate::{
    ActionType, Application, Applications, DataCenterName, DataCenterRef, DecodeError, Entries, Instance, InstanceRef,
    LeaseInfo, Port, Status, borrowed::Entry,
};

/// Reads one instance, with or without the root `instance`.
pub fn read_instance(bytes: &[u8]) -> Result<Instance, DecodeError> {
    with_instance(bytes, owned)
}

/// Looks at such an instance, whose texts are those of the document.
pub fn with_instance<T>(bytes: &[u8], look: impl FnOnce(&InstanceRef<'_>) -> T) -> Result<T, DecodeError> {
    let document = Document { may_have_root: true };
    let read = match str::from_utf8(bytes) {
        Ok(text) => read_whole(serde_json::Deserializer::from_str(text), document),
        Err(_) => read_whole(serde_json::Deserializer::from_slice(bytes), document),
    };
    let members = read.map_err(malformed)?.ok_or(DecodeError::Root { expected: "instance" })?;
    understood(members, look).map_err(|skipped| skipped.error)
}

fn read_whole<'a, R: serde_json::de::Read<'a>>(
    mut deserializer: serde_json::Deserializer<R>,
    document: Document,
) -> serde_json::Result<Option<Members<'a>>> {
    let members = document.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(members)
}

/// Reads the answer to a read of one application.
pub fn read_application(bytes: &[u8]) -> Result<Application, DecodeError> {
    let mut document = parse(bytes)?;
    application(document.take("application").ok_or(DecodeError::Root { expected: "application" })?)
}

/// Reads a full list, a delta, or a VIP's list.
pub fn read_applications(bytes: &[u8]) -> Result<Applications, DecodeError> {
    let mut document = parse(bytes)?;
    let mut root = document.take("applications").unwrap_or_default();
    let applications = applications(root.take("application").unwrap_or_default());
    let root = root.as_object().ok_or(DecodeError::Root { expected: "applications" })?;
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
        applications: applications?,
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
            let mut document = parse(data.as_bytes())?;
            Ok(Some(WatchEvent::Snapshot {
                epoch: required_text(&document, "epoch")?,
                revision: revision(&document)?,
                applications: applications(document.take("applications").unwrap_or_default())?,
                is_filtered: document.get("filtered").and_then(Value::as_bool).unwrap_or_default(),
            }))
        }
        "change" => {
            let mut document = parse(data.as_bytes())?;
            let is_removal = match required_text(&document, "kind")?.as_str() {
                "upsert" => false,
                "remove" => true,
                _ => return Ok(None),
            };
            // What cannot be understood cannot be called: one that was is not any more. The rest goes on.
            let (is_removal, instance) = match understood_value(document.take("instance").unwrap_or_default()) {
                Ok(instance) => (is_removal, Box::new(instance)),
                Err(skipped) => (true, skipped.tell().named),
            };
            Ok(Some(WatchEvent::Change { revision: revision(&document)?, is_removal, instance }))
        }
        _ => Ok(None),
    }
}

pub(super) fn parse(bytes: &[u8]) -> Result<Value<'_>, DecodeError> {
    // Looked at once as a whole, and not text by text. What is none is read for the place where it is not.
    let read = str::from_utf8(bytes).map_or_else(|_| serde_json::from_slice(bytes), serde_json::from_str);
    read.map_err(malformed)
}

fn malformed(error: serde_json::Error) -> DecodeError {
    DecodeError::Malformed { reason: error.to_string() }
}

fn required_text(document: &Value<'_>, field: &'static str) -> Result<String, DecodeError> {
    let text = document.get(field).and_then(Value::as_str);
    text.map(str::to_owned).ok_or_else(|| wrong(field, "is missing"))
}

fn revision(document: &Value<'_>) -> Result<u64, DecodeError> {
    document.get("revision").and_then(Value::as_u64).ok_or_else(|| wrong("revision", "is not a number"))
}

/// An array of applications; a single object in its place is accepted as Netflix's own reader does.
fn applications(value: Value<'_>) -> Result<Vec<Application>, DecodeError> {
    one_or_many(value).map(application).collect()
}

/// An instance that cannot be understood is left out: it would take all others with it.
fn application(mut value: Value<'_>) -> Result<Application, DecodeError> {
    let name = required_text(&value, "name")?;
    let instances = one_or_many(value.take("instance").unwrap_or_default())
        .filter_map(|value| understood_value(value).map_err(NotUnderstood::tell).ok())
        .collect();
    Ok(Application { name, instances })
}

fn one_or_many(value: Value<'_>) -> impl Iterator<Item = Value<'_>> {
    let values = match value {
        Value::Array(values) => values,
        Value::Null => Vec::new(),
        single => vec![single],
    };
    values.into_iter()
}

/// An instance that cannot be understood.
struct NotUnderstood {
    error: DecodeError,
    /// No more of it than what it is called.
    named: Box<Instance>,
}

impl NotUnderstood {
    fn tell(self) -> Self {
        let NotUnderstood { error, named } = &self;
        let (app, id) = (&named.app, named.id());
        warn!(registry.app = %app, instance.id = id, error = %error, "`{app}` instance `{id}` is left out: {error}");
        self
    }
}

pub(super) fn instance(value: Value<'_>) -> Result<Instance, DecodeError> {
    understood_value(value).map_err(|skipped| skipped.error)
}

fn understood_value(value: Value<'_>) -> Result<Instance, NotUnderstood> {
    match value {
        Value::Object(members) => understood(Members::of(members), owned),
        _ => Err(NotUnderstood {
            error: DecodeError::Root { expected: "instance" },
            named: Box::new(Instance::new("", "", "", "", 0)),
        }),
    }
}

fn owned(instance: &InstanceRef<'_>) -> Instance {
    instance.to_instance()
}

fn understood<T>(mut members: Members<'_>, look: impl FnOnce(&InstanceRef<'_>) -> T) -> Result<T, NotUnderstood> {
    members.become_text();
    let Measured { port, secure_port, country_id, data_center, lease, last_updated_ms, last_dirty_ms } =
        match measured(&mut members) {
            Ok(measured) => measured,
            Err(error) => {
                let names = [&members.app, &members.instance_id, &members.host_name, &members.ip_addr];
                let [app, id, host, ip] = names.map(|name| name.as_str().unwrap_or_default());
                return Err(NotUnderstood { error, named: Box::new(Instance::new(app, id, host, ip, 0)) });
            }
        };
    let [app, app_group_name] = [&members.app, &members.app_group_name].map(|name| name.as_str().map(in_upper_case));
    let metadata = metadata(members.metadata);
    Ok(look(&InstanceRef {
        instance_id: members.instance_id.as_str().unwrap_or_default(),
        host_name: members.host_name.as_str().unwrap_or_default(),
        app: app.as_deref().unwrap_or_default(),
        ip_addr: members.ip_addr.as_str().unwrap_or_default(),
        sid: members.sid.as_str().filter(|sid| *sid != "na" && *sid != "unknown"),
        status: status(&members.status).unwrap_or(Status::Up),
        overridden_status: status(&members.overridden_status)
            .or_else(|| status(&members.overridden_status_in_xml))
            .unwrap_or_default(),
        port,
        secure_port,
        country_id,
        data_center: data_center
            .as_ref()
            .map(|(name, metadata)| DataCenterRef { name: *name, metadata: Entries::sorted(metadata) }),
        lease,
        metadata: Entries::sorted(&metadata),
        app_group_name: app_group_name.as_deref(),
        home_page_url: members.home_page_url.as_str(),
        status_page_url: members.status_page_url.as_str(),
        health_check_url: members.health_check_url.as_str(),
        secure_health_check_url: members.secure_health_check_url.as_str(),
        vip_address: members.vip_address.as_str(),
        secure_vip_address: members.secure_vip_address.as_str(),
        is_coordinating: members.is_coordinating.as_str() == Some("true"),
        last_updated_ms,
        last_dirty_ms,
        action: members.action.as_str().and_then(ActionType::parse),
        asg_name: members.asg_name.as_str(),
    }))
}

/// What can be written so that it means nothing. All else of an instance is text.
struct Measured<'a> {
    port: Port,
    secure_port: Port,
    country_id: i64,
    data_center: Option<(DataCenterName, Vec<Entry<'a>>)>,
    lease: LeaseInfo,
    last_updated_ms: u64,
    last_dirty_ms: u64,
}

fn measured<'a>(members: &mut Members<'a>) -> Result<Measured<'a>, DecodeError> {
    Ok(Measured {
        port: port(&members.port, "port", Port::DEFAULT)?,
        secure_port: port(&members.secure_port, "securePort", Port::DEFAULT_SECURE)?,
        country_id: number(&members.country_id, "countryId")?.unwrap_or(1),
        data_center: present(std::mem::take(&mut members.data_center)).map(data_center).transpose()?,
        lease: present(std::mem::take(&mut members.lease)).map(|value| lease(&value)).transpose()?.unwrap_or_default(),
        last_updated_ms: milliseconds(&members.last_updated, "lastUpdatedTimestamp")?,
        last_dirty_ms: milliseconds(&members.last_dirty, "lastDirtyTimestamp")?,
    })
}

fn data_center(mut value: Value<'_>) -> Result<(DataCenterName, Vec<Entry<'_>>), DecodeError> {
    if !value.is_object() {
        return Err(wrong("dataCenterInfo", "is not an object"));
    }
    let name = value.take("name").and_then(text).ok_or_else(|| wrong("dataCenterInfo.name", "is missing"))?;
    let name = DataCenterName::parse(&name)
        .ok_or_else(|| wrong("dataCenterInfo.name", "is none of Netflix, Amazon, MyOwn"))?;
    let metadata = value.take("metadata").filter(|_| name == DataCenterName::Amazon).map(metadata).unwrap_or_default();
    Ok((name, metadata))
}

fn lease(value: &Value<'_>) -> Result<LeaseInfo, DecodeError> {
    let members = value.as_object().ok_or_else(|| wrong("leaseInfo", "is not an object"))?;
    let given = |name| member(members, name).unwrap_or(&Value::Null);
    let seconds = |name, default| -> Result<u32, DecodeError> {
        let given = number(given(name), name)?.and_then(|value| u32::try_from(value).ok());
        Ok(given.filter(|value| *value > 0).unwrap_or(default))
    };
    let moment = |name| milliseconds(given(name), name);
    let renewed = match moment("lastRenewalTimestamp")? {
        0 => moment("renewalTimestamp")?,
        renewed => renewed,
    };
    Ok(LeaseInfo {
        renewal_interval_s: seconds("renewalIntervalInSecs", LeaseInfo::DEFAULT_RENEWAL_INTERVAL_S)?,
        duration_s: seconds("durationInSecs", LeaseInfo::DEFAULT_DURATION_S)?,
        registration_ms: moment("registrationTimestamp")?,
        last_renewal_ms: renewed,
        eviction_ms: moment("evictionTimestamp")?,
        service_up_ms: moment("serviceUpTimestamp")?,
    })
}

/// A map of strings, in the order of its keys. Java's class marker is not an entry; nested values have no meaning here and
/// are dropped. The last of a name counts, as in every map.
fn metadata(value: Value<'_>) -> Vec<Entry<'_>> {
    let Value::Object(members) = value else { return Vec::new() };
    let entries = members.into_iter().filter(|(key, value)| key != "@class" && !value.is_object() && !value.is_array());
    let mut entries =
        entries.map(|(key, value)| (key, text(value).unwrap_or(Cow::Borrowed("null")))).collect::<Vec<_>>();
    entries.sort_by(|(one, _), (other, _)| one.cmp(other));
    entries.dedup_by(|next, kept| {
        let is_again = next.0 == kept.0;
        if is_again {
            std::mem::swap(next, kept);
        }
        is_again
    });
    entries
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

/// `null` is absent.
fn present(value: Value<'_>) -> Option<Value<'_>> {
    Some(value).filter(|value| !value.is_null())
}

/// Any scalar as text.
fn text(value: Value<'_>) -> Option<Cow<'_, str>> {
    match value {
        Value::Text(text) => Some(text),
        Value::Number(number) => Some(number.to_string().into()),
        Value::Bool(flag) => Some(flag.to_string().into()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Names mostly are in upper case already; then they stay what they are.
fn in_upper_case(name: &str) -> Cow<'_, str> {
    let is_upper = name.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_lowercase());
    if is_upper { name.into() } else { name.to_uppercase().into() }
}

/// A status nobody has heard of is UNKNOWN, not an error: older servers met newer clients so.
fn status(value: &Value<'_>) -> Option<Status> {
    match value {
        Value::Null | Value::Array(_) | Value::Object(_) => None,
        Value::Text(text) => Some(text.parse().unwrap_or_default()),
        Value::Number(_) | Value::Bool(_) => Some(Status::Unknown),
    }
}

/// A number, or a string that holds one.
fn number(value: &Value<'_>, name: &'static str) -> Result<Option<i64>, DecodeError> {
    let number = match value {
        Value::Null => return Ok(None),
        Value::Number(number) => number.as_i64(),
        Value::Text(text) => text.trim().parse().ok(),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    number.map(Some).ok_or_else(|| wrong(name, "is not a number"))
}

fn milliseconds(value: &Value<'_>, name: &'static str) -> Result<u64, DecodeError> {
    Ok(number(value, name)?.and_then(|value| u64::try_from(value).ok()).unwrap_or_default())
}

/// Eureka's object, or a bare number as some would write it.
fn port(value: &Value<'_>, name: &'static str, default: Port) -> Result<Port, DecodeError> {
    if value.is_null() {
        return Ok(default);
    }
    let (given, enabled) = match value.as_object() {
        Some(object) => (member(object, "$").unwrap_or(&Value::Null), member(object, "@enabled").map(scalar_text)),
        None => (value, None),
    };
    if given.is_null() {
        return Err(wrong(name, "has no number"));
    }
    let number = number(given, name).ok().flatten().and_then(|number| i32::try_from(number).ok());
    let number = number.ok_or_else(|| wrong(name, "is not a port number"))?;
    Ok(Port { number, enabled: enabled.map_or(default.enabled, |flag| flag.eq_ignore_ascii_case("true")) })
}
