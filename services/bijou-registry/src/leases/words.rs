//! What leases are told, and what they answer.

use std::sync::Arc;

use bijou_eureka::{ActionType, DataCenterName, Hearsay, Instance, LeaseInfo, PackedInstance, Status};

use super::{Key, Record, Verdict};
use crate::clock::Moment;

/// Who tells us. A peer's word about an instance is only repeated news; the client's own is fresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Client,
    Peer,
}

/// What a client or a peer says of an instance, packed before anybody waits for it.
#[derive(Clone, Debug)]
pub struct Registration {
    pub(super) instance: PackedInstance,
    pub(super) hearsay: Option<Hearsay>,
}

impl Registration {
    /// What a peer says that knows more than Eureka's words can.
    pub fn told(instance: Instance, hearsay: Option<Hearsay>) -> Self {
        Registration { hearsay, ..Registration::from(instance) }
    }

    pub fn key(&self) -> Key {
        (self.instance.app().into(), self.instance.id().into())
    }
}

impl From<PackedInstance> for Registration {
    fn from(mut instance: PackedInstance) -> Self {
        if instance.data_center() == Some(DataCenterName::Amazon) {
            let mut said = instance.to_instance();
            let id = said.id().to_owned();
            // A registration may leave it out.
            if let Some(data_center) = &mut said.data_center {
                data_center.metadata.entry("instance-id".to_owned()).or_insert(id);
            }
            instance = PackedInstance::from(&said);
        }
        Registration { instance, hearsay: None }
    }
}

impl From<Instance> for Registration {
    fn from(instance: Instance) -> Self {
        Registration::from(PackedInstance::from(&instance))
    }
}

/// A heartbeat, from a client or told by a peer.
#[derive(Clone, Copy, Debug)]
pub struct Beat {
    pub origin: Origin,
    /// The version its sender has.
    pub dirty_ms: Option<u64>,
    /// The override there, of that version.
    pub overridden: Option<Status>,
    /// How long ago the client sent it.
    pub age_ms: u64,
}

impl Beat {
    pub fn new(origin: Origin, dirty_ms: Option<u64>) -> Self {
        Beat { origin, dirty_ms, overridden: None, age_ms: 0 }
    }
}

/// An operator's word on a status, or that there is none, and when it was given by the wall clock of the node that was told
/// it; 0 where nobody ever said anything. The greater one is the later one. Two given in the same millisecond are ordered
/// all the same, so that every node makes the same choice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Word {
    pub at_ms: u64,
    pub status: Option<Status>,
}

/// What to tell a peer of an instance.
#[derive(Clone, Debug)]
pub struct Telling {
    pub record: Arc<Record>,
    /// What the instance itself says, where the override over it leads to the record's status; the record's status
    /// otherwise.
    pub said: Status,
    pub overridden: Option<Status>,
    pub hearsay: Hearsay,
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
    /// Whether a client registered again with a later version. Should that get lost, the client's next heartbeat tells of the
    /// version, and is answered so that it registers once more. Who has no versions is given the time of the registration as
    /// one, of which no heartbeat tells.
    pub fn is_later_version(&self) -> bool {
        let is_later = |previous: &Record| {
            let [was, is] = [previous, &*self.record].map(|record| &record.instance);
            let is_its_own = is.last_dirty_ms != is.last_updated_ms;
            is_its_own && was.last_dirty_ms < is.last_dirty_ms && was.overridden_status == is.overridden_status
        };
        self.record.instance.action == Some(ActionType::Added)
            && self.previous.as_ref().is_some_and(|previous| is_later(previous))
    }

    /// Whether a client said again what it had said: nothing differs but times.
    pub fn is_repetition(&self) -> bool {
        // An operator's word may have a reason, and our own entry is not kept.
        let is_said_again = |previous: &Record| {
            let [was, is] = [previous, &*self.record].map(|record| &record.instance);
            let stands = |of: &PackedInstance| {
                (of.status, of.overridden_status, of.lease.renewal_interval_s, of.lease.duration_s)
            };
            !was.is_coordinating && was.says_the_same(is) && stands(was) == stands(is)
        };
        self.record.instance.action == Some(ActionType::Added)
            && self.previous.as_ref().is_some_and(|previous| is_said_again(previous))
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
