//! The data folder: made if it is not there, and proven writable before anything relies on it.
//!
//! Locking it against another run is the supervisor's business: instances of one platform share it.

use std::fs;
use std::path::Path;

use crate::ChassisError;

/// Makes the folder and writes a file in it once.
pub fn prepare(path: &Path) -> Result<(), ChassisError> {
    try_prepare(path).map_err(|source| ChassisError::DataFolder { path: path.to_owned(), source })
}

fn try_prepare(path: &Path) -> std::io::Result<()> {
    fs::create_dir_all(path)?;
    // Permission bits lie on read-only mounts and full disks; only writing tells. A name of its own for every try,
    // since several roles start at once.
    let probe = path.join(format!(".writable-{}", uuid::Uuid::new_v4()));
    fs::write(&probe, b"bijou")?;
    fs::remove_file(&probe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_folder_is_made() {
        let root = tempfile::tempdir().expect("a temporary folder");
        let folder = root.path().join("a/b");
        prepare(&folder).expect("writable");
        assert_eq!(fs::read_dir(&folder).expect("made").count(), 0);
    }

    #[test]
    fn a_folder_that_cannot_be_made_says_what_to_do() {
        let root = tempfile::tempdir().expect("a temporary folder");
        let file = root.path().join("file");
        fs::write(&file, b"").expect("writable");
        let error = prepare(&file.join("data")).expect_err("a file is no folder").to_string();
        assert!(error.contains("data.dir") && error.contains("BIJOU_DATA_DIR"), "{error}");
    }
}
