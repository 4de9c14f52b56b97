//! The exchanges in `contracts/eureka`, replayed. How they are written is in the README there.

use std::{fmt::Write as _, io::Read, path::PathBuf};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use crate::support::{Answer, Site};

/// Headers that clients rely on, and our own.
const LISTED: [&str; 5] = ["content-type", "content-length", "content-encoding", "allow", "bijou-reason"];

pub struct Exchange {
    pub title: String,
    pub request: String,
    pub response: String,
}

pub fn parse(text: &str) -> (String, Vec<Exchange>) {
    let mut blocks = text.split("### ");
    let preface = blocks.next().unwrap().to_owned();
    let exchanges = blocks.map(|block| {
        let (title, rest) = block.split_once("\n>>>\n").unwrap();
        let (request, response) = rest.split_once("<<<\n").unwrap();
        Exchange { title: title.to_owned(), request: request.to_owned(), response: response.trim_end().to_owned() }
    });
    (preface, exchanges.collect())
}

pub async fn send(site: &Site, request: &str) -> Answer {
    let (head, body) = request.split_once("\n\n").unwrap_or((request.trim_end(), ""));
    let mut lines = head.lines();
    let (method, path) = lines.next().unwrap().split_once(' ').unwrap();
    let headers = lines.map(|line| {
        let (name, value) = line.split_once(": ").unwrap();
        (name.parse::<HeaderName>().unwrap(), value.parse::<HeaderValue>().unwrap())
    });
    let body = Bytes::from(body.strip_suffix('\n').unwrap_or(body).to_owned());
    site.send(method.parse::<Method>().unwrap(), path, headers.collect::<HeaderMap>(), body).await
}

/// A response as it is written in the files, of a site that listens on `port`.
fn written(answer: &Answer, port: u16) -> String {
    let mut text = format!("{}\n", answer.status);
    let is_gzip = answer.headers.get("content-encoding").is_some();
    let body = plain(answer);
    let of_this_machine = without_the_machine(&body, port);
    for name in LISTED {
        // The length of what is compressed depends on the compressor, that of what a machine tells of itself on it.
        let is_told = name != "content-length" || !(is_gzip || of_this_machine.is_some());
        if let Some(value) = answer.headers.get(name).filter(|_| is_told) {
            writeln!(text, "{name}: {}", value.to_str().unwrap()).unwrap();
        }
    }
    if answer.body.is_empty() {
        return text.trim_end().to_owned();
    }
    let body = of_this_machine.unwrap_or(body);
    text + "\n" + if is_gzip { "[gzip]" } else { "" } + &without_times(&body)
}

/// A body of the status page with `{machine}` in place of every figure of this machine and `{port}` in place of ours;
/// `None` for other bodies.
fn without_the_machine(body: &str, port: u16) -> Option<String> {
    let mut told = body.contains("num-of-cpus").then(|| body.to_owned())?;
    for name in ["num-of-cpus", "total-avail-memory", "current-memory-usage"] {
        for (before, after) in [(format!("\"{name}\":\""), '"'), (format!("<{name}>"), '<')] {
            let Some(from) = told.find(&before).map(|at| at + before.len()) else { continue };
            let to = from + told[from..].find(after).unwrap();
            told.replace_range(from..to, "{machine}");
        }
    }
    let host = told.find("\"bijou.host\":\"").map(|at| (at + 14, '"'));
    for (from, after) in host.into_iter().chain(told.find("<bijou.host>").map(|at| (at + 12, '<'))) {
        let to = from + told[from..].find(after).unwrap();
        told.replace_range(from..to, "{machine}");
    }
    Some(told.replace(&port.to_string(), "{port}"))
}

/// A body, out of its compression.
pub fn plain(answer: &Answer) -> String {
    let mut body = String::new();
    if answer.headers.get("content-encoding").is_some() {
        flate2::read::GzDecoder::new(answer.body.as_ref()).read_to_string(&mut body).unwrap();
        return body;
    }
    String::from_utf8(answer.body.to_vec()).unwrap()
}

/// Puts `{time}` in place of every time of the server's own.
fn without_times(body: &str) -> String {
    let mut out = String::new();
    let mut rest = body;
    while let Some(start) = rest.find(|character: char| character.is_ascii_digit()) {
        let (before, digits) = rest.split_at(start);
        let end = digits.find(|character: char| !character.is_ascii_digit()).unwrap_or(digits.len());
        let (number, after) = digits.split_at(end);
        out.push_str(before);
        out.push_str(if number.len() == 13 && !number.starts_with("1790000000") { "{time}" } else { number });
        rest = after;
    }
    out + rest
}

#[expect(clippy::disallowed_methods, reason = "a switch for those who run the tests, not a setting of the product")]
fn is_update() -> bool {
    std::env::var_os("UPDATE_CONTRACTS").is_some()
}

async fn replay(file: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../contracts/eureka").join(file);
    let (preface, exchanges) = parse(&std::fs::read_to_string(&path).unwrap());
    assert!(!exchanges.is_empty());
    let site = Site::start();
    let mut anew = preface;
    for Exchange { title, request, response } in &exchanges {
        let answer = written(&send(&site, request).await, site.addr.port());
        write!(anew, "### {title}\n>>>\n{request}<<<\n{answer}\n\n").unwrap();
        if !is_update() {
            assert_eq!(&answer, response, "{file}: {title}");
        }
    }
    if is_update() {
        std::fs::write(&path, anew).unwrap();
    }
    site.stop().await;
}

#[tokio::test]
async fn the_life_of_instances_in_json() {
    replay("life-json.http").await;
}

#[tokio::test]
async fn the_life_of_instances_in_xml() {
    replay("life-xml.http").await;
}

#[tokio::test]
async fn what_is_refused() {
    replay("refusals.http").await;
}

#[tokio::test]
async fn whose_version_counts() {
    replay("conflicts.http").await;
}

#[tokio::test]
async fn what_servers_tell_each_other() {
    replay("replication.http").await;
}

#[tokio::test]
async fn what_tools_ask_for() {
    replay("tools.http").await;
}

#[tokio::test]
async fn a_compressed_registration_is_taken_and_an_endless_one_refused() {
    use std::io::Write as _;

    let site = Site::start();
    let compressed = |plain: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(plain).unwrap();
        Bytes::from(encoder.finish().unwrap())
    };
    let headers = HeaderMap::from_iter([
        (http::header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=UTF-8")),
        (http::header::CONTENT_ENCODING, HeaderValue::from_static("gzip")),
    ]);
    let post = |body| site.send(Method::POST, "/eureka/apps/ORDERS", headers.clone(), body);
    let good = compressed(&crate::support::registration("ORDERS", "a", 8080, 90, 1));
    assert_eq!(post(good).await.status, 204);
    let bomb = compressed(&vec![b' '; 8 * 1024 * 1024]);
    assert!(bomb.len() < 64 * 1024);
    assert_eq!(post(bomb).await.status, 413);
    let long = site.send(
        Method::POST,
        "/eureka/apps/ORDERS",
        HeaderMap::from_iter([(http::header::CONTENT_TYPE, HeaderValue::from_static("application/json"))]),
        Bytes::from(vec![b' '; 2 * 1024 * 1024]),
    );
    assert_eq!(long.await.status, 413);
    site.stop().await;
}
