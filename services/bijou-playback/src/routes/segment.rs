//! Media files by range: the bulk of all bytes the platform sends.

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use bijou_chassis::{Caller, Path, Reject};
use bijou_problem::Problem;
use futures_util::TryStreamExt;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Method, StatusCode};

use crate::clock::now_ms;
use crate::domain::cmcd::Cmcd;
use crate::domain::range::{self, Selection};
use crate::error::PlaybackError;
use crate::quality;
use crate::state::Playback;

/// Part of a media file
///
/// Answers the range that is asked for. Files never change, so a copy is good for as long as the token is. What the player
/// says in CMCD headers (CTA-5004 version 1) becomes part of the session's story.
#[utoipa::path(
    get,
    path = "/s/{asset}/{token}/{file}",
    tag = "media",
    params(
        ("asset" = String, Path, description = "The asset"),
        ("token" = String, Path, description = "What `POST /v1/playbacks` granted"),
        ("file" = String, Path, description = "What a manifest names"),
    ),
    responses(
        (status = 200, description = "The whole file", content(
            (String = "video/mp4"), (String = "audio/mp4"), (String = "text/vtt; charset=utf-8"))),
        (status = 206, description = "The range", content(
            (String = "video/mp4"), (String = "audio/mp4"), (String = "text/vtt; charset=utf-8"))),
        (status = 304, description = "The caller's copy is good"),
        (status = 401, description = "The token is not valid or has expired", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The token is for another film or somebody else", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "The film has no such file", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`taken-over`: another device of the account has the session's place", body = Problem, content_type = "application/problem+json"),
        (status = 410, description = "`playback-over`: the session was silent and its place was wanted, or its profile may no longer see this", body = Problem, content_type = "application/problem+json"),
        (status = 416, description = "The range lies outside of the file", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn get_segment(
    State(playback): State<Playback>,
    caller: Caller,
    Path((asset, token, file)): Path<(String, String, String)>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Reject> {
    let (id, grant) = playback.admit(&asset, &token, &caller).await?;
    let presentation = playback.describe(id).await?;
    let served = presentation
        .served_file(&file)
        .ok_or_else(|| PlaybackError::FileNotFound { asset: asset.clone(), file: file.clone() })?;
    let etag = format!("\"{}/{file}\"", id.simple());

    let mut response = Response::new(Body::empty());
    let out = response.headers_mut();
    let remaining_s = i64::try_from(grant.expires_s).unwrap_or(0) - now_ms() / 1000;
    set(out, header::CACHE_CONTROL, &format!("private, max-age={}, immutable", remaining_s.max(0)));
    set(out, header::ETAG, &etag);
    set(out, header::ACCEPT_RANGES, "bytes");

    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if text(header::IF_NONE_MATCH).is_some_and(|tags| range::matches(tags, &etag)) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return Ok(response);
    }
    set(out, header::CONTENT_TYPE, served.media_type);
    // Ranges are for GET (RFC 9110, section 14.2).
    let wanted = text(header::RANGE).filter(|_| method == Method::GET && range::applies(text(header::IF_RANGE), &etag));
    let bytes = match range::select(wanted, served.size) {
        Selection::Unsatisfiable => return Err(PlaybackError::Range { length: served.size }.into()),
        Selection::Whole => 0..served.size,
        Selection::Part { start, end } => {
            set(out, header::CONTENT_RANGE, &format!("bytes {start}-{}/{}", end - 1, served.size));
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            start..end
        }
    };
    set(response.headers_mut(), header::CONTENT_LENGTH, &(bytes.end - bytes.start).to_string());
    if method == Method::HEAD || bytes.is_empty() {
        return Ok(response);
    }
    quality::sent(&grant, bytes.end - bytes.start, &file, &Cmcd::of(&headers));
    let stream = playback.media.stream(&id.simple().to_string(), &file, bytes).await.map_err(PlaybackError::Media)?;
    let sent = playback.metrics.media_bytes.clone();
    *response.body_mut() = Body::from_stream(stream.inspect_ok(move |chunk| {
        sent.inc_by(chunk.len() as u64);
    }));
    Ok(response)
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    headers.insert(name, HeaderValue::try_from(value).expect("made of names and numbers of ours"));
}
