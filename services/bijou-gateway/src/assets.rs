//! The viewer app at `/`: files the executable carries.
//!
//! Files with a hash in their name never change and are kept by browsers for good; `index.html` is asked for every time.
//! What the build has compressed is sent as it is. An address that is no file but that a person opened is a page of the
//! app, which finds its own way: it gets `index.html`.

use bijou_chassis::{Asset, Assets};
use http::header::{self, HeaderValue};
use http::{HeaderMap, StatusCode};

use crate::body::ReplyBody;
use crate::compress::{Accepted, Coding};
use crate::reply::Reply;
use crate::transit::Transit;

const INDEX: &str = "index.html";
/// Where Vite puts files whose names carry their content's hash.
const HASHED: &str = "assets/";

/// The app's files.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct AssetStore(Option<Assets>);

/// How a file may lie there compressed, and what its name ends in then; the smallest first.
const VARIANTS: [(Coding, &str); 2] = [(Coding::Brotli, "br"), (Coding::Gzip, "gz")];

impl AssetStore {
    pub(crate) fn new(assets: Option<Assets>) -> Self {
        Self(assets)
    }

    /// Whether there is a file at a path.
    pub(crate) fn has(self, path: &str) -> bool {
        self.find(file_name(path)).is_some()
    }

    fn find(self, name: &str) -> Option<Asset> {
        self.0.and_then(|assets| assets(name))
    }
}

fn file_name(path: &str) -> &str {
    match path.trim_start_matches('/') {
        "" => INDEX,
        name => name,
    }
}

/// Answers with a file, or with the page that finds its own way.
pub(crate) fn answer(transit: &Transit) -> Reply {
    let store = transit.worker.shared.assets;
    let wanted = file_name(transit.path());
    let name = if store.find(wanted).is_some() { wanted } else { INDEX };
    reply(store, name, transit.accepted_codings, transit.headers())
        .unwrap_or_else(|| crate::failure::Failure::NoRoute.into())
}

fn reply(store: AssetStore, name: &str, accepted: Accepted, request: &HeaderMap) -> Option<Reply> {
    let plain = store.find(name)?;
    let variants: Vec<(Coding, Asset)> = VARIANTS
        .iter()
        .filter_map(|(coding, suffix)| Some((*coding, store.find(&format!("{name}.{suffix}"))?)))
        .collect();
    let has_variants = !variants.is_empty();
    let offered: Vec<Coding> = variants.iter().map(|(coding, _)| *coding).collect();
    let chosen = accepted.choose(&offered);
    let compressed = variants.into_iter().find(|(coding, _)| Some(*coding) == chosen);
    let (coding, asset) = match compressed {
        Some((coding, asset)) => (Some(coding), asset),
        None => (None, plain),
    };
    let mut reply = Reply::new(StatusCode::OK);
    let headers = &mut reply.headers;
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache_control(name)));
    if let Ok(etag) = HeaderValue::try_from(asset.etag.as_str()) {
        headers.insert(header::ETAG, etag);
    }
    if has_variants {
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    if let Some(coding) = coding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
    }
    if is_known(request, &asset.etag) {
        reply.status = StatusCode::NOT_MODIFIED;
        return Some(reply);
    }
    reply.body = ReplyBody::Full(match asset.bytes {
        std::borrow::Cow::Borrowed(bytes) => bytes::Bytes::from_static(bytes),
        std::borrow::Cow::Owned(bytes) => bytes.into(),
    });
    Some(reply)
}

fn cache_control(name: &str) -> &'static str {
    if name.starts_with(HASHED) {
        "public, max-age=31536000, immutable"
    } else if name == INDEX {
        "no-cache"
    } else {
        "public, max-age=3600"
    }
}

/// Whether the client has this version: a weak comparison (RFC 9110, section 13.1.2).
pub(crate) fn is_known(request: &HeaderMap, etag: &str) -> bool {
    request.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value
            .split(',')
            .map(str::trim)
            .any(|one| one == "*" || one.trim_start_matches("W/") == etag.trim_start_matches("W/"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(path: &str) -> Option<Asset> {
        let (text, content_type): (&'static str, _) = match path {
            "index.html" => ("<!doctype html>", "text/html; charset=utf-8"),
            "assets/main-1a.js" => ("plain", "text/javascript"),
            "assets/main-1a.js.br" => ("small", "text/javascript"),
            _ => return None,
        };
        Some(Asset { bytes: text.as_bytes().into(), content_type, etag: format!("\"{text}\"") })
    }

    fn get(name: &str, accepted: &str, if_none_match: &str) -> Reply {
        let mut request = HeaderMap::new();
        if !if_none_match.is_empty() {
            request.insert(header::IF_NONE_MATCH, HeaderValue::from_str(if_none_match).expect("a header value"));
        }
        reply(AssetStore::new(Some(files)), name, Accepted::of(accepted), &request).expect("a file")
    }

    #[test]
    fn hashed_files_are_kept_and_pages_are_asked_for() {
        assert_eq!(
            get("assets/main-1a.js", "", "").headers[header::CACHE_CONTROL],
            "public, max-age=31536000, immutable"
        );
        assert_eq!(get("index.html", "", "").headers[header::CACHE_CONTROL], "no-cache");
    }

    #[test]
    fn what_the_build_compressed_goes_to_those_who_take_it() {
        let small = get("assets/main-1a.js", "gzip, br, zstd", "");
        assert_eq!(
            (&small.headers[header::CONTENT_ENCODING], &small.headers[header::ETAG]),
            (&HeaderValue::from_static("br"), &HeaderValue::from_static("\"small\""))
        );
        let plain = get("assets/main-1a.js", "", "");
        assert!(!plain.headers.contains_key(header::CONTENT_ENCODING));
        assert_eq!(plain.headers[header::VARY], "accept-encoding");
    }

    #[test]
    fn a_known_version_is_not_sent_again() {
        assert_eq!(get("index.html", "", "\"<!doctype html>\"").status, StatusCode::NOT_MODIFIED);
        assert_eq!(get("index.html", "", "\"x\", W/\"<!doctype html>\"").status, StatusCode::NOT_MODIFIED);
        assert_eq!(get("index.html", "", "\"other\"").status, StatusCode::OK);
    }
}
