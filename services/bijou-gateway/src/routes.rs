//! Routes: which application answers a host and path.
//!
//! A table is compiled from configuration once and immutable afterwards; a reload makes a new one and swaps the pointer.
//! What outlives a reload (counters) is handed over by id. Matching is by whole path segments, on the normalised path
//! only, and the most specific wins: exact host before wildcard before any, then the longest prefix, then routes that
//! name methods before those that do not. The order in the file decides nothing.

use std::collections::{BTreeSet, HashMap};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bijou_resilience::Quota;
use http::{HeaderValue, Method};

use crate::config::{Access, Config, InvalidConfig, RateKey, RouteConfig, TokenUse, invalid, ms};
use crate::stats::{RouteStats, Stats};

/// Where the gateway itself answers: routes cannot take these.
pub const OWN_PATHS: [&str; 4] = ["/healthz", "/readyz", "/openapi.json", "/.well-known/passport-keys"];

/// Who answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Instances of an application, as the registry names them.
    App(Arc<str>),
    /// Fixed addresses. The name groups their connections and statistics.
    Addresses { name: Arc<str>, addresses: Arc<[SocketAddr]> },
}

impl Target {
    /// The application's name, or the route's for fixed addresses.
    pub fn name(&self) -> &Arc<str> {
        match self {
            Self::App(name) | Self::Addresses { name, .. } => name,
        }
    }
}

/// Who is asked whether a request may pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorizer {
    pub target: Target,
    pub path: String,
    /// Whether requests pass when it cannot be asked.
    pub optional: bool,
}

/// A rate limit as routes use it.
#[derive(Debug, Clone)]
pub struct RatePolicy {
    pub name: Arc<str>,
    pub quota: Quota,
    pub key: RateKey,
    /// `RateLimit-Policy`, ready to send.
    pub policy_field: HeaderValue,
}

/// One route, ready for use.
#[derive(Debug)]
pub struct Route {
    /// Its place in the table.
    pub index: usize,
    pub id: Arc<str>,
    pub target: Target,
    pub access: Access,
    pub scopes: Vec<String>,
    pub token: TokenUse,
    /// Audience of the passports for this route.
    pub audience: Arc<[String]>,
    pub rate_limit: Option<RatePolicy>,
    pub authorizer: Option<Authorizer>,
    pub timeout: Duration,
    pub attempt_timeout: Duration,
    pub body_bytes_max: u64,
    pub retry: bool,
    pub compress: bool,
    /// As configured, for the operator's page.
    pub config: RouteConfig,
    methods: Vec<Method>,
    /// One per worker; kept over reloads by the route's id.
    pub stats: Arc<[RouteStats]>,
}

/// What a look-up found.
#[derive(Debug)]
pub enum Lookup<'a> {
    Found(&'a Arc<Route>),
    /// The path is known, the method is not; what would be allowed.
    OtherMethods(Vec<Method>),
    Nothing,
}

/// All routes.
#[derive(Debug, Default)]
pub struct RouteTable {
    exact_hosts: HashMap<String, Tree>,
    /// By suffix with its leading dot, longest first.
    wildcard_hosts: Vec<(String, Tree)>,
    any_host: Tree,
    routes: Vec<Arc<Route>>,
}

/// Segments below one another; routes at the node where their prefix ends.
#[derive(Debug, Default)]
struct Tree {
    children: HashMap<String, Tree>,
    /// Those with methods first.
    routes: Vec<Arc<Route>>,
}

impl RouteTable {
    /// Compiles the routes of a checked configuration.
    pub fn compile(config: &Config, stats: &Stats) -> Result<Self, InvalidConfig> {
        let mut table = Self::default();
        let mut ids = BTreeSet::new();
        for (index, route) in config.routes.iter().enumerate() {
            let at = format!("routes[{index}]");
            if route.id.is_empty() || !ids.insert(route.id.clone()) {
                return Err(invalid(format!("{at}.id"), format!("`{}` is empty or used twice", route.id)));
            }
            let compiled = Arc::new(compile(index, &at, route, config, stats)?);
            table.insert(&at, route, &compiled)?;
            table.routes.push(compiled);
        }
        table.wildcard_hosts.sort_by_key(|(suffix, _)| std::cmp::Reverse(suffix.len()));
        Ok(table)
    }

