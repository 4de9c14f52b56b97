//! One version of one instance, and its encodings, each made when first needed and shared by the lists it stands in.
//!
//! Encodings are four times as long as the instance. Lists keep them ([`Record::kept`]), so that a change costs one and
//! not ten thousand; when nobody reads such lists any more they are let go ([`Record::forget`]). Whoever needs one in
//! passing (an event, a row on disk, a snapshot) uses what is there and keeps nothing.

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use bijou_eureka::{InstanceRef, LeaseInfo, PackedInstance, Status, json, xml};
use bytes::Bytes;

use crate::documents::Form;

/// How deep an instance stands in a full XML list: `applications`, `application`.
const XML_LIST_DEPTH: usize = 2;

/// Immutable. The lease times in it are those of its last change; a heartbeat makes no new record.
#[derive(Debug)]
pub struct Record {
    pub instance: PackedInstance,
    /// By form. Apart from the record, for most are never needed.
    encodings: Mutex<Option<Box<[Option<Bytes>; 4]>>>,
    fingerprint: OnceLock<u64>,
}

impl Record {
    pub fn new(instance: impl Into<PackedInstance>) -> Self {
        Record { instance: instance.into(), encodings: Mutex::default(), fingerprint: OnceLock::new() }
    }

    /// Everything it says.
    pub fn look(&self) -> InstanceRef<'_> {
        InstanceRef::from(&self.instance)
    }

    /// An encoding that is kept. In XML it is indented for a place in a full list.
    pub fn kept(&self, form: Form) -> Bytes {
        let mut encodings = self.encodings();
        let places = encodings.get_or_insert_default();
        places[form as usize].get_or_insert_with(|| written(|out| encode(out, form, &self.instance))).clone()
    }

    /// Appends an encoding without keeping it.
    pub fn write(&self, out: &mut Vec<u8>, form: Form) {
        let kept = self.encodings().as_ref().and_then(|places| places[form as usize].clone());
        match kept {
            Some(kept) => out.extend_from_slice(&kept),
            None => encode(out, form, &self.instance),
        }
    }

    /// Lets go of an encoding.
    pub fn forget(&self, form: Form) {
        let mut encodings = self.encodings();
        let Some(places) = encodings.as_mut() else { return };
        places[form as usize] = None;
        if places.iter().all(Option::is_none) {
            *encodings = None;
        }
    }

    /// What the client said, as one number that any node computes alike: without status, overrides, and all that a
    /// server fills in.
    pub fn fingerprint(&self) -> u64 {
        *self.fingerprint.get_or_init(|| {
            let mut said = self.instance.clone();
            said.lease = LeaseInfo::new(said.lease.renewal_interval_s, said.lease.duration_s);
            (said.status, said.overridden_status) = (Status::Unknown, Status::Unknown);
            (said.last_updated_ms, said.action, said.is_coordinating) = (0, None, false);
            fnv1a(&written(|out| json::write_instance(out, &said)))
        })
    }

    /// Whether a registration says anything that this record does not, apart from what the server itself fills in,
    /// which is taken over from the record.
    pub fn says_otherwise(&self, registered: &mut PackedInstance) -> bool {
        let known = &self.instance;
        registered.action = known.action;
        registered.last_updated_ms = known.last_updated_ms;
        registered.lease = LeaseInfo {
            renewal_interval_s: registered.lease.renewal_interval_s,
            duration_s: registered.lease.duration_s,
            ..known.lease
        };
        registered.share_with(known);
        registered != known
    }

    fn encodings(&self) -> MutexGuard<'_, Option<Box<[Option<Bytes>; 4]>>> {
        self.encodings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn encode(out: &mut Vec<u8>, form: Form, instance: &PackedInstance) {
    match form {
        Form::Json => json::write_instance(out, instance),
        Form::JsonCompact => json::write_instance_compact(out, instance),
        Form::Xml => xml::write_instance(out, instance, XML_LIST_DEPTH),
        Form::XmlCompact => xml::write_instance_compact(out, instance),
    }
}

fn written(write: impl FnOnce(&mut Vec<u8>)) -> Bytes {
    let mut out = Vec::with_capacity(1536);
    write(&mut out);
    out.shrink_to_fit();
    out.into()
}

/// Fowler, Noll and Vo's hash: the same on every machine and in every version of this program.
pub fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use bijou_eureka::Instance;

    use super::*;

    #[test]
    fn an_encoding_is_made_once_while_it_is_kept_and_again_after_it_was_let_go() {
        let record = Record::new(&Instance::new("orders", "a", "n7", "10.4.0.7", 8080));
        let mut passing = Vec::new();
        record.write(&mut passing, Form::Json);
        assert!(record.encodings().is_none(), "nothing is kept for what passes");
        let kept = record.kept(Form::Json);
        assert_eq!(kept, passing);
        assert_eq!(record.kept(Form::Json).as_ptr(), kept.as_ptr());
        assert_ne!(record.kept(Form::Xml), kept);
        record.forget(Form::Json);
        assert_eq!(record.kept(Form::Json), kept);
        record.forget(Form::Json);
        record.forget(Form::Xml);
        assert!(record.encodings().is_none());
    }
}
