//! The address a request came from, as the gateway saw it.

use std::net::IpAddr;

use http::HeaderMap;

/// Reads `X-Forwarded-For`: its last entry, which the gateway wrote; the ones before are whatever the client claimed.
/// Only a holder of a passport gets here, so the header is the gateway's own.
pub(crate) fn of(headers: &HeaderMap) -> Option<IpAddr> {
    let value = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    value.rsplit(',').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(values: &[&str], expected: Option<&str>) {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append("x-forwarded-for", value.parse().expect("a header value"));
        }
        assert_eq!(of(&headers).map(|address| address.to_string()).as_deref(), expected, "{values:?}");
    }

    #[test]
    fn the_last_entry_counts() {
        check(&["192.0.2.1"], Some("192.0.2.1"));
        check(&["10.0.0.1, 192.0.2.1"], Some("192.0.2.1"));
        check(&["10.0.0.1", "2001:db8::1"], Some("2001:db8::1"));
        check(&["not an address"], None);
        check(&[], None);
    }
}
