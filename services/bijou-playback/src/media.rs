//! The media store: every asset's files under its id, written once and never changed.
//!
//! Behind it is an `object_store`: a folder today, S3 by URL later. It knows nothing of tokens and rows; who may read
//! what is decided before it is asked.

use std::fmt::Write as _;
use std::io::SeekFrom;
use std::ops::Range;
use std::path::Path as FilePath;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{GetOptions, GetResultPayload, ObjectStore, ObjectStoreExt, WriteMultipart};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

/// How much is read from disk at once for a response, in bytes.
const READ_CHUNK: usize = 128 * 1024;

/// How much is copied at once into the store, in bytes.
const WRITE_CHUNK: usize = 1024 * 1024;

/// Parts of an upload that are under way at the same time.
const UPLOADS_MAX: usize = 4;

/// Bytes of a response, as they are read.
pub type ByteStream = BoxStream<'static, std::io::Result<Bytes>>;

/// The files of all assets. Cheap to clone.
#[derive(Debug, Clone)]
pub struct MediaStore(Arc<dyn ObjectStore>);

/// Why the media store failed.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    #[error("failed to open the media folder `{folder}`")]
    Open {
        folder: String,
        #[source]
        source: std::io::Error,
    },
    #[error("the media store refused the folder")]
    Folder(#[source] object_store::Error),
    #[error("media file `{0}` is gone")]
    Gone(String),
    #[error("failed to read media file `{file}`")]
    Read {
        file: String,
        #[source]
        source: object_store::Error,
    },
    #[error("failed to write media file `{file}`")]
    Write {
        file: String,
        #[source]
        source: object_store::Error,
    },
    #[error("failed to read back what the encoder wrote")]
    Encoded(#[source] std::io::Error),
}

/// A file that has been stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// In bytes.
    pub size: u64,
    /// In hexadecimal.
    pub sha256: String,
}

impl MediaStore {
    /// The store in `folder`, which is created.
    pub fn in_folder(folder: &FilePath) -> Result<Self, MediaError> {
        std::fs::create_dir_all(folder)
            .map_err(|source| MediaError::Open { folder: folder.display().to_string(), source })?;
        let files = LocalFileSystem::new_with_prefix(folder).map_err(MediaError::Folder)?.with_automatic_cleanup(true);
        Ok(Self(Arc::new(files)))
    }

    /// Stores bytes that are at hand.
    pub async fn put(&self, asset: &str, file: &str, bytes: Bytes) -> Result<(), MediaError> {
        let location = location(asset, file);
        self.0
            .put(&location, bytes.into())
            .await
            .map_err(|source| MediaError::Write { file: location.to_string(), source })?;
        Ok(())
    }

    /// Copies a local file into the store, with `insert` put in at byte `at`.
    pub async fn put_file(
        &self,
        asset: &str,
        file: &str,
        source: &FilePath,
        at: u64,
        insert: Bytes,
    ) -> Result<Stored, MediaError> {
        let location = location(asset, file);
        let failed = |source| MediaError::Write { file: location.to_string(), source };
        let mut writer =
            HashingWriter::new(WriteMultipart::new(self.0.put_multipart(&location).await.map_err(failed)?));
        let copied = copy_with_insert(&mut writer, source, at, insert).await;
        match copied {
            Ok(()) => writer.finish().await.map_err(failed),
            Err(error) => {
                // What was begun is thrown away; the first error is the one worth telling.
                let _ = writer.upload.abort().await;
                Err(match error {
                    CopyError::Read(source) => MediaError::Encoded(source),
                    CopyError::Write(source) => failed(source),
                })
            }
        }
    }

    /// A whole small file.
    pub async fn read(&self, asset: &str, file: &str) -> Result<Bytes, MediaError> {
        let location = location(asset, file);
        let failed = |source| read_error(&location, source);
        self.0.get(&location).await.map_err(failed)?.bytes().await.map_err(failed)
    }

    /// Bytes of a file, streamed.
    pub async fn stream(&self, asset: &str, file: &str, range: Range<u64>) -> Result<ByteStream, MediaError> {
        let location = location(asset, file);
        let options = GetOptions::new().with_range(Some(range));
        let found = self.0.get_opts(&location, options).await.map_err(|source| read_error(&location, source))?;
        let range = found.range.clone();
        Ok(match found.payload {
            // The crate's own stream reads 8 KiB a time, each on another thread.
            GetResultPayload::File(file, _) => {
                let mut file = tokio::fs::File::from_std(file);
                let seek = file.seek(SeekFrom::Start(range.start)).await;
                seek.map_err(|error| MediaError::Read {
                    file: location.to_string(),
                    source: object_store::Error::Generic { store: "local", source: error.into() },
                })?;
                ReaderStream::with_capacity(file.take(range.end - range.start), READ_CHUNK).boxed()
            }
            GetResultPayload::Stream(stream) => stream.map_err(std::io::Error::other).boxed(),
        })
    }

