//! Which resource a path names. Pure, so that every path any client ever sent can be a line in a test.
//!
//! Served below `/eureka/v2` (Netflix), `/eureka` (Spring) and `/v2` (Netflix without a context). A trailing slash is
//! always fine. Ids are one percent-encoded segment, slashes in them included.

use std::borrow::Cow;

use memchr::{memchr, memchr2};
use percent_encoding::percent_decode_str;

/// A resource. Application names are in upper case, as everywhere inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resource<'a> {
    Applications,
    Delta,
    Application {
        app: Cow<'a, str>,
    },
    Instance {
        app: Cow<'a, str>,
        id: Cow<'a, str>,
    },
    InstanceStatus {
        app: Cow<'a, str>,
        id: Cow<'a, str>,
    },
    InstanceMetadata {
        app: Cow<'a, str>,
        id: Cow<'a, str>,
    },
    InstanceById {
        id: Cow<'a, str>,
    },
    Vip {
        address: Cow<'a, str>,
    },
    SecureVip {
        address: Cow<'a, str>,
    },
    AutoScalingGroup,
    Replication,
    Digests,
    Status,
    StatusOverrides,
    Lately,
    Info,
    Watch,
    Leases,
    Audit,
    Page(Part),
    /// The page by the path at which Netflix's server has its own.
    ToPage,
    Health,
    Ready,
    Metrics,
    PassportKeys,
}

/// What the page consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Document,
    Style,
    Script,
}

/// `/eureka/v2/apps/{app}/{id}/status`: no resource has more.
const SEGMENTS_MAX: usize = 6;

impl<'a> Resource<'a> {
    /// Borrowed from the path where that says it as it is.
    pub fn of(path: &'a str) -> Option<Self> {
        let mut segments = [""; SEGMENTS_MAX];
        let (mut count, mut rest) = (0, path);
        while !rest.is_empty() {
            let segment;
            (segment, rest) = cut(rest, b'/');
            if !segment.is_empty() {
                *segments.get_mut(count)? = segment;
                count += 1;
            }
        }
        let segments = &segments[..count];
        if memchr(b'%', path.as_bytes()).is_none() {
            return Self::named(segments, |number| Cow::Borrowed(segments[number]));
        }
        let segments = segments.iter().map(|segment| decoded(segment)).collect::<Vec<_>>();
        let names = segments.iter().map(|segment| &**segment).collect::<Vec<_>>();
        Self::named(&names, |number| segments[number].clone())
    }

    /// `at` tells what a name is, to keep.
    fn named(names: &[&str], at: impl Fn(usize) -> Cow<'a, str>) -> Option<Self> {
        match names {
            [] => Some(Resource::Page(Part::Document)),
            ["registry.css"] => Some(Resource::Page(Part::Style)),
            ["registry.js"] => Some(Resource::Page(Part::Script)),
            ["eureka"] => Some(Resource::ToPage),
            ["eureka", "v2", below @ ..] => Self::below_prefix(below, |number| at(number + 2)),
            ["eureka" | "v2", below @ ..] => Self::below_prefix(below, |number| at(number + 1)),
            ["lastn"] => Some(Resource::Lately),
            ["info"] | ["actuator", "info"] => Some(Resource::Info),
            ["healthz"] => Some(Resource::Health),
            ["readyz"] => Some(Resource::Ready),
            ["metrics"] => Some(Resource::Metrics),
            [".well-known", "passport-keys"] => Some(Resource::PassportKeys),
            _ => None,
        }
    }

