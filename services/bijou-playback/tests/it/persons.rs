//! Playing as a person of a household: what may be seen, where it goes on, how many watch at the same time.

use std::sync::{Arc, Mutex};

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bijou_passport::Claims;
use bijou_playback::service;
use bijou_playback_api::PlaybackSession;
use bijou_testkit::{TestResponse, TestService, User, databases, sqlite_database, wait_until};
use http::StatusCode;
use serde_json::{Value, json};

use crate::clip::{ingest_episode, ingest_file, ingest_small, library_of, with_chapter};

const PROFILES: &str = "PROFILES";
const CATALOG: &str = "CATALOG";

fn viewer(service: &TestService, profile: &str, maturity: Option<u8>) -> User {
    let account = Claims::account("acc-1", ["PLAYBACK", CATALOG, PROFILES]);
    let scopes = vec!["viewer".to_owned()];
    service.claims(&Claims {
        profile: Some(profile.to_owned()),
        maturity,
        territory: Some("DE".to_owned()),
        scopes,
        ..account
    })
}

async fn play(user: &User, body: Value) -> TestResponse {
    user.post("/v1/playbacks").json(&body).send().await
}

async fn session(user: &User, body: Value) -> PlaybackSession {
    let response = play(user, body).await;
    assert_eq!(response.status.as_u16(), 201, "{response:?}");
    response.json()
}

async fn heartbeat(user: &User, session: &PlaybackSession) -> TestResponse {
    user.post(&session.events_url).json(&json!({ "kind": "progress", "position_s": 1 })).send().await
}

/// A catalog that knows these titles by id and age, offered like this.
fn catalog(titles: &'static [(&'static str, u8)], offers: Value) -> Router {
    let answer = move |Path(asked): Path<String>| async move {
        let Some((id, age)) = titles.iter().find(|(id, _)| *id == asked) else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let image = json!({ "url": "/img/x", "width": 1, "height": 1, "tint": "#000000" });
        let title = json!({
            "id": id, "kind": "movie", "name": "Film", "year": 2026, "genres": [], "certification_age": age,
            "playable": true, "artwork": { "poster": image, "backdrop": image }, "added_at": "2026-11-01T00:00:00Z",
            "language": "en", "credits": [], "offers": offers,
        });
        Json(title).into_response()
    };
    Router::new().route("/v1/titles/{id}", get(answer))
}

/// Profiles that knows one position of everybody.
fn positions(playable: &'static str, position_s: f64) -> Router {
    let answer = move |Path(asked): Path<String>| async move {
        if asked != playable {
            return StatusCode::NOT_FOUND.into_response();
        }
        let position = json!({
            "playable_id": asked, "title_id": asked, "position_s": position_s, "duration_s": 3, "at": "2026-11-01T00:00:00Z",
        });
        Json(position).into_response()
    };
    Router::new().route("/v1/me/positions/{id}", get(answer))
}

#[tokio::test]
async fn a_play_goes_on_where_the_profile_stopped_and_begins_without_profiles_too() {
    let database = sqlite_database();
    let service = TestService::of("playback")
        .database(&database.url)
        .settings("[playback]\nwait_ms = 20000")
        .stand_in(PROFILES, positions("film", 1.5))
        .start(service)
        .await;
    let library = library_of(&service, &database).await;
    ingest_small(&library, "film").await;
    ingest_small(&library, "other").await;
    let ada = viewer(&service, "ada", None);
    assert_eq!(session(&ada, json!({ "title_id": "film" })).await.resume_position_s, Some(1.5));
    assert_eq!(session(&ada, json!({ "title_id": "other" })).await.resume_position_s, None);
    // The account as a whole stopped nowhere.
    let account = service.account("acc-2");
    assert_eq!(session(&account, json!({ "title_id": "film" })).await.resume_position_s, None);

    service.remove_peers(PROFILES);
    let begun = session(&ada, json!({ "title_id": "film" })).await;
    assert_eq!(begun.resume_position_s, None);
    assert_eq!(heartbeat(&ada, &begun).await.status.as_u16(), 202);
}

/// An episode and what comes after it: id, season, number, and whether it plays.
type After = (&'static str, Option<(&'static str, u32, u32, bool)>);

