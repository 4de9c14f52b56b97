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
    json,
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
        Ok(Self::of(ServiceUrl::parse(registry_url)?))
    }

    pub(crate) fn of(url: ServiceUrl) -> Self {
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
        serde_json::from_slice(&body)
            .map_err(|error| RegistryError::Decode(DecodeError::Malformed { reason: error.to_string() }))
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
    pub leases: Vec<LeaseView>,
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    pub registered_ms: u64,
    pub renewed_ms: u64,
    pub renewal_interval_s: u32,
    pub duration_s: u32,
    /// Negative once the lease is over and the instance is kept by self-preservation.
    pub expires_in_ms: i64,
    #[serde(default)]
    pub metadata: std::collections::BTreeMap<String, String>,
}
