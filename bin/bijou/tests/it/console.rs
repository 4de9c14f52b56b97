//! `bijou logs`, `bijou trace`, `bijou top` and `bijou explain`: a request is made and found again from the terminal, another one
//! explained without being made.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::time::Duration;

use crate::http::get;
use crate::platform::{Platform, bijou, output, wait_for};

/// Lines reach the archive within seconds; a busy machine takes its time.
const HEARD_MAX: Duration = Duration::from_mins(2);

#[test]
fn a_request_is_found_again_in_the_terminal() {
    let platform = Platform::start(&["--no-demo"]);
    let run = |arguments: &[&str]| {
        let mut command = bijou();
        let (output, errors) = output(command.args(arguments).arg("--data").arg(platform.folder()));
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned() + &errors)
    };
    // Whoever follows hears of what is asked afterwards.
    let mut follower = bijou();
    follower.args(["logs", "-f", "--service", "catalog", "not-there-4711", "--data"]).arg(platform.folder());
    let mut follower = follower.stdout(Stdio::piped()).spawn().unwrap();
    let followed = follower.stdout.take().unwrap();
    let heard = std::thread::spawn(move || BufReader::new(followed).lines().map_while(Result::ok).next());

    let mut id = String::new();
    wait_for("the line to be followed", HEARD_MAX, || {
        id = get(&platform.gateway(), "/v1/titles/not-there-4711").send().expect(404).headers["x-request-id"].clone();
        heard.is_finished()
    });
    let line = heard.join().unwrap().expect("a line before the end");
    assert!(line.contains("catalog") && line.contains("not-there-4711"), "{line}");
    follower.kill().unwrap();
    follower.wait().unwrap();

    // Each service tells its own part, a moment later.
    let mut story = String::new();
    wait_for("the story with the gateway's part", HEARD_MAX, || {
        story = run(&["trace", &id]).1;
        story.contains("gateway")
    });
    assert!(story.starts_with("GET /v1/titles/not-there-4711 404"), "{story}");
    wait_for("the lines with their trace", HEARD_MAX, || {
        let (code, lines) = run(&["logs", "--level", "info", "not-there-4711"]);
        code == Some(0) && lines.contains("trace=")
    });
    // The first word of it is about the last minute, however young the platform is.
    let (code, table) = run(&["top", "--once"]);
    assert!(code == Some(0) && !table.contains("no numbers yet"), "{table}");
    wait_for("the table", HEARD_MAX, || {
        get(&platform.gateway(), "/v1/titles/not-there-4711").send().expect(404);
        let (code, table) = run(&["top", "--once"]);
        code == Some(0) && table.contains("SERVICE") && table.contains("catalog")
    });

    let (code, text) = run(&["trace", "no-such-request"]);
    assert!(code == Some(1) && text.contains("This request is not remembered"), "{text}");
    let (code, text) = run(&["logs", "--level", "loud"]);
    assert!(code == Some(1) && text.contains("level"), "{text}");
}

#[test]
fn a_request_is_explained_in_the_terminal_without_being_made() {
    let platform = Platform::start(&["--no-demo"]);
    let explain = |arguments: &[&str]| {
        let mut command = bijou();
        command.arg("explain").args(arguments).arg("--data").arg(platform.folder());
        let (output, errors) = output(&mut command);
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned() + &errors)
    };
    let (code, text) = explain(&["GET", &format!("{}/v1/titles?limit=2", platform.gateway()), "--as", "viewer"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("route        catalog -> CATALOG: longest prefix `/v1/titles`"), "{text}");
    assert!(text.contains("upstream     GET /v1/titles?limit=2, "), "{text}");
    assert!(text.contains("candidate    ") && text.ends_with("from an instance of CATALOG\n"), "{text}");
    let (code, text) = explain(&["POST", "/v1/playbacks"]);
    assert!(code == Some(0) && text.ends_with("401 token-missing from the gateway\n"), "{text}");

    for (arguments, part) in [(["G(T", "/"], "`G(T` is no method"), (["GET", "v1/titles"], "`v1/titles` is no path")] {
        let (code, text) = explain(&arguments);
        assert!(code == Some(1) && text.contains(part) && text.trim().lines().count() == 1, "{text}");
    }
}
