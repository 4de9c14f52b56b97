//! Bodies as they come: events, tunnels, compression, and what must not leak.

use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::StreamExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

use crate::support::client::read_all;
use crate::support::origin::read_head;
use crate::support::{Call, Origin, Platform, ROUTE_X, call, config, raw, raw_answer};

/// An origin that sends a first piece as `content_type`, and two more as it is told to.
async fn slow(content_type: &'static str) -> (Origin, Arc<Semaphore>) {
    let told = Arc::new(Semaphore::new(1));
    let gate = Arc::clone(&told);
    let origin = Origin::start(move |_| {
        let gate = Arc::clone(&gate);
        async move {
            let pieces = ["data: one\n\n", "data: two\n\n", "data: three\n\n"];
            let pieces = futures_util::stream::iter(pieces).then(move |text| {
                let gate = Arc::clone(&gate);
                async move {
                    gate.acquire().await.unwrap().forget();
                    Ok::<_, std::io::Error>(Bytes::from(text))
                }
            });
            Response::builder().header("content-type", content_type).body(Body::from_stream(pieces)).unwrap()
        }
    })
    .await;
    (origin, told)
}

async fn read_until(stream: &mut TcpStream, read: &mut Vec<u8>, done: impl Fn(&[u8]) -> bool) -> bool {
    let mut piece = [0; 4096];
    while !done(read) {
        match tokio::time::timeout(Duration::from_secs(10), stream.read(&mut piece)).await {
            Ok(Ok(len @ 1..)) => read.extend_from_slice(&piece[..len]),
            _ => return false,
        }
    }
    true
}

