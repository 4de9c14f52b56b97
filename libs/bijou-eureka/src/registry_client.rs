//! The requests a client makes of a registry, each as one call with a typed answer.
//!
//! No retries here: [`crate::Registration`] and [`crate::Discovery`] know better when to ask again.

use std::{io::Read, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use tokio::{sync::Mutex, time::timeout};

use crate::{
    Applications, DecodeError, Instance, ServiceUrl, ServiceUrlError, Status,
    connection::{Connection, ConnectionError},
    digests::Digests,
    json::{self, ReplicationItem, ReplicationReply},
};

/// A list of 100,000 instances is about 100 MB; whatever is longer is not a registry.
const BODY_BYTES_MAX: usize = 256 * 1024 * 1024;
const BODY_TIMEOUT: Duration = Duration::from_secs(20);
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

/// What became of a renewal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Renewal {
    Renewed,
    /// The registry knows no such instance, or an older one: register (again).
    Forgotten,
}

/// A registry, asked directly. Requests are made one after another on one connection.
#[derive(Debug)]
pub struct RegistryClient {
    connection: Mutex<Connection>,
}

impl RegistryClient {
    pub fn new(registry_url: &str) -> Result<Self, ServiceUrlError> {
        Ok(Self::at(ServiceUrl::parse(registry_url)?))
    }

    pub fn at(url: ServiceUrl) -> Self {
        RegistryClient { connection: Mutex::new(Connection::new(url)) }
    }

    /// All instances of all applications, in every status.
    pub async fn applications(&self) -> Result<Applications, RegistryError> {
        let body = self.read("GET apps", "/apps").await?;
        json::read_applications(&body).map_err(RegistryError::Decode)
    }

    /// Bijou's own view of the leases, with ages and self-preservation. Only a Bijou registry has it.
    pub async fn leases(&self) -> Result<LeaseReport, RegistryError> {
        let body = self.read("GET leases", "/leases").await?;
        decoded(&body)
    }

    /// Sends a batch of events as one registry does to another. Not compressed: Spring's servers refuse that.
    pub async fn replicate(&self, items: &[ReplicationItem]) -> Result<Vec<ReplicationReply>, RegistryError> {
        let mut body = Vec::with_capacity(items.len() * 256);
        json::write_replication(&mut body, items);
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert("discoveryidentity-name", HeaderValue::from_static("DefaultServer"));
        headers.insert("discoveryidentity-version", HeaderValue::from_static("1.0"));
        let mut connection = self.connection.lock().await;
        let response = connection.send(Method::POST, "/peerreplication/batch/", &headers, Bytes::from(body)).await?;
        let status = response.status();
        let body = collect(response).await?;
        if status != StatusCode::OK {
            return Err(RegistryError::Refused { request: "POST peerreplication/batch", status });
        }
        json::read_replies(&body).map_err(RegistryError::Decode)
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
        let mut connection = self.connection.lock().await;
        let response = connection.send(method, path, headers, body).await?;
        let status = response.status();
        // Read to the end, or the connection cannot be used again.
        collect(response).await?;
        Ok(status)
    }

    async fn read(&self, request: &'static str, path: &str) -> Result<Vec<u8>, RegistryError> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        let mut connection = self.connection.lock().await;
        let response = connection.send(Method::GET, path, &headers, Bytes::new()).await?;
        let status = response.status();
        let is_gzip = response.headers().get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding == "gzip");
        let body = collect(response).await?;
        if status != StatusCode::OK {
            return Err(RegistryError::Refused { request, status });
        }
        if !is_gzip {
            return Ok(body.to_vec());
        }
        let mut plain = Vec::with_capacity(body.len() * 8);
        flate2::read::GzDecoder::new(body.as_ref())
            .take(BODY_BYTES_MAX as u64)
            .read_to_end(&mut plain)
            .map_err(|error| RegistryError::Body(error.into()))?;
        Ok(plain)
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

fn segment(text: &str) -> impl std::fmt::Display {
    utf8_percent_encode(text, SEGMENT)
}

/// The leases of a Bijou registry at one moment: `GET {prefix}/leases`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LeaseReport {
    /// Names this life of the registry process.
    pub epoch: String,
    pub revision: u64,
    /// The registry's clock when it answered.
    pub now_ms: u64,
    pub self_preservation: PreservationView,
    /// What a restart brought back, while it is not confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restored: Option<RestoredView>,
    /// Other registries this one replicates to.
    #[serde(default)]
    pub peers: Vec<PeerView>,
    pub leases: Vec<LeaseView>,
}

/// Leases that were read back from disk and have not been renewed yet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RestoredView {
    /// As many as there were at the start.
    pub leases: usize,
    /// So many of them nobody has renewed yet.
    pub unconfirmed: usize,
    /// Each gets one lease from here on.
    pub since_ms: u64,
}

/// Another registry, as this one sees it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PeerView {
    /// Without credentials.
    pub url: String,
    /// `starting`, `up`, `down`, or `self` for an address that turned out to be our own.
    pub state: String,
    /// `bijou`, `eureka`, or empty while nothing was heard.
    pub kind: String,
    /// Instances with events that are not delivered yet.
    pub queued: usize,
    /// Age of the oldest of them.
    pub lag_ms: u64,
    pub sent: u64,
    /// Events given up: the peer refused them, or the queue was full. A comparison makes up for them.
    pub dropped: u64,
    /// Differences found by comparison, and repaired.
    pub repaired: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
}

/// Whether, and by what arithmetic, expired leases are kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PreservationView {
    /// `off` by setting or below the minimum size, `watching`, `preserving`.
    pub state: String,
    pub instances: usize,
    /// Expired leases that are kept at this moment.
    pub expired_kept: usize,
    /// Leases evicted within the last minute.
    pub evicted_lately: usize,
    /// More than so many gone within a minute starts preservation.
    pub gone_max: usize,
    /// Below so many instances leases always end when they say.
    pub instances_min: usize,
    /// Renewals a minute that all instances together owe, by their own intervals.
    pub renewals_expected_per_minute: u64,
    /// Renewals that came in the last minute.
    pub renewals_last_minute: u64,
    /// The arithmetic in one sentence.
    #[serde(default)]
    pub explanation: String,
    /// Applications that lost instances lately or keep some beyond their lease, each judged by itself.
    #[serde(default)]
    pub applications: Vec<ApplicationPreservation>,
}

/// How self-preservation stands for one application.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ApplicationPreservation {
    pub app: String,
    pub state: String,
    pub instances: usize,
    pub expired: usize,
    pub evicted_lately: usize,
    pub gone_max: usize,
    pub renewals_expected_per_minute: u64,
    pub renewals_last_minute: u64,
    /// When preservation began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since_ms: Option<u64>,
    /// When it ends at the latest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_ms: Option<u64>,
    pub explanation: String,
}

/// One lease.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LeaseView {
    pub app: String,
    pub instance_id: String,
    pub host_name: String,
    pub ip_addr: String,
    pub port: u16,
    pub status: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overridden_status: Option<String>,
    /// Why, in an operator's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    pub registered_ms: u64,
    pub renewed_ms: u64,
    pub renewal_interval_s: u32,
    pub duration_s: u32,
    /// Negative once the lease is over and the instance is kept by self-preservation.
    pub expires_in_ms: i64,
    /// Who renewed it last: `client`, `peer`, or `disk` after a restart.
    #[serde(default)]
    pub heard_from: String,
    #[serde(default)]
    pub metadata: std::collections::BTreeMap<String, String>,
}
