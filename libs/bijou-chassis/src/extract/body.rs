//! Reading a body of bounded size. The bound is the service's `limits.body_bytes_max`, set by the chassis on the
//! request, or the extractor's own when the request did not come through a chassis (a unit test).

use axum::body::Body;
use bijou_problem::Problem;
use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use crate::Reject;

/// Bound for requests that carry none.
const BODY_BYTES_MAX: usize = 1 << 20;

/// The bound in force for a request, set by the chassis.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BodyLimit(pub(crate) usize);

/// The whole body, or 413 `body-too-large`, or 400 `body-incomplete` when the client went away in the middle.
pub async fn read_body(request: Request<Body>) -> Result<Bytes, Reject> {
    let bytes_max = request.extensions().get::<BodyLimit>().map_or(BODY_BYTES_MAX, |limit| limit.0);
    match Limited::new(request.into_body(), bytes_max).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if is_too_large(error.as_ref()) => Err(too_large(bytes_max)),
        Err(error) => Err(Reject::new(
            Problem::new(StatusCode::BAD_REQUEST, "body-incomplete").title("The body ended before it was complete"),
        )
        .because(error)),
    }
}

/// 413 with the bound.
pub(crate) fn too_large(bytes_max: usize) -> Reject {
    let problem = Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large")
        .title("The body is too large")
        .detail(format!("at most {bytes_max} bytes are taken"))
        .with("max_bytes", bytes_max);
    Reject::new(problem)
}

fn is_too_large(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut at = Some(error);
    while let Some(error) = at {
        if error.is::<LengthLimitError>() {
            return true;
        }
        at = error.source();
    }
    false
}

/// 415, naming what would be taken.
pub(crate) fn media_type_unsupported(expected: &'static str) -> Reject {
    let problem = Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type-unsupported")
        .title("The body's media type is not supported")
        .detail(format!("send `content-type: {expected}`"))
        .with("expected", expected);
    Reject::new(problem)
}

/// The media type of a body without its parameters, in lower case.
pub(crate) fn media_type(headers: &http::HeaderMap) -> Option<String> {
    let value = headers.get(http::header::CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}
