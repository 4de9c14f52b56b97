//! Compression of answers: gzip or brotli, whatever the client takes, only where it pays, never at the price of delay.
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
pub(crate) use negotiate::{Coding, negotiate};

/// Window of brotli: 256 KiB, so that an encoder costs a megabyte and not ten.
const BROTLI_WINDOW_BITS: u32 = 18;
const BROTLI_BUFFER_BYTES: usize = 4096;

/// An encoder that writes into memory.
enum Encoder {
    Gzip(GzEncoder<Vec<u8>>),
    Brotli(Box<CompressorWriter<Vec<u8>>>),
}

impl Encoder {
    fn new(coding: Coding, level: u32) -> Self {
        match coding {
            Coding::Gzip => Self::Gzip(GzEncoder::new(Vec::new(), Compression::new(level))),
            Coding::Brotli => Self::Brotli(Box::new(CompressorWriter::new(
                Vec::new(),
                BROTLI_BUFFER_BYTES,
                level,
                BROTLI_WINDOW_BITS,
            ))),
        }
    }

    fn write(&mut self, bytes: &[u8]) {
        match self {
            Self::Gzip(encoder) => encoder.write_all(bytes),
            Self::Brotli(encoder) => encoder.write_all(bytes),
        }
        .expect("writing into memory cannot fail");
    }

    fn flush(&mut self) {
        match self {
            Self::Gzip(encoder) => encoder.flush(),
            Self::Brotli(encoder) => encoder.flush(),
        }
        .expect("writing into memory cannot fail");
    }

    /// What has come out since the last call.
    fn take(&mut self) -> Vec<u8> {
        match self {
            Self::Gzip(encoder) => std::mem::take(encoder.get_mut()),
            Self::Brotli(encoder) => std::mem::take(encoder.get_mut()),
        }
    }

    fn finish(self) -> Vec<u8> {
        match self {
            Self::Gzip(encoder) => encoder.finish().expect("writing into memory cannot fail"),
            Self::Brotli(encoder) => encoder.into_inner(),
        }
    }
}

/// Bytes compressed at once.
pub(crate) fn compress(coding: Coding, level: u32, bytes: &[u8]) -> Bytes {
    let mut encoder = Encoder::new(coding, level);
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
        Self { inner, encoder: Some(Encoder::new(coding, level)), is_behind: false }
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

    fn decompress(coding: Coding, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        match coding {
            Coding::Gzip => flate2::read::GzDecoder::new(bytes).read_to_end(&mut out),
            Coding::Brotli => brotli::Decompressor::new(bytes, 4096).read_to_end(&mut out),
        }
        .expect("what was compressed can be read");
        out
    }

    #[test]
    fn what_is_compressed_at_once_can_be_read_again() {
        let text = "the same words again and again, ".repeat(100);
        for (coding, level) in [(Coding::Gzip, 5), (Coding::Brotli, 4)] {
            let small = compress(coding, level, text.as_bytes());
            assert!(small.len() < text.len() / 5, "{coding:?}: {} bytes", small.len());
            assert_eq!(decompress(coding, &small), text.as_bytes());
        }
    }

    #[test]
    fn a_flush_lets_everything_out_so_far() {
        for (coding, level) in [(Coding::Gzip, 5), (Coding::Brotli, 4)] {
            let mut encoder = Encoder::new(coding, level);
            encoder.write(b"first");
            encoder.flush();
            let first = encoder.take();
            let mut reader: Box<dyn std::io::Read> = match coding {
                Coding::Gzip => Box::new(flate2::read::GzDecoder::new(&first[..])),
                Coding::Brotli => Box::new(brotli::Decompressor::new(&first[..], 4096)),
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
