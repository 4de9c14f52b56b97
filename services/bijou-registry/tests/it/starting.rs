//! Over sockets: a registry whose peer is away at first, or is a Eureka server that answers nobody yet.

use std::{net::SocketAddr, time::Duration};

use bijou_registry::{Peers, Settings};
use http::StatusCode;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    time::{Instant, sleep},
};

use crate::support::{PATIENCE, Site};

/// Patient beyond the patience of a test: what opens it is what a peer tells.
fn beside(peer: SocketAddr) -> Settings {
    let peers = Peers { urls: vec![format!("http://{peer}/eureka")], wait_ms: 600_000, ..Peers::default() };
    Settings { peers, ..Settings::default() }
}

async fn wait_until_open(site: &Site) {
    let until = Instant::now() + PATIENCE;
    while site.get("/eureka/apps").await.status != StatusCode::OK {
        assert!(Instant::now() < until, "it never opens");
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn until_a_peer_has_told_what_it_knows_lists_are_refused_and_readiness_says_why() {
    let place = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let peer = place.local_addr().unwrap();
    drop(place);
    let site = Site::start_with(beside(peer), 0);
    for path in ["/eureka/apps", "/eureka/apps/delta", "/eureka/apps/ORDERS", "/eureka/vips/orders", "/eureka/watch"] {
        assert_eq!(site.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    wait_until_said(&site, "refused").await;
    wait_until_said(&site, &peer.to_string()).await;

    let known = Site::start_with(Settings::default(), peer.port());
    known.register("ORDERS", "a", 90).await;
    wait_until_open(&site).await;
    let list = site.get_json("/eureka/apps").await;
    assert_eq!(list["applications"]["application"][0]["instance"][0]["instanceId"], "a");
    assert_eq!(site.get("/readyz").await.status, StatusCode::OK);
}

/// A peer that answers the question for digests and all others by these statuses; or, without any, not at all.
async fn scripted(statuses: Option<[&'static str; 2]>) -> SocketAddr {
    let place = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = place.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = place.accept().await.unwrap();
            tokio::spawn(async move {
                let mut request = [0; 4096];
                while stream.read(&mut request).await.is_ok_and(|read| read > 0) {
                    let Some([to_digests, to_others]) = statuses else { continue };
                    let status = if request.starts_with(b"GET /eureka/digests") { to_digests } else { to_others };
                    let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
                    if stream.write_all(answer.as_bytes()).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    addr
}

/// Waits until readiness gives a reason with `expected` in it; it stays closed until then.
async fn wait_until_said(site: &Site, expected: &str) {
    let until = Instant::now() + PATIENCE;
    loop {
        let answer = site.get("/readyz").await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        let report: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        if report["checks"][0]["reason"].as_str().unwrap().contains(expected) {
            return;
        }
        assert!(Instant::now() < until, "{report}");
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_eureka_server_that_answers_nobody_yet_is_no_answer() {
    let site = Site::start_with(beside(scripted(Some(["404 Not Found", "403 Forbidden"])).await), 0);
    wait_until_said(&site, "answered 403").await;
    assert_eq!(site.get("/eureka/apps").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_peer_that_answers_503_is_no_answer() {
    let site = Site::start_with(beside(scripted(Some(["503 Service Unavailable"; 2])).await), 0);
    wait_until_said(&site, "answered 503").await;
    assert_eq!(site.get("/eureka/apps").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_peer_that_hangs_is_not_waited_for_once_another_has_told() {
    let hanging = scripted(None).await;
    let known = Site::start();
    known.register("ORDERS", "a", 90).await;
    let urls = vec![format!("http://{hanging}/eureka"), known.url.clone()];
    let peers = Peers { urls, wait_ms: 600_000, ..Peers::default() };
    let site = Site::start_with(Settings { peers, ..Settings::default() }, 0);
    wait_until_open(&site).await;
    assert_eq!(site.get("/eureka/apps/ORDERS/a").await.status, StatusCode::OK);
}

#[tokio::test]
async fn peers_are_found_by_a_name() {
    let known = Site::start();
    known.register("ORDERS", "a", 90).await;
    let dns = format!("http://localhost:{}/eureka", known.addr.port());
    let peers = Peers { dns, wait_ms: 600_000, ..Peers::default() };
    let site = Site::start_with(Settings { peers, ..Settings::default() }, 0);
    wait_until_open(&site).await;
    assert_eq!(site.get("/eureka/apps/ORDERS/a").await.status, StatusCode::OK);
    // And it is told from then on.
    site.register("BASKET", "b", 90).await;
    let until = Instant::now() + PATIENCE;
    while known.get("/eureka/apps/BASKET/b").await.status != StatusCode::OK {
        assert!(Instant::now() < until, "it is not told");
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_name_that_leads_to_nobody_is_waited_for() {
    let dns = "http://nobody.invalid:8761/eureka".to_owned();
    let peers = Peers { dns, wait_ms: 600_000, ..Peers::default() };
    let site = Site::start_with(Settings { peers, ..Settings::default() }, 0);
    wait_until_said(&site, "is not found in DNS").await;
    assert_eq!(site.get("/eureka/apps").await.status, StatusCode::FORBIDDEN);
}
