//! Trying a call: one request an operator writes, sent to the platform's own gateway and nowhere else.
//!
//! The browser cannot ask the gateway itself (another origin, and the page's policy allows its own alone). What may be sent is
//! a list: a method, a path, a few fields. Whoever the call is made as is in its `Authorization` or `x-api-key`, which are
//! passed on and kept nowhere. Calls that may change something are recorded before they are sent; bodies never are.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use axum::extract::State;
use bijou_chassis::{Json, Reject};
use bijou_client::{Client, StreamResponse};
use bijou_problem::Problem;
use bijou_telemetry::TraceContext;
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde::{Deserialize, Serialize};
use tracing::{Instrument as _, field, info_span};
use utoipa::ToSchema;

use super::Operator;
use crate::audit::{Actor, Change};

/// The way everybody comes in by.
const GATEWAY: &str = "GATEWAY";

/// How long an answer's head may take: posters and feeds are made when they are first asked for.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long the body is read after that. A stream of events never ends by itself.
const READ: Duration = Duration::from_secs(10);

/// How much of it is shown, in bytes.
const BODY_BYTES_MAX: usize = 1 << 20;

/// Longest path with its query, in bytes.
const PATH_BYTES_MAX: usize = 8 << 10;

const METHODS: [Method; 7] =
    [Method::GET, Method::HEAD, Method::OPTIONS, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];

/// Fields a call may have. No cookie: nobody's browser session is to be lent to a page, and answers set none here.
const FIELDS: [&str; 10] = [
    "accept",
    "accept-language",
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "range",
    "x-api-key",
];

/// A call to try.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ConsoleCall)]
pub struct Call {
    #[schema(example = "GET")]
    method: String,
    /// A path with its query; never a host.
    #[schema(example = "/v1/titles?limit=1")]
    path: String,
    /// `accept`, `accept-language`, `authorization`, `content-type`, `idempotency-key`, `if-match`, `if-modified-since`,
    /// `if-none-match`, `range`, `x-api-key`.
    #[serde(default)]
    fields: BTreeMap<String, String>,
    body: Option<String>,
}

/// What came back.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleCalled)]
pub struct Called {
    status: u16,
    /// Until the head was there.
    took_ms: f64,
    fields: Vec<Field>,
    /// Empty when it is no text.
    body: String,
    /// As far as it was read.
    body_bytes: usize,
    is_text: bool,
    /// Whether there was more than is shown.
    is_cut: bool,
    /// Where its story is told.
    trace_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    request_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleField)]
pub struct Field {
    name: String,
    value: String,
}

/// Try a call
///
/// Sends one request to the gateway, as anybody outside would, and tells what came back. Its trace is always kept.
#[utoipa::path(
    post, path = "/api/calls", tag = "calls", request_body = Call,
    responses(
        (status = 200, description = "What came back, whatever its status", body = Called),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Another page", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`call-refused`: such a call is not sent from here", body = Problem, content_type = "application/problem+json"),
        (status = 502, description = "`gateway-unreachable`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`audit-unavailable`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn make_call(
    State(operator): State<Operator>,
    actor: Actor,
    Json(call): Json<Call>,
) -> Result<Json<Called>, Reject> {
    let (method, path) = checked(&call)?;
    if method.is_safe() {
        actor.only_reads();
    } else {
        let target = format!("{method} {}", bijou_telemetry::shown_path(path.path()));
        operator.audit.record(&actor, Change { action: "call.send", target, ..Change::default() }).await?;
    }
    send(&operator.context.client, method, &path, call).await.map(Json)
}

fn checked(call: &Call) -> Result<(Method, PathAndQuery), Reject> {
    let method = Method::from_bytes(call.method.as_bytes()).ok().filter(|method| METHODS.contains(method));
    let method = method.ok_or_else(|| refused("method", "is none that is sent from here"))?;
    let is_path = call.path.starts_with('/') && call.path.len() <= PATH_BYTES_MAX;
    let path = is_path.then(|| call.path.parse::<PathAndQuery>().ok()).flatten();
    let path = path.ok_or_else(|| refused("path", "is not a path that begins with `/`, encoded where it has to be"))?;
    if call.fields.keys().any(|name| !FIELDS.contains(&name.to_ascii_lowercase().as_str())) {
        return Err(refused("fields", &format!("may only be {}", FIELDS.join(", "))));
    }
    if call.fields.values().any(|value| HeaderValue::try_from(value).is_err()) {
        return Err(refused("fields", "has a value that cannot be sent"));
    }
    Ok((method, path))
}

fn refused(member: &str, why: &str) -> Reject {
    let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "call-refused")
        .title("Such a call is not sent from here")
        .detail(format!("`{member}` {why}"))
        .with("member", member);
    Reject::new(problem)
}

