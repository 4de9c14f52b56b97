//! A partner's server that receives webhooks, and does with them what a test says.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use http::{HeaderMap, StatusCode};
use tokio_util::sync::CancellationToken;

/// Something that came in.
#[derive(Debug, Clone)]
pub struct Received {
    pub headers: HeaderMap,
    pub body: String,
}

/// What it answers.
#[derive(Clone, Copy)]
pub enum Mood {
    Fine,
    Broken,
    Elsewhere,
    Gone,
    /// Asks for time, in the words of `Retry-After`.
    Busy(&'static str),
    /// Takes the request and never answers.
    Hangs,
}

#[derive(Clone)]
pub struct Receiver {
    pub addr: SocketAddr,
    inner: Arc<Mutex<(Mood, Vec<Received>)>>,
}

impl Receiver {
    pub fn start(mood: Mood) -> Self {
        let listener = bijou_chassis::bind(SocketAddr::from(([127, 0, 0, 1], 0)), "receiver").unwrap();
        let receiver = Self { addr: listener.local_addr().unwrap(), inner: Arc::new(Mutex::new((mood, Vec::new()))) };
        let routes = Router::new().route("/hook", post(receive)).with_state(receiver.clone());
        tokio::spawn(bijou_chassis::serve(listener, routes, CancellationToken::new()));
        receiver
    }

    pub fn url(&self) -> String {
        format!("http://{}/hook", self.addr)
    }

    pub fn answers(&self, mood: Mood) {
        self.inner.lock().unwrap().0 = mood;
    }

    pub fn received(&self) -> Vec<Received> {
        self.inner.lock().unwrap().1.clone()
    }
}

async fn receive(State(receiver): State<Receiver>, headers: HeaderMap, body: String) -> Response {
    let mood = {
        let mut inner = receiver.inner.lock().unwrap();
        inner.1.push(Received { headers, body });
        inner.0
    };
    match mood {
        Mood::Hangs => std::future::pending().await,
        Mood::Fine => StatusCode::NO_CONTENT.into_response(),
        Mood::Broken => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Mood::Elsewhere => Redirect::temporary("http://127.0.0.1:1/inward").into_response(),
        Mood::Busy(wait) => (StatusCode::TOO_MANY_REQUESTS, [("retry-after", wait)]).into_response(),
        Mood::Gone => StatusCode::GONE.into_response(),
    }
}
