//! The operator's token. `bijou up` makes and prints one; a console that is run alone keeps its own in the data folder.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tracing::info;

/// Name of the file.
const FILE: &str = "operator-token";

/// The token that is set, or the data folder's own, made on first use and readable by its owner only.
pub fn of_platform(set: &str, data_dir: &Path) -> io::Result<String> {
    if !set.is_empty() {
        return Ok(set.to_owned());
    }
    let path = data_dir.join(FILE);
    let made = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 24]>());
    let token = match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
        Ok(mut file) => {
            file.write_all(made.as_bytes())?;
            made
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => fs::read_to_string(&path)?.trim().to_owned(),
        Err(error) => return Err(error),
    };
    if token.is_empty() {
        return Err(io::Error::other(format!("{} is empty: remove it, and a new token is made", path.display())));
    }
    // Where it is, never what it is: log lines travel.
    info!("the operator's token is in {}", path.display());
    Ok(token)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_token_is_made_once_for_a_folder_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let token = of_platform("", folder.path()).expect("made");
        assert_eq!(token.len(), 32);
        assert_eq!(of_platform("", folder.path()).expect("found"), token);
        assert_eq!(of_platform("set", folder.path()).expect("set"), "set");
        let mode = fs::metadata(folder.path().join(FILE)).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
