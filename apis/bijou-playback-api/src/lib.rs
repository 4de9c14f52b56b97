//! Wire types and client of playback.
