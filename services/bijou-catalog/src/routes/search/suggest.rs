//! What may be meant by what is typed so far.

use axum::extract::State;
use axum::response::Response;
use bijou_catalog_api as wire;
use bijou_catalog_api::{Suggestion, SuggestionKind};
use bijou_chassis::{Caller, Query, Reject};
use bijou_problem::Problem;
use http::HeaderMap;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{people, question, visible};
use crate::conditional::answer;
use crate::domain::fit::all_fit;
use crate::domain::query::Filter;
use crate::error::CatalogError;
use crate::routes::Shared;
use crate::routes::reading::{Reader, Reading, presented};
use crate::search::Asked;

/// So many of each are shown: a list somebody reads while typing.
const TITLES_MAX: usize = 6;
const PEOPLE_MAX: usize = 3;
const GENRES_MAX: usize = 2;

/// What may be asked of suggestions.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Suggest {
    /// What is typed so far.
    q: String,
    /// Languages by preference, as in `Accept-Language`, which it takes the place of.
    lang: Option<String>,
    /// What would be there at this time (RFC 3339); for operators.
    as_of: Option<String>,
    /// What would be there in this country (ISO 3166-1 alpha-2); for operators.
    territory: Option<String>,
}

/// What may be meant by what is typed so far
///
/// Titles, people and genres the reader may see.
#[utoipa::path(
    get,
    path = "/v1/search/suggestions",
    tag = "catalog",
    params(Suggest),
    responses(
        (status = 200, description = "At most eleven, likely ones first", body = wire::Suggestions),
        (status = 304, description = "The reader has it already"),
        (status = 400, description = "`query-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`scope-missing`: another time or country is for operators", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`search-away`: the index is being built", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn suggest_searches(
    State(catalog): Shared,
    caller: Caller,
    headers: HeaderMap,
    Query(query): Query<Suggest>,
) -> Result<Response, Reject> {
    let reader =
        Reader::of(&caller, &headers, &Reading { lang: query.lang, as_of: query.as_of, territory: query.territory })?;
    let question = question(&query.q)?;
    let found = catalog.search.ask(Asked {
        question: question.clone(),
        filter: Filter::default(),
        viewing: reader.viewing.clone(),
        offset: 0,
        limit: TITLES_MAX,
        people: true,
    });
    let found = found.await.map_err(CatalogError::from)?;
    let mut ids = found.titles.clone();
    ids.extend(found.credited.iter().filter(|id| !found.titles.contains(id)).cloned());
    let titles = visible(&catalog, &reader, &ids).await?;
    let items = presented(&catalog, &reader, &[], |presenter| {
        let mut items = Vec::new();
        for title in found.titles.iter().filter_map(|id| titles.get(id)) {
            let kind = match title.document.kind {
                wire::Kind::Movie => SuggestionKind::Movie,
                wire::Kind::Show => SuggestionKind::Show,
            };
            let (_, texts) = presenter.texts(&title.document);
            items.push(Suggestion { text: texts.name.clone(), kind, id: title.document.id.clone() });
        }
        let credited = found.credited.iter().filter_map(|id| titles.get(id));
        for person in people(&question, credited, PEOPLE_MAX) {
            items.push(Suggestion { text: person.name, kind: SuggestionKind::Person, id: person.id });
        }
        // Of what the query matches and the reader may see: no genre is named that has nothing for them.
        let genres = found.counts.genres.iter().map(|(id, _)| presenter.genre(id));
        let genres = genres.filter(|genre| all_fit(&question.words, &genre.name)).take(GENRES_MAX);
        items.extend(genres.map(|genre| Suggestion { text: genre.name, kind: SuggestionKind::Genre, id: genre.id }));
        items
    })
    .await?;
    answer(&headers, &wire::Suggestions { items }, catalog.freshness, reader.sharing, None)
}
