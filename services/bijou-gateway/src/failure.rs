//! What the gateway itself answers when it cannot or will not carry a request: one table from cause to answer.
//!
//! Every failure says whose it is ([`Category`]): the client's, an origin's, or ours. That is what an operator asks
//! first, and what status codes alone do not tell (a 503 may be any of the three).

use std::borrow::Cow;
use std::time::Duration;

use bijou_problem::Problem;
use http::StatusCode;

use crate::framing::Refusal;

/// Whose failure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// The gateway's own limits or state.
    Local,
    /// The client asked for something it cannot have.
    Client,
    /// An instance did not answer as it should.
    Origin,
}

impl Category {
    /// As written in problems, metrics and logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Client => "client",
            Self::Origin => "origin",
        }
    }
}

/// Why the gateway answers by itself.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// The head was refused before it was understood.
    Refused(Refusal),
    /// The head was understood and makes no sense (`code` says what).
    BadRequest {
        code: &'static str,
        detail: Cow<'static, str>,
    },
    NoRoute,
    MethodNotAllowed {
        allowed: String,
    },
    TokenMissing,
    TokenInvalid {
        code: &'static str,
        detail: Cow<'static, str>,
    },
    /// Known, but not allowed here.
    Forbidden {
        needs: String,
    },
    /// The authoriser said no; its own words when it had any.
    Denied {
        status: StatusCode,
        problem: Option<Box<Problem>>,
    },
    BodyTooLarge {
        bytes_max: u64,
    },
    BodyTooSlow,
    BodyBroken,
    RateLimited {
        retry_after: Duration,
    },
    TooManyRequests {
        what: &'static str,
    },
    FilterOverloaded {
        filter: &'static str,
    },
    AuthorizerUnavailable,
    KeysUnavailable,
    NoInstance {
        app: String,
    },
    OriginOverloaded {
        app: String,
    },
    ConnectFailed {
        app: String,
    },
    ConnectTimedOut {
        app: String,
    },
    OriginReset {
        app: String,
    },
    OriginInvalid {
        app: String,
    },
    OriginTimedOut {
        app: String,
    },
    Misdirected {
        detail: &'static str,
    },
    NotImplemented {
        detail: &'static str,
    },
    /// An operator has put it in on purpose.
    FaultInjected {
        status: StatusCode,
        /// Its id.
        fault: String,
        /// Of a limit.
        retry_after: Option<Duration>,
    },
}

impl Failure {
    /// Whose it is.
    pub fn category(&self) -> Category {
        match self {
            Self::TooManyRequests { .. }
            | Self::FilterOverloaded { .. }
            | Self::AuthorizerUnavailable
            | Self::KeysUnavailable
            | Self::FaultInjected { .. }
            | Self::OriginOverloaded { .. } => Category::Local,
            Self::NoInstance { .. }
            | Self::ConnectFailed { .. }
            | Self::ConnectTimedOut { .. }
            | Self::OriginReset { .. }
            | Self::OriginInvalid { .. }
            | Self::OriginTimedOut { .. } => Category::Origin,
            _ => Category::Client,
        }
    }

