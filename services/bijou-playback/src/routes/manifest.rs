//! Manifests, written when they are asked for: the URLs in them carry the token they were asked with.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bijou_chassis::{Caller, Path, Reject};
use bijou_problem::Problem;
use http::header;

use crate::error::PlaybackError;
use crate::manifests::{dash, hls};
use crate::state::Playback;

/// A manifest or playlist
#[utoipa::path(
    get,
    path = "/m/{asset}/{token}/{file}",
    tag = "media",
    params(
        ("asset" = String, Path, description = "The asset"),
        ("token" = String, Path, description = "What `POST /v1/playbacks` granted"),
        ("file" = String, Path, description = "`master.m3u8`, `manifest.mpd`, or what the master playlist names"),
    ),
    responses(
        (status = 200, description = "HLS playlist or DASH manifest", content(
            (String = "application/vnd.apple.mpegurl"), (String = "application/dash+xml"))),
        (status = 401, description = "The token is not valid or has expired", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The token is for another film or somebody else", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "The film has no such file", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`taken-over`: another device of the account has the session's place", body = Problem, content_type = "application/problem+json"),
        (status = 410, description = "`playback-over`: the session was silent and its place was wanted, or its profile may no longer see this", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn get_manifest(
    State(playback): State<Playback>,
    caller: Caller,
    Path((asset, token, file)): Path<(String, String, String)>,
) -> Result<Response, Reject> {
    let (id, _) = playback.admit(&asset, &token, &caller).await?;
    let presentation = playback.describe(id).await?;
    // From /m/{asset}/{token}/ to /s/{asset}/{token}/, whatever both are mounted under.
    let segments = format!("../../../s/{asset}/{token}/");
    let (media_type, text) = if file == dash::MANIFEST {
        ("application/dash+xml", Some(dash::manifest(&presentation, &segments)))
    } else {
        ("application/vnd.apple.mpegurl", hls::playlist(&presentation, &file, &segments))
    };
    let text = text.ok_or(PlaybackError::FileNotFound { asset, file })?;
    // Not for shared caches: the token is in it. Short, so that a better manifest writer is soon felt.
    Ok(([(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, "private, max-age=60")], text).into_response())
}