/// A catalog that knows the episodes of a show.
fn episodes(after: &'static [After]) -> Router {
    let image = || json!({ "url": "/img/x", "width": 1, "height": 1, "tint": "#000000" });
    let show = move || {
        json!({
            "id": "show", "kind": "show", "name": "Show", "year": 2026, "genres": [], "certification_age": 0,
            "playable": true, "artwork": { "poster": image(), "backdrop": image() }, "added_at": "2026-11-01T00:00:00Z",
            "language": "en", "credits": [], "offers": [],
        })
    };
    let episode = move |Path(asked): Path<String>| async move {
        let Some((id, next)) = after.iter().find(|(id, _)| *id == asked) else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let season = json!({ "id": "s", "show_id": "show", "number": 1, "episode_count": 2 });
        let mut detail = json!({
            "id": id, "show_id": "show", "season_id": "s", "number": 1, "name": id, "playable": true,
            "artwork": image(), "season": season, "show": show(),
        });
        if let Some((next, season, number, playable)) = next {
            detail["next"] = json!({
                "episode_id": next, "season_id": "s", "season": season, "number": number, "name": format!("Part {number}"),
                "playable": playable,
            });
        }
        Json(detail).into_response()
    };
    Router::new().route("/v1/episodes/{id}", get(episode)).route("/v1/titles/{id}", get(async move || Json(show())))
}

#[tokio::test]
async fn a_play_of_an_episode_says_which_one_comes_next() {
    let database = sqlite_database();
    let after: &[After] = &[
        ("e1", Some(("e2", 1, 2, true))),
        ("e2", Some(("e3", 2, 1, true))),
        ("e3", Some(("e4", 2, 2, false))),
        ("e4", None),
    ];
    let service = TestService::of("playback")
        .database(&database.url)
        .settings("[playback]\nwait_ms = 20000\nstreams_max = 9")
        .stand_in(CATALOG, episodes(after))
        .start(service)
        .await;
    let library = library_of(&service, &database).await;
    for (episode, _) in after {
        ingest_episode(&library, "show", episode).await;
    }
    let ada = viewer(&service, "ada", None);
    let next = async |episode: &str| {
        let begun = session(&ada, json!({ "title_id": "show", "episode_id": episode })).await;
        begun.next_episode.map(|next| (next.episode_id, next.season, next.number, next.name))
    };
    assert_eq!(next("e1").await, Some(("e2".to_owned(), 1, 2, "Part 2".to_owned())));
    assert_eq!(next("e2").await, Some(("e3".to_owned(), 2, 1, "Part 1".to_owned())), "the next season's first");
    assert_eq!(next("e3").await, None, "it cannot be played yet");
    assert_eq!(next("e4").await, None, "the last of all");
    // A catalog that is away costs what comes next, and not the film.
    service.remove_peers(CATALOG);
    assert_eq!(next("e1").await, None);
}

#[tokio::test]
async fn a_silent_profiles_delays_a_play_by_no_more_than_it_may() {
    let database = sqlite_database();
    let silent = Router::new().fallback(std::future::pending::<StatusCode>);
    let service = TestService::of("playback")
        .database(&database.url)
        .settings("[playback]\nwait_ms = 50")
        .stand_in(PROFILES, silent)
        .start(service)
        .await;
    ingest_small(&library_of(&service, &database).await, "film").await;
    let begun = session(&viewer(&service, "ada", None), json!({ "title_id": "film" })).await;
    assert_eq!(begun.resume_position_s, None);
}

