//! Titles, by filter and in order, a part at a time.

use axum::extract::State;
use axum::response::Response;
use bijou_catalog_api as wire;
use bijou_chassis::{Caller, Query, Reject};
use bijou_problem::Problem;
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{SUMMARY_FIELDS, TitlePart};
use crate::conditional::answer;
use crate::domain::query::{Filter, Key, LIMIT_MAX, LIMIT_USUAL, Place, Sort};
use crate::domain::text::is_id;
use crate::error::CatalogError;
use crate::present::Presenter;
use crate::routes::Shared;
use crate::routes::reading::{Reader, Reading, cut, fields, presented};
use crate::store::{Counts, Title};

/// What may be asked of the list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListTitles {
    kind: Option<wire::Kind>,
    /// A genre's id.
    genre: Option<String>,
    /// Released in this year or later.
    year_from: Option<i32>,
    /// Released in this year or earlier.
    year_to: Option<i32>,
    /// Meant for this age or younger.
    #[param(maximum = 18)]
    age_max: Option<u8>,
    /// Only what can, or cannot, be played now.
    playable: Option<bool>,
    /// Only these titles: ids separated by commas, at most 100.
    ids: Option<String>,
    /// `added` (newest in the catalog first, the default), `name`, `newest` or `oldest` (by year).
    sort: Option<String>,
    /// How many titles, 20 unless told.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// `next` of the part before, with the same filter and order.
    cursor: Option<String>,
    /// Only these members of each title, separated by commas; the id is always there.
    fields: Option<String>,
    /// Languages by preference, as in `Accept-Language`, which it takes the place of.
    lang: Option<String>,
    /// What would be there at this time (RFC 3339); for operators.
    as_of: Option<String>,
    /// What would be there in this country (ISO 3166-1 alpha-2); for operators.
    territory: Option<String>,
}

/// A part of the list with only the members asked for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CatalogTitlePagePart)]
pub(crate) struct PagePart {
    /// The members asked for.
    fields: Vec<&'static str>,
    items: Vec<TitlePart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    facets: Option<wire::Facets>,
}

/// Either, depending on `fields`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CatalogTitlesAnswer)]
#[serde(untagged)]
pub(crate) enum Titles {
    Whole(wire::TitlePage),
    Part(PagePart),
}

