//! An instance as a registry keeps thousands of: all that its client says in one piece of memory, shared by the versions
//! that say the same.
//!
//! [`Instance`] has some twenty texts and a map, each with an allocation of its own: two kilobytes for three hundred bytes
//! of text. What changes from version to version (status, times) stands beside the piece, so that an instance that is
//! registered again with nothing but a newer time costs no copy.

use std::sync::Arc;

use crate::{ActionType, DataCenterName, DataCenterRef, Entries, Instance, InstanceRef, LeaseInfo, Port, Status};

/// An [`Instance`], packed. Members that are public mean what they mean there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackedInstance {
    pub status: Status,
    pub overridden_status: Status,
    pub action: Option<ActionType>,
    pub is_coordinating: bool,
    pub lease: LeaseInfo,
    pub last_updated_ms: u64,
    pub last_dirty_ms: u64,
    /// Ports, flags and data centre in [`HEAD_BYTES`], then texts in the order of [`pack`].
    said: Arc<[u8]>,
}

const HEAD_BYTES: usize = 18;
const DATA_CENTER_AT: usize = 9;
/// Single texts, before those of maps.
const TEXTS: usize = 13;
const PORT_ENABLED: u8 = 1;
const SECURE_PORT_ENABLED: u8 = 2;

impl PackedInstance {
    /// What tells this instance from the others of its application (see [`Instance::id`]).
    pub fn id(&self) -> &str {
        // First, and almost always there.
        let first = self.text(0).filter(|id| !id.is_empty());
        first.unwrap_or_else(|| InstanceRef::from(self).id())
    }

    /// In upper case.
    pub fn app(&self) -> &str {
        self.text(1).unwrap_or_default()
    }

    pub fn vip_address(&self) -> Option<&str> {
        self.text(4)
    }

    pub fn secure_vip_address(&self) -> Option<&str> {
        self.text(5)
    }

    /// Where it runs.
    pub fn data_center(&self) -> Option<DataCenterName> {
        data_center_name(self.said[DATA_CENTER_AT])
    }

    pub fn to_instance(&self) -> Instance {
        InstanceRef::from(self).to_instance()
    }

    /// All that is said, for whoever keeps it; [`PackedInstance::of_said`] makes an instance of it again.
    pub fn said(&self) -> &[u8] {
        &self.said
    }

    /// An instance that says what another one said. What stands beside it is as if nobody had said anything yet. `None` if
    /// nobody said that.
    pub fn of_said(said: &[u8]) -> Option<Self> {
        is_whole(said).then(|| PackedInstance {
            status: Status::default(),
            overridden_status: Status::default(),
            action: None,
            is_coordinating: false,
            lease: LeaseInfo::default(),
            last_updated_ms: 0,
            last_dirty_ms: 0,
            said: said.into(),
        })
    }

    /// How much it says in texts of its own: a lower bound of any document of it.
    pub fn said_bytes(&self) -> usize {
        self.said.len()
    }

    /// Whether both say the same but for status, lease and times.
    pub fn says_the_same(&self, other: &PackedInstance) -> bool {
        Arc::ptr_eq(&self.said, &other.said) || self.said == other.said
    }

    /// Shares memory with another version if that says the same.
    pub fn share_with(&mut self, other: &PackedInstance) {
        if self.says_the_same(other) {
            self.said = Arc::clone(&other.said);
        }
    }

    /// One text by its place in the order of [`pack`].
    fn text(&self, place: usize) -> Option<&str> {
        let mut texts = Reader { piece: &self.said, whole: None, at: HEAD_BYTES };
        (0..place).for_each(|_| texts.skip());
        texts.text()
    }
}

impl From<&Instance> for PackedInstance {
    fn from(instance: &Instance) -> Self {
        PackedInstance::from(&InstanceRef::from(instance))
    }
}

impl From<&InstanceRef<'_>> for PackedInstance {
    fn from(instance: &InstanceRef<'_>) -> Self {
        PackedInstance {
            status: instance.status,
            overridden_status: instance.overridden_status,
            action: instance.action,
            is_coordinating: instance.is_coordinating,
            lease: instance.lease,
            last_updated_ms: instance.last_updated_ms,
            last_dirty_ms: instance.last_dirty_ms,
            said: pack(instance).into(),
        }
    }
}

