//! Webhooks of an app: made, tried, looked at, replayed, ended.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bijou_chassis::{Caller, Json, Path, Reject};
use bijou_problem::Problem;
use http::StatusCode;
use http::header::CACHE_CONTROL;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Shared, own_app};
use crate::Partners;
use crate::clock::timestamp;
use crate::deliveries::{self, TYPES};
use crate::domain::target;
use crate::domain::webhook::Secret;
use crate::error::PartnersError;
use crate::store::{App, Delivery, Webhook};

/// A new webhook.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = PartnersNewWebhook)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewWebhook {
    /// Where to: https, on the open internet.
    #[schema(example = "https://hooks.example.com/bijou")]
    url: String,
    /// What to be told of; all when empty or absent.
    #[serde(default)]
    types: Vec<String>,
}

/// A webhook.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartnersWebhook)]
pub(crate) struct WebhookBody {
    id: String,
    url: String,
    types: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Since when nothing is sent, because every try over days failed. A replay starts it again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime, nullable = false)]
    disabled_at: Option<Timestamp>,
    /// Since when the receiver has not answered at all. Everything for it waits then, and one delivery is tried now and then.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime, nullable = false)]
    silent_since: Option<Timestamp>,
    /// When a receiver that does not answer, or has asked for time (`Retry-After`), is tried next; a test or a replay tries it at
    /// once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime, nullable = false)]
    resting_until: Option<Timestamp>,
}

/// A webhook that was just made.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartnersCreatedWebhook)]
pub(crate) struct NewWebhookBody {
    #[serde(flatten)]
    webhook: WebhookBody,
    /// Checks signatures (Standard Webhooks). It is shown this once.
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    secret: String,
}

/// Webhooks, the oldest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartnersWebhooks)]
pub(crate) struct Webhooks {
    items: Vec<WebhookBody>,
}

/// Deliveries, the newest first; at most a hundred, kept for two weeks.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartnersDeliveries)]
pub(crate) struct Deliveries {
    items: Vec<DeliveryBody>,
}

/// Something that was sent, or will be.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartnersDelivery)]
pub(crate) struct DeliveryBody {
    id: String,
    /// `webhook-id`: the same for every try.
    message_id: String,
    r#type: String,
    /// `waiting`, `delivered` or `failed`.
    state: String,
    tries: i64,
    /// What the last try came to: a status, or why there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    outcome: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it is tried next; absent when it is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime, nullable = false)]
    next_try_at: Option<Timestamp>,
    /// As it is signed and sent.
    body: String,
}

impl WebhookBody {
    fn of(webhook: Webhook) -> Self {
        Self {
            id: webhook.id,
            url: webhook.url,
            types: webhook.types.split(' ').filter(|one| !one.is_empty()).map(str::to_owned).collect(),
            created_at: timestamp(webhook.created_ms),
            disabled_at: webhook.disabled_ms.map(timestamp),
            silent_since: webhook.silent_since_ms.map(timestamp),
            resting_until: (webhook.resting_until_ms > 0).then(|| timestamp(webhook.resting_until_ms)),
        }
    }
}

impl DeliveryBody {
    fn of(delivery: Delivery) -> Self {
        Self {
            id: delivery.id,
            message_id: delivery.message_id,
            r#type: delivery.type_,
            next_try_at: (delivery.state == "waiting").then(|| timestamp(delivery.next_ms)),
            state: delivery.state,
            tries: delivery.tries,
            outcome: delivery.outcome,
            created_at: timestamp(delivery.created_ms),
            body: delivery.body,
        }
    }
}

async fn own_webhook(partners: &Partners, app: &App, id: &str) -> Result<Webhook, Reject> {
    let webhooks = partners.store.webhooks_of(&app.id).await.map_err(PartnersError::from)?;
    let found = webhooks.into_iter().find(|webhook| webhook.id == id);
    found.ok_or_else(|| PartnersError::not_found("webhook", id).into())
}

