//! Connections: hyper-util's pooled HTTP/1.1 client with our bounds.

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::{TokioExecutor, TokioTimer};

use crate::ClientConfig;

#[derive(Debug, Clone)]
pub(crate) struct Transport(Client<HttpConnector, Full<Bytes>>);

/// Why a request got no answer's head.
#[derive(Debug)]
pub(crate) enum TransportError {
    /// It never left.
    NotSent(Error),
    /// It may have arrived.
    Broken(Error),
}

impl Transport {
    pub(crate) fn new(config: &ClientConfig) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(config.connect_timeout));
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(config.idle_timeout)
            .pool_max_idle_per_host(config.idle_connections_max)
            .build(connector);
        Self(client)
    }

    pub(crate) async fn send(&self, request: Request<Full<Bytes>>) -> Result<http::Response<Incoming>, TransportError> {
        self.0.request(request).await.map_err(|error| {
            if error.is_connect() || was_canceled(&error) {
                TransportError::NotSent(error)
            } else {
                TransportError::Broken(error)
            }
        })
    }
}

/// Whether hyper gave the request back unsent: the pooled connection was closed under it.
fn was_canceled(error: &Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        if inner.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_canceled) {
            return true;
        }
        source = inner.source();
    }
    false
}
