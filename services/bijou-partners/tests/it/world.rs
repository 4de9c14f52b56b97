//! Partners with a catalog that a test can change, and what developers do all the time.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};

use axum::extract::{Path, Query, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use bijou_partners::{Clock, ROLE};
use bijou_passport::Claims;
use bijou_store::sqlx::{AnyConnection, Connection as _, Executor as _};
use bijou_testkit::{TestDatabase, TestRequest, TestService, User, databases, wait_until};
use http::StatusCode;
use serde_json::{Value, json};

/// 2027-01-15T08:00:00Z.
const START_MS: i64 = 1_800_000_000_000;

/// A clock that stands still until it is moved.
#[derive(Clone)]
pub struct Time(Arc<AtomicI64>);

impl Time {
    pub fn pass_s(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000, Ordering::SeqCst);
    }
}

/// A stand-in for the catalog: titles, and an event for each change.
#[derive(Clone, Default)]
pub struct FakeCatalog(Arc<Mutex<Shelf>>);

/// What a catalog answers that is not well, each time with 200.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rubbish {
    /// A page of some proxy, whatever was asked.
    Page,
    /// No list where one was asked for.
    NoList,
    /// Titles without what titles have.
    Halves,
}

#[derive(Default)]
struct Shelf {
    rubbish: Option<Rubbish>,
    rubbish_given: usize,
    titles: BTreeMap<String, Value>,
    /// Of each show, its seasons with their episodes.
    seasons: BTreeMap<String, Vec<(Value, Vec<Value>)>>,
    events: Vec<Value>,
    /// How often each title was asked for by its id.
    asked: BTreeMap<String, usize>,
}

pub fn title(id: &str, name: &str) -> Value {
    let image = |role: &str| json!({ "url": format!("/img/{id}/{role}/w480/a.jpg"), "width": 480, "height": 720, "tint": "#221122" });
    json!({
        "id": id, "kind": "movie", "name": name, "year": 2010, "genres": [{ "id": "drama", "name": "Drama" }],
        "certification_age": 6, "runtime_s": 888, "synopsis_short": "A girl looks for a dragon.", "playable": true,
        "artwork": { "poster": image("poster"), "backdrop": image("backdrop") }, "added_at": "2026-11-01T00:00:00Z",
    })
}

/// An episode as the catalog tells it; an odd one can be played.
fn episode(show: &str, season: u32, number: u32) -> Value {
    json!({
        "id": format!("{show}-{season}-{number}"), "season_id": format!("{show}-{season}"), "show_id": show,
        "number": number, "name": format!("Part {number}"), "synopsis": "The light goes on.", "runtime_s": 1440,
        "aired_on": format!("2026-05-{number:02}"), "playable": number % 2 == 1,
        "artwork": { "url": format!("/img/{show}/still/a.jpg"), "width": 640, "height": 360, "tint": "#221122" },
    })
}

impl FakeCatalog {
    /// A show of one season with so many episodes.
    pub fn put_show(&self, id: &str, name: &str, episodes: u32) {
        let mut show = title(id, name);
        show["kind"] = json!("show");
        show.as_object_mut().unwrap().remove("runtime_s");
        let season = json!({ "id": format!("{id}-1"), "show_id": id, "number": 1, "episode_count": episodes });
        let parts = (1..=episodes).map(|number| episode(id, 1, number)).collect();
        self.0.lock().unwrap().seasons.insert(id.to_owned(), vec![(season, parts)]);
        self.put(show);
    }

    pub fn put(&self, title: Value) {
        let mut shelf = self.0.lock().unwrap();
        let id = title["id"].as_str().unwrap().to_owned();
        shelf.titles.insert(id.clone(), title);
        shelf.tell("title.updated", &id);
    }

    pub fn withdraw(&self, id: &str) {
        let mut shelf = self.0.lock().unwrap();
        shelf.titles.remove(id);
        shelf.tell("title.withdrawn", id);
    }

    /// What it answers from now on; `None` is what it should.
    pub fn answers(&self, rubbish: Option<Rubbish>) {
        let mut shelf = self.0.lock().unwrap();
        shelf.rubbish = rubbish;
        shelf.rubbish_given = 0;
    }