    fn below_prefix(names: &[&str], at: impl Fn(usize) -> Cow<'a, str>) -> Option<Self> {
        let app = || in_upper_case(at(1));
        let resource = match names {
            ["apps"] => Resource::Applications,
            // An application called DELTA cannot be read alone; Eureka has it so too.
            ["apps", "delta"] => Resource::Delta,
            ["apps", _] => Resource::Application { app: app() },
            ["apps", _, _] => Resource::Instance { app: app(), id: at(2) },
            ["apps", _, _, "status"] => Resource::InstanceStatus { app: app(), id: at(2) },
            ["apps", _, _, "metadata"] => Resource::InstanceMetadata { app: app(), id: at(2) },
            ["instances", _] => Resource::InstanceById { id: at(1) },
            ["vips", _] => Resource::Vip { address: at(1) },
            ["svips", _] => Resource::SecureVip { address: at(1) },
            ["asg", _, "status"] => Resource::AutoScalingGroup,
            ["peerreplication", "batch"] => Resource::Replication,
            ["serverinfo", "statusoverrides"] => Resource::StatusOverrides,
            ["status"] => Resource::Status,
            ["lastn"] => Resource::Lately,
            ["digests"] => Resource::Digests,
            ["watch"] => Resource::Watch,
            ["leases"] => Resource::Leases,
            ["audit"] => Resource::Audit,
            _ => return None,
        };
        Some(resource)
    }

    /// Methods the resource takes, for `Allow`.
    pub fn methods(&self) -> &'static str {
        match self {
            Resource::Application { .. } => "GET,HEAD,POST",
            Resource::Instance { .. } => "GET,HEAD,PUT,DELETE",
            Resource::InstanceStatus { .. } => "PUT,DELETE",
            Resource::InstanceMetadata { .. } | Resource::AutoScalingGroup => "PUT",
            Resource::Replication => "POST",
            _ => "GET,HEAD",
        }
    }

    /// A label for metrics: the shape of the path, without what is in it.
    pub fn route(&self) -> &'static str {
        match self {
            Resource::Applications => "/eureka/apps",
            Resource::Delta => "/eureka/apps/delta",
            Resource::Application { .. } => "/eureka/apps/{app}",
            Resource::Instance { .. } => "/eureka/apps/{app}/{id}",
            Resource::InstanceStatus { .. } => "/eureka/apps/{app}/{id}/status",
            Resource::InstanceMetadata { .. } => "/eureka/apps/{app}/{id}/metadata",
            Resource::InstanceById { .. } => "/eureka/instances/{id}",
            Resource::Vip { .. } => "/eureka/vips/{vip}",
            Resource::SecureVip { .. } => "/eureka/svips/{vip}",
            Resource::AutoScalingGroup => "/eureka/asg/{asg}/status",
            Resource::Replication => "/eureka/peerreplication/batch",
            Resource::Digests => "/eureka/digests",
            Resource::Status => "/eureka/status",
            Resource::StatusOverrides => "/eureka/serverinfo/statusoverrides",
            Resource::Lately => "/lastn",
            Resource::Info => "/info",
            Resource::Watch => "/eureka/watch",
            Resource::Leases => "/eureka/leases",
            Resource::Audit => "/eureka/audit",
            Resource::Page(_) | Resource::ToPage => "/",
            Resource::Health => "/healthz",
            Resource::Ready => "/readyz",
            Resource::Metrics => "/metrics",
            Resource::PassportKeys => "/.well-known/passport-keys",
        }
    }
}

/// Applications are nearly always called so already.
fn in_upper_case(app: Cow<'_, str>) -> Cow<'_, str> {
    let is_so = app.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_lowercase());
    if is_so { app } else { Cow::Owned(app.to_uppercase()) }
}

fn decoded(segment: &str) -> Cow<'_, str> {
    percent_decode_str(segment).decode_utf8_lossy()
}

/// The first value of a query parameter.
pub fn query_value<'a>(query: Option<&'a str>, name: &str) -> Option<Cow<'a, str>> {
    let [value] = query_values(query, [name]);
    value
}

/// The first value of each of some query parameters.
pub fn query_values<'a, const COUNT: usize>(
    query: Option<&'a str>,
    names: [&str; COUNT],
) -> [Option<Cow<'a, str>>; COUNT] {
    let mut values = [const { None }; COUNT];
    for (name, value) in query_pairs(query) {
        if let Some(at) = names.iter().position(|wanted| *wanted == name)
            && values[at].is_none()
        {
            values[at] = Some(value);
        }
    }
    values
}

