//! Query parameters.

use axum::extract::FromRequestParts;
use bijou_problem::Problem;
use http::StatusCode;
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::Reject;

/// The query string as a type; 400 `query-invalid` names the parameter.
#[derive(Debug, Clone, Copy, Default)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Reject;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Reject> {
        parse(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

fn parse<T: DeserializeOwned>(query: &str) -> Result<T, Reject> {
    let reader = serde_urlencoded::Deserializer::new(url::form_urlencoded::parse(query.as_bytes()));
    serde_path_to_error::deserialize(reader).map_err(|error| {
        let path = error.path().to_string();
        let problem = Problem::new(StatusCode::BAD_REQUEST, "query-invalid").title("A query parameter is not accepted");
        Reject::new(match path.as_str() {
            "." => problem.detail(error.into_inner().to_string()),
            _ => problem.detail(format!("`{path}`: {}", error.into_inner())).with("parameter", path),
        })
    })
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Page {
        limit: Option<u16>,
    }

    #[test]
    fn a_parameter_of_the_wrong_type_is_named() {
        let reject = parse::<Page>("limit=many").expect_err("no number");
        assert_eq!(reject.problem().code, "query-invalid");
        assert_eq!(reject.problem().extra["parameter"], "limit");
    }

    #[test]
    fn what_is_absent_is_none_and_what_is_unknown_is_refused() {
        assert_eq!(parse::<Page>("").expect("nothing is required").limit, None);
        assert_eq!(parse::<Page>("limit=5").expect("a number").limit, Some(5));
        let reject = parse::<Page>("lmit=5").expect_err("unknown");
        assert!(reject.problem().detail.as_ref().is_some_and(|detail| detail.contains("lmit")), "{reject}");
    }
}
