//! What servers tell each other: batches of events, and an answer to each. Read forgivingly, written exactly: a Java
//! peer refuses a whole batch for one member it does not know.

use super::{
    read::{instance, parse, scalar_text},
    value::Value,
    write::{write_instance, write_text},
};
use crate::{DecodeError, Hearsay, Instance, Status};

/// What happened to an instance, as one server tells another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReplicationAction {
    Heartbeat,
    Register,
    Cancel,
    StatusUpdate,
    DeleteStatusOverride,
}

impl ReplicationAction {
    pub const ALL: [ReplicationAction; 5] = [
        ReplicationAction::Heartbeat,
        ReplicationAction::Register,
        ReplicationAction::Cancel,
        ReplicationAction::StatusUpdate,
        ReplicationAction::DeleteStatusOverride,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            ReplicationAction::Heartbeat => "Heartbeat",
            ReplicationAction::Register => "Register",
            ReplicationAction::Cancel => "Cancel",
            ReplicationAction::StatusUpdate => "StatusUpdate",
            ReplicationAction::DeleteStatusOverride => "DeleteStatusOverride",
        }
    }
}

/// One event of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplicationItem {
    /// In upper case.
    pub app: String,
    pub id: String,
    pub action: ReplicationAction,
    pub last_dirty_ms: Option<u64>,
    pub overridden_status: Option<Status>,
    pub status: Option<Status>,
    /// Of a registration.
    pub instance: Option<Box<Instance>>,
    /// What travels beside the batch, never in it.
    pub hearsay: Option<Hearsay>,
}

impl ReplicationItem {
    /// An event that says no more than its kind.
    pub fn new(app: &str, id: &str, action: ReplicationAction) -> Self {
        ReplicationItem {
            app: app.to_owned(),
            id: id.to_owned(),
            action,
            last_dirty_ms: None,
            overridden_status: None,
            status: None,
            instance: None,
            hearsay: None,
        }
    }
}

/// The answer to one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplicationReply {
    pub status_code: u16,
    /// With a conflict: the answering server's own version.
    pub instance: Option<Box<Instance>>,
    /// What travels beside the answers, never in them: of that version.
    pub hearsay: Option<Hearsay>,
}

impl ReplicationReply {
    pub fn of(status_code: u16) -> Self {
        ReplicationReply { status_code, instance: None, hearsay: None }
    }
}

/// Reads a batch. An item that cannot be understood is an error of its own: the others go on.
pub fn read_replication(bytes: &[u8]) -> Result<Vec<Result<ReplicationItem, DecodeError>>, DecodeError> {
    let mut document = parse(bytes)?;
    let list = document.take("replicationList").ok_or(DecodeError::Root { expected: "replicationList" })?;
    let Value::Array(items) = list else { return Err(wrong("replicationList", "is not an array")) };
    Ok(items.into_iter().map(item).collect())
}

/// Appends a batch.
pub fn write_replication(out: &mut Vec<u8>, items: &[ReplicationItem]) {
    out.extend_from_slice(br#"{"replicationList":["#);
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write_replication_item(out, item);
    }
    out.extend_from_slice(b"]}");
}

/// Reads the answers to a batch.
pub fn read_replies(bytes: &[u8]) -> Result<Vec<ReplicationReply>, DecodeError> {
    let mut document = parse(bytes)?;
    let Some(Value::Array(list)) = document.take("responseList") else {
        return Err(DecodeError::Root { expected: "responseList" });
    };
    let reply = |mut value: Value<'_>| {
        let code = value.get("statusCode").and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok());
        Ok(ReplicationReply {
            status_code: code.ok_or_else(|| wrong("statusCode", "is not a number"))?,
            instance: value.take("responseEntity").filter(Value::is_object).map(instance).transpose()?.map(Box::new),
            hearsay: None,
        })
    };
    list.into_iter().map(reply).collect()
}

