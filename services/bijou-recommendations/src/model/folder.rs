//! The folder of models, `models/recommendations` in the data folder, or one that several machines share.
//!
//! A file gets its name once it is whole and on the disk; what a killed training leaves behind has another name, which
//! nobody reads, and is cleared away by the next one.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::Model;
use super::file::{self, NoModel};

/// Ending of what is being written.
const PART: &str = "part";

/// The folder.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    path: PathBuf,
}

/// Why a model cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    #[error("`{}` cannot be read", path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("`{}` is of no use", path.display())]
    NoModel {
        path: PathBuf,
        #[source]
        source: NoModel,
    },
}

impl Folder {
    /// The folder named in the settings; with an empty name, the one in the data folder.
    pub(crate) fn of(named: &str, data_dir: &Path) -> Self {
        let path = if named.is_empty() { data_dir.join("models").join(crate::ROLE) } else { PathBuf::from(named) };
        Self { path }
    }

    /// Where the model of this version is.
    pub(crate) fn path(&self, version: &str) -> PathBuf {
        self.path.join(format!("{version}.model"))
    }

    pub(crate) fn read(&self, version: &str) -> Result<Model, ReadError> {
        let path = self.path(version);
        let bytes = fs::read(&path).map_err(|source| ReadError::Read { path: path.clone(), source })?;
        file::read(&bytes).map_err(|source| ReadError::NoModel { path, source })
    }

    /// Whether a model could be put here, tried by a file that is gone again: a training of minutes is not to find out.
    pub(crate) fn try_writing(&self) -> io::Result<()> {
        fs::create_dir_all(&self.path)?;
        // Another training may take it for what a killed one left.
        let part = self.path.join(format!("try-{}.{PART}", std::process::id()));
        File::create(&part)?.write_all(b"?")?;
        match fs::remove_file(&part) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// The folder itself.
    pub(crate) fn place(&self) -> &Path {
        &self.path
    }

    /// Puts a model's bytes in place.
    pub(crate) fn write(&self, version: &str, bytes: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.path)?;
        let part = self.path.join(format!("{version}.{PART}"));
        let mut file = File::create(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&part, self.path(version))?;
        // The name too has to survive a power cut.
        File::open(&self.path)?.sync_all()
    }

    /// Deletes a model; nothing to do when it is gone.
    pub(crate) fn remove(&self, version: &str) -> io::Result<()> {
        match fs::remove_file(self.path(version)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Deletes what trainings that were killed left behind.
    pub(crate) fn clear_parts(&self) -> io::Result<()> {
        let Ok(entries) = fs::read_dir(&self.path) else { return Ok(()) };
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_some_and(|ending| ending == PART) {
                match fs::remove_file(path) {
                    // Another training has cleared it, or has just finished what it was.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    done => done?,
                }
            }
        }
        Ok(())
    }
}
