//! How much and how often.

use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::support::client::read_all;
use crate::support::{Call, Origin, Platform, call, config, raw, raw_answer, wait_for};

const SMALL: &str = "[[gateway.routes]]\nid = \"x\"\npaths = [\"/x\"]\napp = \"X\"\nbody_bytes_max = 10\n";

#[tokio::test]
async fn a_body_that_says_it_is_too_large_is_refused_before_it_is_read() {
    let mut platform = Platform::start(config(SMALL)).await;
    let origin = Origin::echo("one").await;
    platform.register("X", "one", origin.addr);
    assert_eq!(call(platform.addr(), Call::post("/x", "0123456789")).await.status, 200);
    let refused = call(platform.addr(), Call::post("/x", "0123456789a")).await;
    refused.check_problem(413, "body-too-large", "client");
    assert_eq!(refused.json()["max_bytes"], 10);
    assert_eq!(origin.seen(), 1);
    let text = raw(
        platform.addr(),
        b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\nExpect: 100-continue\r\n\r\n",
    )
    .await;
    assert_eq!(raw_answer(&text), (413, "body-too-large".to_owned()), "{text}");
    assert!(!text.contains("100 Continue"), "{text}");
}

#[tokio::test]
async fn a_body_that_does_not_say_is_counted_as_it_comes() {
    let mut platform = Platform::start(config(SMALL)).await;
    let origin = Origin::echo("one").await;
    platform.register("X", "one", origin.addr);
    let head = "POST /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
    let text = raw(platform.addr(), format!("{head}5\r\n01234\r\n0\r\n\r\n").as_bytes()).await;
    assert_eq!(raw_answer(&text).0, 200, "{text}");
    let text = raw(platform.addr(), format!("{head}b\r\n0123456789a\r\n0\r\n\r\n").as_bytes()).await;
    assert_eq!(raw_answer(&text), (413, "body-too-large".to_owned()), "{text}");
}

#[tokio::test]
async fn a_body_that_stops_coming_does_not_hold_anything_for_long() {
    let mut settings = config(SMALL);
    settings.timeouts.body_stall_ms = 300;
    let mut platform = Platform::start(settings).await;
    let origin = Origin::echo("one").await;
    platform.register("X", "one", origin.addr);
    let mut slow = TcpStream::connect(platform.addr()).await.unwrap();
    slow.write_all(b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc").await.unwrap();
    let ended = tokio::time::timeout(Duration::from_secs(30), read_all(&mut slow)).await.unwrap();
    assert!(!ended.contains(" 200 "), "{ended}");
    wait_for("the connection to be gone", async || {
        let metrics = call(platform.gateway.admin_addr(), Call::get("/metrics")).await.text();
        metrics.contains("bijou_gateway_connections{worker=\"0\"} 0")
            && metrics.contains("bijou_gateway_connections{worker=\"1\"} 0")
    })
    .await;
}

#[tokio::test]
async fn clients_are_told_where_they_stand_and_when_to_come_back() {
    let mut settings =
        config("[[gateway.routes]]\nid = \"x\"\npaths = [\"/x\"]\napp = \"X\"\nrate_limit = \"sign-in\"\n");
    settings.rate_limiting = true;
    settings.rate_limits[0].requests = std::num::NonZeroU32::new(3).unwrap();
    let mut platform = Platform::start(settings).await;
    let origin = Origin::echo("one").await;
    platform.register("X", "one", origin.addr);
    for left in [2, 1, 0] {
        let answer = platform.get("/x").await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("ratelimit-policy"), "\"sign-in\";q=3;w=60");
        assert!(
            answer.header("ratelimit").starts_with(&format!("\"sign-in\";r={left};t=")),
            "{}",
            answer.header("ratelimit")
        );
    }
    let refused = platform.get("/x").await;
    refused.check_problem(429, "rate-limited", "client");
    assert_eq!((refused.header("retry-after"), origin.seen()), ("20", 3));
}

#[tokio::test]
async fn a_limit_of_the_service_is_told_beside_the_gateways() {
    let mut settings = config("[[gateway.routes]]\nid = \"x\"\npaths = [\"/x\"]\napp = \"X\"\nrate_limit = \"api\"\n");
    settings.rate_limiting = true;
    let mut platform = Platform::start(settings).await;
    let origin = Origin::start(|_| async {
        let answer = axum::response::Response::builder().header("ratelimit-policy", "\"day\";q=5;w=86400");
        answer.header("ratelimit", "\"day\";r=4").body(axum::body::Body::empty()).unwrap()
    })
    .await;
    platform.register("X", "one", origin.addr);
    let answer = platform.get("/x").await;
    for (field, expected) in [("ratelimit", "\"day\";r=4"), ("ratelimit-policy", "\"day\";q=5;w=86400")] {
        let values: Vec<_> = answer.headers.get_all(field).iter().map(|value| value.to_str().unwrap()).collect();
        assert_eq!((values.len(), values[0]), (2, expected), "{values:?}");
        assert!(values[1].starts_with("\"api\";"), "{values:?}");
    }
}

#[tokio::test]
async fn idle_connections_are_closed_and_busy_ones_are_not() {
    let mut settings = config(SMALL);
    settings.timeouts.idle_ms = 400;
    let mut platform = Platform::start(settings).await;
    let origin = Origin::start(|_| async {
        tokio::time::sleep(Duration::from_millis(900)).await;
        axum::response::Response::new(axum::body::Body::from("late"))
    })
    .await;
    platform.register("X", "one", origin.addr);
    let mut client = TcpStream::connect(platform.addr()).await.unwrap();
    client.write_all(b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    let mut text = String::new();
    tokio::time::timeout(Duration::from_secs(30), async {
        let mut piece = [0; 1024];
        while let Ok(len @ 1..) = tokio::io::AsyncReadExt::read(&mut client, &mut piece).await {
            text.push_str(&String::from_utf8_lossy(&piece[..len]));
        }
    })
    .await
    .unwrap();
    // Busy for longer than idle connections live, then kept open, then closed for being idle. When exactly is the business of
    // a coarse clock and of a machine that may be busy.
    assert!(text.ends_with("late"), "{text}");
    assert!(!text.to_ascii_lowercase().contains("connection: close"), "{text}");
}

#[tokio::test]
async fn too_many_requests_at_a_time_are_refused_at_once() {
    let mut settings = config(SMALL);
    settings.workers = 1;
    settings.upstream.in_flight_max = 2;
    let mut platform = Platform::start(settings).await;
    let origin = Origin::start(|_| async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        axum::response::Response::new(axum::body::Body::empty())
    })
    .await;
    platform.register("X", "one", origin.addr);
    let addr = platform.addr();
    let calls: Vec<_> = (0..5).map(|_| tokio::spawn(call(addr, Call::get("/x")))).collect();
    let mut statuses = Vec::new();
    for one in calls {
        statuses.push(one.await.unwrap().status.as_u16());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 503, 503, 503]);
}
