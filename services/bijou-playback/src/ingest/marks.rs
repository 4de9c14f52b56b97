//! What may be skipped in a film, from the file beside it (`Film (2010).marks.toml`) or from its own chapters.

use std::path::Path;

use bijou_playback_api::Marks;

use super::IngestError;
use crate::domain::marks::{self, Chapter, MarksError};

/// The marks of a film file. A file of marks beside it is somebody's word and has to make sense; chapters are taken as far
/// as they do.
pub async fn read(film: &Path, chapters: &[Chapter], duration_s: f64) -> Result<Marks, IngestError> {
    let path = film.with_extension("marks.toml");
    let shown = || path.display().to_string();
    let failed = |source: MarksError| IngestError::Marks { path: shown(), source };
    let size = match tokio::fs::metadata(&path).await {
        Ok(found) => found.len(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(marks::of_chapters(chapters, duration_s));
        }
        Err(source) => return Err(IngestError::File { path: shown(), source }),
    };
    if size > marks::FILE_MAX {
        return Err(failed(MarksError::Text(format!("it is larger than {} bytes", marks::FILE_MAX))));
    }
    let text = tokio::fs::read_to_string(&path).await.map_err(|source| IngestError::File { path: shown(), source })?;
    let read = marks::parse(&text).map_err(failed)?;
    marks::check(&read, duration_s).map_err(failed)?;
    Ok(read)
}
