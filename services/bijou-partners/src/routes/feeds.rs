//! Feeds for the stores and searches of others.

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bijou_chassis::{Caller, Json, Path, Query, Reject};
use bijou_problem::Problem;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LAST_MODIFIED};
use http::{HeaderMap, HeaderValue, StatusCode};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::catalog::{is_known, marked};
use super::changes::known_head;
use super::{OPERATOR, Shared};
use crate::admission::admit;
use crate::clock::timestamp;
use crate::domain::feeds::Form;
use crate::domain::scope;
use crate::error::PartnersError;
use crate::feeds;

/// Which country's.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FeedOf {
    /// ISO 3166-1 alpha-2; `US` unless told.
    territory: Option<String>,
    /// Takes over a feed that lost many titles. For operators.
    #[serde(default)]
    force: bool,
}

/// Feeds there are.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartnersFeeds)]
pub(crate) struct Feeds {
    items: Vec<FeedBody>,
}

/// How a feed stands in one country.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartnersFeed)]
pub(crate) struct FeedBody {
    /// `google`, `amazon`, `roku`, `mrss`, `apple-catalog` or `apple-availability`.
    name: &'static str,
    territory: String,
    media_type: &'static str,
    url: String,
    /// Titles and episodes in it.
    items: i64,
    /// Titles and episodes that came and went with the last one.
    added: i64,
    removed: i64,
    #[schema(value_type = String, format = DateTime)]
    made_at: Timestamp,
    /// Why a newer one was not taken over; the last one is served until an operator says otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    refused: Option<String>,
    /// Titles that are not in it as it would be now, and why; at most twenty.
    left_out: Vec<LeftOut>,
    left_out_count: usize,
}

/// A title or an episode that is not in a feed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartnersLeftOut)]
pub(crate) struct LeftOut {
    /// An episode's where it is one.
    title_id: String,
    reason: &'static str,
}

const SHOWN_MAX: usize = 20;

fn territory(asked: Option<String>) -> Result<String, Reject> {
    let territory = asked.unwrap_or_else(|| "US".to_owned()).to_ascii_uppercase();
    let is_country = territory.len() == 2 && territory.bytes().all(|byte| byte.is_ascii_uppercase());
    if !is_country {
        return Err(PartnersError::invalid("territory", "is a country of two letters, such as `DE`").into());
    }
    Ok(territory)
}

/// All feeds
///
/// What they hold, what came and went, and what is left out and why.
#[utoipa::path(
    get,
    path = "/partner/v1/feeds",
    tag = "partners-catalog",
    params(FeedOf),
    responses(
        (status = 200, description = "The feeds of one country", body = Feeds),
        (status = 401, description = "`api-key-missing`, `api-key-invalid`, `token-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`scope-missing`: the token was not given for this", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`field-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`quota-exhausted`, with `Retry-After`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`unavailable`: the catalog has not told its titles yet", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_feeds(
    State(partners): Shared,
    headers: HeaderMap,
    Query(query): Query<FeedOf>,
) -> Result<Response, Reject> {
    let pass = admit(&partners, &headers, scope::FEEDS).await?;
    let territory = territory(query.territory)?;
    known_head(&partners).await?;
    let titles = feeds::titles(&partners).await.map_err(PartnersError::from)?;
    let mut items = Vec::new();
    for form in Form::ALL {
        let row = feeds::current(&partners, form, &territory, false).await.map_err(PartnersError::from)?;
        let now = feeds::preview(&partners, form, &territory, &titles);
        items.push(FeedBody {
            name: form.as_str(),
            media_type: form.media_type(),
            url: format!("/partner/v1/feeds/{}?territory={territory}", form.as_str()),
            items: row.items,
            added: row.added,
            removed: row.removed,
            made_at: timestamp(row.made_ms),
            refused: row.refused,
            left_out_count: now.left_out.len(),
            left_out: now
                .left_out
                .into_iter()
                .take(SHOWN_MAX)
                .map(|(title_id, reason)| LeftOut { title_id, reason })
                .collect(),
            territory: row.territory,
        });
    }
    Ok(marked(&pass, Json(Feeds { items })))
}

/// A feed
///
/// Made anew when titles have changed. One that lost too many titles since the last is not taken over: the last one is
/// served, and `GET /partner/v1/feeds` says why.
#[utoipa::path(
    get,
    path = "/partner/v1/feeds/{name}",
    tag = "partners-catalog",
    params(("name" = String, Path, description = "`google`, `amazon`, `roku`, `mrss`, `apple-catalog` or `apple-availability`"), FeedOf),
    responses(
        (status = 200, description = "In the form's own media type", content((Object = "application/ld+json"), (Object = "application/json"), (String = "application/xml"), (String = "application/rss+xml"))),
        (status = 304, description = "The reader has it already"),
        (status = 401, description = "`api-key-missing`, `api-key-invalid`, `token-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`scope-missing`: the token was not given for this, or only operators force", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`feed-not-found`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`field-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`quota-exhausted`, with `Retry-After`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`unavailable`: the catalog has not told its titles yet", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn get_feed(
    State(partners): Shared,
    caller: Caller,
    headers: HeaderMap,
    Path(name): Path<String>,
    Query(query): Query<FeedOf>,
) -> Result<Response, Reject> {
    // An operator needs no key: they look at what partners see.
    let pass = if query.force {
        caller.require_scope(OPERATOR)?;
        None
    } else {
        Some(admit(&partners, &headers, scope::FEEDS).await?)
    };
    let form = Form::parse(&name).ok_or_else(|| PartnersError::not_found("feed", name))?;
    let territory = territory(query.territory)?;
    known_head(&partners).await?;
    let row = feeds::current(&partners, form, &territory, query.force).await.map_err(PartnersError::from)?;
    let tag = format!("\"{}\"", &row.sha256[..24]);
    let mut response = if is_known(&headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(CONTENT_TYPE, form.media_type())], Body::from(row.document)).into_response()
    };
    let made = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&timestamp(row.made_ms));
    let fields = response.headers_mut();
    fields.insert(ETAG, HeaderValue::try_from(tag).expect("hex in quotes"));
    if let Some(made) = made.ok().and_then(|made| HeaderValue::try_from(made).ok()) {
        fields.insert(LAST_MODIFIED, made);
    }
    fields.insert(CACHE_CONTROL, HeaderValue::from_static("private, max-age=60"));
    Ok(match &pass {
        Some(pass) => marked(pass, response),
        None => response,
    })
}
