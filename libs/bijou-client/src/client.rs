//! The client and whom it calls.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::{Instant, SystemTime};

use bijou_eureka::{Discovery, Endpoint, Snapshot};
use bijou_passport::{Claims, LIFETIME, Signer};
use http::Method;
use http::uri::Authority;

use crate::balance::{Balancer, InstanceReport};
use crate::edges::{EdgeReport, Edges};
use crate::transport::Transport;
use crate::{CallError, ClientConfig, Faults, RequestBuilder};

/// Calls other roles. Cheap to clone; clones share connections, breakers and budgets.
#[derive(Debug, Clone)]
pub struct Client {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) config: ClientConfig,
    pub(crate) transport: Transport,
    pub(crate) balancer: Balancer,
    pub(crate) edges: Edges,
    pub(crate) faults: Faults,
    discovery: Option<Discovery>,
    signer: Option<Arc<Signer>>,
    role: &'static str,
    /// Own passports by called application: one lasts half its life, not one signature per call.
    passports: Mutex<HashMap<String, (Arc<str>, SystemTime)>>,
}

/// Whom a call is for.
#[derive(Debug, Clone)]
pub struct Target {
    client: Client,
    pub(crate) app: Arc<str>,
    pub(crate) place: Place,
}

/// Where the instances are.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    /// In the registry.
    Discovered,
    /// At one address, with a path before every path (usually empty).
    Fixed { authority: Authority, prefix: Arc<str> },
}

impl Client {
    /// A client of `role` that finds instances in `discovery` and signs its own passports with `signer`.
    pub fn new(config: ClientConfig, discovery: Discovery, signer: Option<Arc<Signer>>, role: &'static str) -> Self {
        Self::build(config, Some(discovery), signer, role)
    }

    /// A client without a registry: only [`Client::to_url`] finds anybody. For tests and command-line tools.
    pub fn standalone(config: ClientConfig, signer: Option<Arc<Signer>>, role: &'static str) -> Self {
        Self::build(config, None, signer, role)
    }

    fn build(
        config: ClientConfig,
        discovery: Option<Discovery>,
        signer: Option<Arc<Signer>>,
        role: &'static str,
    ) -> Self {
        let inner = Inner {
            transport: Transport::new(&config),
            balancer: Balancer::default(),
            edges: Edges::default(),
            faults: Faults::default(),
            passports: Mutex::new(HashMap::new()),
            config,
            discovery,
            signer,
            role,
        };
        Self { inner: Arc::new(inner) }
    }

    /// The live instances of an application, by its name in the registry.
    pub fn to(&self, app: &str) -> Target {
        Target { client: self.clone(), app: app.into(), place: Place::Discovered }
    }

    /// Exactly this instance, without a choice: to read its keys or metrics.
    pub fn to_instance(&self, endpoint: &Endpoint) -> Target {
        let authority = Authority::try_from(endpoint.addr.to_string()).expect("a socket address is an authority");
        Target {
            client: self.clone(),
            app: endpoint.app.as_str().into(),
            place: Place::Fixed { authority, prefix: "".into() },
        }
    }

    /// A fixed address such as `http://127.0.0.1:8761`, without discovery, balancing or breaker. Plain HTTP only.
    ///
    /// `app` is the name it has in errors, and the audience of a service passport.
    pub fn to_url(&self, app: &str, base: &str) -> Result<Target, CallError> {
        let unbuildable =
            |reason: &str| CallError::Unbuildable { app: app.to_owned(), reason: format!("`{base}` {reason}") };
        let rest = base.strip_prefix("http://").ok_or_else(|| unbuildable("does not begin with `http://`"))?;
        let (authority, prefix) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        let authority = Authority::try_from(authority).map_err(|_| unbuildable("has no readable host"))?;
        let prefix = prefix.trim_end_matches('/').into();
        Ok(Target { client: self.clone(), app: app.into(), place: Place::Fixed { authority, prefix } })
    }

    /// The registry's picture this client chooses from; empty without a registry.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.inner.discovery.as_ref().map_or_else(Arc::default, bijou_eureka::Discovery::snapshot)
    }

    /// Everybody it has called, with in-flight calls, recent failures and breaker states by name.
    pub fn report(&self) -> Vec<InstanceReport> {
        self.inner.balancer.report(Instant::now())
    }

    /// What was counted of its calls, by whom they were for.
    pub fn edges(&self) -> BTreeMap<Arc<str>, EdgeReport> {
        self.inner.edges.report()
    }

    /// The faults its calls meet.
    pub fn faults(&self) -> &Faults {
        &self.inner.faults
    }

    /// The role it calls as.
    pub fn role(&self) -> &'static str {
        self.inner.role
    }

    /// A passport of this role for `app`, signed at most half its life ago.
    pub(crate) fn service_passport(&self, app: &str, now: SystemTime) -> Option<Arc<str>> {
        let signer = self.inner.signer.as_ref()?;
        let mut passports = self.inner.passports.lock().expect("nothing panics while it is held");
        if let Some((token, renew_at)) = passports.get(app)
            && now < *renew_at
        {
            return Some(Arc::clone(token));
        }
        let token: Arc<str> = signer.issue(&Claims::service(self.inner.role, [app]), now).into();
        passports.insert(app.to_owned(), (Arc::clone(&token), now + LIFETIME / 2));
        Some(token)
    }
}

impl Target {
    /// Begins a `GET`.
    pub fn get(&self, path: &str) -> RequestBuilder {
        self.request(Method::GET, path)
    }

    /// Begins a `POST`.
    pub fn post(&self, path: &str) -> RequestBuilder {
        self.request(Method::POST, path)
    }

    /// Begins a `PUT`.
    pub fn put(&self, path: &str) -> RequestBuilder {
        self.request(Method::PUT, path)
    }

    /// Begins a `DELETE`.
    pub fn delete(&self, path: &str) -> RequestBuilder {
        self.request(Method::DELETE, path)
    }

    /// Begins a request. `path` starts with `/` and is already encoded; see [`crate::segment`].
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        RequestBuilder::new(self.client.clone(), self.clone(), method, path)
    }
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("role", &self.role).field("balancer", &self.balancer).finish_non_exhaustive()
    }
}
