//! Files of a built web app, as the executable carries them: the seam between whoever embeds and whoever serves.

use std::borrow::Cow;

/// One file.
#[derive(Clone, Debug)]
pub struct Asset {
    pub bytes: Cow<'static, [u8]>,
    /// Such as `text/html; charset=utf-8`.
    pub content_type: &'static str,
    /// A strong entity tag with its quotes, from the content.
    pub etag: String,
}

/// Finds a file by its path in the built app, without a leading slash: `index.html`, `assets/main-3f2a.js`, and beside
/// them what the build compressed (`assets/main-3f2a.js.br`; the content type is then the uncompressed file's).
///
/// When the app was not built, `index.html` is a page that says what to run.
pub type Assets = fn(path: &str) -> Option<Asset>;
