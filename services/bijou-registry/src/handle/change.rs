//! Heartbeats, and what operators do to an instance: overrides and metadata. The latter are audited.

use std::{borrow::Cow, net::IpAddr};

use bijou_eureka::Status;
use http::StatusCode;

use super::{Asked, Refused, Site, Verb, found, register::metadata_within};
use crate::{
    access::Caller,
    answer::{self, Answer},
    audit::Entry,
    documents,
    leases::{Beat, Origin, Renewal},
    negotiate,
    path::{Resource, query_pairs, query_values},
    settings::Right,
};

/// The version of an instance, as query parameter.
const DIRTY: &str = "lastDirtyTimestamp";
/// An operator's reason for an override.
const REASON_CHARS_MAX: usize = 200;

pub fn renew(asked: &Asked<'_>, app: &str, id: &str) -> Answer {
    let [dirty_ms, overridden] = query_values(asked.query, [DIRTY, "overriddenstatus"]);
    let dirty_ms = match as_time(dirty_ms) {
        Ok(dirty_ms) => dirty_ms,
        Err(refused) => return asked.refuse("a heartbeat", app, refused),
    };
    let overridden = overridden.and_then(|status| status.parse().ok());
    match asked.registry().renew(app, id, Beat { overridden, ..Beat::new(asked.origin(), dirty_ms) }) {
        Renewal::Renewed => answer::empty(StatusCode::OK),
        Renewal::RegisterAgain => answer::empty(StatusCode::NOT_FOUND),
        // The one error with a body: a peer takes our newer version from it.
        Renewal::OursIsNewer(record) => match negotiate::answer_form(asked.fields) {
            Some(form) => {
                let body = documents::instance(form, &record.instance, &record.instance.lease);
                answer::newer_instance(form, body)
            }
            None => answer::empty(StatusCode::CONFLICT),
        },
    }
}

/// An instance that leaves says so itself, which is no news. Whoever takes out one that is elsewhere is audited.
pub fn cancel(asked: &Asked<'_>, app: &str, id: &str) -> Answer {
    let registry = asked.registry();
    let address = registry.instance(app, id).map(|instance| instance.ip_addr);
    let is_found = registry.cancel(app, id, asked.origin());
    if address.is_some_and(|address| address != asked.address.to_string()) {
        audit(asked, "cancel", (app, id), None, reason(asked), is_found);
    }
    found(is_found)
}

pub fn override_status(asked: &Asked<'_>, app: &str, id: &str) -> Answer {
    let status = match checked_version(asked).and_then(|()| required_status(asked)) {
        Ok(status) => status,
        Err(refused) => return asked.refuse("an override", app, refused),
    };
    let reason = reason(asked);
    let is_found = asked.registry().override_status(app, id, asked.origin(), status, reason.as_deref());
    audit(asked, "override", (app, id), Some(status), reason, is_found);
    found(is_found)
}

pub fn remove_override(asked: &Asked<'_>, app: &str, id: &str) -> Answer {
    let status = match checked_version(asked).and_then(|()| status_value(asked)) {
        Ok(status) => status,
        Err(refused) => return asked.refuse("the end of an override", app, refused),
    };
    let is_found = asked.registry().remove_override(app, id, asked.origin(), status);
    audit(asked, "remove-override", (app, id), status, reason(asked), is_found);
    found(is_found)
}

pub fn merge_metadata(asked: &Asked<'_>, app: &str, id: &str) -> Answer {
    let registry = asked.registry();
    let pairs = query_pairs(asked.query).map(|(name, value)| (name.into_owned(), value.into_owned()));
    let mut entries = pairs.collect::<Vec<_>>();
    // The first value of each name counts, so they are entered last to first.
    entries.reverse();
    if let Some(instance) = registry.instance(app, id) {
        let mut merged = instance.metadata;
        merged.extend(entries.iter().cloned());
        let merged = merged.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        if let Err(refused) = metadata_within(&asked.site.limits, merged) {
            return asked.refuse("metadata", app, refused);
        }
    }
    let is_found = registry.merge_metadata(app, id, entries.into_iter().collect());
    audit(asked, "metadata", (app, id), None, None, is_found);
    found(is_found)
}

/// What was audited of the applications the caller may override.
pub fn audited(asked: &Asked<'_>) -> Vec<Entry> {
    let mut entries = asked.site.audit.latest();
    entries.retain(|entry| asked.caller.may(Right::Override, &entry.app));
    entries
}

/// What a change of one instance is called, where it is one that operators make.
pub fn audited_as<'a>(resource: &'a Resource<'_>, verb: Verb) -> Option<(&'static str, &'a str, &'a str)> {
    match (resource, verb) {
        (Resource::InstanceStatus { app, id }, Verb::Put) => Some(("override", app, id)),
        (Resource::InstanceStatus { app, id }, Verb::Delete) => Some(("remove-override", app, id)),
        (Resource::InstanceMetadata { app, id }, Verb::Put) => Some(("metadata", app, id)),
        (Resource::Instance { app, id }, Verb::Delete) => Some(("cancel", app, id)),
        _ => None,
    }
}

/// A change that no rule allows.
pub fn audit_refused(site: &Site, caller: &Caller, address: IpAddr, action: &'static str, app: &str, id: &str) {
    site.audit.note(Entry {
        at_ms: site.registry.now().unix_ms,
        caller: caller.name.to_string(),
        address,
        action,
        app: app.to_owned(),
        instance_id: id.to_owned(),
        status: None,
        reason: None,
        outcome: "refused",
    });
}

/// What a peer tells was audited where it was done.
fn audit(
    asked: &Asked<'_>,
    action: &'static str,
    (app, id): (&str, &str),
    status: Option<Status>,
    reason: Option<String>,
    is_found: bool,
) {
    if asked.origin() == Origin::Peer {
        return;
    }
    asked.site.audit.note(Entry {
        at_ms: asked.registry().now().unix_ms,
        caller: asked.caller.name.to_string(),
        address: asked.address,
        action,
        app: app.to_owned(),
        instance_id: id.to_owned(),
        status: status.map(Status::as_str),
        reason,
        outcome: if is_found { "done" } else { "not-found" },
    });
}

fn reason(asked: &Asked<'_>) -> Option<String> {
    let reason = asked.query_value("reason").filter(|reason| !reason.trim().is_empty())?;
    Some(reason.trim().chars().take(REASON_CHARS_MAX).collect())
}

fn status_value(asked: &Asked<'_>) -> Result<Option<Status>, Refused> {
    let Some(value) = asked.query_value("value") else { return Ok(None) };
    value.parse().map(Some).map_err(|error: bijou_eureka::UnknownStatus| Refused::bad(error.to_string()))
}

fn required_status(asked: &Asked<'_>) -> Result<Status, Refused> {
    status_value(asked)?.ok_or_else(|| Refused::bad("`value` is missing"))
}

/// What an operator's word tells of a version has no effect, but is to be one.
fn checked_version(asked: &Asked<'_>) -> Result<(), Refused> {
    as_time(asked.query_value(DIRTY)).map(|_| ())
}

fn as_time(told: Option<Cow<'_, str>>) -> Result<Option<u64>, Refused> {
    let Some(text) = told.filter(|text| !text.is_empty()) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| Refused::bad(format!("`{DIRTY}` is not a number")))
}
