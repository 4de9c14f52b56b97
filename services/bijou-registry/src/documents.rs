//! Lists as they go out, built at most once for each version that is read.
//!
//! A request for a list that nobody changed since the last one costs a comparison and a reference count. When something
//! changed, the new document is put together from fragments the instances keep ([`crate::leases::Record`]) when first asked
//! for, and compressed ([`parts`]) when first asked for compressed. What nobody asks for any more is let go.

mod assemble;
mod kept;
mod parts;

use std::{
    fs::File,
    io::{self, Write},
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use arc_swap::ArcSwapOption;
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use http::HeaderValue;
use tracing::warn;

pub use self::assemble::{application, applications_array, instance};
pub use self::kept::{Kept, send_before_more};
use self::{assemble::Encodings, parts::Parts};
use crate::{
    answer::Body,
    leases::{Listed, fnv1a},
};

/// Above this, compressing takes long enough to be done off the runtime's thread.
const COMPRESS_INLINE_BYTES_MAX: usize = 64 * 1024;
/// The same for a list, by its instances: about a kilobyte each.
const COMPRESS_INLINE_INSTANCES_MAX: usize = 64;
/// The same for writing it out.
const WRITE_INLINE_INSTANCES_MAX: usize = 1024;
/// From so many instances on a list is kept as a file for those who can send one: about 64 KB. A copy of a shorter one costs
/// no more than another call.
const FILE_INSTANCES_MIN: usize = 64;
/// The same when it is compressed.
const FILE_INSTANCES_MIN_GZIP: usize = 4096;
/// A file is written in pieces of about this.
const PIECE_BYTES: usize = 256 * 1024;
/// Of nine levels, the last that is quick.
const COMPRESSION: u32 = 4;
/// A list that nobody read for so long is built anew for the next reader.
const IDLE_MAX_MS: u64 = 60_000;

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Json,
    JsonCompact,
    Xml,
    XmlCompact,
}

impl Form {
    pub const ALL: [Form; 4] = [Form::Json, Form::JsonCompact, Form::Xml, Form::XmlCompact];

    pub fn media_type(self) -> &'static str {
        match self {
            Form::Json | Form::JsonCompact => "application/json",
            Form::Xml | Form::XmlCompact => "application/xml",
        }
    }
}

/// Which list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    All,
    Delta,
}

/// What a list is built from, gathered under one lock so that entries and hash code agree.
#[derive(Debug)]
pub struct Contents {
    /// `versions__delta`.
    pub version_text: String,
    pub hash_code: String,
    pub applications: Vec<Listed>,
}

/// One version of a list, and its bodies once they were asked for.
#[derive(Debug)]
pub struct Document {
    version: u64,
    form: Form,
    contents: Contents,
    instances: usize,
    tag: OnceLock<HeaderValue>,
    plain: Encoded,
    gzip: Encoded,
    /// Shared with the versions before and after.
    parts: Arc<Mutex<Parts>>,
}

/// A body for those who can send a file, and for those who cannot.
#[derive(Debug, Default)]
struct Encoded {
    bytes: OnceLock<Bytes>,
    /// `None` when it could not be made.
    file: OnceLock<Option<Arc<Kept>>>,
}

impl Document {
    fn new(version: u64, form: Form, contents: Contents, parts: Arc<Mutex<Parts>>) -> Self {
        let instances = contents.applications.iter().map(|listed| listed.records.len()).sum();
        let (tag, plain, gzip) = (OnceLock::new(), Encoded::default(), Encoded::default());
        Document { version, form, contents, instances, tag, plain, gzip, parts }
    }

    /// The body, made once for all who ask. Long ones are files for who takes those.
    pub async fn body(self: Arc<Self>, is_gzip: bool, takes_files: bool) -> Body {
        let takes_file = takes_files && self.is_long(is_gzip);
        let is_slow = self.instances > if is_gzip { COMPRESS_INLINE_INSTANCES_MAX } else { WRITE_INLINE_INSTANCES_MAX };
        if !is_slow || self.encoded(is_gzip).has(takes_file) {
            return self.encode(is_gzip, takes_file);
        }
        let document = Arc::clone(&self);
        let made = tokio::task::spawn_blocking(move || document.encode(is_gzip, takes_file));
        // Only a runtime that is being torn down drops the work.
        made.await.unwrap_or_else(|_| self.encode(is_gzip, takes_file))
    }

