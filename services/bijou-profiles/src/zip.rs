//! ZIP archives of a few small files, as far as an export needs them (APPNOTE 6.3.3: 4.3.7, 4.3.12, 4.3.16).
//!
//! Everything is in memory and below 4 GiB: no ZIP64, no encryption, no folders.

use std::io::Write as _;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

const LOCAL_HEADER: u32 = 0x0403_4b50;
const CENTRAL_HEADER: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
/// Deflate came with 2.0.
const VERSION: u16 = 20;
/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;
const DEFLATED: u16 = 8;
/// 1980-01-01, the first day there is: when the archive was made is said inside.
const DATE: u16 = (1 << 5) | 1;

/// Writes one.
#[derive(Debug, Default)]
pub(crate) struct Zip {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    files: u16,
}

/// It does not fit.
#[derive(Debug, thiserror::Error)]
#[error("an archive has at most 65,535 files and 4 GiB")]
pub(crate) struct TooLarge;

impl Zip {
    /// Adds a file.
    pub(crate) fn add(&mut self, name: &str, content: &[u8]) -> Result<(), TooLarge> {
        let mut crc = Crc::new();
        crc.update(content);
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        let deflated = encoder.write_all(content).and_then(|()| encoder.finish()).expect("a vector takes everything");
        let offset = size(self.bytes.len())?;
        let mut common = Vec::new();
        for value in [VERSION, FLAGS, DEFLATED, 0, DATE] {
            common.extend(value.to_le_bytes());
        }
        for value in [crc.sum(), size(deflated.len())?, size(content.len())?] {
            common.extend(value.to_le_bytes());
        }
        let name_length = u16::try_from(name.len()).map_err(|_| TooLarge)?;
        common.extend(name_length.to_le_bytes());
        // No extra field.
        common.extend(0_u16.to_le_bytes());

        self.bytes.extend(LOCAL_HEADER.to_le_bytes());
        self.bytes.extend(&common);
        self.bytes.extend(name.as_bytes());
        self.bytes.extend(deflated);

        self.directory.extend(CENTRAL_HEADER.to_le_bytes());
        self.directory.extend(VERSION.to_le_bytes());
        self.directory.extend(&common);
        // No comment, first disk, no attributes.
        self.directory.extend([0; 10]);
        self.directory.extend(offset.to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.files = self.files.checked_add(1).ok_or(TooLarge)?;
        Ok(())
    }

    /// The archive.
    pub(crate) fn finish(mut self) -> Result<Vec<u8>, TooLarge> {
        let (offset, length) = (size(self.bytes.len())?, size(self.directory.len())?);
        self.bytes.append(&mut self.directory);
        self.bytes.extend(END.to_le_bytes());
        // First disk.
        self.bytes.extend([0; 4]);
        self.bytes.extend(self.files.to_le_bytes());
        self.bytes.extend(self.files.to_le_bytes());
        self.bytes.extend(length.to_le_bytes());
        self.bytes.extend(offset.to_le_bytes());
        // No comment.
        self.bytes.extend([0; 2]);
        Ok(self.bytes)
    }
}

fn size(length: usize) -> Result<u32, TooLarge> {
    u32::try_from(length).map_err(|_| TooLarge)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::DeflateDecoder;

    use super::*;

    fn number(bytes: &[u8], at: usize, length: usize) -> usize {
        bytes[at..at + length].iter().rev().fold(0, |sum, byte| (sum << 8) | usize::from(*byte))
    }

    #[test]
    fn what_went_in_is_found_by_the_directory() {
        let files = [("a.json", b"{\"a\":1}".repeat(100)), ("b\u{e9}.txt", Vec::new())];
        let mut zip = Zip::default();
        for (name, content) in &files {
            zip.add(name, content).expect("small");
        }
        let bytes = zip.finish().expect("small");
        let end = bytes.len() - 22;
        assert_eq!(number(&bytes, end, 4), END as usize);
        assert_eq!(number(&bytes, end + 10, 2), 2);
        let mut at = number(&bytes, end + 16, 4);
        assert_eq!(at + number(&bytes, end + 12, 4), end);
        for (name, content) in &files {
            assert_eq!(number(&bytes, at, 4), CENTRAL_HEADER as usize);
            let (deflated, length) = (number(&bytes, at + 20, 4), number(&bytes, at + 24, 4));
            let (name_length, local) = (number(&bytes, at + 28, 2), number(&bytes, at + 42, 4));
            assert_eq!(&bytes[at + 46..at + 46 + name_length], name.as_bytes());
            assert_eq!(number(&bytes, local, 4), LOCAL_HEADER as usize);
            let begin = local + 30 + name_length;
            let mut read = Vec::new();
            DeflateDecoder::new(&bytes[begin..begin + deflated]).read_to_end(&mut read).expect("deflated");
            assert_eq!((&read, read.len()), (content, length));
            at += 46 + name_length;
        }
    }
}
