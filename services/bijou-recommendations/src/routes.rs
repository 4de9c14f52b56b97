//! Every endpoint on one page.

mod diagnoses;
mod explain;
mod home;
mod impressions;
mod records;
mod similar;

use std::sync::Arc;

use axum::extract::State;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Recommendations;

/// What handlers share.
type Shared = State<Arc<Recommendations>>;

#[derive(utoipa::OpenApi)]
#[openapi(info(
    title = "Bijou recommendations",
    description = "The home page: rows of titles, each with the reason why it is there.",
    license(name = "Apache-2.0", identifier = "Apache-2.0")
))]
struct Document;

fn routes() -> OpenApiRouter<Arc<Recommendations>> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(home::get_home))
        .routes(routes!(similar::list_similar))
        .routes(routes!(explain::get_explanation))
        .routes(routes!(impressions::create_impressions))
        .routes(routes!(records::get_record))
        .routes(routes!(diagnoses::get_title_diagnosis))
}

/// The router with its state.
pub(crate) fn router(recommendations: Arc<Recommendations>) -> OpenApiRouter {
    routes().with_state(recommendations)
}

/// The document alone.
pub(crate) fn document() -> OpenApi {
    routes().into_openapi()
}
