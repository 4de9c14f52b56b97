//! Titles for apps, and what is below a show: partners' own copy.

use std::fmt::Write as _;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bijou_catalog_api::Kind;
use bijou_chassis::{Path, Query, Reject};
use bijou_problem::Problem;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa::{IntoParams, ToSchema};

use super::Shared;
use crate::admission::{Pass, admit};
use crate::domain::fields::Fields;
use crate::domain::scope;
use crate::domain::season::{PartnerEpisode, PartnerSeason};
use crate::domain::title::PartnerTitle;
use crate::error::PartnersError;

const LIMIT: u32 = 50;
const LIMIT_MAX: u32 = 200;

/// Which part of the list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListTitles {
    /// 1 to 200; 50 unless told.
    limit: Option<u32>,
    /// `next` of the part before.
    cursor: Option<String>,
    /// Members of a title, separated by commas; all unless told. `id` always comes.
    #[param(example = "name,artwork,links")]
    fields: Option<String>,
}

/// How much of a title.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct GetTitle {
    /// Members of a title, separated by commas; all unless told. `id` always comes.
    #[param(example = "name,artwork,links")]
    fields: Option<String>,
}

fn fields(asked: Option<&str>) -> Result<Fields, Reject> {
    Fields::parse(asked).map_err(|name| {
        PartnersError::invalid("fields", format!("has `{name}`, which is no member of a title; see the reference"))
            .into()
    })
}

/// A part of the titles.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartnersTitles)]
pub(crate) struct Titles {
    #[schema(value_type = Vec<PartnerTitle>)]
    items: Vec<Value>,
    /// Absent: this was the last part.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
}

/// The seasons of a show.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartnersSeasons)]
pub(crate) struct Seasons {
    items: Vec<PartnerSeason>,
}

/// The episodes of a season.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartnersEpisodes)]
pub(crate) struct Episodes {
    items: Vec<PartnerEpisode>,
}

/// How many at a time; one table for all lists of apps.
pub(super) fn limit(asked: Option<u32>, usual: u32, max: u32) -> Result<i64, Reject> {
    let limit = asked.unwrap_or(usual);
    if !(1..=max).contains(&limit) {
        return Err(PartnersError::invalid("limit", format!("is 1 to {max}")).into());
    }
    Ok(i64::from(limit))
}

