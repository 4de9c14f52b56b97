//! One keep-alive HTTP/1.1 connection to a registry, opened when needed.
//!
//! No pool and no redirects: a registration makes one small request every few seconds, a watch is one long response.
//! What carries the bytes is a [`Dial`]: TCP, TLS ([`crate::tls::Secure`]), or whatever a test puts in its place.

use std::{fmt, io, pin::Pin, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, header};
use http_body_util::Full;
use hyper::{body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::oneshot,
    time::timeout,
};

use crate::ServiceUrl;

/// How long a connection attempt may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// How long a registry may take until the head of its response is there.
const HEAD_TIMEOUT: Duration = Duration::from_secs(3);

/// Why no response came. None of these says whether the registry saw the request; all its requests may be repeated.
#[derive(Debug, thiserror::Error)]
pub enum ConnectionError {
    #[error("failed to connect to `{address}`")]
    Connect {
        address: String,
        #[source]
        source: std::io::Error,
    },
    #[error("`{address}` did not answer in time")]
    TimedOut { address: String },
    #[error("the exchange with `{address}` failed")]
    Exchange {
        address: String,
        #[source]
        source: hyper::Error,
    },
    #[error("the request is not one that can be sent")]
    Request(#[source] http::Error),
    /// Of several nodes. Each has a reason of its own, so they stand in the text.
    #[error("no node of the registry answers: {failures}")]
    NoNode { failures: String },
}

/// Bytes both ways.
pub trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// What [`Dial::dial`] returns.
pub type Dialing<'a> = Pin<Box<dyn Future<Output = io::Result<Box<dyn Duplex>>> + Send + 'a>>;

/// Makes connections.
pub trait Dial: fmt::Debug + Send + Sync {
    /// Connects to where the registry is.
    fn dial<'a>(&'a self, url: &'a ServiceUrl) -> Dialing<'a>;
}

/// Plain TCP.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tcp;

impl Dial for Tcp {
    fn dial<'a>(&'a self, url: &'a ServiceUrl) -> Dialing<'a> {
        Box::pin(async move {
            if url.is_tls() {
                return Err(io::Error::new(io::ErrorKind::Unsupported, "this connection is not made by TLS"));
            }
            let stream = TcpStream::connect(url.connect_to()).await?;
            // Small requests and an event stream: waiting to fill a packet would only add latency.
            stream.set_nodelay(true)?;
            Ok(Box::new(stream) as Box<dyn Duplex>)
        })
    }
}

#[derive(Debug)]
pub(crate) struct Connection {
    url: ServiceUrl,
    dial: Arc<dyn Dial>,
    open: Option<Open>,
}

/// A connection that was made. What it breaks of is told beside it: its sender knows only that it is closed.
#[derive(Debug)]
struct Open {
    sender: http1::SendRequest<Full<Bytes>>,
    broke: oneshot::Receiver<hyper::Error>,
}

impl Connection {
    pub(crate) fn over(url: ServiceUrl, dial: Arc<dyn Dial>) -> Self {
        Connection { url, dial, open: None }
    }

    /// Where it leads.
    pub(crate) fn address(&self) -> &str {
        self.url.connect_to()
    }

    /// Sends one request and returns its response as soon as the head is there. `rest` is the path below the prefix.
    /// A kept connection that turns out to be closed is replaced once, silently: every request of this protocol may be
    /// sent twice.
    pub(crate) async fn send(
        &mut self,
        method: Method,
        rest: &str,
        headers: &HeaderMap,
        body: Bytes,
    ) -> Result<Response<Incoming>, ConnectionError> {
        if let Some(mut kept) = self.open.take().filter(|kept| !kept.sender.is_closed()) {
            let request = self.request(&method, rest, headers, &body)?;
            if let Ok(response) = self.exchange(&mut kept, request).await {
                self.open = Some(kept);
                return Ok(response);
            }
        }
        let mut fresh = self.connect().await?;
        let request = self.request(&method, rest, headers, &body)?;
        let response = self.exchange(&mut fresh, request).await?;
        self.open = Some(fresh);
        Ok(response)
    }

    async fn connect(&self) -> Result<Open, ConnectionError> {
        let address = self.url.connect_to();
        let stream = timeout(CONNECT_TIMEOUT, self.dial.dial(&self.url))
            .await
            .map_err(|_| ConnectionError::TimedOut { address: address.to_owned() })?
            .map_err(|source| ConnectionError::Connect { address: address.to_owned(), source })?;
        let (sender, driver) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|source| ConnectionError::Exchange { address: address.to_owned(), source })?;
        let (tell, broke) = oneshot::channel();
        // The driver ends by itself once the sender and the response's body are dropped.
        tokio::spawn(async move {
            if let Err(error) = driver.await {
                tracing::debug!(error = %error, "registry connection closed");
                // Whoever sent a request was told by its answer, and does not listen any more.
                let _ = tell.send(error);
            }
        });
        Ok(Open { sender, broke })
    }

    async fn exchange(
        &self,
        Open { sender, broke }: &mut Open,
        request: Request<Full<Bytes>>,
    ) -> Result<Response<Incoming>, ConnectionError> {
        let address = self.url.connect_to();
        let exchange = async {
            let sent = async {
                sender.ready().await?;
                sender.send_request(request).await
            };
            match sent.await {
                // A registry may turn us away before it is asked anything.
                Err(error) if error.is_closed() || error.is_canceled() => Err(broke.await.unwrap_or(error)),
                outcome => outcome,
            }
        };
        timeout(HEAD_TIMEOUT, exchange)
            .await
            .map_err(|_| ConnectionError::TimedOut { address: address.to_owned() })?
            .map_err(|source| ConnectionError::Exchange { address: address.to_owned(), source })
    }

    fn request(
        &self,
        method: &Method,
        rest: &str,
        headers: &HeaderMap,
        body: &Bytes,
    ) -> Result<Request<Full<Bytes>>, ConnectionError> {
        let mut request = Request::builder()
            .method(method.clone())
            .uri(self.url.path(rest))
            .header(header::HOST, self.url.authority())
            .body(Full::new(body.clone()))
            .map_err(ConnectionError::Request)?;
        request.headers_mut().extend(headers.clone());
        if let Some(authorization) = self.url.authorization() {
            request.headers_mut().insert(header::AUTHORIZATION, authorization.clone());
        }
        request.headers_mut().insert(header::USER_AGENT, HeaderValue::from_static("bijou-eureka"));
        Ok(request)
    }
}

/// The pause before attempt number `attempt` (from 0): doubles from 50 ms up to one second, so that a registry that is
/// back is found within a second, and shortened at random by up to half (`fraction` in 0..1), so that a fleet does not
/// come back in step.
pub(crate) fn pause_before(attempt: u32, fraction: f64) -> Duration {
    let full_ms = 50_u64.saturating_mul(1 << attempt.min(10)).min(1_000);
    Duration::from_millis(full_ms).mul_f64(1.0 - 0.5 * fraction.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_second_and_jitter_only_shortens() {
        let full = (0..8).map(|attempt| pause_before(attempt, 0.0).as_millis()).collect::<Vec<_>>();
        assert_eq!(full, [50, 100, 200, 400, 800, 1000, 1000, 1000]);
        assert_eq!(pause_before(2, 1.0), Duration::from_millis(100));
        assert_eq!(pause_before(u32::MAX, 0.0), Duration::from_secs(1));
    }
}