#[tokio::test]
async fn a_child_plays_what_lies_below_its_ceiling_and_nobody_what_is_not_offered() {
    let database = sqlite_database();
    let elsewhere = json!([{ "territory": "FR" }]);
    for (offers, ceiling, status) in [
        (json!([]), Some(12), 201),
        (json!([]), Some(11), 404),
        (json!([]), None, 201),
        (elsewhere, None, 404),
        (json!([{ "territory": "DE", "until": "2020-01-01T00:00:00Z" }]), None, 404),
        (json!([{ "territory": "DE" }]), Some(12), 201),
    ] {
        let service = TestService::of("playback")
            .database(&database.url)
            .stand_in(CATALOG, catalog(&[("film", 12)], offers.clone()))
            .start(service)
            .await;
        let library = library_of(&service, &database).await;
        ingest_small(&library, "film").await;
        let user = viewer(&service, "kim", ceiling);
        let answer = play(&user, json!({ "title_id": "film" })).await;
        assert_eq!(answer.status.as_u16(), status, "{offers} {ceiling:?}: {answer:?}");
        if status == 404 {
            answer.expect_problem(404, "title-not-playable");
            // The very words of a title that is not there.
            let unknown = play(&user, json!({ "title_id": "no-film" })).await.value();
            let words = |problem: &Value| problem["detail"].as_str().unwrap().replace("no-film", "film");
            let refused = play(&user, json!({ "title_id": "film" })).await.value();
            assert_eq!(words(&refused), words(&unknown));
        }
        service.stop().await;
    }
}

#[tokio::test]
async fn whoever_has_a_ceiling_waits_for_the_catalog_and_everybody_else_does_not() {
    let database = sqlite_database();
    let service = TestService::of("playback").database(&database.url).start(service).await;
    ingest_small(&library_of(&service, &database).await, "film").await;
    let answer = play(&viewer(&service, "kim", Some(18)), json!({ "title_id": "film" })).await;
    answer.expect_problem(503, "unavailable");
    session(&viewer(&service, "ada", None), json!({ "title_id": "film" })).await;

    // What the catalog said last counts while it is away.
    let database = sqlite_database();
    let service = TestService::of("playback")
        .database(&database.url)
        .stand_in(CATALOG, catalog(&[("film", 6)], json!([])))
        .start(bijou_playback::service)
        .await;
    ingest_small(&library_of(&service, &database).await, "film").await;
    session(&viewer(&service, "kim", Some(6)), json!({ "title_id": "film" })).await;
    service.remove_peers(CATALOG);
    session(&viewer(&service, "kim", Some(6)), json!({ "title_id": "film" })).await;
    play(&viewer(&service, "tim", Some(5)), json!({ "title_id": "film" }))
        .await
        .expect_problem(404, "title-not-playable");
}

#[tokio::test]
async fn the_fifth_device_is_told_of_the_other_four_and_may_take_over_on_both_databases() {
    for database in databases().await {
        let service = TestService::of("playback")
            .database(&database.url)
            .stand_in(CATALOG, catalog(&[("film", 16)], json!([])))
            .start(service)
            .await;
        ingest_small(&library_of(&service, &database).await, "film").await;
        let ada = viewer(&service, "ada", None);
        let mut begun = Vec::new();
        for device in ["Kitchen", "Living room", "Ada's phone"] {
            begun.push(session(&ada, json!({ "title_id": "film", "device_name": device })).await);
        }
        begun.push(session(&ada, json!({ "title_id": "film" })).await);
        let refused = play(&ada, json!({ "title_id": "film" })).await;
        refused.expect_problem(409, "too-many-streams");
        let streams = refused.value()["streams"].as_array().unwrap().clone();
        let names: Vec<_> = streams.iter().map(|stream| stream["device_name"].as_str().unwrap()).collect();
        assert_eq!(names, ["Kitchen", "Living room", "Ada's phone", "A device without a name"], "{}", database.engine);
        assert_eq!(streams[1]["playback_id"], begun[1].id.as_str());
        assert_eq!(streams[1]["title_id"], "film");
        assert!(streams[1]["started_at"].is_string());

        let taken = session(&ada, json!({ "title_id": "film", "take_over": begun[1].id })).await;
        heartbeat(&ada, &begun[1]).await.expect_problem(409, "taken-over");
        let player = service.anonymous();
        player.get(&begun[1].manifest.hls).send().await.expect_problem(409, "taken-over");
        let segment =
            |session: &PlaybackSession| session.manifest.hls.replace("/m/", "/s/").replace("master.m3u8", "v90.mp4");
        player.get(&segment(&begun[1])).send().await.expect_problem(409, "taken-over");
        assert_eq!(player.get(&segment(&begun[0])).send().await.status.as_u16(), 200);
        assert_eq!(heartbeat(&ada, &taken).await.status.as_u16(), 202);

        // A restart forgets nothing of it.
        let data = service.stop().await;
        let again = TestService::of("playback").database(&database.url).data(data).start(bijou_playback::service).await;
        again.anonymous().get(&begun[1].manifest.hls).send().await.expect_problem(409, "taken-over");
    }
}