/// All query parameters, decoded, in order.
pub fn query_pairs(query: Option<&str>) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    let mut rest = query.unwrap_or_default();
    let is_plain = memchr2(b'%', b'+', rest.as_bytes()).is_none();
    let decoded = move |text| if is_plain { Cow::Borrowed(text) } else { query_text(text) };
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let pair;
            (pair, rest) = cut(rest, b'&');
            if !pair.is_empty() {
                let (name, value) = cut(pair, b'=');
                return Some((decoded(name), decoded(value)));
            }
        }
        None
    })
}

fn query_text(part: &str) -> Cow<'_, str> {
    Cow::Owned(percent_decode_str(&part.replace('+', " ")).decode_utf8_lossy().into_owned())
}

/// What stands before the first of some character of ASCII, or all, and what comes after it.
fn cut(text: &str, at: u8) -> (&str, &str) {
    match memchr(at, text.as_bytes()) {
        Some(end) => (&text[..end], &text[end + 1..]),
        None => (text, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: Option<Resource<'_>>) {
        assert_eq!(Resource::of(path), expected, "{path}");
    }

    fn instance(id: &str) -> Resource<'_> {
        Resource::Instance { app: "ORDERS".into(), id: id.into() }
    }

    #[test]
    fn all_prefixes_and_trailing_slashes_lead_to_the_same_resource() {
        for path in ["/eureka/apps", "/eureka/apps/", "/eureka/v2/apps", "/eureka/v2/apps/", "/v2/apps"] {
            check(path, Some(Resource::Applications));
        }
        for path in ["/eureka/apps/delta", "/eureka/v2/apps/delta/"] {
            check(path, Some(Resource::Delta));
        }
    }

    #[test]
    fn application_names_lose_their_case_and_ids_keep_theirs() {
        check("/eureka/apps/orders/N7:orders:8080", Some(instance("N7:orders:8080")));
        check("/eureka/apps/ORDERS/n7%3Aorders%3A8080", Some(instance("n7:orders:8080")));
        check("/eureka/apps/Orders/a%2Fb", Some(instance("a/b")));
    }

    #[test]
    fn what_servers_and_tools_ask_for_has_places_of_its_own() {
        for path in
            ["/eureka/peerreplication/batch/", "/eureka/peerreplication/batch", "/eureka/v2/peerreplication/batch/"]
        {
            check(path, Some(Resource::Replication));
        }
        check("/eureka/serverinfo/statusoverrides", Some(Resource::StatusOverrides));
        check("/eureka/v2/status", Some(Resource::Status));
        check("/lastn", Some(Resource::Lately));
        check("/actuator/info", Some(Resource::Info));
        check("/", Some(Resource::Page(Part::Document)));
        check("/eureka/", Some(Resource::ToPage));
    }

    #[test]
    fn other_paths_are_nothing() {
        for path in [
            "/eureka/nothing",
            "/apps",
            "/eureka/v3/apps",
            "/eureka/apps/a/b/c",
            "/healthz/x",
            "/eureka/v2/apps/a/b/status/c",
        ] {
            check(path, None);
        }
    }

    #[test]
    fn query_parameters_are_decoded_and_the_first_one_counts() {
        let query = Some("a=1&b=two+words&a=2&c=%26&d&&=x");
        assert_eq!(query_value(query, "a").as_deref(), Some("1"));
        assert_eq!(query_value(query, "b").as_deref(), Some("two words"));
        assert_eq!(query_value(query, "c").as_deref(), Some("&"));
        assert_eq!(query_value(query, "d").as_deref(), Some(""));
        assert_eq!(query_value(query, "e"), None);
        assert_eq!(query_value(None, "a"), None);
        let together = query_values(Some("a=1&%62=2=3&b=4&a=5"), ["b", "c", "a"]);
        assert_eq!(
            together.map(|value| value.map(Cow::into_owned)),
            [Some("2=3".to_owned()), None, Some("1".to_owned())]
        );
    }
}
