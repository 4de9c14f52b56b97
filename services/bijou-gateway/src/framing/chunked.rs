//! A chunked body, followed byte by byte so that its end is known exactly (RFC 9112, section 7.1).
//!
//! Strict about line ends and sizes; chunk extensions are measured, not understood; trailers are checked for their form
//! and not used.

use super::BrokenBody;
use super::head::is_token;

/// Most digits of a chunk size. Sixteen would fit 64 bits; fifteen leave no doubt.
const SIZE_DIGITS_MAX: u8 = 15;
/// Most bytes of extensions over the whole body: they cost the receiver work and carry nothing anyone uses.
const EXTENSION_BYTES_MAX: usize = 4 * 1024;
/// Most bytes of trailers.
const TRAILER_BYTES_MAX: usize = 8 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Size { digits: u8 },
    Extension,
    SizeLineFeed,
    Data,
    DataReturn,
    DataLineFeed,
    TrailerStart,
    TrailerName,
    TrailerValue,
    TrailerLineFeed,
    LastLineFeed,
}

/// Where in a chunked body the client is.
#[derive(Debug)]
pub(super) struct Chunked {
    at: At,
    /// Bytes left in this chunk.
    left: u64,
    extension_bytes: usize,
    trailer_bytes: usize,
}

impl Default for Chunked {
    fn default() -> Self {
        Self { at: At::Size { digits: 0 }, left: 0, extension_bytes: 0, trailer_bytes: 0 }
    }
}

impl Chunked {
    /// Follows `input`: how many of its bytes belong to this body, and whether they end it.
    pub(super) fn advance(&mut self, input: &[u8]) -> Result<(usize, bool), BrokenBody> {
        let mut index = 0;
        while index < input.len() {
            if self.at == At::Data {
                let len = usize::try_from(self.left).unwrap_or(usize::MAX).min(input.len() - index);
                index += len;
                self.left -= len as u64;
                if self.left == 0 {
                    self.at = At::DataReturn;
                }
                continue;
            }
            let byte = input[index];
            index += 1;
            if self.step(byte)? {
                return Ok((index, true));
            }
        }
        Ok((index, false))
    }

    /// One byte outside chunk data; `true` when it was the last one of the body.
    fn step(&mut self, byte: u8) -> Result<bool, BrokenBody> {
        self.at = match (self.at, byte) {
            (At::Size { digits }, _) if byte.is_ascii_hexdigit() && digits < SIZE_DIGITS_MAX => {
                let digit = char::from(byte).to_digit(16).expect("a hexadecimal digit has a value");
                self.left = self.left * 16 + u64::from(digit);
                At::Size { digits: digits + 1 }
            }
            (At::Size { digits: 1.. } | At::Extension, b'\r') => At::SizeLineFeed,
            (At::Size { digits: 1.. }, b';') => At::Extension,
            (At::Extension, b'\t' | b' '..=b'~' | 0x80..) if self.extension_bytes < EXTENSION_BYTES_MAX => {
                self.extension_bytes += 1;
                At::Extension
            }
            (At::SizeLineFeed, b'\n') if self.left == 0 => At::TrailerStart,
            (At::SizeLineFeed, b'\n') => At::Data,
            (At::DataReturn, b'\r') => At::DataLineFeed,
            (At::DataLineFeed, b'\n') => At::Size { digits: 0 },
            (At::TrailerStart, b'\r') => At::LastLineFeed,
            (At::TrailerName, b':') => At::TrailerValue,
            (At::TrailerStart | At::TrailerName, _) if is_token(byte) => {
                self.count_trailer()?;
                At::TrailerName
            }
            (At::TrailerValue, b'\r') => At::TrailerLineFeed,
            (At::TrailerValue, b'\t' | b' '..=b'~' | 0x80..) => {
                self.count_trailer()?;
                At::TrailerValue
            }
            (At::TrailerLineFeed, b'\n') => At::TrailerStart,
            (At::LastLineFeed, b'\n') => return Ok(true),
            _ => return Err(BrokenBody),
        };
        Ok(false)
    }

    fn count_trailer(&mut self) -> Result<(), BrokenBody> {
        self.trailer_bytes += 1;
        if self.trailer_bytes > TRAILER_BYTES_MAX { Err(BrokenBody) } else { Ok(()) }
    }
}
