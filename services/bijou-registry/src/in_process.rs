//! For tests: a registry without sockets, asked as a connection would ask it.

use std::{net::IpAddr, net::Ipv4Addr, sync::Arc};

use bijou_eureka::{Instance, Tcp};
use bijou_telemetry::Metrics;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
use http_body_util::BodyExt;
use tokio_util::sync::CancellationToken;

use crate::{
    access::Access,
    audit::Audit,
    clock::Clock,
    fields::Fields,
    handle::{About, Content, Head, Remote, Site, handle},
    path::Resource,
    peers::Peers,
    rate::Limiter,
    regions::Regions,
    registry::Registry,
    settings::Settings,
    telemetry::Telemetry,
};

/// Any date will do.
pub const BEGAN_UNIX_MS: u64 = 1_790_000_000_000;

/// What a registry is known by.
pub fn entry() -> Instance {
    let entry =
        Instance::new("registry", "n7:registry:0", "10.4.0.7", "10.4.0.7", 8761).with_metadata("bijou.version", "test");
    Instance { is_coordinating: true, last_dirty_ms: BEGAN_UNIX_MS, ..entry }
}

pub struct InProcess {
    site: Site,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl InProcess {
    /// Without peers, on tokio's clock. Needs a runtime.
    pub fn start(settings: &Settings) -> Self {
        let clock = Clock::start_with(|elapsed| BEGAN_UNIX_MS + elapsed.as_millis() as u64);
        let regions = Arc::new(Regions::new(&[], true).expect("none"));
        let peers = Peers::new(settings.peers.clone(), Arc::new(Tcp));
        let preservation = &settings.self_preservation;
        let telemetry = Telemetry::new(Metrics::new());
        let site = Site {
            registry: Arc::new(Registry::new(preservation, clock, telemetry, "life".to_owned(), peers, regions)),
            access: Arc::new(Access::new(&settings.access).expect("good rules")),
            limiter: Arc::new(Limiter::new(&settings.rate)),
            audit: Arc::new(Audit::default()),
            waiters: Arc::default(),
            limits: settings.limits.clone(),
            shutdown: CancellationToken::new(),
            about: About { version: "test", passport_keys: None, entry: Arc::new(entry()) },
        };
        InProcess { site }
    }

    pub fn registry(&self) -> &Registry {
        &self.site.registry
    }

    /// A request and its answer; `path` with its query.
    pub async fn ask(&self, method: Method, path: &str, headers: &[(&'static str, &str)], body: &[u8]) -> Answer {
        self.ask_from(IpAddr::V4(Ipv4Addr::LOCALHOST), method, path, headers, body).await
    }

    /// The same from elsewhere.
    pub async fn ask_from(
        &self,
        address: IpAddr,
        method: Method,
        path: &str,
        headers: &[(&'static str, &str)],
        body: &[u8],
    ) -> Answer {
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).expect("a value")));
        let headers = headers.collect::<HeaderMap>();
        let fields = Fields::Map(&headers);
        let head = Head { method: &method, path, query, resource: Resource::of(path), fields };
        let (_, answer) = handle(&self.site, &Remote::at(address), head, Content::Here(body)).await;
        let (parts, body) = Response::from(answer).into_parts();
        let body = body.collect().await.expect("a body that ends").to_bytes();
        Answer { status: parts.status, headers: parts.headers, body }
    }
}
