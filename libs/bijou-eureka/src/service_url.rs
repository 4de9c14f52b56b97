//! Where a registry is: `http://name:password@host:port/prefix`, or `https://`; the prefix with or without a trailing slash,
//! the credentials only where the registry asks for some. They are never shown, in no error either.

use std::{fmt, net::SocketAddr};

use base64::{Engine, engine::general_purpose::STANDARD};
use http::HeaderValue;
use percent_encoding::percent_decode_str;

/// A registry's address, checked once, so that nothing later has to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceUrl {
    is_tls: bool,
    /// As it was written: what a certificate has to be for, also when one of its addresses is connected to.
    host: String,
    authority: String,
    connect_to: String,
    prefix: String,
    /// Marked as sensitive, so that it is not shown.
    authorization: Option<HeaderValue>,
}

#[derive(Debug, thiserror::Error)]
pub enum ServiceUrlError {
    #[error("registry url `{url}` is not an address such as http://127.0.0.1:8761/eureka")]
    Malformed { url: String },
    #[error("registry url `{url}` must begin with http:// or https://")]
    Scheme { url: String },
    #[error("the credentials in the registry url cannot be sent")]
    Credentials,
}

impl ServiceUrl {
    /// One address, or several with commas between them, as Eureka's clients write them: nodes of one registry, asked in
    /// this order. Never empty.
    pub fn list(urls: &str) -> Result<Vec<Self>, ServiceUrlError> {
        let named = urls.split(',').filter(|url| !url.trim().is_empty());
        let list = named.map(Self::parse).collect::<Result<Vec<_>, _>>()?;
        if list.is_empty() { Err(ServiceUrlError::Malformed { url: urls.to_owned() }) } else { Ok(list) }
    }

    pub fn parse(url: &str) -> Result<Self, ServiceUrlError> {
        let shown = without_credentials(url);
        let malformed = || ServiceUrlError::Malformed { url: shown.clone() };
        let parsed: http::Uri = url.trim().parse().map_err(|_| malformed())?;
        let is_tls = match parsed.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            _ => return Err(ServiceUrlError::Scheme { url: shown }),
        };
        let authority = parsed.authority().ok_or_else(malformed)?;
        let (credentials, place) = match authority.as_str().rsplit_once('@') {
            Some((credentials, place)) => (Some(credentials), place),
            None => (None, authority.as_str()),
        };
        if parsed.query().is_some() || authority.host().is_empty() {
            return Err(malformed());
        }
        let port = authority.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        Ok(ServiceUrl {
            is_tls,
            host: authority.host().trim_matches(['[', ']']).to_owned(),
            authority: place.to_owned(),
            authorization: credentials.map(authorization).transpose()?,
            connect_to: format!("{}:{port}", authority.host()),
            prefix: parsed.path().trim_end_matches('/').to_owned(),
        })
    }

    /// For the `Host` field.
    pub(crate) fn authority(&self) -> &str {
        &self.authority
    }

    /// For the `Authorization` field.
    pub(crate) fn authorization(&self) -> Option<&HeaderValue> {
        self.authorization.as_ref()
    }

    pub fn is_tls(&self) -> bool {
        self.is_tls
    }

    /// The name or address that a certificate has to be for.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Host and port, for connecting.
    pub fn connect_to(&self) -> &str {
        &self.connect_to
    }

    /// The same registry at one of its addresses.
    pub fn with_address(&self, addr: SocketAddr) -> Self {
        ServiceUrl { connect_to: addr.to_string(), authority: addr.to_string(), ..self.clone() }
    }

    /// The path of `rest` (which begins with a slash) under this registry's prefix.
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("{}{rest}", self.prefix)
    }
}

fn authorization(credentials: &str) -> Result<HeaderValue, ServiceUrlError> {
    let pair = percent_decode_str(credentials).decode_utf8().map_err(|_| ServiceUrlError::Credentials)?;
    let pair = if pair.contains(':') { pair } else { format!("{pair}:").into() };
    let mut value = HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(pair.as_bytes())))
        .map_err(|_| ServiceUrlError::Credentials)?;
    value.set_sensitive(true);
    Ok(value)
}

fn without_credentials(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let end = rest.find('/').unwrap_or(rest.len());
    rest[..end].rfind('@').map_or_else(|| url.to_owned(), |at| format!("{scheme}://{}", &rest[at + 1..]))
}

impl fmt::Display for ServiceUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_tls { "https" } else { "http" };
        write!(formatter, "{scheme}://{}{}", self.authority, self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, connect_to: &str, apps: &str) {
        let parsed = ServiceUrl::parse(url).expect("a good url");
        assert_eq!(parsed.connect_to(), connect_to);
        assert_eq!(parsed.path("/apps"), apps);
    }

    #[test]
    fn a_trailing_slash_and_a_missing_port_are_fine() {
        check("http://127.0.0.1:8761/eureka", "127.0.0.1:8761", "/eureka/apps");
        check("http://127.0.0.1:8761/eureka/v2/", "127.0.0.1:8761", "/eureka/v2/apps");
        check("http://registry", "registry:80", "/apps");
        check("http://[::1]:8761/eureka", "[::1]:8761", "/eureka/apps");
        check("https://registry/eureka", "registry:443", "/eureka/apps");
    }

    #[test]
    fn other_schemes_and_nonsense_are_refused() {
        for url in ["ftp://registry/eureka", "http://u:%ff@registry/eureka", "registry:8761", "", "http://a/b?c"] {
            assert!(ServiceUrl::parse(url).is_err(), "{url}");
        }
    }

    #[test]
    fn a_certificate_is_for_the_name_also_at_one_of_its_addresses() {
        let url = ServiceUrl::parse("https://registry:8762/eureka").expect("a good url");
        let found = url.with_address(([10, 4, 0, 7], 8762).into());
        assert_eq!((found.host(), found.connect_to(), found.is_tls()), ("registry", "10.4.0.7:8762", true));
        assert_eq!(found.to_string(), "https://10.4.0.7:8762/eureka");
        assert_eq!(ServiceUrl::parse("https://[::1]/eureka").expect("a good url").host(), "::1");
    }

    #[test]
    fn nodes_of_one_registry_may_be_spoken_to_in_different_ways() {
        let list = ServiceUrl::list("https://a/eureka, http://b/eureka,").expect("good urls");
        assert_eq!(list.iter().map(ServiceUrl::is_tls).collect::<Vec<_>>(), [true, false]);
        assert!(ServiceUrl::list(" ,").is_err(), "a registry has an address");
    }

    #[test]
    fn credentials_are_sent_and_never_shown() {
        let url = ServiceUrl::parse("http://orders:a%20secret@registry:8761/eureka").expect("a good url");
        let sent = url.authorization().expect("credentials").to_str().expect("text");
        assert_eq!(sent, format!("Basic {}", STANDARD.encode("orders:a secret")));
        assert_eq!((url.authority(), url.connect_to()), ("registry:8761", "registry:8761"));
        assert_eq!(url.to_string(), "http://registry:8761/eureka");
        assert!(!format!("{url:?}").contains("secret") && !format!("{url:?}").contains("Basic"), "{url:?}");
        for wrong in ["ftp://user:secret@registry/eureka", "http://user:secret@registry/eureka?a"] {
            let error = ServiceUrl::parse(wrong).expect_err("wrong").to_string();
            assert!(!error.contains("secret") && error.contains("registry"), "{error}");
        }
    }
}
