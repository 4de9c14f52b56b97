//! One request over a connection of its own, and its answer: what a probe from outside needs, and nothing more.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

/// What goes with a request beside its line.
#[derive(Debug, Default)]
pub struct Extra<'a> {
    pub headers: &'a [(&'a str, &'a str)],
    /// With the media type `application/json`.
    pub body: Option<String>,
}

/// A GET without anything.
pub fn get(url: &str) -> Result<Answer> {
    send("GET", url, &Extra::default())
}

/// A GET with headers.
pub fn get_with(url: &str, headers: &[(&str, &str)]) -> Result<Answer> {
    send("GET", url, &Extra { headers, body: None })
}

/// A request to `http://host:port/path?query`.
pub fn send(method: &str, url: &str, extra: &Extra) -> Result<Answer> {
    let rest = url.strip_prefix("http://").with_context(|| format!("`{url}` is not http"))?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut stream = TcpStream::connect(host).with_context(|| format!("nobody listens at {host}"))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut head = vec![format!("{method} /{path} HTTP/1.1"), format!("host: {host}"), "connection: close".to_owned()];
    head.extend(extra.headers.iter().map(|(name, value)| format!("{name}: {value}")));
    if extra.body.is_some() {
        head.push("content-type: application/json".to_owned());
    }
    let body = extra.body.as_deref().unwrap_or_default();
    if method != "GET" {
        head.push(format!("content-length: {}", body.len()));
    }
    write!(stream, "{}\r\n\r\n{body}", head.join("\r\n"))?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).with_context(|| format!("{method} {url}"))?;
    Answer::read(&bytes).with_context(|| format!("{method} {url}"))
}

impl Answer {
    fn read(bytes: &[u8]) -> Result<Self> {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").context("no HTTP answer")?;
        let head = std::str::from_utf8(&bytes[..end])?.to_ascii_lowercase();
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).context("no status")?;
        let body = &bytes[end + 4..];
        let is_chunked = head.lines().any(|line| line.starts_with("transfer-encoding:") && line.ends_with("chunked"));
        Ok(Self { status, body: if is_chunked { chunks(body)? } else { body.to_vec() } })
    }

    pub fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body).with_context(|| format!("{} with no JSON: {}", self.status, self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The same answer if it has this status.
    pub fn expect(self, status: u16) -> Result<Self> {
        if self.status != status {
            bail!("answered {} and not {status}: {}", self.status, self.text());
        }
        Ok(self)
    }
}

fn chunks(mut rest: &[u8]) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n").context("a chunk without a length")?;
        let length = std::str::from_utf8(&rest[..end])?.split(';').next().unwrap_or_default().trim();
        let length = usize::from_str_radix(length, 16)?;
        rest = &rest[end + 2..];
        if length == 0 {
            return Ok(body);
        }
        body.extend_from_slice(rest.get(..length).context("a chunk that was cut")?);
        rest = &rest[(length + 2).min(rest.len())..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_read_whole_and_in_chunks() {
        let whole = Answer::read(b"HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\nno").unwrap();
        assert_eq!((whole.status, whole.text().as_str()), (404, "no"));
        let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x\r\none\r\n1\r\n!\r\n0\r\n\r\n";
        assert_eq!(Answer::read(chunked).unwrap().text(), "one!");
        assert!(Answer::read(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\none").is_err());
    }
}