fn has(read: &[u8], text: &str) -> bool {
    read.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn events_arrive_one_by_one_though_compression_is_on() {
    let mut platform = Platform::start(config(ROUTE_X)).await;
    let (origin, told) = slow("text/event-stream").await;
    platform.register("X", "one", origin.addr);
    let mut client = TcpStream::connect(platform.addr()).await.unwrap();
    client.write_all(b"GET /x HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip, br\r\n\r\n").await.unwrap();
    let mut read = Vec::new();
    assert!(
        read_until(&mut client, &mut read, |read| has(read, "data: one")).await,
        "{}",
        String::from_utf8_lossy(&read)
    );
    assert!(!has(&read, "data: two") && !has(&read, "content-encoding"), "{}", String::from_utf8_lossy(&read));
    told.add_permits(1);
    assert!(read_until(&mut client, &mut read, |read| has(read, "data: two")).await);
    assert!(!has(&read, "data: three"));
}

#[tokio::test]
async fn a_slow_compressed_stream_can_be_read_as_it_is_made() {
    let mut platform = Platform::start(config(ROUTE_X)).await;
    let (origin, _told) = slow("text/plain").await;
    platform.register("X", "one", origin.addr);
    let mut client = TcpStream::connect(platform.addr()).await.unwrap();
    client.write_all(b"GET /x HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n").await.unwrap();
    let mut read = Vec::new();
    let first_piece = |read: &[u8]| {
        let Some(at) = read.windows(4).position(|window| window == b"\r\n\r\n") else { return String::new() };
        let mut chunks = &read[at + 4..];
        let mut gzip = Vec::new();
        while let Some(end) = chunks.windows(2).position(|window| window == b"\r\n") {
            let Ok(len) = usize::from_str_radix(&String::from_utf8_lossy(&chunks[..end]), 16) else { break };
            if len == 0 || chunks.len() < end + 2 + len {
                break;
            }
            gzip.extend_from_slice(&chunks[end + 2..end + 2 + len]);
            chunks = &chunks[(end + 4 + len).min(chunks.len())..];
        }
        let mut text = [0; 11];
        let filled = flate2::read::GzDecoder::new(&gzip[..]).read(&mut text).unwrap_or(0);
        String::from_utf8_lossy(&text[..filled]).into_owned()
    };
    assert!(
        read_until(&mut client, &mut read, |read| first_piece(read) == "data: one\n\n").await,
        "{}",
        String::from_utf8_lossy(&read)
    );
    assert!(has(&read, "content-encoding: gzip"));
}

#[tokio::test]
async fn answers_are_compressed_by_negotiation_and_stay_honest_about_it() {
    let mut platform = Platform::start(config(ROUTE_X)).await;
    let text = "the same words again and again. ".repeat(200);
    let body = text.clone();
    let origin = Origin::start(move |request| {
        let body = body.clone();
        async move {
            let kind = if request.uri().path().ends_with("jpg") { "image/jpeg" } else { "application/json" };
            let body = if request.uri().path().ends_with("small") { "{}".to_owned() } else { body };
            Response::builder()
                .header("content-type", kind)
                .header("etag", "\"v1\"")
                .header("vary", "origin")
                .body(Body::from(body))
                .unwrap()
        }
    })
    .await;
    platform.register("X", "one", origin.addr);
    let get = |path: &'static str, accept: &'static str| {
        call(platform.addr(), Call::get(path).header("accept-encoding", accept))
    };

    let br = get("/x", "gzip, br").await;
    assert_eq!((br.header("content-encoding"), br.header("etag")), ("br", "W/\"v1\""));
    assert!(br.body.len() < text.len() / 10);
    let mut plain = String::new();
    brotli::Decompressor::new(&br.body[..], 4096).read_to_string(&mut plain).unwrap();
    assert_eq!(plain, text);
    let vary: Vec<_> = br.headers.get_all("vary").iter().map(|value| value.to_str().unwrap()).collect();
    assert_eq!(vary, ["origin", "accept-encoding"]);

    let zstd = get("/x", "gzip, br, zstd").await;
    assert_eq!((zstd.header("content-encoding"), zstd.header("etag")), ("zstd", "W/\"v1\""));
    assert_eq!(zstd::decode_all(&zstd.body[..]).unwrap(), text.as_bytes());

    let gzip = get("/x", "gzip").await;
    let mut plain = String::new();
    flate2::read::GzDecoder::new(&gzip.body[..]).read_to_string(&mut plain).unwrap();
    assert_eq!((plain, gzip.header("content-encoding")), (text.clone(), "gzip"));

    let identity = get("/x", "identity").await;
    assert_eq!(
        (identity.text(), identity.header("etag"), identity.header("content-encoding")),
        (text.clone(), "\"v1\"", "")
    );
    assert!(identity.headers.get_all("vary").iter().any(|value| value == "accept-encoding"));
    for path in ["/x/a.jpg", "/x/small"] {
        assert_eq!(get(path, "gzip, br").await.header("content-encoding"), "", "{path}");
    }
}

#[tokio::test]
async fn a_websocket_passes_both_ways_and_its_handshake_is_checked() {
    let mut platform = Platform::start(config(ROUTE_X)).await;
    let origin = Origin::raw(|mut stream| async move {
        let head = read_head(&mut stream).await;
        assert!(head.contains("upgrade: websocket") && head.contains("bijou-passport: "), "{head}");
        let answer = b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: x\r\n\r\nearly";
        stream.write_all(answer).await.unwrap();
        let mut piece = [0; 64];
        while let Ok(len @ 1..) = stream.read(&mut piece).await {
            stream.write_all(&piece[..len].to_ascii_uppercase()).await.unwrap();
        }
    })
    .await;
    platform.register("X", "one", origin.addr);
    let handshake = |extra: &str| {
        format!(
            "GET /x HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n{extra}\r\n"
        )
    };
    let mut client = TcpStream::connect(platform.addr()).await.unwrap();
    client.write_all(handshake("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n").as_bytes()).await.unwrap();
    let head = read_head(&mut client).await;
    assert!(head.starts_with("HTTP/1.1 101 ") && head.contains("sec-websocket-accept: x"), "{head}");
    let mut early = [0; 5];
    client.read_exact(&mut early).await.unwrap();
    assert_eq!(&early, b"early");
    for text in ["hello", "and again"] {
        client.write_all(text.as_bytes()).await.unwrap();
        let mut echo = vec![0; text.len()];
        client.read_exact(&mut echo).await.unwrap();
        assert_eq!(echo, text.to_ascii_uppercase().as_bytes());
    }
    drop(client);

    for extra in ["", "Sec-WebSocket-Key: short\r\n"] {
        let text = raw(platform.addr(), handshake(extra).as_bytes()).await;
        assert_eq!(raw_answer(&text), (400, "bad-websocket-handshake".to_owned()), "{text}");
    }
    assert_eq!(origin.seen(), 1);
}

#[tokio::test]
async fn a_tunnel_in_use_outlives_the_time_an_idle_connection_has() {
    let mut settings = config(ROUTE_X);
    settings.timeouts.idle_ms = 200;
    settings.timeouts.head_ms = 200;
    let mut platform = Platform::start(settings).await;
    let origin = Origin::raw(|mut stream| async move {
        read_head(&mut stream).await;
        let answer = b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\r\n";
        stream.write_all(answer).await.unwrap();
        let mut byte = [0];
        while let Ok(1) = stream.read(&mut byte).await {
            stream.write_all(&byte).await.unwrap();
        }
    })
    .await;
    platform.register("X", "one", origin.addr);
    let mut client = TcpStream::connect(platform.addr()).await.unwrap();
    let handshake = b"GET /x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    client.write_all(handshake).await.unwrap();
    assert!(read_head(&mut client).await.starts_with("HTTP/1.1 101 "));
    for _ in 0..8 {
        tokio::time::sleep(Duration::from_millis(150)).await;
        client.write_all(b"x").await.unwrap();
        let mut byte = [0];
        client.read_exact(&mut byte).await.unwrap();
    }
}

#[tokio::test]
async fn an_answer_without_a_body_says_how_long_it_would_be_or_nothing() {
    let mut platform = Platform::start(config(ROUTE_X)).await;
    let head = Origin::says(b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 5000\r\n\r\n").await;
    platform.register("X", "one", head.addr);
    let text =
        raw(platform.addr(), b"HEAD /x HTTP/1.1\r\nHost: a\r\nAccept-Encoding: br\r\nConnection: close\r\n\r\n").await;
    assert!(text.contains("content-length: 5000") && text.ends_with("\r\n\r\n"), "{text}");
    platform.deregister("one");
    let unchanged = Origin::says(b"HTTP/1.1 304 Not Modified\r\netag: \"a\"\r\ncontent-length: 5000\r\n\r\n").await;
    platform.register("X", "two", unchanged.addr);
    let text = raw(platform.addr(), b"GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    assert!(text.starts_with("HTTP/1.1 304") && text.ends_with("\r\n\r\n") && !text.contains("5000"), "{text}");
}

#[tokio::test]
async fn an_upgrade_that_the_service_declines_is_an_ordinary_answer_and_http_goes_on() {
    let mut platform = Platform::start(config(ROUTE_X)).await;
    let origin = Origin::echo("one").await;
    platform.register("X", "one", origin.addr);
    let mut client = TcpStream::connect(platform.addr()).await.unwrap();
    let handshake = "GET /x/1 HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    client
        .write_all(format!("{handshake}GET /x/2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").as_bytes())
        .await
        .unwrap();
    let text = read_all(&mut client).await;
    assert_eq!(text.matches("HTTP/1.1 200 OK").count(), 2, "{text}");
    assert!(text.contains("\"/x/2\""), "{text}");
}

#[tokio::test]
async fn other_upgrades_are_not_offered_to_the_service() {
    let mut platform = Platform::start(config(ROUTE_X)).await;
    let origin = Origin::echo("one").await;
    platform.register("X", "one", origin.addr);
    let text = raw(
        platform.addr(),
        b"GET /x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
    )
    .await;
    assert_eq!(raw_answer(&text).0, 200, "{text}");
    let headers = origin.last()["headers"].as_object().unwrap().clone();
    assert!(!headers.contains_key("upgrade") && !headers.contains_key("http2-settings"), "{headers:?}");
}

#[tokio::test]
async fn a_tunnel_nobody_asked_for_is_not_opened() {
    let mut platform = Platform::start(config(ROUTE_X)).await;
    let origin =
        Origin::says(b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\nsmuggled")
            .await;
    platform.register("X", "one", origin.addr);
    platform.get("/x").await.check_problem(502, "origin-invalid-answer", "origin");
}

#[tokio::test]
async fn informational_answers_of_a_service_do_not_leak() {
    let mut platform = Platform::start(config(ROUTE_X)).await;
    let origin = Origin::says(
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\nbijou-secret: 1\r\nconnection: x-hop, close\r\nx-hop: 1\r\n\r\nok",
    )
    .await;
    platform.register("X", "one", origin.addr);
    let text = raw(platform.addr(), b"GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    assert_eq!(text.matches("HTTP/1.1 ").count(), 1, "{text}");
    assert!(text.starts_with("HTTP/1.1 200 OK") && text.ends_with("ok"), "{text}");
    assert!(!text.contains("bijou-secret") && !text.contains("x-hop"), "{text}");
}

#[tokio::test]
async fn a_body_that_breaks_off_is_not_made_to_look_complete() {
    let mut platform = Platform::start(config(ROUTE_X)).await;
    let origin = Origin::says(
        b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n5\r\nfirst\r\n",
    )
    .await;
    platform.register("X", "one", origin.addr);
    let text = raw(platform.addr(), b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert!(text.contains("first") && !text.ends_with("0\r\n\r\n"), "{text}");
    let id = text.lines().find_map(|line| line.strip_prefix("x-request-id: ")).unwrap().trim().to_owned();
    let story = platform.story(&id).await;
    assert_eq!((&story["outcome"], &story["category"]), (&"origin-broke-off".into(), &"origin".into()));
}

#[tokio::test]
async fn ten_megabytes_pass_in_both_directions() {
    let mut platform = Platform::start(config("[[gateway.routes]]\nid = \"x\"\npaths = [\"/x\"]\napp = \"X\"\nbody_bytes_max = 20000000\ntimeout_ms = 60000\n")).await;
    let origin = Origin::start(|request| async move {
        let body = http_body_util::BodyExt::collect(request.into_body()).await.unwrap().to_bytes();
        Response::new(Body::from(body))
    })
    .await;
    platform.register("X", "one", origin.addr);
    let sent: Bytes = (0..10_000_000_u32).map(|n| (n % 251) as u8).collect::<Vec<u8>>().into();
    for call_of in [Call::post("/x", sent.clone()), Call::post("/x", sent.clone()).http2()] {
        let answer = call(platform.addr(), call_of).await;
        assert_eq!((answer.status.as_u16(), answer.body.len()), (200, sent.len()));
        assert_eq!(answer.body, sent);
    }
}
