//! Where a request begins and ends in what was received, and what it asks. Pure.
//!
//! Only requests that can mean one thing are taken: a method and a path of this interface, HTTP/1.1, a body whose length
//! is said once in digits, nothing that concerns the connection but `keep-alive`. Everything else, malformed or merely
//! rare, is [`Read::Other`] and for hyper to judge, bytes unchanged. The grammar is the one hyper uses too (httparse),
//! so that both see a request end at the same byte.

use std::mem::MaybeUninit;

use http::Method;
use memchr::memchr;

use crate::path::Resource;

/// More header lines than any client of the registry sends.
pub const LINES_MAX: usize = 32;
/// A longer head is left to hyper, which has limits of its own.
const HEAD_BYTES_MAX: usize = 8 * 1024;
/// A registration with a lot of metadata. Longer bodies (batches of peers) are left to hyper.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// Lines that change what a request or its connection is, or how long its answer may take.
const OTHERS_LINES: [&str; 8] =
    ["transfer-encoding", "expect", "upgrade", "te", "trailer", "prefer", "http2-settings", "proxy-connection"];

/// What was received so far.
#[derive(Debug)]
pub enum Read<'a> {
    Whole(Request<'a>),
    /// The head has not arrived whole.
    Part,
    /// The head has, the body has not.
    PartOfBody,
    /// Not for us.
    Other,
}

#[derive(Debug)]
pub struct Request<'a> {
    pub method: Method,
    pub path: &'a str,
    pub query: Option<&'a str>,
    /// What the path names.
    pub resource: Option<Resource<'a>>,
    pub body: &'a [u8],
    /// Header lines, of `lines` given to [`read`].
    pub lines: &'a [httparse::Header<'a>],
    /// Of the whole request.
    pub length: usize,
}

/// Reads the request that `received` begins with. Bodies longer than `body_bytes_max` are not for us.
pub fn read<'a>(
    received: &'a [u8],
    body_bytes_max: usize,
    lines: &'a mut [MaybeUninit<httparse::Header<'a>>; LINES_MAX],
) -> Read<'a> {
    match received.first() {
        None => return Read::Part,
        // An empty line before a request is allowed, and rare.
        Some(byte) if !byte.is_ascii_uppercase() => return Read::Other,
        Some(_) => {}
    }
    let mut parsed = httparse::Request::new(&mut []);
    let head_bytes = match parsed.parse_with_uninit_headers(received, lines) {
        Ok(httparse::Status::Complete(bytes)) if bytes <= HEAD_BYTES_MAX => bytes,
        Ok(httparse::Status::Partial) if received.len() < HEAD_BYTES_MAX => return Read::Part,
        Ok(_) | Err(_) => return Read::Other,
    };
    let httparse::Request { method: Some(method), path: Some(target), version: Some(1), headers } = parsed else {
        return Read::Other;
    };
    let Some(method) = known(method) else { return Read::Other };
    let Some((path, query)) = plain(target) else { return Read::Other };
    let resource = Resource::of(path);
    if resource == Some(Resource::Watch) {
        return Read::Other;
    }
    let Some(body_bytes) = body_bytes(headers).filter(|bytes| *bytes <= body_bytes_max.min(BODY_BYTES_MAX)) else {
        return Read::Other;
    };
    let length = head_bytes + body_bytes;
    let Some(body) = received.get(head_bytes..length) else { return Read::PartOfBody };
    Read::Whole(Request { method, path, query, resource, body, lines: headers, length })
}

fn known(method: &str) -> Option<Method> {
    match method {
        "GET" => Some(Method::GET),
        "HEAD" => Some(Method::HEAD),
        "PUT" => Some(Method::PUT),
        "POST" => Some(Method::POST),
        "DELETE" => Some(Method::DELETE),
        _ => None,
    }
}

/// Letters, digits, and what RFC 3986 lets stand for itself in a path or a query.
const IS_PLAIN: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    let marks = b"/-._~:@!$&'()*+,;=%?";
    let mut at = 0;
    while at < marks.len() {
        table[marks[at] as usize] = true;
        at += 1;
    }
    table
};

/// A path of this host with nothing in it that anybody could read differently, and its query.
fn plain(target: &str) -> Option<(&str, Option<&str>)> {
    // Nearly all are: without an early end it takes half as long.
    let is_plain = target.bytes().fold(true, |all, byte| all & IS_PLAIN[usize::from(byte)]);
    if !is_plain || !target.starts_with('/') {
        return None;
    }
    Some(match memchr(b'?', target.as_bytes()) {
        Some(end) => (&target[..end], Some(&target[end + 1..])),
        None => (target, None),
    })
}

