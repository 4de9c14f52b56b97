//! A household: several people in one account, each with a page of their own, and a child who sees what a child may see.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use crate::http::{Answer, delete, get, patch, post, post_form, put};
use crate::platform::{Platform, bijou, is_still, output, signal, wait_for};

const SOON: Duration = Duration::from_mins(1);

const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// A profile of the signed-in account: its id.
#[track_caller]
fn make_profile(base: &str, token: &str, profile: &Value) -> String {
    let made = post(base, "/v1/profiles", profile).bearer(token).send().expect(201).json();
    made["id"].as_str().unwrap().to_owned()
}

fn exchange(base: &str, token: &str, profile: &str, pin: Option<&str>) -> Answer {
    let resource = format!("urn:bijou:profile:{profile}");
    let mut form = vec![
        ("grant_type", EXCHANGE),
        ("subject_token", token),
        ("subject_token_type", ACCESS_TOKEN),
        ("resource", resource.as_str()),
    ];
    form.extend(pin.map(|pin| ("pin", pin)));
    post_form(base, "/oauth/token", &form).send()
}

/// A token of this profile.
#[track_caller]
pub fn become_profile(base: &str, token: &str, profile: &str) -> String {
    exchange(base, token, profile, None).expect(200).json()["access_token"].as_str().unwrap().to_owned()
}

/// Every card of the page's first part, the leading one among them.
fn cards(page: &Value) -> Vec<Value> {
    let rows = page["rows"].as_array().unwrap().iter();
    let cards = rows.flat_map(|row| row["items"].as_array().unwrap());
    cards.chain(page.get("hero")).cloned().collect()
}

fn row<'a>(page: &'a Value, kind: &str) -> Option<&'a Value> {
    page["rows"].as_array().unwrap().iter().find(|row| row["kind"] == kind)
}

/// A report of a film that was paused.
fn position(title: &str, session: &str, seq: u32, position_s: f64, duration_s: f64) -> Value {
    json!({
        "title_id": title, "session": session, "seq": seq, "position_s": position_s, "duration_s": duration_s,
        "at": now(), "state": "paused",
    })
}

/// RFC 3339, to the second.
fn now() -> String {
    let seconds = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs().cast_signed();
    jiff::Timestamp::from_second(seconds).unwrap().to_string()
}

