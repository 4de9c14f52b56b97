//! Two instances of a service: one leaves, clients do not notice.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use crate::http::{get, put};
use crate::platform::{Platform, wait_for};

const LONG: Duration = Duration::from_mins(1);

/// Says that it is over when it is dropped.
struct Ending<'a>(&'a AtomicBool);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Requests all the time from several threads, while `meanwhile` happens. Every failed one is returned.
fn under_load(platform: &Platform, token: &str, meanwhile: impl FnOnce()) -> (u64, Vec<String>) {
    let request = get(&platform.gateway(), "/v1/titles?limit=1").bearer(token);
    let done = AtomicBool::new(false);
    let sent = AtomicU64::new(0);
    let failures = thread::scope(|scope| {
        let client = || {
            let mut failures = Vec::new();
            while !done.load(Ordering::Relaxed) {
                match request.try_send() {
                    Ok(answer) if answer.status == 200 => {}
                    Ok(answer) => failures.push(format!("{} {}", answer.status, answer.text())),
                    Err(error) => failures.push(error.to_string()),
                }
                sent.fetch_add(1, Ordering::Relaxed);
            }
            failures
        };
        let clients: Vec<_> = (0..4).map(|_| scope.spawn(client)).collect();
        // Clients end even when what happens meanwhile does so badly.
        let ending = Ending(&done);
        meanwhile();
        drop(ending);
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    });
    (sent.into_inner(), failures)
}

/// Whether anybody answers there: the registry knows one that was killed for a while.
fn is_there(base: &str) -> bool {
    get(base, "/healthz").try_send().is_ok_and(|answer| answer.status == 200)
}

/// Requests an instance has answered, by its own metrics; probes of the chassis not counted.
fn answered(base: &str) -> u64 {
    let text = get(base, "/metrics").send().expect(200).text();
    let lines = text.lines().filter(|line| line.starts_with("http_server_request_duration_seconds_count"));
    lines
        .filter(|line| line.contains("/v1/titles"))
        .filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok())
        .map(|count| count as u64)
        .sum()
}

#[test]
fn killing_one_of_two_instances_under_load_fails_no_idempotent_request() {
    let platform = Platform::start(&["--no-demo", "--instances", "catalog=2"]);
    wait_for("both instances", LONG, || platform.instances("CATALOG").len() == 2);
    let token = platform.sign_up("load@example.org");
    let (sent, failures) = under_load(&platform, &token, || {
        thread::sleep(Duration::from_millis(500));
        for label in ["catalog.0", "catalog.1"] {
            let killed = platform.kill(label);
            wait_for("it to be back", LONG, || platform.pid(label).is_some_and(|pid| pid != killed));
            wait_for("both instances again", LONG, || platform.instances("CATALOG").len() == 2);
            // The one that came back has to be taken into use before the other may go.
            wait_for("both to be used", LONG, || {
                let instances = platform.instances("CATALOG");
                instances.len() == 2 && instances.iter().all(|(_, base)| is_there(base) && answered(base) > 0)
            });
        }
    });
    assert!(failures.is_empty(), "{} of {sent} failed: {:?}", failures.len(), &failures[..failures.len().min(3)]);
    assert!(sent > 100, "only {sent} requests");
}

#[test]
fn an_instance_taken_out_gets_no_more_requests_and_put_back_gets_some() {
    let platform = Platform::start(&["--no-demo", "--instances", "catalog=2"]);
    wait_for("both instances", LONG, || platform.instances("CATALOG").len() == 2);
    let token = platform.sign_up("out@example.org");
    let (id, base) = platform.instances("CATALOG").remove(0);
    let request = get(&platform.gateway(), "/v1/titles?limit=1").bearer(&token);
    wait_for("it to be used", LONG, || {
        request.send().expect(200);
        answered(&base) > 0
    });

    let status = format!("/eureka/apps/CATALOG/{id}/status?value=OUT_OF_SERVICE");
    put(&platform.registry(), &status).send().expect(200);
    wait_for("nobody to be sent there", LONG, || {
        let before = answered(&base);
        for _ in 0..20 {
            request.send().expect(200);
        }
        answered(&base) == before
    });
    let before = answered(&base);
    for _ in 0..50 {
        request.send().expect(200);
    }
    assert_eq!(answered(&base), before, "requests went to an instance that is out of service");

    let status = format!("/eureka/apps/CATALOG/{id}/status?value=UP");
    put(&platform.registry(), &status).send().expect(200);
    wait_for("it to be used again", LONG, || {
        request.send().expect(200);
        answered(&base) > before
    });
}
