//! The one path and the one host of a request.

use std::borrow::Cow;

use http::header::{self, HeaderValue};
use http::{Method, Uri, Version};

use crate::failure::Failure;
use crate::filter::{InboundFilter, Step};
use crate::framing::is_host;
use crate::path::normalise;
use crate::transit::Transit;

#[derive(Debug)]
pub(super) struct NormalisePath;

impl InboundFilter for NormalisePath {
    fn name(&self) -> &'static str {
        "normalise-path"
    }

    fn inbound<'a>(&'a self, transit: &'a mut Transit) -> Step<'a> {
        match settle_host(transit).and_then(|()| settle_path(transit)) {
            Ok(()) => Step::CONTINUE,
            Err(failure) => Step::answer(failure),
        }
    }
}

fn settle_path(transit: &mut Transit) -> Result<(), Failure> {
    let target_bytes_max = transit.active.config().limits.target_bytes_max;
    let normal = match one_path(transit.method(), transit.uri(), target_bytes_max)? {
        Cow::Borrowed(_) => None,
        Cow::Owned(path) => Some(path),
    };
    transit.normal_path = normal;
    Ok(())
}

/// The one path of a request, or why it has none.
pub(crate) fn one_path<'a>(method: &Method, uri: &'a Uri, target_bytes_max: usize) -> Result<Cow<'a, str>, Failure> {
    if *method == Method::CONNECT {
        return Err(Failure::NotImplemented { detail: "this gateway opens no tunnels by CONNECT" });
    }
    let target_bytes = uri.path_and_query().map_or(0, |target| target.as_str().len());
    if target_bytes > target_bytes_max {
        return Err(Failure::Refused(crate::framing::Refusal::TargetTooLong));
    }
    normalise(uri.path())
        .map_err(|error| Failure::BadRequest { code: "ambiguous-path", detail: error.to_string().into() })
}

/// One host: from the authority where the protocol has one, and `Host` may then only repeat it.
fn settle_host(transit: &mut Transit) -> Result<(), Failure> {
    // HTTP/2 does not pass the framing guard: what that checks of a head is checked here.
    if transit.version() == Version::HTTP_2 {
        let fields_max = transit.active.config().limits.head_fields_max;
        if transit.headers().len() > fields_max {
            return Err(Failure::Refused(crate::framing::Refusal::TooManyFields));
        }
        if transit.headers().get_all(header::HOST).iter().count() > 1 {
            return Err(Failure::Refused(crate::framing::Refusal::RepeatedHost));
        }
    }
    let authority = transit.uri().authority().map(|authority| authority.as_str().to_owned());
    let named = transit.headers().get(header::HOST).map(|value| value.as_bytes().to_vec());
    let host = match (authority, named) {
        (Some(authority), named) => {
            if !is_host(authority.as_bytes()) {
                return Err(Failure::Refused(crate::framing::Refusal::Host));
            }
            if named.is_some_and(|named| !named.eq_ignore_ascii_case(authority.as_bytes())) {
                return Err(Failure::Misdirected { detail: "the request's target and its Host name different hosts" });
            }
            let value =
                HeaderValue::from_str(&authority).map_err(|_| Failure::Refused(crate::framing::Refusal::Host))?;
            transit.headers_mut().insert(header::HOST, value);
            authority
        }
        (None, Some(named)) => match String::from_utf8(named) {
            Ok(named) if is_host(named.as_bytes()) => named,
            _ => return Err(Failure::Refused(crate::framing::Refusal::Host)),
        },
        // HTTP/1.0 may leave it out.
        (None, None) if transit.version() == Version::HTTP_10 => String::new(),
        (None, None) => return Err(Failure::Refused(crate::framing::Refusal::NoHost)),
    };
    transit.host = without_port(host);
    Ok(())
}

fn without_port(mut host: String) -> String {
    let end = if host.starts_with('[') { host.find(']').map(|end| end + 1) } else { host.find(':') };
    if let Some(end) = end {
        host.truncate(end);
    }
    host.make_ascii_lowercase();
    host
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_loses_its_port_and_its_capitals() {
        for (host, expected) in [("Example.ORG:8080", "example.org"), ("[::1]:80", "[::1]"), ("a", "a"), ("", "")] {
            assert_eq!(without_port(host.to_owned()), expected);
        }
    }
}
