//! Rules on plain values: what a trace tells, what is remembered, what a minute looked like.
//!
//! No sockets, no clock, no serialisation of OTLP here. What the operator sees ([`story`]) serialises as it stands:
//! there is no second shape to translate to.

pub mod chain;
pub mod comings;
pub mod edges;
#[cfg(test)]
pub mod fixtures;
pub mod happened;
pub mod memory;
pub mod minute;
pub mod overview;
pub mod pattern;
pub mod series;
pub mod session;
pub mod slow;
pub mod story;
pub mod tell;
pub mod trace;
