//! Playback: ingest, manifests, tokens, segments.