/// Appends the answers to a batch.
pub fn write_replies(out: &mut Vec<u8>, replies: &[ReplicationReply]) {
    out.extend_from_slice(br#"{"responseList":["#);
    for (at, reply) in replies.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        out.extend_from_slice(format!(r#"{{"statusCode":{}"#, reply.status_code).as_bytes());
        if let Some(instance) = &reply.instance {
            out.extend_from_slice(br#","responseEntity":"#);
            write_instance(out, instance.as_ref());
        }
        out.push(b'}');
    }
    out.extend_from_slice(b"]}");
}

fn item(mut value: Value<'_>) -> Result<ReplicationItem, DecodeError> {
    let registered = value.take("instanceInfo").filter(|value| !value.is_null());
    let member = |name: &str| value.get(name).filter(|value| !value.is_null());
    let text = |name: &'static str| {
        let text = member(name).map(scalar_text).filter(|text| !text.is_empty());
        text.ok_or_else(|| wrong(name, "is missing"))
    };
    let status = |name: &'static str| {
        let parsed = |value: &Value<'_>| scalar_text(value).parse().map_err(|_| wrong(name, "is no status"));
        member(name).map(parsed).transpose()
    };
    let action = text("action")?;
    let action = ReplicationAction::ALL.into_iter().find(|known| known.as_str() == action);
    let last_dirty_ms = match member("lastDirtyTimestamp") {
        Some(value) => Some(scalar_text(value).parse().map_err(|_| wrong("lastDirtyTimestamp", "is not a number"))?),
        None => None,
    };
    Ok(ReplicationItem {
        app: text("appName")?.to_uppercase(),
        id: text("id")?,
        action: action.ok_or_else(|| wrong("action", "is none of the five"))?,
        last_dirty_ms,
        overridden_status: status("overriddenStatus")?,
        status: status("status")?,
        instance: registered.map(instance).transpose()?.map(Box::new),
        hearsay: None,
    })
}

/// Appends one event as it stands in a batch: in Java's order of members, absent ones left out.
pub fn write_replication_item(out: &mut Vec<u8>, item: &ReplicationItem) {
    out.extend_from_slice(br#"{"appName":"#);
    write_text(out, &item.app);
    out.extend_from_slice(br#","id":"#);
    write_text(out, &item.id);
    if let Some(dirty_ms) = item.last_dirty_ms {
        out.extend_from_slice(format!(r#","lastDirtyTimestamp":{dirty_ms}"#).as_bytes());
    }
    for (name, status) in [("overriddenStatus", item.overridden_status), ("status", item.status)] {
        if let Some(status) = status {
            out.extend_from_slice(format!(r#","{name}":"{status}""#).as_bytes());
        }
    }
    if let Some(instance) = &item.instance {
        out.extend_from_slice(br#","instanceInfo":"#);
        write_instance(out, instance.as_ref());
    }
    out.extend_from_slice(format!(r#","action":"{}"}}"#, item.action.as_str()).as_bytes());
}

fn wrong(field: &'static str, reason: &str) -> DecodeError {
    DecodeError::Field { field, reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_reads_back_as_it_was_written() {
        let mut register = ReplicationItem::new("ORDERS", "n7:orders:1", ReplicationAction::Register);
        register.last_dirty_ms = Some(1_790_000_000_000);
        register.status = Some(Status::Up);
        register.instance = Some(Box::new(Instance::new("orders", "n7:orders:1", "n7", "10.4.0.7", 8080)));
        let mut heartbeat = ReplicationItem::new("ORDERS", "n8", ReplicationAction::Heartbeat);
        heartbeat.overridden_status = Some(Status::OutOfService);
        let items = [register, heartbeat, ReplicationItem::new("ORDERS", "n9", ReplicationAction::Cancel)];
        let mut out = Vec::new();
        write_replication(&mut out, &items);
        let read = read_replication(&out).expect("a batch").into_iter().collect::<Result<Vec<_>, _>>().expect("items");
        assert_eq!(read, items);
        assert!(out.ends_with(br#"{"appName":"ORDERS","id":"n9","action":"Cancel"}]}"#));
    }

    #[test]
    fn an_item_that_cannot_be_understood_leaves_the_others_alone() {
        let batch = br#"{"replicationList":[{"appName":"a","id":"x","action":"Explode"},{"id":"x","action":"Cancel"},
            {"appName":"a","id":"x","action":"Cancel","lastDirtyTimestamp":null,"more":{"of":"it"}}]}"#;
        let items = read_replication(batch).expect("a batch");
        let reasons = items.iter().map(|item| item.as_ref().err().map(ToString::to_string)).collect::<Vec<_>>();
        assert_eq!(reasons[0].as_deref(), Some("`action` is none of the five"));
        assert_eq!(reasons[1].as_deref(), Some("`appName` is missing"));
        assert_eq!(items[2].as_ref().expect("read").app, "A");
        assert!(read_replication(b"[]").is_err() && read_replication(b"{").is_err());
    }

    #[test]
    fn answers_read_back_as_they_were_written() {
        let conflict = ReplicationReply {
            status_code: 409,
            instance: Some(Box::new(Instance::new("orders", "a", "n7", "10.4.0.7", 8080))),
            hearsay: None,
        };
        let replies = [ReplicationReply::of(200), conflict];
        let mut out = Vec::new();
        write_replies(&mut out, &replies);
        assert_eq!(read_replies(&out).expect("answers"), replies);
    }
}
