//! Real artwork, brought by other services: playback's stills.

use axum::body::Body;
use axum::extract::State;
use bijou_chassis::{Caller, Path, Reject, read_body};
use bijou_problem::Problem;
use http::{Request, StatusCode};

use super::Shared;
use crate::error::{CatalogError, Noun};
use crate::images::{ImageError, Role, read_picture};
use crate::now_ms;
use crate::store::{ArtworkRow, NewArtwork, PartKind};

/// Stores an image of a title or episode
///
/// It takes the place of the printed poster. It is cut to the role's shape (poster 2:3, backdrop and still 16:9).
#[utoipa::path(
    put,
    path = "/v1/titles/{id}/artwork/{role}",
    tag = "catalog",
    params(
        ("id" = String, Path, description = "The id of a title; of an episode for a still"),
        ("role" = String, Path, description = "`poster`, `backdrop` or `still`"),
    ),
    request_body(content = [u8], content_type = "image/jpeg", description = "A JPEG or PNG"),
    responses(
        (status = 204, description = "Stored"),
        (status = 403, description = "`service-only`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`title-not-found`, `image-not-found`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`picture-invalid`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn put_artwork(
    State(catalog): Shared,
    caller: Caller,
    Path((id, role)): Path<(String, String)>,
    request: Request<Body>,
) -> Result<StatusCode, Reject> {
    caller.require_service()?;
    let role = Role::parse(&role).ok_or_else(|| CatalogError::not_found(Noun::Image, &role))?;
    let subject = match role {
        Role::Still => catalog.store.title_of_part(PartKind::Episode, &id).await,
        Role::Poster | Role::Backdrop => catalog.store.title(&id).await,
    };
    let title = subject.map_err(CatalogError::from)?.ok_or_else(|| CatalogError::not_found(Noun::Title, &id))?;

    let bytes = read_body(request).await?;
    let read = tokio::task::spawn_blocking(move || read_picture(&bytes, role)).await;
    let picture = read.unwrap_or(Err(ImageError::GivenUp)).map_err(CatalogError::Picture)?;
    let artwork = NewArtwork {
        subject: id,
        role: role.as_str(),
        facts: ArtworkRow { hash: picture.hash, width: picture.width, height: picture.height, tint: picture.tint },
        jpeg: picture.jpeg,
    };
    let stored = catalog.store.put_artwork(&title.document.id, &artwork, now_ms()).await;
    stored.map_err(CatalogError::from)?;
    Ok(StatusCode::NO_CONTENT)
}
