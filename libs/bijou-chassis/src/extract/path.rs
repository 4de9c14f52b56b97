//! Path parameters.

use axum::extract::FromRequestParts;
use axum::extract::rejection::PathRejection;
use bijou_problem::Problem;
use http::StatusCode;
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::Reject;

/// The parameters of the route's path. Ids are opaque strings here, so only numbers and percent-encoding can fail.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Reject;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Reject> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(PathRejection::FailedToDeserializePathParams(error)) if error.status().is_client_error() => {
                let problem = Problem::new(StatusCode::BAD_REQUEST, "path-invalid")
                    .title("A part of the path is not accepted")
                    .detail(error.body_text());
                Err(Reject::new(problem))
            }
            Err(error) => Err(Reject::internal(error)),
        }
    }
}