/// The webhooks of an app
#[utoipa::path(
    get,
    path = "/partner/v1/apps/{app_id}/webhooks",
    tag = "partners",
    params(("app_id" = String, Path, description = "The app's id")),
    responses(
        (status = 200, description = "The oldest first", body = Webhooks),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`app-not-found`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_webhooks(
    State(partners): Shared,
    caller: Caller,
    Path(app_id): Path<String>,
) -> Result<Json<Webhooks>, Reject> {
    let app = own_app(&partners, &caller, &app_id).await?;
    let webhooks = partners.store.webhooks_of(&app.id).await.map_err(PartnersError::from)?;
    Ok(Json(Webhooks { items: webhooks.into_iter().map(WebhookBody::of).collect() }))
}

/// Make a webhook
#[utoipa::path(
    post,
    path = "/partner/v1/apps/{app_id}/webhooks",
    tag = "partners",
    params(("app_id" = String, Path, description = "The app's id")),
    request_body = NewWebhook,
    responses(
        (status = 201, description = "The webhook and its secret, shown this once", body = NewWebhookBody),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`app-not-found`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`too-many-webhooks`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`webhook-url-invalid`, `field-invalid`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn create_webhook(
    State(partners): Shared,
    caller: Caller,
    Path(app_id): Path<String>,
    Json(new): Json<NewWebhook>,
) -> Result<Response, Reject> {
    let app = own_app(&partners, &caller, &app_id).await?;
    let url = target::parse(&new.url, partners.config.webhooks_private).map_err(PartnersError::from)?;
    if let Some(unknown) = new.types.iter().find(|one| !TYPES.contains(&one.as_str())) {
        let reason = format!("has `{unknown}`; there are {}", TYPES.join(", "));
        return Err(PartnersError::invalid("types", reason).into());
    }
    let secret = Secret::make(&mut rand::rng());
    let webhook = Webhook {
        id: format!("wh_{}", Uuid::now_v7().simple()),
        app_id: app.id,
        url: url.to_string(),
        secret: secret.clone(),
        types: new.types.join(" "),
        created_ms: partners.clock.now_ms(),
        disabled_ms: None,
        silent_since_ms: None,
        resting_until_ms: 0,
    };
    let max = partners.config.webhooks_max;
    if !partners.store.add_webhook(&webhook, i64::from(max)).await.map_err(PartnersError::from)? {
        return Err(PartnersError::TooMany { what: "webhooks", max }.into());
    }
    let body = NewWebhookBody { webhook: WebhookBody::of(webhook), secret };
    Ok((StatusCode::CREATED, [(CACHE_CONTROL, "no-store")], Json(body)).into_response())
}

/// Remove a webhook
#[utoipa::path(
    delete,
    path = "/partner/v1/apps/{app_id}/webhooks/{webhook_id}",
    tag = "partners",
    params(
        ("app_id" = String, Path, description = "The app's id"),
        ("webhook_id" = String, Path, description = "The webhook's id"),
    ),
    responses(
        (status = 204, description = "It is told nothing more"),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`app-not-found`, `webhook-not-found`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn delete_webhook(
    State(partners): Shared,
    caller: Caller,
    Path((app_id, webhook_id)): Path<(String, String)>,
) -> Result<StatusCode, Reject> {
    let app = own_app(&partners, &caller, &app_id).await?;
    if !partners.store.remove_webhook(&app.id, &webhook_id).await.map_err(PartnersError::from)? {
        return Err(PartnersError::not_found("webhook", webhook_id).into());
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Try a webhook
///
/// Sends a `ping`, as everything else is sent: signed, and again when it fails.
#[utoipa::path(
    post,
    path = "/partner/v1/apps/{app_id}/webhooks/{webhook_id}/test",
    tag = "partners",
    params(
        ("app_id" = String, Path, description = "The app's id"),
        ("webhook_id" = String, Path, description = "The webhook's id"),
    ),
    responses(
        (status = 202, description = "It is on its way; the list of deliveries says what came of it", body = DeliveryBody),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`app-not-found`, `webhook-not-found`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn test_webhook(
    State(partners): Shared,
    caller: Caller,
    Path((app_id, webhook_id)): Path<(String, String)>,
) -> Result<Response, Reject> {
    let app = own_app(&partners, &caller, &app_id).await?;
    let webhook = own_webhook(&partners, &app, &webhook_id).await?;
    let delivery = deliveries::ping(&partners, &webhook).await.map_err(PartnersError::from)?;
    Ok((StatusCode::ACCEPTED, Json(DeliveryBody::of(delivery))).into_response())
}

/// What a webhook was sent
#[utoipa::path(
    get,
    path = "/partner/v1/apps/{app_id}/webhooks/{webhook_id}/deliveries",
    tag = "partners",
    params(
        ("app_id" = String, Path, description = "The app's id"),
        ("webhook_id" = String, Path, description = "The webhook's id"),
    ),
    responses(
        (status = 200, description = "The newest first", body = Deliveries),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`app-not-found`, `webhook-not-found`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_deliveries(
    State(partners): Shared,
    caller: Caller,
    Path((app_id, webhook_id)): Path<(String, String)>,
) -> Result<Json<Deliveries>, Reject> {
    let app = own_app(&partners, &caller, &app_id).await?;
    let webhook = own_webhook(&partners, &app, &webhook_id).await?;
    let deliveries = partners.store.deliveries_of(&webhook.id).await.map_err(PartnersError::from)?;
    Ok(Json(Deliveries { items: deliveries.into_iter().map(DeliveryBody::of).collect() }))
}

/// Send something again
#[utoipa::path(
    post,
    path = "/partner/v1/apps/{app_id}/webhooks/{webhook_id}/deliveries/{delivery_id}/replay",
    tag = "partners",
    params(
        ("app_id" = String, Path, description = "The app's id"),
        ("webhook_id" = String, Path, description = "The webhook's id"),
        ("delivery_id" = String, Path, description = "The delivery's id"),
    ),
    responses(
        (status = 202, description = "It is on its way, with the same `webhook-id`"),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`app-not-found`, `webhook-not-found`, `delivery-not-found`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn replay_delivery(
    State(partners): Shared,
    caller: Caller,
    Path((app_id, webhook_id, delivery_id)): Path<(String, String, String)>,
) -> Result<StatusCode, Reject> {
    let app = own_app(&partners, &caller, &app_id).await?;
    let webhook = own_webhook(&partners, &app, &webhook_id).await?;
    let now_ms = partners.clock.now_ms();
    if !partners.store.replay(&webhook.id, &delivery_id, now_ms).await.map_err(PartnersError::from)? {
        return Err(PartnersError::not_found("delivery", delivery_id).into());
    }
    Ok(StatusCode::ACCEPTED)
}
