//! Why a title is or is not shown: the catalog's part of the console's diagnosis.

use axum::extract::State;
use bijou_catalog_api::TitleDiagnosis;
use bijou_chassis::{Caller, Json, Path, Query, Reject};
use bijou_problem::Problem;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;

use super::Shared;
use crate::domain::diagnosis::window;
use crate::domain::text::is_country;
use crate::error::{CatalogError, Noun};
use crate::now_ms;

/// The one who asks.
const CONSOLE: &str = "console";

/// For whom a title is looked at.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Case {
    /// Country (ISO 3166-1 alpha-2); absent: nobody knows where.
    territory: Option<String>,
    /// RFC 3339; now when absent.
    at: Option<String>,
}

/// Say why a title is or is not there
///
/// Whatever its terms are: who asks is not its viewer. For the console only.
#[utoipa::path(
    get,
    path = "/v1/diagnoses/titles/{id}",
    tag = "services",
    params(("id" = String, Path, description = "The title's id"), Case),
    responses(
        (status = 200, description = "What the catalog knows", body = TitleDiagnosis),
        (status = 400, description = "`query-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`service-only`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`title-not-found`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn get_title_diagnosis(
    State(catalog): Shared,
    caller: Caller,
    Path(id): Path<String>,
    Query(case): Query<Case>,
) -> Result<Json<TitleDiagnosis>, Reject> {
    caller.require_role(CONSOLE)?;
    if let Some(country) = case.territory.as_deref().filter(|country| !is_country(country)) {
        let reason = format!("`{country}` is no country of two capital letters (ISO 3166-1), such as `DE`");
        return Err(CatalogError::query("territory", reason).into());
    }
    let at = match case.at.as_deref() {
        Some(text) => {
            text.parse().map_err(|_| CatalogError::query("at", format!("`{text}` is no time of RFC 3339")))?
        }
        None => Timestamp::from_millisecond(now_ms()).map_err(Reject::internal)?,
    };
    let title = catalog.store.title(&id).await.map_err(CatalogError::from)?;
    let title = title.ok_or_else(|| CatalogError::not_found(Noun::Title, &id))?;
    let document = title.document;
    let window = window(&document.offers, case.territory.as_deref(), at);
    Ok(Json(TitleDiagnosis {
        indexed: catalog.search.has(&id),
        title_id: id,
        kind: document.kind,
        name: document.name().to_owned(),
        certification_age: document.certification_age,
        offers: document.offers,
        offered: window.is_offered,
        opens_at: window.opens_at,
        ends_at: window.ends_at,
        playable: title.playable,
    }))
}
