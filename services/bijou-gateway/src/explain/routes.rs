//! Why this route, and why not the others.

use super::{Case, OtherRoute};
use crate::routes::Route;

impl Case<'_> {
    pub(super) fn why(&self, route: &Route) -> String {
        let named = |names: &[String], any: &str| if names.is_empty() { any.to_owned() } else { names.join(", ") };
        let hosts = named(&route.config.hosts, "any host");
        let methods = named(&route.config.methods, "any method");
        format!("longest prefix `{}`, {hosts}, {methods}", self.prefix(route).unwrap_or("/"))
    }

    /// Routes that cover the path too, or begin like it.
    pub(super) fn others(&self) -> Vec<OtherRoute> {
        if self.path.is_err() {
            return Vec::new();
        }
        let beginning = |path: &str| path.split('/').skip(1).take(2).map(str::to_owned).collect::<Vec<_>>();
        let is_near = |prefix: &String| beginning(prefix) == beginning(self.path());
        let found = self.route().map(|route| route.index);
        let others = self.settings.table.routes().iter().filter(|route| found != Some(route.index));
        others
            .filter(|route| self.prefix(route).is_some() || route.config.paths.iter().any(is_near))
            .map(|route| OtherRoute { id: route.id.to_string(), why_not: self.why_not(route) })
            .collect()
    }

    fn why_not(&self, route: &Route) -> String {
        let Some(prefix) = self.prefix(route) else {
            return format!("no prefix of it covers the path: {}", route.config.paths.join(", "));
        };
        let is_method = |name: &String| name.eq_ignore_ascii_case(self.method.as_str());
        if !route.config.methods.is_empty() && !route.config.methods.iter().any(is_method) {
            return format!("takes {} only", route.config.methods.join(", "));
        }
        let is_host = |host: &String| {
            host.strip_prefix('*').map_or_else(|| host.eq_ignore_ascii_case(&self.host), |end| self.host.ends_with(end))
        };
        if !route.config.hosts.is_empty() && !route.config.hosts.iter().any(is_host) {
            return format!("is for {} only", route.config.hosts.join(", "));
        }
        format!("`{prefix}` covers it too, but is less specific")
    }

    /// The longest of the route's prefixes that covers the path.
    fn prefix<'r>(&self, route: &'r Route) -> Option<&'r str> {
        let covers = |prefix: &&String| is_below(self.path(), prefix);
        route.config.paths.iter().filter(covers).map(String::as_str).max_by_key(|prefix| prefix.len())
    }
}

/// Whether a path lies at or below a prefix, by whole segments.
fn is_below(path: &str, prefix: &str) -> bool {
    let prefix = prefix.trim_end_matches('/');
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