#[test]
fn each_person_has_a_page_of_their_own_and_goes_on_where_they_stopped() {
    let platform = Platform::start(&[]);
    let base = platform.gateway();
    let account = platform.sign_up("household@example.org");
    let first = get(&base, "/v1/profiles").bearer(&account).send().expect(200).json();
    let ada_id = first["items"][0]["id"].as_str().expect("nobody meets an empty screen").to_owned();
    let bob = make_profile(&base, &account, &json!({ "name": "Bob" }));
    let (ada, bob) = (become_profile(&base, &account, &ada_id), become_profile(&base, &account, &bob));

    // Recommendations hear of the first film a moment after the platform is open.
    let mut film = Value::Null;
    wait_for("a film that plays on the page", SOON, || {
        let page = get(&base, "/v1/home").bearer(&ada).send();
        let cards = if page.status == 200 { cards(&page.json()) } else { Vec::new() };
        film = cards.into_iter().find(|c| c["playable"] == true && c["kind"] == "movie").unwrap_or_default();
        film.is_object()
    });
    let id = film["title_id"].as_str().unwrap();
    let playback = post(&base, "/v1/playbacks", &json!({ "title_id": id })).bearer(&ada).send().expect(201).json();
    assert!(playback.get("resume_position_s").is_none(), "{playback}");
    let (session, length) = (playback["id"].as_str().unwrap(), playback["duration_s"].as_f64().unwrap());
    let started = json!({ "kind": "started", "position_s": 0 });
    post(&base, &format!("/v1/playbacks/{session}/events"), &started).bearer(&ada).send().expect(202);
    let stopped_at = (length * 0.5).floor();
    let report = position(id, session, 1, stopped_at, length);
    assert!(put(&base, &format!("/v1/me/positions/{id}")).json(&report).bearer(&ada).send().status < 300);

    // The very next page knows.
    let after = get(&base, "/v1/home").bearer(&ada).send().expect(200).json();
    let going_on = row(&after, "continue").unwrap_or_else(|| panic!("no row to go on watching: {after}"));
    assert_eq!(going_on["items"][0]["title_id"], id);
    let progress = &going_on["items"][0]["progress"]["position_s"];
    assert!((progress.as_f64().unwrap() - stopped_at).abs() < 0.01, "{progress}");
    let others = get(&base, "/v1/home").bearer(&bob).send().expect(200).json();
    assert!(row(&others, "continue").is_none(), "{others}");
    get(&base, &format!("/v1/me/positions/{id}")).bearer(&bob).send().expect(404);

    // On any screen: another play of the same person begins there, of another person at the start.
    let again = post(&base, "/v1/playbacks", &json!({ "title_id": id })).bearer(&ada).send().expect(201).json();
    assert_eq!(again["resume_position_s"].as_f64(), Some(stopped_at), "{again}");
    let other = post(&base, "/v1/playbacks", &json!({ "title_id": id })).bearer(&bob).send().expect(201).json();
    assert!(other.get("resume_position_s").is_none(), "{other}");
    telemetry_knows_no_profile(&platform, &ada_id, session);

    // What was paused is written: a kill loses nothing of it.
    let killed = platform.kill("profiles");
    wait_for("new profiles", SOON, || platform.pid("profiles").is_some_and(|pid| pid != killed));
    let asked = get(&base, &format!("/v1/me/positions/{id}")).bearer(&ada);
    wait_for("the position after the kill", SOON, || asked.try_send().is_ok_and(|answer| answer.status == 200));
    assert_eq!(asked.send().expect(200).json()["position_s"].as_f64(), Some(stopped_at));

    let history = get(&base, "/v1/me/history").bearer(&ada).send().expect(200).json();
    assert_eq!(history["items"][0]["title_id"], id, "{history}");
    let entry = history["items"][0]["id"].as_str().unwrap();
    delete(&base, &format!("/v1/me/history/{entry}")).bearer(&ada).send().expect(204);
    let history = get(&base, "/v1/me/history").bearer(&ada).send().expect(200).json();
    assert_eq!(history["items"].as_array().map(Vec::len), Some(0), "{history}");

    a_deleted_profile_is_in_no_telemetry(&platform, &base);
    finds_the_taste_of_the_members(&base, &account);
}

/// What is collected outlives a profile that is deleted: it knows the playback, and not whose evening that was.
#[track_caller]
fn telemetry_knows_no_profile(platform: &Platform, profile: &str, playback: &str) {
    let lines = |word: &str| {
        let mut command = bijou();
        let (output, errors) = output(command.args(["logs", word, "--data"]).arg(platform.folder()));
        assert!(output.status.success(), "{errors}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    wait_for("what playback says of it", Duration::from_mins(2), || {
        let said = lines(playback);
        said.contains("begins in up to") && said.contains("started at 0.0 s")
    });
    assert_eq!(lines(profile), "");
}

/// A profile that was changed, guarded, chosen, exported, deleted and asked for afterwards: nothing of what the console keeps
/// on its disk, spans, lines and told requests, says which one that was.
#[track_caller]
fn a_deleted_profile_is_in_no_telemetry(platform: &Platform, base: &str) {
    let account = platform.sign_up("farewell@example.org");
    let id = make_profile(base, &account, &json!({ "name": "Eve" }));
    let path = format!("/v1/profiles/{id}");
    patch(base, &path, &json!({ "name": "Eva" })).bearer(&account).send().expect(200);
    put(base, &format!("{path}/pin")).json(&json!({ "pin": "1357" })).bearer(&account).send().expect(204);
    exchange(base, &account, &id, Some("1111")).expect(400);
    exchange(base, &account, &id, Some("1357")).expect(200);
    // Everybody who keeps something about profiles is asked for it.
    let export = post(base, &format!("{path}/exports"), &json!({})).bearer(&account).send().expect(202);
    let export = get(base, &export.headers["location"]).bearer(&account);
    wait_for("the export", SOON, || export.send().expect(200).json()["state"] == "ready");
    let deleted = delete(base, &path).bearer(&account).send().expect(202);
    let erasure = get(base, &deleted.headers["location"]).bearer(&account);
    wait_for("everybody to have deleted it", SOON, || erasure.send().expect(200).json()["state"] == "done");
    get(base, &path).bearer(&account).send().expect(404);
    exchange(base, &account, &id, None).expect(400);

    let kept = || text_below(&platform.folder().join("telemetry"));
    // The last of its requests, and what that looks like.
    let last = get(base, "/v1/profiles").bearer(&account).send().expect(200).headers["x-request-id"].clone();
    wait_for("the archive to have the last request", SOON, || kept().contains(&last));
    let kept = kept();
    assert!(kept.contains(&format!("/v1/profiles/{}…/pin", &id[..4])), "its requests are not there at all");
    for form in [id.clone(), id.replace('-', "")] {
        assert!(!kept.contains(&form), "`{form}` is in the archive: {}", around(&kept, &form));
    }
}

