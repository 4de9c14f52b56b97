//! OTLP/HTTP (OpenTelemetry protocol 1.x): what roles and other programs deliver, read into plain spans, lines and metrics.
//!
//! Both encodings the specification asks for, protobuf and JSON, and gzip. A record that cannot be used (an id of the
//! wrong length) is counted and the rest of its batch taken, which is what the protocol's "partial success" is for.

mod metrics;
mod read;

use std::io::Read as _;

use axum::response::{IntoResponse as _, Response};
use bijou_chassis::Reject;
use bijou_problem::Problem;
use bytes::Bytes;
use flate2::read::GzDecoder;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};
use prost::Message;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use metrics::{Told, metrics};
pub use read::{logs, spans};

/// How much larger a batch may get by unpacking.
const UNPACKED_TIMES_MAX: usize = 16;

/// The two encodings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Protobuf,
    Json,
}

impl Encoding {
    /// By the request's content type, or 415.
    pub fn of(headers: &HeaderMap) -> Result<Self, Reject> {
        let name = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        match name.split(';').next().unwrap_or_default().trim() {
            "application/x-protobuf" => Ok(Self::Protobuf),
            "application/json" => Ok(Self::Json),
            _ => {
                let problem = Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type-unsupported")
                    .title("The body's media type is not supported")
                    .detail("send `application/x-protobuf` or `application/json`");
                Err(Reject::new(problem))
            }
        }
    }

    /// Reads a request message.
    pub fn read<M: Message + Default + DeserializeOwned>(self, body: &[u8]) -> Result<M, Reject> {
        let read = match self {
            Self::Protobuf => M::decode(body).map_err(|error| error.to_string()),
            Self::Json => serde_json::from_slice(body).map_err(|error| error.to_string()),
        };
        read.map_err(|reason| {
            let problem = Problem::new(StatusCode::BAD_REQUEST, "otlp-malformed")
                .title("The body is not the OTLP message this operation takes")
                .detail(reason);
            Reject::new(problem)
        })
    }

    /// Answers with a response message.
    pub fn answer<M: Message + Serialize>(self, message: &M) -> Response {
        match self {
            Self::Protobuf => ([(CONTENT_TYPE, "application/x-protobuf")], message.encode_to_vec()).into_response(),
            Self::Json => bijou_chassis::Json(message).into_response(),
        }
    }
}

/// The body unpacked, if it was packed.
pub fn unpack(headers: &HeaderMap, body: Bytes) -> Result<Bytes, Reject> {
    let refuse = |status, code, title: &'static str| Err(Reject::new(Problem::new(status, code).title(title)));
    match headers.get(CONTENT_ENCODING).map(http::HeaderValue::as_bytes) {
        None | Some(b"identity") => Ok(body),
        Some(b"gzip") => {
            let bytes_max = body.len().saturating_mul(UNPACKED_TIMES_MAX);
            let mut unpacked = Vec::new();
            // One byte more, to tell "just as long" from "longer".
            let read = GzDecoder::new(&*body).take(bytes_max as u64 + 1).read_to_end(&mut unpacked);
            match read {
                Ok(_) if unpacked.len() <= bytes_max => Ok(unpacked.into()),
                Ok(_) => refuse(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", "The body unpacks to too much"),
                Err(_) => refuse(StatusCode::BAD_REQUEST, "otlp-malformed", "The body is not gzip"),
            }
        }
        Some(_) => refuse(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "media-type-unsupported",
            "The body's encoding is not supported: send it as it is, or gzip",
        ),
    }
}
