//! Lists as they go out, built at most once for each version that is read.
//!
//! A request for a list that nobody changed since the last one costs a comparison and a reference count. When something
//! changed, the new document is put together from fragments the instances keep ([`crate::leases::Record`]) when first asked
//! for, and compressed ([`parts`]) when first asked for compressed. What nobody asks for any more is let go.

mod assemble;
mod kept;
mod parts;

use std::{
    io::{self, Write},
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use arc_swap::ArcSwapOption;
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use tracing::warn;

pub use self::assemble::{application, applications_array, instance};
pub use self::kept::Kept;
use self::{assemble::Encodings, parts::Parts};
use crate::leases::{Listed, fnv1a};

/// Above this, compressing takes long enough to be done off the runtime's thread.
const COMPRESS_INLINE_BYTES_MAX: usize = 64 * 1024;
/// The same for a list, by its instances: about a kilobyte each.
const COMPRESS_INLINE_INSTANCES_MAX: usize = 64;
/// From so many on, a list is kept as a file for those who can send one.
const KEPT_INSTANCES_MIN: usize = 256;
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
    plain: OnceLock<Bytes>,
    /// In place of `plain`, for who can send it. `None` when it could not be made.
    kept: OnceLock<Option<Arc<Kept>>>,
    gzip: OnceLock<Bytes>,
    /// Shared with the versions before and after.
    parts: Arc<Mutex<Parts>>,
}

impl Document {
    /// The body, compressed once for all who ask.
    pub async fn body(self: Arc<Self>, is_gzip: bool) -> Bytes {
        if !is_gzip {
            return self.plain().clone();
        }
        if let Some(ready) = self.gzip.get() {
            return ready.clone();
        }
        if self.instances() <= COMPRESS_INLINE_INSTANCES_MAX {
            return self.gzip.get_or_init(|| compress(self.plain())).clone();
        }
        let document = Arc::clone(&self);
        let compressed = tokio::task::spawn_blocking(move || document.gzip_in_parts());
        // Only a runtime that is being torn down drops the work.
        compressed.await.unwrap_or_else(|_| self.gzip_in_parts())
    }

    /// The body as a file, uncompressed; `None` where it is short or there are no such files.
    pub fn kept(&self) -> Option<Arc<Kept>> {
        if self.instances() < KEPT_INSTANCES_MIN {
            return None;
        }
        self.kept
            .get_or_init(|| {
                self.keep()
                    .inspect_err(|error| warn!(error = %error, "a list is not sent as a file"))
                    .ok()
                    .map(Arc::new)
            })
            .clone()
    }

    fn keep(&self) -> io::Result<Kept> {
        Kept::of(|file| {
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
        })
    }

    fn instances(&self) -> usize {
        self.contents.applications.iter().map(|listed| listed.records.len()).sum()
    }

    fn plain(&self) -> &Bytes {
        self.plain.get_or_init(|| assemble::applications(self.form, Encodings::Kept, &self.contents).into())
    }

    fn gzip_in_parts(&self) -> Bytes {
        let compress = || {
            let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
            parts.gzip(self.form, &self.contents)
        };
        self.gzip.get_or_init(compress).clone()
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
        let (plain, kept, gzip) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        let document = Arc::new(Document { version, form, contents, plain, kept, gzip, parts });
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

    #[test]
    fn a_long_list_is_the_same_in_a_file_and_in_memory() {
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
        for form in [Form::Json, Form::JsonCompact, Form::Xml, Form::XmlCompact] {
            let build = |version, count| {
                let (version_text, hash_code) = ("1".to_owned(), "UP_2_".to_owned());
                let contents = Contents { version_text, hash_code, applications: applications(count) };
                documents.build(List::All, form, version, contents)
            };
            assert!(build(1, KEPT_INSTANCES_MIN - 2).kept().is_none());
            // Longer than a piece.
            let long = build(2, 2_000);
            let kept = long.kept().expect("Linux has such files");
            assert_eq!(kept.len(), long.plain().len() as u64);
            assert_eq!(kept.read().expect("memory"), *long.plain());
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
