//! The title doctor: why a title is or is not there for somebody.

use axum::extract::State;
use bijou_chassis::{Json, Path, Query, Reject};
use bijou_problem::Problem;
use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use super::Operator;
use crate::doctor::{Case, CaseError, Diagnosis, examine};

/// Whose view is looked at.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Whose {
    /// Country (ISO 3166-1 alpha-2), as `DE`; absent: nobody knows where.
    territory: Option<String>,
    /// Id of a profile, for its ceiling and what it did with the title.
    profile: Option<String>,
    /// Id of the account the profile should be of.
    account: Option<String>,
    /// RFC 3339; now when absent.
    at: Option<String>,
    /// What the device decodes, by RFC 6381: `avc1.640028,mp4a.40.2`.
    device: Option<String>,
}

/// Say why a title is or is not there
///
/// Every owner is asked for its part; one that does not answer leaves it `unknown`.
#[utoipa::path(
    get, path = "/api/doctor/titles/{id}", tag = "doctor",
    params(("id" = String, Path, description = "The title's id"), Whose),
    responses(
        (status = 200, description = "The checks in order", body = Diagnosis),
        (status = 400, description = "`query-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn examine_title(
    State(operator): State<Operator>,
    Path(id): Path<String>,
    Query(Whose { territory, profile, account, at, device }): Query<Whose>,
) -> Result<Json<Diagnosis>, Reject> {
    let case = Case::read(territory, profile, account, at.as_deref(), device.as_deref());
    let case = case.map_err(|CaseError { parameter, reason }| {
        let problem = Problem::new(StatusCode::BAD_REQUEST, "query-invalid")
            .title("A query parameter is not accepted")
            .detail(reason)
            .with("parameter", parameter);
        Reject::new(problem)
    })?;
    Ok(Json(examine(&operator.context.client, &id, &case).await))
}
