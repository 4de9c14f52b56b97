//! The requests a client makes of a registry, each as one call with a typed answer.
//!
//! No retries here: [`crate::Registration`] and [`crate::Discovery`] know better when to ask again.

use std::{collections::VecDeque, io::Read, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::{sync::Mutex, time::timeout};

use crate::{
    Applications, DecodeError, HEARSAY, Hearsay, Instance, ServiceUrl, ServiceUrlError, Status,
    connection::{ConnectionError, Dial, Tcp},
    digests::Digests,
    json::{self, ReplicationItem, ReplicationReply},
    nodes::Nodes,
    report::LeaseReport,
    sse, tls,
};

/// A list of 100,000 instances is about 100 MB; whatever is longer is not a registry.
const BODY_BYTES_MAX: usize = 256 * 1024 * 1024;
const BODY_TIMEOUT: Duration = Duration::from_secs(20);
const WATCH_SILENCE_MAX: Duration = Duration::from_secs(15);
/// Everything but unreserved characters is encoded: ids hold `:` and, rarely, `/`.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    #[error("the registry answered {status} to {request}")]
    Refused { request: &'static str, status: StatusCode },
    #[error("the body of the registry's answer did not arrive whole")]
    Body(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the registry's answer could not be read")]
    Decode(#[source] DecodeError),
}

impl RegistryError {
    /// Whether TLS is what failed. Its text says what to do, and asking again changes nothing.
    pub fn is_about_tls(&self) -> bool {
        tls::is_cause_of(self)
    }
}

/// What became of a renewal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Renewal {
    Renewed,
    /// The registry knows no such instance, or an older one: register (again).
    Forgotten,
}

/// A registry, asked directly. Requests are made one after another, on one connection to a node.
#[derive(Debug)]
pub struct RegistryClient {
    nodes: Mutex<Nodes>,
}

impl RegistryClient {
    /// Of several addresses with commas between them each request goes to the first that answers, beginning with the one
    /// that answered last.
    pub fn new(registry_url: &str) -> Result<Self, ServiceUrlError> {
        Self::new_over(registry_url, &(Arc::new(Tcp) as Arc<dyn Dial>))
    }

    /// The same with connections made by `dial`.
    pub fn new_over(registry_url: &str, dial: &Arc<dyn Dial>) -> Result<Self, ServiceUrlError> {
        Ok(RegistryClient { nodes: Mutex::new(Nodes::over(ServiceUrl::list(registry_url)?, dial)) })
    }

    /// A client of one node whose connections are made by `dial`.
    pub fn over(url: ServiceUrl, dial: Arc<dyn Dial>) -> Self {
        RegistryClient { nodes: Mutex::new(Nodes::over(vec![url], &dial)) }
    }

    /// All instances of all applications, in every status.
    pub async fn applications(&self) -> Result<Applications, RegistryError> {
        let body = self.read("GET apps", "/apps").await?;
        json::read_applications(&body).map_err(RegistryError::Decode)
    }

    /// All instances, asked for by the registry `node`: one of Bijou's that is starting itself tells its peers what it
    /// has, and other readers nothing.
    pub async fn applications_for(&self, node: &str) -> Result<Applications, RegistryError> {
        let name = HeaderValue::from_str(node).expect("a registry is named in hexadecimal");
        let headers = HeaderMap::from_iter([(HeaderName::from_static("bijou-node"), name)]);
        let (_, body) = self.read_with("GET apps", "/apps", headers).await?;
        json::read_applications(&body).map_err(RegistryError::Decode)
    }

    /// What changed within the last three minutes, with the hash code of everything.
    pub async fn delta(&self) -> Result<Applications, RegistryError> {
        let body = self.read("GET apps/delta", "/apps/delta").await?;
        json::read_applications(&body).map_err(RegistryError::Decode)
    }

    /// All instances with the tag of that version, unless it is still the one of `tag`; then the answer is held back
    /// for up to `hold` to wait for another one. Only a Bijou registry gives tags.
    pub async fn applications_unless(
        &self,
        tag: Option<&str>,
        hold: Duration,
    ) -> Result<Option<(Applications, Option<String>)>, RegistryError> {
        let mut headers = HeaderMap::new();
        if let Some(tag) = tag.and_then(|tag| HeaderValue::from_str(tag).ok()) {
            headers.insert(header::IF_NONE_MATCH, tag);
            let preferred = format!("wait={}", hold.as_secs());
            headers.insert("prefer", HeaderValue::from_str(&preferred).expect("a number in ASCII"));
        }
        let (headers, body) = match self.read_with("GET apps", "/apps", headers).await {
            Err(RegistryError::Refused { status: StatusCode::NOT_MODIFIED, .. }) => return Ok(None),
            outcome => outcome?,
        };
        let tag = headers.get(header::ETAG).and_then(|tag| tag.to_str().ok()).map(str::to_owned);
        let list = json::read_applications(&body).map_err(RegistryError::Decode)?;
        Ok(Some((list, tag)))
    }

    /// Opens the watch below the prefix, from `since` on if that is given; narrowed to one application if that is named.
    pub async fn watch(&self, app: Option<&str>, since: Option<&str>) -> Result<Watch, RegistryError> {
        let query = [("app", app), ("since", since)].into_iter().filter_map(|(name, value)| {
            let value = value?;
            Some(format!("{name}={}", segment(value)))
        });
        let query = query.collect::<Vec<_>>().join("&");
        let path = if query.is_empty() { "/watch".to_owned() } else { format!("/watch?{query}") };
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static("text/event-stream"));
        let mut nodes = self.nodes.lock().await;
        let response = nodes.send(Method::GET, &path, &headers, Bytes::new()).await?;
        if response.status() != StatusCode::OK {
            return Err(RegistryError::Refused { request: "GET watch", status: response.status() });
        }
        Ok(Watch { body: response.into_body(), parser: sse::Parser::new(BODY_BYTES_MAX), events: VecDeque::new() })
    }

    /// Sets an operator's override. `false` when there is no such instance.
    pub async fn override_status(
        &self,
        app: &str,
        id: &str,
        status: Status,
        reason: &str,
    ) -> Result<bool, RegistryError> {
        let path = format!("/apps/{}/{}/status?value={status}&reason={}", segment(app), segment(id), segment(reason));
        self.operate("override", Method::PUT, &path).await
    }

    /// Takes an override back; what the instance last said of itself counts again. A Java server, and a registry that has
    /// not heard that, say UNKNOWN until the instance registers again, at its next heartbeat. `false` when there is no
    /// such instance.
    pub async fn remove_override(&self, app: &str, id: &str, reason: &str) -> Result<bool, RegistryError> {
        let path = format!("/apps/{}/{}/status?reason={}", segment(app), segment(id), segment(reason));
        self.operate("remove override", Method::DELETE, &path).await
    }

    async fn operate(&self, request: &'static str, method: Method, path: &str) -> Result<bool, RegistryError> {
        match self.change(method, path, &HeaderMap::new(), Bytes::new()).await? {
            StatusCode::NOT_FOUND => Ok(false),
            status if status.is_success() => Ok(true),
            status => Err(RegistryError::Refused { request, status }),
        }
    }

    /// Bijou's own view of the leases, with ages and self-preservation. Only a Bijou registry has it.
    pub async fn leases(&self) -> Result<LeaseReport, RegistryError> {
        let body = self.read("GET leases", "/leases").await?;
        decoded(&body)
    }

    /// Sends a batch of events as one registry does to another. Not compressed: Spring's servers refuse that. A registry of
    /// Bijou is told beside it what Eureka has no words for.
    pub async fn replicate(
        &self,
        items: &[ReplicationItem],
        is_for_bijou: bool,
    ) -> Result<Vec<ReplicationReply>, RegistryError> {
        let mut body = Vec::with_capacity(items.len() * 256);
        json::write_replication(&mut body, items);
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert("discoveryidentity-name", HeaderValue::from_static("DefaultServer"));
        headers.insert("discoveryidentity-version", HeaderValue::from_static("1.0"));
        if let Some(told) = Hearsay::write(items.iter().map(|item| item.hearsay.filter(|_| is_for_bijou))) {
            headers.insert(HEARSAY, HeaderValue::from_str(&told).expect("digits and commas"));
        }
        let mut nodes = self.nodes.lock().await;
        let response = nodes.send(Method::POST, "/peerreplication/batch/", &headers, Bytes::from(body)).await?;
        let status = response.status();
        let told = response.headers().get(HEARSAY).and_then(|told| told.to_str().ok()).map(str::to_owned);
        let body = collect(response).await?;
        if status != StatusCode::OK {
            return Err(RegistryError::Refused { request: "POST peerreplication/batch", status });
        }
        let mut replies = json::read_replies(&body).map_err(RegistryError::Decode)?;
        if let Some(told) = told.and_then(|told| Hearsay::read(&told, replies.len())) {
            replies.iter_mut().zip(told).for_each(|(reply, told)| reply.hearsay = told);
        }
        Ok(replies)
    }

    /// A digest of each application, and the entries of the applications named (`*`: of all). Only a Bijou registry
    /// has them.
    pub async fn digests(&self, entries_of: &[&str]) -> Result<Digests, RegistryError> {
        let path = if entries_of.is_empty() {
            "/digests".to_owned()
        } else {
            let names = entries_of.iter().map(|name| segment(name).to_string()).collect::<Vec<_>>();
            format!("/digests?entries={}", names.join(","))
        };
        let body = self.read("GET digests", &path).await?;
        decoded(&body)
    }

    pub(crate) async fn register(&self, instance: &Instance) -> Result<(), RegistryError> {
        let mut body = Vec::with_capacity(1024);
        json::write_instance_document(&mut body, instance);
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let path = format!("/apps/{}", segment(&instance.app));
        let status = self.change(Method::POST, &path, &headers, Bytes::from(body)).await?;
        // Netflix's client insists on 204; a registry behind a proxy may say 200, which means the same.
        if status.is_success() { Ok(()) } else { Err(RegistryError::Refused { request: "register", status }) }
    }

    pub(crate) async fn renew(
        &self,
        app: &str,
        id: &str,
        status: Status,
        last_dirty_ms: u64,
    ) -> Result<Renewal, RegistryError> {
        let path = format!("/apps/{}/{}?status={status}&lastDirtyTimestamp={last_dirty_ms}", segment(app), segment(id));
        match self.change(Method::PUT, &path, &HeaderMap::new(), Bytes::new()).await? {
            StatusCode::NOT_FOUND => Ok(Renewal::Forgotten),
            status if status.is_success() => Ok(Renewal::Renewed),
            status => Err(RegistryError::Refused { request: "renew", status }),
        }
    }

    /// An instance the registry does not know counts as cancelled.
    pub(crate) async fn cancel(&self, app: &str, id: &str) -> Result<(), RegistryError> {
        let path = format!("/apps/{}/{}", segment(app), segment(id));
        match self.change(Method::DELETE, &path, &HeaderMap::new(), Bytes::new()).await? {
            StatusCode::NOT_FOUND => Ok(()),
            status if status.is_success() => Ok(()),
            status => Err(RegistryError::Refused { request: "cancel", status }),
        }
    }

    async fn change(
        &self,
        method: Method,
        path: &str,
        headers: &HeaderMap,
        body: Bytes,
    ) -> Result<StatusCode, RegistryError> {
        let mut nodes = self.nodes.lock().await;
        let response = nodes.send(method, path, headers, body).await?;
        let status = response.status();
        // Read to the end, or the connection cannot be used again.
        collect(response).await?;
        Ok(status)
    }

    async fn read(&self, request: &'static str, path: &str) -> Result<Vec<u8>, RegistryError> {
        self.read_with(request, path, HeaderMap::new()).await.map(|(_, body)| body)
    }

    async fn read_with(
        &self,
        request: &'static str,
        path: &str,
        mut headers: HeaderMap,
    ) -> Result<(HeaderMap, Vec<u8>), RegistryError> {
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        let mut nodes = self.nodes.lock().await;
        let response = nodes.send(Method::GET, path, &headers, Bytes::new()).await?;
        let status = response.status();
        let answered = response.headers().clone();
        let is_gzip = answered.get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding == "gzip");
        let body = collect(response).await?;
        if status != StatusCode::OK {
            return Err(RegistryError::Refused { request, status });
        }
        if !is_gzip {
            return Ok((answered, body.to_vec()));
        }
        let mut plain = Vec::with_capacity(body.len() * 8);
        flate2::read::GzDecoder::new(body.as_ref())
            .take(BODY_BYTES_MAX as u64)
            .read_to_end(&mut plain)
            .map_err(|error| RegistryError::Body(error.into()))?;
        Ok((answered, plain))
    }
}

