//! Where a webhook may go: to the open internet and nowhere else.
//!
//! A partner chooses the address, we make the call: without this rule they could make us call our own network. What is
//! checked is the address that is connected to, after the name was looked up, at every try (a name may lead elsewhere
//! tomorrow), and redirects are not followed. Ranges by RFC 6890 and the IANA special-purpose registries.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Why an address is not called.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotThere {
    #[error("is no address of the form https://host/path")]
    Form,
    #[error("must begin with https://")]
    Scheme,
    #[error("must not carry a user name or password")]
    Credentials,
    #[error("leads into a private network ({0})")]
    Private(IpAddr),
    #[error("is a name of this machine or of a local network")]
    LocalName,
}

/// An address that may be called, as far as its text tells. `allow_private`: for tests and networks of one's own.
pub(crate) fn parse(text: &str, allow_private: bool) -> Result<Url, NotThere> {
    let url = Url::parse(text).map_err(|_| NotThere::Form)?;
    if url.scheme() != "https" && !(allow_private && url.scheme() == "http") {
        return Err(NotThere::Scheme);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(NotThere::Credentials);
    }
    if allow_private {
        return Ok(url);
    }
    match url.host().ok_or(NotThere::Form)? {
        Host::Ipv4(ip) => check(IpAddr::V4(ip))?,
        Host::Ipv6(ip) => check(IpAddr::V6(ip))?,
        Host::Domain(name) if is_local_name(name) => return Err(NotThere::LocalName),
        Host::Domain(_) => {}
    }
    Ok(url)
}

/// Whether an address a name led to may be called.
pub(crate) fn check(ip: IpAddr) -> Result<(), NotThere> {
    let is_open = match ip.to_canonical() {
        IpAddr::V4(ip) => is_open_v4(ip),
        IpAddr::V6(ip) => is_open_v6(ip),
    };
    if is_open { Ok(()) } else { Err(NotThere::Private(ip)) }
}

fn is_local_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let ends = [".localhost", ".local", ".internal", ".lan", ".home.arpa"];
    name == "localhost" || !name.contains('.') || ends.iter().any(|end| name.ends_with(end))
}

fn is_open_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let is_special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_broadcast()
        || ip.is_documentation()
        || ip.is_multicast()
        || a == 0
        || a >= 240
        // Shared between a carrier and its customers; protocol assignments; benchmarks; the old 6to4 relay.
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (18..20).contains(&b))
        || (a == 192 && b == 88 && c == 99);
    !is_special
}

fn is_open_v6(ip: Ipv6Addr) -> bool {
    let [first, second, ..] = ip.segments();
    // Global unicast is 2000::/3; of it, not Teredo, documentation and 6to4, which can carry any IPv4 address inside.
    let is_special = first == 0x2002 || (first == 0x2001 && (second < 0x200 || second == 0x0db8));
    (first & 0xe000) == 0x2000 && !is_special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(text: &str, expected: &str) {
        let error = parse(text, false).expect_err(text).to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }

    #[test]
    fn the_open_internet_may_be_called() {
        for text in ["https://hooks.example.com/bijou", "https://93.184.216.34:8443/", "https://[2606:4700::1]/x"] {
            assert!(parse(text, false).is_ok(), "{text}");
        }
    }

    #[test]
    fn our_own_network_may_not() {
        refused("https://127.0.0.1/", "private network");
        refused("https://10.1.2.3/", "private network");
        refused("https://169.254.169.254/latest/meta-data", "private network");
        refused("https://[::1]/", "private network");
        refused("https://[fd00::1]/", "private network");
        refused("https://[::ffff:10.0.0.1]/", "private network");
        refused("https://[2002:7f00:1::]/", "private network");
        // Other spellings of 127.0.0.1, which the URL standard reads as such.
        refused("https://0x7f.1/", "private network");
        refused("https://2130706433/", "private network");
        refused("https://localhost/", "local network");
        refused("https://registry/", "local network");
        refused("https://db.internal./", "local network");
    }

    #[test]
    fn other_forms_are_named() {
        refused("http://hooks.example.com/", "https://");
        refused("ftp://hooks.example.com/", "https://");
        refused("https://user:word@hooks.example.com/", "user name");
        refused("hooks.example.com", "of the form");
    }

    #[test]
    fn an_operator_may_open_their_own_network() {
        assert!(parse("http://127.0.0.1:9000/hook", true).is_ok());
        assert!(parse("file:///etc/passwd", true).is_err());
    }
}
