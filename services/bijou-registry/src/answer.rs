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
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
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
const REASON: HeaderName = HeaderName::from_static("bijou-reason");

/// An answer. What stands in nearly all answers of a kind is text that was written beforehand: to enter it into a map of
/// headers and to write that out took a tenth of all instructions for a short list.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    /// Header lines as they are sent, each with its end.
    pub lines: &'static str,
    /// `ETag`.
    pub tag: Option<HeaderValue>,
    /// Lines that come after those.
    pub others: Vec<(HeaderName, HeaderValue)>,
    pub body: Body,
}

impl Answer {
    /// With another header line.
    pub fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.others.push((name, value));
        self
    }
}

/// For hyper.
impl From<Answer> for Response<Body> {
    fn from(answer: Answer) -> Self {
        let Answer { status, lines, tag, others, body } = answer;
        let mut response = Response::new(body);
        *response.status_mut() = status;
        let written = lines.split_terminator("\r\n").filter_map(|line| line.split_once(": "));
        let written = written.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        let tag = tag.map(|tag| (header::ETAG, tag));
        for (name, value) in written.chain(tag).chain(others) {
            response.headers_mut().append(name, value);
        }
        response
    }
}

pub fn empty(status: StatusCode) -> Answer {
    with_lines(status, "", Bytes::new())
}

fn with_lines(status: StatusCode, lines: &'static str, body: impl Into<Body>) -> Answer {
    Answer { status, lines, tag: None, others: Vec::new(), body: body.into() }
}

pub fn refused(status: StatusCode, reason: &str) -> Answer {
    let mut answer = empty(status);
    // A reason may quote the request; what cannot stand in a header is left out.
    let reason = reason.chars().map(|character| if character.is_ascii_graphic() { character } else { ' ' });
    if let Ok(value) = HeaderValue::from_str(&reason.take(200).collect::<String>()) {
        answer = answer.with(REASON, value);
    }
    if status == StatusCode::UNAUTHORIZED {
        // A browser asks its user then.
        for challenge in [r#"Basic realm="registry", charset="UTF-8""#, r#"Bearer realm="registry""#] {
            answer = answer.with(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
    }
    answer
}

pub fn whole(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Answer {
    with_lines(status, "", body.into()).with(header::CONTENT_TYPE, HeaderValue::from_static(content_type))
}

/// One instance of a version that a peer did not know.
pub fn newer_instance(form: Form, body: Vec<u8>) -> Answer {
    whole(StatusCode::CONFLICT, form.media_type(), body)
}

/// One instance with its lease, uncompressed: it is small and differs each time, for it shows when the lease was renewed
/// last.
pub fn instance(form: Form, body: Vec<u8>) -> Answer {
    let lines = match form {
        Form::Json | Form::JsonCompact => "content-type: application/json\r\ncache-control: no-store\r\n",
        Form::Xml | Form::XmlCompact => "content-type: application/xml\r\ncache-control: no-store\r\n",
    };
    with_lines(StatusCode::OK, lines, Bytes::from(body))
}

/// A list of some version, whose body is compressed if `is_gzip`.
pub fn list(form: Form, body: impl Into<Body>, is_gzip: bool, tag: HeaderValue) -> Answer {
    macro_rules! lines {
        ($type:literal, $more:literal) => {
            concat!("content-type: ", $type, "\r\nvary: Accept, Accept-Encoding, X-Eureka-Accept\r\n", $more)
        };
    }
    let lines = match (form, is_gzip) {
        (Form::Json | Form::JsonCompact, false) => lines!("application/json", ""),
        (Form::Json | Form::JsonCompact, true) => lines!("application/json", "content-encoding: gzip\r\n"),
        (Form::Xml | Form::XmlCompact, false) => lines!("application/xml", ""),
        (Form::Xml | Form::XmlCompact, true) => lines!("application/xml", "content-encoding: gzip\r\n"),
    };
    Answer { tag: Some(tag), ..with_lines(StatusCode::OK, lines, body) }
}

pub fn not_modified(tag: HeaderValue) -> Answer {
    Answer { tag: Some(tag), ..empty(StatusCode::NOT_MODIFIED) }
}

pub fn watch(frames: Frames) -> Answer {
    let lines = "content-type: text/event-stream\r\ncache-control: no-store\r\n";
    with_lines(StatusCode::OK, lines, Body::Watch(frames))
}
