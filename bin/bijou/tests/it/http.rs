//! An HTTP/1.1 client that hides nothing: one connection per request, no retries, no redirects.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Answer {
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The answer, if its status is this one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }
}

/// A request to be sent.
#[derive(Clone, Debug)]
pub struct Request {
    method: &'static str,
    base: String,
    path: String,
    headers: Vec<(String, String)>,
    /// With its media type.
    body: Option<(&'static str, String)>,
}

const JSON: &str = "application/json";

pub fn get(base: &str, path: &str) -> Request {
    Request { method: "GET", base: base.into(), path: path.into(), headers: Vec::new(), body: None }
}

pub fn post(base: &str, path: &str, body: &Value) -> Request {
    Request { method: "POST", ..get(base, path) }.json(body)
}

pub fn patch(base: &str, path: &str, body: &Value) -> Request {
    Request { method: "PATCH", ..get(base, path) }.json(body)
}

pub fn delete(base: &str, path: &str) -> Request {
    Request { method: "DELETE", ..get(base, path) }
}

/// A form as OAuth's endpoints take it.
pub fn post_form(base: &str, path: &str, fields: &[(&str, &str)]) -> Request {
    let body = serde_urlencoded::to_string(fields).unwrap();
    Request { method: "POST", body: Some(("application/x-www-form-urlencoded", body)), ..get(base, path) }
}

pub fn put(base: &str, path: &str) -> Request {
    Request { method: "PUT", ..get(base, path) }
}

impl Request {
    pub fn json(mut self, body: &Value) -> Self {
        self.body = Some((JSON, body.to_string()));
        self
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// The answer; panics when there is none.
    #[track_caller]
    pub fn send(&self) -> Answer {
        self.try_send().unwrap_or_else(|error| panic!("{} {}{}: {error}", self.method, self.base, self.path))
    }

    pub fn try_send(&self) -> std::io::Result<Answer> {
        let host = self.base.trim_start_matches("http://");
        let stream = TcpStream::connect(host)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        let mut head = format!("{} {} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            head.extend([name.as_str(), ": ", value.as_str(), "\r\n"]);
        }
        if let Some((media_type, body)) = &self.body {
            let length = body.len().to_string();
            head.extend(["content-type: ", media_type, "\r\ncontent-length: ", &length, "\r\n"]);
        }
        head.push_str("\r\n");
        head.push_str(self.body.as_ref().map_or("", |(_, body)| body));
        (&stream).write_all(head.as_bytes())?;
        read_answer(BufReader::new(stream))
    }
}

fn read_answer(mut reader: impl BufRead) -> std::io::Result<Answer> {
    let broken = |what: &str| std::io::Error::other(what.to_owned());
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(|| broken("no status line"))?;
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Err(broken("the head broke off"));
        }
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let mut body = Vec::new();
    if headers.get("transfer-encoding").is_some_and(|coding| coding == "chunked") {
        read_chunks(&mut reader, &mut body)?;
    } else if let Some(length) = headers.get("content-length").and_then(|text| text.parse().ok()) {
        reader.take(length).read_to_end(&mut body)?;
        if body.len() as u64 != length {
            return Err(broken("the body broke off"));
        }
    } else {
        reader.read_to_end(&mut body)?;
    }
    Ok(Answer { status, headers, body })
}

fn read_chunks(reader: &mut impl BufRead, body: &mut Vec<u8>) -> std::io::Result<()> {
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let length = u64::from_str_radix(line.trim(), 16).map_err(std::io::Error::other)?;
        let before = body.len() as u64;
        reader.by_ref().take(length).read_to_end(body)?;
        if body.len() as u64 != before + length {
            return Err(std::io::Error::other("a chunk broke off"));
        }
        reader.read_line(&mut line)?;
        if length == 0 {
            return Ok(());
        }
    }
}
