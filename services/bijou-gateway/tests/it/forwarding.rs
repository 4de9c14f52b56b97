//! Where requests go, and what happens when that fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use axum::body::Body;
use axum::response::Response;
use http::Method;

use crate::support::{Call, Origin, Platform, ROUTE_X, call, config, wait_for};

#[tokio::test]
async fn a_request_reaches_its_service_with_path_query_and_body() {
    let mut platform = Platform::start(config(ROUTE_X)).await;
    let origin = Origin::echo("one").await;
    platform.register("X", "one", origin.addr);
    let answer = call(platform.addr(), Call::post("/x/a%62c//d?q=%2F&r=1", "hello").header("x-own", "kept")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let seen = answer.json();
    assert_eq!(seen["target"], "/x/abc/d?q=%2F&r=1");
    assert_eq!((&seen["method"], &seen["body_bytes"]), (&"POST".into(), &5.into()));
    assert_eq!(seen["headers"]["x-own"], "kept");
    assert_eq!(seen["headers"]["x-request-id"], answer.header("x-request-id"));
    assert!(answer.header("server-timing").contains("origin;dur="), "{}", answer.header("server-timing"));
}

#[tokio::test]
async fn http2_comes_in_and_http1_goes_out() {
    let mut platform = Platform::start(config(ROUTE_X)).await;
    let origin = Origin::echo("one").await;
    platform.register("X", "one", origin.addr);
    let answer = call(platform.addr(), Call::post("/x", "hello").http2()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()["headers"]["host"], platform.addr().to_string());
    assert_eq!(answer.json()["body_bytes"], 5);
}

#[tokio::test]
async fn the_service_gets_a_passport_and_what_the_client_forged_is_gone() {
    let routes = "[[gateway.routes]]\nid = \"x\"\npaths = [\"/x\"]\napp = \"X\"\ncalls = [\"Y\"]\n";
    let mut platform = Platform::start(config(routes)).await;
    let origin = Origin::echo("one").await;
    platform.register("X", "one", origin.addr);
    let mut request = Call::get("/x").header("connection", "x-hop, x-forwarded-for").header("x-hop", "1");
    for name in [
        "bijou-passport",
        "bijou-priority",
        "bijou-deadline-ms",
        "bijou-x",
        "bijou_passport",
        "x-forwarded-for",
        "x-forwarded-host",
        "forwarded",
        "x-real-ip",
        "x-request-id",
        "baggage",
        "tracestate",
        "proxy",
        "x-http-method-override",
        "x-original-url",
    ] {
        request = request.header(name, "forged");
    }
    let seen =
        call(platform.addr(), request.header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"))
            .await
            .json();
    let headers = seen["headers"].as_object().unwrap();
    assert!(headers.values().all(|value| value != "forged"), "{headers:?}");
    assert_eq!(headers["x-forwarded-for"], "127.0.0.1");
    assert!(!headers.contains_key("x-hop") && !headers.contains_key("connection"), "{headers:?}");
    let traceparent = headers["traceparent"].as_str().unwrap();
    assert!(
        traceparent.starts_with("00-0af7651916cd43dd8448eb211c80319c-") && !traceparent.contains("b7ad6b7169203331")
    );
    assert!(traceparent.ends_with("-00"), "an outsider does not decide what is recorded: {traceparent}");
    let passport = headers["bijou-passport"].as_str().unwrap();
    for app in ["X", "Y"] {
        let verified = platform.verifier(app).verify(passport, SystemTime::now()).await.unwrap();
        assert_eq!((verified.claims.sub.as_str(), verified.account()), ("anonymous", None));
    }
    platform.verifier("Z").verify(passport, SystemTime::now()).await.unwrap_err();
}

#[tokio::test]
async fn unknown_paths_methods_and_missing_instances_are_told_apart() {
    let platform = Platform::start(config(&format!(
        "{ROUTE_X}[[gateway.routes]]\nid = \"y\"\npaths = [\"/y\"]\napp = \"Y\"\nmethods = [\"PUT\"]"
    )))
    .await;
    platform.get("/nothing").await.check_problem(404, "no-route", "client");
    let refused = platform.get("/y").await;
    refused.check_problem(405, "method-not-allowed", "client");
    assert_eq!(refused.header("allow"), "PUT");
    let none = platform.get("/x").await;
    none.check_problem(503, "no-instance", "origin");
    assert_eq!(none.header("retry-after"), "1");
}

#[tokio::test]
async fn both_instances_get_their_share_and_a_deregistered_one_gets_nothing_more() {
    let mut platform = Platform::start(config(ROUTE_X)).await;
    let (one, two) = (Origin::echo("one").await, Origin::echo("two").await);
    platform.register("X", "one", one.addr);
    platform.register("X", "two", two.addr);
    for _ in 0..60 {
        assert_eq!(platform.get("/x").await.status, 200);
    }
    assert!(one.seen() > 10 && two.seen() > 10, "{} and {}", one.seen(), two.seen());
    platform.deregister("one");
    let before = one.seen();
    for _ in 0..30 {
        assert_eq!(platform.get("/x").await.json()["instance"], "two");
    }
    assert_eq!(one.seen(), before);
}

#[tokio::test]
async fn a_dead_instance_costs_no_request_whatever_its_method() {
    let mut platform = Platform::start(config(ROUTE_X)).await;
    let (dead, live) = (Origin::echo("dead").await, Origin::echo("live").await);
    dead.kill();
    platform.register("X", "dead", dead.addr);
    platform.register("X", "live", live.addr);
    for _ in 0..20 {
        assert_eq!(call(platform.addr(), Call::post("/x", "kept")).await.json()["body_bytes"], 4);
    }
    wait_for("both workers' views of both instances", async || {
        platform.admin("/instances").await["items"].as_array().is_some_and(|items| items.len() == 4)
    })
    .await;
}

#[tokio::test]
async fn only_idempotent_requests_are_repeated_once_they_were_sent() {
    let mut platform = Platform::start(config(ROUTE_X)).await;
    // Reads the request, then breaks off.
    let breaking = Origin::says(b"").await;
    platform.register("X", "breaking", breaking.addr);
    platform.get("/x").await.check_problem(502, "origin-reset", "origin");
    let live = Origin::echo("live").await;
    platform.register("X", "live", live.addr);
    for _ in 0..20 {
        assert_eq!(platform.get("/x").await.status, 200);
    }
    platform.deregister("live");
    let posted = call(platform.addr(), Call::post("/x", "once")).await;
    posted.check_problem(502, "origin-reset", "origin");
    let story = platform.story(posted.header("x-request-id")).await;
    assert_eq!(story["attempts"].as_array().unwrap().len(), 1);
    assert_eq!(story["attempts"][0]["then"], "not idempotent and possibly done");
}

#[tokio::test]
async fn an_instance_that_says_503_is_left_for_another_and_its_last_word_is_passed_on() {
    let mut platform = Platform::start(config(ROUTE_X)).await;
    let busy = Origin::status(503).await;
    platform.register("X", "busy", busy.addr);
    let alone = platform.get("/x").await;
    assert_eq!(alone.status, 503);
    assert_eq!(alone.header("proxy-status"), "", "it is the service's answer, not ours");
    let live = Origin::echo("live").await;
    platform.register("X", "live", live.addr);
    for _ in 0..20 {
        assert_eq!(platform.get("/x").await.status, 200);
    }
}

/// A number at `/metrics`, by its name and labels.
async fn number(platform: &Platform, metric: &str) -> Option<u64> {
    let text = call(platform.gateway.admin_addr(), Call::get("/metrics")).await.text();
    let told = text.lines().find_map(|line| line.strip_prefix(metric))?;
    told.split_whitespace().next()?.parse().ok()
}

#[tokio::test]
async fn the_consoles_map_is_told_what_goes_to_whom_and_how_it_went() {
    let mut settings = config(ROUTE_X);
    settings.workers = 1;
    let mut platform = Platform::start(settings).await;
    let broken = Origin::status(503).await;
    platform.register("X", "broken", broken.addr);
    // Alone there is nowhere else to go; three failures in a row are too many.
    wait_for("its breaker to open", async || {
        assert_eq!(platform.get("/x").await.status, 503);
        number(&platform, "bijou_edge_breakers_open{to=\"x\"}").await == Some(1)
    })
    .await;
    assert!(broken.seen() >= 3);
    let edge = async |platform: &Platform| {
        let mut told = Vec::new();
        for what in ["attempts", "failures", "retries"] {
            told.push(number(platform, &format!("bijou_edge_{what}_total{{to=\"x\"}}")).await);
        }
        told
    };
    let alone = broken.seen();
    assert_eq!(edge(&platform).await, [Some(alone), Some(alone), Some(0)]);
    assert_eq!(number(&platform, "bijou_edge_seconds_bucket{to=\"x\",le=\"+Inf\"}").await, Some(alone));

    let (other, live) = (Origin::status(503).await, Origin::echo("live").await);
    platform.deregister("broken");
    platform.register("X", "other", other.addr);
    platform.register("X", "live", live.addr);
    wait_for("one to be tried twice", async || {
        assert_eq!(platform.get("/x").await.status, 200);
        other.seen() > 0
    })
    .await;
    let (failed, answered) = (other.seen(), live.seen());
    assert_eq!(edge(&platform).await, [alone + failed + answered, alone + failed, failed].map(Some));
    wait_for("who has left to be forgotten", async || {
        number(&platform, "bijou_edge_breakers_open{to=\"x\"}").await == Some(0)
    })
    .await;
}

#[tokio::test]
async fn the_deadline_is_passed_on_and_shrinks_with_every_attempt() {
    let routes =
        "[[gateway.routes]]\nid = \"x\"\npaths = [\"/x\"]\napp = \"X\"\ntimeout_ms = 5000\nattempt_ms = 2000\n";
    let mut platform = Platform::start(config(routes)).await;
    let hanging = |_| async {
        tokio::time::sleep(Duration::from_secs(30)).await;
        Response::new(Body::empty())
    };
    let (one, two, three) = (Origin::start(hanging).await, Origin::start(hanging).await, Origin::start(hanging).await);
    for (id, origin) in [("one", &one), ("two", &two), ("three", &three)] {
        platform.register("X", id, origin.addr);
    }
    let started = std::time::Instant::now();
    let answer = platform.get("/x").await;
    answer.check_problem(504, "origin-timeout", "origin");
    let took = started.elapsed();
    assert!((Duration::from_millis(4_950)..Duration::from_secs(20)).contains(&took), "{took:?}");
    let story = platform.story(answer.header("x-request-id")).await;
    let attempts = story["attempts"].as_array().unwrap();
    let deadlines: Vec<u64> = attempts.iter().map(|attempt| attempt["deadline_ms"].as_u64().unwrap()).collect();
    assert_eq!(attempts.len(), 3, "{attempts:?}");
    assert!(deadlines[0] <= 2000 && deadlines[2] <= 1000 && deadlines[2] > 0, "{deadlines:?}");
    let mut instances: Vec<&str> = attempts.iter().map(|attempt| attempt["instance_id"].as_str().unwrap()).collect();
    instances.sort_unstable();
    assert_eq!(instances, ["one", "three", "two"], "each attempt goes to another instance");
    assert_eq!(
        one.last()["headers"]["bijou-deadline-ms"].as_str().unwrap().parse::<u64>().unwrap(),
        attempt_of(attempts, "one")
    );
}

fn attempt_of(attempts: &[serde_json::Value], id: &str) -> u64 {
    attempts.iter().find(|attempt| attempt["instance_id"] == id).unwrap()["deadline_ms"].as_u64().unwrap()
}

#[tokio::test]
async fn the_retry_budget_ends_a_storm() {
    let mut settings = config(ROUTE_X);
    settings.workers = 1;
    settings.retries.budget_share = 0.0;
    settings.retries.budget_floor_per_s = 1;
    let mut platform = Platform::start(settings).await;
    let (one, two) = (Origin::status(503).await, Origin::status(503).await);
    platform.register("X", "one", one.addr);
    platform.register("X", "two", two.addr);
    for _ in 0..50 {
        assert_eq!(platform.get("/x").await.status, 503);
    }
    let total = one.seen() + two.seen();
    assert!((55..=62).contains(&total), "ten retries in ten seconds are allowed, {total} requests arrived for 50");
}

#[tokio::test]
async fn killing_one_of_two_under_load_fails_no_idempotent_request() {
    let mut platform = Platform::start(config(ROUTE_X)).await;
    let (one, two) = (Origin::echo("one").await, Origin::echo("two").await);
    platform.register("X", "one", one.addr);
    platform.register("X", "two", two.addr);
    let addr = platform.addr();
    let (done, failed) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let mut clients = Vec::new();
    for _ in 0..8 {
        let (done, failed) = (Arc::clone(&done), Arc::clone(&failed));
        clients.push(tokio::spawn(async move {
            for _ in 0..100 {
                let answer = call(addr, Call::get("/x")).await;
                if answer.status != 200 {
                    failed.fetch_add(1, Ordering::Relaxed);
                }
                done.fetch_add(1, Ordering::Relaxed);
            }
        }));
    }
    wait_for("some load", async || done.load(Ordering::Relaxed) > 200).await;
    one.kill();
    for client in clients {
        client.await.unwrap();
    }
    assert_eq!((done.load(Ordering::Relaxed), failed.load(Ordering::Relaxed)), (800, 0));
    assert!(two.seen() > 400, "the other one took over: {}", two.seen());
}

#[tokio::test]
async fn connections_to_instances_are_used_again() {
    let mut settings = config(ROUTE_X);
    settings.workers = 1;
    let mut platform = Platform::start(settings).await;
    let origin = Origin::echo("one").await;
    platform.register("X", "one", origin.addr);
    for _ in 0..20 {
        call(platform.addr(), Call::post("/x", "body")).await;
    }
    let metrics = call(platform.gateway.admin_addr(), Call::get("/metrics")).await.text();
    assert!(metrics.contains("bijou_gateway_upstream_opened_total{worker=\"0\"} 1\n"), "{metrics}");
    assert!(metrics.contains("bijou_gateway_upstream_reused_total{worker=\"0\"} 19\n"), "{metrics}");
}

#[tokio::test]
async fn a_connection_that_the_service_closed_while_idle_costs_no_request() {
    let mut settings = config(ROUTE_X);
    settings.workers = 1;
    let mut platform = Platform::start(settings).await;
    // Answers once per connection, keeps it open until it is told, and closes it without a word.
    let (closed, close) = (Arc::new(AtomicU64::new(0)), Arc::new(tokio::sync::Notify::new()));
    let (counter, told) = (Arc::clone(&closed), Arc::clone(&close));
    let origin = Origin::raw(move |mut stream| {
        let (counter, told) = (Arc::clone(&counter), Arc::clone(&told));
        async move {
            crate::support::origin::read_head(&mut stream).await;
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
            tokio::io::AsyncWriteExt::write_all(&mut stream, answer).await.unwrap();
            told.notified().await;
            drop(stream);
            counter.fetch_add(1, Ordering::Relaxed);
        }
    })
    .await;
    platform.register("X", "one", origin.addr);
    for n in 1..=5 {
        let answer = call(platform.addr(), Call::new(Method::POST, "/x")).await;
        assert_eq!((answer.status.as_u16(), answer.text()), (200, "ok".to_owned()));
        close.notify_one();
        wait_for("the connection to close", async || closed.load(Ordering::Relaxed) == n).await;
    }
}

#[tokio::test]
async fn an_answer_that_is_no_http_is_the_services_fault() {
    let mut platform = Platform::start(config(ROUTE_X)).await;
    let origin = Origin::says(b"hello there\r\n\r\n").await;
    platform.register("X", "one", origin.addr);
    platform.get("/x").await.check_problem(502, "origin-invalid-answer", "origin");
}
