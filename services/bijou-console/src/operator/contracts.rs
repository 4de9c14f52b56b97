//! The contracts of everything that runs, by its own words: what is shown is what these versions answer, not what a file says.
//!
//! The gateway's is what can be reached from outside, merged; a role's own has its internal operations, too. Those of
//! programs that are not ours are passed on as they are: whoever shows them treats them as anybody's text.

use axum::extract::State;
use bijou_chassis::{Json, Path, Reject};
use bijou_problem::Problem;
use http::StatusCode;
use serde::Serialize;
use serde_json::Value;
use std::time::Duration;
use utoipa::ToSchema;

use super::Operator;

/// This API's own, which is on no listener that others reach.
const OPERATOR: &str = "operator";

/// Its contract is Eureka's, which has no document.
const REGISTRY: &str = "REGISTRY";

/// How long somebody may take to give a document.
const PATIENCE: Duration = Duration::from_secs(2);

/// Longest document, in bytes.
const BYTES_MAX: usize = 4 << 20;

/// Whose contracts there are.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleContracts)]
pub struct Contracts {
    items: Vec<ContractName>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleContractName)]
pub struct ContractName {
    /// `operator` for this API, `gateway` for everything that can be reached from outside, otherwise the application's name in
    /// lower case.
    #[schema(example = "catalog")]
    name: String,
}

/// List contracts
///
/// Of every application with an instance that is up, and this API's own.
#[utoipa::path(
    get, path = "/api/contracts", tag = "contracts",
    responses(
        (status = 200, description = "Their names", body = Contracts),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list_contracts(State(operator): State<Operator>) -> Json<Contracts> {
    let snapshot = operator.context.discovery.snapshot();
    let is_up = |app: &&str| *app != REGISTRY && !snapshot.instances(app).is_empty();
    let mut names: Vec<String> = snapshot.applications().filter(is_up).map(str::to_ascii_lowercase).collect();
    names.push(OPERATOR.to_owned());
    names.sort();
    Json(Contracts { items: names.into_iter().map(|name| ContractName { name }).collect() })
}

/// Show a contract
///
/// The OpenAPI document as an instance gives it now.
#[utoipa::path(
    get, path = "/api/contracts/{name}", tag = "contracts",
    params(("name" = String, Path, description = "As listed: `catalog`")),
    responses(
        (status = 200, description = "An OpenAPI document", body = Value),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`contract-not-found`", body = Problem, content_type = "application/problem+json"),
        (status = 502, description = "`contract-unavailable`: no instance gives one", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn get_contract(State(operator): State<Operator>, Path(name): Path<String>) -> Result<Json<Value>, Reject> {
    if name == OPERATOR {
        return Ok(Json(serde_json::to_value(super::openapi()).map_err(Reject::internal)?));
    }
    let snapshot = operator.context.discovery.snapshot();
    if snapshot.instances(&name).is_empty() {
        let problem = Problem::new(StatusCode::NOT_FOUND, "contract-not-found")
            .title("There is no such contract")
            .detail(format!("no instance of `{name}` is up"));
        return Err(Reject::new(problem));
    }
    let target = operator.context.client.to(&name.to_ascii_uppercase());
    let request = target.get("/openapi.json").attempt_timeout(PATIENCE).body_bytes_max(BYTES_MAX);
    let document = request.send_json::<Value>().await.map_err(|error| {
        let problem = Problem::new(StatusCode::BAD_GATEWAY, "contract-unavailable")
            .title("The contract did not come")
            .detail(format!("no instance of `{name}` gives its OpenAPI document"));
        Reject::new(problem).because(error)
    })?;
    Ok(Json(document))
}