/// An open watch. Events come as they are; who wants a picture of the whole uses [`crate::Discovery`].
#[derive(Debug)]
pub struct Watch {
    body: Incoming,
    parser: sse::Parser,
    events: VecDeque<sse::Event>,
}

impl Watch {
    /// The next event; `None` when the stream has ended. An error when nothing was heard for fifteen seconds: a registry
    /// that lives says so every five.
    pub async fn next(&mut self) -> Result<Option<json::WatchEvent>, RegistryError> {
        loop {
            while let Some(event) = self.events.pop_front() {
                let event = json::read_watch_event(&event.name, &event.data).map_err(RegistryError::Decode)?;
                if event.is_some() {
                    return Ok(event);
                }
            }
            let frame = timeout(WATCH_SILENCE_MAX, self.body.frame()).await;
            let frame = frame.map_err(|elapsed| RegistryError::Body(elapsed.into()))?;
            let Some(frame) = frame else { return Ok(None) };
            let frame = frame.map_err(|error| RegistryError::Body(error.into()))?;
            let Some(bytes) = frame.data_ref() else { continue };
            let events = self.parser.feed(bytes).map_err(|error| RegistryError::Body(error.into()))?;
            self.events.extend(events);
        }
    }
}

fn decoded<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, RegistryError> {
    serde_json::from_slice(body)
        .map_err(|error| RegistryError::Decode(DecodeError::Malformed { reason: error.to_string() }))
}

async fn collect(response: Response<Incoming>) -> Result<Bytes, RegistryError> {
    timeout(BODY_TIMEOUT, Limited::new(response.into_body(), BODY_BYTES_MAX).collect())
        .await
        .map_err(|elapsed| RegistryError::Body(elapsed.into()))?
        .map(http_body_util::Collected::to_bytes)
        .map_err(RegistryError::Body)
}

pub(crate) fn segment(text: &str) -> impl std::fmt::Display {
    utf8_percent_encode(text, SEGMENT)
}
