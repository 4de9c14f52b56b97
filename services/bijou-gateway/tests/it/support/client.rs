//! Clients: one that speaks HTTP, and one that only sends bytes.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A request to be made.
pub struct Call {
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Bytes,
    is_http2: bool,
}

impl Call {
    pub fn new(method: Method, path: &str) -> Self {
        Self { method, path: path.to_owned(), headers: Vec::new(), body: Bytes::new(), is_http2: false }
    }

    pub fn get(path: &str) -> Self {
        Self::new(Method::GET, path)
    }

    pub fn post(path: &str, body: impl Into<Bytes>) -> Self {
        Self { body: body.into(), ..Self::new(Method::POST, path) }
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn with_body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub fn http2(mut self) -> Self {
        self.is_http2 = true;
        self
    }
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// That this is a problem of this status, code and owner.
    #[track_caller]
    pub fn check_problem(&self, status: u16, code: &str, category: &str) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text());
        let problem = self.json();
        let found = (self.status.as_u16(), problem["code"].as_str().unwrap(), problem["category"].as_str().unwrap());
        assert_eq!(found, (status, code, category), "{problem}");
        assert_eq!(problem["request_id"].as_str(), Some(self.header("x-request-id")), "{problem}");
        assert!(self.header("proxy-status").contains(code), "{}", self.header("proxy-status"));
    }
}

/// Makes a request on a connection of its own.
pub async fn call(addr: SocketAddr, call: Call) -> Answer {
    try_call(addr, call).await.unwrap()
}

pub async fn try_call(addr: SocketAddr, call: Call) -> Result<Answer, hyper::Error> {
    let stream = TcpStream::connect(addr).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let io = TokioIo::new(stream);
    let mut request = Request::builder().method(call.method);
    request = if call.is_http2 {
        request.uri(format!("http://{addr}{}", call.path))
    } else {
        request.uri(call.path).header("host", addr.to_string())
    };
    for (name, value) in &call.headers {
        request = request.header(name, value);
    }
    let request = request.body(Full::new(call.body)).unwrap();
    let response = if call.is_http2 {
        let (mut sender, connection) = http2::handshake(TokioExecutor::new(), io).await?;
        tokio::spawn(connection);
        sender.send_request(request).await?
    } else {
        let (mut sender, connection) = http1::handshake(io).await?;
        tokio::spawn(connection);
        sender.send_request(request).await?
    };
    let (parts, body) = response.into_parts();
    Ok(Answer { status: parts.status, headers: parts.headers, body: body.collect().await?.to_bytes() })
}

/// Sends bytes and reads what comes until the connection ends, or for ten seconds after the last byte.
pub async fn raw(addr: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(addr).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    read_all(&mut stream).await
}

pub async fn read_all(stream: &mut TcpStream) -> String {
    let mut read = Vec::new();
    let mut piece = [0; 4096];
    while let Ok(Ok(len @ 1..)) = tokio::time::timeout(Duration::from_secs(10), stream.read(&mut piece)).await {
        read.extend_from_slice(&piece[..len]);
    }
    String::from_utf8_lossy(&read).into_owned()
}

/// Status and `code` of the last answer in a raw conversation.
pub fn raw_answer(text: &str) -> (u16, String) {
    let status_of = |at: usize| text.get(at + 9..at + 12).and_then(|digits| digits.parse::<u16>().ok());
    let heads = text.match_indices("HTTP/1.1 ").filter_map(|(at, _)| status_of(at).map(|status| (at, status)));
    let (last, status) = heads.last().map_or(("", 0), |(at, status)| (&text[at..], status));
    let body = last.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    let code = serde_json::from_str::<serde_json::Value>(body)
        .ok()
        .and_then(|problem| problem["code"].as_str().map(str::to_owned));
    (status, code.unwrap_or_default())
}
