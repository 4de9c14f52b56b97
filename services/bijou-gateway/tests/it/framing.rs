//! Probes by raw bytes: what two parsers could read in two ways never reaches a service.

use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::support::client::read_all;
use crate::support::{Call, Origin, Platform, ROUTE_X, call, config, raw, raw_answer};

/// Sends a probe; the answer must be a refusal with `code`, the connection closed, and no service have seen anything.
async fn check_refused(probe: &str, status: u16, code: &str) {
    let mut platform = Platform::start(config(ROUTE_X)).await;
    let origin = Origin::echo("one").await;
    platform.register("X", "one", origin.addr);
    let text = raw(platform.addr(), probe.as_bytes()).await;
    assert_eq!(raw_answer(&text), (status, code.to_owned()), "{probe:?} was answered {text:?}");
    assert!(text.contains("connection: close"), "{text}");
    assert_eq!(text.matches("x-request-id: ").count(), 1, "nothing behind it is answered: {text}");
    assert_eq!(origin.seen(), 0, "{probe:?}");
}

#[tokio::test]
async fn content_length_beside_transfer_encoding_in_either_order() {
    let smuggled = "0\r\n\r\nGET /x/smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    check_refused(
        &format!("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n{smuggled}"),
        400,
        "ambiguous-length",
    )
    .await;
    check_refused(
        &format!("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n{smuggled}"),
        400,
        "ambiguous-length",
    )
    .await;
}

#[tokio::test]
async fn repeated_lengths_even_when_equal() {
    check_refused(
        "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
        400,
        "ambiguous-length",
    )
    .await;
    check_refused(
        "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 30\r\n\r\nabc",
        400,
        "ambiguous-length",
    )
    .await;
}

#[tokio::test]
async fn lengths_that_are_no_numbers() {
    for bad in ["+3", "0x3", "3,3", "-1", "18446744073709551617"] {
        check_refused(
            &format!("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: {bad}\r\n\r\nabc"),
            400,
            "ambiguous-length",
        )
        .await;
    }
}

