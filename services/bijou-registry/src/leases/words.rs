//! What leases are told, and what they answer.

use std::sync::Arc;

use bijou_eureka::{ActionType, LeaseInfo, Status};

use super::{Key, Record, Verdict};
use crate::clock::Moment;

/// Who tells us. A peer's word about an instance is only repeated news; the client's own is fresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Client,
    Peer,
}

/// Whose word a lease stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    Client,
    Peer,
    /// Read back after a restart, and not renewed since.
    Disk,
}

impl Heard {
    pub fn as_str(self) -> &'static str {
        match self {
            Heard::Client => "client",
            Heard::Peer => "peer",
            Heard::Disk => "disk",
        }
    }
}

impl From<Origin> for Heard {
    fn from(origin: Origin) -> Self {
        match origin {
            Origin::Client => Heard::Client,
            Origin::Peer => Heard::Peer,
        }
    }
}

/// A change that readers can see.
#[derive(Clone, Debug)]
pub struct Change {
    pub revision: u64,
    pub is_removal: bool,
    pub key: Key,
    /// Of the lease, for the disk.
    pub number: u64,
    pub record: Arc<Record>,
    /// What the record replaces.
    pub previous: Option<Arc<Record>>,
}

impl Change {
    /// Whether it says more than how the lease stands: something that its client had not said before, or an operator's
    /// word, which may have a reason.
    pub fn says_new(&self) -> bool {
        let instance = &self.record.instance;
        let is_known = |previous: &Arc<Record>| {
            // Our own entry is not kept.
            !previous.instance.is_coordinating && previous.instance.says_the_same(instance)
        };
        instance.action != Some(ActionType::Added) || !self.previous.as_ref().is_some_and(is_known)
    }
}

/// What became of a renewal.
#[derive(Clone, Debug)]
pub enum Renewal {
    Renewed,
    /// Unknown, or of status UNKNOWN, or the caller has a newer version: register (again).
    RegisterAgain,
    /// A peer has an older version than ours, which is this.
    OursIsNewer(Arc<Record>),
}

/// What an eviction did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Eviction {
    pub evicted: usize,
    pub verdict: Verdict,
}

/// What `apps/delta` is made of.
#[derive(Clone, Debug)]
pub struct Delta {
    pub version: u64,
    pub hash_code: String,
    pub applications: Vec<Listed>,
}

/// An application and its instances, both in order.
#[derive(Clone, Debug)]
pub struct Listed {
    pub name: Arc<str>,
    pub records: Vec<Arc<Record>>,
}

/// An instance, and its lease as it stands now.
#[derive(Clone, Debug)]
pub struct Current {
    pub record: Arc<Record>,
    pub lease: LeaseInfo,
}

/// One lease, to be shown.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    pub record: &'a Record,
    pub renewed: Moment,
    pub duration_ms: u64,
    pub overridden: Option<Status>,
    pub override_reason: Option<&'a str>,
    pub heard: Heard,
}

/// How self-preservation stands for one application.
#[derive(Clone, Debug)]
pub struct ApplicationVerdict {
    pub app: Arc<str>,
    pub verdict: Verdict,
    pub renewals_expected: u64,
    pub renewals_last_minute: u64,
}
