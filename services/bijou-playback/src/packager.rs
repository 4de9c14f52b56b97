//! From what the encoder wrote to what is served: reads the boxes, adds the index, stores the bytes once.

use std::path::Path;

use bytes::Bytes;

use crate::cmaf::boxes::{self, BoxError, Fragment, Kind, Track};
use crate::cmaf::{index_box, segments};
use crate::media::{MediaError, MediaStore};
use crate::presentation::{KeyFrame, MediaFile};

/// Length that segments grow to, in seconds; two groups of pictures.
const SEGMENT_S: u64 = 4;

/// Why a rendition cannot be packaged: the encoder did something we did not ask for.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    #[error("failed to open the encoder's file")]
    Open(#[source] std::io::Error),
    #[error("the encoder's file is not as expected")]
    Boxes(#[from] BoxError),
    #[error("fragment {0} does not start with a key frame")]
    NoKeyFrame(usize),
    #[error("fragment {0} does not follow the one before it")]
    Gap(usize),
    #[error("the film is too long or too large for one index")]
    Index,
    #[error(transparent)]
    Media(#[from] MediaError),
}

/// A rendition that is stored.
#[derive(Debug, Clone)]
pub struct Packaged {
    pub media: MediaFile,
    pub kind: Kind,
    pub key_frames: Vec<KeyFrame>,
}

/// Packages the encoder's file `source` as `file` of `asset`.
pub async fn package(media: &MediaStore, asset: &str, file: &str, source: &Path) -> Result<Packaged, PackageError> {
    let path = source.to_owned();
    let read = move || -> Result<Track, PackageError> {
        let file = std::fs::File::open(path).map_err(PackageError::Open)?;
        Ok(boxes::read(&mut std::io::BufReader::new(file))?)
    };
    let track = tokio::task::spawn_blocking(read).await.expect("reading boxes does not panic")?;
    if let Kind::Video { .. } = track.kind
        && let Some(index) = track.fragments.iter().position(|fragment| !fragment.starts_with_sync_sample)
    {
        return Err(PackageError::NoKeyFrame(index));
    }
    let mut expected = track.init_size;
    for (index, fragment) in track.fragments.iter().enumerate() {
        if fragment.offset != expected {
            return Err(PackageError::Gap(index));
        }
        expected += fragment.size;
    }
    let grouped = segments::group(&track.fragments, SEGMENT_S * u64::from(track.timescale));
    let start = track.fragments.first().map_or(0, |fragment| fragment.start);
    let index = index_box::write(track.timescale, start, &grouped).ok_or(PackageError::Index)?;
    let index_size = index.len() as u64;
    let stored = media.put_file(asset, file, source, track.init_size, Bytes::from(index)).await?;
    Ok(Packaged {
        kind: track.kind,
        key_frames: track.fragments.iter().map(|fragment| key_frame(fragment, index_size)).collect(),
        media: MediaFile {
            file: file.to_owned(),
            codec: track.codec,
            size: stored.size,
            sha256: stored.sha256,
            init_size: track.init_size,
            index_size,
            timescale: track.timescale,
            segments: grouped.iter().map(|segment| (segment.size, segment.duration)).collect(),
        },
    })
}

/// Everything behind the header moved by the size of the index.
fn key_frame(fragment: &Fragment, index_size: u64) -> KeyFrame {
    KeyFrame { offset: fragment.offset + index_size, size: fragment.first_sample_end, duration: fragment.duration }
}
