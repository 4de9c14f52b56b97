//! Holding one answer against a document.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use http::Method;
use jsonschema::Validator;
use serde_json::Value;

use super::{path_of, refs};
use crate::TestResponse;

/// Problem codes that the chassis answers for every operation alike.
const CHASSIS_CODES: [&str; 21] = [
    "passport-missing",
    "passport-invalid",
    "passport-expired",
    "passport-wrong-audience",
    "passport-keys-unavailable",
    "route-not-found",
    "method-not-allowed",
    "body-too-large",
    "body-incomplete",
    "media-type-unsupported",
    "json-malformed",
    "json-invalid",
    "form-invalid",
    "query-invalid",
    "path-invalid",
    "deadline-invalid",
    "deadline-exceeded",
    "overloaded",
    "internal-error",
    "unavailable",
    "service-only",
];

/// Paths of the chassis, which no document describes.
const CHASSIS_PATHS: [&str; 6] =
    ["/healthz", "/readyz", "/metrics", "/openapi.json", "/events", bijou_passport::KEYS_PATH];

/// A service's promise.
pub struct Contract {
    document: Value,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

impl Contract {
    /// Of a document.
    pub fn of(document: Value) -> Self {
        Self { document, validators: Mutex::default() }
    }

    /// A promise of nothing, for the moment before the real one is read.
    pub(crate) fn empty() -> Self {
        Self::of(Value::Null)
    }

    /// The committed one of a role, `None` when there is none yet.
    pub fn committed(role: &str) -> Option<Self> {
        let bytes = std::fs::read(path_of(role)).ok()?;
        Some(Self::of(serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("contract of {role}: {error}"))))
    }

    /// What the answer breaks, if anything.
    pub fn check(&self, method: &Method, path: &str, answer: &TestResponse) -> Result<(), String> {
        // The console's way in is the same at every role, and no part of what the role promises.
        if CHASSIS_PATHS.contains(&path) || path.starts_with("/-/") || self.document.is_null() {
            return Ok(());
        }
        if is_of_the_chassis(answer) {
            return Ok(());
        }
        let Some((template, operation)) = self.operation(method, path) else {
            // What is promised nowhere may be refused in whatever form is usual at its path.
            let is_refused = matches!(answer.status.as_u16(), 401 | 404 | 405);
            return if is_refused { Ok(()) } else { Err(format!("no operation `{method} {path}` is documented")) };
        };
        let status = answer.status.as_u16().to_string();
        let (key, promised) = response_for(operation, &status)
            .ok_or_else(|| format!("status {status} is not documented for `{method} {template}`"))?;
        let promised = self.resolve(promised);
        let Some(content) = promised.get("content").and_then(Value::as_object).filter(|content| !content.is_empty())
        else {
            return if answer.body.is_empty() || *method == Method::HEAD {
                Ok(())
            } else {
                Err(format!("a body is documented nowhere for `{method} {template}` {status}"))
            };
        };
        if *method == Method::HEAD {
            return Ok(());
        }
        let media_type = answer.header("content-type").split(';').next().unwrap_or_default().trim();
        let media =
            content.iter().find(|(name, _)| matches(name, media_type)).map(|(_, media)| media).ok_or_else(|| {
                format!("media type `{media_type}` is not documented for `{method} {template}` {status}")
            })?;
        let is_json = media_type == "application/json" || media_type.ends_with("+json");
        let Some(schema) = media.get("schema").filter(|_| is_json) else {
            return Ok(());
        };
        let value: Value =
            serde_json::from_slice(&answer.body).map_err(|error| format!("the body is no JSON: {error}"))?;
        let validator = self.validator(&format!("{method} {template} {key} {media_type}"), schema);
        let faults: Vec<_> =
            validator.iter_errors(&value).map(|error| format!("`{}`: {error}", error.instance_path())).collect();
        if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
    }

    /// The operation a request is one of; a literal segment is preferred to a parameter.
    fn operation(&self, method: &Method, path: &str) -> Option<(&str, &Value)> {
        let name = match method.as_str() {
            // Answered by the same handler without its body.
            "HEAD" => "get".to_owned(),
            other => other.to_ascii_lowercase(),
        };
        let paths = self.document.get("paths")?.as_object()?;
        paths
            .iter()
            .filter(|(template, item)| fits(template, path) && item.get(&name).is_some())
            .min_by_key(|(template, _)| template.matches('{').count())
            .map(|(template, item)| (template.as_str(), &item[&name]))
    }

    fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value.get("$ref").and_then(Value::as_str).and_then(|pointer| pointer.strip_prefix('#')) {
            Some(pointer) => self.document.pointer(pointer).unwrap_or(value),
            None => value,
        }
    }

    fn validator(&self, key: &str, schema: &Value) -> Arc<Validator> {
        let mut validators = self.validators.lock().expect("nothing panics while it is held");
        let validator = validators.entry(key.to_owned()).or_insert_with(|| {
            let alone = refs::standing_alone(&self.document, schema);
            Arc::new(jsonschema::draft202012::new(&alone).unwrap_or_else(|error| panic!("schema of {key}: {error}")))
        });
        Arc::clone(validator)
    }
}