    /// The stable name of the kind of failure.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => match refusal {
                Refusal::HeadTooLarge => "head-too-large",
                Refusal::TooManyFields => "too-many-header-fields",
                Refusal::TargetTooLong => "target-too-long",
                Refusal::HeadTooSlow => "head-too-slow",
                Refusal::Version => "http-version",
                Refusal::NoHost | Refusal::RepeatedHost | Refusal::Host => "invalid-host",
                Refusal::TwoLengths
                | Refusal::RepeatedLength
                | Refusal::Length
                | Refusal::TransferEncoding
                | Refusal::TransferEncodingOld => "ambiguous-length",
                Refusal::RequestLine
                | Refusal::BareLineFeed
                | Refusal::Folded
                | Refusal::FieldName
                | Refusal::FieldValue => "malformed-head",
            },
            Self::BadRequest { code, .. } | Self::TokenInvalid { code, .. } => code,
            Self::NoRoute => "no-route",
            Self::MethodNotAllowed { .. } => "method-not-allowed",
            Self::TokenMissing => "token-missing",
            Self::Forbidden { .. } => "not-allowed",
            Self::Denied { .. } => "denied-by-authorizer",
            Self::BodyTooLarge { .. } => "body-too-large",
            Self::BodyTooSlow => "body-too-slow",
            Self::BodyBroken => "body-broken",
            Self::RateLimited { .. } => "rate-limited",
            Self::TooManyRequests { .. } => "gateway-overloaded",
            Self::FilterOverloaded { .. } => "filter-overloaded",
            Self::AuthorizerUnavailable => "authorizer-unavailable",
            Self::KeysUnavailable => "keys-unavailable",
            Self::NoInstance { .. } => "no-instance",
            Self::OriginOverloaded { .. } => "origin-overloaded",
            Self::ConnectFailed { .. } => "origin-connect-failed",
            Self::ConnectTimedOut { .. } => "origin-connect-timeout",
            Self::OriginReset { .. } => "origin-reset",
            Self::OriginInvalid { .. } => "origin-invalid-answer",
            Self::OriginTimedOut { .. } => "origin-timeout",
            Self::Misdirected { .. } => "misdirected",
            Self::NotImplemented { .. } => "not-implemented",
            Self::FaultInjected { .. } => bijou_client::FAULT_CODE,
        }
    }

    /// The status to answer with.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Refused(Refusal::HeadTooLarge | Refusal::TooManyFields) => {
                StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE
            }
            Self::Refused(Refusal::TargetTooLong) => StatusCode::URI_TOO_LONG,
            Self::Refused(Refusal::HeadTooSlow) | Self::BodyTooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Refused(Refusal::Version) => StatusCode::HTTP_VERSION_NOT_SUPPORTED,
            Self::Refused(_) | Self::BadRequest { .. } | Self::BodyBroken => StatusCode::BAD_REQUEST,
            Self::NoRoute => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::TokenMissing | Self::TokenInvalid { .. } => StatusCode::UNAUTHORIZED,
            Self::Forbidden { .. } => StatusCode::FORBIDDEN,
            Self::Denied { status, .. } | Self::FaultInjected { status, .. } => *status,
            Self::BodyTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::TooManyRequests { .. }
            | Self::FilterOverloaded { .. }
            | Self::AuthorizerUnavailable
            | Self::KeysUnavailable
            | Self::NoInstance { .. }
            | Self::OriginOverloaded { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::ConnectFailed { .. } | Self::OriginReset { .. } | Self::OriginInvalid { .. } => {
                StatusCode::BAD_GATEWAY
            }
            Self::ConnectTimedOut { .. } | Self::OriginTimedOut { .. } => StatusCode::GATEWAY_TIMEOUT,
            Self::Misdirected { .. } => StatusCode::MISDIRECTED_REQUEST,
            Self::NotImplemented { .. } => StatusCode::NOT_IMPLEMENTED,
        }
    }

    /// The error type of `Proxy-Status` (RFC 9209, section 2.3).
    pub fn proxy_error(&self) -> &'static str {
        match self {
            Self::Refused(_)
            | Self::BadRequest { .. }
            | Self::Misdirected { .. }
            | Self::NotImplemented { .. }
            | Self::BodyBroken
            | Self::BodyTooSlow => "http_request_error",
            Self::NoRoute => "destination_not_found",
            Self::MethodNotAllowed { .. }
            | Self::TokenMissing
            | Self::TokenInvalid { .. }
            | Self::Forbidden { .. }
            | Self::Denied { .. }
            | Self::BodyTooLarge { .. }
            | Self::RateLimited { .. } => "http_request_denied",
            Self::TooManyRequests { .. } | Self::FilterOverloaded { .. } | Self::OriginOverloaded { .. } => {
                "connection_limit_reached"
            }
            Self::AuthorizerUnavailable | Self::KeysUnavailable | Self::FaultInjected { .. } => "proxy_internal_error",
            Self::NoInstance { .. } => "destination_unavailable",
            Self::ConnectFailed { .. } => "connection_refused",
            Self::ConnectTimedOut { .. } => "connection_timeout",
            Self::OriginReset { .. } => "connection_terminated",
            Self::OriginInvalid { .. } => "http_protocol_error",
            Self::OriginTimedOut { .. } => "http_response_timeout",
        }
    }

    /// The answer's body.
    pub fn problem(&self) -> Problem {
        if let Self::Denied { problem: Some(problem), .. } = self {
            return (**problem).clone().with("category", self.category().name());
        }
        let problem =
            Problem::new(self.status(), self.code()).title(self.title()).with("category", self.category().name());
        match self {
            Self::Refused(refusal) => problem.detail(refusal.detail()),
            Self::BadRequest { detail, .. } | Self::TokenInvalid { detail, .. } => problem.detail(detail.as_ref()),
            Self::NoRoute => problem.detail("no route of this gateway covers this host and path"),
            Self::MethodNotAllowed { allowed } => problem.detail(format!("allowed here: {allowed}")),
            Self::TokenMissing => problem.detail("send an access token as `Authorization: Bearer …`"),
            Self::Forbidden { needs } => problem.detail(format!("this needs {needs}")),
            Self::BodyTooLarge { bytes_max } => {
                problem.detail(format!("at most {bytes_max} bytes are accepted here")).with("max_bytes", *bytes_max)
            }
            Self::BodyTooSlow => problem.detail("the body did not arrive in time"),
            Self::BodyBroken => problem.detail("the body ended early or its framing is broken"),
            Self::RateLimited { retry_after } => problem.detail(format!("try again in {} s", seconds_up(*retry_after))),
            Self::Misdirected { detail } | Self::NotImplemented { detail } => problem.detail(*detail),
            Self::NoInstance { app }
            | Self::OriginOverloaded { app }
            | Self::ConnectFailed { app }
            | Self::ConnectTimedOut { app }
            | Self::OriginReset { app }
            | Self::OriginInvalid { app }
            | Self::OriginTimedOut { app } => problem.with("application", app.as_str()),
            Self::TooManyRequests { what } => problem.with("limit", *what),
            Self::FilterOverloaded { filter } => problem.with("filter", *filter),
            Self::FaultInjected { fault, .. } => problem
                .detail("an operator has put this fault in; the service was not asked, and it ends by itself")
                .with("fault", fault.as_str()),
            Self::Denied { .. } | Self::AuthorizerUnavailable | Self::KeysUnavailable => problem,
        }
    }

    /// Seconds for `Retry-After`, where waiting helps.
    pub fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::RateLimited { retry_after } | Self::FaultInjected { retry_after: Some(retry_after), .. } => {
                Some(seconds_up(*retry_after))
            }
            Self::TooManyRequests { .. }
            | Self::FilterOverloaded { .. }
            | Self::OriginOverloaded { .. }
            | Self::AuthorizerUnavailable
            | Self::KeysUnavailable
            | Self::NoInstance { .. } => Some(1),
            _ => None,
        }
    }

    /// `WWW-Authenticate` of a 401 (RFC 6750, section 3).
    pub fn challenge(&self) -> Option<&'static str> {
        match self {
            Self::TokenMissing => Some("Bearer realm=\"bijou\""),
            Self::TokenInvalid { .. } => Some("Bearer realm=\"bijou\", error=\"invalid_token\""),
            Self::Forbidden { .. } => Some("Bearer realm=\"bijou\", error=\"insufficient_scope\""),
            _ => None,
        }
    }

    /// Whether nothing more can be read from the client's connection.
    pub fn closes_connection(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::BodyBroken | Self::BodyTooSlow | Self::BodyTooLarge { .. })
    }

    fn title(&self) -> &'static str {
        match self {
            Self::Refused(Refusal::HeadTooLarge | Refusal::TooManyFields) => "The request head is too large",
            Self::Refused(Refusal::TargetTooLong) => "The request target is too long",
            Self::Refused(Refusal::HeadTooSlow) => "The request head took too long",
            Self::Refused(_) | Self::BadRequest { .. } => "The request is malformed",
            Self::NoRoute => "There is nothing here",
            Self::MethodNotAllowed { .. } => "The method is not allowed here",
            Self::TokenMissing => "Signing in is needed",
            Self::TokenInvalid { .. } => "The access token is not valid",
            Self::Forbidden { .. } | Self::Denied { .. } => "This is not allowed",
            Self::BodyTooLarge { .. } => "The body is too large",
            Self::BodyTooSlow => "The body took too long",
            Self::BodyBroken => "The body is broken",
            Self::RateLimited { .. } => "Too many requests",
            Self::TooManyRequests { .. } | Self::FilterOverloaded { .. } => "The gateway is busy",
            Self::AuthorizerUnavailable => "Permission could not be checked",
            Self::KeysUnavailable => "The access token cannot be checked right now",
            Self::NoInstance { .. } => "No instance of the service is available",
            Self::OriginOverloaded { .. } => "The service is busy",
            Self::ConnectFailed { .. } | Self::ConnectTimedOut { .. } => "The service cannot be reached",
            Self::OriginReset { .. } => "The service broke off",
            Self::OriginInvalid { .. } => "The service gave an invalid answer",
            Self::OriginTimedOut { .. } => "The service did not answer in time",
            Self::Misdirected { .. } => "The request came to the wrong place",
            Self::NotImplemented { .. } => "This is not supported",
            Self::FaultInjected { .. } => "An operator has put this fault in",
        }
    }
}

