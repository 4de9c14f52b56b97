//! A stand-in for profiles: one household, which answers who may become whom as the real one does.

use std::sync::{Arc, Mutex, MutexGuard};

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bijou_profiles_api::events::PROFILE_DELETED;
use bijou_profiles_api::{Admission, AdmissionRequest};
use http::StatusCode;
use serde_json::{Value, json};

/// A profile of the household.
#[derive(Clone)]
pub struct Person {
    pub id: &'static str,
    pub kids: bool,
    pub maturity: Option<u8>,
    pub pin: Option<&'static str>,
}

pub const ADA: Person = Person { id: "ada", kids: false, maturity: None, pin: Some("2468") };
pub const BOB: Person = Person { id: "bob", kids: false, maturity: Some(16), pin: None };
pub const KIM: Person = Person { id: "kim", kids: true, maturity: Some(7), pin: Some("1111") };

/// Who lives there, shared with the stand-in.
#[derive(Clone, Default)]
pub struct House(Arc<Mutex<Rooms>>);

#[derive(Default)]
struct Rooms {
    people: Vec<Person>,
    is_away: bool,
    wrong_pins: u32,
    asked: Vec<AdmissionRequest>,
    deleted: Vec<&'static str>,
    acknowledged: Vec<(String, u64)>,
}

const TRIES_MAX: u32 = 3;

impl House {
    pub fn set_people(&self, people: &[Person]) {
        self.rooms().people = people.to_vec();
    }

    /// Whether it fails instead of answering.
    pub fn set_away(&self, is_away: bool) {
        self.rooms().is_away = is_away;
    }

    /// The questions so far.
    pub fn asked(&self) -> Vec<AdmissionRequest> {
        self.rooms().asked.clone()
    }

    /// Somebody is no more: not in the house, and told so to whoever follows.
    pub fn delete(&self, person: &'static str) {
        let mut rooms = self.rooms();
        rooms.people.retain(|other| other.id != person);
        rooms.deleted.push(person);
    }

    /// Erasures somebody said to be done with, and how many records went.
    pub fn acknowledged(&self) -> Vec<(String, u64)> {
        self.rooms().acknowledged.clone()
    }

    fn rooms(&self) -> MutexGuard<'_, Rooms> {
        self.0.lock().expect("nothing panics while it is held")
    }

    pub fn routes(&self) -> Router {
        Router::new()
            .route("/v1/admissions", post(admit))
            .route("/events", get(events))
            .route("/v1/erasures/{id}/acknowledgements", post(acknowledge))
            .with_state(self.clone())
    }
}

/// All that was ever told: who has heard it passes over it.
async fn events(State(house): State<House>) -> Response {
    if house.rooms().is_away {
        return problem(503, json!({ "code": "unavailable" }), None);
    }
    // Asked again and again, it does not keep a processor busy.
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    let items: Vec<Value> = (1..)
        .zip(&house.rooms().deleted)
        .map(|(seq, id): (u32, _)| {
            let data = json!({ "erasure_id": format!("gone-{id}"), "profile_id": id, "account_id": "acc" });
            json!({
                "specversion": "1.0", "id": seq.to_string(), "source": "/bijou/profiles", "type": PROFILE_DELETED,
                "subject": id, "time": "2027-01-15T08:00:00Z", "datacontenttype": "application/json",
                "seq": seq.to_string(), "data": data,
            })
        })
        .collect();
    let head = items.len().to_string();
    Json(json!({ "items": items, "next": head, "head": head })).into_response()
}

async fn acknowledge(State(house): State<House>, Path(id): Path<String>, Json(body): Json<Value>) -> Response {
    let mut rooms = house.rooms();
    rooms.acknowledged.push((id, body["removed"].as_u64().expect("a number")));
    StatusCode::NO_CONTENT.into_response()
}

async fn admit(State(house): State<House>, Json(request): Json<AdmissionRequest>) -> Response {
    let mut rooms = house.rooms();
    if rooms.is_away {
        return problem(503, json!({ "code": "unavailable" }), None);
    }
    rooms.asked.push(request.clone());
    let find = |id: &Option<String>| rooms.people.iter().find(|person| Some(person.id) == id.as_deref()).cloned();
    let (from, to) = (find(&request.from_profile_id), find(&request.profile_id));
    if request.profile_id.is_some() && to.is_none() {
        return problem(404, json!({ "code": "profile-not-found" }), None);
    }
    let is_stay = request.profile_id.is_some() && request.profile_id == request.from_profile_id;
    let entering = to.clone().filter(|to| !to.kids).and_then(|to| to.pin);
    let leaving = from.clone().filter(|from| from.kids).and_then(|from| from.pin);
    let is_limited = from.is_some_and(|from| from.kids || from.maturity.is_some());
    let grown_up = rooms.people.iter().filter(|person| !person.kids).find_map(|person| person.pin);
    let escaping = grown_up.filter(|_| is_limited && request.profile_id.is_none());
    if let Some(pin) = entering.or(leaving).or(escaping).filter(|_| !is_stay) {
        if rooms.wrong_pins >= TRIES_MAX {
            return problem(429, json!({ "code": "pin-locked" }), Some("90"));
        }
        match request.pin.as_deref() {
            None => return problem(403, json!({ "code": "pin-required" }), None),
            Some(given) if given != pin => {
                rooms.wrong_pins += 1;
                let tries_left = TRIES_MAX - rooms.wrong_pins;
                return problem(403, json!({ "code": "pin-wrong", "tries_left": tries_left }), None);
            }
            Some(_) => rooms.wrong_pins = 0,
        }
    }
    let is_guarded = rooms.people.iter().any(|person| person.kids || person.pin.is_some());
    let lowest = rooms.people.iter().filter_map(|person| person.maturity).min();
    Json(match to {
        Some(to) => Admission {
            profile_id: Some(to.id.to_owned()),
            maturity: to.maturity,
            kids: to.kids,
            name: Some(to.id.to_uppercase()),
        },
        None => Admission { maturity: lowest.filter(|_| is_guarded), ..Admission::default() },
    })
    .into_response()
}

fn problem(status: u16, mut body: Value, retry_after: Option<&str>) -> Response {
    body["type"] = "about:blank".into();
    body["title"] = "Refused".into();
    body["status"] = status.into();
    let status = StatusCode::from_u16(status).expect("a status");
    let mut response = (status, [("content-type", "application/problem+json")], body.to_string()).into_response();
    if let Some(seconds) = retry_after {
        response.headers_mut().insert("retry-after", seconds.parse().expect("digits"));
    }
    response
}
