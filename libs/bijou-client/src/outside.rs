//! Posting to an address outside the platform, such as a telemetry collector.
//!
//! Nothing of ours goes along: no passport, no deadline, no trace, no request id. TLS where the address says `https`, by
//! the machine's own certificates. Deliberately absent: retries (the caller knows what a second time would mean),
//! redirects, and any check where the address leads, which is an operator's setting and not a user's.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::RootCertStore;
use rustls::crypto::ring::default_provider;

/// Connections are kept so long.
const IDLE: Duration = Duration::from_secs(30);

/// Why there is no answer from outside.
#[derive(Debug, thiserror::Error)]
pub enum OutsideError {
    /// The address is none.
    #[error("`{url}` cannot be posted to")]
    Unbuildable {
        url: String,
        #[source]
        source: http::Error,
    },
    /// No connection, or it broke.
    #[error("`{url}` does not answer")]
    Unreachable {
        url: String,
        #[source]
        source: hyper_util::client::legacy::Error,
    },
    /// The answer's body broke off, or was longer than its reader wants.
    #[error("the answer of `{url}` cannot be read")]
    Unreadable {
        url: String,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// It took too long.
    #[error("`{url}` did not answer within {after:?}")]
    TimedOut { url: String, after: Duration },
}

/// An answer from outside.
#[derive(Debug, Clone)]
pub struct OutsideAnswer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// Posts to addresses outside the platform. Cheap to clone; clones share connections.
#[derive(Debug, Clone)]
pub struct Outside(Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

impl Outside {
    /// Trusts whom the machine trusts. An error when the machine has no certificates at all.
    pub fn new(connect_timeout: Duration) -> io::Result<Self> {
        let builder = HttpsConnectorBuilder::new().with_provider_and_native_roots(default_provider())?;
        Ok(Self::of(builder.https_or_http().enable_http1().wrap_connector(connector(connect_timeout))))
    }

    /// Trusts these alone.
    pub fn trusting(roots: RootCertStore, connect_timeout: Duration) -> Self {
        let tls = rustls::ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring speaks TLS 1.2 and 1.3")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let builder = HttpsConnectorBuilder::new().with_tls_config(tls);
        Self::of(builder.https_or_http().enable_http1().wrap_connector(connector(connect_timeout)))
    }

    fn of(connector: HttpsConnector<HttpConnector>) -> Self {
        let mut builder = Client::builder(TokioExecutor::new());
        Self(builder.pool_timer(TokioTimer::new()).pool_idle_timeout(IDLE).build(connector))
    }

    /// Posts once, with these header fields besides the usual ones. Any status is an answer; `body_bytes_max` bounds what is
    /// read of it.
    pub async fn post(
        &self,
        url: &str,
        content_type: &str,
        headers: &[(String, String)],
        body: Bytes,
        timeout: Duration,
        body_bytes_max: usize,
    ) -> Result<OutsideAnswer, OutsideError> {
        let request = Request::post(url)
            .header(CONTENT_TYPE, content_type)
            .header(USER_AGENT, concat!("Bijou/", env!("CARGO_PKG_VERSION")));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(name, value));
        let request = request
            .body(Full::new(body))
            .map_err(|source| OutsideError::Unbuildable { url: url.to_owned(), source })?;
        let exchange = async {
            let answer = self.0.request(request).await;
            let answer = answer.map_err(|source| OutsideError::Unreachable { url: url.to_owned(), source })?;
            let (parts, body) = answer.into_parts();
            let body = Limited::new(body, body_bytes_max).collect().await;
            let body = body.map_err(|source| OutsideError::Unreadable { url: url.to_owned(), source })?;
            Ok(OutsideAnswer { status: parts.status, headers: parts.headers, body: body.to_bytes() })
        };
        let late = |_| OutsideError::TimedOut { url: url.to_owned(), after: timeout };
        tokio::time::timeout(timeout, exchange).await.map_err(late)?
    }
}

fn connector(connect_timeout: Duration) -> HttpConnector {
    let mut connector = HttpConnector::new();
    connector.enforce_http(false);
    connector.set_nodelay(true);
    connector.set_connect_timeout(Some(connect_timeout));
    connector
}
