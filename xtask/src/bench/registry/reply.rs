//! Where an HTTP/1.1 answer ends, from pieces of any size.

use anyhow::{Context, Result, bail};

const LINE_BYTES_MAX: usize = 16 << 10;

/// An answer on its way.
#[derive(Debug, Default)]
pub struct Reply {
    state: State,
    /// The line that is not over yet.
    line: Vec<u8>,
    status: u16,
    length: u64,
    is_chunked: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    StatusLine,
    Header,
    /// So many bytes are to come; then the end, or the line after a chunk.
    Body(u64),
    ChunkSize,
    ChunkEnd,
    LastLine,
    Complete,
}

impl Reply {
    pub fn is_complete(&self) -> bool {
        self.state == State::Complete
    }

    pub fn status(&self) -> u16 {
        self.status
    }

    pub fn feed(&mut self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            match self.state {
                State::Complete => bail!("{} bytes after the end of an answer", bytes.len()),
                State::Body(left) => {
                    let taken = left.min(bytes.len() as u64);
                    bytes = &bytes[taken as usize..];
                    self.state = match left - taken {
                        0 if self.is_chunked => State::ChunkEnd,
                        0 => State::Complete,
                        left => State::Body(left),
                    };
                }
                _ => {
                    let end = bytes.iter().position(|byte| *byte == b'\n');
                    self.line.extend_from_slice(&bytes[..end.unwrap_or(bytes.len())]);
                    if self.line.len() > LINE_BYTES_MAX {
                        bail!("a line of more than {LINE_BYTES_MAX} bytes");
                    }
                    let Some(end) = end else { return Ok(()) };
                    bytes = &bytes[end + 1..];
                    let line = std::mem::take(&mut self.line);
                    self.take_line(std::str::from_utf8(&line)?.trim_end())?;
                }
            }
        }
        Ok(())
    }

    fn take_line(&mut self, line: &str) -> Result<()> {
        self.state = match self.state {
            State::StatusLine => {
                self.status = line.split(' ').nth(1).and_then(|code| code.parse().ok()).context("no status")?;
                State::Header
            }
            State::Header if line.is_empty() && self.is_chunked => State::ChunkSize,
            State::Header if line.is_empty() && self.length > 0 => State::Body(self.length),
            State::Header | State::LastLine if line.is_empty() => State::Complete,
            State::Header => {
                let (name, value) = line.split_once(':').context("a header without a colon")?;
                if name.eq_ignore_ascii_case("content-length") {
                    self.length = value.trim().parse()?;
                }
                self.is_chunked |= name.eq_ignore_ascii_case("transfer-encoding") && value.trim() == "chunked";
                State::Header
            }
            State::ChunkSize => match u64::from_str_radix(line.split(';').next().unwrap_or_default().trim(), 16)? {
                0 => State::LastLine,
                size => State::Body(size),
            },
            State::ChunkEnd => State::ChunkSize,
            State::LastLine => State::LastLine,
            State::Body(_) | State::Complete => bail!("no line is expected here"),
        };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(answer: &str, status: u16) {
        // In one piece, and byte by byte.
        for size in [answer.len(), 1] {
            let mut reply = Reply::default();
            for piece in answer.as_bytes().chunks(size) {
                assert!(!reply.is_complete(), "complete too early: {answer}");
                reply.feed(piece).unwrap();
            }
            assert!(reply.is_complete(), "{answer}");
            assert_eq!(reply.status(), status);
        }
    }

    #[test]
    fn an_answer_ends_where_it_says() {
        check("HTTP/1.1 204 No Content\r\n\r\n", 204);
        check("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200);
        check("HTTP/1.1 200 OK\r\ncontent-length: 5\r\nx: y\r\n\r\nhello", 200);
        check("HTTP/1.1 404\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA;x\r\n0123456789\r\n0\r\n\r\n", 404);
    }
}
