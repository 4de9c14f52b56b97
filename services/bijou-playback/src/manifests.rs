//! HLS and DASH manifests over the same files, from one [`Presentation`](crate::presentation::Presentation).
//!
//! Pure: a presentation and the place of the segments in, text out. All URLs are relative, so that a manifest works
//! behind any host name and path prefix; the token they carry is the one the manifest was asked with.

pub mod dash;
pub mod hls;