    /// Its name, which `name` gives it once.
    pub fn tag(&self, name: impl FnOnce() -> String) -> HeaderValue {
        let named = || HeaderValue::try_from(name()).expect("letters and digits may stand in a header");
        self.tag.get_or_init(named).clone()
    }

    fn encode(&self, is_gzip: bool, takes_file: bool) -> Body {
        let encoded = self.encoded(is_gzip);
        if takes_file && let Some(kept) = encoded.file.get_or_init(|| self.kept(is_gzip)) {
            return Body::Kept(Arc::clone(kept));
        }
        Body::Whole(encoded.bytes.get_or_init(|| if is_gzip { self.compressed() } else { self.plain() }).clone())
    }

    fn kept(&self, is_gzip: bool) -> Option<Arc<Kept>> {
        let kept =
            if is_gzip { Kept::of(|file| file.write_all(&self.compressed())) } else { Kept::of(|file| self.put(file)) };
        kept.inspect_err(|error| warn!(error = %error, "a list is not sent as a file")).ok().map(Arc::new)
    }

    /// Writes the list in pieces, so that it is never in memory as a whole.
    fn put(&self, file: &mut File) -> io::Result<()> {
        let mut piece = assemble::head(self.form, &self.contents);
        for (at, listed) in self.contents.applications.iter().enumerate() {
            assemble::some(&mut piece, self.form, Encodings::Kept, std::slice::from_ref(listed), at == 0);
            if piece.len() >= PIECE_BYTES {
                file.write_all(&piece)?;
                piece.clear();
            }
        }
        piece.extend_from_slice(&assemble::tail(self.form, &self.contents));
        file.write_all(&piece)
    }

    fn plain(&self) -> Bytes {
        assemble::applications(self.form, Encodings::Kept, &self.contents).into()
    }

    fn compressed(&self) -> Bytes {
        if self.instances <= COMPRESS_INLINE_INSTANCES_MAX {
            return compress(&self.plain());
        }
        let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        parts.gzip(self.form, &self.contents)
    }

    fn encoded(&self, is_gzip: bool) -> &Encoded {
        if is_gzip { &self.gzip } else { &self.plain }
    }

    fn is_long(&self, is_gzip: bool) -> bool {
        self.instances >= if is_gzip { FILE_INSTANCES_MIN_GZIP } else { FILE_INSTANCES_MIN }
    }
}

impl Encoded {
    fn has(&self, takes_file: bool) -> bool {
        let has_file = takes_file && self.file.get().is_some_and(Option::is_some);
        has_file || ((!takes_file || self.file.get().is_some()) && self.bytes.get().is_some())
    }
}

/// A list that nobody keeps.
pub fn passing(form: Form, contents: &Contents) -> Vec<u8> {
    assemble::applications(form, Encodings::Passing, contents)
}

/// A body that nobody keeps, compressed.
pub async fn compressed(plain: Bytes) -> Bytes {
    if plain.len() <= COMPRESS_INLINE_BYTES_MAX {
        return compress(&plain);
    }
    let kept = plain.clone();
    // Only a runtime that is being torn down drops the work.
    tokio::task::spawn_blocking(move || compress(&plain)).await.unwrap_or_else(|_| compress(&kept))
}

/// Names what is in a document.
pub fn fingerprint(body: &[u8]) -> u64 {
    fnv1a(body)
}

fn compress(plain: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 8 + 64), Compression::new(COMPRESSION));
    let compressed = encoder.write_all(plain).and_then(|()| encoder.finish());
    compressed.expect("memory takes every byte").into()
}

/// The lists that are kept: all and delta, in four forms each.
#[derive(Debug, Default)]
pub struct Documents {
    slots: [Slot; 8],
}

#[derive(Debug, Default)]
struct Slot {
    document: ArcSwapOption<Document>,
    parts: Arc<Mutex<Parts>>,
    read_ms: AtomicU64,
    /// A document was let go, and the encodings it was made from were not yet.
    has_left: AtomicBool,
}

impl Slot {
    fn is_idle(&self, now_ms: u64) -> bool {
        self.read_ms.load(Ordering::Relaxed) + IDLE_MAX_MS <= now_ms
    }
}

