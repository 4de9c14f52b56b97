//! Every endpoint on one page.

mod artwork;
mod diagnoses;
mod episodes;
mod genres;
mod images;
mod people;
mod reading;
mod search;
mod seasons;
mod shows;
mod titles;

use std::sync::Arc;

use axum::extract::State;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Catalog;

/// What handlers share.
type Shared = State<Arc<Catalog>>;

#[derive(utoipa::OpenApi)]
#[openapi(info(
    title = "Bijou catalog",
    description = "Titles, seasons, episodes, people, genres and images. Texts come in the reader's language \
                   (`lang=`, else `Accept-Language`) as far as there are some, else in the title's own.",
    license(name = "Apache-2.0", identifier = "Apache-2.0")
))]
struct Document;

fn routes() -> OpenApiRouter<Arc<Catalog>> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(titles::list::list_titles))
        .routes(routes!(titles::get::get_title))
        .routes(routes!(artwork::put_artwork))
        .routes(routes!(shows::list_seasons))
        .routes(routes!(seasons::list_episodes))
        .routes(routes!(episodes::get_episode))
        .routes(routes!(people::get_person))
        .routes(routes!(genres::list_genres))
        .routes(routes!(search::find::search_titles))
        .routes(routes!(search::suggest::suggest_searches))
        .routes(routes!(search::misses::list_misses))
        .routes(routes!(images::get_image))
        .routes(routes!(diagnoses::get_title_diagnosis))
}

/// The router with its state.
pub(crate) fn router(catalog: Arc<Catalog>) -> OpenApiRouter {
    routes().with_state(catalog)
}

/// The document alone.
pub(crate) fn document() -> OpenApi {
    routes().into_openapi()
}
