//! Going round the gateway: every service's port, with passports that are missing, forged, expired or another's.
//!
//! To show that each refusal has the reason it claims, the test also sends a passport that is accepted. It gets one the
//! way any new role would: it registers as an application and publishes its keys.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread;
use std::time::{Duration, SystemTime};

use bijou_passport::{Claims, Signer};
use serde_json::json;

use crate::http::{get, post};
use crate::platform::{Platform, wait_for};

/// Application, and a path of it that needs a passport.
const SERVICES: [(&str, &str); 5] = [
    ("IDENTITY", "/v1/accounts/me"),
    ("CATALOG", "/v1/titles"),
    ("RECOMMENDATIONS", "/v1/home"),
    ("PLAYBACK", "/events?after=0"),
    ("CONSOLE", "/v1/traces"),
];

#[test]
fn every_service_refuses_requests_without_a_passport_for_itself() {
    let platform = Platform::start(&["--no-demo"]);
    let visitor = Visitor::register(&platform);
    let forger = Signer::generate("VISITOR");
    for (app, path) in SERVICES {
        wait_for(app, Duration::from_mins(1), || !platform.instances(app).is_empty());
        let (_, base) = platform.instances(app).remove(0);
        let call = |token: &str| get(&base, path).header("bijou-passport", token).send();
        let good = || call(&visitor.signer.issue(&claims(app), now())).text();
        wait_for("its keys to be known", Duration::from_mins(1), || !good().contains("passport-"));
        let refused = |token: &str, code: &str| {
            let answer = call(token).expect(401);
            assert_eq!(answer.json()["code"], code, "{app}: {}", answer.text());
        };

        assert_eq!(get(&base, path).send().expect(401).json()["code"], "passport-missing", "{app}");
        refused("not-a-token", "passport-invalid");
        refused(&forger.issue(&claims(app), now()), "passport-invalid");
        refused(&visitor.signer.issue(&claims(app), long_ago()), "passport-expired");
        refused(&visitor.signer.issue(&claims("ELSEWHERE"), now()), "passport-wrong-audience");
        // Only the gateway speaks for people.
        let account = Claims::account("an-account", [app]);
        refused(&visitor.signer.issue(&account, now()), "passport-invalid");

        // Whatever the service then thinks of a visitor, it is not the passport that is wrong.
        let accepted = good();
        assert!(!accepted.contains("passport-"), "{app} refused a good passport: {accepted}");
        for open in ["/healthz", "/readyz", "/metrics", "/openapi.json", "/.well-known/passport-keys"] {
            let answer = get(&base, open).send();
            assert_eq!(answer.status, 200, "{app} {open}: {}", answer.text());
        }
    }
}

#[test]
fn internal_headers_from_outside_are_taken_off() {
    let platform = Platform::start(&["--no-demo"]);
    let visitor = Visitor::register(&platform);
    let good = visitor.signer.issue(&claims("IDENTITY"), now());
    get(&platform.gateway(), "/v1/accounts/me").header("bijou-passport", &good).send().expect(401);
}

#[test]
fn a_program_that_is_not_ours_delivers_its_metrics_to_the_console() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("token.toml");
    std::fs::write(&config, "[console]\noperator_token = 'a ruler'\n").unwrap();
    let flags = ["--no-demo", "--config", &config.display().to_string()];
    let platform = Platform::start_in(&folder.path().join("data"), &flags);
    let visitor = Visitor::register(&platform);
    let minute = Duration::from_mins(1);
    wait_for("the console", minute, || !platform.instances("CONSOLE").is_empty());
    let (_, console) = platform.instances("CONSOLE").remove(0);
    let metrics = json!({ "resourceMetrics": [{
        "resource": { "attributes": [{ "key": "service.name", "value": { "stringValue": "visitor" } }] },
        "scopeMetrics": [{ "metrics": [{ "name": "visitor.doors", "gauge": { "dataPoints": [{ "asInt": "3" }] } }] }],
    }] });
    wait_for("its keys to be known", minute, || {
        let passport = visitor.signer.issue(&claims("CONSOLE"), now());
        post(&console, "/v1/metrics", &metrics).header("bijou-passport", &passport).send().status == 200
    });
    let operator = platform.state()["operator"].as_str().unwrap().to_owned();
    wait_for("them to be drawn", minute, || {
        let soon = jiff::Timestamp::now() + Duration::from_secs(30);
        let graph = get(&operator, &format!("/api/metrics/query?name=visitor_doors&by=role&until={soon}"));
        let graph = graph.bearer("a ruler").send();
        let lines = if graph.status == 200 { graph.json()["lines"].clone() } else { json!([]) };
        lines[0]["labels"] == json!({ "role": "visitor" })
    });
}

fn now() -> SystemTime {
    SystemTime::now()
}

fn long_ago() -> SystemTime {
    now() - Duration::from_hours(1)
}

/// A role that the platform has never seen, with keys of its own.
struct Visitor {
    signer: Signer,
}

impl Visitor {
    fn register(platform: &Platform) -> Self {
        let signer = Signer::generate("VISITOR");
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let keys = signer.jwks().to_string();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut lines = BufReader::new(&stream).lines();
                while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
                let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
                let _ = write!(&stream, "{head}content-length: {}\r\n\r\n{keys}", keys.len());
            }
        });
        let instance = json!({ "instance": {
            "instanceId": "test:visitor:0", "app": "VISITOR", "hostName": "127.0.0.1", "ipAddr": "127.0.0.1",
            "vipAddress": "visitor", "status": "UP", "port": { "$": port, "@enabled": "true" },
            "dataCenterInfo": { "@class": "com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo", "name": "MyOwn" },
            "leaseInfo": { "renewalIntervalInSecs": 60, "durationInSecs": 600 },
        }});
        post(&platform.registry(), "/eureka/apps/VISITOR", &instance).send().expect(204);
        Self { signer }
    }
}

fn claims(audience: &str) -> Claims {
    Claims::service("visitor", [audience])
}
