//! A running service, the people of a household, and what they do all the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use bijou_passport::Claims;
use bijou_profiles::{Clock, ROLE};
use bijou_testkit::{TestDatabase, TestResponse, TestService, TestServiceBuilder, User, databases};
use serde_json::{Value, json};

pub const ACCOUNT: &str = "acc-1";

/// 2027-01-15T08:00:00Z.
const START_MS: i64 = 1_800_000_000_000;

/// A clock that stands still until it is moved.
#[derive(Clone)]
pub struct Time(Arc<AtomicI64>);

impl Time {
    pub fn new() -> Self {
        Self(Arc::new(AtomicI64::new(START_MS)))
    }

    pub fn pass_s(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    pub fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    pub fn clock(&self) -> Clock {
        let ms = Arc::clone(&self.0);
        Clock::of(move || UNIX_EPOCH + Duration::from_millis(ms.load(Ordering::SeqCst) as u64))
    }
}

pub struct World {
    pub service: TestService,
    pub time: Time,
    pub database: TestDatabase,
}

/// One world on each database.
pub async fn worlds() -> Vec<World> {
    let mut worlds = Vec::new();
    for database in databases().await {
        worlds.push(World::on(database, |service| service).await);
    }
    worlds
}

/// A world for what has nothing to do with the database.
pub async fn world() -> World {
    world_with(|service| service).await
}

pub async fn world_with(set_up: impl FnOnce(TestServiceBuilder) -> TestServiceBuilder) -> World {
    World::on(bijou_testkit::sqlite_database(), set_up).await
}

impl World {
    pub async fn on(database: TestDatabase, set_up: impl FnOnce(TestServiceBuilder) -> TestServiceBuilder) -> Self {
        let time = Time::new();
        let service = start(&database, &time, set_up).await;
        Self { service, time, database }
    }

    /// Another instance on the same database.
    pub async fn another(&self) -> TestService {
        start(&self.database, &self.time, |service| service).await
    }

    /// The account as a whole.
    pub fn account(&self) -> User {
        self.service.account(ACCOUNT)
    }

    /// A new profile: its id, and a user with its token.
    pub async fn profile(&self, new: &Value) -> (String, User) {
        let made = self.account().post("/v1/profiles").json(new).send().await.expect(201).value();
        let id = text(&made, "id");
        let user = self.user(&made);
        (id, user)
    }

    /// Whoever this profile is, by a token of it.
    pub fn user(&self, profile: &Value) -> User {
        self.service.claims(&claims(profile))
    }

    /// Ada, a grown-up without a PIN.
    pub async fn ada(&self) -> (String, User) {
        self.profile(&json!({ "name": "Ada" })).await
    }

    /// What identity is told about somebody who wants to be a profile.
    pub async fn admit(&self, from: Option<&str>, to: Option<&str>, pin: Option<&str>) -> TestResponse {
        let mut request = json!({ "account_id": ACCOUNT });
        for (member, value) in [("from_profile_id", from), ("profile_id", to), ("pin", pin)] {
            if let Some(value) = value {
                request[member] = json!(value);
            }
        }
        self.service.service("identity").post("/v1/admissions").json(&request).send().await
    }
}

/// What a token of this profile says.
pub fn claims(profile: &Value) -> Claims {
    Claims {
        profile: Some(text(profile, "id")),
        kids: profile["kids"].as_bool().unwrap_or_default(),
        maturity: profile["maturity"].as_u64().map(|age| age as u8),
        scopes: vec!["viewer".to_owned()],
        ..Claims::account(ACCOUNT, ["PROFILES"])
    }
}

async fn start(
    database: &TestDatabase,
    time: &Time,
    set_up: impl FnOnce(TestServiceBuilder) -> TestServiceBuilder,
) -> TestService {
    let clock = time.clock();
    let service = set_up(TestService::of(ROLE).database(&database.url));
    service.start(move |context| bijou_profiles::service_with(context, clock)).await
}

/// A member of an answer as text.
#[track_caller]
pub fn text(value: &Value, member: &str) -> String {
    value[member].as_str().unwrap_or_else(|| panic!("no `{member}` in {value}")).to_owned()
}

/// A member of each item, in order.
#[track_caller]
pub fn texts(list: &Value, member: &str) -> Vec<String> {
    list["items"].as_array().unwrap_or_else(|| panic!("no list: {list}")).iter().map(|one| text(one, member)).collect()
}

/// A player.
#[derive(Clone)]
pub struct Player {
    user: User,
    title: String,
    episode: Option<String>,
    session: String,
    duration_s: f64,
}

impl Player {
    pub fn of(user: &User, title: &str) -> Self {
        let session = format!("session-of-{title}");
        Self { user: user.clone(), title: title.to_owned(), episode: None, session, duration_s: 1000.0 }
    }

    pub fn episode(self, episode: &str) -> Self {
        Self { episode: Some(episode.to_owned()), ..self }
    }

    pub fn session(self, session: &str) -> Self {
        Self { session: session.to_owned(), ..self }
    }

    /// Reports; the answer is for the caller to look at.
    pub async fn try_report(&self, seq: u32, at_ms: i64, position_s: f64, state: &str) -> TestResponse {
        let mut report = json!({
            "title_id": self.title, "session": self.session, "seq": seq, "position_s": position_s,
            "duration_s": self.duration_s, "at": jiff::Timestamp::from_millisecond(at_ms).expect("in range"),
            "state": state,
        });
        if let Some(episode) = &self.episode {
            report["episode_id"] = json!(episode);
        }
        let playable = self.episode.as_deref().unwrap_or(&self.title);
        self.user.put(&format!("/v1/me/positions/{playable}")).json(&report).send().await
    }

    pub async fn playing(&self, seq: u32, at_ms: i64, position_s: f64) {
        self.try_report(seq, at_ms, position_s, "playing").await.expect(204);
    }

    pub async fn paused(&self, seq: u32, at_ms: i64, position_s: f64) {
        self.try_report(seq, at_ms, position_s, "paused").await.expect(204);
    }

    /// Where this user is in this film, by the service asked.
    pub async fn position_s(&self) -> Option<f64> {
        position_s(&self.user, self.episode.as_deref().unwrap_or(&self.title)).await
    }
}

pub async fn position_s(user: &User, playable: &str) -> Option<f64> {
    let answer = user.get(&format!("/v1/me/positions/{playable}")).send().await;
    if answer.status == 404 {
        answer.expect_problem(404, "position-not-found");
        return None;
    }
    answer.expect(200).value()["position_s"].as_f64()
}
