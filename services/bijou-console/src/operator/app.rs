//! The console app's files.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use bijou_chassis::Reject;
use bijou_problem::Problem;
use http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use http::{HeaderMap, HeaderValue, StatusCode};

use super::Operator;

/// Files below this have their content's hash in their name.
const HASHED: &str = "assets/";

pub fn routes() -> Router<Operator> {
    // Not everything below `/`: an unknown `/api/` path belongs to the guard.
    Router::new().route("/", get(index)).route("/{file}", get(file)).route("/assets/{*path}", get(hashed))
}

async fn index(State(operator): State<Operator>, headers: HeaderMap) -> Result<Response, Reject> {
    serve(&operator, "index.html", &headers)
}

async fn file(
    State(operator): State<Operator>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Reject> {
    serve(&operator, &path, &headers)
}

async fn hashed(
    State(operator): State<Operator>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Reject> {
    serve(&operator, &format!("{HASHED}{path}"), &headers)
}

fn serve(operator: &Operator, path: &str, headers: &HeaderMap) -> Result<Response, Reject> {
    let takes = |coding: &str| {
        let accepted = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
        accepted
            .flat_map(|line| line.split(','))
            .any(|entry| entry.split(';').next().unwrap_or_default().trim() == coding)
    };
    let packed = [("br", ".br"), ("gzip", ".gz")]
        .into_iter()
        .filter(|(coding, _)| takes(coding))
        .find_map(|(coding, suffix)| Some((coding, (operator.assets)(&format!("{path}{suffix}"))?)));
    let (coding, asset) = match packed {
        Some((coding, asset)) => (Some(coding), asset),
        None => (None, (operator.assets)(path).ok_or_else(|| not_found(path))?),
    };
    let caching = if path.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let is_known = headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == asset.etag.as_bytes());
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(CONTENT_TYPE, asset.content_type)], asset.bytes.into_owned()).into_response()
    };
    let set = response.headers_mut();
    set.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
    set.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(etag) = HeaderValue::from_str(&asset.etag) {
        set.insert(ETAG, etag);
    }
    if let Some(coding) = coding {
        set.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    Ok(response)
}

fn not_found(path: &str) -> Reject {
    let problem = Problem::new(StatusCode::NOT_FOUND, "route-not-found")
        .title("There is nothing at this path")
        .detail(format!("the console has no file `{path}`"));
    Reject::new(problem)
}
