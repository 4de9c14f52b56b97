//! Compressing a long list in parts that are kept, so that a change costs the part it is in: at a hundred thousand
//! instances the whole takes half a second, and there is a change a second.
//!
//! A part is a run of neighbouring applications. Where runs end depends on the names of applications only, so that one
//! that comes or goes leaves the other runs as they are. Parts are compressed independently of each other and end at a
//! byte, so that put after each other they are one gzip stream (RFC 1951, 3.2.3; RFC 1952).

use std::{collections::HashMap, io::Write, sync::Arc};

use bytes::Bytes;
use flate2::{Compression, Crc, write::DeflateEncoder};

use super::{COMPRESSION, Contents, Form, assemble, assemble::Encodings};
use crate::leases::{Listed, Record, fnv1a};

/// Applications in a run, on average. Shorter ones compress worse, for each begins without knowing what was before.
const RUN_APPLICATIONS: u64 = 16;
/// Deflate, no name, no time, system unknown.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/// The parts of the version that was compressed last, by their first application.
#[derive(Debug, Default)]
pub struct Parts(HashMap<Arc<str>, Part>);

#[derive(Debug)]
struct Part {
    is_first: bool,
    records: Vec<Arc<Record>>,
    sum: Crc,
    deflated: Vec<u8>,
}

impl Parts {
    /// The whole list, compressed.
    pub fn gzip(&mut self, form: Form, contents: &Contents) -> Bytes {
        let mut parts = HashMap::new();
        let mut sum = Crc::new();
        let mut out = HEADER.to_vec();
        put_stored(&mut out, &mut sum, &assemble::head(form, contents), false);
        let runs = contents.applications.split_inclusive(|listed| ends_run(&listed.name));
        for (at, run) in runs.enumerate() {
            let Some(first) = run.first() else { continue };
            let known = self.0.remove(&first.name).filter(|part| part.is_of(run, at == 0));
            let part = known.unwrap_or_else(|| Part::new(form, run, at == 0));
            out.extend_from_slice(&part.deflated);
            sum.combine(&part.sum);
            parts.insert(Arc::clone(&first.name), part);
        }
        put_stored(&mut out, &mut sum, &assemble::tail(form, contents), true);
        out.extend_from_slice(&sum.sum().to_le_bytes());
        out.extend_from_slice(&sum.amount().to_le_bytes());
        self.0 = parts;
        out.shrink_to_fit();
        out.into()
    }
}

impl Part {
    fn new(form: Form, run: &[Listed], is_first: bool) -> Self {
        let mut plain = Vec::new();
        assemble::some(&mut plain, form, Encodings::Kept, run, is_first);
        let mut sum = Crc::new();
        sum.update(&plain);
        let records = run.iter().flat_map(|listed| &listed.records).map(Arc::clone).collect();
        Part { is_first, records, sum, deflated: deflated(&plain) }
    }

    /// Records are immutable: the same ones make the same part.
    fn is_of(&self, run: &[Listed], is_first: bool) -> bool {
        let records = run.iter().flat_map(|listed| &listed.records);
        self.is_first == is_first
            && records.clone().count() == self.records.len()
            && records.zip(&self.records).all(|(one, other)| Arc::ptr_eq(one, other))
    }
}

fn ends_run(app: &str) -> bool {
    fnv1a(app.as_bytes()).is_multiple_of(RUN_APPLICATIONS)
}

/// Up to the end of a byte, and without the mark of the last block.
fn deflated(plain: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::with_capacity(plain.len() / 8 + 64), Compression::new(COMPRESSION));
    let written = encoder.write_all(plain).and_then(|()| encoder.flush());
    let length = encoder.get_ref().len();
    let mut deflated = written.and_then(|()| encoder.finish()).expect("memory takes every byte");
    deflated.truncate(length);
    deflated.shrink_to_fit();
    deflated
}

/// A block that is not compressed: the few bytes before and after the applications, which differ each time.
fn put_stored(out: &mut Vec<u8>, sum: &mut Crc, bytes: &[u8], is_last: bool) {
    let length = u16::try_from(bytes.len()).expect("a version and a hash code are short");
    out.push(u8::from(is_last));
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&(!length).to_le_bytes());
    out.extend_from_slice(bytes);
    sum.update(bytes);
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use bijou_eureka::Instance;

    use super::*;

    fn contents(apps: impl IntoIterator<Item = usize>, known: &mut HashMap<usize, Listed>) -> Contents {
        let made = |app: usize| {
            let name = format!("SERVICE-{app:03}");
            let record = |id: usize| {
                let instance = Instance::new(&name, &format!("host-{id}"), "n7", "10.4.0.7", 8080);
                Arc::new(Record::new(&instance))
            };
            Listed { name: name.as_str().into(), records: (0..3).map(record).collect() }
        };
        let listed = apps.into_iter().map(|app| known.entry(app).or_insert_with(|| made(app)).clone());
        Contents { version_text: "7".to_owned(), hash_code: "UP_3_".to_owned(), applications: listed.collect() }
    }

    #[track_caller]
    fn check(parts: &mut Parts, form: Form, contents: &Contents) {
        let mut plain = Vec::new();
        let gzip = parts.gzip(form, contents);
        flate2::read::GzDecoder::new(gzip.as_ref()).read_to_end(&mut plain).expect("one gzip stream");
        assert_eq!(plain, assemble::applications(form, Encodings::Passing, contents));
    }

    #[test]
    fn parts_put_together_are_the_whole_whatever_came_and_went() {
        for form in [Form::Json, Form::JsonCompact, Form::Xml, Form::XmlCompact] {
            let (mut parts, mut known) = (Parts::default(), HashMap::new());
            check(&mut parts, form, &contents(0..200, &mut known));
            check(&mut parts, form, &contents((0..200).filter(|app| *app != 77), &mut known));
            check(&mut parts, form, &contents(1..250, &mut known));
            known.remove(&130);
            check(&mut parts, form, &contents(1..250, &mut known));
            check(&mut parts, form, &contents([], &mut known));
        }
    }

    #[test]
    fn a_change_leaves_the_other_parts_as_they_were() {
        let (mut parts, mut known) = (Parts::default(), HashMap::new());
        parts.gzip(Form::Json, &contents(0..200, &mut known));
        let addresses = |parts: &Parts| {
            parts.0.iter().map(|(app, part)| (Arc::clone(app), part.deflated.as_ptr())).collect::<HashMap<_, _>>()
        };
        let before = addresses(&parts);
        assert!(before.len() > 4, "{}", before.len());
        known.remove(&100);
        parts.gzip(Form::Json, &contents(0..200, &mut known));
        let after = addresses(&parts);
        let kept = before.iter().filter(|(app, address)| after.get(*app) == Some(address)).count();
        assert_eq!((after.len(), kept), (before.len(), before.len() - 1));
    }
}
