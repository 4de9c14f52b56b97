//! Everything about a profile as one archive: a job, since a long life of viewing takes a while.

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bijou_chassis::{Caller, Json, Path, Reject};
use bijou_problem::Problem;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION};
use http::{HeaderMap, StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

use super::Shared;
use super::access::Household;
use crate::conditional::answer;
use crate::config::Config;
use crate::error::ProfilesError;
use crate::exporting::OWN_PARTS;
use crate::store::exports::{Export, State as StoredState};
use crate::time;

/// An export being made, or made.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProfilesExport)]
pub(crate) struct ExportBody {
    id: String,
    profile_id: String,
    state: ExportState,
    #[schema(value_type = String, format = DateTime)]
    begun_at: jiff::Timestamp,
    /// Parts that are gathered,
    parts_done: i64,
    /// of so many.
    parts_total: i64,
    /// Services that did not say what they keep about the profile, so that it is not in the archive, of one that is ready.
    /// Absent when all is in it; otherwise begin another one when they are back.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, example = json!(["recommendations"]))]
    missing: Vec<String>,
    /// Where the archive is, once it is ready. It is forgotten a week after it was begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    archive: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ProfilesExportState)]
#[serde(rename_all = "snake_case")]
enum ExportState {
    Queued,
    Running,
    Ready,
    /// Begin another one.
    Failed,
}

impl ExportBody {
    fn of(export: Export, config: &Config) -> Self {
        let state = match export.state {
            StoredState::Queued => ExportState::Queued,
            StoredState::Running => ExportState::Running,
            StoredState::Ready => ExportState::Ready,
            StoredState::Failed => ExportState::Failed,
        };
        Self {
            archive: (state == ExportState::Ready).then(|| format!("/v1/exports/{}/archive", export.id)),
            id: export.id,
            profile_id: export.profile_id,
            state,
            begun_at: time::at(export.begun_ms),
            parts_done: export.parts_done,
            parts_total: OWN_PARTS + config.erasure_services.len() as i64,
            missing: export.missing,
        }
    }
}

/// Begin an export of everything about a profile
///
/// While one is being made, that one is answered.
#[utoipa::path(
    post,
    path = "/v1/profiles/{profile_id}/exports",
    tag = "profiles",
    params(("profile_id" = String, Path, description = "The profile's id")),
    responses(
        (status = 202, description = "It is being made; `Location` says how far it is", body = ExportBody),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`kids-profile`, `profile-limited`, `profile-guarded`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`profile-not-found`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn create_export(
    State(service): Shared,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Reject> {
    let household = Household::of(&service, &caller).await?;
    let profile = household.changeable(&id, false)?;
    let export = service.store.begin_export(&household.account, &profile.id, service.clock.now_ms()).await;
    let export = export.map_err(ProfilesError::from)?;
    service.exports_wanted.notify_one();
    let location = format!("/v1/exports/{}", export.id);
    Ok((StatusCode::ACCEPTED, [(LOCATION, location)], Json(ExportBody::of(export, &service.config))))
}

/// How far an export is
#[utoipa::path(
    get,
    path = "/v1/exports/{export_id}",
    tag = "profiles",
    params(("export_id" = String, Path, description = "The export's id")),
    responses(
        (status = 200, description = "The export", body = ExportBody),
        (status = 304, description = "Nothing has changed"),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`kids-profile`, `profile-limited`, `profile-guarded`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`export-not-found`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn get_export(
    State(service): Shared,
    caller: Caller,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Reject> {
    let export = export(&service, &caller, id).await?;
    answer(&headers, &ExportBody::of(export, &service.config))
}

/// The archive of an export
///
/// A ZIP of JSON files, with a list of them. Whose part is missing is in the export's `missing`.
#[utoipa::path(
    get,
    path = "/v1/exports/{export_id}/archive",
    tag = "profiles",
    params(("export_id" = String, Path, description = "The export's id")),
    responses(
        (status = 200, description = "The archive", content_type = "application/zip"),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`kids-profile`, `profile-limited`, `profile-guarded`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`export-not-found`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`export-not-ready`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn get_archive(
    State(service): Shared,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Reject> {
    let export = export(&service, &caller, id).await?;
    let archive = service.store.archive(&export.id).await.map_err(ProfilesError::from)?;
    let archive = archive.ok_or(ProfilesError::ExportNotReady { id: export.id })?;
    let headers = [
        (CONTENT_TYPE, "application/zip"),
        (CONTENT_DISPOSITION, "attachment; filename=\"bijou-profile.zip\""),
        (CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, Body::from(archive)))
}

/// An export of a profile the caller may export.
async fn export(service: &crate::Profiles, caller: &Caller, id: String) -> Result<Export, Reject> {
    let household = Household::of(service, caller).await?;
    let export = service.store.export(&household.account, &id).await.map_err(ProfilesError::from)?;
    let export = export.ok_or(ProfilesError::ExportNotFound { id })?;
    household.changeable(&export.profile_id, false)?;
    Ok(export)
}
