//! Where a registry is: `http://host:port/prefix`, the prefix with or without a trailing slash.

use std::{fmt, net::SocketAddr};

/// A registry's address, checked once, so that nothing later has to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceUrl {
    authority: String,
    connect_to: String,
    prefix: String,
}

#[derive(Debug, thiserror::Error)]
pub enum ServiceUrlError {
    #[error("registry url `{url}` is not an address such as http://127.0.0.1:8761/eureka")]
    Malformed { url: String },
    #[error("registry url `{url}` must begin with http://")]
    Scheme { url: String },
    #[error("registry url holds credentials, which are not supported")]
    Credentials,
}

impl ServiceUrl {
    pub fn parse(url: &str) -> Result<Self, ServiceUrlError> {
        let malformed = || ServiceUrlError::Malformed { url: url.to_owned() };
        let parsed: http::Uri = url.trim().parse().map_err(|_| malformed())?;
        if parsed.scheme_str() != Some("http") {
            return Err(ServiceUrlError::Scheme { url: url.to_owned() });
        }
        let authority = parsed.authority().ok_or_else(malformed)?;
        if authority.as_str().contains('@') {
            return Err(ServiceUrlError::Credentials);
        }
        if parsed.query().is_some() || authority.host().is_empty() {
            return Err(malformed());
        }
        Ok(ServiceUrl {
            authority: authority.to_string(),
            connect_to: format!("{}:{}", authority.host(), authority.port_u16().unwrap_or(80)),
            prefix: parsed.path().trim_end_matches('/').to_owned(),
        })
    }

    /// For the `Host` field.
    pub(crate) fn authority(&self) -> &str {
        &self.authority
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

impl fmt::Display for ServiceUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "http://{}{}", self.authority, self.prefix)
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
    }

    #[test]
    fn other_schemes_credentials_and_nonsense_are_refused() {
        for url in ["https://registry/eureka", "http://u:p@registry/eureka", "registry:8761", "", "http://a/b?c"] {
            assert!(ServiceUrl::parse(url).is_err(), "{url}");
        }
    }

    #[test]
    fn credentials_are_not_repeated_in_the_error() {
        let error = ServiceUrl::parse("http://user:secret@registry/eureka").expect_err("credentials");
        assert!(!error.to_string().contains("secret"));
    }
}
