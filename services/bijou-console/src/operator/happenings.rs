//! The time line: what happened while the graphs were drawn.

use std::collections::HashSet;
use std::time::SystemTime;

use axum::extract::State;
use bijou_chassis::{Json, Query, Reject};
use bijou_problem::Problem;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Operator;
use super::asked::moment;
use crate::archive::Stretch;
use crate::domain::happened::{self, Happening, Kind};
use crate::store::Wanted;
use crate::time;
use bijou_telemetry::openmetrics::Labels;

/// How far back, unless asked otherwise.
const REACH_MS: i64 = 3_600_000;

/// How much farther back changes are looked for whose end may lie within.
const BEFORE_MS: i64 = 24 * 3_600_000;

/// Entries of the audit that are looked at, the newest.
const ENTRIES_MAX: i64 = 1_000;

/// Happenings told, the newest.
const TOLD_MAX: usize = 500;

/// Counts configurations of the gateway, by outcome.
const RELOADS: &str = "bijou_gateway_config_reloads";

/// Which time to tell of.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// From then on, RFC 3339; an hour ago without it.
    since: Option<String>,
    /// Until then, RFC 3339; now without it.
    until: Option<String>,
}

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleHappening)]
pub struct HappeningView {
    /// RFC 3339, UTC.
    at: String,
    /// Of what lasts: its end, which may be planned; RFC 3339, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    until: Option<String>,
    kind: Kind,
    /// `catalog 0.2.0 restarted`.
    words: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    role: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    instance_id: Option<String>,
    /// Who did it: `token`, or an operator's e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    reason: Option<String>,
}

impl From<Happening> for HappeningView {
    fn from(happening: Happening) -> Self {
        let text = |ms: i64| time::rfc3339_ms(u64::try_from(ms).unwrap_or_default());
        let Happening { at_ms, until_ms, kind, words, role, instance_id, by, reason } = happening;
        Self { at: text(at_ms), until: until_ms.map(text), kind, words, role, instance_id, by, reason }
    }
}

/// What happened, newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleHappenings)]
pub struct HappeningsView {
    /// The newest 500 at most.
    items: Vec<HappeningView>,
}

/// Tell what happened
///
/// Versions that came, instances that started, stopped or were restarted, configurations taken, faults, and what operators
/// changed; whatever touches the time asked for, newest first.
#[utoipa::path(
    get, path = "/api/happenings", tag = "happenings", params(Asked),
    responses(
        (status = 200, description = "Newest first", body = HappeningsView),
        (status = 400, description = "A parameter is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Archive or audit is away", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list_happenings(
    State(operator): State<Operator>,
    Query(asked): Query<Asked>,
) -> Result<Json<HappeningsView>, Reject> {
    let ms = |ns: u64| i64::try_from(ns / 1_000_000).unwrap_or(i64::MAX);
    let now_ms = ms(time::unix_ns(SystemTime::now()));
    let to_ms = moment("until", asked.until.as_deref())?.map_or(now_ms, ms);
    let from_ms = moment("since", asked.since.as_deref())?.map_or(to_ms - REACH_MS, ms);
    let archive = operator.shared.archive();
    let stretch = Stretch { from_s: from_ms / 1_000, to_s: to_ms / 1_000, apart_s: 1 };
    let labels = Labels::new();
    let (comings, reloads) =
        tokio::try_join!(archive.comings(from_ms, to_ms), archive.points(RELOADS, &labels, stretch))
            .map_err(Reject::unavailable)?;
    let wanted = Wanted { since_ms: Some((from_ms - BEFORE_MS).max(0)), limit: ENTRIES_MAX, ..Wanted::default() };
    let mut entries: Vec<_> = operator.audit.list(&wanted).await?.into_iter().map(|written| written.entry).collect();
    entries.reverse();

    let mut told = happened::changes(&entries, &taken_out(&operator), now_ms);
    told.retain(|one| one.at_ms <= to_ms && one.until_ms.unwrap_or(one.at_ms) >= from_ms);
    told.extend(comings.into_iter().map(Happening::from));
    told.extend(happened::reloads(&reloads.series));
    told.sort_by_key(|one| std::cmp::Reverse(one.at_ms));
    Ok(Json(HappeningsView { items: told.into_iter().take(TOLD_MAX).map(HappeningView::from).collect() }))
}

/// Instances the registry has and does not offer, as the audit names them.
fn taken_out(operator: &Operator) -> HashSet<String> {
    let snapshot = operator.context.discovery.snapshot();
    let all = snapshot.applications().flat_map(|app| snapshot.all(app));
    all.filter(|endpoint| endpoint.status.as_str() != "UP")
        .map(|endpoint| format!("{}/{}", endpoint.app, endpoint.instance_id))
        .collect()
}