/// All titles
///
/// In the order of their last change, so that a part never tells of a title twice while nothing changes. To follow
/// changes, read `/partner/v1/snapshot` once and `/partner/v1/changes` from then on.
#[utoipa::path(
    get,
    path = "/partner/v1/titles",
    tag = "partners-catalog",
    params(ListTitles),
    responses(
        (status = 200, description = "A part of the list", body = Titles),
        (status = 304, description = "The reader has it already"),
        (status = 400, description = "`cursor-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "`api-key-missing`, `api-key-invalid`, `token-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`scope-missing`: the token was not given for this", body = Problem, content_type = "application/problem+json"),
        (status = 410, description = "`cursor-expired`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`field-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`quota-exhausted`, with `Retry-After`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`unavailable`: the catalog has not told its titles yet", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_titles(
    State(partners): Shared,
    headers: HeaderMap,
    Query(query): Query<ListTitles>,
) -> Result<Response, Reject> {
    let pass = admit(&partners, &headers, scope::CATALOG).await?;
    let limit = limit(query.limit, LIMIT, LIMIT_MAX)?;
    let fields = fields(query.fields.as_deref())?;
    let mut at = super::changes::place(&partners, query.cursor.as_deref()).await?;
    let mut items = Vec::new();
    let mut is_last = false;
    // Titles that are gone are passed over, so a part may take more than one look.
    while !is_last && (items.len() as i64) < limit {
        let wanted = limit - items.len() as i64;
        let changes = partners.store.changes_after(at.seq, wanted).await.map_err(PartnersError::from)?;
        is_last = (changes.len() as i64) < wanted;
        at.seq = changes.last().map_or(at.seq, |last| last.seq);
        let base = partners.config.public_url.as_str();
        for title in changes.into_iter().filter_map(|change| change.title) {
            items.push(fields.pick(&PartnerTitle::of(title, base)).map_err(Reject::internal)?);
        }
    }
    let next = (!is_last).then(|| at.to_string());
    tagged(&pass, &headers, &Titles { items, next })
}

/// A title
#[utoipa::path(
    get,
    path = "/partner/v1/titles/{title_id}",
    tag = "partners-catalog",
    params(("title_id" = String, Path, description = "The title's id"), GetTitle),
    responses(
        (status = 200, description = "The title", body = PartnerTitle),
        (status = 304, description = "The reader has it already"),
        (status = 401, description = "`api-key-missing`, `api-key-invalid`, `token-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`scope-missing`: the token was not given for this", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`title-not-found`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`field-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`quota-exhausted`, with `Retry-After`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`unavailable`: the catalog has not told its titles yet", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn get_title(
    State(partners): Shared,
    headers: HeaderMap,
    Path(title_id): Path<String>,
    Query(query): Query<GetTitle>,
) -> Result<Response, Reject> {
    let pass = admit(&partners, &headers, scope::CATALOG).await?;
    let fields = fields(query.fields.as_deref())?;
    let title = partners.store.title(&title_id).await.map_err(PartnersError::from)?;
    let title = title.ok_or_else(|| PartnersError::not_found("title", title_id))?;
    let title = PartnerTitle::of(title, &partners.config.public_url);
    tagged(&pass, &headers, &fields.pick(&title).map_err(Reject::internal)?)
}

/// The seasons of a show
#[utoipa::path(
    get,
    path = "/partner/v1/shows/{show_id}/seasons",
    tag = "partners-catalog",
    params(("show_id" = String, Path, description = "The show's id")),
    responses(
        (status = 200, description = "By number", body = Seasons),
        (status = 304, description = "The reader has it already"),
        (status = 401, description = "`api-key-missing`, `api-key-invalid`, `token-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`scope-missing`: the token was not given for this", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`show-not-found`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`quota-exhausted`, with `Retry-After`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`unavailable`: the catalog has not told its titles yet", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_seasons(
    State(partners): Shared,
    headers: HeaderMap,
    Path(show_id): Path<String>,
) -> Result<Response, Reject> {
    let pass = admit(&partners, &headers, scope::CATALOG).await?;
    super::changes::known_head(&partners).await?;
    let show = partners.store.title(&show_id).await.map_err(PartnersError::from)?;
    let show = show.filter(|known| known.summary.kind == Kind::Show);
    let show = show.ok_or_else(|| PartnersError::not_found("show", show_id))?;
    let show = PartnerTitle::of(show, &partners.config.public_url);
    let items = show.seasons.into_iter().map(PartnerSeason::bare).collect();
    tagged(&pass, &headers, &Seasons { items })
}

/// The episodes of a season
#[utoipa::path(
    get,
    path = "/partner/v1/seasons/{season_id}/episodes",
    tag = "partners-catalog",
    params(("season_id" = String, Path, description = "The season's id")),
    responses(
        (status = 200, description = "By number", body = Episodes),
        (status = 304, description = "The reader has it already"),
        (status = 401, description = "`api-key-missing`, `api-key-invalid`, `token-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`scope-missing`: the token was not given for this", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`season-not-found`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`quota-exhausted`, with `Retry-After`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`unavailable`: the catalog has not told its titles yet", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_episodes(
    State(partners): Shared,
    headers: HeaderMap,
    Path(season_id): Path<String>,
) -> Result<Response, Reject> {
    let pass = admit(&partners, &headers, scope::CATALOG).await?;
    super::changes::known_head(&partners).await?;
    let show = partners.store.show_of_season(&season_id).await.map_err(PartnersError::from)?;
    let show = show.map(|show| PartnerTitle::of(show, &partners.config.public_url));
    let season = show.and_then(|show| show.seasons.into_iter().find(|season| season.id == season_id));
    let season = season.ok_or_else(|| PartnersError::not_found("season", season_id))?;
    tagged(&pass, &headers, &Episodes { items: season.episodes.unwrap_or_default() })
}

/// The answer as JSON with its quota and an entity tag, or 304 where the reader has it already. The tag is of the bytes:
/// whatever may change in an answer changes it.
fn tagged(pass: &Pass, headers: &HeaderMap, body: &impl Serialize) -> Result<Response, Reject> {
    let bytes = serde_json::to_vec(body).map_err(Reject::internal)?;
    let mut tag = String::from("\"");
    for byte in &Sha256::digest(&bytes)[..12] {
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    let mut response = if is_known(headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(CONTENT_TYPE, "application/json")], bytes).into_response()
    };
    response.headers_mut().insert(ETAG, HeaderValue::try_from(tag).expect("hex in quotes"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    Ok(marked(pass, response))
}

/// Whether the reader says that it has what this tag names; weak or strong, which compression on the way decides.
pub(super) fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    headers.get(IF_NONE_MATCH).is_some_and(|known| known.to_str().is_ok_and(|list| list.contains(tag)))
}

/// The answer with its quota.
pub(super) fn marked(pass: &Pass, answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    pass.mark(response.headers_mut());
    response
}
