//! Where the platform is, as the outside knows it: for addresses that are read on one screen and typed on another.

use http::HeaderMap;

/// The issuer where it is an address, otherwise where the request was sent to, as the gateway says; empty (which makes
/// relative addresses) when nobody says.
pub(crate) fn of(issuer: &str, headers: &HeaderMap) -> String {
    if issuer.contains("://") {
        return issuer.trim_end_matches('/').to_owned();
    }
    let read = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match read("x-forwarded-host").filter(|host| is_host(host)) {
        Some(host) => {
            format!("{}://{host}", read("x-forwarded-proto").filter(|proto| *proto == "https").unwrap_or("http"))
        }
        None => String::new(),
    }
}

/// Whether it has only what names, addresses and ports are made of.
fn is_host(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.:[]".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(issuer: &str, pairs: &[(&'static str, &'static str)], expected: &str) {
        let headers =
            pairs.iter().map(|(name, value)| (name.parse().expect("a name"), value.parse().expect("a value")));
        assert_eq!(of(issuer, &headers.collect()), expected, "{issuer} {pairs:?}");
    }

    #[test]
    fn an_issuer_that_is_an_address_counts_first() {
        check("https://films.example.org/", &[("x-forwarded-host", "10.0.0.1")], "https://films.example.org");
        check("bijou", &[("x-forwarded-host", "10.0.0.1:8080")], "http://10.0.0.1:8080");
        check("bijou", &[("x-forwarded-host", "[::1]:8080"), ("x-forwarded-proto", "https")], "https://[::1]:8080");
        check("bijou", &[("x-forwarded-host", "evil.example/<script>")], "");
        check("bijou", &[], "");
    }
}
