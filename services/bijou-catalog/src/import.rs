//! Bringing titles in from a file: read, check, compare, apply.
//!
//! JSON lines or CSV (`README.md` has both forms). The whole file is read and checked before anything is touched;
//! every fault is told with its line and column; if there is one, nothing is changed. What would change is printed
//! title by title. Applying is one transaction, with the events that tell others.
//!
//! Works on the store itself: while the catalog runs, and while it does not.

mod check;
mod comma;
mod diff;
mod fault;
mod json;
mod record;

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use bijou_catalog_api::Kind;
use bijou_config::{ConfigError, Layered};
use bijou_store::StoreError;

use crate::document::Document;
use crate::images::{Role, read_picture};
use crate::store::{ArtworkRow, Change, GenreNames, NewArtwork, Store};

pub use fault::{Fault, Place};
pub use record::{GenreRecord, TitleRecord};

/// Larger files are split by whoever makes them.
const FILE_BYTES_MAX: u64 = 512 * 1024 * 1024;

/// Faults and changes that are printed one by one; beyond that they are counted.
const FAULTS_SHOWN: usize = 50;
const CHANGES_SHOWN: usize = 100;

/// What to do with the changes found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Only show them.
    DryRun,
    /// Show and make them.
    Apply,
}

/// What an import found and did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    pub published: usize,
    pub updated: usize,
    pub withdrawn: usize,
    pub unchanged: usize,
    pub pictures: usize,
}

/// Why an import did nothing.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("`{}` cannot be read", path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("`{}` is neither `.jsonl`, `.ndjson`, `.json` nor `.csv`; name it by what it is", .0.display())]
    Format(PathBuf),
    #[error("`{}` is longer than {} MiB; split it", .0.display(), FILE_BYTES_MAX >> 20)]
    TooLong(PathBuf),
    #[error("{0} fault(s); nothing was changed")]
    Faults(usize),
    #[error("a season or episode has an id that another show uses already; nothing was changed")]
    PartTaken,
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("the catalog's store cannot be used; nothing was changed")]
    Store(#[from] StoreError),
    #[error("failed to print")]
    Print(#[from] io::Error),
}

/// Everything a file says.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    pub(crate) titles: Vec<(Place, TitleRecord)>,
    pub(crate) genres: Vec<(Place, GenreRecord)>,
    pub(crate) faults: Vec<Fault>,
}

/// Imports a file into the catalog these settings describe, telling `out` what is found and done.
pub async fn run(
    settings: &Layered,
    file: &Path,
    mode: Mode,
    out: &mut (dyn Write + Send),
) -> Result<Summary, ImportError> {
    let role: bijou_chassis::RoleSettings = settings.section(crate::ROLE)?;
    let data: Data = settings.section("data")?;
    let url = if role.database.is_empty() {
        bijou_store::sqlite_url(&data.dir.join(format!("{}.sqlite", crate::ROLE)))
    } else {
        role.database
    };
    import_file(&url, file, mode, crate::now_ms(), out).await
}

/// Section `[data]`.
#[derive(Debug, serde::Deserialize)]
struct Data {
    dir: PathBuf,
}

/// Imports a file into the catalog whose database is at `url`.
pub async fn import_file(
    url: &str,
    file: &Path,
    mode: Mode,
    now_ms: i64,
    out: &mut (dyn Write + Send),
) -> Result<Summary, ImportError> {
    let parsed = read(file)?;
    let folder = file.parent().unwrap_or(Path::new(""));
    let plan = {
        // A faulty file is told to be so whether there is a store or not.
        let checked = check::check(parsed);
        let (pictures, mut faults) = read_pictures(&checked, folder);
        faults.splice(0..0, checked.faults.iter().cloned());
        if !faults.is_empty() {
            print_faults(file, &faults, out)?;
            return Err(ImportError::Faults(faults.len()));
        }
        (checked, pictures)
    };
    let (checked, pictures) = plan;
    let store = Store::open(url).await?;
    let outcome = compare_and_apply(&store, checked, pictures, mode, now_ms, out).await;
    store.database().close().await;
    outcome
}

