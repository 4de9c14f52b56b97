//! Compression of answers: zstd, brotli or gzip, whatever the client takes, only where it pays, never at the price of delay.
//!
//! What the encoder holds back is pushed out as soon as the origin pauses: a slow stream arrives as it is made. Server-
//! sent events are not compressed at all: some proxies on the way collect compressed streams whatever is flushed.

mod filter;
mod negotiate;

use std::io::Write as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use brotli::CompressorWriter;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http_body::{Body, Frame};

use crate::body::{BodyError, ReplyBody};

pub(crate) use filter::Compress;
pub(crate) use negotiate::{Accepted, Coding};

/// The largest window: 256 KiB, so that an encoder costs a megabyte and not ten, and far below the 8 MiB that a client has
/// to have for zstd (RFC 9659).
const WINDOW_BITS_MAX: u32 = 18;
/// The smallest: 16 KiB. What is compressed at all is not much shorter.
const WINDOW_BITS_MIN: u32 = 14;
const BROTLI_BUFFER_BYTES: usize = 4096;

/// An encoder that writes into memory.
enum Encoder {
    Gzip(GzEncoder<Vec<u8>>),
    Brotli(Box<CompressorWriter<Vec<u8>>>),
    Zstd(zstd::Encoder<'static, Vec<u8>>),
}

impl Encoder {
    /// `bytes`: how many there will be, if that is known. An encoder for a short body needs, and clears, less memory.
    fn new(coding: Coding, level: u32, bytes: Option<u64>) -> Self {
        let window_bits = window_bits(bytes);
        match coding {
            Coding::Gzip => Self::Gzip(GzEncoder::new(Vec::new(), Compression::new(level))),
            Coding::Brotli => {
                Self::Brotli(Box::new(CompressorWriter::new(Vec::new(), BROTLI_BUFFER_BYTES, level, window_bits)))
            }
            Coding::Zstd => {
                let level = i32::try_from(level).unwrap_or(zstd::DEFAULT_COMPRESSION_LEVEL);
                let mut encoder = zstd::Encoder::new(Vec::new(), level).expect("there is memory for an encoder");
                encoder.window_log(window_bits).expect("a window between the bounds");
                Self::Zstd(encoder)
            }
        }
    }

    fn write(&mut self, bytes: &[u8]) {
        match self {
            Self::Gzip(encoder) => encoder.write_all(bytes),
            Self::Brotli(encoder) => encoder.write_all(bytes),
            Self::Zstd(encoder) => encoder.write_all(bytes),
        }
        .expect("writing into memory cannot fail");
    }

    fn flush(&mut self) {
        match self {
            Self::Gzip(encoder) => encoder.flush(),
            Self::Brotli(encoder) => encoder.flush(),
            Self::Zstd(encoder) => encoder.flush(),
        }
        .expect("writing into memory cannot fail");
    }

    /// What has come out since the last call.
    fn take(&mut self) -> Vec<u8> {
        match self {
            Self::Gzip(encoder) => std::mem::take(encoder.get_mut()),
            Self::Brotli(encoder) => std::mem::take(encoder.get_mut()),
            Self::Zstd(encoder) => std::mem::take(encoder.get_mut()),
        }
    }