/// The length of the body, if it and all else are as expected.
fn body_bytes(lines: &[httparse::Header<'_>]) -> Option<usize> {
    let mut told = None;
    for line in lines {
        // All the grammar lets through besides is what RFC 9110 calls opaque.
        if !line.value.is_ascii() {
            return None;
        }
        if line.name.eq_ignore_ascii_case("content-length") {
            let digits = str::from_utf8(line.value).ok()?;
            let is_number = (1..=7).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
            if told.is_some() || !is_number {
                return None;
            }
            told = Some(digits.parse().ok()?);
        } else if line.name.eq_ignore_ascii_case("connection") {
            if !line.value.eq_ignore_ascii_case(b"keep-alive") {
                return None;
            }
        } else if OTHERS_LINES.iter().any(|name| line.name.eq_ignore_ascii_case(name)) {
            return None;
        }
    }
    Some(told.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of a text: the end of a request, `part` or `other`.
    fn told(received: &[u8]) -> String {
        let mut lines = [const { MaybeUninit::uninit() }; LINES_MAX];
        match read(received, 1024, &mut lines) {
            Read::Whole(Request { method, path, query, body, length, .. }) => {
                format!("{method} {path} {query:?} body {} of {length}", body.len())
            }
            Read::Part => "part".to_owned(),
            Read::PartOfBody => "part of body".to_owned(),
            Read::Other => "other".to_owned(),
        }
    }

    #[track_caller]
    fn check(received: &str, expected: &str) {
        let bytes = received.as_bytes();
        assert_eq!(told(bytes), expected, "{received}");
        // However little of it has arrived: more is waited for, or it is known to be another's.
        for end in 0..received.len() {
            let is_open = ["part", "part of body", "other"].contains(&told(&bytes[..end]).as_str());
            assert!(is_open || end >= expected_end(expected), "the first {end} bytes of {received}");
        }
    }

    /// Where the request ends, if it does.
    fn expected_end(expected: &str) -> usize {
        expected.rsplit_once(" of ").map_or(usize::MAX, |(_, end)| end.parse().expect("a number"))
    }

    #[test]
    fn a_request_ends_where_it_says() {
        check("GET /eureka/apps HTTP/1.1\r\nhost: a\r\n\r\n", "GET /eureka/apps None body 0 of 38");
        check(
            "PUT /v2/apps/A/b?c=d HTTP/1.1\r\ncontent-length: 0\r\n\r\nGET",
            "PUT /v2/apps/A/b Some(\"c=d\") body 0 of 52",
        );
        check(
            "POST /a HTTP/1.1\r\nContent-Length: 3\r\nConnection: Keep-Alive\r\n\r\nabcd",
            "POST /a None body 3 of 66",
        );
        check("POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nab", "part of body");
    }

    #[test]
    fn whatever_could_be_read_in_two_ways_is_not_ours() {
        for lines in [
            "transfer-encoding: chunked",
            "content-length: 1\r\ncontent-length: 1",
            "content-length: +1",
            "content-length: 1, 1",
            "content-length: 0x1",
            "content-length: ",
            "content-length: 99999999",
            "content-length: 1025",
            "content-length: 1\r\nTransfer-Encoding: identity",
            "connection: close",
            "connection: keep-alive, upgrade",
            "upgrade: h2c",
            "expect: 100-continue",
            "prefer: wait=20",
            "x: \u{e9}",
            "x : y",
            "x: y\r\n folded",
            "no colon",
        ] {
            check(&format!("POST /eureka/apps/A HTTP/1.1\r\n{lines}\r\n\r\nab"), "other");
        }
        for first in [
            "GET /eureka/watch HTTP/1.1",
            "GET http://registry/eureka/apps HTTP/1.1",
            "GET /eureka/apps HTTP/1.0",
            "GET  /eureka/apps HTTP/1.1",
            "GET /eureka/apps#a HTTP/1.1",
            "GET /eureka\\apps HTTP/1.1",
            "OPTIONS * HTTP/1.1",
            "PATCH /eureka/apps HTTP/1.1",
            "get /eureka/apps HTTP/1.1",
            "PRI * HTTP/2.0",
            " GET / HTTP/1.1",
        ] {
            check(&format!("{first}\r\nhost: a\r\n\r\n"), "other");
        }
        check("\r\nGET / HTTP/1.1\r\n\r\n", "other");
        check("\u{16}\u{3}\u{1}", "other");
        let long = "x: y\r\n".repeat(LINES_MAX + 1);
        check(&format!("GET / HTTP/1.1\r\n{long}\r\n"), "other");
        let long = format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(HEAD_BYTES_MAX));
        assert_eq!(told(long.as_bytes()), "other");
        assert_eq!(told(&long.as_bytes()[..HEAD_BYTES_MAX]), "other");
    }
}
