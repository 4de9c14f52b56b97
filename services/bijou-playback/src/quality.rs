//! How an evening went, as players tell it: counted for the pulse, and one log line a report for whoever follows one
//! viewer's complaint. Lines carry `enduser.id` and `bijou.playback.id`; the console joins them into a session's story.
//! No line carries a profile: whose evening it was is in `playback_sessions` alone, from where it is erased with the
//! profile. Telemetry is kept elsewhere, and by its budget.
//!
//! Nothing is stored here: a report is counted and told on, and playing waits for none of it.

use bijou_playback_api::{PlaybackState, PlayerEvent, PlayerEventKind};
use tracing::info;

use crate::domain::cmcd::Cmcd;
use crate::domain::resume::has_ended;
use crate::domain::token::Grant;
use crate::store::{Asset, Noted, Session};
use crate::telemetry::PlaybackMetrics;

/// Who reported, by ids.
#[derive(Debug, Clone, Copy)]
pub struct Reporter<'a> {
    pub playback: &'a str,
    pub account: &'a str,
}

/// What a batch comes to.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sums {
    startup_ms: Option<u32>,
    stalls: u64,
    stalled_ms: u64,
    fatal: u64,
    bitrate_kbps: Option<u32>,
}

/// Counts a report and writes its line.
pub fn note(metrics: &PlaybackMetrics, by: Reporter<'_>, state: PlaybackState, noted: Noted, events: &[PlayerEvent]) {
    let sums = sum(events);
    if noted.is_news && state == PlaybackState::Started {
        metrics.starts.inc();
    }
    if noted.is_news && state == PlaybackState::Stopped && has_ended(noted.position_ms, noted.duration_ms) {
        metrics.completions.inc();
    }
    metrics.failures.inc_by(sums.fatal);
    metrics.rebuffers.inc_by(sums.stalls);
    metrics.stalled_ms.inc_by(sums.stalled_ms);
    if events.is_empty() && !noted.is_news {
        return;
    }
    let state = match state {
        PlaybackState::Started => "started",
        PlaybackState::Progress => "progress",
        PlaybackState::Stopped => "stopped",
    };
    let position_s = noted.position_ms as f64 / 1000.0;
    let told = serde_json::to_string(events).unwrap_or_default();
    info!(
        enduser.id = by.account,
        bijou.playback.id = by.playback,
        player.state = state,
        player.position_s = position_s,
        player.startup_ms = sums.startup_ms,
        player.stalls = sums.stalls,
        player.stalled_ms = sums.stalled_ms,
        player.bitrate_kbps = sums.bitrate_kbps,
        player.events = told,
        "the player of `{}` {state} at {position_s:.1} s and met {} events",
        by.playback,
        events.len()
    );
}

/// Tells what was decided when a playback began.
pub fn decided(session: &Session, asset: &Asset) {
    info!(
        enduser.id = session.account_id,
        bijou.playback.id = session.id,
        title.id = session.playable.title_id,
        episode.id = session.playable.episode_id,
        asset.id = session.asset_id,
        asset.height_max = asset.height_max,
        device.name = session.device_name,
        "playback `{}` of `{}` begins in up to {} lines",
        session.id,
        session.playable.id(),
        asset.height_max
    );
}

/// Tells of a segment what its request's sampling lets be told, with what the player said by CMCD.
pub fn sent(grant: &Grant, bytes: u64, file: &str, cmcd: &Cmcd) {
    if !bijou_telemetry::current().is_some_and(|trace| trace.sampled) {
        return;
    }
    info!(
        enduser.id = grant.account,
        bijou.playback.id = %grant.session.simple(),
        segment.file = file,
        segment.bytes = bytes,
        cmcd.ot = cmcd.object_type,
        cmcd.br_kbps = cmcd.bitrate_kbps,
        cmcd.tb_kbps = cmcd.top_bitrate_kbps,
        cmcd.bl_ms = cmcd.buffer_ms,
        cmcd.mtp_kbps = cmcd.throughput_kbps,
        cmcd.d_ms = cmcd.duration_ms,
        cmcd.bs = cmcd.is_starved,
        cmcd.su = cmcd.is_startup,
        cmcd.sid = cmcd.session,
        cmcd.cid = cmcd.content,
        cmcd.sf = cmcd.format,
        cmcd.st = cmcd.stream_type,
        "{bytes} bytes of {file}"
    );
}

fn sum(events: &[PlayerEvent]) -> Sums {
    let mut sums = Sums::default();
    for event in events {
        match event.kind {
            PlayerEventKind::Startup => sums.startup_ms = event.duration_ms,
            PlayerEventKind::StallBegan => sums.stalls += 1,
            PlayerEventKind::StallEnded => sums.stalled_ms += u64::from(event.duration_ms.unwrap_or_default()),
            PlayerEventKind::Error if event.fatal => sums.fatal += 1,
            PlayerEventKind::RenditionSwitched | PlayerEventKind::Error | PlayerEventKind::Ended => {}
        }
        sums.bitrate_kbps = event.bitrate_kbps.or(sums.bitrate_kbps);
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_comes_to_its_stalls_its_failures_and_its_last_bitrate() {
        let event = |kind, duration_ms, bitrate_kbps, fatal| PlayerEvent {
            kind,
            duration_ms,
            bitrate_kbps,
            fatal,
            ..PlayerEvent::default()
        };
        let events = [
            event(PlayerEventKind::Startup, Some(800), Some(400), false),
            event(PlayerEventKind::StallBegan, None, None, false),
            event(PlayerEventKind::StallEnded, Some(1_500), None, false),
            event(PlayerEventKind::RenditionSwitched, None, Some(900), false),
            event(PlayerEventKind::Error, None, None, false),
            event(PlayerEventKind::Error, None, None, true),
        ];
        let expected = Sums { startup_ms: Some(800), stalls: 1, stalled_ms: 1_500, fatal: 1, bitrate_kbps: Some(900) };
        assert_eq!(sum(&events), expected);
    }
}
