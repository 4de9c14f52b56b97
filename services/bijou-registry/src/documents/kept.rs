//! A long list as a file in memory, which the kernel sends from its own pages. Sent from the process's memory every byte
//! is copied once more for each reader, which at ten megabytes is a third of all work.
//!
//! Such pages show in no process's memory: whoever measures has to add them. A list that is kept here is not kept there.

use std::{
    fs::File,
    io::{self, Seek},
    os::{fd::AsFd, unix::fs::FileExt},
};

use bytes::Bytes;
use socket2::SockRef;

/// Immutable once it is written.
#[derive(Debug)]
pub struct Kept {
    file: File,
    length: u64,
}

impl Kept {
    /// Keeps what `write` writes. An error where there are no such files, or there is no room for one.
    pub fn of(write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<Self> {
        let mut file = create()?;
        write(&mut file)?;
        let length = file.stream_position()?;
        Ok(Kept { file, length })
    }

    /// In bytes.
    pub fn len(&self) -> u64 {
        self.length
    }

    /// Sends some of what comes after an offset, which is moved, without waiting.
    pub fn send(&self, to: impl AsFd, offset: &mut u64) -> io::Result<usize> {
        let left = usize::try_from(self.length - *offset).unwrap_or(usize::MAX);
        let sent = send(to, &self.file, *offset, left)?;
        *offset += sent as u64;
        Ok(sent)
    }

    /// A copy in the process's memory.
    pub fn read(&self) -> io::Result<Bytes> {
        let mut bytes = vec![0; usize::try_from(self.length).map_err(|_| io::ErrorKind::OutOfMemory)?];
        self.file.read_exact_at(&mut bytes, 0)?;
        Ok(bytes.into())
    }
}

/// Sends what a file follows at once.
pub fn send_before_more(to: &impl AsFd, bytes: &[u8]) -> io::Result<usize> {
    #[cfg(target_os = "linux")]
    let flags = nix::libc::MSG_MORE | nix::libc::MSG_NOSIGNAL;
    #[cfg(not(target_os = "linux"))]
    let flags = 0;
    SockRef::from(to).send_with_flags(bytes, flags)
}

#[cfg(target_os = "linux")]
fn create() -> io::Result<File> {
    use nix::sys::memfd::{MFdFlags, memfd_create};
    Ok(memfd_create("bijou-registry-list", MFdFlags::MFD_CLOEXEC)?.into())
}

#[cfg(target_os = "linux")]
fn send(to: impl AsFd, file: &File, offset: u64, count: usize) -> io::Result<usize> {
    let mut offset = i64::try_from(offset).map_err(|_| io::ErrorKind::InvalidInput)?;
    Ok(nix::sys::sendfile::sendfile64(to, file, Some(&mut offset), count)?)
}

#[cfg(not(target_os = "linux"))]
fn create() -> io::Result<File> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(not(target_os = "linux"))]
fn send(_: impl AsFd, _: &File, _: u64, _: usize) -> io::Result<usize> {
    Err(io::ErrorKind::Unsupported.into())
}
