//! What a player met, told along with its reports: the quality of one evening as the viewer saw it.
//!
//! Measures carry the meaning of CTA-5004 (CMCD) version 1; the letters of its keys stand in brackets. Segments tell the
//! same by CMCD headers for one request; this tells what no request shows: when the picture came, and when it stood still.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Events one report may carry. A player that met more says the newest.
pub const PLAYER_EVENTS_MAX: usize = 64;

/// Characters of an error's name.
pub const ERROR_NAME_MAX: usize = 64;

/// Something that happened in a player.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlaybackPlayerEvent)]
#[serde(deny_unknown_fields)]
pub struct PlayerEvent {
    pub kind: PlayerEventKind,
    /// When, in milliseconds since the player was asked to play. A player's clock is not ours, its differences are true.
    #[schema(minimum = 0)]
    pub at_ms: u32,
    /// Position in the film, in seconds.
    #[schema(minimum = 0)]
    pub position_s: f64,
    /// `startup`: how long the first picture took; `stall_ended`: how long the picture stood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 0)]
    pub duration_ms: Option<u32>,
    /// Of the rendition that plays (`br`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 0)]
    pub bitrate_kbps: Option<u32>,
    /// Lines of the rendition that plays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 0)]
    pub height: Option<u32>,
    /// `rendition_switched`: why this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<SwitchReason>,
    /// Length of what is loaded ahead (`bl`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 0)]
    pub buffer_ms: Option<u32>,
    /// What the player measured (`mtp`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 0)]
    pub throughput_kbps: Option<u32>,
    /// The player's own name for an error: letters, digits, `-`, `_` and `.`, at most 64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 64, pattern = "^[A-Za-z0-9._-]+$")]
    pub error: Option<String>,
    /// HTTP status of the answer that the error is about; absent when there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 0)]
    pub status: Option<u16>,
    /// `error`: whether the film ended by it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fatal: bool,
}

/// Kinds of what happens in a player.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlaybackPlayerEventKind)]
#[serde(rename_all = "snake_case")]
pub enum PlayerEventKind {
    /// The first picture is there (`su` ends).
    #[default]
    Startup,
    /// The buffer ran dry and the picture stands (`bs`).
    StallBegan,
    /// It moves again.
    StallEnded,
    RenditionSwitched,
    Error,
    Ended,
}

/// Why a player plays this rendition and not another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlaybackSwitchReason)]
#[serde(rename_all = "snake_case")]
pub enum SwitchReason {
    /// The first one, by a guess.
    First,
    /// The connection carries it, and no larger one.
    Throughput,
    /// A larger one would be scaled down on this screen.
    ScreenSize,
    /// There is no larger one (`tb` is reached).
    Top,
}

impl PlayerEvent {
    /// The member that is out of its bounds, if any is.
    pub fn flaw(&self) -> Option<&'static str> {
        if !self.position_s.is_finite() || self.position_s < 0.0 {
            return Some("position_s");
        }
        let is_name = |name: &str| {
            (1..=ERROR_NAME_MAX).contains(&name.len())
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
        };
        self.error.as_deref().is_some_and(|name| !is_name(name)).then_some("error")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(position_s: f64, error: Option<&str>, expected: Option<&str>) {
        let event = PlayerEvent { position_s, error: error.map(str::to_owned), ..PlayerEvent::default() };
        assert_eq!(event.flaw(), expected);
    }

    #[test]
    fn an_event_has_a_position_and_a_short_plain_name() {
        check(0.0, None, None);
        check(1.5, Some("fragLoadTimeOut"), None);
        check(-0.1, None, Some("position_s"));
        check(f64::NAN, None, Some("position_s"));
        check(0.0, Some(""), Some("error"));
        check(0.0, Some("<b>"), Some("error"));
        check(0.0, Some("a\nb"), Some("error"));
        check(0.0, Some(&"x".repeat(65)), Some("error"));
    }
}
