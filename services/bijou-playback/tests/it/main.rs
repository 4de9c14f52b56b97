//! Playback as callers see it: real encodes of small clips, a real service on a socket, both databases.

#![expect(clippy::unwrap_used, reason = "tests")]

mod ceiling;
mod clip;
mod contract;
mod demo;
mod diagnoses;
mod ingest;
mod persons;
mod playing;
mod ranges;
mod telling;
mod tokens;
