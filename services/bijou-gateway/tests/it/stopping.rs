//! The end of a gateway: nobody new, nobody cut off.

use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::support::client::{read_all, try_call};
use crate::support::{Call, Origin, Platform, ROUTE_X, config, wait_for};

#[tokio::test]
async fn requests_being_carried_are_finished_and_connections_closed() {
    let mut platform = Platform::start(config(ROUTE_X)).await;
    let origin = Origin::start(|_| async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        Response::new(Body::from("finished"))
    })
    .await;
    platform.register("X", "one", origin.addr);
    let addr = platform.addr();
    let mut idle = TcpStream::connect(addr).await.unwrap();
    let mut busy = TcpStream::connect(addr).await.unwrap();
    busy.write_all(b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    let second = tokio::spawn(try_call(addr, Call::get("/x").http2()));
    wait_for("both to arrive", async || origin.seen() == 2).await;
    let started = std::time::Instant::now();
    platform.gateway.stop().await;
    assert!(started.elapsed() < Duration::from_secs(15), "{:?}", started.elapsed());
    let text = read_all(&mut busy).await;
    assert!(text.contains("connection: close") && text.ends_with("finished"), "{text}");
    assert_eq!(second.await.unwrap().unwrap().text(), "finished");
    assert_eq!(read_all(&mut idle).await, "");
    TcpStream::connect(addr).await.unwrap_err();
}

#[tokio::test]
async fn a_request_that_never_ends_is_cut_after_the_drain_time() {
    let mut settings = config(ROUTE_X);
    settings.timeouts.drain_ms = 300;
    let mut platform = Platform::start(settings).await;
    let origin = Origin::start(|_| async {
        tokio::time::sleep(Duration::from_secs(50)).await;
        Response::new(Body::empty())
    })
    .await;
    platform.register("X", "one", origin.addr);
    let call = tokio::spawn(try_call(platform.addr(), Call::get("/x")));
    wait_for("it to arrive", async || origin.seen() == 1).await;
    tokio::time::timeout(Duration::from_secs(15), platform.gateway.stop()).await.unwrap();
    call.await.unwrap().unwrap_err();
}

#[tokio::test]
async fn a_used_address_is_an_error_that_names_the_setting() {
    let first = Platform::start(config(ROUTE_X)).await;
    let mut settings = config(ROUTE_X);
    settings.listen = first.addr();
    let error = bijou_gateway::Gateway::start(bijou_gateway::Setup::new(settings)).await.unwrap_err().to_string();
    assert!(error.contains("`gateway.listen`") && error.contains("another program"), "{error}");
}
