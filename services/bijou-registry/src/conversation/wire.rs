//! Answers as bytes, to the letter as hyper writes them: the conformance of both is a test (`server/differential_tests.rs`).

use std::{
    cell::RefCell,
    io::{self, IoSlice},
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode};
use tokio::{io::Interest, net::TcpStream};

use crate::{
    answer::{Answer, Body},
    documents::{Kept, send_before_more},
};

/// Bodies up to this are put after their head, so that answers to several requests leave together.
const INLINE_BYTES_MAX: usize = 2048;
/// Answers that wait for others to leave with.
const WAITING_BYTES_MAX: usize = 16 * 1024;
/// Kept between two answers.
const KEPT_BYTES_MAX: usize = 4096;

/// Answers on their way out.
#[derive(Debug, Default)]
pub struct Outgoing {
    bytes: Vec<u8>,
    /// Comes after `bytes`.
    body: Bytes,
    /// Comes after both.
    kept: Option<Arc<Kept>>,
}

impl Outgoing {
    /// Adds an answer. `false` when it has to be sent before there is room for another.
    pub fn put(&mut self, answer: Answer, method: &Method, now: Instant) -> bool {
        let Answer { status, lines, tag, others, body } = answer;
        let (body, kept) = match body {
            Body::Whole(bytes) => (bytes, None),
            Body::Kept(kept) => (Bytes::new(), Some(kept)),
            Body::Watch(_) => unreachable!("a watch is not asked for in a conversation"),
        };
        let length = kept.as_ref().map_or(body.len() as u64, |kept| kept.len());
        let out = &mut self.bytes;
        if status == StatusCode::OK {
            out.extend_from_slice(b"HTTP/1.1 200 OK\r\n");
        } else {
            out.extend_from_slice(b"HTTP/1.1 ");
            out.extend_from_slice(status.as_str().as_bytes());
            out.push(b' ');
            out.extend_from_slice(status.canonical_reason().unwrap_or("<none>").as_bytes());
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(lines.as_bytes());
        if let Some(tag) = tag {
            put_line(out, "etag", &tag);
        }
        for (name, value) in &others {
            put_line(out, name.as_str(), value);
        }
        let has_length = !matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
        let is_head = *method == Method::HEAD;
        // Of HEAD it is not known that a body would have been empty.
        if has_length && !(is_head && length == 0) {
            put_length(out, length);
        }
        out.extend_from_slice(b"date: ");
        DATE.with_borrow_mut(|date| out.extend_from_slice(date.at(now)));
        out.extend_from_slice(b"\r\n\r\n");
        if !has_length || is_head {
            return out.len() < WAITING_BYTES_MAX;
        }
        self.kept = kept;
        if self.kept.is_none() && body.len() <= INLINE_BYTES_MAX {
            out.extend_from_slice(&body);
            return out.len() < WAITING_BYTES_MAX;
        }
        self.body = body;
        false
    }

    /// Sends what was put.
    pub async fn send(&mut self, stream: &TcpStream) -> io::Result<()> {
        let (mut head, mut body) = (self.bytes.as_slice(), self.body.as_ref());
        while !(head.is_empty() && body.is_empty()) {
            let tried = if self.kept.is_some() {
                // One packet with the file's beginning: two cost the kernel as much as a short answer.
                stream.try_io(Interest::WRITABLE, || send_before_more(stream, head))
            } else if body.is_empty() {
                stream.try_write(head)
            } else {
                stream.try_write_vectored(&[IoSlice::new(head), IoSlice::new(body)])
            };
            match tried {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(sent) => {
                    let of_head = sent.min(head.len());
                    (head, body) = (&head[of_head..], &body[sent - of_head..]);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => stream.writable().await?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        if let Some(kept) = self.kept.take() {
            send_file(stream, &kept).await?;
        }
        self.body = Bytes::new();
        if self.bytes.capacity() > KEPT_BYTES_MAX {
            self.bytes = Vec::new();
        }
        self.bytes.clear();
        Ok(())
    }
}

fn put_length(out: &mut Vec<u8>, length: u64) {
    if length == 0 {
        // Of most answers.
        out.extend_from_slice(b"content-length: 0\r\n");
        return;
    }
    out.extend_from_slice(b"content-length: ");
    out.extend_from_slice(itoa::Buffer::new().format(length).as_bytes());
    out.extend_from_slice(b"\r\n");
}

fn put_line(out: &mut Vec<u8>, name: &str, value: &HeaderValue) {
    for piece in [name.as_bytes(), b": ", value.as_bytes(), b"\r\n"] {
        out.extend_from_slice(piece);
    }
}

async fn send_file(stream: &TcpStream, kept: &Kept) -> io::Result<()> {
    let mut offset = 0;
    while offset < kept.len() {
        match stream.try_io(Interest::WRITABLE, || kept.send(stream, &mut offset)) {
            // A file ends where it did.
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => stream.writable().await?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

thread_local! {
    static DATE: RefCell<Date> = const { RefCell::new(Date { text: Vec::new(), until: None }) };
}

/// The date as it is written in answers, looked up once a second.
struct Date {
    text: Vec<u8>,
    until: Option<Instant>,
}

impl Date {
    fn at(&mut self, now: Instant) -> &[u8] {
        if self.until.is_none_or(|until| now >= until) {
            let today = SystemTime::now();
            self.text = httpdate::fmt_http_date(today).into_bytes();
            let in_second = today.duration_since(UNIX_EPOCH).unwrap_or_default().subsec_nanos();
            self.until = Some(now + Duration::from_nanos(1_000_000_000 - u64::from(in_second)));
        }
        &self.text
    }
}
