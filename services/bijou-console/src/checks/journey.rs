//! One check: what a viewer does, through the gateway, step by step until one fails.
//!
//! Each step is a trace of its own whose first span carries `bijou.check`, so that lists and graphs of what people do can
//! leave it out. A check plays without a profile and tells no positions: nobody's history and no row changes. It gives its
//! place up and signs out, however it ended.

use std::future::Future;
use std::time::{Duration, Instant};

use bijou_client::{CallError, Client, RequestBuilder, Response, Target, segment};
use bijou_telemetry::TraceContext;
use http::Method;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use tracing::{Instrument as _, field, info_span};

use super::playlist::{self, Part};
use super::{Failure, Step};

/// The way everybody comes in by.
const GATEWAY: &str = "GATEWAY";

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// How much of a film is fetched, in seconds.
const SECONDS: f64 = 10.0;

/// Longest answer, in bytes: ten seconds of a film in its smallest size are far below.
const BODY_BYTES_MAX: usize = 16 << 20;

/// What the check's sign-in is called in the account's list of devices.
const DEVICE: &str = "Synthetic check";

/// Somebody who comes in by the gateway.
pub struct Journey<'a> {
    gateway: Target,
    email: &'a str,
    password: &'a str,
    token: Option<String>,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct SignedIn {
    access_token: String,
    session: Named,
}

#[derive(Deserialize)]
struct Named {
    id: String,
}

#[derive(Deserialize)]
struct Found<T> {
    items: Vec<T>,
}

#[derive(Deserialize)]
struct Film {
    id: String,
    name: String,
}

#[derive(Deserialize)]
struct Hit {
    title_id: String,
}

#[derive(Deserialize)]
struct Playing {
    manifest: Manifests,
    events_url: String,
}

#[derive(Deserialize)]
struct Manifests {
    hls: String,
}

impl<'a> Journey<'a> {
    pub fn new(client: &Client, email: &'a str, password: &'a str) -> Self {
        Self { gateway: client.to(GATEWAY), email, password, token: None, steps: Vec::new() }
    }

    /// Makes the steps; the last one is the one that failed, if one did.
    pub async fn make(mut self) -> Vec<Step> {
        let mut left_behind = LeftBehind::default();
        // What went wrong is in the steps already.
        let _ = self.go(&mut left_behind).await;
        if let Some(events) = left_behind.events {
            let stopped = json!({ "kind": "stopped", "position_s": 0.0 });
            let request = self.request(Method::POST, &events).json(&stopped);
            let _ = self.step("stop", async { sent(request).await.map(drop) }).await;
        }
        if let Some(session) = left_behind.session {
            let request = self.request(Method::DELETE, &format!("/v1/sessions/{}", segment(&session)));
            let _ = self.step("sign-out", async { sent(request).await.map(drop) }).await;
        }
        self.steps
    }

    async fn go(&mut self, left_behind: &mut LeftBehind) -> Result<(), ()> {
        let who = json!({ "email": self.email, "password": self.password, "device_name": DEVICE });
        let request = self.request(Method::POST, "/v1/sessions").json(&who);
        let signed_in: SignedIn = self.step("sign-in", read(request)).await?;
        left_behind.session = Some(signed_in.session.id);
        self.token = Some(signed_in.access_token);

        let request = self.request(Method::GET, "/v1/titles?playable=true&kind=movie&limit=1");
        let browse = async {
            let films: Found<Film> = read(request).await?;
            films.items.into_iter().next().ok_or_else(|| Failure::of("there is no film that can be played"))
        };
        let film = self.step("browse", browse).await?;

        let request = self.request(Method::GET, "/v1/search").query("q", &film.name);
        let search = async {
            let hits: Found<Hit> = read(request).await?;
            let is_found = hits.items.iter().any(|hit| hit.title_id == film.id);
            is_found.then_some(()).ok_or_else(|| Failure::of(format!("`{}` is not found by its name", film.id)))
        };
        self.step("search", search).await?;

        let wanted = json!({ "title_id": film.id, "device_name": DEVICE });
        let request = self.request(Method::POST, "/v1/playbacks").json(&wanted);
        let playing: Playing = self.step("play", read(request)).await?;
        left_behind.events = Some(playing.events_url);
        let parts = self.manifests(&playing.manifest.hls).await?;
        self.segments(parts).await
    }

