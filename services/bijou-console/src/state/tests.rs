//! A flood: what is kept of it, and what is counted as lost.

use std::time::Duration;

use super::*;
use crate::domain::fixtures::{span, trace_id};
use crate::domain::memory::Wanted;
use crate::domain::story::Outcome;
use crate::domain::trace::Kind;

/// Requests of the flood; what they take is several times what may wait for the disk.
const REQUESTS: u128 = 60_000;

/// One in so many fails, and one in so many is slow, each in its own.
const ONE_IN: u128 = 400;

/// Requests delivered at once.
const BATCH: u128 = 500;

fn fails(number: u128) -> bool {
    number % ONE_IN == 7
}

fn is_slow(number: u128) -> bool {
    number % ONE_IN == 9
}

/// A request at gateway and catalog. The catalog's half comes first and has nothing the matter with it: that the trace is one
/// to keep is known with the gateway's.
fn request(number: u128) -> [Span; 2] {
    let took = if is_slow(number) { 400 } else { 4 + (number % 3) as u64 };
    let edge = span("gateway", Kind::Server, 1, None, (0, took))
        .with("url.path", format!("/v1/titles/{number}"))
        .with("bijou.request_id", format!("r-{number}"))
        .with("http.response.status_code", if fails(number) { 503 } else { 200 });
    let served = span("catalog", Kind::Server, 2, Some(1), (1, 3)).with("http.response.status_code", 200);
    [served, edge].map(|span| Span { name: "GET /v1/titles/{id}".to_owned(), ..span.of_trace(number) })
}

#[tokio::test]
async fn a_flood_leaves_out_the_ordinary_and_keeps_everything_that_failed_or_was_slow() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = Archive::open(folder.path(), 64 << 20).await.expect("an archive");
    let shared = Shared::new(4 << 20, archive.clone());
    let mut now = Instant::now();
    for first in (1..=REQUESTS).step_by(BATCH as usize) {
        let of = |side: usize| (first..first + BATCH).map(|number| request(number)[side].clone()).collect();
        shared.take_spans(of(0), 0);
        shared.take_spans(of(1), 0);
        now = now.max(Instant::now()) + Duration::from_secs(1);
        shared.settle(now);
    }
    // Nothing was written until now: all of it had to wait, within its bytes.
    let fill = archive.fill();
    assert!(fill.queue_bytes <= fill.queue_bytes_max + 4_096, "{fill:?}");
    let dropped = fill.dropped;
    assert!(dropped.sampled > 0 && dropped.full > 0, "{dropped:?}");
    assert_eq!(dropped.notable, 0, "there was room for what is notable");
    archive.write_waiting().await;

    for number in (1..=REQUESTS).filter(|number| fails(*number) || is_slow(*number)) {
        let kept = archive.trace(trace_id(number)).await.expect("read");
        let mut roles: Vec<_> = kept.spans.iter().map(|span| span.source.role.to_string()).collect();
        roles.sort_unstable();
        assert_eq!(roles, ["catalog", "gateway"], "request {number}");
    }
    let wanted = Wanted { outcome: Some(Outcome::Failed), limit: 1_000, ..Wanted::default() };
    let (failed, _) = archive.requests(&wanted).await.expect("read");
    assert_eq!(failed.len() as u128, REQUESTS / ONE_IN);

    // Memory spares them, too: the newest of them outlive thousands of others.
    let (failed, _) = shared.memory().list(&wanted);
    assert!(failed.len() > 50, "{}", failed.len());
    assert!(shared.memory().fill().forgotten > 10_000);
}
