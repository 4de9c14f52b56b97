//! A play keeps the one rule of ceiling and offers: random terms, random people, every way to a film.
//!
//! The catalog's walk is about lists, search and images, recommendations' about rows. The number of queries is small unless
//! `BIJOU_TEST_CEILING_QUERIES` names another; a failure names the seed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use bijou_catalog_api::{Offer, Terms, Viewer};
use bijou_passport::Claims;
use bijou_playback::service;
use bijou_playback_api::PlaybackSession;
use bijou_testkit::{TestService, User, databases};
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::json;

use crate::clip::{ingest_episode, ingest_small, library_of};

const QUERIES: u64 = 150;
const FILMS: [&str; 3] = ["zq0x", "zq1x", "zq2x"];
const SHOW: &str = "zq3x";
const EPISODE: &str = "zq3x-e1";
const TERRITORIES: [&str; 3] = ["DE", "FR", "US"];
const AGES: [u8; 6] = [0, 6, 12, 16, 17, 18];

/// On what terms a title is to be seen at the moment.
#[derive(Clone, Default)]
struct Known {
    age: u8,
    offers: Vec<Offer>,
}

/// A catalog that changes its mind.
#[derive(Clone, Default)]
struct Moody(Arc<Mutex<HashMap<String, Known>>>);

impl Moody {
    fn set(&self, title: &str, known: Known) {
        self.0.lock().unwrap().insert(title.to_owned(), known);
    }

    fn get(&self, title: &str) -> Known {
        self.0.lock().unwrap().get(title).cloned().unwrap_or_default()
    }
}

async fn title(State(moody): State<Moody>, Path(id): Path<String>) -> Response {
    if id != SHOW && !FILMS.contains(&id.as_str()) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let Known { age, offers } = moody.get(&id);
    let image = json!({ "url": "/img/x", "width": 1, "height": 1, "tint": "#000000" });
    let kind = if id == SHOW { "show" } else { "movie" };
    Json(json!({
        "id": id, "kind": kind, "name": "Film", "year": 2026, "genres": [], "certification_age": age, "playable": true,
        "artwork": { "poster": image, "backdrop": image }, "added_at": "2026-11-01T00:00:00Z", "language": "en",
        "credits": [], "offers": offers,
    }))
    .into_response()
}

/// Offers that hold now, held once, or will.
fn random_terms(random: &mut StdRng) -> Known {
    let now = Timestamp::now();
    let mut offer = || {
        let from = random.random_range(-20_i64..10);
        let day = |day: i64| now + SignedDuration::from_hours(day * 24 + 12);
        Offer {
            territory: TERRITORIES[random.random_range(0..TERRITORIES.len())].to_owned(),
            from: random.random_bool(0.7).then(|| day(from)),
            until: random.random_bool(0.7).then(|| day(from + random.random_range(1_i64..15))),
        }
    };
    let offers = (0..3).map(|_| offer()).collect::<Vec<_>>();
    let count = if random.random_bool(0.4) { 0 } else { random.random_range(1..=3) };
    Known { age: AGES[random.random_range(0..AGES.len())], offers: offers.into_iter().take(count).collect() }
}

/// A profile of the account, and what they may see at the moment.
fn somebody(service: &TestService, account: &str, profile: &str, random: &mut StdRng) -> (User, Viewer) {
    let maturity = random.random_bool(0.8).then(|| AGES[random.random_range(0..AGES.len())]);
    let territory = random.random_bool(0.8).then(|| TERRITORIES[random.random_range(0..TERRITORIES.len())]);
    let user = service.claims(&Claims {
        profile: Some(profile.to_owned()),
        maturity,
        territory: territory.map(str::to_owned),
        kids: maturity.is_some_and(|age| age <= 6),
        scopes: vec!["viewer".to_owned(), "operator".to_owned()],
        ..Claims::account(account, ["PLAYBACK", "CATALOG", "PROFILES"])
    });
    (user, Viewer::new(maturity, territory))
}

/// One random play, and whether it begins exactly for those who may see the title.
async fn ask(service: &TestService, moody: &Moody, random: &mut StdRng) -> Result<(), String> {
    let at = random.random_range(0..=FILMS.len());
    let id = FILMS.get(at).copied().unwrap_or(SHOW);
    moody.set(id, random_terms(random));
    let known = moody.get(id);
    // An account of its own, whose one place is free.
    let account = format!("acc-{}", random.random::<u64>());
    let (user, viewer) = somebody(service, &account, "ada", random);
    let (other, less) = somebody(service, &account, "kim", random);
    let mut body = json!({ "title_id": id });
    if id == SHOW {
        body["episode_id"] = EPISODE.into();
    }
    let sees = viewer.may_see(Terms { certification_age: known.age, offers: &known.offers }, Timestamp::now());
    let answer = user.post("/v1/playbacks").json(&body).send().await;
    if answer.status != if sees { 201 } else { 404 } {
        return Err(format!("{body} is {answer:?} for {viewer:?}: from {} {:?}", known.age, known.offers));
    }
    if !sees {
        // Not by naming the title of another episode either.
        let film = FILMS[random.random_range(0..FILMS.len())];
        moody.set(film, Known::default());
        let episode = json!({ "title_id": film, "episode_id": id });
        let answer = user.post("/v1/playbacks").json(&episode).send().await;
        let is_itself = film == id && answer.status == 201;
        return if answer.status == 404 || is_itself { Ok(()) } else { Err(format!("{episode} is {answer:?}")) };
    }
    // What another profile of the household may not see, it does not get by a token of somebody who may.
    let session: PlaybackSession = answer.json();
    for url in [&session.manifest.hls, &session.manifest.dash] {
        let status = other.get(url).send().await.status;
        if status != 403 {
            return Err(format!("{url} of {viewer:?} is {status} for {less:?}"));
        }
    }
    // Nor does it hear from a full house which film is too old for it.
    let free = FILMS[usize::from(id == FILMS[0])];
    moody.set(free, Known::default());
    let refused = other.post("/v1/playbacks").json(&json!({ "title_id": free })).send().await;
    let may_know = less.maturity.is_none_or(|ceiling| known.age <= ceiling);
    if refused.status != 409 || refused.text().contains(id) != may_know {
        return Err(format!("{less:?} hears of {id}, from {}: {refused:?}", known.age));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_play_finds_a_way_round_ceiling_and_offers() {
    let queries = bijou_config::variable("BIJOU_TEST_CEILING_QUERIES");
    let queries: u64 = queries.map_or(QUERIES, |count| count.parse().expect("a number of queries"));
    let seed = bijou_testkit::seed();
    let mut random = StdRng::seed_from_u64(seed);
    for database in databases().await {
        let moody = Moody::default();
        let service = TestService::of("playback")
            .database(&database.url)
            .settings("[playback]\nwait_ms = 20000\nstreams_max = 1")
            .stand_in("CATALOG", Router::new().route("/v1/titles/{id}", get(title)).with_state(moody.clone()))
            .start(service)
            .await;
        let library = library_of(&service, &database).await;
        for film in FILMS {
            ingest_small(&library, film).await;
        }
        ingest_episode(&library, SHOW, EPISODE).await;
        for asked in 0..queries {
            if let Err(fault) = ask(&service, &moody, &mut random).await {
                panic!("after {asked} queries of seed {seed} on {}: {fault}", database.engine);
            }
        }
    }
}
