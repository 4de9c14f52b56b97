//! The index on disk: built whole into a folder of its own, then changed title by title.
//!
//! Each commit carries a stamp: the format, the store it was made of, and up to where of the store's events it is true.
//! A folder without one was not finished; one with another format or store is somebody else's. Both are built anew: the
//! store has everything, an index is worth a second of work.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use serde::{Deserialize, Serialize};
use tantivy::directory::MmapDirectory;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy};

use super::part::Shelf;
use super::schema::{FORMAT, Fields};
use crate::present::Genres;
use crate::store::Title;

/// Memory of a writer before it writes out a segment; building wants one segment, changing little memory.
const BUILD_BYTES: usize = 64 << 20;
const CHANGE_BYTES: usize = 16 << 20;

/// What an index on disk can fail with.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    #[error("the search index is unusable")]
    Index(#[from] tantivy::TantivyError),
    #[error("the folder of the search index is unusable")]
    Folder(#[from] io::Error),
    #[error("the store cannot be read into the search index")]
    Store(#[from] bijou_store::StoreError),
    #[error("the search index could not be written")]
    GivenUp,
}

/// What a commit says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    pub format: u32,
    /// Which store it was made of.
    pub store: String,
    /// The store's events up to this one are in it.
    pub revision: i64,
}

impl Stamp {
    pub fn new(store: &str, revision: i64) -> Self {
        Self { format: FORMAT, store: store.to_owned(), revision }
    }
}

/// An index that can be searched and changed.
pub struct Live {
    pub folder: PathBuf,
    fields: Fields,
    index: Index,
    reader: IndexReader,
    store: String,
    revision: AtomicI64,
    /// What is in it, as searches read it.
    shelf: RwLock<Arc<Shelf>>,
}

impl Live {
    /// Opens the index in this folder; `None` when it is unfinished, of another format or of another store.
    pub fn open(folder: &Path, store: &str) -> Result<Option<Self>, IndexError> {
        let index = Index::open(MmapDirectory::open(folder).map_err(tantivy::TantivyError::from)?)?;
        let payload = index.load_metas()?.payload.unwrap_or_default();
        let Ok(stamp) = serde_json::from_str::<Stamp>(&payload) else {
            return Ok(None);
        };
        if stamp != Stamp::new(store, stamp.revision) {
            return Ok(None);
        }
        // A file may be damaged where reading it shows nothing.
        if !index.validate_checksum()?.is_empty() {
            return Ok(None);
        }
        Self::of(index, folder, stamp).map(Some)
    }

    fn of(index: Index, folder: &Path, stamp: Stamp) -> Result<Self, IndexError> {
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let fields = Fields::new();
        let shelf = Shelf::read(&reader.searcher(), &fields, &Shelf::default())?;
        Ok(Self {
            folder: folder.to_owned(),
            fields,
            index,
            reader,
            store: stamp.store,
            revision: AtomicI64::new(stamp.revision),
            shelf: RwLock::new(Arc::new(shelf)),
        })
    }

    /// Up to which of the store's events it is true.
    pub fn revision(&self) -> i64 {
        self.revision.load(Ordering::Acquire)
    }

    /// What there is to search now.
    pub fn shelf(&self) -> Arc<Shelf> {
        Arc::clone(&self.shelf.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces titles by what they are now, `None` for those that are gone. One caller at a time.
    pub fn change(&self, titles: &[(String, Option<Title>)], genres: &Genres, revision: i64) -> Result<(), IndexError> {
        let mut writer: IndexWriter = self.index.writer_with_num_threads(1, CHANGE_BYTES)?;
        for (id, title) in titles {
            writer.delete_term(self.fields.id_term(id));
            if let Some(title) = title {
                writer.add_document(self.fields.document(title, genres))?;
            }
        }
        commit(&mut writer, &Stamp::new(&self.store, revision))?;
        // Small segments are merged in the background; a writer that is dropped would stop that.
        writer.wait_merging_threads()?;
        self.reader.reload()?;
        let shelf = Shelf::read(&self.reader.searcher(), &self.fields, &self.shelf())?;
        *self.shelf.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(shelf);
        self.revision.store(revision, Ordering::Release);
        Ok(())
    }

    /// Bytes on disk.
    pub fn disk_bytes(&self) -> u64 {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        entries.filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len()).sum()
    }
}

/// An index being built.
pub struct Build {
    fields: Fields,
    folder: PathBuf,
    index: Index,
    writer: IndexWriter,
}

impl Build {
    /// Begins in a folder that must not exist.
    pub fn begin(folder: &Path) -> Result<Self, IndexError> {
        fs::create_dir_all(folder)?;
        let fields = Fields::new();
        let index = Index::create_in_dir(folder, fields.schema.clone())?;
        let writer = index.writer_with_num_threads(1, BUILD_BYTES)?;
        Ok(Self { fields, folder: folder.to_owned(), index, writer })
    }

    pub fn add(&self, title: &Title, genres: &Genres) -> Result<(), IndexError> {
        self.writer.add_document(self.fields.document(title, genres))?;
        Ok(())
    }

    /// Commits and opens it.
    pub fn finish(self, stamp: Stamp) -> Result<Live, IndexError> {
        let Self { folder, index, mut writer, .. } = self;
        commit(&mut writer, &stamp)?;
        writer.wait_merging_threads()?;
        Live::of(index, &folder, stamp)
    }
}

fn commit(writer: &mut IndexWriter, stamp: &Stamp) -> Result<(), IndexError> {
    let mut prepared = writer.prepare_commit()?;
    prepared.set_payload(&serde_json::to_string(stamp).unwrap_or_default());
    prepared.commit()?;
    Ok(())
}
