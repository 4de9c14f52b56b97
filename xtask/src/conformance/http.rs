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
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// Out of its chunks.
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
    let mut headers = extra.headers.to_vec();
    if extra.body.is_some() {
        headers.push(("content-type", "application/json"));
    }
    send_bytes(method, url, &headers, extra.body.as_deref().unwrap_or_default().as_bytes())
}

/// The same with nothing added but what the connection needs.
pub fn send_bytes(method: &str, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Answer> {
    let rest = url.strip_prefix("http://").with_context(|| format!("`{url}` is not http"))?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut stream = TcpStream::connect(host).with_context(|| format!("nobody listens at {host}"))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut head = vec![format!("{method} /{path} HTTP/1.1"), format!("host: {host}"), "connection: close".to_owned()];
    head.extend(headers.iter().map(|(name, value)| format!("{name}: {value}")));
    if method != "GET" {
        head.push(format!("content-length: {}", body.len()));
    }
    write!(stream, "{}\r\n\r\n", head.join("\r\n"))?;
    stream.write_all(body)?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).with_context(|| format!("{method} {url}"))?;
    Answer::read(&bytes).with_context(|| format!("{method} {url}"))
}

impl Answer {
    fn read(bytes: &[u8]) -> Result<Self> {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").context("no HTTP answer")?;
        let (first, headers) = head(std::str::from_utf8(&bytes[..end])?);
        let status = first.split(' ').nth(1).and_then(|code| code.parse().ok()).context("no status")?;
        let body = &bytes[end + 4..];
        let body = if is_chunked(&headers) { chunks(body)? } else { body.to_vec() };
        Ok(Self { status, headers, body })
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
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

/// The first line of a message, and its headers with names in lower case.
pub fn head(text: &str) -> (&str, Vec<(String, String)>) {
    let mut lines = text.split("\r\n");
    let first = lines.next().unwrap_or_default();
    let headers = lines.filter_map(|line| line.split_once(':'));
    (first, headers.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect())
}

/// The first header of a name in lower case.
pub fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// Whether a message's body comes in chunks.
pub fn is_chunked(headers: &[(String, String)]) -> bool {
    header(headers, "transfer-encoding").is_some_and(|coding| coding.ends_with("chunked"))
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