/// All that the files below a folder say.
fn text_below(folder: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text.push_str(&text_below(&path));
        } else {
            // One that was removed meanwhile is kept nowhere.
            text.push_str(&String::from_utf8_lossy(&fs::read(&path).unwrap_or_default()));
        }
    }
    text
}

/// Where a word was found, with what stands before it.
fn around(text: &str, word: &str) -> String {
    let before = text.split(word).next().unwrap_or_default();
    let words: Vec<char> = before.chars().rev().take(200).collect();
    words.into_iter().rev().collect()
}

/// The taste that the demo's members were given: who watched two films of one circle is led to the rest of it, by a model
/// that the platform made of them by itself.
#[track_caller]
fn finds_the_taste_of_the_members(base: &str, account: &str) {
    let circles = [
        (["bo-lanterns", "bo-small-hours"], ["bo-northbound", "bo-penumbra", "bo-tidal"]),
        (["bo-rule-110", "bo-sierpinski-street"], ["bo-short-circuits", "bo-long-zoom", "bo-carousel"]),
    ];
    for (watched, expected) in circles {
        let person = make_profile(base, account, &json!({ "name": format!("Friend of {}", watched[0]) }));
        let person = become_profile(base, account, &person);
        for film in watched {
            let report = position(film, &format!("session-of-{film}"), 1, 19.0, 20.0);
            let put = put(base, &format!("/v1/me/positions/{film}")).json(&report).bearer(&person).send();
            assert!(put.status < 300, "{put:?}");
        }
        let mut led_to = Vec::new();
        wait_for("a page by a model", Duration::from_mins(2), || {
            let page = get(base, "/v1/home").bearer(&person).send();
            let page = if page.status == 200 { page.json() } else { return false };
            let Some(picks) = row(&page, "top_picks").filter(|picks| picks.get("fallback").is_none()) else {
                return false;
            };
            // What plays already comes first, whatever it is: how much does, the encoder's speed decides.
            let waiting = picks["items"].as_array().unwrap().iter().filter(|card| card["playable"] == false);
            led_to = waiting.map(|card| card["title_id"].as_str().unwrap().to_owned()).take(3).collect();
            led_to.iter().filter(|id| expected.contains(&id.as_str())).count() >= 2
        });
        assert!(
            !led_to.iter().any(|id| watched.contains(&id.as_str())),
            "what was seen is not recommended: {led_to:?}"
        );
    }
}

