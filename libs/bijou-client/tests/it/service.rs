//! A service that does as it is told: each request takes the next step of its script, the last one for ever.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// What to do with a request.
#[derive(Debug, Clone)]
pub enum Step {
    /// Answer with status and body.
    Answer(u16, &'static str),
    /// Never answer.
    Hang,
    /// Close the connection after reading the request.
    Break,
    /// Send half a body, then close.
    BreakInBody,
}

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Received {
    pub path_and_query: String,
    pub headers: HeaderMap,
}

pub struct Service {
    pub addr: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Service {
    pub async fn start(script: impl IntoIterator<Item = Step>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let addr = listener.local_addr().expect("bound");
        let received = Arc::new(Mutex::new(Vec::new()));
        let script: Arc<[Step]> = script.into_iter().collect();
        let log = Arc::clone(&received);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (script, log) = (Arc::clone(&script), Arc::clone(&log));
                let service = service_fn(move |request| serve(Arc::clone(&script), Arc::clone(&log), request));
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Self { addr, received }
    }

    pub fn received(&self) -> Vec<Received> {
        self.received.lock().expect("no panic").clone()
    }

    pub fn base(&self) -> String {
        format!("http://{}", self.addr)
    }
}

type Body = http_body_util::combinators::BoxBody<Bytes, std::io::Error>;

async fn serve(
    script: Arc<[Step]>,
    log: Arc<Mutex<Vec<Received>>>,
    request: Request<Incoming>,
) -> Result<Response<Body>, std::io::Error> {
    let (parts, body) = request.into_parts();
    body.collect().await.map_err(std::io::Error::other)?;
    let step = {
        let mut log = log.lock().expect("no panic");
        let step = script[log.len().min(script.len() - 1)].clone();
        log.push(Received {
            path_and_query: parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
            headers: parts.headers,
        });
        step
    };
    match step {
        Step::Answer(status, text) => {
            let mut response = Response::new(Full::from(text).map_err(|never: Infallible| match never {}).boxed());
            *response.status_mut() = StatusCode::from_u16(status).expect("a status");
            Ok(response)
        }
        Step::Hang => std::future::pending().await,
        Step::Break => Err(std::io::Error::other("told to")),
        Step::BreakInBody => {
            let pieces = futures_util::stream::iter([
                Ok(hyper::body::Frame::data(Bytes::from_static(b"{\"half\":"))),
                Err(std::io::Error::other("told to")),
            ]);
            Ok(Response::new(http_body_util::StreamBody::new(pieces).boxed()))
        }
    }
}
