//! The reading half: as forgiving as the JSON one (see `json/read.rs`); unknown elements are ignored.

use std::collections::BTreeMap;

use tracing::warn;

use super::{names, tree::Element};
use crate::{
    ActionType, Application, Applications, DataCenter, DataCenterName, DecodeError, Instance, LeaseInfo, Port, Status,
};

/// Reads one instance.
pub fn read_instance(bytes: &[u8]) -> Result<Instance, DecodeError> {
    instance(&root(bytes, "instance")?)
}

/// Reads the answer to a read of one application.
pub fn read_application(bytes: &[u8]) -> Result<Application, DecodeError> {
    application(&root(bytes, "application")?)
}

/// Reads a full list, a delta, or a VIP's list.
pub fn read_applications(bytes: &[u8]) -> Result<Applications, DecodeError> {
    let root = root(bytes, "applications")?;
    let beginning_with = |beginning: &str| {
        let found = root.children.iter().find(|child| child.name.starts_with(beginning));
        found.map(|child| child.text.clone()).unwrap_or_default()
    };
    Ok(Applications {
        version: beginning_with("versions"),
        hash_code: beginning_with("apps_"),
        applications: root.children("application").map(application).collect::<Result<_, _>>()?,
    })
}

fn root(bytes: &[u8], expected: &'static str) -> Result<Element, DecodeError> {
    let element = Element::parse(bytes)?;
    if element.name == expected { Ok(element) } else { Err(DecodeError::Root { expected }) }
}

fn application(element: &Element) -> Result<Application, DecodeError> {
    Ok(Application {
        name: text(element, "name").ok_or_else(|| wrong("name", "is missing"))?,
        // One that cannot be understood is left out: it would take all others with it.
        instances: element.children("instance").filter_map(understood).collect(),
    })
}

fn understood(element: &Element) -> Option<Instance> {
    let tell = |error: &DecodeError| {
        let own = |name| text(element, name).unwrap_or_default();
        let (app, id) = (own("app"), own("instanceId"));
        warn!(registry.app = app, instance.id = id, error = %error, "`{app}` instance `{id}` is left out: {error}");
    };
    instance(element).inspect_err(tell).ok()
}

fn instance(element: &Element) -> Result<Instance, DecodeError> {
    let own = |name| text(element, name);
    Ok(Instance {
        instance_id: own("instanceId").unwrap_or_default(),
        host_name: own("hostName").unwrap_or_default(),
        app: own("app").unwrap_or_default().to_uppercase(),
        ip_addr: own("ipAddr").unwrap_or_default(),
        sid: own("sid").filter(|sid| sid != "na" && sid != "unknown"),
        status: status(element, "status").unwrap_or(Status::Up),
        overridden_status: status(element, "overriddenstatus")
            .or_else(|| status(element, "overriddenStatus"))
            .unwrap_or_default(),
        port: port(element, "port", Port::DEFAULT)?,
        secure_port: port(element, "securePort", Port::DEFAULT_SECURE)?,
        country_id: number(element, "countryId")?.unwrap_or(1),
        data_center: element.child("dataCenterInfo").map(data_center).transpose()?,
        lease: element.child("leaseInfo").map(lease).transpose()?.unwrap_or_default(),
        metadata: element.child("metadata").map(metadata).unwrap_or_default(),
        app_group_name: own("appGroupName").map(|name| name.to_uppercase()),
        home_page_url: own("homePageUrl"),
        status_page_url: own("statusPageUrl"),
        health_check_url: own("healthCheckUrl"),
        secure_health_check_url: own("secureHealthCheckUrl"),
        vip_address: own("vipAddress"),
        secure_vip_address: own("secureVipAddress"),
        is_coordinating: own("isCoordinatingDiscoveryServer").is_some_and(|flag| flag.trim() == "true"),
        last_updated_ms: milliseconds(element, "lastUpdatedTimestamp")?,
        last_dirty_ms: milliseconds(element, "lastDirtyTimestamp")?,
        action: own("actionType").and_then(|action| ActionType::parse(action.trim())),
        asg_name: own("asgName"),
    })
}

/// The `class` attribute is optional: the name alone decides.
fn data_center(element: &Element) -> Result<DataCenter, DecodeError> {
    let name = text(element, "name").ok_or_else(|| wrong("dataCenterInfo.name", "is missing"))?;
    let name = DataCenterName::parse(name.trim())
        .ok_or_else(|| wrong("dataCenterInfo.name", "is none of Netflix, Amazon, MyOwn"))?;
    let metadata =
        element.child("metadata").filter(|_| name == DataCenterName::Amazon).map(metadata).unwrap_or_default();
    Ok(DataCenter { name, metadata })
}

fn lease(element: &Element) -> Result<LeaseInfo, DecodeError> {
    let seconds = |name, default| -> Result<u32, DecodeError> {
        let given = number(element, name)?.and_then(|value| u32::try_from(value).ok());
        Ok(given.filter(|value| *value > 0).unwrap_or(default))
    };
    Ok(LeaseInfo {
        renewal_interval_s: seconds("renewalIntervalInSecs", LeaseInfo::DEFAULT_RENEWAL_INTERVAL_S)?,
        duration_s: seconds("durationInSecs", LeaseInfo::DEFAULT_DURATION_S)?,
        registration_ms: milliseconds(element, "registrationTimestamp")?,
        last_renewal_ms: milliseconds(element, "lastRenewalTimestamp")?,
        eviction_ms: milliseconds(element, "evictionTimestamp")?,
        service_up_ms: milliseconds(element, "serviceUpTimestamp")?,
    })
}

fn metadata(element: &Element) -> BTreeMap<String, String> {
    let leaves = element.children.iter().filter(|child| child.children.is_empty());
    leaves.map(|child| (names::unescape(&child.name).into_owned(), child.text.clone())).collect()
}

fn text(element: &Element, name: &str) -> Option<String> {
    element.child(name).map(|child| child.text.clone())
}

fn status(element: &Element, name: &str) -> Option<Status> {
    let text = text(element, name)?;
    Some(text.trim().to_uppercase().parse().unwrap_or_default())
}

fn number(element: &Element, name: &'static str) -> Result<Option<i64>, DecodeError> {
    let Some(text) = text(element, name).filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    text.trim().parse().map(Some).map_err(|_| wrong(name, "is not a number"))
}

fn milliseconds(element: &Element, name: &'static str) -> Result<u64, DecodeError> {
    Ok(number(element, name)?.and_then(|value| u64::try_from(value).ok()).unwrap_or_default())
}

fn port(element: &Element, name: &'static str, default: Port) -> Result<Port, DecodeError> {
    let Some(child) = element.child(name) else { return Ok(default) };
    let number = child.text.trim().parse().map_err(|_| wrong(name, "is not a port number"))?;
    // Each kind of port keeps its own default unless the attribute says plainly otherwise.
    let enabled = match child.attribute("enabled") {
        Some("true") => true,
        Some("false") => false,
        _ => default.enabled,
    };
    Ok(Port { number, enabled })
}

fn wrong(field: &'static str, reason: &str) -> DecodeError {
    DecodeError::Field { field, reason: reason.to_owned() }
}
