//! Which requests need a passport, and what is answered without a good one.
//!
//! Checking is `bijou-passport`'s; here is only where it is asked for. The exempt paths show nothing about anybody:
//! probes, metrics, the service's document, and public keys.

use std::time::SystemTime;

use bijou_passport::{HEADER, Verifier, VerifyError};
use bijou_problem::Problem;
use http::{HeaderMap, StatusCode};

use crate::extract::Caller;
use crate::reject::Reject;

/// Whether a path is served to anybody.
pub(crate) fn is_exempt(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz" | "/metrics" | "/openapi.json") || path.starts_with("/.well-known/")
}

/// The caller, or why there is none.
pub(crate) async fn check(verifier: &Verifier, headers: &HeaderMap, now: SystemTime) -> Result<Caller, Reject> {
    let mut tokens = headers.get_all(HEADER).iter();
    let Some(token) = tokens.next() else {
        return Err(missing().into());
    };
    // Two passports would let two readers see two callers.
    if tokens.next().is_some() {
        return Err(refused("passport-invalid").into());
    }
    let token = token.to_str().map_err(|_| refused("passport-invalid"))?;
    verifier.verify(token, now).await.map(Caller).map_err(reject)
}

/// 401 `passport-missing`.
pub(crate) fn missing() -> Problem {
    refused("passport-missing")
}

fn reject(error: VerifyError) -> Reject {
    if matches!(error, VerifyError::KeysUnavailable { .. }) {
        // It may well be a good one: whose keys cannot be asked for is no reason to send people to the sign-in page.
        let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "passport-keys-unavailable")
            .title("Passports cannot be checked for a moment");
        return Reject::new(problem).with_retry_after_s(1).because(error);
    }
    Reject::new(refused(error.code())).because(error)
}

/// All 401s say the same to people: whoever gets here went round the gateway, or a clock is wrong.
fn refused(code: &'static str) -> Problem {
    let title = match code {
        "passport-missing" => "Services are reached through the gateway",
        "passport-expired" => "The passport has expired",
        "passport-wrong-audience" => "The passport is for another service",
        _ => "The passport is not valid",
    };
    Problem::new(StatusCode::UNAUTHORIZED, code).title(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_exempt(path: &str, expected: bool) {
        assert_eq!(is_exempt(path), expected, "{path}");
    }

    #[test]
    fn only_probes_documents_and_keys_need_no_passport() {
        check_exempt("/healthz", true);
        check_exempt("/.well-known/jwks.json", true);
        check_exempt("/healthz/", false);
        check_exempt("/healthzz", false);
        check_exempt("/.well-known", false);
        check_exempt("//healthz", false);
        check_exempt("/v1/titles", false);
        check_exempt("/events", false);
    }
}
