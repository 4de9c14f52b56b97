//! The gateway's own public pages: is it alive, is it ready, what can it do, which keys sign its passports.

mod documents;
mod readiness;

use std::sync::Arc;

use http::header::{self, HeaderValue};
use http::{HeaderMap, StatusCode};
use serde_json::json;

use crate::assets::is_known;
use crate::body::ReplyBody;
use crate::failure::Failure;
use crate::reply::Reply;
use crate::transit::Transit;

pub(crate) use documents::{Documents, keep_current};

/// Answers one of [`crate::routes::OWN_PATHS`].
#[expect(clippy::unused_async, reason = "an endpoint like the others")]
pub(crate) async fn answer(transit: &mut Transit) -> Reply {
    let shared = Arc::clone(&transit.worker.shared);
    let mut reply = match transit.path() {
        "/healthz" => Reply::json(StatusCode::OK, &json!({ "status": "alive" })),
        "/readyz" => {
            let report = readiness::report(&shared);
            let status = if report.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
            Reply::json(status, &serde_json::to_value(&report).unwrap_or_default())
        }
        "/openapi.json" => return openapi(&shared.documents.load(), transit.headers()),
        "/.well-known/passport-keys" => Reply::json(StatusCode::OK, &shared.signer.jwks()),
        _ => return Failure::NoRoute.into(),
    };
    reply.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply
}

fn openapi(documents: &Documents, request: &HeaderMap) -> Reply {
    let mut reply = Reply::new(StatusCode::OK);
    reply.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    reply.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(etag) = HeaderValue::try_from(documents.etag.as_str()) {
        reply.headers.insert(header::ETAG, etag);
    }
    if is_known(request, &documents.etag) {
        reply.status = StatusCode::NOT_MODIFIED;
    } else {
        reply.body = ReplyBody::Full(documents.merged.clone());
    }
    reply
}