impl<'a> From<&'a PackedInstance> for InstanceRef<'a> {
    fn from(packed: &'a PackedInstance) -> Self {
        let (head, piece) = packed.said.split_at(HEAD_BYTES);
        let mut texts = Reader { piece, whole: std::str::from_utf8(piece).ok(), at: 0 };
        let mut text = || texts.text();
        let instance_id = text().unwrap_or_default();
        let app = text().unwrap_or_default();
        let host_name = text().unwrap_or_default();
        let ip_addr = text().unwrap_or_default();
        let (vip_address, secure_vip_address) = (text(), text());
        let (sid, app_group_name, asg_name) = (text(), text(), text());
        let (home_page_url, status_page_url) = (text(), text());
        let (health_check_url, secure_health_check_url) = (text(), text());
        let of_data_center = Entries::packed(texts.entries());
        let number = |at: usize| i32::from_le_bytes(head[at..at + 4].try_into().expect("four bytes"));
        InstanceRef {
            instance_id,
            host_name,
            app,
            ip_addr,
            sid,
            status: packed.status,
            overridden_status: packed.overridden_status,
            port: Port { number: number(0), enabled: head[8] & PORT_ENABLED != 0 },
            secure_port: Port { number: number(4), enabled: head[8] & SECURE_PORT_ENABLED != 0 },
            country_id: i64::from_le_bytes(head[10..18].try_into().expect("eight bytes")),
            data_center: data_center_name(head[DATA_CENTER_AT])
                .map(|name| DataCenterRef { name, metadata: of_data_center }),
            lease: packed.lease,
            metadata: Entries::packed(texts.entries()),
            app_group_name,
            home_page_url,
            status_page_url,
            health_check_url,
            secure_health_check_url,
            vip_address,
            secure_vip_address,
            is_coordinating: packed.is_coordinating,
            last_updated_ms: packed.last_updated_ms,
            last_dirty_ms: packed.last_dirty_ms,
            action: packed.action,
            asg_name,
        }
    }
}

fn data_center_code(name: Option<DataCenterName>) -> u8 {
    match name {
        None => 0,
        Some(DataCenterName::Netflix) => 1,
        Some(DataCenterName::Amazon) => 2,
        Some(DataCenterName::MyOwn) => 3,
    }
}

fn data_center_name(code: u8) -> Option<DataCenterName> {
    [DataCenterName::Netflix, DataCenterName::Amazon, DataCenterName::MyOwn]
        .into_iter()
        .find(|name| data_center_code(Some(*name)) == code)
}

fn pack(instance: &InstanceRef<'_>) -> Vec<u8> {
    let mut out = Vec::with_capacity(512);
    let flags =
        u8::from(instance.port.enabled) * PORT_ENABLED + u8::from(instance.secure_port.enabled) * SECURE_PORT_ENABLED;
    out.extend_from_slice(&instance.port.number.to_le_bytes());
    out.extend_from_slice(&instance.secure_port.number.to_le_bytes());
    out.push(flags);
    out.push(data_center_code(instance.data_center.map(|data_center| data_center.name)));
    out.extend_from_slice(&instance.country_id.to_le_bytes());
    for text in [instance.instance_id, instance.app, instance.host_name, instance.ip_addr] {
        put_text(&mut out, Some(text));
    }
    for text in [
        instance.vip_address,
        instance.secure_vip_address,
        instance.sid,
        instance.app_group_name,
        instance.asg_name,
        instance.home_page_url,
        instance.status_page_url,
        instance.health_check_url,
        instance.secure_health_check_url,
    ] {
        put_text(&mut out, text);
    }
    put_entries(&mut out, instance.data_center.map(|data_center| data_center.metadata));
    put_entries(&mut out, Some(instance.metadata));
    out
}

/// Length plus one and bytes; 0 for none.
fn put_text(out: &mut Vec<u8>, text: Option<&str>) {
    let Some(text) = text else { return out.push(0) };
    put_number(out, text.len() + 1);
    out.extend_from_slice(text.as_bytes());
}

/// Their number, then keys and values in turn. Those of the data centre are rarely any, so that reading past them is cheap.
fn put_entries(out: &mut Vec<u8>, entries: Option<Entries<'_>>) {
    put_number(out, entries.map_or(0, |entries| entries.iter().count()));
    for (key, value) in entries.iter().flat_map(Entries::iter) {
        put_text(out, Some(key));
        put_text(out, Some(value));
    }
}

