//! Answers. Below the prefix an error has no body, ever: Netflix's clients read a body as an instance and then never
//! register again. What went wrong is in a header of our own and in the log.

use std::{
    fmt, io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_util::StreamExt;
use http::{HeaderValue, Response, StatusCode, header};
use hyper::body::{Frame, SizeHint};

use crate::{
    documents::{Form, Kept},
    watch::Frames,
};

/// An answer's body.
pub enum Body {
    Whole(Bytes),
    /// For those who can send a file.
    Kept(Arc<Kept>),
    /// The watch's endless one.
    Watch(Frames),
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Body::Whole(bytes)
    }
}

/// For hyper; a conversation takes the bytes as they are.
impl hyper::body::Body for Body {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let body = self.get_mut();
        match body {
            Body::Whole(bytes) if bytes.is_empty() => Poll::Ready(None),
            Body::Whole(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Body::Kept(kept) => {
                let read = kept.read();
                *body = Body::Whole(Bytes::new());
                Poll::Ready(Some(read.map(Frame::data)))
            }
            Body::Watch(frames) => frames.poll_next_unpin(context).map_err(|never| match never {}),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Body::Whole(bytes) if bytes.is_empty())
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Body::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Body::Kept(kept) => SizeHint::with_exact(kept.len()),
            Body::Watch(_) => SizeHint::default(),
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Body::Whole(bytes) => write!(formatter, "{} bytes", bytes.len()),
            Body::Kept(kept) => write!(formatter, "{} bytes in a file", kept.len()),
            Body::Watch(_) => formatter.write_str("a watch"),
        }
    }
}

/// Says why a request was refused, for people with curl. Clients never look at it.
const REASON: &str = "bijou-reason";

pub fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::Whole(Bytes::new()));
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
    let mut response = Response::new(Body::Whole(body.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// One instance, uncompressed: it is small and differs each time.
pub fn instance(status: StatusCode, form: Form, body: Vec<u8>) -> Response<Body> {
    whole(status, form.media_type(), body)
}

/// A list, whose body is compressed if `is_gzip`.
pub fn list(form: Form, body: impl Into<Body>, is_gzip: bool) -> Response<Body> {
    let mut response = whole(StatusCode::OK, form.media_type(), Bytes::new()).map(|_| body.into());
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept, Accept-Encoding, X-Eureka-Accept"));
    if is_gzip {
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

/// Names the version of a list.
pub fn with_etag(mut response: Response<Body>, tag: HeaderValue) -> Response<Body> {
    response.headers_mut().insert(header::ETAG, tag);
    response
}

pub fn not_modified(tag: HeaderValue) -> Response<Body> {
    with_etag(empty(StatusCode::NOT_MODIFIED), tag)
}

pub fn watch(frames: Frames) -> Response<Body> {
    let mut response = Response::new(Body::Watch(frames));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
