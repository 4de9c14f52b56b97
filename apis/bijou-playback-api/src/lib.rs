//! Wire types of playback.
//!
//! What `POST /v1/playbacks` takes and answers, and what playback tells others through its outbox. Readers ignore
//! members they do not know, so playback may add some. Left out on purpose: manifests and segments, which have formats
//! of their own, and a client: no role plays films, and events are read with the client library alone.

mod diagnosis;
pub mod events;
mod player;
mod session;

pub use diagnosis::{AssetDiagnosis, AudioDiagnosis, Preparation, TitleDiagnosis, VideoDiagnosis};
pub use player::{PLAYER_EVENTS_MAX, PlayerEvent, PlayerEventKind, SwitchReason};
pub use session::{
    CreditsMark, IntroMark, Manifests, Marks, NextEpisode, PlaybackReport, PlaybackRequest, PlaybackSession,
    PlaybackState, Stream, SubtitleOption,
};

/// The application name in the registry.
pub const APPLICATION: &str = "PLAYBACK";