#[tokio::test]
async fn obscured_transfer_encodings() {
    for bad in ["xchunked", "chunked, identity", "gzip, chunked", "\x0bchunked"] {
        let text = format!("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: {bad}\r\n\r\n0\r\n\r\n");
        check_refused(&text, 400, if bad.starts_with('\x0b') { "malformed-head" } else { "ambiguous-length" }).await;
    }
    check_refused("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400, "malformed-head")
        .await;
}

#[tokio::test]
async fn transfer_encoding_in_http_1_0() {
    check_refused(
        "POST /x HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
        "ambiguous-length",
    )
    .await;
}

#[tokio::test]
async fn missing_repeated_and_invalid_hosts() {
    for head in ["", "Host: a\r\nHost: b\r\n", "Host: a\r\nHost: a\r\n", "Host: a@b\r\n", "Host: a/b\r\n", "Host:\r\n"]
    {
        check_refused(&format!("GET /x HTTP/1.1\r\n{head}\r\n"), 400, "invalid-host").await;
    }
}

#[tokio::test]
async fn bare_line_feeds_and_folding() {
    check_refused("GET /x HTTP/1.1\nHost: a\n\n", 400, "malformed-head").await;
    check_refused("GET /x HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", 400, "malformed-head").await;
    check_refused("GET /x HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n", 400, "malformed-head").await;
}

#[tokio::test]
async fn nameless_fields_and_control_characters() {
    check_refused("GET /x HTTP/1.1\r\nHost: a\r\n: nameless\r\n\r\n", 400, "malformed-head").await;
    check_refused("GET /x HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", 400, "malformed-head").await;
    check_refused("GET /x HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", 400, "malformed-head").await;
}

#[tokio::test]
async fn heads_beyond_their_limits() {
    check_refused(&format!("GET /x HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "y".repeat(40_000)), 431, "head-too-large")
        .await;
    check_refused(
        &format!("GET /x HTTP/1.1\r\nHost: a\r\n{}\r\n", "X: y\r\n".repeat(120)),
        431,
        "too-many-header-fields",
    )
    .await;
    check_refused(&format!("GET /x?{} HTTP/1.1\r\nHost: a\r\n\r\n", "y".repeat(9_000)), 414, "target-too-long").await;
    check_refused("GET /x HTTP/3.0\r\nHost: a\r\n\r\n", 505, "http-version").await;
}

#[tokio::test]
async fn ambiguous_paths_and_two_hosts() {
    let mut platform = Platform::start(config(ROUTE_X)).await;
    let origin = Origin::echo("one").await;
    platform.register("X", "one", origin.addr);
    for path in ["/x/..%2fadmin", "/x/%5c", "/x%00", "/x/%252e%252e", "/../x", "/x/..;/y"] {
        let text =
            raw(platform.addr(), format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").as_bytes())
                .await;
        assert_eq!(raw_answer(&text), (400, "ambiguous-path".to_owned()), "{path}: {text}");
    }
    let text = raw(platform.addr(), b"GET http://a/x HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n").await;
    assert_eq!(raw_answer(&text), (421, "misdirected".to_owned()), "{text}");
    let text = raw(platform.addr(), b"CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n").await;
    assert_eq!(raw_answer(&text).0, 501, "{text}");
    assert_eq!(origin.seen(), 0);
    let text = raw(platform.addr(), b"GET http://a/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    assert_eq!(raw_answer(&text).0, 200, "{text}");
}

#[tokio::test]
async fn a_broken_chunk_ends_the_connection_and_nothing_behind_it_is_a_request() {
    let mut platform = Platform::start(config(ROUTE_X)).await;
    let origin = Origin::echo("one").await;
    platform.register("X", "one", origin.addr);
    for chunks in ["3\nabc\r\n0\r\n\r\n", "zz\r\n", "3\r\nabcX\r\n0\r\n\r\n", "fffffffffffffffff\r\n"] {
        let probe = format!(
            "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}GET /x/smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
        );
        let text = raw(platform.addr(), probe.as_bytes()).await;
        assert!(matches!(raw_answer(&text).0, 0 | 400), "{chunks:?}: {text}");
    }
    assert!(!origin.last().to_string().contains("smuggled"));
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_order_up_to_the_refused_one() {
    let mut platform = Platform::start(config(ROUTE_X)).await;
    let origin = Origin::echo("one").await;
    platform.register("X", "one", origin.addr);
    let good = |n: u32| format!("GET /x/{n} HTTP/1.1\r\nHost: a\r\n\r\n");
    let text =
        raw(platform.addr(), format!("{}{}GET /x/3 HTTP/1.1\r\n\r\n{}", good(1), good(2), good(4)).as_bytes()).await;
    assert_eq!(text.matches("HTTP/1.1 200 OK").count(), 2, "{text}");
    assert!(text.find("\"/x/1\"") < text.find("\"/x/2\""));
    assert_eq!(raw_answer(&text), (400, "invalid-host".to_owned()));
    assert_eq!(origin.seen(), 2);
}

#[tokio::test]
async fn a_head_that_trickles_is_told_so_and_a_patient_client_is_not_in_the_way() {
    let mut settings = config(ROUTE_X);
    settings.timeouts.head_ms = 300;
    let mut platform = Platform::start(settings).await;
    let origin = Origin::echo("one").await;
    platform.register("X", "one", origin.addr);
    let mut slow = TcpStream::connect(platform.addr()).await.unwrap();
    slow.write_all(b"GET /x HTTP/1.1\r\nHos").await.unwrap();
    let text = read_all(&mut slow).await;
    assert_eq!(raw_answer(&text), (408, "head-too-slow".to_owned()), "{text}");
    let mut silent = TcpStream::connect(platform.addr()).await.unwrap();
    assert_eq!(read_all(&mut silent).await, "", "a connection without a request is closed without an answer");
    let mut patient = Platform::start(config(ROUTE_X)).await;
    patient.register("X", "one", origin.addr);
    let mut in_pieces = TcpStream::connect(patient.addr()).await.unwrap();
    for piece in [&b"GET /x HT"[..], b"TP/1.1\r", b"\nHost: a\r\nConnec", b"tion: close\r\n\r\n"] {
        in_pieces.write_all(piece).await.unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(raw_answer(&read_all(&mut in_pieces).await).0, 200);
}

#[tokio::test]
async fn refusals_are_counted_and_their_story_is_kept() {
    let platform = Platform::start(config(ROUTE_X)).await;
    let text = raw(platform.addr(), b"GET /x HTTP/1.1\r\n\r\n").await;
    let id = text.lines().find_map(|line| line.strip_prefix("x-request-id: ")).unwrap().trim().to_owned();
    let story = platform.story(&id).await;
    assert_eq!(
        (&story["status"], &story["code"], &story["category"]),
        (&400.into(), &"invalid-host".into(), &"client".into())
    );
    let metrics = call(platform.gateway.admin_addr(), Call::get("/metrics")).await.text();
    assert!(metrics.contains("bijou_gateway_failures_total{code=\"invalid-host\",category=\"client\"} 1"), "{metrics}");
}
