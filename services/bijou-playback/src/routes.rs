//! Every endpoint on one page.

mod diagnoses;
mod manifest;
mod marks;
mod playbacks;
mod segment;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::Playback;

/// The routes, with their state applied.
pub fn router(state: Playback) -> OpenApiRouter {
    endpoints().with_state(state)
}

fn endpoints() -> OpenApiRouter<Playback> {
    OpenApiRouter::new()
        .routes(routes!(playbacks::create_playback))
        .routes(routes!(playbacks::report_playback))
        .routes(routes!(marks::get_marks, marks::set_marks, marks::clear_marks))
        .routes(routes!(manifest::get_manifest))
        .routes(routes!(segment::get_segment))
        .routes(routes!(diagnoses::get_title_diagnosis))
}

/// What the routes promise.
pub fn document() -> utoipa::openapi::OpenApi {
    let (_, mut document) = endpoints().split_for_parts();
    "Bijou playback".clone_into(&mut document.info.title);
    document
}
