//! Answers. Below the prefix an error has no body, ever: Netflix's clients read a body as an instance and then never
//! register again. What went wrong is in a header of our own and in the log.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::{Either, Full, StreamBody};

use crate::{documents::Form, watch::Frames};

/// Whole bodies, and the watch's endless one.
pub type Body = Either<Full<Bytes>, StreamBody<Frames>>;

/// Says why a request was refused, for people with curl. Clients never look at it.
const REASON: &str = "bijou-reason";

pub fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Either::Left(Full::default()));
    *response.status_mut() = status;
    response
}

pub fn refused(status: StatusCode, reason: &str) -> Response<Body> {
    let mut response = empty(status);
    // A reason may quote the request; what cannot stand in a header is left out.
    let reason = reason.chars().map(|character| if character.is_ascii_graphic() { character } else { ' ' });
    if let Ok(value) = HeaderValue::from_str(&reason.take(200).collect::<String>()) {
        response.headers_mut().insert(REASON, value);
    }
    if status == StatusCode::UNAUTHORIZED {
        // A browser asks its user then.
        for challenge in [r#"Basic realm="registry", charset="UTF-8""#, r#"Bearer realm="registry""#] {
            response.headers_mut().append(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
    }
    response
}

pub fn whole(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Response<Body> {
    let mut response = Response::new(Either::Left(Full::new(body.into())));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// One instance, uncompressed: it is small and differs each time.
pub fn instance(status: StatusCode, form: Form, body: Vec<u8>) -> Response<Body> {
    whole(status, form.media_type(), body)
}

/// A list, whose body is compressed if `is_gzip`.
pub fn list(form: Form, body: Bytes, is_gzip: bool) -> Response<Body> {
    let mut response = whole(StatusCode::OK, form.media_type(), body);
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept, Accept-Encoding, X-Eureka-Accept"));
    if is_gzip {
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

/// Names the version of a list.
pub fn with_etag(mut response: Response<Body>, tag: &str) -> Response<Body> {
    if let Ok(value) = HeaderValue::from_str(tag) {
        response.headers_mut().insert(header::ETAG, value);
    }
    response
}

pub fn not_modified(tag: &str) -> Response<Body> {
    with_etag(empty(StatusCode::NOT_MODIFIED), tag)
}

pub fn watch(frames: Frames) -> Response<Body> {
    let mut response = Response::new(Either::Right(StreamBody::new(frames)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
