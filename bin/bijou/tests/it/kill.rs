//! Kill -9 of any child: it is back and in use. Kill -9 of a training: as if it had never begun. A console that hangs: nobody
//! notices.

use std::os::unix::process::ExitStatusExt as _;
use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

use crate::http::get;
use crate::platform::{Platform, bijou, is_still, output, signal, wait_for};

/// A restart in a debug build, with its migrations and its registration.
const BACK_MAX: Duration = Duration::from_mins(1);

/// Kills a role and waits until a request that needs it succeeds again, served by a new process.
#[track_caller]
fn check(platform: &Platform, label: &str, token: &str, path: &str) {
    let request = get(&platform.gateway(), path).bearer(token);
    wait_for(&format!("{path} before the kill"), BACK_MAX, || request.try_send().is_ok_and(|a| a.status == 200));
    let killed = platform.kill(label);
    wait_for(&format!("a new {label}"), BACK_MAX, || platform.pid(label).is_some_and(|pid| pid != killed));
    wait_for(&format!("{path} after the kill"), BACK_MAX, || request.try_send().is_ok_and(|a| a.status == 200));
}

#[test]
fn every_child_that_is_killed_comes_back_and_is_in_use() {
    let platform = Platform::start(&[]);
    let token = platform.sign_up("kill@example.org");
    check(&platform, "identity", &token, "/v1/accounts/me");
    check(&platform, "catalog", &token, "/v1/titles?limit=1");
    check(&platform, "recommendations", &token, "/v1/home");
    check(&platform, "gateway", &token, "/v1/titles?limit=1");
    check(&platform, "registry", &token, "/v1/titles?limit=1");

    let killed = platform.kill("playback");
    wait_for("a new playback", BACK_MAX, || platform.pid("playback").is_some_and(|pid| pid != killed));
    wait_for("playback in the registry", BACK_MAX, || !platform.instances("PLAYBACK").is_empty());
    let killed = platform.kill("console");
    wait_for("a new console", BACK_MAX, || platform.pid("console").is_some_and(|pid| pid != killed));
    wait_for("the operator's page", BACK_MAX, || {
        let operator = platform.state()["operator"].as_str().unwrap().to_owned();
        get(&operator, "/").try_send().is_ok_and(|answer| answer.status == 200)
    });
}

#[test]
fn without_a_registry_what_was_known_still_works() {
    let platform = Platform::start(&["--no-demo"]);
    let token = platform.sign_up("alone@example.org");
    let request = get(&platform.gateway(), "/v1/titles").bearer(&token);
    let killed = platform.kill("registry");
    // Asked again and again through the whole outage and return: the last snapshot has to hold.
    wait_for("a new registry with everybody in it", BACK_MAX, || {
        request.send().expect(200);
        platform.pid("registry").is_some_and(|pid| pid != killed)
            && ["GATEWAY", "CATALOG", "IDENTITY"].iter().all(|app| !platform.instances(app).is_empty())
    });
}

/// A number at `/metrics`; 0 while there is none.
fn number(base: &str, metric: &str) -> u64 {
    let text = get(base, "/metrics").send().expect(200).text();
    let told = text.lines().find_map(|line| line.strip_prefix(metric)?.strip_prefix(' '));
    told.map_or(0, |value| value.parse::<f64>().unwrap() as u64)
}

/// Where the gateway is looked into; its metrics are open there.
fn gateways_own_listener(platform: &Platform) -> String {
    let request = get(&platform.registry(), "/eureka/apps/GATEWAY").header("accept", "application/json");
    let told = request.send().expect(200).json();
    let instance = &told["application"]["instance"];
    let instance = if instance.is_array() { &instance[0] } else { instance };
    let port = instance["metadata"]["bijou.admin-port"].as_str().expect("the gateway announces it");
    format!("http://127.0.0.1:{port}")
}

/// Stops a process, and lets it go on when dropped.
struct Held(u32);

impl Held {
    fn new(pid: u32) -> Self {
        signal(pid, "STOP");
        let held = Self(pid);
        wait_for("it to stand still", BACK_MAX, || is_still(pid));
        held
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        signal(self.0, "CONT");
    }
}

