//! Playback: ingest, manifests, tokens, segments.

mod cmaf;
mod domain;
mod ffmpeg;
mod manifests;
mod presentation;
