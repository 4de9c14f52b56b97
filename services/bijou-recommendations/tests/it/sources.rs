//! Stand-ins for catalog, playback and profiles: their REST as far as it is asked for, with an outbox of the real kind.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bijou_catalog_api::events::{TITLE_UPDATED, TITLE_WITHDRAWN};
use bijou_catalog_api::{TitlePage, TitleSummary};
use bijou_playback_api::events::{PLAYBACK_PROGRESS, PLAYBACK_STARTED, PLAYBACK_STOPPED, PlaybackEvent};
use bijou_store::outbox::{self, NewEvent};
use bijou_store::{Database, WriteTransaction};
use bijou_testkit::TestDatabase;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::watch;

/// A service that can be away.
#[derive(Clone)]
pub struct Source {
    role: &'static str,
    database: Database,
    is_up: watch::Sender<bool>,
    titles: Arc<Mutex<Vec<TitleSummary>>>,
    shelves: Arc<Mutex<HashMap<String, Value>>>,
    acknowledged: Arc<Mutex<Vec<(String, u64)>>>,
    /// Up to where the service under test has applied what it was told.
    applied: Arc<AtomicI64>,
    _kept: Arc<TestDatabase>,
}

impl Source {
    pub async fn new(role: &'static str, database: TestDatabase) -> Self {
        let opened = Database::open(&database.url, outbox::MIGRATIONS).await.expect("an empty database");
        Self {
            role,
            database: opened,
            is_up: watch::Sender::new(true),
            titles: Arc::default(),
            shelves: Arc::default(),
            acknowledged: Arc::default(),
            applied: Arc::default(),
            _kept: Arc::new(database),
        }
    }

    pub fn router(&self) -> Router {
        Router::new()
            .route("/events", get(events))
            .route("/v1/titles", get(titles))
            .route("/v1/me/shelf", get(shelf))
            .route("/v1/erasures/{id}/acknowledgements", post(acknowledge))
            .with_state(self.clone())
    }

    /// What profiles answers of a profile from now on; every change makes another entity tag.
    pub fn set_shelf(&self, profile: &str, shelf: Value) {
        self.shelves.lock().expect("no panic").insert(profile.to_owned(), shelf);
    }

    /// Erasures that were acknowledged, with how many records went.
    pub fn acknowledged(&self) -> Vec<(String, u64)> {
        self.acknowledged.lock().expect("no panic").clone()
    }

    /// A member watches a film to its end.
    pub async fn watched(&self, profile: &str, title: &str) {
        self.all_watched(&[(profile.to_owned(), title.to_owned())]).await;
    }

    /// Members watch films to their end, one after the other.
    pub async fn all_watched(&self, plays: &[(String, String)]) {
        let mut tx = self.database.begin_write().await.expect("a transaction");
        for (profile, title) in plays {
            for (type_, position_s) in [(PLAYBACK_STARTED, 0.0), (PLAYBACK_STOPPED, 20.0)] {
                let mut data = event(title, position_s, true);
                data["profile_id"] = profile.as_str().into();
                append(&mut tx, type_, title, data).await;
            }
        }
        tx.commit().await.expect("committed");
    }

    /// Answers from now on, or is away: requests under way break off then.
    pub fn set_up(&self, is_up: bool) {
        self.is_up.send_replace(is_up);
    }

    /// Whether the service under test has applied everything: it asks for what comes after.
    pub async fn is_heard(&self) -> bool {
        self.applied.load(Ordering::Relaxed) == outbox::head(&self.database).await.expect("a head")
    }

    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Puts titles in and tells of them.
    pub async fn publish(&self, titles: impl IntoIterator<Item = TitleSummary>) {
        let titles: Vec<_> = titles.into_iter().collect();
        let ids: Vec<_> = titles.iter().map(|title| title.id.clone()).collect();
        {
            let mut known = self.titles.lock().expect("no panic");
            known.retain(|title| !ids.contains(&title.id));
            known.extend(titles);
        }
        for id in ids {
            self.tell(TITLE_UPDATED, &id, json!({})).await;
        }
    }

    /// Takes a title out, with or without telling.
    pub async fn withdraw(&self, id: &str, tell: bool) {
        self.titles.lock().expect("no panic").retain(|title| title.id != id);
        if tell {
            self.tell(TITLE_WITHDRAWN, id, json!({})).await;
        }
    }

