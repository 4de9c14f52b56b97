//! Every metric of playback.

use bijou_telemetry::Metrics;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Unit;

/// Handles to the metrics. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct PlaybackMetrics {
    pub sessions: Counter,
    pub starts: Counter,
    pub completions: Counter,
    pub failures: Counter,
    pub rebuffers: Counter,
    pub stalled_ms: Counter,
    pub sessions_closed: Gauge,
    pub streams_refused: Counter,
    pub streams_taken_over: Counter,
    pub media_bytes: Counter,
    pub tokens_refused: Counter,
    pub jobs_done: Counter,
    pub jobs_failed: Counter,
    pub jobs_open: Gauge,
    pub titles_playable: Gauge,
    /// Whole seconds are enough here.
    pub encode_seconds: Counter,
}

impl PlaybackMetrics {
    pub fn register(metrics: &Metrics) -> Self {
        let own = Self::default();
        metrics.register(|registry| {
            registry.register("bijou_playback_sessions", "Playback sessions created", own.sessions.clone());
            registry.register(
                "bijou_playback_starts",
                "Sessions whose viewer saw the first picture",
                own.starts.clone(),
            );
            registry.register(
                "bijou_playback_completions",
                "Sessions whose viewer got to the end",
                own.completions.clone(),
            );
            registry.register(
                "bijou_playback_failures",
                "Errors that ended a film, as players tell",
                own.failures.clone(),
            );
            registry.register(
                "bijou_playback_rebuffers",
                "Times a picture stood still because nothing was loaded, as players tell",
                own.rebuffers.clone(),
            );
            registry.register(
                "bijou_playback_stalled_milliseconds",
                "How long pictures stood still",
                own.stalled_ms.clone(),
            );
            registry.register(
                "bijou_playback_sessions_closed",
                "Sessions that are over before their tokens are, as this instance knows them (at most 100000)",
                own.sessions_closed.clone(),
            );
            registry.register(
                "bijou_playback_streams_refused",
                "Playbacks refused because the account plays as many as it may",
                own.streams_refused.clone(),
            );
            registry.register(
                "bijou_playback_streams_taken_over",
                "Sessions ended so that another one of the account could begin",
                own.streams_taken_over.clone(),
            );
            registry.register_with_unit(
                "bijou_media",
                "Bytes of media files sent",
                Unit::Bytes,
                own.media_bytes.clone(),
            );
            registry.register(
                "bijou_playback_tokens_refused",
                "Manifest and segment requests without a valid token",
                own.tokens_refused.clone(),
            );
            registry.register("bijou_encode_jobs_done", "Encode jobs finished by this instance", own.jobs_done.clone());
            registry.register(
                "bijou_encode_jobs_failed",
                "Encode jobs this instance could not finish",
                own.jobs_failed.clone(),
            );
            registry.register(
                "bijou_encode_jobs_open",
                "Encode jobs that wait or run, of all instances",
                own.jobs_open.clone(),
            );
            registry.register("bijou_titles_playable", "Titles that can be played", own.titles_playable.clone());
            registry.register_with_unit(
                "bijou_encode",
                "Time this instance spent on encode jobs",
                Unit::Seconds,
                own.encode_seconds.clone(),
            );
        });
        own
    }
}
