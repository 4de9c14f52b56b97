//! Times as the store has them and as they are told.

use jiff::Timestamp;

/// Milliseconds since 1970 as a timestamp; what no calendar has is 1970.
pub(crate) fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or_default()
}

pub(crate) fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}
