//! Takes in a folder: which file is which title, a preview of that, and then one ingest after the other.
//!
//! The titles to match with are given by the caller, who asked the catalog. Nothing is moved or renamed.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

pub use crate::domain::names::{KnownEpisode, KnownTitle, Match};

use crate::domain::{language, names};
use crate::ingest::{self, IngestError, IngestRequest, Progress, Published};
use crate::library::Library;

/// What is taken for a film by its name.
const FILM_ENDINGS: [&str; 12] = ["mp4", "mkv", "mov", "m4v", "webm", "avi", "mpg", "mpeg", "ts", "m2ts", "wmv", "ogv"];

const SUBTITLE_ENDINGS: [&str; 2] = ["vtt", "srt"];

/// Folders within folders that are looked into, and files that are looked at.
const DEPTH_MAX: usize = 8;
const FILES_MAX: usize = 20_000;

/// Why a folder cannot be scanned.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    #[error("cannot read the folder `{folder}`")]
    Folder {
        folder: String,
        #[source]
        source: std::io::Error,
    },
    #[error("`{folder}` holds more than {FILES_MAX} files; scan parts of it")]
    TooMany { folder: String },
}

/// One film file and what it was taken for.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub file: PathBuf,
    pub found: Match,
    /// Subtitle files beside it, by language.
    pub subtitles: Vec<(String, PathBuf)>,
}

/// Looks at a folder and everything in it, in order of names.
pub fn preview(folder: &Path, titles: &[KnownTitle]) -> Result<Vec<Row>, ScanError> {
    let mut files = Vec::new();
    collect(folder, 0, &mut files)?;
    files.sort();
    let ends_with = |path: &Path, endings: &[&str]| {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        ending.is_some_and(|ending| endings.contains(&ending.as_str()))
    };
    let subtitles: Vec<&PathBuf> = files.iter().filter(|path| ends_with(path, &SUBTITLE_ENDINGS)).collect();
    let films = files.iter().filter(|path| ends_with(path, &FILM_ENDINGS));
    Ok(films
        .map(|file| Row {
            found: names::find(&file.file_name().unwrap_or_default().to_string_lossy(), titles),
            subtitles: subtitles.iter().filter_map(|path| belongs(file, path)).collect(),
            file: file.clone(),
        })
        .collect())
}

/// The rows as a table for people.
pub fn table(rows: &[Row], folder: &Path) -> String {
    let cells: Vec<[String; 3]> = rows
        .iter()
        .map(|row| {
            let file = row.file.strip_prefix(folder).unwrap_or(&row.file).display().to_string();
            let (title, remark) = match &row.found {
                Match::Found { title_id, episode_id, name, score } => {
                    let id = episode_id.as_ref().unwrap_or(title_id);
                    (format!("{name} ({id})"), format!("{:.0} %", score.min(1.0) * 100.0))
                }
                Match::Ambiguous(rivals) => {
                    ("-".to_owned(), format!("one of {}: add the year to its name", rivals.join(", ")))
                }
                Match::NoSuchEpisode { title_id, season, number } => {
                    ("-".to_owned(), format!("`{title_id}` has no episode {number} in season {season}"))
                }
                Match::Nothing => {
                    ("-".to_owned(), "no title of this name; import it into the catalog first".to_owned())
                }
            };
            let languages: Vec<&str> = row.subtitles.iter().map(|(language, _)| language.as_str()).collect();
            let remark =
                if languages.is_empty() { remark } else { format!("{remark}, subtitles {}", languages.join(" ")) };
            [file, title, remark]
        })
        .collect();
    let width = |column: usize, head: &str| {
        cells.iter().map(|row| row[column].chars().count()).chain([head.len()]).max().unwrap_or(0)
    };
    let (first, second) = (width(0, "File"), width(1, "Title"));
    let mut out = format!("{:first$}  {:second$}  Match\n", "File", "Title");
    for [file, title, remark] in &cells {
        let _ = writeln!(out, "{file:first$}  {title:second$}  {remark}");
    }
    out
}

/// Ingests every row that was found, one after the other; each can be played as soon as it is done. A file that fails
/// does not stop the others. `on_done` hears of each.
pub async fn import(
    library: &Library,
    rows: &[Row],
    on_progress: impl Fn(&Row, Progress) + Send + Sync,
    mut on_done: impl FnMut(&Row, &Result<Published, IngestError>),
) -> usize {
    let mut published = 0;
    for row in rows {
        let Match::Found { title_id, episode_id, .. } = &row.found else {
            continue;
        };
        let request = IngestRequest {
            file: row.file.clone(),
            title_id: title_id.clone(),
            episode_id: episode_id.clone(),
            subtitles: row.subtitles.clone(),
            attribution: None,
        };
        let outcome = ingest::ingest(library, request, |progress| on_progress(row, progress)).await;
        published += usize::from(outcome.is_ok());
        on_done(row, &outcome);
    }
    published
}

fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), ScanError> {
    let failed = |source| ScanError::Folder { folder: folder.display().to_string(), source };
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        // Links are not followed: a loop of them would never end.
        let kind = entry.file_type().map_err(failed)?;
        if kind.is_dir() && depth < DEPTH_MAX {
            collect(&entry.path(), depth + 1, files)?;
        } else if kind.is_file() {
            files.push(entry.path());
        }
        if files.len() > FILES_MAX {
            return Err(ScanError::TooMany { folder: folder.display().to_string() });
        }
    }
    Ok(())
}

/// `Film (2010).de.vtt` belongs to `Film (2010).mkv` and is German; without a language it is "undetermined".
fn belongs(film: &Path, subtitles: &Path) -> Option<(String, PathBuf)> {
    if film.parent() != subtitles.parent() {
        return None;
    }
    let stem = film.file_stem()?.to_string_lossy().into_owned();
    let name = subtitles.file_stem()?.to_string_lossy().into_owned();
    let rest = name.strip_prefix(&stem)?;
    let language = match rest.strip_prefix('.') {
        Some(code) => language::tag(code)?,
        None if rest.is_empty() => "und".to_owned(),
        None => return None,
    };
    Some((language, subtitles.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn library() -> Vec<KnownTitle> {
        vec![KnownTitle { id: "sintel".to_owned(), name: "Sintel".to_owned(), year: Some(2010), episodes: Vec::new() }]
    }

    #[test]
    fn a_folder_is_read_with_its_subtitles() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("films")).unwrap();
        for file in [
            "films/Sintel.2010.mkv",
            "films/Sintel.2010.de.vtt",
            "films/Sintel.2010.srt",
            "films/notes.txt",
            ".hidden.mp4",
            "holiday.mp4",
        ] {
            std::fs::write(folder.path().join(file), "x").unwrap();
        }
        let rows = preview(folder.path(), &library()).unwrap();
        let [film, other] = rows.as_slice() else { panic!("{rows:?}") };
        assert!(matches!(&film.found, Match::Found { title_id, .. } if title_id == "sintel"));
        let languages: Vec<_> = film.subtitles.iter().map(|(language, _)| language.as_str()).collect();
        assert_eq!(languages, ["de", "und"]);
        assert_eq!(other.found, Match::Nothing);
        let table = table(&rows, folder.path());
        assert!(table.contains("Sintel (sintel)") && table.contains("subtitles de und"), "{table}");
        assert!(table.contains("no title of this name"), "{table}");
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let error = preview(Path::new("/nowhere/at/all"), &[]).unwrap_err();
        assert!(error.to_string().contains("/nowhere/at/all"));
    }
}
