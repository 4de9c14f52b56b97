//! Playback sessions: beginning one, and what the player reports.

use axum::extract::State;
use axum::response::IntoResponse;
use bijou_chassis::{Caller, Json, Path, Reject, RequestContext};
use bijou_playback_api::{
    Manifests, Marks, PLAYER_EVENTS_MAX, PlaybackReport, PlaybackRequest, PlaybackSession, Stream,
};
use bijou_problem::Problem;
use http::{StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::clock::{now_ms, timestamp};
use crate::domain::resume::resume;
use crate::domain::streams::Closing;
use crate::domain::token::Grant;
use crate::error::PlaybackError;
use crate::manifests::{dash, hls};
use crate::quality::{self, Reporter};
use crate::state::Playback;
use crate::store::{Asset, Beginning, JobState, LiveStream, Place, Playable, Report, Reported, Session};

/// Characters of a device's name that are kept.
const DEVICE_NAME_MAX: usize = 80;

/// What a device without a name is called.
const DEVICE_UNNAMED: &str = "A device without a name";

/// Why there is no playback now.
#[derive(Serialize, ToSchema)]
#[schema(as = PlaybackConflict)]
pub struct Conflict {
    #[serde(flatten)]
    problem: Problem,
    /// With `too-many-streams`: what plays, in the order it began.
    #[schema(nullable = false)]
    streams: Option<Vec<Stream>>,
    /// With `title-being-prepared`: how much is done.
    #[schema(nullable = false)]
    percent: Option<u8>,
}

/// Begin to play
///
/// Answers where the manifests are. Everything behind them needs the token in their paths, until `expires_at`.
/// An account has so many places; a session holds one while its player reports, 90 seconds beyond the last word.
#[utoipa::path(
    post,
    path = "/v1/playbacks",
    tag = "playback",
    request_body = PlaybackRequest,
    responses(
        (status = 201, description = "A session of the caller's", body = PlaybackSession),
        (status = 401, description = "The request is nobody's", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The profile has been deleted", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is nothing to play, or nothing for the caller", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`too-many-streams`: all places are held; `title-being-prepared`, `title-preparation-failed`: there is no film yet", body = Conflict, content_type = "application/problem+json"),
        (status = 422, description = "A show without an episode", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Nobody can say whether the caller may see it", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn create_playback(
    State(playback): State<Playback>,
    caller: Caller,
    context: RequestContext,
    Json(request): Json<PlaybackRequest>,
) -> Result<impl IntoResponse, Reject> {
    let account = caller.require_account()?;
    let playable = Playable { title_id: request.title_id, episode_id: request.episode_id };
    let now = now_ms();
    let (neighbours, rules) = (&playback.neighbours, playback.rules);
    let (admitted, found, marks, position_s, next_episode) = tokio::join!(
        neighbours.admit(&playable.title_id, &caller, &context, timestamp(now)),
        find(&playback, &playable),
        playback.store.marks(playable.id()),
        neighbours.position_s(playable.id(), &caller, &context),
        next_episode(&playback, &playable, &context),
    );
    // First: who may not see it does not hear that it is being prepared either.
    let certification_age = admitted?;
    let asset = found?;
    let marks = marks.map_err(PlaybackError::Store)?.unwrap_or(asset.marks);

    let id = Uuid::now_v7();
    let expires_ms = now + rules.token_ms + asset.duration_ms;
    let session = Session {
        id: id.simple().to_string(),
        account_id: account.to_owned(),
        profile_id: caller.passport().profile().map(str::to_owned),
        asset_id: asset.id.clone(),
        playable,
        duration_ms: asset.duration_ms,
        expires_ms,
        device_name: device_name(request.device_name.as_deref()),
        certification_age,
    };
    let grant = Grant {
        asset: Uuid::parse_str(&asset.id).map_err(Reject::internal)?,
        session: id,
        account: account.to_owned(),
        profile: session.profile_id.clone(),
        expires_s: u64::try_from(expires_ms / 1000).unwrap_or(0),
    };
    let token = playback.keyring.seal(&grant, now).await.map_err(PlaybackError::Store)?;
    take_place(&playback, &caller, &session, request.take_over.as_deref(), now).await?;
    quality::decided(&session, &asset);

    let manifest = |name: &str| format!("/m/{}/{token}/{name}", asset.id);
    let duration_s = asset.duration_ms as f64 / 1000.0;
    let credits_s = marks.credits.map(|credits| credits.start_s);
    let answer = PlaybackSession {
        manifest: Manifests { hls: manifest(hls::MASTER), dash: manifest(dash::MANIFEST) },
        events_url: format!("/v1/playbacks/{}/events", session.id),
        id: session.id,
        title_id: session.playable.title_id,
        episode_id: session.playable.episode_id,
        duration_s,
        expires_at: timestamp(expires_ms / 1000 * 1000),
        attribution: asset.attribution,
        subtitles: asset.subtitles,
        resume_position_s: position_s.and_then(|position_s| resume(position_s, duration_s, credits_s)),
        next_episode,
        marks: (marks != Marks::default()).then_some(marks),
    };
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(answer)))
}

/// Report what the player does
///
/// Keeps the session's place for 90 seconds: a player reports every 30, and whenever it begins, pauses or stops. Reports
/// that say nothing new are taken and not told on. `events` tell how well it plays: they are counted and logged, and change
/// nothing for the viewer.
#[utoipa::path(
    post,
    path = "/v1/playbacks/{id}/events",
    tag = "playback",
    params(("id" = String, Path, description = "The playback session")),
    request_body = PlaybackReport,
    responses(
        (status = 202, description = "Taken"),
        (status = 401, description = "The request is nobody's", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "The caller has no such session", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`taken-over`: another device of the account has the session's place", body = Problem, content_type = "application/problem+json"),
        (status = 410, description = "`playback-over`: the session was silent and its place was wanted, or its profile may no longer see this", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Not a position in a film, or not what a player may tell", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn report_playback(
    State(playback): State<Playback>,
    caller: Caller,
    Path(id): Path<String>,
    Json(report): Json<PlaybackReport>,
) -> Result<StatusCode, Reject> {
    let account_id = caller.require_account()?;
    if !report.position_s.is_finite() || report.position_s < 0.0 {
        return Err(PlaybackError::Position(report.position_s).into());
    }
    if report.events.len() > PLAYER_EVENTS_MAX {
        return Err(PlaybackError::PlayerEvents { flaw: format!("more than {PLAYER_EVENTS_MAX} of them") }.into());
    }
    if let Some((at, member)) = report.events.iter().enumerate().find_map(|(at, event)| Some((at, event.flaw()?))) {
        return Err(PlaybackError::PlayerEvents { flaw: format!("number {at}: `{member}`") }.into());
    }
    let reported = Report {
        session_id: &id,
        account_id,
        profile_id: caller.passport().profile(),
        state: report.kind,
        position_ms: (report.position_s * 1000.0) as i64,
        lease_ms: playback.rules.lease_ms,
    };
    match playback.store.report(reported, now_ms()).await.map_err(PlaybackError::Store)? {
        Reported::Taken(noted) => {
            let by = Reporter { playback: &id, account: account_id };
            quality::note(&playback.metrics, by, report.kind, noted, &report.events);
            Ok(StatusCode::ACCEPTED)
        }
        Reported::NotFound => Err(PlaybackError::SessionNotFound { id }.into()),
        Reported::Closed(why) => Err(PlaybackError::Closed { id, why }.into()),
    }
}

/// The asset to play, or the reason why there is none.
async fn find(playback: &Playback, playable: &Playable) -> Result<Asset, PlaybackError> {
    let id = playable.id().to_owned();
    if let Some(asset) = playback.store.published(&id).await?
        && asset.playable == *playable
    {
        return Ok(asset);
    }
    if playable.episode_id.is_none() && playback.store.has_episodes(&id).await? {
        return Err(PlaybackError::EpisodeRequired { id });
    }
    Err(match playback.store.unfinished_job(&id).await? {
        Some(JobState::Queued) => PlaybackError::BeingPrepared { id, percent: 0 },
        Some(JobState::Running(thousandths)) => PlaybackError::BeingPrepared { id, percent: thousandths / 10 },
        Some(JobState::Failed(_)) => PlaybackError::PreparationFailed { id },
        None => PlaybackError::NotPlayable { id },
    })
}

async fn next_episode(
    playback: &Playback,
    playable: &Playable,
    context: &RequestContext,
) -> Option<bijou_playback_api::NextEpisode> {
    playback.neighbours.next_episode(playable.episode_id.as_deref()?, context).await
}

/// Begins the session on one of the account's places.
async fn take_place(
    playback: &Playback,
    caller: &Caller,
    session: &Session,
    take_over: Option<&str>,
    now_ms: i64,
) -> Result<(), PlaybackError> {
    let rules = playback.rules;
    let place = Place { places: rules.streams_max, lease_ms: rules.lease_ms, take_over };
    let closed = match playback.store.begin_session(session, place, now_ms).await? {
        Beginning::Begun(closed) => closed,
        Beginning::ProfileGone => return Err(PlaybackError::ProfileGone),
        Beginning::Full(live) => {
            playback.metrics.streams_refused.inc();
            return Err(PlaybackError::TooManyStreams {
                streams: live.into_iter().map(|one| shown(one, caller)).collect(),
            });
        }
    };
    playback.metrics.sessions.inc();
    let taken_over = closed.iter().filter(|each| each.why == Closing::TakenOver).count();
    playback.metrics.streams_taken_over.inc_by(taken_over as u64);
    playback.closings.note(&closed);
    Ok(())
}

/// A stream as the caller may know of it.
fn shown(stream: LiveStream, caller: &Caller) -> Stream {
    let claims = &caller.passport().claims;
    let is_own = stream.profile_id.is_some() && stream.profile_id == claims.profile;
    let is_known = is_own || claims.maturity.is_none_or(|ceiling| stream.certification_age <= ceiling);
    let Playable { title_id, episode_id } = stream.playable;
    Stream {
        playback_id: stream.id,
        device_name: stream.device_name,
        title_id: is_known.then_some(title_id),
        episode_id: episode_id.filter(|_| is_known),
        started_at: timestamp(stream.created_ms),
    }
}

/// One line, not too long.
fn device_name(given: Option<&str>) -> String {
    let name: String = given.unwrap_or_default().chars().filter(|letter| !letter.is_control()).collect();
    let name: String = name.trim().chars().take(DEVICE_NAME_MAX).collect();
    if name.is_empty() { DEVICE_UNNAMED.to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_has_a_name_of_one_line() {
        assert_eq!(device_name(Some("  Living\nroom ")), "Livingroom");
        assert_eq!(device_name(Some(&"é".repeat(200))).chars().count(), DEVICE_NAME_MAX);
        assert_eq!(device_name(None), DEVICE_UNNAMED);
        assert_eq!(device_name(Some(" ")), DEVICE_UNNAMED);
    }
}
