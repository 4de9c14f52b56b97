//! An operator at work: signs in with an account, looks at an instance, quietens, takes out and restarts it, and finds
//! all of it in the audit; asks the doctor, who asks the owners.

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};

use crate::household::become_profile;
use crate::http::{Request, delete, get, post, post_form, put};
use crate::platform::{Platform, wait_for};

const HEARD_MAX: Duration = Duration::from_secs(20);

/// The demo film that is made first, on a busy machine.
const FILM_MAX: Duration = Duration::from_mins(2);

#[test]
fn an_operator_changes_an_instance_and_the_audit_knows() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    // First the account, then the list: a listed address cannot sign up any more.
    {
        let mut platform = Platform::start_in(&data, &["--no-demo"]);
        platform.sign_up("ops@example.org");
        platform.sign_up("ada@example.org");
        assert!(platform.stop().success());
    }
    let config = folder.path().join("operators.toml");
    fs::write(&config, "[identity]\noperators = ['ops@example.org']\n").unwrap();
    let platform = Platform::start_in(&data, &["--no-demo", "--config", &config.display().to_string()]);
    let operator = platform.state()["operator"].as_str().unwrap().to_owned();
    let sign_in = |email: &str, password: &str| {
        post(&operator, "/api/session", &json!({ "email": email, "password": password })).send()
    };
    assert_eq!(sign_in("ada@example.org", "a long enough password").expect(403).json()["code"], "not-an-operator");
    sign_in("ops@example.org", "a wrong password").expect(401);
    let answer = sign_in("ops@example.org", "a long enough password").expect(204);
    let cookie = answer.headers["set-cookie"].split(';').next().unwrap().to_owned();
    let as_operator = |request: Request| request.header("cookie", &cookie);

    platform.sign_in("ada@example.org", "a wrong password").expect(401);
    let ada = platform.sign_in("ada@example.org", "a long enough password").expect(201).json();
    let account = ada["account"]["id"].as_str().unwrap();
    let refresh_token = ada["refresh_token"].as_str().unwrap();
    let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
    post_form(&platform.gateway(), "/oauth/token", &fields).send().expect(200);
    // None of the three came with a token that says whose it is; identity finds out, and says so.
    let expected = [
        "could not sign in by password: the password is wrong (POST /v1/sessions answered 401",
        "signed in by password (POST /v1/sessions answered 201",
        "stayed signed in (POST /oauth/token answered 200",
    ];
    let complaint = json!({ "email": "ada@example.org" });
    let found = as_operator(post(&operator, "/api/accounts/find", &complaint)).send().expect(200).json();
    assert_eq!(found["account_id"], account);
    wait_for("the story of the sign-in", HEARD_MAX, || {
        let find = |path: &str| as_operator(get(&operator, path)).send().expect(200).json();
        let sessions = find(&format!("/api/sessions?account={account}"));
        let Some(id) = sessions["items"][0]["id"].as_str() else { return false };
        let story = find(&format!("/api/sessions/{id}"));
        let moments = story["moments"].as_array().unwrap();
        let words: Vec<_> = moments.iter().filter(|moment| moment["kind"] == "sign-in").collect();
        expected.iter().all(|part| words.iter().any(|moment| moment["words"].as_str().unwrap().starts_with(part)))
    });

    let (id, _) = platform.instances("CATALOG").remove(0);
    let path = format!("/api/instances/CATALOG/{id}");
    let why = json!({ "reason": "a test" });
    let shown = as_operator(get(&operator, &path)).send().expect(200).json();
    assert_eq!((&shown["state"]["supervised"], &shown["state"]["drained"]), (&json!(true), &json!(false)), "{shown}");
    let level = json!({ "level": "debug", "duration_s": 2, "reason": "a test" });
    as_operator(put(&operator, &format!("{path}/log-level"))).json(&level).send().expect(200);
    wait_for("the log level to fall back", HEARD_MAX, || {
        let log = as_operator(get(&operator, &path)).send().expect(200).json()["state"]["log"].clone();
        log["level"] == log["configured"]
    });

    as_operator(post(&operator, &format!("{path}/drain"), &why)).send().expect(200);
    wait_for("nobody to be sent there", HEARD_MAX, || platform.instances("CATALOG").is_empty());
    as_operator(delete(&operator, &format!("{path}/drain"))).send().expect(200);
    wait_for("it to be back", HEARD_MAX, || platform.instances("CATALOG").len() == 1);

    let pid = platform.pid("catalog");
    as_operator(post(&operator, &format!("{path}/restart"), &why)).send().expect(202);
    wait_for("another process in its place", HEARD_MAX, || {
        platform.pid("catalog").is_some_and(|now| Some(now) != pid) && platform.instances("CATALOG").len() == 1
    });

    // The gateway answers on its admin listener, and is not taken out.
    let (gateway, base) = platform.instances("GATEWAY").remove(0);
    let path = format!("/api/instances/GATEWAY/{gateway}");
    let shown = as_operator(get(&operator, &path)).send().expect(200).json();
    assert_eq!(shown["state"]["phase"], "serving", "{shown}");
    let refused = as_operator(post(&operator, &format!("{path}/drain"), &why)).send().expect(409).json();
    assert_eq!(refused["code"], "instance-not-controllable");
    get(&base, "/-/status").send().expect(404);

    let audit = as_operator(get(&operator, "/api/audit?actor=ops@example.org")).send().expect(200).json();
    let actions: Vec<_> = audit["items"].as_array().unwrap().iter().map(|item| item["action"].clone()).collect();
    assert_eq!(
        actions,
        [
            "request.refused",
            "instance.drain",
            "instance.restart",
            "instance.undrain",
            "instance.drain",
            "log-level.set",
            "sessions.find-account",
            "session.create"
        ],
        "{audit}"
    );
    let verdict = as_operator(get(&operator, "/api/audit/verify")).send().expect(200).json();
    assert_eq!(verdict["whole"], true, "{verdict}");

    // The other roles believe the console only: an account's own token opens nothing there.
    let token = platform.sign_in("ops@example.org", "a long enough password").expect(201).json();
    let (_, catalog) = platform.instances("CATALOG").remove(0);
    let token = token["access_token"].as_str().unwrap().to_owned();
    get(&catalog, "/-/config").bearer(&token).send().expect(401);
}

