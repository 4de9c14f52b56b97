//! Keys of an app: made, replaced with a time of overlap, ended.

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
use crate::domain::app::Stage;
use crate::domain::key::{Environment, NewKey as MadeKey};
use crate::error::PartnersError;
use crate::store::Key;

/// Longest time a replaced key works beside its successor.
const OVERLAP_S_MAX: u32 = 30 * 86_400;

/// A new key.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = PartnersNewKey)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewKey {
    /// `sandbox`, `production`, or `client` (a secret for `/partner/oauth/token`); `sandbox` when absent.
    #[schema(nullable = false)]
    environment: Option<String>,
    /// The id of the key it takes the place of.
    #[schema(nullable = false)]
    replaces: Option<String>,
    /// How long the replaced key goes on working, in seconds; a day when absent, at most thirty.
    #[schema(nullable = false, maximum = 2_592_000)]
    overlap_s: Option<u32>,
}

/// A key, as far as it can be told.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartnersKey)]
pub(crate) struct KeyBody {
    id: String,
    environment: &'static str,
    /// Its first letters.
    #[schema(example = "bjs_4fQ9")]
    hint: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it stops working; absent: when it is revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime, nullable = false)]
    expires_at: Option<Timestamp>,
}

/// A key that was just made.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartnersCreatedKey)]
pub(crate) struct NewKeyBody {
    #[serde(flatten)]
    pub(super) key: KeyBody,
    /// The key itself, for `x-api-key`; of `client`: the `client_secret` that goes with the app's id. It is shown this once.
    pub(super) text: String,
}

/// Keys that work, the newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartnersKeys)]
pub(crate) struct Keys {
    items: Vec<KeyBody>,
}

impl KeyBody {
    pub(super) fn of(key: Key) -> Self {
        Self {
            id: key.id,
            environment: key.environment.as_str(),
            hint: key.hint,
            created_at: timestamp(key.created_ms),
            expires_at: key.expires_ms.map(timestamp),
        }
    }
}

/// Makes and keeps a key; with its text, which is not kept.
pub(super) async fn make_key(
    partners: &Partners,
    app_id: &str,
    environment: Environment,
) -> Result<(Key, String), Reject> {
    let made = MadeKey::make(environment, &mut rand::rng());
    let key = Key {
        id: format!("key_{}", Uuid::now_v7().simple()),
        app_id: app_id.to_owned(),
        environment,
        hint: made.hint,
        created_ms: partners.clock.now_ms(),
        expires_ms: None,
    };
    let max = partners.config.keys_max;
    if !partners.store.add_key(&key, &made.hash, i64::from(max)).await.map_err(PartnersError::from)? {
        return Err(PartnersError::TooMany { what: "keys", max }.into());
    }
    Ok((key, made.text))
}

/// The keys of an app that work
#[utoipa::path(
    get,
    path = "/partner/v1/apps/{app_id}/keys",
    tag = "partners",
    params(("app_id" = String, Path, description = "The app's id")),
    responses(
        (status = 200, description = "The newest first, without the keys themselves", body = Keys),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`app-not-found`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_keys(
    State(partners): Shared,
    caller: Caller,
    Path(app_id): Path<String>,
) -> Result<Json<Keys>, Reject> {
    let app = own_app(&partners, &caller, &app_id).await?;
    let keys = partners.store.keys_of(&app.id, partners.clock.now_ms()).await.map_err(PartnersError::from)?;
    Ok(Json(Keys { items: keys.into_iter().map(KeyBody::of).collect() }))
}

/// Make a key
///
/// With `replaces`, the old one goes on working for `overlap_s`, so that nothing stands still while it is exchanged.
#[utoipa::path(
    post,
    path = "/partner/v1/apps/{app_id}/keys",
    tag = "partners",
    params(("app_id" = String, Path, description = "The app's id")),
    request_body = NewKey,
    responses(
        (status = 201, description = "The key, shown this once", body = NewKeyBody),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`app-not-found`, `key-not-found`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`app-stage`: no production keys or client secrets before approval; `too-many-keys`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`field-invalid`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn create_key(
    State(partners): Shared,
    caller: Caller,
    Path(app_id): Path<String>,
    Json(new): Json<NewKey>,
) -> Result<Response, Reject> {
    let app = own_app(&partners, &caller, &app_id).await?;
    let environment = Environment::parse(new.environment.as_deref().unwrap_or("sandbox"))
        .ok_or_else(|| PartnersError::invalid("environment", "is `sandbox`, `production` or `client`"))?;
    if environment != Environment::Sandbox && app.stage != Stage::Production {
        let detail = "production keys and client secrets come with production: ask for it by POST …/production-request";
        return Err(PartnersError::Stage { stage: app.stage.as_str(), detail }.into());
    }
    let overlap_s = new.overlap_s.unwrap_or(86_400);
    if overlap_s > OVERLAP_S_MAX {
        return Err(PartnersError::invalid("overlap_s", "is at most 2592000, thirty days").into());
    }
    let now_ms = partners.clock.now_ms();
    if let Some(replaced) = &new.replaces {
        let keys = partners.store.keys_of(&app.id, now_ms).await.map_err(PartnersError::from)?;
        if !keys.iter().any(|key| key.id == *replaced) {
            return Err(PartnersError::not_found("key", replaced.as_str()).into());
        }
    }
    let (key, text) = make_key(&partners, &app.id, environment).await?;
    if let Some(replaced) = &new.replaces {
        // Only now: whoever gets no new key keeps the old one. Gone meanwhile is as good as over.
        let until_ms = now_ms + i64::from(overlap_s) * 1_000;
        partners.store.expire_key(&app.id, replaced, until_ms, now_ms).await.map_err(PartnersError::from)?;
    }
    let body = NewKeyBody { key: KeyBody::of(key), text };
    Ok((StatusCode::CREATED, [(CACHE_CONTROL, "no-store")], Json(body)).into_response())
}

/// End a key at once
#[utoipa::path(
    delete,
    path = "/partner/v1/apps/{app_id}/keys/{key_id}",
    tag = "partners",
    params(
        ("app_id" = String, Path, description = "The app's id"),
        ("key_id" = String, Path, description = "The key's id, not the key"),
    ),
    responses(
        (status = 204, description = "It works no more"),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`app-not-found`, `key-not-found`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn delete_key(
    State(partners): Shared,
    caller: Caller,
    Path((app_id, key_id)): Path<(String, String)>,
) -> Result<StatusCode, Reject> {
    let app = own_app(&partners, &caller, &app_id).await?;
    let now_ms = partners.clock.now_ms();
    if !partners.store.revoke_key(&app.id, &key_id, now_ms).await.map_err(PartnersError::from)? {
        return Err(PartnersError::not_found("key", key_id).into());
    }
    Ok(StatusCode::NO_CONTENT)
}