    /// How often it answered rubbish of this kind.
    pub fn rubbish_given(&self) -> usize {
        self.0.lock().unwrap().rubbish_given
    }

    /// How often partners asked what this title is now.
    pub fn asked_for(&self, id: &str) -> usize {
        self.0.lock().unwrap().asked.get(id).copied().unwrap_or(0)
    }

    fn routes(&self) -> Router {
        Router::new()
            .route("/events", get(events))
            .route("/v1/titles", get(titles))
            .route("/v1/shows/{id}/seasons", get(seasons))
            .route("/v1/seasons/{id}/episodes", get(episodes))
            .layer(from_fn_with_state(self.clone(), spoil))
            .with_state(self.clone())
    }
}

impl Shelf {
    fn tell(&mut self, type_: &str, id: &str) {
        let seq = self.events.len() + 1;
        self.events.push(json!({
            "specversion": "1.0", "id": format!("event-{seq}"), "source": "/bijou/catalog", "type": type_, "subject": id,
            "time": "2027-01-15T08:00:00Z", "datacontenttype": "application/json", "seq": seq.to_string(), "data": {},
        }));
    }
}

async fn spoil(State(catalog): State<FakeCatalog>, request: Request, next: Next) -> Response {
    let is_list = request.uri().path().starts_with("/v1/");
    let spoilt = match catalog.0.lock().unwrap().rubbish {
        Some(Rubbish::Page) => Some(Html("<h1>Welcome</h1>").into_response()),
        Some(Rubbish::NoList) if is_list => Some(Json(json!({})).into_response()),
        Some(Rubbish::Halves) if is_list => Some(Json(json!({ "items": [{ "id": "sintel" }] })).into_response()),
        _ => None,
    };
    match spoilt {
        Some(spoilt) => {
            catalog.0.lock().unwrap().rubbish_given += 1;
            spoilt
        }
        None => next.run(request).await,
    }
}

type Asked = Query<BTreeMap<String, String>>;

