//! What stands between a client and a Eureka server while they are recorded: it passes everything on, one exchange after
//! the other, and remembers it. The order in which it wrote exchanges down is the order in which the server saw them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::{Context, Result};

use crate::conformance::http::{self, Answer};

/// What was asked and what was answered, as it was but for chunks and connection headers.
#[derive(Debug, Clone)]
pub struct Exchange {
    pub method: String,
    /// With its query.
    pub path: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub status: u16,
    pub answer_headers: Vec<(String, String)>,
    pub answer_body: Vec<u8>,
}

/// A listener in front of a server; it listens until this process ends.
#[derive(Debug)]
pub struct Pass {
    pub port: u16,
    told: Arc<Mutex<Vec<Exchange>>>,
}

impl Pass {
    /// In front of the server at a port of this machine, which need not be there yet.
    pub fn start(server: u16) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        let told = Arc::new(Mutex::new(Vec::new()));
        let remembered = Arc::clone(&told);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let told = Arc::clone(&remembered);
                // A connection that breaks is the client's affair; it asks again.
                thread::spawn(move || pass_on(&stream, server, &told));
            }
        });
        Ok(Self { port, told })
    }

    /// The service URL that a client is told.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/eureka", self.port)
    }

    /// What was exchanged so far.
    pub fn told(&self) -> Vec<Exchange> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// One exchange; the connection is closed after it, so that the next one begins anew.
fn pass_on(stream: &TcpStream, server: u16, told: &Mutex<Vec<Exchange>>) -> Result<()> {
    let (line, headers, body) = read(stream)?;
    let mut words = line.split(' ');
    let (method, path) = words.next().zip(words.next()).context("no request")?;
    let passed: Vec<_> = headers.iter().filter(|(name, _)| !is_of_the_connection(name)).cloned().collect();
    let sent: Vec<_> = passed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = {
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = http::send_bytes(method, &format!("http://127.0.0.1:{server}{path}"), &sent, &body)?;
        told.push(Exchange {
            method: method.to_owned(),
            path: path.to_owned(),
            headers: passed.clone(),
            body,
            status: answer.status,
            answer_headers: answer.headers.clone(),
            answer_body: answer.body.clone(),
        });
        answer
    };
    write(stream, method, &answer)
}

/// Headers that speak of one connection, and not of what it carries.
fn is_of_the_connection(name: &str) -> bool {
    ["host", "connection", "content-length", "transfer-encoding", "keep-alive", "expect"].contains(&name)
}

type Message = (String, Vec<(String, String)>, Vec<u8>);

fn read(stream: &TcpStream) -> Result<Message> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head)? == 0 {
            anyhow::bail!("the connection ended");
        }
    }
    let (line, headers) = http::head(head.trim_end());
    let mut body = Vec::new();
    if http::is_chunked(&headers) {
        loop {
            let mut size = String::new();
            reader.read_line(&mut size)?;
            let size = usize::from_str_radix(size.trim(), 16)?;
            let mut chunk = vec![0; size + 2];
            reader.read_exact(&mut chunk)?;
            body.extend_from_slice(&chunk[..size]);
            if size == 0 {
                break;
            }
        }
    } else if let Some(length) = http::header(&headers, "content-length") {
        body = vec![0; length.parse()?];
        reader.read_exact(&mut body)?;
    }
    Ok((line.to_owned(), headers, body))
}

fn write(mut stream: &TcpStream, method: &str, answer: &Answer) -> Result<()> {
    let mut head = vec![format!("HTTP/1.1 {} Answered", answer.status), "connection: close".to_owned()];
    let passed = answer.headers.iter().filter(|(name, _)| !is_of_the_connection(name));
    head.extend(passed.map(|(name, value)| format!("{name}: {value}")));
    // 204 has no body, and says so by having no length.
    if answer.status != 204 {
        let length = if method == "HEAD" { answer.header("content-length") } else { None };
        let length = length.map_or_else(|| answer.body.len().to_string(), str::to_owned);
        head.push(format!("content-length: {length}"));
    }
    write!(stream, "{}\r\n\r\n", head.join("\r\n"))?;
    stream.write_all(&answer.body)?;
    Ok(())
}
