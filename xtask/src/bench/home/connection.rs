//! A kept HTTP/1.1 connection with as little of its own as possible: what is measured should be the other side.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// Longest answer read.
const BODY_BYTES_MAX: usize = 256 << 20;

pub struct Connection {
    host: String,
    stream: BufReader<TcpStream>,
}

pub struct Answer {
    pub status: u16,
    /// As it came, compressed or not.
    pub body: Vec<u8>,
}

impl Connection {
    pub fn open(base: &str) -> Result<Self> {
        let host = base.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let stream = TcpStream::connect(&host).with_context(|| format!("nobody listens at {host}"))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        Ok(Self { host, stream: BufReader::with_capacity(64 << 10, stream) })
    }

    /// `headers` are whole lines.
    pub fn get(&mut self, path: &str, headers: &str) -> Result<Answer> {
        let request = format!("GET {path} HTTP/1.1\r\nhost: {}\r\n{headers}\r\n", self.host);
        self.exchange(request.as_bytes())
    }

    pub fn post(&mut self, path: &str, headers: &str, body: &Value) -> Result<Answer> {
        self.send("POST", path, &format!("{headers}content-type: application/json\r\n"), &body.to_string())
    }

    pub fn put(&mut self, path: &str, headers: &str, body: &Value) -> Result<Answer> {
        self.send("PUT", path, &format!("{headers}content-type: application/json\r\n"), &body.to_string())
    }

    /// A form, as OAuth's endpoints take it; `fields` are encoded already.
    pub fn post_form(&mut self, path: &str, fields: &str) -> Result<Answer> {
        self.send("POST", path, "content-type: application/x-www-form-urlencoded\r\n", fields)
    }

    fn send(&mut self, method: &str, path: &str, headers: &str, body: &str) -> Result<Answer> {
        let (host, length) = (&self.host, body.len());
        let request =
            format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\n{headers}content-length: {length}\r\n\r\n{body}");
        self.exchange(request.as_bytes())
    }

    fn exchange(&mut self, request: &[u8]) -> Result<Answer> {
        self.stream.get_mut().write_all(request)?;
        let status = self.line()?.split(' ').nth(1).and_then(|code| code.parse().ok()).context("no HTTP answer")?;
        let (mut length, mut is_chunked) = (0, false);
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').context("a header without a colon")?;
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse()?;
            }
            is_chunked |=
                name.eq_ignore_ascii_case("transfer-encoding") && value.trim().eq_ignore_ascii_case("chunked");
        }
        let mut body = Vec::new();
        if is_chunked {
            while self.chunk(&mut body)? {}
        } else {
            self.read(&mut body, length)?;
        }
        Ok(Answer { status, body })
    }

    /// `false` after the last one.
    fn chunk(&mut self, body: &mut Vec<u8>) -> Result<bool> {
        let line = self.line()?;
        let length = usize::from_str_radix(line.split(';').next().unwrap_or_default().trim(), 16)?;
        self.read(body, length)?;
        self.line()?;
        Ok(length > 0)
    }

    fn read(&mut self, body: &mut Vec<u8>, length: usize) -> Result<()> {
        let from = body.len();
        if from + length > BODY_BYTES_MAX {
            bail!("the answer is longer than {BODY_BYTES_MAX} bytes");
        }
        body.resize(from + length, 0);
        self.stream.read_exact(&mut body[from..])?;
        Ok(())
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            bail!("the connection was closed");
        }
        Ok(line.trim_end().to_owned())
    }
}

impl Answer {
    /// The body of an answer with the status that was asked for.
    pub fn expect(self, status: u16, what: &str) -> Result<Value> {
        if self.status != status {
            bail!("{what} was answered {}: {}", self.status, self.text());
        }
        serde_json::from_slice(&self.body).with_context(|| format!("{what} was answered with no JSON"))
    }

    /// Nothing but that it was done.
    pub fn expect_done(self, what: &str) -> Result<()> {
        if !(200..300).contains(&self.status) {
            bail!("{what} was answered {}: {}", self.status, self.text());
        }
        Ok(())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