    /// The route for a host (without port, lower case), a normalised path and a method.
    pub fn lookup(&self, host: &str, path: &str, method: &Method) -> Lookup<'_> {
        let mut allowed = Vec::new();
        let trees = self.exact_hosts.get(host).into_iter();
        let wildcards =
            self.wildcard_hosts.iter().filter(|(suffix, _)| host.ends_with(suffix.as_str())).map(|(_, tree)| tree);
        for tree in trees.chain(wildcards).chain(std::iter::once(&self.any_host)) {
            if let Some(route) = tree.lookup(path, method, &mut allowed) {
                return Lookup::Found(route);
            }
        }
        if allowed.is_empty() { Lookup::Nothing } else { Lookup::OtherMethods(allowed) }
    }

    /// Whether some route's first path segment is this path's, whatever the host: such paths belong to the API.
    pub fn claims_first_segment(&self, path: &str) -> bool {
        let first = path.split('/').nth(1).unwrap_or_default();
        std::iter::once(&self.any_host)
            .chain(self.exact_hosts.values())
            .chain(self.wildcard_hosts.iter().map(|(_, tree)| tree))
            .any(|tree| tree.children.contains_key(first))
    }

    /// All routes in the order of the file.
    pub fn routes(&self) -> &[Arc<Route>] {
        &self.routes
    }

    /// Applications that routes lead to, without repetition.
    pub fn applications(&self) -> BTreeSet<Arc<str>> {
        let targets = self.routes.iter().filter_map(|route| match &route.target {
            Target::App(name) => Some(Arc::clone(name)),
            Target::Addresses { .. } => None,
        });
        targets.collect()
    }

    fn insert(&mut self, at: &str, config: &RouteConfig, route: &Arc<Route>) -> Result<(), InvalidConfig> {
        if config.paths.is_empty() {
            return Err(invalid(format!("{at}.paths"), "is empty: name at least one path prefix"));
        }
        for path in &config.paths {
            let normal = crate::path::normalise(path)
                .map_err(|error| invalid(format!("{at}.paths"), format!("has `{path}`: {error}")))?;
            if *normal != **path || (path.len() > 1 && path.ends_with('/')) {
                return Err(invalid(
                    format!("{at}.paths"),
                    format!("has `{path}`, write `{}`", normal.trim_end_matches('/')),
                ));
            }
            if OWN_PATHS.contains(&path.as_str()) {
                return Err(invalid(format!("{at}.paths"), format!("has `{path}`, which the gateway answers itself")));
            }
            if config.hosts.is_empty() {
                self.any_host.insert(at, path, route)?;
            }
            for host in &config.hosts {
                let host = host.to_ascii_lowercase();
                let tree = match host.strip_prefix('*') {
                    Some(suffix) if suffix.starts_with('.') && suffix.len() > 1 => {
                        if let Some(index) = self.wildcard_hosts.iter().position(|(known, _)| known == suffix) {
                            &mut self.wildcard_hosts[index].1
                        } else {
                            self.wildcard_hosts.push((suffix.to_owned(), Tree::default()));
                            &mut self.wildcard_hosts.last_mut().expect("one was pushed just now").1
                        }
                    }
                    None if crate::framing::is_host(host.as_bytes()) && !host.contains(':') => {
                        self.exact_hosts.entry(host).or_default()
                    }
                    _ => {
                        return Err(invalid(
                            format!("{at}.hosts"),
                            format!("has `{host}`: a host without port, or `*.` and one"),
                        ));
                    }
                };
                tree.insert(at, path, route)?;
            }
        }
        Ok(())
    }
}

impl Tree {
    fn insert(&mut self, at: &str, path: &str, route: &Arc<Route>) -> Result<(), InvalidConfig> {
        let mut node = self;
        for segment in path.split('/').filter(|segment| !segment.is_empty()) {
            node = node.children.entry(segment.to_owned()).or_default();
        }
        let same = |known: &&Arc<Route>| {
            (known.methods.is_empty() && route.methods.is_empty())
                || known.methods.iter().any(|method| route.methods.contains(method))
        };
        if let Some(known) = node.routes.iter().find(same) {
            return Err(invalid(format!("{at}.paths"), format!("has `{path}`, which route `{}` has too", known.id)));
        }
        node.routes.push(Arc::clone(route));
        node.routes.sort_by_key(|route| route.methods.is_empty());
        Ok(())
    }

    /// The deepest route that takes the method; what shallower ones allow is collected on the way.
    fn lookup(&self, path: &str, method: &Method, allowed: &mut Vec<Method>) -> Option<&Arc<Route>> {
        let mut found = None;
        let mut node = self;
        let mut rest = path.split('/').filter(|segment| !segment.is_empty());
        loop {
            for route in &node.routes {
                if route.methods.is_empty() || route.methods.contains(method) {
                    found = Some(route);
                    break;
                }
                allowed.extend(route.methods.iter().cloned());
            }
            match rest.next().and_then(|segment| node.children.get(segment)) {
                Some(child) => node = child,
                None => return found,
            }
        }
    }
}