    /// Removes everything of an asset. What is not there is fine.
    pub async fn delete_asset(&self, asset: &str) -> Result<(), MediaError> {
        let prefix = Path::from("assets").join(asset);
        let failed = |source| MediaError::Write { file: prefix.to_string(), source };
        let found: Vec<_> =
            self.0.list(Some(&prefix)).map_ok(|object| object.location).try_collect().await.map_err(failed)?;
        for location in found {
            match self.0.delete(&location).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(source) => return Err(failed(source)),
            }
        }
        Ok(())
    }
}

fn location(asset: &str, file: &str) -> Path {
    Path::from("assets").join(asset).join(file)
}

fn read_error(location: &Path, source: object_store::Error) -> MediaError {
    match source {
        object_store::Error::NotFound { .. } => MediaError::Gone(location.to_string()),
        source => MediaError::Read { file: location.to_string(), source },
    }
}

enum CopyError {
    Read(std::io::Error),
    Write(object_store::Error),
}

async fn copy_with_insert(
    writer: &mut HashingWriter,
    source: &FilePath,
    at: u64,
    insert: Bytes,
) -> Result<(), CopyError> {
    let mut file = tokio::fs::File::open(source).await.map_err(CopyError::Read)?;
    if !insert.is_empty() {
        writer.copy((&mut file).take(at)).await?;
        writer.write(insert).await.map_err(CopyError::Write)?;
    }
    writer.copy(file).await
}

struct HashingWriter {
    upload: WriteMultipart,
    hash: Sha256,
    size: u64,
}

impl HashingWriter {
    fn new(upload: WriteMultipart) -> Self {
        Self { upload, hash: Sha256::new(), size: 0 }
    }

    async fn copy(&mut self, source: impl tokio::io::AsyncRead + Unpin) -> Result<(), CopyError> {
        let mut chunks = ReaderStream::with_capacity(source, WRITE_CHUNK);
        while let Some(chunk) = chunks.next().await {
            self.write(chunk.map_err(CopyError::Read)?).await.map_err(CopyError::Write)?;
        }
        Ok(())
    }

    async fn write(&mut self, bytes: Bytes) -> Result<(), object_store::Error> {
        self.upload.wait_for_capacity(UPLOADS_MAX).await?;
        self.hash.update(&bytes);
        self.size += bytes.len() as u64;
        self.upload.put(bytes);
        Ok(())
    }

    async fn finish(self) -> Result<Stored, object_store::Error> {
        self.upload.finish().await?;
        Ok(Stored { size: self.size, sha256: hex(&self.hash.finalize()) })
    }
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_inserted_lies_at_its_place_and_counts() {
        let folder = tempfile::tempdir().expect("a folder");
        let media = MediaStore::in_folder(folder.path()).expect("opens");
        let source = folder.path().join("source");
        std::fs::write(&source, b"headtail").expect("written");
        let stored = media.put_file("a", "f.mp4", &source, 4, Bytes::from_static(b"-index-")).await.expect("stored");
        assert_eq!(stored.size, 15);
        assert_eq!(media.read("a", "f.mp4").await.expect("read"), "head-index-tail");
        assert_eq!(stored.sha256, hex(&Sha256::digest(b"head-index-tail")));
        let part: Vec<Bytes> =
            media.stream("a", "f.mp4", 4..11).await.expect("opened").try_collect().await.expect("read");
        assert_eq!(part.concat(), b"-index-");
    }

    #[tokio::test]
    async fn a_deleted_asset_is_gone_and_others_stay() {
        let folder = tempfile::tempdir().expect("a folder");
        let media = MediaStore::in_folder(folder.path()).expect("opens");
        for asset in ["a", "ab"] {
            media.put(asset, "x", Bytes::from_static(b"1")).await.expect("stored");
        }
        media.delete_asset("a").await.expect("deleted");
        media.delete_asset("a").await.expect("deleted twice");
        assert!(matches!(media.read("a", "x").await, Err(MediaError::Gone(_))));
        assert!(media.read("ab", "x").await.is_ok());
    }
}