/// What the doctor says of a title: the verdict, and that of each check.
fn told(diagnosis: &Value) -> (String, Vec<(String, String)>) {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let checks = diagnosis["checks"].as_array().unwrap().iter();
    (text(&diagnosis["verdict"]), checks.map(|check| (text(&check["id"]), text(&check["verdict"]))).collect())
}

#[test]
fn the_title_doctor_hears_every_owner() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("doctor.toml");
    fs::write(&config, "[console]\noperator_token = 'a stethoscope'\n").unwrap();
    let platform = Platform::start_in(&folder.path().join("data"), &["--config", &config.display().to_string()]);
    let (base, operator) = (platform.gateway(), platform.state()["operator"].as_str().unwrap().to_owned());
    let token = platform.sign_up("patient@example.org");
    let profiles = get(&base, "/v1/profiles").bearer(&token).send().expect(200).json();
    let profile = profiles["items"][0]["id"].as_str().unwrap().to_owned();
    let examine = |path: &str| {
        get(&operator, &format!("/api/doctor/titles/{path}")).bearer("a stethoscope").send().expect(200).json()
    };

    let mut film = Value::Null;
    wait_for("a film that can be played", FILM_MAX, || {
        let page = get(&base, "/v1/titles?playable=true&kind=movie&limit=1").bearer(&token).send();
        film = if page.status == 200 { page.json()["items"][0]["id"].clone() } else { Value::Null };
        film.is_string()
    });
    let film = film.as_str().unwrap();
    // Recommendations hear of what can be played a moment later; each owner gets the console's key when it is asked first.
    let path = format!("{film}?profile={profile}&device=avc1,mp4a");
    let mut diagnosis = Value::Null;
    wait_for("every owner to find nothing in the way", FILM_MAX, || {
        diagnosis = examine(&path);
        told(&diagnosis).1.iter().all(|(_, verdict)| verdict == "ok")
    });
    let (verdict, checks) = told(&diagnosis);
    let ids: Vec<_> = checks.iter().map(|(id, _)| id.as_str()).collect();
    let all = ["catalog", "offer", "maturity", "playable", "device", "heard", "search", "recommendations", "taste"];
    assert_eq!((verdict.as_str(), &ids[..]), ("ok", &all[..]), "{diagnosis}");
    let evidence = |id: &str| {
        let checks = diagnosis["checks"].as_array().unwrap();
        checks.iter().find(|check| check["id"] == id).unwrap()["evidence"].clone()
    };
    assert_eq!((&evidence("playable")["state"], &evidence("taste")["thumb"]), (&json!("ready"), &json!("none")));
    assert!(evidence("recommendations")["plays"].is_u64(), "{diagnosis}");

    let person = become_profile(&base, &token, &profile);
    let thumb = json!({ "value": "down" });
    put(&base, &format!("/v1/me/thumbs/{film}")).bearer(&person).json(&thumb).send().expect(204);
    wait_for("the thumb to be heard of", FILM_MAX, || {
        let (verdict, checks) = told(&examine(&path));
        verdict == "ok" && checks.contains(&("taste".to_owned(), "blocks".to_owned()))
    });
    let (verdict, checks) = told(&examine("nobody-made-it"));
    assert_eq!((verdict.as_str(), &checks[0]), ("blocks", &("catalog".to_owned(), "blocks".to_owned())));
}
