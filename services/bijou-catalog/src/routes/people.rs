//! `/v1/people`.

use axum::extract::State;
use axum::response::Response;
use bijou_catalog_api as wire;
use bijou_chassis::{Caller, Path, Query, Reject};
use bijou_problem::Problem;
use http::HeaderMap;

use super::Shared;
use super::reading::{Reader, Reading, presented};
use crate::conditional::answer;
use crate::error::{CatalogError, Noun};

/// A person and their titles here
#[utoipa::path(
    get,
    path = "/v1/people/{id}",
    tag = "catalog",
    params(("id" = String, Path, description = "The person's id"), Reading),
    responses(
        (status = 200, description = "The person", body = wire::Person),
        (status = 304, description = "The reader has it already"),
        (status = 400, description = "`query-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`scope-missing`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`person-not-found`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn get_person(
    State(catalog): Shared,
    caller: Caller,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(query): Query<Reading>,
) -> Result<Response, Reject> {
    let reader = Reader::of(&caller, &headers, &query)?;
    let person = catalog.store.person(&id, &reader.viewing).await.map_err(CatalogError::from)?;
    // Somebody whose every title is hidden from the reader is hidden with them.
    let (name, titles) =
        person.filter(|(_, titles)| !titles.is_empty()).ok_or_else(|| CatalogError::not_found(Noun::Person, &id))?;
    let subjects: Vec<&str> = titles.iter().map(|title| title.document.id.as_str()).collect();
    let credits = presented(&catalog, &reader, &subjects, |presenter| {
        let mut credits = Vec::new();
        for title in &titles {
            for credit in title.document.credits.iter().filter(|credit| credit.person == id) {
                let (role, character) = (credit.role, credit.character.clone());
                credits.push(wire::PersonCredit { title: presenter.summary(title), role, character });
            }
        }
        credits
    })
    .await?;
    answer(&headers, &wire::Person { id, name, credits }, catalog.freshness, reader.sharing, None)
}
