//! Every endpoint on one page.

mod access;
mod admissions;
mod diagnoses;
mod erasures;
mod exports;
mod me;
mod page;
mod profiles;

use std::sync::Arc;

use axum::extract::State;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Profiles;

/// What handlers share.
type Shared = State<Arc<Profiles>>;

#[derive(utoipa::OpenApi)]
#[openapi(info(
    title = "Bijou profiles",
    description = "Who is watching, where they stopped, what they saw, like and keep. What is below `/v1/me` is about the \
                   profile of the token; with a token of the account as a whole it is 403 `profile-required`.",
    license(name = "Apache-2.0", identifier = "Apache-2.0")
))]
struct Document;

fn routes() -> OpenApiRouter<Arc<Profiles>> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(profiles::list::list_profiles, profiles::create::create_profile))
        .routes(routes!(profiles::get::get_profile, profiles::change::change_profile, profiles::delete::delete_profile))
        .routes(routes!(profiles::pin::put_pin, profiles::pin::delete_pin))
        .routes(routes!(profiles::preferences::get_preferences, profiles::preferences::put_preferences))
        .routes(routes!(profiles::preferences::get_own_preferences, profiles::preferences::put_own_preferences))
        .routes(routes!(me::positions::get_position, me::positions::put_position))
        .routes(routes!(me::going_on::list_continue))
        .routes(routes!(me::going_on::hide_title))
        .routes(routes!(me::history::list_history, me::history::delete_history))
        .routes(routes!(me::history::delete_history_entry))
        .routes(routes!(me::list::list_list))
        .routes(routes!(me::list::put_list_title, me::list::delete_list_title))
        .routes(routes!(me::thumbs::list_thumbs))
        .routes(routes!(me::thumbs::put_thumb, me::thumbs::delete_thumb))
        .routes(routes!(me::picks::put_picks))
        .routes(routes!(me::shelf::get_shelf))
        .routes(routes!(exports::create_export))
        .routes(routes!(exports::get_export))
        .routes(routes!(exports::get_archive))
        .routes(routes!(erasures::get_erasure))
        .routes(routes!(erasures::acknowledge_erasure))
        .routes(routes!(admissions::create_admission))
        .routes(routes!(diagnoses::get_profile_diagnosis))
}

/// The router with its state.
pub(crate) fn router(profiles: Arc<Profiles>) -> OpenApiRouter {
    routes().with_state(profiles)
}

/// The document alone.
pub(crate) fn document() -> OpenApi {
    routes().into_openapi()
}
