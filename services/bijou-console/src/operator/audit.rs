//! The audit, read: the list, and whether it is whole.

use axum::extract::State;
use bijou_chassis::{Json, Query, Reject};
use bijou_problem::Problem;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::Operator;
use super::asked::moment;
use crate::store::{Wanted, Written};
use crate::time;

/// Entries on a page, unless asked otherwise, and at most.
const LIMIT: i64 = 50;
const LIMIT_MAX: i64 = 200;

/// What to show of the audit.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// At most so many, up to 200.
    limit: Option<i64>,
    /// The `next` of the page before.
    before: Option<i64>,
    /// Only what this operator did: `token`, an e-mail address, `nobody` or `system:<part>`.
    actor: Option<String>,
    /// Only this action.
    action: Option<String>,
    /// Only targets that contain this.
    target: Option<String>,
    /// Not older than this, RFC 3339.
    since: Option<String>,
}

/// A change that was made or refused.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleAuditEntry)]
pub struct EntryView {
    pub seq: i64,
    /// RFC 3339, UTC.
    pub at: String,
    pub actor: String,
    pub action: String,
    pub target: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub before: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub after: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<String>,
    /// SHA-256 of the entry with the hash before it.
    pub hash: String,
}

impl From<Written> for EntryView {
    fn from(Written { entry, link }: Written) -> Self {
        let json = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
        Self {
            seq: link.seq,
            at: time::rfc3339_ms(u64::try_from(entry.at_ms).unwrap_or_default()),
            actor: entry.actor,
            action: entry.action,
            target: entry.target,
            before: json(entry.before),
            after: json(entry.after),
            reason: entry.reason,
            hash: link.hash,
        }
    }
}

/// A page of the audit, newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleAudit)]
pub struct AuditView {
    items: Vec<EntryView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<i64>,
}

/// Whether the audit is whole.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleAuditVerdict)]
pub struct VerdictView {
    whole: bool,
    /// Entries that are what they were when they were written.
    entries: i64,
    /// Hash of the last of them; noted elsewhere, it shows later that nothing was cut off.
    head: String,
    /// The first entry that is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    broken_at: Option<i64>,
}

/// List changes
///
/// Made or refused, by whom, from what to what, and why; newest first.
#[utoipa::path(
    get, path = "/api/audit", tag = "audit", params(Filter),
    responses(
        (status = 200, description = "A page, newest first", body = AuditView),
        (status = 400, description = "A filter is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The database is away", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list_audit(
    State(operator): State<Operator>,
    Query(filter): Query<Filter>,
) -> Result<Json<AuditView>, Reject> {
    let since_ns = moment("since", filter.since.as_deref())?;
    let since_ms = since_ns.map(|ns| i64::try_from(ns / 1_000_000).unwrap_or(i64::MAX));
    let limit = filter.limit.unwrap_or(LIMIT).clamp(1, LIMIT_MAX);
    let Filter { before, actor, action, target, .. } = filter;
    // One more than asked for tells whether there is a next page.
    let wanted = Wanted { actor, action, target, since_ms, before, limit: limit + 1 };
    let mut entries = operator.audit.list(&wanted).await?;
    let has_more = entries.len() as i64 > limit;
    entries.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = entries.last().filter(|_| has_more).map(|last| last.link.seq);
    Ok(Json(AuditView { items: entries.into_iter().map(EntryView::from).collect(), next }))
}

/// Verify the audit
///
/// Walks the whole chain of hashes.
#[utoipa::path(
    get, path = "/api/audit/verify", tag = "audit",
    responses(
        (status = 200, description = "What was found", body = VerdictView),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The database is away", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn verify_audit(State(operator): State<Operator>) -> Result<Json<VerdictView>, Reject> {
    let verdict = operator.audit.verify().await?;
    Ok(Json(VerdictView {
        whole: verdict.broken_at.is_none(),
        entries: verdict.head.seq,
        head: verdict.head.hash,
        broken_at: verdict.broken_at,
    }))
}
