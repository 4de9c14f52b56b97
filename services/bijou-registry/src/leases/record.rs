//! One version of one instance, and its encodings, each made when first needed and shared from then on.

use std::sync::OnceLock;

use bijou_eureka::{Instance, LeaseInfo, Status, json, xml};
use bytes::Bytes;

/// How deep an instance stands in a full XML list: `applications`, `application`.
pub const XML_LIST_DEPTH: usize = 2;

/// Immutable. The lease times in it are those of its last change; a heartbeat makes no new record.
#[derive(Debug)]
pub struct Record {
    pub instance: Instance,
    json: OnceLock<Bytes>,
    json_compact: OnceLock<Bytes>,
    xml: OnceLock<Bytes>,
    xml_compact: OnceLock<Bytes>,
    fingerprint: OnceLock<u64>,
}

impl Record {
    pub fn new(instance: Instance) -> Self {
        Record {
            instance,
            json: OnceLock::new(),
            json_compact: OnceLock::new(),
            xml: OnceLock::new(),
            xml_compact: OnceLock::new(),
            fingerprint: OnceLock::new(),
        }
    }

    pub fn json(&self) -> &Bytes {
        self.json.get_or_init(|| written(1024, |out| json::write_instance(out, &self.instance)))
    }

    pub fn json_compact(&self) -> &Bytes {
        self.json_compact.get_or_init(|| written(512, |out| json::write_instance_compact(out, &self.instance)))
    }

    /// Indented for a place in a full list.
    pub fn xml(&self) -> &Bytes {
        self.xml.get_or_init(|| written(1536, |out| xml::write_instance(out, &self.instance, XML_LIST_DEPTH)))
    }

    pub fn xml_compact(&self) -> &Bytes {
        self.xml_compact.get_or_init(|| written(768, |out| xml::write_instance_compact(out, &self.instance)))
    }

    /// What the client said, as one number that any node computes alike: without status, overrides, and all that a
    /// server fills in.
    pub fn fingerprint(&self) -> u64 {
        *self.fingerprint.get_or_init(|| {
            let mut said = self.instance.clone();
            said.lease = LeaseInfo::new(said.lease.renewal_interval_s, said.lease.duration_s);
            (said.status, said.overridden_status) = (Status::Unknown, Status::Unknown);
            (said.last_updated_ms, said.action, said.is_coordinating) = (0, None, false);
            fnv1a(&written(1024, |out| json::write_instance(out, &said)))
        })
    }

    /// Whether a registration says anything that this record does not, apart from what the server itself fills in,
    /// which is taken over from the record.
    pub fn says_otherwise(&self, registered: &mut Instance) -> bool {
        let known = &self.instance;
        registered.action = known.action;
        registered.last_updated_ms = known.last_updated_ms;
        registered.lease = LeaseInfo {
            renewal_interval_s: registered.lease.renewal_interval_s,
            duration_s: registered.lease.duration_s,
            ..known.lease
        };
        registered != known
    }
}

fn written(expected_bytes: usize, write: impl FnOnce(&mut Vec<u8>)) -> Bytes {
    let mut out = Vec::with_capacity(expected_bytes);
    write(&mut out);
    out.shrink_to_fit();
    out.into()
}

/// Fowler, Noll and Vo's hash: the same on every machine and in every version of this program.
pub fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