#[tokio::test]
async fn a_child_hears_that_all_places_are_held_but_not_by_which_films() {
    let database = sqlite_database();
    let titles = catalog(&[("film", 16), ("tale", 0)], json!([]));
    let service = TestService::of("playback")
        .database(&database.url)
        .settings("[playback]\nstreams_max = 1")
        .stand_in(CATALOG, titles)
        .start(service)
        .await;
    let library = library_of(&service, &database).await;
    ingest_small(&library, "film").await;
    ingest_small(&library, "tale").await;
    session(&viewer(&service, "ada", None), json!({ "title_id": "film" })).await;
    for (profile, ceiling, title) in
        [("ada", None, Some("film")), ("tim", Some(16), Some("film")), ("kim", Some(6), None)]
    {
        let refused = play(&viewer(&service, profile, ceiling), json!({ "title_id": "tale" })).await;
        refused.expect_problem(409, "too-many-streams");
        assert_eq!(refused.value()["streams"][0].get("title_id").and_then(Value::as_str), title, "{profile}");
    }
}

#[tokio::test]
async fn a_token_is_of_no_use_to_another_profile_that_says_who_it_is() {
    let database = sqlite_database();
    let service = TestService::of("playback").database(&database.url).start(service).await;
    ingest_small(&library_of(&service, &database).await, "film").await;
    let begun = session(&viewer(&service, "ada", None), json!({ "title_id": "film" })).await;
    let kim = viewer(&service, "kim", Some(6));
    kim.get(&begun.manifest.hls).send().await.expect_problem(403, "playback-token-other-profile");
    heartbeat(&kim, &begun).await.expect_problem(404, "playback-not-found");
    assert_eq!(viewer(&service, "ada", None).get(&begun.manifest.hls).send().await.status.as_u16(), 200);
}

#[tokio::test]
async fn operators_say_what_may_be_skipped() {
    let database = sqlite_database();
    let service = TestService::of("playback").database(&database.url).start(service).await;
    ingest_small(&library_of(&service, &database).await, "film").await;
    let ada = viewer(&service, "ada", None);
    let operator = Claims { scopes: vec!["operator".to_owned()], ..Claims::account("op", ["PLAYBACK"]) };
    let operator = service.claims(&operator);
    assert_eq!(session(&ada, json!({ "title_id": "film" })).await.marks, None);
    let marks = json!({ "intro": { "start_s": 0.0, "end_s": 1.0 }, "credits": { "start_s": 1.5 } });
    ada.put("/v1/marks/film").json(&marks).send().await.expect_problem(403, "scope-missing");
    assert_eq!(operator.put("/v1/marks/film").json(&marks).send().await.status.as_u16(), 204);
    assert_eq!(operator.get("/v1/marks/film").send().await.value(), marks);
    let told = session(&ada, json!({ "title_id": "film" })).await.marks.unwrap();
    assert_eq!(json!(told), marks);
    let beyond = json!({ "credits": { "start_s": 500 } });
    operator.put("/v1/marks/film").json(&beyond).send().await.expect_problem(422, "marks-invalid");
    operator.put("/v1/marks/nothing").json(&marks).send().await.expect_problem(404, "title-not-playable");
    assert_eq!(operator.delete("/v1/marks/film").send().await.status.as_u16(), 204);
    assert_eq!(session(&ada, json!({ "title_id": "film" })).await.marks, None);
}

