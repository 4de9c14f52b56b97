//! One title.

use axum::extract::State;
use axum::response::Response;
use bijou_catalog_api as wire;
use bijou_chassis::{Caller, Path, Query, Reject};
use bijou_problem::Problem;
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::TITLE_FIELDS;
use crate::conditional::answer;
use crate::error::{CatalogError, Noun};
use crate::routes::Shared;
use crate::routes::reading::{Reader, Reading, cut, fields, presented};

/// What may be asked of a title.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct GetTitle {
    /// Only these members, separated by commas; the id is always there.
    fields: Option<String>,
    /// Languages by preference, as in `Accept-Language`, which it takes the place of.
    lang: Option<String>,
    /// What would be there at this time (RFC 3339); for operators.
    as_of: Option<String>,
    /// What would be there in this country (ISO 3166-1 alpha-2); for operators.
    territory: Option<String>,
}

/// A title with only the members asked for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CatalogTitleFields)]
pub(crate) struct TitleFields {
    id: String,
    /// The members asked for.
    fields: Vec<&'static str>,
    #[serde(flatten)]
    #[schema(value_type = std::collections::HashMap<String, serde_json::Value>)]
    members: Map<String, Value>,
}

/// Either, depending on `fields`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CatalogTitleAnswer)]
#[serde(untagged)]
pub(crate) enum TitleAnswer {
    Whole(Box<wire::Title>),
    Part(TitleFields),
}

/// A title with everything about it
#[utoipa::path(
    get,
    path = "/v1/titles/{id}",
    tag = "catalog",
    params(("id" = String, Path, description = "The title's id"), GetTitle),
    responses(
        (status = 200, description = "The title", body = TitleAnswer),
        (status = 304, description = "The reader has it already"),
        (status = 400, description = "`query-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`scope-missing`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`title-not-found`: there is none, or not for the reader", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn get_title(
    State(catalog): Shared,
    caller: Caller,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(query): Query<GetTitle>,
) -> Result<Response, Reject> {
    let asked = Reading { lang: query.lang, as_of: query.as_of, territory: query.territory };
    let reader = Reader::of(&caller, &headers, &asked)?;
    let fields = fields(query.fields.as_deref(), TITLE_FIELDS)?;
    let title = catalog.store.title(&id).await.map_err(CatalogError::from)?;
    let title = reader.allowed(title, Noun::Title, &id)?;
    let title = presented(&catalog, &reader, &[&id], |presenter| presenter.title(&title)).await?;
    let language = title.language.clone();

    let answered = match fields {
        None => TitleAnswer::Whole(Box::new(title)),
        Some(fields) => {
            let mut members = cut(serde_json::to_value(&title).map_err(Reject::internal)?, &fields);
            members.remove("id");
            TitleAnswer::Part(TitleFields { id, fields: fields.names().to_vec(), members })
        }
    };
    answer(&headers, &answered, catalog.freshness, reader.sharing, Some(&language))
}