async fn events(State(catalog): State<FakeCatalog>, Query(asked): Asked) -> Json<Value> {
    let after: usize = asked["after"].parse().unwrap();
    let wait = Duration::from_millis(asked["wait_ms"].parse().unwrap());
    // As the real one does: an empty answer is held back.
    let _ = tokio::time::timeout(wait, async {
        while catalog.0.lock().unwrap().events.len() <= after {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    let shelf = catalog.0.lock().unwrap();
    let items: Vec<_> = shelf.events.iter().skip(after).cloned().collect();
    Json(json!({ "next": (after + items.len()).to_string(), "head": shelf.events.len().to_string(), "items": items }))
}

async fn titles(State(catalog): State<FakeCatalog>, Query(asked): Asked) -> Json<Value> {
    let mut shelf = catalog.0.lock().unwrap();
    let ids = asked.get("ids").map(|ids| ids.split(',').map(str::to_owned).collect::<Vec<_>>());
    for id in ids.iter().flatten() {
        *shelf.asked.entry(id.clone()).or_default() += 1;
    }
    let is_asked = |id: &String| ids.as_ref().is_none_or(|ids| ids.contains(id));
    let items: Vec<_> = shelf.titles.iter().filter(|(id, _)| is_asked(id)).map(|(_, title)| title.clone()).collect();
    Json(json!({ "items": items }))
}

async fn seasons(State(catalog): State<FakeCatalog>, Path(show): Path<String>) -> Response {
    let shelf = catalog.0.lock().unwrap();
    let Some(seasons) = shelf.seasons.get(&show) else { return StatusCode::NOT_FOUND.into_response() };
    let items: Vec<_> = seasons.iter().map(|(season, _)| season.clone()).collect();
    Json(json!({ "items": items })).into_response()
}

async fn episodes(State(catalog): State<FakeCatalog>, Path(id): Path<String>) -> Response {
    let shelf = catalog.0.lock().unwrap();
    let found = shelf.seasons.values().flatten().find(|(season, _)| season["id"] == id.as_str());
    found.map_or(StatusCode::NOT_FOUND.into_response(), |(_, items)| Json(json!({ "items": items })).into_response())
}

pub struct World {
    pub service: TestService,
    pub catalog: FakeCatalog,
    pub time: Time,
    /// Removed when the world is gone.
    database: Option<TestDatabase>,
}

/// One world on each database.
pub async fn worlds() -> Vec<World> {
    worlds_with("").await
}

pub async fn worlds_with(settings: &str) -> Vec<World> {
    let mut worlds = Vec::new();
    for database in databases().await {
        worlds.push(World::on(Some(database), settings, START_MS).await);
    }
    worlds
}

/// A world for what has nothing to do with the database.
pub async fn world() -> World {
    world_with("").await
}

pub async fn world_with(settings: &str) -> World {
    World::on(None, settings, START_MS).await
}

/// A world where it is as late as it is, for judges with a clock of their own.
pub async fn world_today(settings: &str) -> World {
    World::on(None, settings, UNIX_EPOCH.elapsed().expect("after 1970").as_millis() as i64).await
}

impl World {
    async fn on(database: Option<TestDatabase>, settings: &str, start_ms: i64) -> Self {
        let catalog = FakeCatalog::default();
        catalog.put(title("sintel", "Sintel"));
        catalog.put(title("tears", "Tears of Steel"));
        Self::with(database, settings, catalog, Time(Arc::new(AtomicI64::new(start_ms)))).await
    }

    /// The same, with the service begun anew.
    pub async fn restarted(self) -> Self {
        let Self { service, catalog, time, database } = self;
        service.stop().await;
        Self::with(database, "", catalog, time).await
    }

    async fn with(database: Option<TestDatabase>, settings: &str, catalog: FakeCatalog, time: Time) -> Self {
        let moved = time.clone();
        let clock = Clock::of(move || UNIX_EPOCH + Duration::from_millis(moved.0.load(Ordering::SeqCst) as u64));
        let service = TestService::of(ROLE)
            .database(database.as_ref().map_or("", |database| &database.url))
            .settings(settings)
            .stand_in("CATALOG", catalog.routes())
            .start(|context| bijou_partners::service_at(context, clock))
            .await;
        let world = Self { service, catalog, time, database };
        // Asking for titles would use up what a test may ask for.
        wait_until("the titles", async || {
            let ready = world.service.nobody().get("/readyz").send().await.value();
            let checks = ready["checks"].as_array().cloned().unwrap_or_default();
            checks.iter().any(|check| check["name"] == "catalog" && check["ready"] == true)
        })
        .await;
        world
    }

    /// Runs a statement on the database of a world of [`worlds`], behind the service's back.
    pub async fn execute(&self, statement: &'static str) {
        let url = &self.database.as_ref().expect("a world of its own database").url;
        let mut connection = AnyConnection::connect(url).await.expect("the service is connected too");
        connection.execute(statement).await.unwrap();
        connection.close().await.unwrap();
    }

    pub fn developer(&self, account: &str) -> User {
        self.service.account(account)
    }

    pub fn operator(&self) -> User {
        let claims =
            Claims { scopes: vec!["operator".to_owned()], ..Claims::account("acc-operator", &["PARTNERS".to_owned()]) };
        self.service.claims(&claims)
    }

    /// An app of this account: its id and its key.
    pub async fn make_app(&self, account: &str) -> (String, String) {
        let made = self.developer(account).post("/partner/v1/apps").json(&json!({ "name": "Lantern TV" })).send().await;
        let made = made.expect(201).value();
        (made["app"]["id"].as_str().unwrap().to_owned(), made["key"]["text"].as_str().unwrap().to_owned())
    }

    /// A call with a key.
    pub fn call(&self, key: &str, path: &str) -> TestRequest {
        self.service.anonymous().get(path).header("x-api-key", key)
    }

    /// Ids of the titles an app gets; none while they are not known yet.
    pub async fn titles(&self, key: &str) -> Vec<String> {
        let answer = self.call(key, "/partner/v1/titles").send().await;
        if answer.status != 200 {
            return Vec::new();
        }
        answer.value()["items"].as_array().unwrap().iter().map(|t| t["id"].as_str().unwrap().to_owned()).collect()
    }
}
