//! The operator listener: the console app and its JSON, behind the operator's token.
//!
//! Outermost first: ids and problems, security headers, the token (for `/api/` but the sign-in), the handlers.

mod account;
mod accounts;
mod app;
mod asked;
mod audit;
mod calls;
mod checks;
mod contracts;
mod doctor;
mod edges;
mod explain;
mod faults;
mod guard;
mod happenings;
mod instances;
mod live;
mod logs;
mod metrics;
mod overview;
mod partners;
mod requests;
mod session;
mod sessions;
mod status;

use std::sync::Arc;

use axum::{Router, middleware};
use bijou_chassis::{Assets, Context, Reject};
use bijou_eureka::RegistryClient;
use bijou_problem::Problem;
use http::{Method, StatusCode, Uri};
use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::audit::Audit;
use crate::checks::Checks;
use crate::faults::FaultLab;
use crate::instances::HealthBook;
use crate::state::Shared;

pub use session::{Sessions, sign_in_required};

/// What the handlers work with.
#[derive(Clone)]
pub struct Operator {
    pub context: Context,
    pub shared: Shared,
    pub book: HealthBook,
    pub registry: Option<Arc<RegistryClient>>,
    pub registry_url: Arc<str>,
    pub sessions: Arc<Sessions>,
    pub audit: Audit,
    pub faults: FaultLab,
    pub checks: Checks,
    pub assets: Assets,
}

/// Every operation of the operator's API.
fn api() -> OpenApiRouter<Operator> {
    OpenApiRouter::new()
        .routes(routes!(session::create_session, session::get_session, session::delete_session))
        .routes(routes!(status::list_instances))
        .routes(routes!(instances::get_instance))
        .routes(routes!(instances::put_log_level))
        .routes(routes!(instances::drain_instance, instances::undrain_instance))
        .routes(routes!(instances::restart_instance))
        .routes(routes!(status::get_status))
        .routes(routes!(requests::list_requests))
        .routes(routes!(requests::get_request))
        .routes(routes!(logs::list_logs))
        .routes(routes!(logs::follow_logs))
        .routes(routes!(logs::list_patterns))
        .routes(routes!(metrics::list_metrics))
        .routes(routes!(metrics::query_metric))
        .routes(routes!(overview::get_overview))
        .routes(routes!(edges::list_edges))
        .routes(routes!(happenings::list_happenings))
        .routes(routes!(live::follow_live))
        .routes(routes!(accounts::find_account))
        .routes(routes!(sessions::list_sessions))
        .routes(routes!(sessions::get_session_story))
        .routes(routes!(doctor::examine_title))
        .routes(routes!(checks::list_checks))
        .routes(routes!(checks::run_check))
        .routes(routes!(audit::list_audit))
        .routes(routes!(audit::verify_audit))
        .routes(routes!(faults::list_faults, faults::start_fault, faults::stop_faults))
        .routes(routes!(faults::stop_fault))
        .routes(routes!(explain::explain_request))
        .routes(routes!(contracts::list_contracts))
        .routes(routes!(contracts::get_contract))
        .routes(routes!(calls::make_call))
        .routes(routes!(partners::list_partner_apps))
        .routes(routes!(partners::list_partner_requests))
        .routes(routes!(partners::decide_partner_app))
        .routes(routes!(partners::list_partner_deprecations))
}

/// The operator API's own document: it is not part of the platform's public one.
pub fn openapi() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Bijou operator API")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("What runs, what is slow, what failed and why. Served on the operator listener."))
        .build();
    let mut document = api().split_for_parts().1;
    document.merge(OpenApiBuilder::new().build());
    document.info = info;
    document
}

/// The whole listener.
pub fn router(operator: Operator) -> Router {
    let (api, _) = api().split_for_parts();
    let guarded = api
        .fallback(unknown_route)
        .method_not_allowed_fallback(unknown_method)
        .layer(middleware::from_fn_with_state(operator.clone(), guard::guard));
    guarded
        .merge(app::routes())
        .layer(middleware::from_fn(guard::security_headers))
        .layer(middleware::from_fn(bijou_chassis::answer_openly))
        .with_state(operator)
}

async fn unknown_route(uri: Uri) -> Reject {
    let problem = Problem::new(StatusCode::NOT_FOUND, "route-not-found")
        .title("There is nothing at this path")
        .detail(format!("no operation has the path `{}`", uri.path()));
    Reject::new(problem)
}

async fn unknown_method(method: Method, uri: Uri) -> Reject {
    let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed")
        .title("The path does not take this method")
        .detail(format!("`{}` does not take {method}", uri.path()));
    Reject::new(problem)
}
