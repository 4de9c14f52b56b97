//! Every endpoint on one page.

mod diagnoses;
mod manifest;
mod marks;
mod playbacks;
mod records;
mod segment;

use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::Playback;

/// The routes, with their state applied.
pub fn router(state: Playback) -> OpenApiRouter {
    endpoints().with_state(state)
}

#[derive(utoipa::OpenApi)]
#[openapi(info(
    title = "Bijou playback",
    description = "Playing a film: sessions, manifests, segments, and where its opening and credits are.",
    license(name = "Apache-2.0", identifier = "Apache-2.0")
))]
struct Document;

fn endpoints() -> OpenApiRouter<Playback> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(playbacks::create_playback))
        .routes(routes!(playbacks::report_playback))
        .routes(routes!(marks::get_marks, marks::set_marks, marks::clear_marks))
        .routes(routes!(manifest::get_manifest))
        .routes(routes!(segment::get_segment))
        .routes(routes!(diagnoses::get_title_diagnosis))
        .routes(routes!(records::get_record))
}

/// What the routes promise.
pub fn document() -> utoipa::openapi::OpenApi {
    endpoints().into_openapi()
}
