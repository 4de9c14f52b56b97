//! The data folder of a run: made, proven writable, locked, with the secrets that belong to it.
//!
//! The lock is the kernel's, on an open file: it goes with the process, however that ends, and a stale one cannot be.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use bijou_config::Layered;
use rand::distr::{Alphanumeric, SampleString};
use serde::{Deserialize, Serialize};

const LOCK: &str = "up.lock";
const SECRETS: &str = "secrets.toml";

#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    /// Held as long as we run.
    _lock: File,
}

/// Made once per data folder; a setting of the same name wins.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Secrets {
    pub demo_password: String,
    pub operator_token: String,
}

impl DataFolder {
    pub fn open(dir: &str) -> Result<Self> {
        let path = std::path::absolute(dir).context("the current folder is gone")?;
        let unusable = || {
            format!(
                "data folder {} cannot be used: make it writable, or choose another with --data DIR",
                path.display()
            )
        };
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&path).with_context(unusable)?;
        let mut lock = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path.join(LOCK))
            .with_context(unusable)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut owner = String::new();
                let _ = lock.read_to_string(&mut owner);
                bail!(
                    "data folder {} is in use by another `bijou up` (process {}): stop that one, or choose another \
                     folder with --data DIR",
                    path.display(),
                    owner.trim(),
                );
            }
            Err(TryLockError::Error(error)) => return Err(error).with_context(unusable),
        }
        lock.set_len(0).and_then(|()| lock.rewind()).with_context(unusable)?;
        writeln!(lock, "{}", std::process::id()).with_context(unusable)?;
        Ok(Self { path, _lock: lock })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The secrets of this folder, made at its first run.
    pub fn secrets(&self, settings: &Layered) -> Result<Secrets> {
        let mut secrets = self.kept_secrets()?;
        let set = |path: &str| settings.section::<String>(path).ok().filter(|value| !value.is_empty());
        if let Some(password) = set("identity.demo_password") {
            secrets.demo_password = password;
        }
        if let Some(token) = set("console.operator_token") {
            secrets.operator_token = token;
        }
        Ok(secrets)
    }

    fn kept_secrets(&self) -> Result<Secrets> {
        let path = self.path.join(SECRETS);
        if let Ok(text) = fs::read_to_string(&path) {
            return toml::from_str(&text)
                .with_context(|| format!("{} is damaged: delete it, new secrets will be made", path.display()));
        }
        let mut random = rand::rng();
        let secrets =
            Secrets { demo_password: spoken(&mut random), operator_token: Alphanumeric.sample_string(&mut random, 32) };
        let text = toml::to_string(&secrets).context("secrets are plain text")?;
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        file.write_all(text.as_bytes()).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(secrets)
    }
}

/// To be typed from a terminal into a television: three groups of four letters without look-alikes, 57 bits.
fn spoken(random: &mut impl rand::Rng) -> String {
    use rand::RngExt;
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut group =
        || -> String { (0..4).map(|_| char::from(LETTERS[random.random_range(0..LETTERS.len())])).collect() };
    format!("{}-{}-{}", group(), group(), group())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn open(path: &Path) -> Result<DataFolder> {
        DataFolder::open(path.to_str().expect("a UTF-8 path"))
    }

    #[test]
    fn a_second_run_is_told_who_has_the_folder() {
        let root = tempfile::tempdir().expect("a folder");
        let first = open(root.path()).expect("free");
        let error = open(root.path()).expect_err("taken").to_string();
        assert!(error.contains(&format!("process {}", std::process::id())), "{error}");
        drop(first);
        open(root.path()).expect("free again");
    }

    #[test]
    fn secrets_are_made_once_and_are_nobody_elses_business() {
        let root = tempfile::tempdir().expect("a folder");
        let folder = open(root.path()).expect("free");
        let first = folder.kept_secrets().expect("made");
        let second = folder.kept_secrets().expect("read");
        assert_eq!(first.demo_password, second.demo_password);
        assert_eq!(first.demo_password.len(), 14);
        let mode = fs::metadata(root.path().join(SECRETS)).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_file_where_the_folder_should_be_is_explained() {
        let root = tempfile::tempdir().expect("a folder");
        let file = root.path().join("data");
        fs::write(&file, b"").expect("writable");
        let error = format!("{:#}", open(&file).expect_err("no folder"));
        assert!(error.contains("--data DIR"), "{error}");
    }
}
