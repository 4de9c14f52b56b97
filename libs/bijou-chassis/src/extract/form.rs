//! Form bodies (`application/x-www-form-urlencoded`), as OAuth's endpoints take them.

use axum::body::Body;
use axum::extract::FromRequest;
use bijou_problem::Problem;
use http::{Request, StatusCode};
use serde::de::DeserializeOwned;

use super::body::{media_type, media_type_unsupported, read_body};
use crate::Reject;

const MEDIA_TYPE: &str = "application/x-www-form-urlencoded";

/// The fields of a form. Whether unknown ones are refused is the type's choice; OAuth says to ignore them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Reject;

    async fn from_request(request: Request<Body>, _: &S) -> Result<Self, Reject> {
        if media_type(request.headers()).as_deref() != Some(MEDIA_TYPE) {
            return Err(media_type_unsupported(MEDIA_TYPE));
        }
        let bytes = read_body(request).await?;
        serde_urlencoded::from_bytes(&bytes).map(Self).map_err(|error| {
            let problem = Problem::new(StatusCode::BAD_REQUEST, "form-invalid")
                .title("The form is not what this operation takes")
                .detail(error.to_string());
            Reject::new(problem)
        })
    }
}
