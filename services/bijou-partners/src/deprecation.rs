//! What is going away says so on every answer: `Deprecation` (RFC 9745), `Sunset` (RFC 8594), and a `Link` to read on.
//!
//! Announced by settings, for one operation or for the whole version, and added around the handlers: none of them knows.
//! The document that is served says it as well (`deprecated`, and `x-sunset`, for which OpenAPI has no word).
//! Left out: refusing calls after the sunset. An operation answers until it is gone; a date alone breaks nobody's app.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header::LINK;
use http::{HeaderName, HeaderValue, Method};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{Deprecated, OpenApi};

use crate::Partners;

const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");
const SUNSET: HeaderName = HeaderName::from_static("sunset");

/// One announcement: an entry of `[[partners.deprecations]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deprecation {
    /// Which operation, by its id in the contract; absent: every one below `/partner/v1`.
    pub operation: Option<String>,
    /// From when on it is deprecated; may be to come.
    pub since: Timestamp,
    /// From when on it may not answer any more.
    pub sunset: Timestamp,
    /// Where developers read what to do instead.
    pub link: String,
}

/// A method and the template of a path.
type Route = (Method, String);

/// What is said of a route: by the fields of its answers, and by the document.
#[derive(Debug, Clone)]
struct Notice {
    /// By its id in the contract.
    operation: String,
    fields: [(HeaderName, HeaderValue); 3],
    since: Timestamp,
    sunset: Timestamp,
    link: String,
}

/// What is said, by route.
#[derive(Debug, Default)]
pub(crate) struct Announced(HashMap<Route, Notice>);

/// What is said of one operation, to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Announcement {
    pub(crate) operation: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) since: Timestamp,
    pub(crate) sunset: Timestamp,
    pub(crate) link: String,
}

impl Announced {
    /// Looks up what the announcements are about. What is said of one operation wins over what is said of all.
    pub(crate) fn of(deprecations: &[Deprecation], document: &OpenApi) -> Result<Self, Cow<'static, str>> {
        let operations = operations(document);
        let mut announced = HashMap::new();
        let (of_all, of_one): (Vec<_>, Vec<_>) = deprecations.iter().partition(|entry| entry.operation.is_none());
        for deprecation in of_all.into_iter().chain(of_one) {
            let notice = notice(deprecation)?;
            let is_meant = |id: &str, path: &str| match &deprecation.operation {
                Some(operation) => operation == id,
                None => path.starts_with("/partner/v1/"),
            };
            let meant: Vec<_> = operations.iter().filter(|(id, route)| is_meant(id, &route.1)).collect();
            if let Some(operation) = deprecation.operation.as_ref().filter(|_| meant.is_empty()) {
                return Err(format!("`{operation}` is no operation of contracts/partners.openapi.json").into());
            }
            announced.extend(meant.into_iter().map(|(id, route)| {
                let notice = Notice { operation: id.clone(), ..notice.clone() };
                (route.clone(), notice)
            }));
        }
        Ok(Self(announced))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn fields(&self, request: &Request) -> Option<[(HeaderName, HeaderValue); 3]> {
        let path = request.extensions().get::<MatchedPath>()?;
        Some(self.notice(request.method(), path.as_str())?.fields.clone())
    }

    /// Which announced operation answers there.
    pub(crate) fn operation(&self, method: &Method, path: &str) -> Option<String> {
        Some(self.notice(method, path)?.operation.clone())
    }

    fn notice(&self, method: &Method, path: &str) -> Option<&Notice> {
        // HEAD is answered by what answers GET.
        let method = if *method == Method::HEAD { Method::GET } else { method.clone() };
        self.0.get(&(method, path.to_owned()))
    }

    /// Everything that is announced: what goes first, first.
    pub(crate) fn list(&self) -> Vec<Announcement> {
        let read = |((method, path), notice): (&Route, &Notice)| Announcement {
            operation: notice.operation.clone(),
            method: method.to_string(),
            path: path.clone(),
            since: notice.since,
            sunset: notice.sunset,
            link: notice.link.clone(),
        };
        let mut all: Vec<_> = self.0.iter().map(read).collect();
        all.sort_by(|a, b| (a.sunset, &a.path, &a.method).cmp(&(b.sunset, &b.path, &b.method)));
        all
    }

    /// Says it in the document as well.
    pub(crate) fn mark(&self, document: &mut OpenApi) {
        for ((method, path), notice) in &self.0 {
            let Some(item) = document.paths.paths.get_mut(path) else { continue };
            let operation = match *method {
                Method::GET => &mut item.get,
                Method::POST => &mut item.post,
                Method::PUT => &mut item.put,
                Method::PATCH => &mut item.patch,
                Method::DELETE => &mut item.delete,
                _ => continue,
            };
            if let Some(operation) = operation {
                notice.mark(operation);
            }
        }
    }
}