fn is_of_the_chassis(answer: &TestResponse) -> bool {
    answer.header("content-type") == bijou_problem::MEDIA_TYPE
        && bijou_problem::Problem::parse(answer.status, &answer.body)
            .is_some_and(|problem| problem.request_id.is_some() && CHASSIS_CODES.contains(&problem.code.as_ref()))
}

/// The documented response for a status: exact, by class (`4XX`), or `default`.
fn response_for<'a>(operation: &'a Value, status: &str) -> Option<(String, &'a Value)> {
    let responses = operation.get("responses")?.as_object()?;
    let class = format!("{}XX", &status[..1]);
    [status.to_owned(), class, "default".to_owned()]
        .into_iter()
        .find_map(|key| responses.get(&key).map(|response| (key, response)))
}

/// Whether a path fits a template: segment by segment, a parameter may be part of a segment (`{hash}.jpg`).
fn fits(template: &str, path: &str) -> bool {
    let (templates, segments): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    templates.len() == segments.len()
        && templates.iter().zip(segments).all(|(template, segment)| {
            let Some((before, rest)) = template.split_once('{') else {
                return *template == segment;
            };
            let after = rest.split_once('}').map_or("", |(_, after)| after);
            segment.len() > before.len() + after.len() && segment.starts_with(before) && segment.ends_with(after)
        })
}

fn matches(documented: &str, actual: &str) -> bool {
    let documented = documented.split(';').next().unwrap_or_default().trim();
    documented == actual
        || documented == "*/*"
        || documented.strip_suffix("/*").is_some_and(|class| actual.starts_with(&format!("{class}/")))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{HeaderMap, StatusCode};
    use serde_json::json;

    use super::*;

    fn contract() -> Contract {
        Contract::of(json!({
            "paths": {
                "/v1/titles/{id}": { "get": { "responses": {
                    "200": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Title" } } } },
                    "404": { "content": { "application/problem+json": { "schema": { "type": "object" } } } },
                } } },
                "/v1/titles/new": { "post": { "responses": { "204": {} } } },
            },
            "components": { "schemas": { "Title": {
                "type": "object", "required": ["id"], "properties": { "id": { "type": "string" } }
            } } },
        }))
    }

    fn answer(status: u16, media_type: &str, body: &str) -> TestResponse {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", media_type.parse().expect("a header value"));
        let status = StatusCode::from_u16(status).expect("a status");
        TestResponse::of("test", status, headers, Bytes::from(body.to_owned()))
    }

    #[track_caller]
    fn check(method: &Method, path: &str, answer: &TestResponse, breach: Option<&str>) {
        let found = contract().check(method, path, answer);
        match (&found, breach) {
            (Ok(()), None) => {}
            (Err(found), Some(part)) if found.contains(part) => {}
            _ => panic!("expected {breach:?}, found {found:?}"),
        }
    }

    #[test]
    fn an_answer_is_held_against_status_media_type_and_schema() {
        let json = "application/json";
        check(&Method::GET, "/v1/titles/x", &answer(200, json, r#"{"id":"x"}"#), None);
        check(&Method::GET, "/v1/titles/x", &answer(200, json, r#"{"id":5}"#), Some("`/id`"));
        check(&Method::GET, "/v1/titles/x", &answer(200, "text/html", "<p>"), Some("media type"));
        check(&Method::GET, "/v1/titles/x", &answer(201, json, "{}"), Some("status 201"));
        check(&Method::PUT, "/v1/titles/x", &answer(200, json, "{}"), Some("no operation"));
        check(&Method::PUT, "/v1/titles/x", &answer(405, json, "{}"), None);
        check(&Method::POST, "/v1/titles/new", &answer(204, json, ""), None);
        check(&Method::POST, "/v1/titles/new", &answer(204, json, "{}"), Some("a body is documented nowhere"));
    }

    #[test]
    fn the_chassis_own_refusals_need_no_document_but_a_request_id() {
        let problem = |id: &str| format!(r#"{{"code":"passport-missing","type":"x"{id}}}"#);
        let with = answer(401, bijou_problem::MEDIA_TYPE, &problem(r#","request_id":"r-1""#));
        check(&Method::GET, "/v1/titles/x", &with, None);
        let without = answer(401, bijou_problem::MEDIA_TYPE, &problem(""));
        check(&Method::GET, "/v1/titles/x", &without, Some("status 401"));
    }

    #[test]
    fn a_template_may_have_a_parameter_within_a_segment() {
        assert!(fits("/img/{id}/{hash}.jpg", "/img/a/b.jpg"));
        assert!(!fits("/img/{id}/{hash}.jpg", "/img/a/.jpg"));
        assert!(!fits("/img/{id}/{hash}.jpg", "/img/a/b.png"));
        assert!(!fits("/img/{id}", "/img"));
    }
}
