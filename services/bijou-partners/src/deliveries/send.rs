//! One POST to a partner's address, and to no address of ours.
//!
//! The name is looked up by our own resolver, which leaves out every address that is not on the open internet: what is
//! checked is what is connected to. Redirects are not followed, answers not read, and everything has one time limit.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http::header::{CONTENT_TYPE, RETRY_AFTER, USER_AGENT};
use http_body_util::Full;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::rt::TokioExecutor;
use tower::Service;

use crate::domain::target;

type Connector = HttpsConnector<HttpConnector<OpenInternet>>;

/// Sends webhooks. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Sender {
    client: Client<Connector, Full<Bytes>>,
    timeout: Duration,
    allow_private: bool,
}

/// What a receiver said, as far as it is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// `Retry-After`, as it was sent.
    pub(super) retry_after: Option<String>,
}

impl Sender {
    /// `allow_private`: also into private networks and without TLS.
    pub(crate) fn new(timeout: Duration, allow_private: bool) -> io::Result<Self> {
        let mut connector = HttpConnector::new_with_resolver(OpenInternet { allow_private });
        connector.enforce_http(false);
        connector.set_connect_timeout(Some(timeout / 2));
        let builder =
            HttpsConnectorBuilder::new().with_provider_and_native_roots(rustls::crypto::ring::default_provider())?;
        let connector = if allow_private {
            builder.https_or_http().enable_http1().wrap_connector(connector)
        } else {
            builder.https_only().enable_http1().wrap_connector(connector)
        };
        let client = Client::builder(TokioExecutor::new()).pool_idle_timeout(Duration::from_secs(30)).build(connector);
        Ok(Self { client, timeout, allow_private })
    }

    /// The receiver's answer, or in words why there is none.
    pub(super) async fn send(
        &self,
        url: &str,
        message_id: &str,
        timestamp_s: i64,
        signature: &str,
        body: String,
    ) -> Result<Answer, String> {
        let url = target::parse(url, self.allow_private).map_err(|error| format!("the address {error}"))?;
        let request = Request::post(url.as_str())
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, concat!("Bijou/", env!("CARGO_PKG_VERSION")))
            .header("webhook-id", message_id)
            .header("webhook-timestamp", timestamp_s)
            .header("webhook-signature", signature)
            .body(Full::new(Bytes::from(body)))
            .map_err(|error| error.to_string())?;
        match tokio::time::timeout(self.timeout, self.client.request(request)).await {
            Ok(Ok(answer)) => {
                let asked = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
                Ok(Answer { status: answer.status().as_u16(), retry_after: asked.map(str::to_owned) })
            }
            Ok(Err(error)) => Err(innermost(&error)),
            Err(_) => Err(format!("no answer within {} s", self.timeout.as_secs_f32())),
        }
    }
}

/// The part of an error chain that says what happened.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

/// Looks names up and gives only addresses that may be called.
#[derive(Debug, Clone)]
struct OpenInternet {
    allow_private: bool,
}

impl Service<Name> for OpenInternet {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let allow_private = self.allow_private;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<_> = found.filter(|addr| allow_private || target::check(addr.ip()).is_ok()).collect();
            if allowed.is_empty() {
                let reason = format!("`{}` leads to no address on the open internet", name.as_str());
                return Err(io::Error::new(io::ErrorKind::PermissionDenied, reason));
            }
            Ok(allowed.into_iter())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is connected to under a name that leads inward, on every machine.
    async fn found(allow_private: bool) -> io::Result<Vec<SocketAddr>> {
        let name = "localhost".parse().expect("a name");
        OpenInternet { allow_private }.call(name).await.map(Iterator::collect)
    }

    #[tokio::test]
    async fn a_name_that_leads_inward_leads_nowhere() {
        let error = found(false).await.expect_err("nothing but our own addresses");
        assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
        assert_eq!(error.to_string(), "`localhost` leads to no address on the open internet");
        let opened = found(true).await.expect("the operator opened their own network");
        assert!(!opened.is_empty() && opened.iter().all(|addr| addr.ip().is_loopback()), "{opened:?}");
    }

    #[tokio::test]
    async fn what_was_found_out_about_a_name_is_what_is_said() {
        // The address as such is let through here: that it was not called is the resolver's doing alone.
        let sender = Sender::new(Duration::from_secs(20), false).expect("a client");
        let request = Request::post("https://localhost:1/").body(Full::new(Bytes::new())).expect("a request");
        let error = sender.client.request(request).await.expect_err("it is not called");
        assert_eq!(innermost(&error), "`localhost` leads to no address on the open internet");
    }
}
