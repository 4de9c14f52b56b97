//! Which spans are slow: each by what is usual for its own route.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bijou_telemetry::SlowLimit;

use super::trace::{Kind, Span};

/// Routes that are followed; of more nobody says what is slow.
const ROUTES_MAX: usize = 4_096;

/// What is usual for each route.
#[derive(Debug, Default)]
pub struct Usual(HashMap<(Arc<str>, String), SlowLimit>);

impl Usual {
    /// Whether something is the matter with a span: it failed, or took longer than the slowest hundredth of its route does.
    /// Learns from it.
    pub fn is_notable(&mut self, span: &Span) -> bool {
        let is_slow = span.kind == Kind::Server && self.is_slow(span);
        is_slow || span.failure.is_some() || span.status().is_some_and(|status| status >= 500)
    }

    fn is_slow(&mut self, span: &Span) -> bool {
        let route = (Arc::clone(&span.source.role), span.name.clone());
        if self.0.len() >= ROUTES_MAX && !self.0.contains_key(&route) {
            return false;
        }
        let took = Duration::from_nanos(span.end_ns.saturating_sub(span.start_ns));
        self.0.entry(route).or_default().is_slow(took)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures::span;

    #[test]
    fn slow_is_what_is_unusual_for_the_route_and_failed_is_failed() {
        let mut usual = Usual::default();
        let of = |role, end| span(role, Kind::Server, 1, None, (0, end));
        for _ in 0..200 {
            usual.is_notable(&of("catalog", 10));
            usual.is_notable(&of("playback", 900));
        }
        assert!(usual.is_notable(&of("catalog", 100)) && !usual.is_notable(&of("playback", 900)));
        assert!(usual.is_notable(&of("catalog", 1).failed("broken")));
        assert!(usual.is_notable(&of("catalog", 1).with("http.response.status_code", 503)));
        assert!(!usual.is_notable(&span("catalog", Kind::Internal, 1, None, (0, 5_000))));
    }
}
