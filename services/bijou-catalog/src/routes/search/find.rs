//! Titles and people by what somebody types.

use axum::extract::State;
use axum::response::Response;
use bijou_catalog_api as wire;
use bijou_chassis::{Caller, Query, Reject};
use bijou_problem::Problem;
use http::HeaderMap;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{matched, people, question, visible};
use crate::conditional::answer;
use crate::domain::fit::{corrected, there};
use crate::domain::query::{Filter, Key, LIMIT_MAX, LIMIT_USUAL, Place};
use crate::error::CatalogError;
use crate::now_ms;
use crate::routes::Shared;
use crate::routes::reading::{Reader, Reading, presented};
use crate::routes::titles::list::facets;
use crate::search::{Asked, names};

/// How far a search leads; who looks further narrows it.
const OFFSET_MAX: usize = 1_000;
const PEOPLE_MAX: usize = 6;

/// What may be asked of a search.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SearchTitles {
    /// What somebody typed: names, people, genres, moods; the last word perhaps not to its end, with typos.
    q: String,
    kind: Option<wire::Kind>,
    /// A genre's id.
    genre: Option<String>,
    /// Released in this year or later.
    year_from: Option<i32>,
    /// Released in this year or earlier.
    year_to: Option<i32>,
    /// Only what can, or cannot, be played now.
    playable: Option<bool>,
    /// How many titles, 20 unless told.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// `next` of the part before, with the same query.
    cursor: Option<String>,
    /// Languages by preference, as in `Accept-Language`, which it takes the place of.
    lang: Option<String>,
    /// What would be found at this time (RFC 3339); for operators.
    as_of: Option<String>,
    /// What would be found in this country (ISO 3166-1 alpha-2); for operators.
    territory: Option<String>,
}

/// Titles and people by what somebody types
///
/// Names, people, genres and moods in all languages, as far as they are typed and with one or two typos; ranked by how well they
/// fit, and among those that fit alike by how many people care for them.
#[utoipa::path(
    get,
    path = "/v1/search",
    tag = "catalog",
    params(SearchTitles),
    responses(
        (status = 200, description = "What was found, best first", body = wire::SearchPage),
        (status = 304, description = "The reader has it already"),
        (status = 400, description = "`query-invalid`, `cursor-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`scope-missing`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`search-away`: the index is being built", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn search_titles(
    State(catalog): Shared,
    caller: Caller,
    headers: HeaderMap,
    Query(query): Query<SearchTitles>,
) -> Result<Response, Reject> {
    let asked = Reading { lang: query.lang, as_of: query.as_of, territory: query.territory };
    let reader = Reader::of(&caller, &headers, &asked)?;
    let question = question(&query.q)?;
    let limit = match query.limit {
        None => LIMIT_USUAL as usize,
        Some(limit) if (1..=LIMIT_MAX).contains(&limit) => limit as usize,
        Some(_) => return Err(CatalogError::query("limit", format!("1 to {LIMIT_MAX}")).into()),
    };
    let filter = Filter {
        kind: query.kind,
        genre: query.genre,
        year_from: query.year_from,
        year_to: query.year_to,
        playable: query.playable,
        ..Filter::default()
    };
    let fingerprint = format!("search {} {filter:?}", question.whole());
    let offset = match query.cursor.as_deref() {
        None => 0,
        Some(cursor) => match catalog.cursors.verify(&fingerprint, cursor).map_err(CatalogError::from)?.key {
            Key::Number(offset) => usize::try_from(offset).unwrap_or(0).min(OFFSET_MAX),
            Key::Text(_) => 0,
        },
    };
    let is_first = query.cursor.is_none();

    let found = catalog.search.ask(Asked {
        question: question.clone(),
        filter: filter.clone(),
        viewing: reader.viewing.clone(),
        offset,
        limit,
        people: is_first,
    });
    let found = found.await.map_err(CatalogError::from)?;
    if !found.is_known && is_first && !question.is_empty() && filter == Filter::default() && reader.viewing.is_now {
        catalog.search.note_miss(&question.whole(), now_ms());
    }

    let mut ids = found.titles.clone();
    ids.extend(found.credited.iter().filter(|id| !found.titles.contains(id)).cloned());
    let titles = visible(&catalog, &reader, &ids).await?;
    let shown: Vec<_> = found.titles.iter().filter_map(|id| titles.get(id)).collect();
    let next = offset + limit;
    let next = (found.has_more && next <= OFFSET_MAX)
        .then(|| catalog.cursors.sign(&fingerprint, &Place { key: Key::Number(next as i64), id: String::new() }));
    let subjects: Vec<&str> = shown.iter().map(|title| title.document.id.as_str()).collect();
    let page = presented(&catalog, &reader, &subjects, |presenter| wire::SearchPage {
        items: shown
            .iter()
            .map(|title| {
                let matched = matched(&question, &title.document, presenter);
                wire::SearchHit::new(presenter.summary(title), matched)
            })
            .collect(),
        people: people(&question, found.credited.iter().filter_map(|id| titles.get(id)), PEOPLE_MAX),
        facets: is_first.then(|| facets(&found.counts, presenter)),
        corrected: shown.first().filter(|_| is_first).and_then(|first| {
            let document = &first.document;
            let genres = document.genres.iter().map(|genre| presenter.genre_name(genre));
            let mut found: Vec<String> = names(document).into_iter().flat_map(there).collect();
            found.extend(document.credits.iter().flat_map(|credit| there(&credit.name)));
            found.extend(genres.flat_map(|genre| there(&genre)));
            found.extend(document.moods.iter().flat_map(|mood| there(mood)));
            corrected(&question.words, &found)
        }),
        next,
    })
    .await?;
    answer(&headers, &page, catalog.freshness, reader.sharing, None)
}