    fn finish(self) -> Vec<u8> {
        match self {
            Self::Gzip(encoder) => encoder.finish().expect("writing into memory cannot fail"),
            Self::Brotli(encoder) => encoder.into_inner(),
            Self::Zstd(encoder) => encoder.finish().expect("writing into memory cannot fail"),
        }
    }
}

/// The smallest window, as a power of two, that holds all of it.
fn window_bits(bytes: Option<u64>) -> u32 {
    let needed = bytes.map_or(WINDOW_BITS_MAX, |bytes| u64::BITS - bytes.leading_zeros());
    needed.clamp(WINDOW_BITS_MIN, WINDOW_BITS_MAX)
}

/// Bytes compressed at once.
pub(crate) fn compress(coding: Coding, level: u32, bytes: &[u8]) -> Bytes {
    let mut encoder = Encoder::new(coding, level, Some(bytes.len() as u64));
    encoder.write(bytes);
    encoder.finish().into()
}

/// A body compressed as it passes.
pub struct Compressed {
    inner: ReplyBody,
    /// `None` once the end was written.
    encoder: Option<Encoder>,
    /// Whether the encoder may hold something back.
    is_behind: bool,
}

impl Compressed {
    pub(crate) fn new(inner: ReplyBody, coding: Coding, level: u32) -> Self {
        let bytes = inner.size_hint().exact();
        Self { inner, encoder: Some(Encoder::new(coding, level, bytes)), is_behind: false }
    }

    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        loop {
            let Some(encoder) = &mut self.encoder else { return Poll::Ready(None) };
            match Pin::new(&mut self.inner).poll_frame(context) {
                Poll::Pending if self.is_behind => {
                    self.is_behind = false;
                    encoder.flush();
                    let out = encoder.take();
                    if !out.is_empty() {
                        return Poll::Ready(Some(Ok(Frame::data(out.into()))));
                    }
                    return Poll::Pending;
                }
                polled => match ready!(polled) {
                    Some(Ok(frame)) => {
                        if let Ok(data) = frame.into_data() {
                            encoder.write(&data);
                            self.is_behind = true;
                            let out = encoder.take();
                            if !out.is_empty() {
                                return Poll::Ready(Some(Ok(Frame::data(out.into()))));
                            }
                        }
                    }
                    Some(Err(error)) => {
                        self.encoder = None;
                        return Poll::Ready(Some(Err(error)));
                    }
                    None => {
                        let out = self.encoder.take().map(Encoder::finish).unwrap_or_default();
                        return Poll::Ready((!out.is_empty()).then(|| Ok(Frame::data(out.into()))));
                    }
                },
            }
        }
    }
}

impl std::fmt::Debug for Compressed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Compressed").field("inner", &self.inner).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    const LEVELS: [(Coding, u32); 3] = [(Coding::Gzip, 5), (Coding::Brotli, 4), (Coding::Zstd, 3)];

    fn decompress(coding: Coding, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        match coding {
            Coding::Gzip => flate2::read::GzDecoder::new(bytes).read_to_end(&mut out),
            Coding::Brotli => brotli::Decompressor::new(bytes, 4096).read_to_end(&mut out),
            Coding::Zstd => zstd::Decoder::new(bytes).expect("a decoder").read_to_end(&mut out),
        }
        .expect("what was compressed can be read");
        out
    }

    #[test]
    fn what_is_compressed_at_once_can_be_read_again() {
        let text = "the same words again and again, ".repeat(100);
        for (coding, level) in LEVELS {
            let small = compress(coding, level, text.as_bytes());
            assert!(small.len() < text.len() / 5, "{coding:?}: {} bytes", small.len());
            assert_eq!(decompress(coding, &small), text.as_bytes());
        }
    }

    #[test]
    fn a_length_that_was_wrong_does_no_harm() {
        let text = "more than was announced, ".repeat(3000);
        for (coding, level) in LEVELS {
            let mut encoder = Encoder::new(coding, level, Some(10));
            encoder.write(text.as_bytes());
            assert_eq!(decompress(coding, &encoder.finish()), text.as_bytes(), "{coding:?}");
        }
    }

    #[test]
    fn a_window_holds_the_body_within_bounds() {
        let bits = [None, Some(0), Some(1 << 14), Some(45_000), Some(1 << 30)].map(window_bits);
        assert_eq!(bits, [18, 14, 15, 16, 18]);
    }

    #[test]
    fn a_flush_lets_everything_out_so_far() {
        for (coding, level) in LEVELS {
            let mut encoder = Encoder::new(coding, level, None);
            encoder.write(b"first");
            encoder.flush();
            let first = encoder.take();
            let mut reader: Box<dyn std::io::Read> = match coding {
                Coding::Gzip => Box::new(flate2::read::GzDecoder::new(&first[..])),
                Coding::Brotli => Box::new(brotli::Decompressor::new(&first[..], 4096)),
                Coding::Zstd => Box::new(zstd::Decoder::new(&first[..]).expect("a decoder")),
            };
            let mut read = [0; 5];
            reader.read_exact(&mut read).expect("all of it is there");
            assert_eq!(&read, b"first", "{coding:?}");
            drop(reader);
            encoder.write(b" second");
            let rest = encoder.finish();
            assert_eq!(decompress(coding, &[first, rest].concat()), b"first second");
        }
    }
}
