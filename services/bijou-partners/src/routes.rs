//! Every endpoint on one page.

mod apps;
mod calling_app;
mod catalog;
mod changes;
mod decisions;
mod deprecations;
mod device_clients;
mod feeds;
mod keys;
mod oauth;
mod usage;
mod webhooks;

use std::sync::Arc;

use axum::extract::State;
use axum::middleware::from_fn_with_state;
use bijou_chassis::{Caller, Reject};
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Partners;
use crate::deprecation::announce;
use crate::error::PartnersError;
use crate::still_calling::count;
use crate::store::App;

/// What handlers share.
type Shared = State<Arc<Partners>>;

#[derive(utoipa::OpenApi)]
#[openapi(info(
    title = "Bijou partners",
    description = "The catalog for partners. Developers sign in and make apps and keys; apps read with `x-api-key` or, in production, a token. Answers of what is going away carry `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and a `Link` with `rel=\"deprecation\"`.",
    license(name = "Apache-2.0", identifier = "Apache-2.0")
))]
struct Document;

fn routes() -> OpenApiRouter<Arc<Partners>> {
    OpenApiRouter::with_openapi(Document::openapi())
        // For developers.
        .routes(routes!(apps::list_apps, apps::create_app))
        .routes(routes!(apps::get_app, apps::delete_app))
        .routes(routes!(keys::list_keys, keys::create_key))
        .routes(routes!(keys::delete_key))
        .routes(routes!(usage::get_usage))
        .routes(routes!(deprecations::list_app_deprecations))
        .routes(routes!(webhooks::list_webhooks, webhooks::create_webhook))
        .routes(routes!(webhooks::delete_webhook))
        .routes(routes!(webhooks::test_webhook))
        .routes(routes!(webhooks::list_deliveries))
        .routes(routes!(webhooks::replay_delivery))
        .routes(routes!(decisions::request_production))
        // For operators.
        .routes(routes!(decisions::list_requests))
        .routes(routes!(decisions::decide_app))
        .routes(routes!(deprecations::list_deprecations))
        // For apps.
        .routes(routes!(oauth::create_token))
        .routes(routes!(calling_app::get_calling_app))
        .routes(routes!(catalog::list_titles))
        .routes(routes!(catalog::get_title))
        .routes(routes!(catalog::list_seasons))
        .routes(routes!(catalog::list_episodes))
        .routes(routes!(changes::list_changes))
        .routes(routes!(changes::get_snapshot))
        .routes(routes!(feeds::list_feeds))
        .routes(routes!(feeds::get_feed))
        // For identity.
        .routes(routes!(device_clients::get_device_client))
}

/// The router with its state.
pub(crate) fn router(partners: Arc<Partners>) -> OpenApiRouter {
    let mut routes = routes().with_state(Arc::clone(&partners));
    partners.announced.mark(routes.get_openapi_mut());
    if partners.announced.is_empty() {
        return routes;
    }
    routes.layer(from_fn_with_state(Arc::clone(&partners), count)).layer(from_fn_with_state(partners, announce))
}

/// The document alone.
pub(crate) fn document() -> OpenApi {
    routes().into_openapi()
}

/// An operator.
const OPERATOR: &str = "operator";

/// The console has asked who its operator is and recorded what they want: its word is as good as theirs.
const CONSOLE: &str = "console";

/// An operator by their own token, or the console on behalf of one.
fn require_operator(caller: &Caller) -> Result<(), Reject> {
    if caller.service() == Some(CONSOLE) { Ok(()) } else { caller.require_scope(OPERATOR) }
}

/// Any app, for who has been found to be an operator.
async fn any_app(partners: &Partners, id: &str) -> Result<App, Reject> {
    let app = partners.store.app(id).await.map_err(PartnersError::from)?;
    app.ok_or_else(|| PartnersError::not_found("app", id).into())
}

/// An app of the caller's, or any app for an operator. Somebody else's is as unknown as none.
async fn own_app(partners: &Partners, caller: &Caller, id: &str) -> Result<App, Reject> {
    let account = caller.require_account()?;
    let app = partners.store.app(id).await.map_err(PartnersError::from)?;
    let is_operator = caller.passport().has_scope(OPERATOR);
    let own = app.filter(|app| app.account_id == account || is_operator);
    own.ok_or_else(|| PartnersError::not_found("app", id).into())
}
