//! The built web apps, inside the executable.
//!
//! A clean checkout has none and still builds: then one page says what to run. The folders are read at compile time
//! (`debug-embed`: in debug builds too, so that tests see what users get).

use std::borrow::Cow;
use std::fmt::Write;

use bijou_chassis::Asset;
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../web/apps/web/dist"]
#[allow_missing = true]
struct Viewer;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../web/apps/console/dist"]
#[allow_missing = true]
struct Console;

/// The viewer app, served by the gateway.
pub fn viewer(path: &str) -> Option<Asset> {
    find::<Viewer>(path)
}

/// The operator's app, served by the console.
pub fn console(path: &str) -> Option<Asset> {
    find::<Console>(path)
}

fn find<App: RustEmbed>(path: &str) -> Option<Asset> {
    match App::get(path) {
        Some(file) => Some(asset(path, file)),
        None if path == "index.html" => Some(not_built()),
        None => None,
    }
}

fn asset(path: &str, file: EmbeddedFile) -> Asset {
    let mut etag = String::from("\"");
    // Sixteen bytes of SHA-256 are enough to tell two builds apart.
    for byte in &file.metadata.sha256_hash()[..16] {
        write!(etag, "{byte:02x}").expect("writing to a String cannot fail");
    }
    etag.push('"');
    Asset { bytes: file.data, content_type: content_type(path), etag }
}

fn content_type(path: &str) -> &'static str {
    let path = path.strip_suffix(".br").or_else(|| path.strip_suffix(".gz")).unwrap_or(path);
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// What a browser sees of an executable that was built without the web apps.
fn not_built() -> Asset {
    const PAGE: &str = "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Bijou</title>\n\
        <body style=\"background:#0f0b12;color:#f3ece4;font:18px/1.5 sans-serif;max-width:38rem;margin:15vh auto;\
        padding:0 1rem\">\n<p style=\"color:#ffb648;letter-spacing:.4em\" aria-hidden=\"true\">●●●●●</p>\n\
        <h1>The platform runs, the screens were not built</h1>\n\
        <p>This executable was made without the web apps. Build them, then it again:</p>\n\
        <pre>cargo xtask up</pre>\n\
        <p>or by hand <code>npm ci &amp;&amp; npm run build</code> in <code>web/</code>, then \
        <code>cargo build --release --bin bijou</code>.</p>\n\
        <p>The API works: see <a style=\"color:#ffb648\" href=\"/openapi.json\">/openapi.json</a>.</p>\n";
    Asset {
        bytes: Cow::Borrowed(PAGE.as_bytes()),
        content_type: "text/html; charset=utf-8",
        etag: "\"not-built\"".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(RustEmbed)]
    #[folder = "$CARGO_MANIFEST_DIR/no-such-folder"]
    #[allow_missing = true]
    struct Unbuilt;

    #[test]
    fn an_app_that_was_not_built_is_a_page_that_says_what_to_run() {
        let page = find::<Unbuilt>("index.html").expect("a page");
        assert!(String::from_utf8_lossy(&page.bytes).contains("cargo xtask up"));
        assert!(find::<Unbuilt>("assets/main.js").is_none());
    }

    #[test]
    fn a_compressed_file_keeps_the_type_of_what_is_in_it() {
        assert_eq!(content_type("assets/main-1.js.br"), "text/javascript; charset=utf-8");
        assert_eq!(content_type("assets/inter.woff2"), "font/woff2");
        assert_eq!(content_type("LICENSE"), "application/octet-stream");
    }
}
