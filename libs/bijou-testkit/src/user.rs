//! Who calls a service under test, and what comes back.

use std::sync::Arc;

use bijou_problem::Problem;
use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::contract::Contract;
use crate::http_client::{self, HttpClient};

/// Somebody with (or without) a passport for the service.
#[derive(Clone)]
pub struct User {
    pub(crate) base_url: String,
    pub(crate) client: HttpClient,
    pub(crate) contract: Arc<Contract>,
    pub(crate) passport: Option<String>,
}

impl User {
    /// Begins a `GET`. `path` may have a query.
    pub fn get(&self, path: &str) -> TestRequest {
        self.request(Method::GET, path)
    }

    /// Begins a `POST`.
    pub fn post(&self, path: &str) -> TestRequest {
        self.request(Method::POST, path)
    }

    /// Begins a `PUT`.
    pub fn put(&self, path: &str) -> TestRequest {
        self.request(Method::PUT, path)
    }

    /// Begins a `DELETE`.
    pub fn delete(&self, path: &str) -> TestRequest {
        self.request(Method::DELETE, path)
    }

    /// Somebody without a passport at any address, whose answers are held against this contract.
    pub fn at(base_url: &str, contract: Contract) -> Self {
        let client = http_client::new();
        Self { base_url: base_url.to_owned(), client, contract: Arc::new(contract), passport: None }
    }

    /// Calls another address from now on, with the same passport and contract.
    pub fn set_base_url(&mut self, base_url: &str) {
        base_url.clone_into(&mut self.base_url);
    }

    /// Begins any request.
    pub fn request(&self, method: Method, path: &str) -> TestRequest {
        let mut headers = HeaderMap::new();
        if let Some(passport) = &self.passport {
            headers.insert(bijou_passport::HEADER, passport.parse().expect("a token is visible ASCII"));
        }
        TestRequest { user: self.clone(), method, path: path.to_owned(), headers, body: Bytes::new() }
    }
}

/// A request about to be sent.
#[must_use = "a request does nothing until it is sent"]
pub struct TestRequest {
    user: User,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Bytes,
}

impl TestRequest {
    /// Adds a header; a second one of the same name is sent too.
    #[track_caller]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.append(name, value.parse().expect("a header value"));
        self
    }

    /// Sends a JSON body.
    pub fn json(self, value: &impl Serialize) -> Self {
        self.body("application/json", serde_json::to_vec(value).expect("serialises"))
    }

    /// Sends a form.
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let body = serde_urlencoded::to_string(fields).expect("pairs of text");
        self.body("application/x-www-form-urlencoded", body)
    }

    /// Sends any body.
    pub fn body(mut self, media_type: &'static str, body: impl Into<Bytes>) -> Self {
        self.headers.insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static(media_type));
        self.body = body.into();
        self
    }

    /// Sends it, and checks the answer against the service's contract.
    pub async fn send(self) -> TestResponse {
        let Self { user, method, path, headers, body } = self;
        let mut request = Request::new(body);
        *request.method_mut() = method.clone();
        *request.uri_mut() = format!("{}{path}", user.base_url).parse().expect("a request target");
        *request.headers_mut() = headers;
        let (head, body) = http_client::exchange(&user.client, request).await.into_parts();
        let response =
            TestResponse { what: format!("{method} {path}"), status: head.status, headers: head.headers, body };
        let route = path.split('?').next().unwrap_or_default();
        if let Err(breach) = user.contract.check(&method, route, &response) {
            panic!("{} broke its contract: {breach}\n{response:?}", response.what);
        }
        response
    }
}

/// An answer, read whole.
pub struct TestResponse {
    what: String,
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

impl TestResponse {
    #[cfg(test)]
    pub(crate) fn of(what: &str, status: StatusCode, headers: HeaderMap, body: Bytes) -> Self {
        Self { what: what.to_owned(), status, headers, body }
    }

    /// The answer itself if it has this status; the test fails showing it otherwise.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert!(self.status == status, "expected {status}, got {self:?}");
        self
    }

    /// The body as a type.
    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }

    /// The body as JSON.
    #[track_caller]
    pub fn value(&self) -> Value {
        self.json()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header as text, empty when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as a problem.
    #[track_caller]
    pub fn problem(&self) -> Problem {
        assert_eq!(self.header("content-type"), bijou_problem::MEDIA_TYPE, "{self:?}");
        Problem::parse(self.status, &self.body).unwrap_or_else(|| panic!("no problem: {self:?}"))
    }

    /// Status and problem code at once, which is what most tests of a refusal look at.
    #[track_caller]
    pub fn expect_problem(&self, status: u16, code: &str) -> Problem {
        let problem = self.problem();
        assert_eq!((self.status.as_u16(), problem.code.as_ref()), (status, code), "{self:?}");
        problem
    }
}

impl std::fmt::Debug for TestResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown = String::from_utf8_lossy(&self.body[..self.body.len().min(2_000)]);
        writeln!(f, "{} -> {}", self.what, self.status)?;
        for (name, value) in &self.headers {
            writeln!(f, "{name}: {value:?}")?;
        }
        write!(f, "{shown}")
    }
}
