//! Rules on plain values: what a trace tells, what is remembered, what a minute looked like.
//!
//! No sockets, no clock, no serialisation of OTLP here. What the operator sees ([`story`]) serialises as it stands:
//! there is no second shape to translate to.

pub mod chain;
#[cfg(test)]
pub mod fixtures;
pub mod memory;
pub mod minute;
pub mod openmetrics;
pub mod pattern;
pub mod series;
pub mod session;
pub mod story;
pub mod tell;
pub mod trace;