/// Imports records that came with the program; a fault in them is ours.
pub(crate) async fn import_text(store: &Store, json_lines: &str, now_ms: i64) -> Result<Summary, ImportError> {
    let checked = check::check(json::read(json_lines));
    if let Some(fault) = checked.faults.first() {
        tracing::error!("built-in titles: {fault}");
        return Err(ImportError::Faults(checked.faults.len()));
    }
    compare_and_apply(store, checked, Vec::new(), Mode::Apply, now_ms, &mut io::sink()).await
}

fn read(file: &Path) -> Result<Parsed, ImportError> {
    let read = |source| ImportError::Read { path: file.to_owned(), source };
    let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default().to_ascii_lowercase();
    let is_json = match extension.as_str() {
        "jsonl" | "ndjson" | "json" => true,
        "csv" => false,
        _ => return Err(ImportError::Format(file.to_owned())),
    };
    if std::fs::metadata(file).map_err(read)?.len() > FILE_BYTES_MAX {
        return Err(ImportError::TooLong(file.to_owned()));
    }
    let bytes = std::fs::read(file).map_err(read)?;
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = good.split(|byte| *byte == b'\n').count();
            let column = good.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
            let fault = Fault::at(Place::column(line, column), "this is not UTF-8; save the file in that encoding");
            return Ok(Parsed { faults: vec![fault], ..Parsed::default() });
        }
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    Ok(if is_json { json::read(text) } else { comma::read(text) })
}

/// Titles and genres that passed every check.
pub(crate) struct Checked {
    pub(crate) titles: Vec<CheckedTitle>,
    pub(crate) genres: BTreeMap<String, GenreNames>,
    /// Names of genres that titles mention, used where the store does not know the genre yet.
    pub(crate) mentioned: BTreeMap<String, GenreNames>,
    pub(crate) faults: Vec<Fault>,
}

/// A title that passed every check.
pub(crate) struct CheckedTitle {
    pub(crate) place: Place,
    pub(crate) document: Document,
    pub(crate) added_ms: Option<i64>,
    pub(crate) is_withdrawn: bool,
    pub(crate) pictures: Vec<(Role, PathBuf)>,
}

fn read_pictures(checked: &Checked, folder: &Path) -> (Vec<NewArtwork>, Vec<Fault>) {
    let (mut pictures, mut faults) = (Vec::new(), Vec::new());
    for title in &checked.titles {
        for (role, path) in &title.pictures {
            let read = std::fs::read(folder.join(path)).map_err(|error| error.to_string());
            match read.and_then(|bytes| read_picture(&bytes, *role).map_err(|error| error.to_string())) {
                Ok(picture) => pictures.push(NewArtwork {
                    subject: title.document.id.clone(),
                    role: role.as_str(),
                    facts: ArtworkRow {
                        hash: picture.hash,
                        width: picture.width,
                        height: picture.height,
                        tint: picture.tint,
                    },
                    jpeg: picture.jpeg,
                }),
                Err(reason) => {
                    let message = format!("picture `{}`: {reason}", path.display());
                    faults.push(Fault::at(title.place.clone(), message));
                }
            }
        }
    }
    (pictures, faults)
}