#[test]
fn a_console_that_hangs_is_noticed_by_nobody_and_what_it_misses_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    // Every request is told, so that queues fill within a test's time.
    let config = folder.path().join("told.toml");
    let settings = "[telemetry]\nsample_per_second = 100000\n[console]\noperator_token = 'patience'\n";
    std::fs::write(&config, settings).unwrap();
    let data = folder.path().join("data");
    let platform = Platform::start_in(&data, &["--no-demo", "--config", &config.display().to_string()]);
    let token = platform.sign_up("patient@example.org");
    let titles = get(&platform.gateway(), "/v1/titles").bearer(&token);
    wait_for("the catalog", BACK_MAX, || titles.send().status == 200);
    let senders = [platform.instances("CATALOG").remove(0).1, gateways_own_listener(&platform)];
    let dropped = || senders.each_ref().map(|base| number(base, "bijou_telemetry_spans_dropped_total"));
    let before = dropped();

    let held = Held::new(platform.pid("console").expect("it runs"));
    // It says nothing, takes connections and never answers. Everybody else does, well beyond what the queues hold.
    wait_for("spans to be lost", Duration::from_mins(4), || {
        for _ in 0..100 {
            titles.send().expect(200);
        }
        dropped().iter().zip(&before).all(|(now, before)| now > before)
    });
    for base in &senders {
        let waiting = number(base, "bijou_telemetry_spans_queue_depth");
        assert!((1..=4_096).contains(&waiting), "{waiting} spans wait at {base}");
    }

    let operator = platform.state()["operator"].as_str().unwrap().to_owned();
    drop(held);
    let mut asked = Vec::new();
    wait_for("requests to be told again", BACK_MAX, || {
        asked.push(titles.send().expect(200).headers["x-request-id"].clone());
        let Ok(told) = get(&operator, "/api/requests?limit=50").bearer("patience").try_send() else { return false };
        let told = told.expect(200).json();
        let told = told["items"].as_array().unwrap().iter().filter_map(|request| request["request_id"].as_str());
        told.into_iter().any(|id| asked.iter().any(|asked| asked == id))
    });
}

#[test]
fn a_training_killed_half_way_leaves_the_model_that_was_there() {
    let folder = tempfile::tempdir().unwrap();
    // No training but the test's own.
    let config = folder.path().join("own.toml");
    std::fs::write(&config, "[recommendations]\ntrain_every_s = 0\n").unwrap();
    let platform = Platform::start(&["--config", &config.display().to_string()]);
    let token = platform.sign_up("pupil@example.org");
    let recommend = |verb: &str| {
        let mut command = bijou();
        command.args(["recommend", verb, "--data"]).arg(platform.folder());
        command
    };
    let models = || String::from_utf8(output(&mut recommend("list")).0.stdout).unwrap();
    let in_use = || models().lines().find(|line| line.starts_with('*')).map(str::to_owned);
    assert!(output(&mut recommend("train")).0.status.success());
    let mut killed = 0;
    // Every few milliseconds further on, through to the end of one that nobody stops.
    for step in 1..=30 {
        let before = in_use().expect("a model");
        let mut training = recommend("train").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        sleep(Duration::from_millis(step * 8));
        training.kill().unwrap();
        if training.wait().unwrap().signal() != Some(9) {
            break;
        }
        killed += 1;
        let after = in_use().expect("a model is in use still");
        // Killed after the last write, and before it said so: a new model, as whole as any.
        if after != before {
            break;
        }
        get(&platform.gateway(), "/v1/home").bearer(&token).send().expect(200);
    }
    assert!(killed > 0, "a training takes longer than that");
    // Nothing that a killed one held is in the way of the next.
    let known = in_use();
    assert!(output(&mut recommend("train")).0.status.success());
    assert_ne!(in_use(), known);
    let folder = platform.folder().join("models/recommendations");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(names.filter(|name| name.contains(".part")).collect::<Vec<_>>(), Vec::<String>::new());
}