impl Notice {
    fn mark(&self, operation: &mut Operation) {
        operation.deprecated = Some(Deprecated::True);
        let said = ExtensionsBuilder::new()
            .add("x-deprecated-since", self.since.to_string())
            .add("x-sunset", self.sunset.to_string())
            .add("x-deprecation-link", self.link.clone());
        operation.extensions.get_or_insert_default().merge(said.build());
    }
}

/// The layer, for `axum::middleware::from_fn_with_state`. Refusals of a handler carry the fields as well.
pub(crate) async fn announce(State(partners): State<Arc<Partners>>, request: Request, next: Next) -> Response {
    let fields = partners.announced.fields(&request);
    let mut response = next.run(request).await;
    for (name, value) in fields.into_iter().flatten() {
        response.headers_mut().append(name, value);
    }
    response
}

/// All operations of a document by id.
fn operations(document: &OpenApi) -> Vec<(String, Route)> {
    let document = serde_json::to_value(document).expect("an OpenAPI document serialises");
    let paths = document["paths"].as_object().into_iter().flatten();
    let of_path = |(path, item): (&String, &Value)| {
        let methods = item.as_object().into_iter().flatten();
        let operation = |(method, operation): (&String, &Value)| {
            let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes()).ok()?;
            Some((operation["operationId"].as_str()?.to_owned(), (method, path.clone())))
        };
        methods.filter_map(operation).collect::<Vec<_>>()
    };
    paths.flat_map(of_path).collect()
}

fn notice(deprecation: &Deprecation) -> Result<Notice, Cow<'static, str>> {
    let Deprecation { since, sunset, link, .. } = deprecation;
    // RFC 9745, 4.
    if sunset < since {
        return Err("`sunset` lies before `since`".into());
    }
    let is_address = link.starts_with("https://") || link.starts_with("http://");
    if !is_address || link.contains(['<', '>', '"', ' ']) {
        return Err("`link` has to be an address that begins with https:// or http://".into());
    }
    let deprecated = format!("@{}", since.as_second());
    let until = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(sunset);
    let value =
        |text: String| HeaderValue::try_from(text).map_err(|_| Cow::from("`link` has to be an address in ASCII"));
    let fields = [
        (DEPRECATION, value(deprecated)?),
        (SUNSET, value(until.map_err(|_| "`sunset` has to be a time in the years 0 to 9999")?)?),
        (LINK, value(format!("<{link}>; rel=\"deprecation\""))?),
    ];
    Ok(Notice { operation: String::new(), fields, since: *since, sunset: *sunset, link: link.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deprecation(operation: Option<&str>, since: &str, sunset: &str, link: &str) -> Deprecation {
        let time = |text: &str| text.parse().expect("a time");
        Deprecation {
            operation: operation.map(str::to_owned),
            since: time(since),
            sunset: time(sunset),
            link: link.to_owned(),
        }
    }

    #[track_caller]
    fn check_refused(deprecation: Deprecation, expected: &str) {
        let found = Announced::of(&[deprecation], &crate::openapi()).expect_err("it makes no sense");
        assert!(found.contains(expected), "{found}");
    }

    #[test]
    fn an_announcement_makes_sense_or_is_refused() {
        let (begin, end, link) = ("2027-01-01T00:00:00Z", "2027-07-01T00:00:00Z", "https://films.example/v2");
        check_refused(deprecation(Some("get_fed"), begin, end, link), "`get_fed` is no operation");
        check_refused(deprecation(None, end, begin, link), "`sunset` lies before `since`");
        check_refused(deprecation(None, begin, end, "/v2"), "`link` has to be an address");
        check_refused(deprecation(None, begin, end, "https://films.example/>; rel=x"), "`link` has to be an address");
        check_refused(
            deprecation(None, begin, end, "https://films.example/\n"),
            "`link` has to be an address in ASCII",
        );
    }

    #[test]
    fn what_is_said_of_one_operation_wins() {
        let (begin, end) = ("2027-01-01T00:00:00Z", "2027-07-01T00:00:00Z");
        let one = deprecation(Some("get_feed"), begin, end, "https://films.example/feeds");
        let all = deprecation(None, begin, end, "https://films.example/v2");
        let announced = Announced::of(&[one, all], &crate::openapi()).expect("it makes sense");
        let link =
            |method: Method, path: &str| announced.0.get(&(method, path.to_owned())).map(|notice| &notice.fields[2].1);
        assert_eq!(
            link(Method::GET, "/partner/v1/feeds/{name}").expect("announced"),
            "<https://films.example/feeds>; rel=\"deprecation\""
        );
        assert_eq!(
            link(Method::POST, "/partner/v1/apps").expect("announced"),
            "<https://films.example/v2>; rel=\"deprecation\""
        );
        assert_eq!(link(Method::POST, "/partner/oauth/token"), None, "tokens are of no version");
    }
}