async fn compare_and_apply(
    store: &Store,
    checked: Checked,
    pictures: Vec<NewArtwork>,
    mode: Mode,
    now_ms: i64,
    out: &mut (dyn Write + Send),
) -> Result<Summary, ImportError> {
    let ids: Vec<&str> = checked.titles.iter().map(|title| title.document.id.as_str()).collect();
    let known = store.documents(&ids).await?;
    let pictures = new_pictures(store, pictures).await?;
    let mut new_pictures_of: HashMap<&str, Vec<&'static str>> = HashMap::new();
    for picture in &pictures {
        new_pictures_of.entry(picture.subject.as_str()).or_default().push(picture.role);
    }

    let mut summary = Summary { pictures: pictures.len(), ..Summary::default() };
    let mut changes = Vec::new();
    let mut shown = 0;
    for (position, title) in checked.titles.into_iter().enumerate() {
        let pictures = new_pictures_of.get(title.document.id.as_str()).map_or(&[][..], Vec::as_slice);
        let old = known.get(&title.document.id);
        let lines = match (old, title.is_withdrawn) {
            (None, true) => {
                summary.unchanged += 1;
                continue;
            }
            (None, false) => {
                summary.published += 1;
                vec![line('+', &title.document)]
            }
            (Some(old), true) => {
                summary.withdrawn += 1;
                vec![line('-', old)]
            }
            (Some(old), false) => {
                let mut differences = diff::differences(old, &title.document);
                differences.extend(pictures.iter().map(|role| format!("    artwork.{role}: a new picture")));
                if differences.is_empty() {
                    summary.unchanged += 1;
                    continue;
                }
                summary.updated += 1;
                differences.insert(0, line('~', &title.document));
                differences
            }
        };
        shown += 1;
        if shown <= CHANGES_SHOWN {
            for line in lines {
                writeln!(out, "{line}")?;
            }
        }
        changes.push(match (old, title.is_withdrawn) {
            (Some(old), true) => Change::Withdraw(old.clone()),
            (Some(_), false) => Change::Update(title.document),
            // The first of a file counts as the newest of it.
            (None, _) => Change::Publish(title.document, title.added_ms.unwrap_or(now_ms - position as i64)),
        });
    }
    if shown > CHANGES_SHOWN {
        writeln!(out, "... and {} more", shown - CHANGES_SHOWN)?;
    }

    if mode == Mode::Apply {
        let mut genres = checked.mentioned;
        for id in store.genre_names().await?.into_keys() {
            genres.remove(&id);
        }
        genres.extend(checked.genres);
        store
            .apply(&changes, &genres, &pictures, now_ms)
            .await
            .map_err(|error| if error.is_unique_violation() { ImportError::PartTaken } else { error.into() })?;
    }
    print_summary(summary, mode, out)?;
    Ok(summary)
}

/// The pictures the store does not have yet.
async fn new_pictures(store: &Store, pictures: Vec<NewArtwork>) -> Result<Vec<NewArtwork>, StoreError> {
    let mut fresh = Vec::with_capacity(pictures.len());
    for picture in pictures {
        let stored = store.artwork_of(&[&picture.subject]).await?;
        let is_known = stored
            .get(&(picture.subject.clone(), picture.role.to_owned()))
            .is_some_and(|row| row.hash == picture.facts.hash);
        if !is_known {
            fresh.push(picture);
        }
    }
    Ok(fresh)
}

fn line(sign: char, document: &Document) -> String {
    let kind = if document.kind == Kind::Show { ", a show" } else { "" };
    format!("{sign} {}  {} ({}{kind})", document.id, document.name(), document.year)
}

fn print_faults(file: &Path, faults: &[Fault], out: &mut (dyn Write + Send)) -> io::Result<()> {
    for fault in faults.iter().take(FAULTS_SHOWN) {
        writeln!(out, "{}: {fault}", file.display())?;
    }
    if faults.len() > FAULTS_SHOWN {
        writeln!(out, "... and {} more", faults.len() - FAULTS_SHOWN)?;
    }
    Ok(())
}

fn print_summary(summary: Summary, mode: Mode, out: &mut (dyn Write + Send)) -> io::Result<()> {
    let Summary { published, updated, withdrawn, unchanged, pictures } = summary;
    write!(out, "{published} new, {updated} changed, {withdrawn} withdrawn, {unchanged} as they were")?;
    if pictures > 0 {
        write!(out, ", {pictures} new picture(s)")?;
    }
    match mode {
        Mode::Apply => writeln!(out, "."),
        Mode::DryRun => writeln!(out, ". Nothing was changed; run it again with --apply to do so."),
    }
}
