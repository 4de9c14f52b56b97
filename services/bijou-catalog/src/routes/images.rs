//! `/img`: the bytes of posters, backdrops and stills.
//!
//! What a URL names never changes, so it may be kept for ever. A URL whose picture has been replaced since leads to the
//! new one: a page that was read a moment ago still shows all its images.
//!
//! Pages ask for images without a token, and then nobody knows where they are: what holds there is that a URL is sealed and
//! known only from an answer its reader was allowed to see. Where a token comes along, the rule holds as well.

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use bijou_chassis::{Caller, Path, Reject};
use bijou_problem::Problem;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION, VARY};
use http::{HeaderMap, HeaderValue, StatusCode};

use super::Shared;
use super::reading::{OPERATOR, Reader, Reading};
use crate::Catalog;
use crate::conditional::Sharing;
use crate::error::{CatalogError, Noun};
use crate::images::{NoImage, Role, Spec, fit, url_of};
use crate::posters::Plan;
use crate::store::{PartKind, Title};

const JPEG: HeaderValue = HeaderValue::from_static("image/jpeg");

/// An image
#[utoipa::path(
    get,
    path = "/img/{subject}/{role}/{size}/{file}",
    tag = "catalog",
    params(
        ("subject" = String, Path, description = "The id of a title, of an episode for a still"),
        ("role" = String, Path, description = "`poster`, `backdrop` or `still`"),
        ("size" = String, Path, description = "Posters: `w240`, `w480`, `w960`; else `w640`, `w1280`, `w1920`"),
        ("file" = String, Path, description = "A sealed name and `.jpg`, as in the URLs of titles; none can be made up"),
    ),
    responses(
        (status = 200, description = "The image, unchanging", content_type = "image/jpeg"),
        (status = 304, description = "The reader has it already"),
        (status = 307, description = "This picture was replaced; the new one is there"),
        (status = 404, description = "`image-not-found`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`images-busy`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn get_image(
    State(catalog): Shared,
    caller: Caller,
    headers: HeaderMap,
    Path((subject, role, size, file)): Path<(String, String, String, String)>,
) -> Result<Response, Reject> {
    let not_found = || CatalogError::not_found(Noun::Image, format!("{subject}/{role}/{size}/{file}"));
    let role = Role::parse(&role).ok_or_else(not_found)?;
    let spec = role.spec(&size).ok_or_else(not_found)?;
    let name = file.strip_suffix(".jpg").ok_or_else(not_found)?;
    let hash = catalog.seals.open(&subject, role, name).ok_or_else(not_found)?;

    let reader = Reader::of(&caller, &headers, &Reading::default())?;
    let title = match role {
        Role::Still => catalog.store.title_of_part(PartKind::Episode, &subject).await,
        Role::Poster | Role::Backdrop => catalog.store.title(&subject).await,
    };
    let title = title.map_err(CatalogError::from)?;
    // The gateway vouches for a default country where there is no token. It says nothing about who was shown this URL.
    let is_sealed_enough = reader.sharing == Sharing::Anonymous;
    let viewing =
        if caller.passport().has_scope(OPERATOR) { reader.viewing.whenever_and_anywhere() } else { reader.viewing };
    let title = title.filter(|title| is_sealed_enough || viewing.allows(&title.document)).ok_or_else(not_found)?;

    let tag = format!("\"{hash}-{size}\"");
    let is_known = headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    if is_known {
        return Ok(immutable(StatusCode::NOT_MODIFIED, Bytes::new(), &tag, reader.sharing));
    }
    match find(&catalog, &title, &subject, role, spec, hash).await? {
        Found::Image(bytes) => Ok(immutable(StatusCode::OK, bytes, &tag, reader.sharing)),
        Found::Elsewhere(hash) => moved(&url_of(&subject, role, spec, &catalog.seals.name(&subject, role, &hash))),
        Found::Nothing => Err(not_found().into()),
    }
}

enum Found {
    Image(Bytes),
    /// The picture has another hash by now.
    Elsewhere(String),
    Nothing,
}

async fn find(
    catalog: &Catalog,
    title: &Title,
    subject: &str,
    role: Role,
    spec: Spec,
    hash: &str,
) -> Result<Found, Reject> {
    let artwork = catalog.store.artwork_of(&[subject]).await.map_err(CatalogError::from)?;
    if let Some(row) = artwork.get(&(subject.to_owned(), role.as_str().to_owned())) {
        if row.hash != hash {
            return Ok(Found::Elsewhere(row.hash.clone()));
        }
        let stored = catalog.store.artwork_jpeg(subject, role.as_str()).await.map_err(CatalogError::from)?;
        // Replaced between the two reads: the next request finds the new one.
        let Some((_, jpeg)) = stored.filter(|(stored, _)| stored == hash) else {
            return Ok(Found::Nothing);
        };
        let made = catalog.images.get(hash, role, spec, move || fit(&jpeg, spec)).await;
        return made.map(Found::Image).map_err(|error| refused(error, subject));
    }
    if role == Role::Still {
        return Ok(Found::Nothing);
    }
    let plan = Plan::of(&title.document);
    if plan.hash() != hash {
        return Ok(Found::Elsewhere(plan.hash().to_owned()));
    }
    let made = catalog.images.get(hash, role, spec, move || plan.print(role, spec)).await;
    made.map(Found::Image).map_err(|error| refused(error, subject))
}

fn refused(error: NoImage, subject: &str) -> Reject {
    match error {
        NoImage::Busy => CatalogError::ImagesBusy.into(),
        NoImage::Failed(source) => CatalogError::Print { id: subject.to_owned(), source }.into(),
    }
}

fn immutable(status: StatusCode, bytes: Bytes, tag: &str, sharing: Sharing) -> Response {
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let forever = format!("{}, max-age=31536000, immutable", sharing.directive());
    headers.insert(CACHE_CONTROL, HeaderValue::from_str(&forever).expect("digits and letters"));
    headers.insert(VARY, HeaderValue::from_static("authorization"));
    headers.insert(ETAG, HeaderValue::from_str(tag).expect("hex and a size's name"));
    if status == StatusCode::OK {
        headers.insert(CONTENT_TYPE, JPEG);
    }
    response
}

fn moved(url: &str) -> Result<Response, Reject> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::TEMPORARY_REDIRECT;
    response.headers_mut().insert(LOCATION, HeaderValue::from_str(url).map_err(Reject::internal)?);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
