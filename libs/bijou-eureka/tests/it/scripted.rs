//! A registry whose every answer is decided by the test.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::{Request, Response};
use http_body_util::{BodyExt, Either, Full, StreamBody, combinators::BoxBody};
use hyper::{
    body::{Frame, Incoming},
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// `GET /eureka/apps`, and the body.
#[derive(Clone, Debug)]
pub struct Seen {
    pub line: String,
    pub body: String,
}

pub enum Reply {
    Status(u16),
    Json(String),
    /// An event stream that ends after these events, or stays open and silent.
    Events {
        events: String,
        stays_open: bool,
    },
    /// Never answers.
    Silence,
}

type Script = dyn Fn(&Seen, usize) -> Reply + Send + Sync;

/// A running one. It ends with the test's runtime.
pub struct Scripted {
    pub url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Scripted {
    /// `script` is given each request and how many came before it.
    pub async fn start(script: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let url = format!("http://{}/eureka/", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let script: Arc<Script> = Arc::new(script);
        let all = Arc::clone(&seen);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (script, seen) = (Arc::clone(&script), Arc::clone(&seen));
                let service = service_fn(move |request| answer(Arc::clone(&script), Arc::clone(&seen), request));
                tokio::spawn(
                    hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service),
                );
            }
        });
        Scripted { url, seen: all }
    }

    pub fn lines(&self) -> Vec<String> {
        self.seen.lock().unwrap().iter().map(|seen| seen.line.clone()).collect()
    }

    pub fn bodies(&self, beginning: &str) -> Vec<String> {
        let seen = self.seen.lock().unwrap();
        seen.iter().filter(|seen| seen.line.starts_with(beginning)).map(|seen| seen.body.clone()).collect()
    }

    pub fn count(&self, beginning: &str) -> usize {
        self.lines().iter().filter(|line| line.starts_with(beginning)).count()
    }
}

async fn answer(
    script: Arc<Script>,
    all: Arc<Mutex<Vec<Seen>>>,
    request: Request<Incoming>,
) -> Result<Response<BoxBody<Bytes, Infallible>>, Infallible> {
    let line = format!("{} {}", request.method(), request.uri());
    let body = request.into_body().collect().await.unwrap().to_bytes();
    let seen = Seen { line, body: String::from_utf8(body.to_vec()).unwrap() };
    let before = {
        let mut all = all.lock().unwrap();
        all.push(seen.clone());
        all.len() - 1
    };
    let whole = |text: String| Either::Left(Full::new(Bytes::from(text)));
    let (status, kind, body) = match script(&seen, before) {
        Reply::Status(status) => (status, "text/plain", whole(String::new())),
        Reply::Json(text) => (200, "application/json", whole(text)),
        Reply::Events { events, stays_open } => {
            let first = stream::once(async move { Ok::<_, Infallible>(Frame::data(Bytes::from(events))) });
            let rest = if stays_open { stream::pending().right_stream() } else { stream::empty().left_stream() };
            (200, "text/event-stream", Either::Right(StreamBody::new(first.chain(rest))))
        }
        Reply::Silence => std::future::pending().await,
    };
    let body = body.map_err(|never| -> Infallible { unreachable!("{never}") }).boxed();
    Ok(Response::builder().status(status).header("content-type", kind).body(body).unwrap())
}
