//! The story, by HTTP: sign up, sign in, home, title, playback, manifest, segment; and again after a restart.

use std::time::Duration;

use serde_json::{Value, json};

use crate::http::{get, post};
use crate::platform::{Platform, wait_for};

#[test]
fn a_person_signs_up_and_plays_a_film() {
    let platform = Platform::start(&[]);
    let base = platform.gateway();
    let token = platform.sign_up("ada@example.org");

    // Recommendations hear of the first film a moment after the platform is open.
    let mut playable = Value::Null;
    wait_for("a playable title on the home page", Duration::from_mins(1), || {
        let answer = get(&base, "/v1/home").bearer(&token).send();
        if answer.status != 200 {
            return false;
        }
        let home = answer.json();
        let rows = home["rows"].as_array().unwrap();
        assert!(!rows.is_empty(), "{home}");
        let mut cards = rows.iter().flat_map(|row| row["items"].as_array().unwrap()).chain([&home["hero"]]);
        playable = cards.find(|card| card["playable"] == true).cloned().unwrap_or_default();
        playable.is_object()
    });
    assert!(playable["reason"]["text"].as_str().is_some_and(|text| !text.is_empty()), "{playable}");

    let id = playable["title_id"].as_str().unwrap();
    let title = get(&base, &format!("/v1/titles/{id}")).bearer(&token).send().expect(200).json();
    assert_eq!(title["id"], id);

    let playback = post(&base, "/v1/playbacks", &json!({ "title_id": id })).bearer(&token).send().expect(201).json();
    let master = playback["manifest"]["hls"].as_str().unwrap();
    let manifest = get(&base, master).send().expect(200).text();
    assert!(manifest.starts_with("#EXTM3U"), "{manifest}");
    let variant = beside(master, manifest.lines().find(|line| !line.starts_with('#') && !line.is_empty()).unwrap());
    let media = get(&base, &variant).send().expect(200).text();
    let segment = beside(&variant, media.lines().find(|line| !line.starts_with('#') && !line.is_empty()).unwrap());
    let bytes = get(&base, &segment).send().expect(200).body;
    assert!(bytes.len() > 1000, "a segment of {} bytes", bytes.len());
    let part = get(&base, &segment).header("range", "bytes=0-99").send().expect(206);
    assert_eq!(part.body, bytes[..100]);

    let playback_id = playback["id"].as_str().unwrap();
    let started = json!({ "kind": "started", "position_s": 0 });
    post(&base, &format!("/v1/playbacks/{playback_id}/events"), &started).bearer(&token).send().expect(202);
}

#[test]
fn without_a_token_nothing_is_played_and_nobody_is_shown() {
    let platform = Platform::start(&["--no-demo"]);
    let base = platform.gateway();
    for request in [get(&base, "/v1/accounts/me"), post(&base, "/v1/playbacks", &json!({ "title_id": "x" }))] {
        let answer = request.send().expect(401);
        assert_eq!(answer.headers["content-type"], "application/problem+json");
        assert!(answer.json()["request_id"].is_string(), "{}", answer.text());
    }
    let answer = get(&base, "/s/some-asset/some-token/1.m4s").send();
    assert!(matches!(answer.status, 401 | 403 | 404), "{}", answer.text());
    get(&base, "/v1/no-such-thing").send().expect(404);
}

#[test]
fn the_merged_document_names_every_services_paths() {
    let platform = Platform::start(&["--no-demo"]);
    let expected = ["/v1/accounts", "/v1/titles", "/v1/home", "/v1/playbacks"];
    // A service's document is fetched once the gateway has heard of the service.
    wait_for("all documents", Duration::from_secs(20), || {
        let document = get(&platform.gateway(), "/openapi.json").send().expect(200).json();
        expected.iter().all(|path| document["paths"][path].is_object())
    });
}

#[test]
fn after_a_restart_of_everything_accounts_and_titles_are_there() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (token, titles) = {
        let mut platform = Platform::start_in(&data, &[]);
        let token = platform.sign_up("grace@example.org");
        let titles = titles(&platform, &token);
        assert!(titles > 10, "the demo library has {titles} titles");
        assert!(platform.stop().success());
        (token, titles)
    };
    let platform = Platform::start_in(&data, &[]);
    let again = platform.sign_in("grace@example.org", "a long enough password").expect(201).json();
    let fresh = again["access_token"].as_str().unwrap();
    assert_eq!(self::titles(&platform, fresh), titles);
    // Keys are kept as well: who was signed in stays so.
    get(&platform.gateway(), "/v1/accounts/me").bearer(&token).send().expect(200);
}

#[test]
fn all_roles_in_one_process_tell_the_same_story() {
    let mut platform = Platform::start(&["--one-process", "--no-demo"]);
    let pids = platform.pids();
    assert!(pids.iter().all(|pid| *pid == platform.supervisor_pid()), "{pids:?}");
    let token = platform.sign_up("alan@example.org");
    get(&platform.gateway(), "/v1/titles").bearer(&token).send().expect(200);
    assert!(platform.stop().success());
}

fn titles(platform: &Platform, token: &str) -> usize {
    let page = get(&platform.gateway(), "/v1/titles?limit=100").bearer(token).send().expect(200).json();
    page["items"].as_array().unwrap().len()
}

/// A reference in a manifest, as a path: relative to the manifest, or absolute.
fn beside(manifest: &str, reference: &str) -> String {
    if reference.starts_with('/') {
        return reference.to_owned();
    }
    let (folder, _) = manifest.rsplit_once('/').unwrap();
    let mut parts: Vec<_> = folder.split('/').collect();
    for part in reference.split('/') {
        match part {
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}
