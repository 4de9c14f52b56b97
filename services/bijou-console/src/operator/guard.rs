//! What stands before the operator's API: who comes in, the same origin for whatever changes something, and the audit of
//! every change that did not record itself.

use std::time::SystemTime;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use bijou_chassis::Reject;
use bijou_problem::Problem;
use http::header::{CACHE_CONTROL, HOST, HeaderName, ORIGIN};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::json;

use super::{Operator, session};
use crate::audit::{Actor, Change};

/// Only our own files, no frames around us, no plug-ins. Styles may be inline: charts set sizes and colours so.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; \
     object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Lets in who has the token or a cookie of it; the session's own endpoint decides for itself.
pub async fn guard(State(operator): State<Operator>, mut request: Request, next: Next) -> Response {
    let session = operator.sessions.of(request.headers(), SystemTime::now());
    let actor = session.as_ref().map_or_else(Actor::nobody, |session| Actor::named(&session.who));
    if request.method().is_safe() {
        if session.is_some() {
            request.extensions_mut().insert(actor);
        }
        return run(session.is_some(), request, next).await;
    }

    // Never the query nor the body: what of them may be told, only the handler knows.
    let asked = format!("{} {}", request.method(), request.uri().path());
    let response = if is_same_origin(request.headers()) {
        request.extensions_mut().insert(actor.clone());
        run(session.is_some(), request, next).await
    } else {
        let problem = Problem::new(StatusCode::FORBIDDEN, "foreign-origin").title("Another page may not do this");
        Reject::new(problem).into_response()
    };
    let status = response.status();
    if actor.has_recorded() && status.is_success() {
        return response;
    }
    let action = if status.is_success() { "request.done" } else { "request.refused" };
    let after = Some(json!({ "status": status.as_u16() }));
    let change = Change { action, target: asked, after, ..Change::default() };
    match operator.audit.record(&actor, change).await {
        Ok(()) => response,
        // What was refused stays refused; what was done without a record is not told as done.
        Err(_) if !status.is_success() => response,
        Err(unrecorded) => unrecorded.into_response(),
    }
}

async fn run(is_signed_in: bool, request: Request, next: Next) -> Response {
    let is_open = request.uri().path() == "/api/session";
    if !is_open && !is_signed_in {
        return session::sign_in_required().into_response();
    }
    let mut response = next.run(request).await;
    response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Programs send neither header and are welcome: they cannot be lured into sending a browser's cookie.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(&HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    match (text(&ORIGIN), text(&HOST)) {
        (None, _) => true,
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, origin)| origin == host),
        (Some(_), None) => false,
    }
}

/// Headers that keep browsers from being helpful in the wrong way.
pub async fn security_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in [
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pairs: &[(&'static str, &'static str)], expected: bool) {
        let headers =
            pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        assert_eq!(is_same_origin(&headers.collect()), expected, "{pairs:?}");
    }

    #[test]
    fn a_foreign_page_is_told_from_our_own_and_from_a_program() {
        check(&[("host", "127.0.0.1:9090")], true);
        check(&[("sec-fetch-site", "same-origin")], true);
        check(&[("sec-fetch-site", "cross-site")], false);
        check(&[("sec-fetch-site", "same-site")], false);
        check(&[("origin", "http://127.0.0.1:9090"), ("host", "127.0.0.1:9090")], true);
        check(&[("origin", "http://evil.example"), ("host", "127.0.0.1:9090")], false);
        check(&[("origin", "null"), ("host", "127.0.0.1:9090")], false);
    }
}