#[tokio::test]
async fn chapters_and_a_file_beside_the_film_say_what_may_be_skipped() {
    let database = sqlite_database();
    let service = TestService::of("playback").database(&database.url).start(service).await;
    let library = library_of(&service, &database).await;
    let folder = tempfile::tempdir().unwrap();
    let film = folder.path().join("Film (2010).mkv");
    with_chapter(&film, "Intro", 0, 1);
    ingest_file(&library, &film, "film", Vec::new()).await.unwrap();
    let ada = viewer(&service, "ada", None);
    let told = session(&ada, json!({ "title_id": "film" })).await.marks;
    assert_eq!(json!(told), json!({ "intro": { "start_s": 0.0, "end_s": 1.0 } }));

    let beside = folder.path().join("Film (2010).marks.toml");
    std::fs::write(&beside, "credits = 1.75").unwrap();
    ingest_file(&library, &film, "film", Vec::new()).await.unwrap();
    let told = session(&ada, json!({ "title_id": "film" })).await.marks;
    assert_eq!(json!(told), json!({ "credits": { "start_s": 1.75 } }));

    std::fs::write(&beside, "credits = 1750").unwrap();
    let refused = ingest_file(&library, &film, "film", Vec::new()).await.unwrap_err();
    assert!(refused.to_string().contains("Film (2010).marks.toml"), "{refused}");
}

#[derive(Clone, Default)]
struct Erasing {
    /// Bodies of acknowledgements, by erasure.
    heard: Arc<Mutex<Vec<(String, Value)>>>,
}

async fn profile_events() -> Json<Value> {
    let event = json!({
        "specversion": "1.0", "id": "1", "source": "/bijou/profiles", "type": "profile.deleted", "subject": "kim",
        "time": "2026-11-01T00:00:00Z", "datacontenttype": "application/json", "seq": "1",
        "data": { "erasure_id": "e1", "profile_id": "kim", "account_id": "acc-1" },
    });
    Json(json!({ "items": [event], "next": "1", "head": "1" }))
}

async fn acknowledge(State(erasing): State<Erasing>, Path(id): Path<String>, Json(body): Json<Value>) -> Response {
    erasing.heard.lock().unwrap().push((id, body));
    StatusCode::NO_CONTENT.into_response()
}

#[tokio::test]
async fn what_is_kept_of_a_deleted_profile_goes_and_profiles_is_told_on_both_databases() {
    for database in databases().await {
        let builder = TestService::of("playback").database(&database.url);
        let service = builder.start(service).await;
        ingest_small(&library_of(&service, &database).await, "film").await;
        let kim = viewer(&service, "kim", None);
        let begun = session(&kim, json!({ "title_id": "film", "device_name": "Kitchen" })).await;
        heartbeat(&kim, &begun).await;
        let record = service.service("profiles").get("/v1/records/kim").send().await.expect(200).value();
        let kept = &record["sessions"][0];
        assert_eq!((&kept["id"], &kept["title_id"]), (&json!(begun.id), &json!("film")), "{record}");
        assert_eq!((&kept["device_name"], &kept["state"]), (&json!("Kitchen"), &json!("progress")), "{record}");
        let others = service.service("profiles").get("/v1/records/ada").send().await.expect(200).value();
        assert_eq!(others, json!({ "sessions": [] }));
        for stranger in [&kim, &service.service("catalog")] {
            stranger.get("/v1/records/kim").send().await.expect_problem(403, "service-only");
        }
        let data = service.stop().await;

        let erasing = Erasing::default();
        let profiles = Router::new()
            .route("/events", get(profile_events))
            .route("/v1/erasures/{id}/acknowledgements", post(acknowledge))
            .with_state(erasing.clone());
        let again = TestService::of("playback")
            .database(&database.url)
            .data(data)
            .stand_in(PROFILES, profiles)
            .start(bijou_playback::service)
            .await;
        wait_until("the acknowledgement", async || !erasing.heard.lock().unwrap().is_empty()).await;
        let heard = erasing.heard.lock().unwrap().clone();
        // One session and one event.
        assert_eq!(heard[0], ("e1".to_owned(), json!({ "removed": 2 })), "{}", database.engine);
        let record = again.service("profiles").get("/v1/records/kim").send().await.expect(200).value();
        assert_eq!(record, json!({ "sessions": [] }));
        let told = again.service("recommendations").get("/events?after=0&limit=100").send().await.text();
        assert!(told.contains("playback.progress") && !told.contains("kim"), "{told}");
        wait_until("the token to be refused", async || {
            again.anonymous().get(&begun.manifest.hls).send().await.status.as_u16() == 410
        })
        .await;
    }
}
