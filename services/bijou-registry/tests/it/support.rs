//! A registry of one's own, and a plain HTTP client for it.

use std::{net::SocketAddr, path::Path, time::Duration};

use bijou_registry::{Running, Settings};
use bijou_telemetry::Metrics;
use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use tokio_util::sync::CancellationToken;

/// How long anything may take that has to happen.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub struct Site {
    pub addr: SocketAddr,
    pub url: String,
    pub tls_addr: Option<SocketAddr>,
    shutdown: CancellationToken,
    running: Option<Running>,
}

impl Site {
    pub fn start() -> Self {
        Self::start_with(Settings::default(), 0)
    }

    /// On a port of choice, so that a registry can come back where another one was.
    pub fn start_with(settings: Settings, port: u16) -> Self {
        Self::start_in(settings, port, None)
    }

    /// The same with its leases kept in a folder.
    pub fn start_in(settings: Settings, port: u16, folder: Option<&Path>) -> Self {
        let shutdown = CancellationToken::new();
        let settings = Settings { listen: SocketAddr::from(([127, 0, 0, 1], port)), threads: 2, ..settings };
        let running = bijou_registry::start(&settings, folder, Metrics::new(), None, "test", shutdown.clone()).unwrap();
        let (addr, tls_addr) = (running.addr, running.tls_addr);
        Site { addr, url: format!("http://{addr}/eureka"), tls_addr, shutdown, running: Some(running) }
    }

    /// Tells it to stop, without waiting for that.
    pub fn shut_down(&self) {
        self.shutdown.cancel();
    }

    pub async fn stop(mut self) {
        self.shutdown.cancel();
        self.running.take().unwrap().stopped().await;
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, HeaderMap::new(), Bytes::new()).await
    }

    pub async fn get_json(&self, path: &str) -> serde_json::Value {
        let headers = HeaderMap::from_iter([(http::header::ACCEPT, "application/json".parse().unwrap())]);
        let answer = self.send(Method::GET, path, headers, Bytes::new()).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        serde_json::from_slice(&answer.body).unwrap()
    }

    pub async fn send(&self, method: Method, path: &str, headers: HeaderMap, body: Bytes) -> Answer {
        let response = self.open(method, path, headers, body).await;
        let (parts, body) = response.into_parts();
        Answer { status: parts.status, headers: parts.headers, body: body.collect().await.unwrap().to_bytes() }
    }

    /// A response whose body is not read yet.
    pub async fn open(&self, method: Method, path: &str, headers: HeaderMap, body: Bytes) -> Response<Incoming> {
        let stream = tokio::net::TcpStream::connect(self.addr).await.unwrap();
        let (mut sender, driver) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(driver);
        let mut request =
            Request::builder().method(method).uri(path).header("host", "test").body(Full::new(body)).unwrap();
        request.headers_mut().extend(headers);
        sender.send_request(request).await.unwrap()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// A registration as small as it may be.
pub fn registration(app: &str, id: &str, port: u16, lease_s: u32, version: u64) -> Bytes {
    format!(
        r#"{{"instance":{{"instanceId":"{id}","hostName":"127.0.0.1","app":"{app}","ipAddr":"127.0.0.1","status":"UP",
        "port":{{"$":{port},"@enabled":"true"}},"dataCenterInfo":{{"name":"MyOwn"}},"vipAddress":"{app}",
        "leaseInfo":{{"renewalIntervalInSecs":1,"durationInSecs":{lease_s}}},"lastDirtyTimestamp":"{version}"}}}}"#
    )
    .into()
}

impl Site {
    pub async fn register(&self, app: &str, id: &str, lease_s: u32) {
        let headers = HeaderMap::from_iter([(http::header::CONTENT_TYPE, "application/json".parse().unwrap())]);
        let body = registration(app, id, 8080, lease_s, 1_790_000_000_000);
        let answer = self.send(Method::POST, &format!("/eureka/apps/{app}"), headers, body).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
    }
}
