//! A running identity service, and what its users do all the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use bijou_identity::{Clock, ROLE};
use bijou_passport::Claims;
use bijou_testkit::{TestDatabase, TestResponse, TestService, User, databases};
use serde_json::{Value, json};

use crate::house::House;
use crate::keys::{claims, verify};
use crate::makers::Makers;

pub const EMAIL: &str = "ada@example.org";
pub const PASSWORD: &str = "correct horse battery";

/// 2027-01-15T08:00:00Z.
const START_S: i64 = 1_800_000_000;

/// A clock that stands still until it is moved.
#[derive(Clone)]
pub struct Time(Arc<AtomicI64>);

impl Time {
    pub fn new() -> Self {
        Self(Arc::new(AtomicI64::new(START_S)))
    }

    pub fn pass_s(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    pub fn clock(&self) -> Clock {
        let seconds = Arc::clone(&self.0);
        Clock::of(move || UNIX_EPOCH + Duration::from_secs(seconds.load(Ordering::SeqCst) as u64))
    }
}

pub struct World {
    pub service: TestService,
    pub time: Time,
    pub database: TestDatabase,
    /// Who lives in every household, until a test says otherwise: nobody.
    pub house: House,
    /// Apps of partners: none, until a test makes some.
    pub makers: Makers,
}

/// One world on each database.
pub async fn worlds() -> Vec<World> {
    worlds_with("").await
}

pub async fn worlds_with(settings: &str) -> Vec<World> {
    let mut worlds = Vec::new();
    for database in databases().await {
        worlds.push(World::on(database, settings).await);
    }
    worlds
}

/// A world for what has nothing to do with the database.
pub async fn world() -> World {
    World::on(bijou_testkit::sqlite_database(), "").await
}

impl World {
    pub async fn on(database: TestDatabase, settings: &str) -> Self {
        let (time, house, makers) = (Time::new(), House::default(), Makers::default());
        let service = start(&database, settings, &time, &house, &makers).await;
        Self { service, time, database, house, makers }
    }

    /// Another instance on the same database.
    pub async fn another(&self) -> TestService {
        start(&self.database, "", &self.time, &self.house, &self.makers).await
    }

    pub fn visitor(&self) -> User {
        self.service.anonymous()
    }

    pub async fn sign_up(&self) -> String {
        let body = json!({ "email": EMAIL, "password": PASSWORD });
        let account = self.visitor().post("/v1/accounts").json(&body).send().await.expect(201).value();
        account["id"].as_str().expect("an id").to_owned()
    }

    pub async fn try_sign_in(&self, email: &str, password: &str) -> TestResponse {
        self.visitor().post("/v1/sessions").json(&json!({ "email": email, "password": password })).send().await
    }

    pub async fn sign_in(&self) -> Value {
        self.try_sign_in(EMAIL, PASSWORD).await.expect(201).value()
    }

    /// Signs up and in; gives the refresh token.
    pub async fn signed_in(&self) -> String {
        self.sign_up().await;
        text(&self.sign_in().await, "refresh_token")
    }

    /// The account as the gateway describes it, in this session.
    pub fn member(&self, signed_in: &Value) -> User {
        self.service.claims(&member_claims(signed_in))
    }

    /// Trades an access token for one of `resource`.
    pub async fn exchange(&self, token: &str, resource: &str, pin: Option<&str>) -> TestResponse {
        let mut form = vec![
            ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
            ("subject_token", token),
            ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"),
            ("resource", resource),
        ];
        form.extend(pin.map(|pin| ("pin", pin)));
        self.visitor().post("/oauth/token").form(&form).send().await
    }

    /// Becomes a profile; gives the answer.
    pub async fn become_profile(&self, token: &str, profile: &str, pin: Option<&str>) -> Value {
        self.exchange(token, &format!("urn:bijou:profile:{profile}"), pin).await.expect(200).value()
    }

    /// What an access token says.
    pub async fn claims(&self, answer: &Value) -> Value {
        claims(&verify(&self.service, &text(answer, "access_token"), &self.time).await)
    }

    pub async fn refresh(&self, token: &str) -> TestResponse {
        let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.visitor().post("/oauth/token").form(&form).send().await
    }
}

/// What the gateway says of the account, in this session.
pub fn member_claims(signed_in: &Value) -> Claims {
    let session = text(&signed_in["session"], "id");
    Claims { session: Some(session), ..Claims::account(text(&signed_in["account"], "id"), ["IDENTITY"]) }
}

async fn start(database: &TestDatabase, settings: &str, time: &Time, house: &House, makers: &Makers) -> TestService {
    let clock = time.clock();
    TestService::of(ROLE)
        .database(&database.url)
        .settings("[identity]\nguessing.by_address = false\n")
        .settings(settings)
        .stand_in("PROFILES", house.routes())
        .stand_in("PARTNERS", makers.routes())
        .start(move |context| bijou_identity::service_with(context, clock))
        .await
}

/// A member of an answer as text.
#[track_caller]
pub fn text(value: &Value, member: &str) -> String {
    value[member].as_str().unwrap_or_else(|| panic!("no `{member}` in {value}")).to_owned()
}

/// The error code of an OAuth answer.
#[track_caller]
pub fn oauth_error(response: &TestResponse, status: u16) -> String {
    assert_eq!(response.status, status, "{response:?}");
    assert_eq!(response.header("cache-control"), "no-store");
    text(&response.value(), "error")
}