#[test]
fn a_child_sees_what_a_child_may_see() {
    const CEILING: u64 = 7;
    let platform = Platform::start(&[]);
    let base = platform.gateway();
    let account = platform.sign_up("parent@example.org");
    let profiles = get(&base, "/v1/profiles").bearer(&account).send().expect(200).json();
    let parent = profiles["items"][0]["id"].as_str().unwrap().to_owned();
    let pin = put(&base, &format!("/v1/profiles/{parent}/pin")).json(&json!({ "pin": "2468" })).bearer(&account).send();
    assert!(pin.status < 300, "{}", pin.text());
    let child = make_profile(&base, &account, &json!({ "name": "Kim", "kids": true, "maturity": CEILING }));
    let child = become_profile(&base, &account, &child);

    // What there is above the ceiling, by the eyes of a grown-up.
    let everything = all_titles(&base, Some(&account_before_children(&platform)));
    let (above, below): (Vec<_>, Vec<_>) = everything.iter().partition(|title| age(title) > CEILING);
    assert!(above.len() > 3 && below.len() > 3, "{} above, {} below", above.len(), below.len());

    let seen = all_titles(&base, Some(&child));
    assert_eq!(seen.len(), below.len());
    assert!(seen.iter().all(|title| age(title) <= CEILING), "{seen:?}");
    let page = get(&base, "/v1/home").bearer(&child).send().expect(200).json();
    assert!(!cards(&page).is_empty(), "{page}");
    for card in cards(&page) {
        assert!(card["certification_age"].as_u64().unwrap() <= CEILING, "{card}");
    }
    for title in &above {
        let (id, name) = (title["id"].as_str().unwrap(), title["name"].as_str().unwrap());
        get(&base, &format!("/v1/titles/{id}")).bearer(&child).send().expect(404);
        get(&base, &format!("/v1/similar/{id}")).bearer(&child).send().expect(404);
        let word = name.split(' ').max_by_key(|word| word.len()).unwrap().replace(|c: char| !c.is_alphanumeric(), "");
        let found = get(&base, &format!("/v1/search?q={word}")).bearer(&child).send().expect(200).json();
        assert!(found["items"].as_array().unwrap().iter().all(|item| item["title_id"] != id), "{found}");
        if title["playable"] == true {
            let refused = post(&base, "/v1/playbacks", &json!({ "title_id": id })).bearer(&child).send();
            assert!(matches!(refused.status, 403 | 404), "{id}: {} {}", refused.status, refused.text());
        }
    }

    // A child neither becomes a grown-up nor manages the household.
    let wrong = exchange(&base, &child, &parent, None).expect(400).json();
    assert_eq!(wrong["error"], "invalid_grant", "{wrong}");
    exchange(&base, &child, &parent, Some("1357")).expect(400);
    let change = json!({ "maturity": 18 });
    let own = get(&base, "/v1/profiles").bearer(&account).send().expect(200).json();
    let kim = own["items"].as_array().unwrap().iter().find(|profile| profile["kids"] == true).unwrap().clone();
    let kim = kim["id"].as_str().unwrap();
    let refused = patch(&base, &format!("/v1/profiles/{kim}"), &change).bearer(&child).send().expect(403).json();
    assert_eq!(refused["code"], "kids-profile");
    exchange(&base, &child, &parent, Some("2468")).expect(200);
}

#[test]
fn a_page_comes_without_profiles_too_and_says_what_is_missing() {
    let platform = Platform::start(&["--no-demo"]);
    let base = platform.gateway();
    let account = platform.sign_up("degraded@example.org");
    let profiles = get(&base, "/v1/profiles").bearer(&account).send().expect(200).json();
    let token = become_profile(&base, &account, profiles["items"][0]["id"].as_str().unwrap());
    // Until the catalog has told its titles, there is no page at all.
    let asked = get(&base, "/v1/home").bearer(&token);
    wait_for("the whole page", SOON, || asked.try_send().is_ok_and(|answer| answer.status == 200));

    // Silent, not gone: the worst of its failures, since nobody hears that it has gone.
    let pid = platform.pid("profiles").unwrap();
    signal(pid, "STOP");
    // A thread that runs just now may answer one more question.
    wait_for("profiles to stand still", SOON, || is_still(pid));
    let page = asked.send();
    signal(pid, "CONT");
    assert_eq!(page.expect(200).json()["missing"], json!(["profiles"]));
}