    pub async fn started(&self, title: &str) {
        self.tell(PLAYBACK_STARTED, title, event(title, 0.0, false)).await;
    }

    pub async fn started_by_invented(&self, title: &str) {
        self.tell(PLAYBACK_STARTED, title, event(title, 0.0, true)).await;
    }

    pub async fn stopped(&self, title: &str, position_s: f64) {
        self.tell(PLAYBACK_STOPPED, title, event(title, position_s, false)).await;
    }

    pub async fn progressed(&self, title: &str) {
        self.tell(PLAYBACK_PROGRESS, title, event(title, 5.0, false)).await;
    }

    pub async fn tell(&self, type_: &str, subject: &str, data: serde_json::Value) {
        let mut tx = self.database.begin_write().await.expect("a transaction");
        append(&mut tx, type_, subject, data).await;
        tx.commit().await.expect("committed");
    }
}

pub async fn append(tx: &mut WriteTransaction, type_: &str, subject: &str, data: serde_json::Value) {
    let since = std::time::UNIX_EPOCH.elapsed().expect("after 1970");
    let event =
        NewEvent { type_: type_.to_owned(), subject: subject.to_owned(), time_ms: since.as_millis() as i64, data };
    outbox::append(tx, &event).await.expect("appended");
}

pub fn event(title: &str, position_s: f64, synthetic: bool) -> serde_json::Value {
    json!(PlaybackEvent {
        playback_id: "p".to_owned(),
        account_id: "a".to_owned(),
        profile_id: None,
        title_id: title.to_owned(),
        episode_id: None,
        position_s,
        duration_s: 20.0,
        synthetic,
    })
}

#[derive(Deserialize)]
struct After {
    after: i64,
    wait_ms: u64,
}

async fn events(State(source): State<Source>, Query(query): Query<After>) -> Response {
    source.applied.store(query.after, Ordering::Relaxed);
    let mut is_up = source.is_up.subscribe();
    if !*is_up.borrow_and_update() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let wait = Duration::from_millis(query.wait_ms);
    tokio::select! {
        batch = outbox::batch(&source.database, source.role, query.after, 200, wait) => Json(batch.expect("a batch")).into_response(),
        _ = is_up.changed() => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

async fn shelf(State(source): State<Source>, headers: HeaderMap) -> Response {
    if !*source.is_up.borrow() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let shelf =
        profile_of(&headers).and_then(|profile| source.shelves.lock().expect("no panic").get(&profile).cloned());
    let Some(shelf) = shelf else { return StatusCode::NOT_FOUND.into_response() };
    let tag = format!("\"{}\"", shelf["version"].as_str().expect("a version"));
    if headers.get("if-none-match").is_some_and(|known| known == tag.as_str()) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    ([("etag", tag)], Json(shelf)).into_response()
}

/// Read without a check: the service under test got it from the test.
fn profile_of(headers: &HeaderMap) -> Option<String> {
    let token = headers.get("bijou-passport")?.to_str().ok()?;
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    claims["profile"].as_str().map(str::to_owned)
}

async fn acknowledge(State(source): State<Source>, Path(id): Path<String>, Json(body): Json<Value>) -> StatusCode {
    let removed = body["removed"].as_u64().expect("a number");
    source.acknowledged.lock().expect("no panic").push((id, removed));
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct Asked {
    ids: Option<String>,
    cursor: Option<usize>,
    limit: usize,
}

async fn titles(State(source): State<Source>, Query(asked): Query<Asked>) -> Response {
    if !*source.is_up.borrow() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let known = source.titles.lock().expect("no panic");
    if let Some(ids) = asked.ids {
        let ids: Vec<&str> = ids.split(',').collect();
        let items = known.iter().filter(|title| ids.contains(&title.id.as_str())).cloned().collect();
        return Json(TitlePage { items, next: None, facets: None }).into_response();
    }
    let from = asked.cursor.unwrap_or(0);
    let items: Vec<_> = known.iter().skip(from).take(asked.limit).cloned().collect();
    let to = from + items.len();
    let next = (to < known.len()).then(|| to.to_string());
    Json(TitlePage { items, next, facets: None }).into_response()
}
