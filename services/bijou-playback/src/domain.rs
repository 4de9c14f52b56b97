//! Rules on plain values: no sockets, no clock, no database.

pub mod cmcd;
pub mod ladder;
pub mod language;
pub mod marks;
pub mod names;
pub mod range;
pub mod resume;
pub mod streams;
pub mod token;
pub mod webvtt;
