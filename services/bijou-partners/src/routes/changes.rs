//! What changed since, and everything at once, under one kind of cursor.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bijou_chassis::{Json, Query, Reject};
use bijou_problem::Problem;
use bijou_store::StoreError;
use bytes::Bytes;
use futures_util::stream;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG};
use http::{HeaderMap, HeaderValue, StatusCode};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Shared;
use super::catalog::{is_known, limit, marked};
use crate::Partners;
use crate::admission::admit;
use crate::clock::timestamp;
use crate::domain::cursor::Cursor;
use crate::domain::scope;
use crate::domain::title::PartnerTitle;
use crate::error::PartnersError;
use crate::store::Change;

const LIMIT: u32 = 100;
const LIMIT_MAX: u32 = 500;
/// Titles of a snapshot read at a time: what it costs in memory, however many there are.
const PART: i64 = 500;

/// Since when.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListChanges {
    /// `cursor` of an earlier answer or of a snapshot; without it everything is told.
    since: Option<String>,
    /// 1 to 500; 100 unless told.
    limit: Option<u32>,
}

/// What changed, in order; a title comes once, as it is now.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartnersChanges)]
pub(crate) struct Changes {
    items: Vec<ChangeBody>,
    /// What to ask for next, now or later.
    cursor: String,
    /// Whether there is more now.
    more: bool,
}

/// A change.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartnersChange)]
pub(crate) struct ChangeBody {
    title_id: String,
    #[schema(value_type = String, format = DateTime)]
    changed_at: Timestamp,
    /// Absent: the title is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    title: Option<PartnerTitle>,
}

/// The place of the newest change, or 503 while there is none: whoever reads an empty list takes everything for gone.
pub(super) async fn known_head(partners: &Partners) -> Result<Cursor, Reject> {
    let head = partners.store.change_head().await.map_err(PartnersError::from)?;
    if head.seq == 0 { Err(PartnersError::NoTitlesYet.into()) } else { Ok(head) }
}

/// Where a reader stands; the beginning without a cursor.
pub(super) async fn place(partners: &Partners, cursor: Option<&str>) -> Result<Cursor, Reject> {
    let head = known_head(partners).await?;
    let Some(text) = cursor else { return Ok(Cursor { seq: 0, epoch: head.epoch }) };
    let cursor = Cursor::parse(text).ok_or(PartnersError::CursorInvalid)?;
    if cursor.epoch != head.epoch || cursor.seq > head.seq {
        return Err(PartnersError::CursorExpired.into());
    }
    Ok(cursor)
}

/// What changed since
///
/// Titles that went are told of too, without a `title`. A reader that was away for long reads each title once.
#[utoipa::path(
    get,
    path = "/partner/v1/changes",
    tag = "partners-catalog",
    params(ListChanges),
    responses(
        (status = 200, description = "Changes in order", body = Changes),
        (status = 400, description = "`cursor-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "`api-key-missing`, `api-key-invalid`, `token-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`scope-missing`: the token was not given for this", body = Problem, content_type = "application/problem+json"),
        (status = 410, description = "`cursor-expired`: begin with the snapshot", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`field-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`quota-exhausted`, with `Retry-After`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`unavailable`: the catalog has not told its titles yet", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_changes(
    State(partners): Shared,
    headers: HeaderMap,
    Query(query): Query<ListChanges>,
) -> Result<Response, Reject> {
    let pass = admit(&partners, &headers, scope::CATALOG).await?;
    let limit = limit(query.limit, LIMIT, LIMIT_MAX)?;
    let mut at = place(&partners, query.since.as_deref()).await?;
    // One more than asked for tells whether there is more.
    let mut changes = partners.store.changes_after(at.seq, limit + 1).await.map_err(PartnersError::from)?;
    let more = changes.len() as i64 > limit;
    changes.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    at.seq = changes.last().map_or(at.seq, |last| last.seq);
    let items = changes.into_iter().map(|change| told(change, &partners.config.public_url)).collect();
    Ok(marked(&pass, Json(Changes { items, cursor: at.to_string(), more })))
}

fn told(change: Change, base: &str) -> ChangeBody {
    ChangeBody {
        title_id: change.id,
        changed_at: timestamp(change.changed_ms),
        title: change.title.map(|title| PartnerTitle::of(title, base)),
    }
}

/// Everything at once
///
/// Lines of JSON: first `{"cursor": …}`, from which `/partner/v1/changes` goes on, then a title a line, at the end
/// `{"titles": n}`, without which the snapshot is not whole. It is written as it is read: 36,000 titles need no more memory
/// than 500. A title that changes meanwhile may come as it was or as it is; the cursor brings it again.
#[utoipa::path(
    get,
    path = "/partner/v1/snapshot",
    tag = "partners-catalog",
    responses(
        (status = 200, description = "All titles", content_type = "application/x-ndjson", body = String),
        (status = 304, description = "Nothing changed since the snapshot with this entity tag"),
        (status = 401, description = "`api-key-missing`, `api-key-invalid`, `token-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`scope-missing`: the token was not given for this", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`quota-exhausted`, with `Retry-After`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`unavailable`: the catalog has not told its titles yet", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn get_snapshot(State(partners): Shared, headers: HeaderMap) -> Result<Response, Reject> {
    let pass = admit(&partners, &headers, scope::CATALOG).await?;
    let head = known_head(&partners).await?;
    // The state of all titles is named by the newest change.
    let tag = format!("\"{head}\"");
    let mut response = if is_known(&headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let lines = Body::from_stream(lines(Arc::clone(&partners), head));
        ([(CONTENT_TYPE, "application/x-ndjson")], lines).into_response()
    };
    response.headers_mut().insert(ETAG, HeaderValue::try_from(tag).expect("letters, digits and a hyphen in quotes"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    Ok(marked(&pass, response))
}

/// How far a snapshot has come.
enum Progress {
    Begin,
    At { seq: i64, titles: u64 },
    Over,
}

fn lines(partners: Arc<Partners>, head: Cursor) -> impl stream::Stream<Item = Result<Bytes, StoreError>> {
    stream::try_unfold(Progress::Begin, move |progress| {
        let (partners, head) = (Arc::clone(&partners), head.clone());
        async move {
            match progress {
                Progress::Begin => {
                    let line = format!("{}\n", serde_json::json!({ "cursor": head.to_string() }));
                    Ok(Some((Bytes::from(line), Progress::At { seq: 0, titles: 0 })))
                }
                Progress::At { seq, mut titles } => {
                    let changes = partners.store.changes_after(seq, PART).await?;
                    let Some(last) = changes.last().map(|change| change.seq) else {
                        let line = format!("{}\n", serde_json::json!({ "titles": titles }));
                        return Ok(Some((Bytes::from(line), Progress::Over)));
                    };
                    let mut text = Vec::new();
                    for title in changes.into_iter().filter_map(|change| change.title) {
                        serde_json::to_writer(&mut text, &PartnerTitle::of(title, &partners.config.public_url))?;
                        text.push(b'\n');
                        titles += 1;
                    }
                    Ok(Some((Bytes::from(text), Progress::At { seq: last, titles })))
                }
                Progress::Over => Ok(None),
            }
        }
    })
}
