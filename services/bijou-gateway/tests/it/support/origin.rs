//! Origins: small services that do as the test tells them, and say what they saw.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

/// A service on a port of its own, until it is killed.
pub struct Origin {
    pub addr: SocketAddr,
    seen: Arc<AtomicU64>,
    last: Arc<Mutex<Option<Value>>>,
    /// Its own, so that killing it closes its connections as the end of a process would.
    runtime: Mutex<Option<Runtime>>,
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

impl Origin {
    /// Answers everything with what it saw.
    pub async fn echo(name: &str) -> Self {
        let name = name.to_owned();
        Self::start(move |request| {
            let name = name.clone();
            async move { echo(&name, request).await }
        })
        .await
    }

    /// Answers everything with `status`.
    pub async fn status(status: u16) -> Self {
        Self::start(move |_| async move { Response::builder().status(status).body(Body::empty()).unwrap() }).await
    }

    /// Answers as `handler` says.
    pub async fn start<F, Fut>(handler: F) -> Self
    where
        F: Fn(Request) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Response> + Send,
    {
        Self::serve(handler, false).await
    }

    /// Answers as `handler` says, requests for the service's document too.
    pub async fn with_document<F, Fut>(handler: F) -> Self
    where
        F: Fn(Request) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Response> + Send,
    {
        Self::serve(handler, true).await
    }

    async fn serve<F, Fut>(handler: F, serves_document: bool) -> Self
    where
        F: Fn(Request) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Response> + Send,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (seen, last) = (Arc::new(AtomicU64::new(0)), Arc::new(Mutex::new(None)));
        let (counter, memory) = (Arc::clone(&seen), Arc::clone(&last));
        let addr = listener.local_addr().unwrap();
        // The gateway asks everybody for a document; that is no request of the test's.
        let is_asked_for_document =
            move |request: &Request| request.uri().path() == "/openapi.json" && !serves_document;
        let app = Router::new().fallback(move |request: Request| {
            let (counter, memory, handler) = (Arc::clone(&counter), Arc::clone(&memory), handler.clone());
            async move {
                if is_asked_for_document(&request) {
                    return Response::builder().status(404).body(Body::empty()).unwrap();
                }
                counter.fetch_add(1, Ordering::Relaxed);
                *memory.lock().unwrap() = Some(describe(&request));
                handler(request).await
            }
        });
        let runtime = runtime();
        let listener = listener.into_std().unwrap();
        runtime.spawn(async move {
            axum::serve(TcpListener::from_std(listener).unwrap(), app).await.unwrap();
        });
        Self { addr, seen, last, runtime: Mutex::new(Some(runtime)) }
    }

    /// Answers each connection as `handler` says, byte by byte.
    pub async fn raw<F, Fut>(handler: F) -> Self
    where
        F: Fn(TcpStream) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let seen = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&seen);
        let runtime = runtime();
        let listener = listener.into_std().unwrap();
        runtime.spawn(async move {
            let listener = TcpListener::from_std(listener).unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                let mut first = [0; 13];
                // The gateway asks everybody for a document; that is no connection of the test's.
                if matches!(stream.peek(&mut first).await, Ok(13)) && &first == b"GET /openapi." {
                    continue;
                }
                counter.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(handler(stream));
            }
        });
        Self { addr, seen, last: Arc::default(), runtime: Mutex::new(Some(runtime)) }
    }

    /// Reads a head, then sends these bytes and closes.
    pub async fn says(bytes: &'static [u8]) -> Self {
        Self::raw(move |mut stream| async move {
            read_head(&mut stream).await;
            let _ = stream.write_all(bytes).await;
        })
        .await
    }

    /// Requests (or raw connections) so far.
    pub fn seen(&self) -> u64 {
        self.seen.load(Ordering::Relaxed)
    }

    /// The last request: method, path, headers.
    pub fn last(&self) -> Value {
        self.last.lock().unwrap().clone().unwrap_or_default()
    }

    /// Ends at once: its port is closed, its connections break.
    pub fn kill(&self) {
        if let Some(runtime) = self.runtime.lock().unwrap().take() {
            runtime.shutdown_background();
            // "Background": the port is closed a moment later.
            let is_open = |_: &u32| std::net::TcpStream::connect(self.addr).is_ok();
            for _ in (0..500).take_while(is_open) {
                std::thread::sleep(std::time::Duration::from_millis(4));
            }
        }
    }
}

impl Drop for Origin {
    fn drop(&mut self) {
        self.kill();
    }
}

pub async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0; 1];
    while !head.ends_with(b"\r\n\r\n") && matches!(stream.read(&mut byte).await, Ok(1)) {
        head.push(byte[0]);
    }
    String::from_utf8_lossy(&head).into_owned()
}

fn describe(request: &Request) -> Value {
    let headers: serde_json::Map<String, Value> = request
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), json!(String::from_utf8_lossy(value.as_bytes()))))
        .collect();
    json!({ "method": request.method().as_str(), "target": request.uri().to_string(), "headers": headers })
}

async fn echo(name: &str, request: Request) -> Response {
    let mut seen = describe(&request);
    let body = request.into_body().collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    seen["instance"] = json!(name);
    seen["body_bytes"] = json!(body.len());
    Response::builder().header("content-type", "application/json").body(Body::from(seen.to_string())).unwrap()
}