impl Documents {
    /// The document of this version if it was built already.
    pub fn get(&self, list: List, form: Form, version: u64, now_ms: u64) -> Option<Arc<Document>> {
        let slot = self.slot(list, form);
        slot.read_ms.store(now_ms, Ordering::Relaxed);
        slot.document.load_full().filter(|document| document.version == version)
    }

    /// Makes the document and keeps it in place of an older one.
    pub fn build(&self, list: List, form: Form, version: u64, contents: Contents) -> Arc<Document> {
        let slot = self.slot(list, form);
        let parts = Arc::clone(&slot.parts);
        let document = Arc::new(Document::new(version, form, contents, parts));
        slot.document.store(Some(Arc::clone(&document)));
        document
    }

    /// Lets go of what nobody read for a while. Says which forms nobody reads any more, once.
    pub fn forget_idle(&self, now_ms: u64) -> Vec<Form> {
        for slot in &self.slots {
            if slot.is_idle(now_ms) && slot.document.swap(None).is_some() {
                *slot.parts.lock().unwrap_or_else(PoisonError::into_inner) = Parts::default();
                slot.has_left.store(true, Ordering::Relaxed);
            }
        }
        let is_idle = |form: &Form| {
            let slots = [List::All, List::Delta].map(|list| self.slot(list, *form));
            if !slots.iter().all(|slot| slot.is_idle(now_ms)) {
                return false;
            }
            let left = slots.map(|slot| slot.has_left.swap(false, Ordering::Relaxed));
            left.contains(&true)
        };
        Form::ALL.into_iter().filter(is_idle).collect()
    }

    fn slot(&self, list: List, form: Form) -> &Slot {
        &self.slots[list as usize * 4 + form as usize]
    }
}

#[cfg(test)]
mod tests {
    use bijou_eureka::Instance;

    use super::*;
    use crate::leases::Record;

    #[tokio::test]
    async fn a_long_list_is_the_same_in_a_file_and_in_memory() {
        let record = |id: usize| {
            let instance = Instance::new("orders", &format!("host-{id}"), "n7", "10.4.0.7", 8080);
            Arc::new(Record::new(&instance))
        };
        let applications = |count: usize| {
            let listed = |app: usize| Listed {
                name: format!("SERVICE-{app:03}").into(),
                records: (0..2).map(|id| record(app * 2 + id)).collect(),
            };
            (0..count / 2).map(listed).collect::<Vec<_>>()
        };
        let documents = Documents::default();
        for form in Form::ALL {
            let build = |version, count| {
                let (version_text, hash_code) = ("1".to_owned(), "UP_2_".to_owned());
                let contents = Contents { version_text, hash_code, applications: applications(count) };
                documents.build(List::All, form, version, contents)
            };
            for (is_gzip, min) in [(false, FILE_INSTANCES_MIN), (true, FILE_INSTANCES_MIN_GZIP)] {
                assert!(matches!(build(1, min - 2).body(is_gzip, true).await, Body::Whole(_)));
                // Longer than a piece.
                let long = build(2, 2_000.max(min));
                let Body::Kept(kept) = Arc::clone(&long).body(is_gzip, true).await else { panic!("a file is taken") };
                let Body::Whole(whole) = long.body(is_gzip, false).await else { panic!("no file is taken") };
                assert_eq!(kept.len(), whole.len() as u64);
                assert_eq!(kept.read().expect("memory"), whole);
            }
        }
    }

    #[test]
    fn a_list_that_nobody_reads_is_let_go() {
        let documents = Documents::default();
        let contents = || Contents { version_text: String::new(), hash_code: String::new(), applications: Vec::new() };
        assert!(documents.get(List::All, Form::Json, 1, 0).is_none());
        documents.build(List::All, Form::Json, 1, contents());
        assert!(documents.get(List::All, Form::Json, 1, 50_000).is_some());
        documents.forget_idle(109_999);
        assert!(documents.get(List::All, Form::Json, 1, 109_999).is_some());
        assert_eq!(documents.forget_idle(109_999 + IDLE_MAX_MS), [Form::Json]);
        assert_eq!(documents.forget_idle(109_999 + IDLE_MAX_MS), [], "said once");
        assert!(documents.get(List::All, Form::Json, 1, 200_000).is_none());
    }
}