#[test]
fn a_kill_while_a_film_plays_loses_no_more_than_was_told_since_the_last_write() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("often.toml");
    fs::write(&config, "[profiles]\npositions_write_s = 1\n").unwrap();
    let flags = ["--no-demo", "--config", &config.display().to_string()];
    let platform = Platform::start_in(&folder.path().join("data"), &flags);
    let base = platform.gateway();
    let account = platform.sign_up("evening@example.org");
    let profiles = get(&base, "/v1/profiles").bearer(&account).send().expect(200).json();
    let token = become_profile(&base, &account, profiles["items"][0]["id"].as_str().unwrap());
    let path = "/v1/me/positions/film";
    let plays_on = |seq: u32, position_s: f64| {
        let mut report = position("film", "evening", seq, position_s, 6_000.0);
        report["state"] = json!("playing");
        put(&base, path).json(&report).bearer(&token).send().expect(204);
    };

    // It waits in memory, until nothing waits any more.
    plays_on(1, 100.0);
    let (_, instance) = platform.instances("PROFILES").remove(0);
    wait_for("the first report to be written", SOON, || {
        get(&instance, "/metrics").send().expect(200).text().lines().any(|line| line == "bijou_positions_waiting 0")
    });
    plays_on(2, 130.0);
    let killed = platform.kill("profiles");
    wait_for("new profiles", SOON, || platform.pid("profiles").is_some_and(|pid| pid != killed));
    let asked = get(&base, path).bearer(&token);
    wait_for("the position after the kill", SOON, || asked.try_send().is_ok_and(|answer| answer.status < 500));
    let left = asked.send().expect(200).json()["position_s"].as_f64();
    assert!(left == Some(100.0) || left == Some(130.0), "{left:?}");
    // The player has not noticed.
    plays_on(3, 160.0);
    assert_eq!(asked.send().expect(200).json()["position_s"].as_f64(), Some(160.0));
}

#[test]
fn a_television_is_signed_in_with_a_code_from_the_phone() {
    let platform = Platform::start(&["--no-demo"]);
    let base = platform.gateway();
    let phone = platform.sign_up("phone@example.org");
    let television = [("client_id", "bijou-tv"), ("device_name", "Living room")];
    let begin = || post_form(&base, "/oauth/device_authorization", &television).send().expect(200).json();
    let poll = |code: &Value| {
        let form = [("grant_type", DEVICE), ("device_code", code.as_str().unwrap()), ("client_id", "bijou-tv")];
        post_form(&base, "/oauth/token", &form).send()
    };
    let waiting = poll(&begin()["device_code"]).expect(400).json();
    assert_eq!(waiting["error"], "authorization_pending");

    // Another one is asked for first when it is decided: nobody has to wait for the interval.
    let begun = begin();
    let user_code = begun["user_code"].as_str().unwrap();
    let complete = begun["verification_uri_complete"].as_str().unwrap();
    assert!(complete.contains(user_code), "{complete}");
    let asked = get(&base, &format!("/v1/device-codes/{user_code}")).bearer(&phone).send().expect(200).json();
    assert_eq!(asked["device_name"], "Living room");
    get(&base, &format!("/v1/device-codes/{user_code}")).send().expect(401);
    let decision = json!({ "approve": true });
    let decide = put(&base, &format!("/v1/device-codes/{user_code}/decision")).json(&decision).bearer(&phone);
    decide.send().expect(204);

    let granted = poll(&begun["device_code"]).expect(200).json();
    let token = granted["access_token"].as_str().unwrap();
    get(&base, "/v1/accounts/me").bearer(token).send().expect(200);
    let sessions = get(&base, "/v1/sessions").bearer(&phone).send().expect(200).json();
    let names: Vec<_> = sessions["items"].as_array().unwrap().iter().map(|one| one["device_name"].clone()).collect();
    assert!(names.contains(&json!("Living room")), "{sessions}");
    // Once only.
    poll(&begun["device_code"]).expect(400);
}

/// A token without a ceiling: of an account that has neither children nor PINs.
fn account_before_children(platform: &Platform) -> String {
    platform.sign_up("grown-up@example.org")
}

fn age(title: &Value) -> u64 {
    title["certification_age"].as_u64().unwrap_or_else(|| panic!("no age in {title}"))
}

fn all_titles(base: &str, token: Option<&str>) -> Vec<Value> {
    let mut titles = Vec::new();
    let mut path = "/v1/titles?limit=100".to_owned();
    loop {
        let request = get(base, &path);
        let page = token.map_or(request.clone(), |token| request.bearer(token)).send().expect(200).json();
        titles.extend(page["items"].as_array().unwrap().iter().cloned());
        let Some(next) = page["next"].as_str() else { return titles };
        path = format!("/v1/titles?limit=100&cursor={next}");
    }
}