/// Seven bits a byte, the lowest first; all but the last have the highest bit set.
fn put_number(out: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Whether a piece holds what [`pack`] puts in one, to the end.
fn is_whole(said: &[u8]) -> bool {
    fn number(rest: &mut &[u8]) -> Option<usize> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let (byte, after) = rest.split_first()?;
            *rest = after;
            number |= usize::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(number);
            }
            shift += 7;
        }
    }
    fn texts(rest: &mut &[u8], count: usize) -> Option<()> {
        for _ in 0..count {
            let length = number(rest)?.saturating_sub(1);
            let (text, after) = rest.split_at_checked(length)?;
            std::str::from_utf8(text).ok()?;
            *rest = after;
        }
        Some(())
    }
    let entries = |rest: &mut &[u8]| {
        let count = number(rest)?;
        texts(rest, count.checked_mul(2)?)
    };
    let Some((_, mut rest)) = said.split_at_checked(HEAD_BYTES) else { return false };
    let is_there = texts(&mut rest, TEXTS).and_then(|()| entries(&mut rest)).and_then(|()| entries(&mut rest));
    is_there.is_some() && rest.is_empty()
}

/// What is left to be read of a piece.
#[derive(Clone, Copy, Debug)]
struct Reader<'a> {
    piece: &'a [u8],
    /// The piece as text, which it is unless a number in it takes two bytes: to check it once takes a fraction of what it
    /// takes text by text.
    whole: Option<&'a str>,
    at: usize,
}

impl<'a> Reader<'a> {
    fn number(&mut self) -> usize {
        let (mut number, mut shift) = (0, 0);
        while let Some(byte) = self.piece.get(self.at) {
            self.at += 1;
            number |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        number
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = self.number().checked_sub(1)?;
        let range = self.at..self.at + length;
        self.at = range.end;
        Some(match self.whole {
            Some(whole) => &whole[range],
            None => std::str::from_utf8(&self.piece[range]).expect("a text was put in"),
        })
    }

    fn entries(&mut self) -> PackedEntries<'a> {
        let count = self.number();
        let entries = PackedEntries { count, first: *self };
        (0..count * 2).for_each(|_| self.skip());
        entries
    }

    fn skip(&mut self) {
        self.at += self.number().saturating_sub(1);
    }
}

/// Entries of a map in a piece.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PackedEntries<'a> {
    count: usize,
    first: Reader<'a>,
}

impl<'a> PackedEntries<'a> {
    pub(crate) fn is_empty(self) -> bool {
        self.count == 0
    }

    pub(crate) fn iter(self) -> PackedPairs<'a> {
        PackedPairs { left: self.count, texts: self.first }
    }
}

/// Keys with their values, one after the other.
pub(crate) struct PackedPairs<'a> {
    left: usize,
    texts: Reader<'a>,
}

impl<'a> Iterator for PackedPairs<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        Some((self.texts.text().unwrap_or_default(), self.texts.text().unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instance() -> Instance {
        let mut instance = Instance::new("orders", "a", "n7", "10.4.0.7", 8080).with_metadata("zone", "\u{e9}");
        instance.vip_address = Some("o".to_owned());
        instance
    }

    #[test]
    fn what_was_said_is_an_instance_again_and_nothing_else_is() {
        let packed = PackedInstance::from(&instance());
        let said = packed.said();
        let again = PackedInstance::of_said(said).expect("whole");
        assert!(again.says_the_same(&packed));
        for end in 0..said.len() {
            assert!(PackedInstance::of_said(&said[..end]).is_none(), "the first {end} bytes");
        }
        assert!(PackedInstance::of_said(&[said, &[0]].concat()).is_none());
        for at in HEAD_BYTES..said.len() {
            for byte in [0, 1, 0x7f, 0x80, 0xff] {
                let mut other = said.to_vec();
                other[at] = byte;
                // Whatever is taken can be read.
                if let Some(taken) = PackedInstance::of_said(&other) {
                    taken.to_instance();
                }
            }
        }
    }

    #[test]
    fn long_texts_are_read_as_short_ones_are() {
        for length in [0, 1, 125, 126, 127, 128, 16_382, 16_383] {
            let mut said = instance().with_metadata("long", "\u{e9}".repeat(length / 2)).with_metadata("last", "z");
            said.sid = Some("s".repeat(length));
            let packed = PackedInstance::from(&said);
            assert_eq!(packed.to_instance(), said, "{length}");
            assert_eq!((packed.app(), packed.id()), ("ORDERS", "a"));
        }
    }

    /// Registries keep it on disk: another order of bytes is another table there.
    #[test]
    fn what_is_said_is_packed_as_ever() {
        let head = b"\x90\x1f\0\0\xbb\x01\0\0\x01\x03\x01\0\0\0\0\0\0\0".as_slice();
        let texts = b"\x02a\x07ORDERS\x03n7\x0910.4.0.7\x02o\0\0\0\0\0\0\0\0".as_slice();
        let entries = b"\0\x01\x05zone\x03\xc3\xa9".as_slice();
        assert_eq!(PackedInstance::from(&instance()).said(), [head, texts, entries].concat());
    }
}
