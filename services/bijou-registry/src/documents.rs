//! Lists as they go out, built at most once for each version that is read.
//!
//! A request for a list that nobody changed since the last one costs a comparison and a reference count. When something
//! changed, the new document is put together from fragments the instances keep ([`crate::leases::Record`]), and
//! compressed when first asked for compressed.

mod assemble;

use std::{
    io::Write,
    sync::{Arc, OnceLock},
};

use arc_swap::ArcSwapOption;
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};

pub use self::assemble::{application, applications, applications_array, instance};
use crate::leases::{Listed, fnv1a};

/// Above this, compressing takes long enough to be done off the runtime's thread.
const COMPRESS_INLINE_BYTES_MAX: usize = 64 * 1024;

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Json,
    JsonCompact,
    Xml,
    XmlCompact,
}

impl Form {
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

/// A finished body.
#[derive(Debug)]
pub struct Document {
    version: u64,
    plain: Bytes,
    gzip: OnceLock<Bytes>,
}

impl Document {
    pub fn new(version: u64, plain: Vec<u8>) -> Self {
        Document { version, plain: plain.into(), gzip: OnceLock::new() }
    }

    pub fn plain(&self) -> Bytes {
        self.plain.clone()
    }

    /// Compressed, once for all who ask.
    pub async fn gzip(self: Arc<Self>) -> Bytes {
        if let Some(ready) = self.gzip.get() {
            return ready.clone();
        }
        if self.plain.len() <= COMPRESS_INLINE_BYTES_MAX {
            return self.gzip.get_or_init(|| compress(&self.plain)).clone();
        }
        let plain = self.plain.clone();
        let document = Arc::clone(&self);
        let compressed =
            tokio::task::spawn_blocking(move || document.gzip.get_or_init(|| compress(&document.plain)).clone());
        // Only a runtime that is being torn down drops the work.
        compressed.await.unwrap_or_else(|_| compress(&plain))
    }
}

/// Names what is in a document.
pub fn fingerprint(body: &[u8]) -> u64 {
    fnv1a(body)
}

fn compress(plain: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 8 + 64), Compression::new(4));
    let compressed = encoder.write_all(plain).and_then(|()| encoder.finish());
    compressed.expect("memory takes every byte").into()
}

/// The lists that are kept: all and delta, in four forms each.
#[derive(Debug, Default)]
pub struct Documents {
    slots: [ArcSwapOption<Document>; 8],
}

impl Documents {
    /// The document of this version if it was built already.
    pub fn get(&self, list: List, form: Form, version: u64) -> Option<Arc<Document>> {
        self.slot(list, form).load_full().filter(|document| document.version == version)
    }

    /// Builds the document and keeps it in place of an older one.
    pub fn build(&self, list: List, form: Form, version: u64, contents: &Contents) -> Arc<Document> {
        let document = Arc::new(Document::new(version, applications(form, contents)));
        self.slot(list, form).store(Some(Arc::clone(&document)));
        document
    }

    fn slot(&self, list: List, form: Form) -> &ArcSwapOption<Document> {
        &self.slots[list as usize * 4 + form as usize]
    }
}
