//! Session stories: what one account or device did, and how it played.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use bijou_chassis::{Json, Path, Query, Reject};
use bijou_problem::Problem;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Operator;
use crate::archive::{LinesWanted, first_seq};
use crate::domain::memory::Wanted;
use crate::domain::session::{ACCOUNT, Moment, Playback, moments, playbacks, split};
use crate::domain::story::{Outcome, Request};
use crate::domain::trace::{Level, LogLine, find};

/// The newest requests and lines that are looked through.
const REQUESTS_MAX: usize = 500;
const LINES_MAX: usize = 5_000;

/// Sessions in a list.
const SESSIONS_MAX: usize = 100;

/// How long after its beginning a session is looked for, in nanoseconds.
const LONGEST_NS: u64 = 24 * 3_600 * 1_000_000_000;

/// Whose sessions to show.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// Id of an account; absent: the newest of all.
    account: Option<String>,
    /// Only those in which a device whose name contains this played, in any case.
    device: Option<String>,
}

/// A session in short.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleSessionSummary)]
pub struct SessionView {
    id: String,
    account: String,
    /// RFC 3339, UTC.
    began_at: String,
    ended_at: String,
    moment_count: usize,
    /// Of its moments, those that went wrong.
    failed: usize,
    /// Names of what it played on.
    devices: Vec<String>,
    playback_count: usize,
}

/// Sessions, newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleSessions)]
pub struct SessionsView {
    items: Vec<SessionView>,
}

/// A session in full.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleSessionStory)]
pub struct SessionStory {
    #[serde(flatten)]
    summary: SessionView,
    /// What happened, in order: sampled requests, and everything playback was told.
    moments: Vec<Moment>,
    playbacks: Vec<Playback>,
}

/// List sessions
///
/// What accounts did without a pause of half an hour, from the newest requests and log lines that are kept.
#[utoipa::path(
    get, path = "/api/sessions", tag = "sessions", params(Filter),
    responses(
        (status = 200, description = "Newest first", body = SessionsView),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The archive is away", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list_sessions(
    State(operator): State<Operator>,
    Query(filter): Query<Filter>,
) -> Result<Json<SessionsView>, Reject> {
    let account = filter.account.as_deref().map(str::trim).filter(|account| !account.is_empty());
    let device = filter.device.unwrap_or_default().trim().to_lowercase();
    let heard = hear(&operator, account, None).await?;
    let mut told: Vec<(u64, SessionView)> = Vec::new();
    for (account, Heard { requests, lines }) in by_account(heard) {
        let moments = moments(&requests, &lines);
        for part in split(&moments) {
            let (view, _) = summary(&account, part, &lines);
            let is_wanted = view.devices.iter().any(|name| name.to_lowercase().contains(&device));
            if device.is_empty() || is_wanted {
                told.push((part.first().map_or(0, |first| first.at_ns), view));
            }
        }
    }
    told.sort_by_key(|(at_ns, _)| std::cmp::Reverse(*at_ns));
    Ok(Json(SessionsView { items: told.into_iter().take(SESSIONS_MAX).map(|(_, view)| view).collect() }))
}

/// Tell the story of a session
#[utoipa::path(
    get, path = "/api/sessions/{id}", tag = "sessions", params(("id" = String, Path, description = "Of the list")),
    responses(
        (status = 200, description = "Its story", body = SessionStory),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Nothing is kept of it", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The archive is away", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn get_session_story(
    State(operator): State<Operator>,
    Path(id): Path<String>,
) -> Result<Json<SessionStory>, Reject> {
    let read = id.rsplit_once('.').and_then(|(account, ms)| Some((account, ms.parse::<u64>().ok()?)));
    let (account, began_ms) = read.ok_or_else(not_found)?;
    let from_ns = began_ms.saturating_mul(1_000_000);
    let Heard { requests, lines } = hear(&operator, Some(account), Some(from_ns)).await?;
    let all = moments(&requests, &lines);
    let part = split(&all).first().copied().ok_or_else(not_found)?;
    let (summary, playbacks) = summary(account, part, &lines);
    Ok(Json(SessionStory { summary, playbacks, moments: part.to_vec() }))
}

/// What is known of somebody, or of everybody.
#[derive(Default)]
struct Heard {
    requests: Vec<Arc<Request>>,
    lines: Vec<LogLine>,
}

async fn hear(operator: &Operator, account: Option<&str>, from_ns: Option<u64>) -> Result<Heard, Reject> {
    let until_ns = from_ns.map(|from_ns| from_ns.saturating_add(LONGEST_NS));
    let wanted = Wanted {
        account: account.map(str::to_owned),
        since_ns: from_ns,
        until_ns,
        limit: REQUESTS_MAX,
        ..Wanted::default()
    };
    let lines = LinesWanted {
        // A word of the attribute's name finds everybody's.
        text: Some(account.unwrap_or("enduser").to_owned()),
        level: Level::Info,
        role: None,
        trace: None,
        from: from_ns.map_or(0, first_seq),
        before: until_ns.map_or(i64::MAX, first_seq),
        limit: LINES_MAX,
    };
    let archive = operator.shared.archive();
    let (requests, lines) =
        tokio::try_join!(archive.requests(&wanted), archive.lines(&lines)).map_err(Reject::unavailable)?;
    let is_theirs = |own: Option<&str>| own.is_some() && account.is_none_or(|account| own == Some(account));
    Ok(Heard {
        requests: requests.0.into_iter().filter(|request| is_theirs(request.account.as_deref())).collect(),
        lines: lines.into_iter().map(|line| line.line).filter(|line| is_theirs(account_of(line))).collect(),
    })
}

fn account_of(line: &LogLine) -> Option<&str> {
    find(&line.attributes, ACCOUNT).and_then(serde_json::Value::as_str)
}

fn by_account(heard: Heard) -> BTreeMap<String, Heard> {
    let mut accounts: BTreeMap<String, Heard> = BTreeMap::new();
    for request in heard.requests {
        let account = request.account.clone().unwrap_or_default();
        accounts.entry(account).or_default().requests.push(request);
    }
    for line in heard.lines {
        let account = account_of(&line).unwrap_or_default().to_owned();
        accounts.entry(account).or_default().lines.push(line);
    }
    accounts
}

/// A session in short, and how its playbacks went. `part` has at least one moment.
fn summary(account: &str, part: &[Moment], lines: &[LogLine]) -> (SessionView, Vec<Playback>) {
    let (first_ns, last_ns) = (part.first().map_or(0, |one| one.at_ns), part.last().map_or(0, |one| one.at_ns));
    let own: Vec<LogLine> = lines.iter().filter(|line| (first_ns..=last_ns).contains(&line.at_ns)).cloned().collect();
    let playbacks = playbacks(&own);
    let mut devices: Vec<String> = playbacks.iter().filter_map(|playback| playback.device.clone()).collect();
    devices.sort_unstable();
    devices.dedup();
    let view = SessionView {
        id: format!("{account}.{}", first_ns / 1_000_000),
        account: account.to_owned(),
        began_at: part.first().map(|one| one.at.clone()).unwrap_or_default(),
        ended_at: part.last().map(|one| one.at.clone()).unwrap_or_default(),
        moment_count: part.len(),
        failed: part.iter().filter(|moment| moment.outcome == Outcome::Failed).count(),
        devices,
        playback_count: playbacks.len(),
    };
    (view, playbacks)
}

fn not_found() -> Reject {
    let problem = Problem::new(StatusCode::NOT_FOUND, "session-not-found")
        .title("Nothing is kept of this session")
        .detail("It is older than the archive, or its id is not one of the list.");
    Reject::new(problem)
}