fn seconds_up(duration: Duration) -> u64 {
    duration.as_millis().div_ceil(1000).max(1) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(failure: Failure, status: u16, code: &str, category: &str) {
        let problem = failure.problem();
        assert_eq!(
            (problem.status.as_u16(), problem.code.as_ref(), problem.extra["category"].as_str()),
            (status, code, Some(category))
        );
    }

    #[test]
    fn each_failure_has_its_status_code_and_owner() {
        check(Failure::NoRoute, 404, "no-route", "client");
        check(Failure::TokenMissing, 401, "token-missing", "client");
        check(Failure::Forbidden { needs: "the scope `operator`".into() }, 403, "not-allowed", "client");
        check(Failure::BodyTooLarge { bytes_max: 10 }, 413, "body-too-large", "client");
        check(Failure::RateLimited { retry_after: Duration::from_millis(1) }, 429, "rate-limited", "client");
        check(Failure::Refused(Refusal::HeadTooLarge), 431, "head-too-large", "client");
        check(Failure::Refused(Refusal::TwoLengths), 400, "ambiguous-length", "client");
        check(Failure::ConnectFailed { app: "CATALOG".into() }, 502, "origin-connect-failed", "origin");
        check(Failure::NoInstance { app: "CATALOG".into() }, 503, "no-instance", "origin");
        check(Failure::TooManyRequests { what: "in_flight_max" }, 503, "gateway-overloaded", "local");
        check(Failure::OriginTimedOut { app: "CATALOG".into() }, 504, "origin-timeout", "origin");
    }

    #[test]
    fn a_retry_after_is_rounded_up_and_never_zero() {
        assert_eq!(Failure::RateLimited { retry_after: Duration::from_millis(1_001) }.retry_after_s(), Some(2));
        assert_eq!(Failure::RateLimited { retry_after: Duration::ZERO }.retry_after_s(), Some(1));
    }
}