fn compile(
    index: usize,
    at: &str,
    route: &RouteConfig,
    config: &Config,
    stats: &Stats,
) -> Result<Route, InvalidConfig> {
    let id: Arc<str> = route.id.as_str().into();
    let target = match (&route.app, route.urls.as_slice()) {
        (Some(app), []) => Target::App(application(&format!("{at}.app"), app)?),
        (None, urls @ [_, ..]) => Target::Addresses {
            name: Arc::clone(&id),
            addresses: urls.iter().map(|url| address(&format!("{at}.urls"), url)).collect::<Result<_, _>>()?,
        },
        _ => return Err(invalid(at, "needs either `app` or `urls`")),
    };
    let mut methods = Vec::new();
    for name in &route.methods {
        let method =
            name.to_ascii_uppercase().parse().map_err(|_| invalid(format!("{at}.methods"), format!("has `{name}`")))?;
        methods.push(method);
    }
    let authorizer = match &route.authorizer {
        Some(text) => Some(authorizer(at, text, route.authorizer_optional)?),
        None => None,
    };
    let rate_limit = match &route.rate_limit {
        Some(name) => Some(rate_policy(at, name, config)?),
        None => None,
    };
    // The authoriser sees the same passport the service will see.
    let mut audience: Vec<String> = match &target {
        Target::App(name) => vec![name.to_string()],
        Target::Addresses { .. } => Vec::new(),
    };
    for app in &route.calls {
        audience.push(application(&format!("{at}.calls"), app)?.to_string());
    }
    if let Some(Authorizer { target: Target::App(name), .. }) = &authorizer {
        audience.push(name.to_string());
    }
    audience.dedup();
    Ok(Route {
        index,
        stats: stats.route(&id),
        id,
        target,
        access: route.access,
        scopes: route.scopes.clone(),
        token: route.token,
        audience: audience.into(),
        rate_limit,
        authorizer,
        timeout: ms(route.timeout_ms.unwrap_or(config.timeouts.request_ms)),
        attempt_timeout: ms(route.attempt_ms.unwrap_or(config.timeouts.attempt_ms)),
        body_bytes_max: route.body_bytes_max.unwrap_or(config.limits.body_bytes_max),
        retry: route.retry,
        compress: route.compress && config.compression.enabled,
        config: route.clone(),
        methods,
    })
}

fn rate_policy(at: &str, name: &str, config: &Config) -> Result<RatePolicy, InvalidConfig> {
    let Some(limit) = config.rate_limits.iter().find(|limit| limit.name == name) else {
        return Err(invalid(
            format!("{at}.rate_limit"),
            format!("is `{name}`, which `gateway.rate_limits` does not have"),
        ));
    };
    let quota = Quota::new(limit.requests, ms(limit.per_ms));
    let window_s = quota.period().as_secs().max(1);
    let field = format!("\"{name}\";q={};w={window_s}", quota.limit());
    Ok(RatePolicy {
        name: name.into(),
        quota,
        key: limit.key,
        policy_field: HeaderValue::from_str(&field).expect("names of limits are checked letters"),
    })
}

fn authorizer(at: &str, text: &str, optional: bool) -> Result<Authorizer, InvalidConfig> {
    let setting = format!("{at}.authorizer");
    let (host, path) = match text.strip_prefix("http://") {
        Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
        None => text.split_at(text.find('/').unwrap_or(text.len())),
    };
    let path = if path.is_empty() { "/" } else { path }.to_owned();
    let target = if text.starts_with("http://") {
        Target::Addresses { name: text.into(), addresses: [address(&setting, &format!("http://{host}"))?].into() }
    } else {
        Target::App(application(&setting, host)?)
    };
    Ok(Authorizer { target, path, optional })
}

fn application(setting: &str, name: &str) -> Result<Arc<str>, InvalidConfig> {
    let usual =
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    if usual {
        Ok(name.to_ascii_uppercase().into())
    } else {
        Err(invalid(setting, format!("has `{name}`, which is no application name")))
    }
}

/// `http://ip:port`, nothing more: names would need a resolver, paths are the client's.
fn address(setting: &str, url: &str) -> Result<SocketAddr, InvalidConfig> {
    let plain = url.strip_prefix("http://").map(|rest| rest.trim_end_matches('/'));
    let address = plain.and_then(|rest| rest.replace("localhost:", "127.0.0.1:").parse().ok());
    address.ok_or_else(|| invalid(setting, format!("has `{url}`, expected `http://address:port`")))
}

#[cfg(test)]
mod tests;