    /// What ten seconds of the smallest picture are made of.
    async fn manifests(&mut self, master: &str) -> Result<Vec<Part>, ()> {
        let gateway = self.gateway.clone();
        let read = async {
            let text = sent(fetch(&gateway, master)).await?.body;
            let smallest =
                playlist::smallest(&text, master).ok_or_else(|| Failure::of("the manifest names no picture"))?;
            let text = sent(fetch(&gateway, &smallest)).await?.body;
            let parts = playlist::parts(&text, &smallest, SECONDS);
            parts.filter(|parts| !parts.is_empty()).ok_or_else(|| Failure::of("the playlist names no segments"))
        };
        self.step("manifests", read).await
    }

    async fn segments(&mut self, parts: Vec<Part>) -> Result<(), ()> {
        let gateway = self.gateway.clone();
        let fetch = async {
            for part in parts {
                let range = format!("bytes={}-{}", part.offset, part.offset + part.length - 1);
                let answer = sent(fetch(&gateway, &part.path).header("range", &range)).await?;
                if answer.body.len() as u64 != part.length {
                    let (length, got) = (part.length, answer.body.len());
                    return Err(Failure::of(format!("a segment has {got} bytes instead of {length}")));
                }
            }
            Ok(())
        };
        self.step("segments", fetch).await
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = bounded(self.gateway.request(method, path));
        match &self.token {
            Some(token) => request.header("authorization", &format!("Bearer {token}")),
            None => request,
        }
    }

    /// Makes one step in a trace of its own and notes how it went.
    async fn step<T>(&mut self, name: &'static str, work: impl Future<Output = Result<T, Failure>>) -> Result<T, ()> {
        let span = info_span!(
            parent: None,
            "check",
            otel.name = format!("check {name}"),
            bijou.check = name,
            url.path = format!("/checks/{name}"),
            otel.status_message = field::Empty,
        );
        // Nobody's parent: only its decision is wanted, sampled whatever the rate is. One that fails is to be understood.
        bijou_telemetry::set_parent(&span, TraceContext::root(true));
        let begun = Instant::now();
        let outcome = work.instrument(span.clone()).await;
        let failure = outcome.as_ref().err();
        if let Some(failure) = failure {
            span.record("otel.status_message", failure.problem.as_str());
        }
        self.steps.push(Step {
            name: name.to_owned(),
            took_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            problem: failure.map(|failure| failure.problem.clone()),
            trace_id: bijou_telemetry::of(&span).map(|context| context.trace_id.to_string()),
        });
        outcome.map_err(drop)
    }
}

/// What has to be given back.
#[derive(Default)]
struct LeftBehind {
    session: Option<String>,
    events: Option<String>,
}

fn bounded(request: RequestBuilder) -> RequestBuilder {
    request.attempt_timeout(PATIENCE).body_bytes_max(BODY_BYTES_MAX)
}

/// Manifests and segments carry their token in their paths.
fn fetch(gateway: &Target, path: &str) -> RequestBuilder {
    bounded(gateway.get(path))
}

async fn sent(request: RequestBuilder) -> Result<Response, Failure> {
    request.send().await.and_then(Response::success).map_err(Failure::from)
}

async fn read<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, Failure> {
    sent(request).await?.json().map_err(Failure::from)
}

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        let mut problem = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(below) = source {
            problem = format!("{problem}: {below}");
            source = below.source();
        }
        Self { problem }
    }
}