/// Titles by filter and order
///
/// The first part also counts the titles that each narrowing of the query would give.
#[utoipa::path(
    get,
    path = "/v1/titles",
    tag = "catalog",
    params(ListTitles),
    responses(
        (status = 200, description = "A part of the list", body = Titles),
        (status = 304, description = "The reader has it already"),
        (status = 400, description = "`query-invalid`, `cursor-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`scope-missing`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_titles(
    State(catalog): Shared,
    caller: Caller,
    headers: HeaderMap,
    Query(query): Query<ListTitles>,
) -> Result<Response, Reject> {
    let asked = Reading { lang: query.lang.clone(), as_of: query.as_of.clone(), territory: query.territory.clone() };
    let reader = Reader::of(&caller, &headers, &asked)?;
    let fields = fields(query.fields.as_deref(), SUMMARY_FIELDS)?;
    let limit = limit(query.limit)?;
    let sort = sort(query.sort.as_deref())?;
    let filter = filter(&query)?;
    let fingerprint = filter.fingerprint(sort);
    let place = query.cursor.as_deref().map(|cursor| catalog.cursors.verify(&fingerprint, cursor)).transpose();
    let place = place.map_err(CatalogError::from)?;

    // One more than asked for tells whether there is more.
    let titles = catalog.store.list(&filter, &reader.viewing, sort, place.as_ref(), limit + 1).await;
    let titles = titles.map_err(CatalogError::from)?;
    let shown = &titles[..titles.len().min(limit as usize)];
    let next = match shown.last() {
        Some(last) if titles.len() > shown.len() => Some(catalog.cursors.sign(&fingerprint, &place_of(last, sort))),
        _ => None,
    };
    let counts = match place {
        None => Some(catalog.counted.counts(&filter, &reader.viewing).await.map_err(CatalogError::from)?),
        Some(_) => None,
    };
    let subjects: Vec<&str> = shown.iter().map(|title| title.document.id.as_str()).collect();
    let page = presented(&catalog, &reader, &subjects, |presenter| wire::TitlePage {
        items: shown.iter().map(|title| presenter.summary(title)).collect(),
        next,
        facets: counts.map(|counts| facets(&counts, presenter)),
    })
    .await?;

    let answered = match fields {
        None => Titles::Whole(page),
        Some(fields) => Titles::Part(PagePart {
            items: page.items.iter().map(|title| part(title, &fields)).collect::<Result<_, _>>()?,
            fields: fields.names().to_vec(),
            next: page.next,
            facets: page.facets,
        }),
    };
    answer(&headers, &answered, catalog.freshness, reader.sharing, None)
}

fn part(title: &wire::TitleSummary, fields: &crate::domain::fields::Fields) -> Result<TitlePart, Reject> {
    let mut members = cut(serde_json::to_value(title).map_err(Reject::internal)?, fields);
    members.remove("id");
    Ok(TitlePart { id: title.id.clone(), members })
}

fn limit(asked: Option<u32>) -> Result<u32, CatalogError> {
    match asked {
        None => Ok(LIMIT_USUAL),
        Some(limit) if (1..=LIMIT_MAX).contains(&limit) => Ok(limit),
        Some(_) => Err(CatalogError::query("limit", format!("1 to {LIMIT_MAX}"))),
    }
}

fn sort(asked: Option<&str>) -> Result<Sort, CatalogError> {
    let Some(asked) = asked else {
        return Ok(Sort::default());
    };
    Sort::parse(asked).ok_or_else(|| {
        CatalogError::query("sort", format!("there is no order `{asked}`; there are {}", Sort::NAMES.join(", ")))
    })
}

fn filter(query: &ListTitles) -> Result<Filter, CatalogError> {
    if let (Some(from), Some(to)) = (query.year_from, query.year_to)
        && from > to
    {
        return Err(CatalogError::query("year_from", format!("no year is after {from} and before {to}")));
    }
    let ids = query.ids.as_deref().map(ids).transpose()?;
    Ok(Filter {
        kind: query.kind,
        genre: query.genre.clone(),
        year_from: query.year_from,
        year_to: query.year_to,
        age_max: query.age_max,
        playable: query.playable,
        ids,
    })
}

fn ids(list: &str) -> Result<Vec<String>, CatalogError> {
    let mut ids: Vec<String> = list.split(',').map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() || ids.len() > wire::IDS_MAX {
        return Err(CatalogError::query("ids", format!("1 to {} ids", wire::IDS_MAX)));
    }
    match ids.iter().find(|id| !is_id(id)) {
        Some(id) => Err(CatalogError::query("ids", format!("`{id}` is no id"))),
        None => Ok(ids),
    }
}

fn place_of(title: &Title, sort: Sort) -> Place {
    let key = match sort {
        Sort::Added => Key::Number(title.added_ms),
        Sort::Name => Key::Text(crate::domain::text::sort_name(title.document.name())),
        Sort::Newest | Sort::Oldest => Key::Number(i64::from(title.document.year)),
    };
    Place { key, id: title.document.id.clone() }
}

pub(in crate::routes) fn facets(counts: &Counts, presenter: &Presenter<'_>) -> wire::Facets {
    let facet = |id: &str, name: String, count: u64| wire::Facet { id: id.to_owned(), name, count };
    let kind_name = |id: &str| if id == "show" { "Shows".to_owned() } else { "Movies".to_owned() };
    wire::Facets {
        total: counts.total,
        kinds: counts.kinds.iter().map(|(id, count)| facet(id, kind_name(id), *count)).collect(),
        genres: counts.genres.iter().map(|(id, count)| facet(id, presenter.genre_name(id), *count)).collect(),
        decades: counts
            .decades
            .iter()
            .map(|(year, count)| facet(&year.to_string(), format!("{year}s"), *count))
            .collect(),
    }
}
