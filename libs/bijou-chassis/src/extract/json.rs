//! JSON bodies, in and out.
//!
//! Unknown fields are refused where the type says so (`#[serde(deny_unknown_fields)]`, on every request type of ours).

use axum::body::Body;
use axum::extract::FromRequest;
use axum::response::{IntoResponse, Response};
use bijou_problem::Problem;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Request, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::body::{media_type, media_type_unsupported, read_body};
use crate::Reject;

/// A JSON document: read from a request, written to a response.
#[derive(Debug, Clone, Copy, Default)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Reject;

    async fn from_request(request: Request<Body>, _: &S) -> Result<Self, Reject> {
        let is_json = media_type(request.headers()).is_some_and(|name| {
            name == "application/json" || (name.starts_with("application/") && name.ends_with("+json"))
        });
        if !is_json {
            return Err(media_type_unsupported("application/json"));
        }
        parse(&read_body(request).await?).map(Self)
    }
}

/// Reads a document, telling broken JSON (400) from JSON that is not what was asked for (422, with the path to it).
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Reject> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        refuse(&path, &error.into_inner())
    })?;
    reader.end().map_err(|error| refuse(".", &error))?;
    Ok(value)
}

fn refuse(path: &str, error: &serde_json::Error) -> Reject {
    let problem = match error.classify() {
        Category::Data => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "json-invalid")
            .title("The JSON is not what this operation takes")
            .detail(if path == "." { error.to_string() } else { format!("`{path}`: {error}") })
            .with("path", path),
        Category::Eof | Category::Syntax | Category::Io => Problem::new(StatusCode::BAD_REQUEST, "json-malformed")
            .title("The body is not JSON")
            .detail(error.to_string()),
    };
    Reject::new(problem)
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(bytes) => {
                let mut response = Response::new(Body::from(bytes));
                response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
                response
            }
            Err(error) => Reject::internal(error).into_response(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Film {
        #[expect(dead_code, reason = "only parsed")]
        credits: Vec<Credit>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Credit {
        #[expect(dead_code, reason = "only parsed")]
        name: String,
    }

    #[track_caller]
    fn check(body: &str, status: u16, code: &str, path: Option<&str>) {
        let reject = parse::<Film>(body.as_bytes()).expect_err("refused");
        let problem = reject.problem();
        assert_eq!((problem.status.as_u16(), problem.code.as_ref()), (status, code), "{problem}");
        assert_eq!(problem.extra.get("path").and_then(|path| path.as_str()), path);
    }

    #[test]
    fn broken_json_is_told_from_wrong_json() {
        check("{", 400, "json-malformed", None);
        check("", 400, "json-malformed", None);
        check(r#"{"credits":[]} x"#, 400, "json-malformed", None);
        check(r#"{"credits":[{"name":5}]}"#, 422, "json-invalid", Some("credits[0].name"));
        check(r#"{"credits":[{"nmae":"x"}]}"#, 422, "json-invalid", Some("credits[0].nmae"));
        check("{}", 422, "json-invalid", Some("."));
        check("[1]", 422, "json-invalid", Some("[0]"));
    }
}