async fn send(client: &Client, method: Method, path: &PathAndQuery, call: Call) -> Result<Called, Reject> {
    let shown = bijou_telemetry::shown_path(path.path());
    let span = info_span!(
        parent: None,
        "call",
        otel.name = format!("try {method} {shown}"),
        http.request.method = %method,
        url.path = &*shown,
        http.response.status_code = field::Empty,
    );
    // Nobody's parent: kept whatever the rate of sampling is, because somebody wants to see its story.
    bijou_telemetry::set_parent(&span, TraceContext::root(true));
    let trace_id = bijou_telemetry::of(&span).map_or_else(String::new, |context| context.trace_id.to_string());
    // Once is what was asked for, also where repeating would do no harm.
    let mut request = client.to(GATEWAY).request(method, path.as_str()).idempotent(false).attempt_timeout(PATIENCE);
    if let Some(body) = call.body {
        request = request.body("application/json", body);
    }
    for (name, value) in &call.fields {
        request = request.header(name, value);
    }
    let begun = Instant::now();
    let mut answer = request.send_stream().instrument(span.clone()).await.map_err(|error| {
        let problem = Problem::new(StatusCode::BAD_GATEWAY, "gateway-unreachable")
            .title("The gateway gave no answer")
            .detail("The call may or may not have arrived: look before it is sent again.");
        Reject::new(problem).because(error)
    })?;
    let took_ms = begun.elapsed().as_secs_f64() * 1_000.0;
    span.record("http.response.status_code", answer.status.as_u16());
    let (body, is_cut) = read(&mut answer).await;
    let body_bytes = body.len();
    let text = text_of(body, is_cut);
    Ok(Called {
        status: answer.status.as_u16(),
        took_ms,
        request_id: answer.headers.get("x-request-id").and_then(|id| id.to_str().ok()).map(str::to_owned),
        fields: fields(&answer.headers),
        body_bytes,
        is_text: text.is_some(),
        body: text.unwrap_or_default(),
        is_cut,
        trace_id,
    })
}

/// The body as far as it is shown, and whether there was more.
async fn read(answer: &mut StreamResponse) -> (Vec<u8>, bool) {
    let mut body = Vec::new();
    let end = Instant::now() + READ;
    loop {
        let left = end.saturating_duration_since(Instant::now());
        match answer.chunk(left).await {
            Ok(Some(piece)) => {
                let room = BODY_BYTES_MAX - body.len();
                body.extend_from_slice(&piece[..piece.len().min(room)]);
                if piece.len() > room {
                    return (body, true);
                }
            }
            Ok(None) => return (body, false),
            // What came until then is worth seeing.
            Err(_) => return (body, true),
        }
    }
}

/// The body as text, unless it is none. A cut may go through the middle of a letter.
fn text_of(body: Vec<u8>, is_cut: bool) -> Option<String> {
    match String::from_utf8(body) {
        Ok(text) => Some(text),
        Err(error) => {
            let whole = error.utf8_error().valid_up_to();
            let is_letter_cut = is_cut && error.utf8_error().error_len().is_none();
            let mut bytes = error.into_bytes();
            bytes.truncate(whole);
            is_letter_cut.then(|| String::from_utf8_lossy(&bytes).into_owned())
        }
    }
}

/// What the answer said about itself. A refresh token stays here: the page has no use for it.
fn fields(headers: &HeaderMap) -> Vec<Field> {
    let shown = headers.iter().filter(|(name, _)| *name != http::header::SET_COOKIE);
    let field = |(name, value): (&HeaderName, &HeaderValue)| Field {
        name: name.to_string(),
        value: String::from_utf8_lossy(value.as_bytes()).into_owned(),
    };
    shown.map(field).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(method: &str, path: &str, field: &str, expected: Option<&str>) {
        let fields = BTreeMap::from([(field.to_owned(), "x".to_owned())]);
        let call = Call { method: method.to_owned(), path: path.to_owned(), fields, body: None };
        let found = checked(&call).err().map(|reject| reject.problem().extra["member"].clone());
        assert_eq!(found, expected.map(Into::into), "{method} {path} {field}");
    }

    #[test]
    fn a_value_of_two_lines_is_no_value() {
        let fields = BTreeMap::from([("accept".to_owned(), "a\r\nhost: x".to_owned())]);
        let call = Call { method: "GET".to_owned(), path: "/".to_owned(), fields, body: None };
        assert_eq!(checked(&call).expect_err("refused").problem().code, "call-refused");
    }

    #[test]
    fn only_a_path_at_the_gateway_can_be_called() {
        check("GET", "/v1/titles?limit=1", "Accept", None);
        check("DELETE", "//evil.example/x", "authorization", None);
        check("GET", "http://evil.example/", "accept", Some("path"));
        check("GET", "@evil.example/", "accept", Some("path"));
        check("GET", "/a b", "accept", Some("path"));
        check("GET", "/a\r\nhost: x", "accept", Some("path"));
        check("CONNECT", "/", "accept", Some("method"));
        check("get", "/", "accept", Some("method"));
        check("GET", "/", "host", Some("fields"));
        check("GET", "/", "cookie", Some("fields"));
        check("GET", "/", "bijou-passport", Some("fields"));
        check("GET", &format!("/{}", "x".repeat(PATH_BYTES_MAX)), "accept", Some("path"));
    }

    #[test]
    fn a_letter_that_was_cut_is_left_out_and_a_picture_is_no_text() {
        assert_eq!(text_of("für".as_bytes().to_vec(), false).as_deref(), Some("für"));
        assert_eq!(text_of("für".as_bytes()[..2].to_vec(), true).as_deref(), Some("f"));
        assert_eq!(text_of(vec![0xff, 0xd8, 0xff], true), None);
    }
}
