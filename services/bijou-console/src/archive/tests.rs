//! The archive on a real disk: what is kept, found again, dropped and counted.

use std::path::Path;

use bijou_telemetry::TraceId;

use super::*;
use crate::domain::fixtures::{START_NS, home, line};
use crate::domain::memory::{Place, Wanted};
use crate::domain::tell;
use bijou_telemetry::openmetrics::{self, Kind};

async fn open(folder: &Path) -> Archive {
    Archive::open(folder, BYTES_MIN).await.expect("an archive")
}

fn lines_of(text: &str, limit: usize) -> LinesWanted {
    let text = Some(text.to_owned()).filter(|text| !text.is_empty());
    LinesWanted { text, level: Level::Trace, role: None, trace: None, from: 0, before: i64::MAX, limit }
}

async fn messages(archive: &Archive, wanted: LinesWanted) -> Vec<String> {
    archive.lines(&wanted).await.expect("read").into_iter().map(|line| line.line.message).collect()
}

/// A told request of its own trace, `number` milliseconds after the beginning.
fn request(number: u64) -> Request {
    let told = tell::request(&home(), 1).expect("a request");
    Request {
        id: format!("{number:032x}"),
        request_id: Some(format!("r-{number}")),
        start_ns: START_NS + number * 1_000_000,
        ..told
    }
}

#[tokio::test]
async fn a_trace_is_found_after_a_restart_with_its_lines_and_once_though_delivered_twice() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = open(folder.path()).await;
    let trace = home();
    for _ in 0..2 {
        trace.spans.iter().for_each(|span| archive.keep_span(span, false));
    }
    trace.logs.iter().for_each(|line| archive.keep_line(line));
    archive.keep_request(&tell::request(&trace, 1).expect("a request"), false);
    archive.write_waiting().await;
    archive.close().await;

    let archive = open(folder.path()).await;
    let id = archive.trace_of("r-1").await.expect("read").expect("known");
    let kept = archive.trace(id).await.expect("read");
    assert_eq!(tell::story(&kept, 1), tell::story(&trace, 1));
    assert_eq!(archive.trace_of("r-2").await.expect("read"), None);
    assert!(archive.trace(TraceId::new(9).expect("not zero")).await.expect("read").spans.is_empty());
}

#[tokio::test]
async fn lines_are_found_by_words_level_role_trace_and_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = open(folder.path()).await;
    let mut slow = line("playback", 20, "Größe: the licence of user-42 took too long");
    (slow.level, slow.trace_id) = (Level::Warn, TraceId::new(7));
    slow.attributes = vec![("bijou.drm".to_owned(), "clearkey".into())];
    for line in [slow, line("catalog", 10, "read 12 titles"), line("catalog", 30, "read 7 titles")] {
        archive.keep_line(&line);
    }
    archive.write_waiting().await;

    assert_eq!(messages(&archive, lines_of("", 9)).await[0], "read 7 titles");
    for text in ["grosse", "GRÖSSE lic"] {
        // ß is a letter of its own; the accent is not.
        assert!(messages(&archive, lines_of(text, 9)).await.is_empty());
    }
    for text in ["größe", "groß", "licence LONG", "lice", "user-42", "clearkey", "\"took too", "drm=clearkey"] {
        assert_eq!(messages(&archive, lines_of(text, 9)).await.len(), 1, "{text}");
    }
    assert_eq!(messages(&archive, lines_of("read titles", 9)).await, ["read 7 titles", "read 12 titles"]);
    assert!(messages(&archive, lines_of("user-43", 9)).await.is_empty());
    for (wanted, count) in [
        (LinesWanted { level: Level::Warn, ..lines_of("", 9) }, 1),
        (LinesWanted { role: Some("catalog".to_owned()), ..lines_of("", 9) }, 2),
        (LinesWanted { role: Some("catalog".to_owned()), ..lines_of("licence", 9) }, 0),
        (LinesWanted { trace: TraceId::new(7), ..lines_of("", 9) }, 1),
        (LinesWanted { from: first_seq(START_NS + 20_000_000), ..lines_of("", 9) }, 2),
        (LinesWanted { before: first_seq(START_NS + 20_000_000), ..lines_of("read", 9) }, 1),
    ] {
        assert_eq!(messages(&archive, wanted.clone()).await.len(), count, "{wanted:?}");
    }
}

#[tokio::test]
async fn the_budget_holds_and_the_oldest_goes_while_pages_stay_in_order_over_all_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = open(folder.path()).await;
    for round in 0..40_u64 {
        for number in 0..400 {
            let at = round * 400 + number;
            let filler = format!("{}x{}", number * 7_919, at * 104_729).repeat(12);
            archive.keep_line(&line("catalog", at, &format!("line {at} of {filler}")));
        }
        archive.keep_request(&request(round), false);
        archive.write_waiting().await;
        let fill = archive.fill();
        assert!(fill.bytes <= BYTES_MIN, "{fill:?}");
    }
    let fill = archive.fill();
    assert!(fill.forgotten_files > 0 && fill.files > 8 && fill.dropped == Dropped::default(), "{fill:?}");
    let on_disk: u64 = std::fs::read_dir(folder.path())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").metadata().expect("a file"))
        .filter(std::fs::Metadata::is_file)
        .map(|metadata| metadata.len())
        .sum();
    assert!(on_disk <= BYTES_MIN, "{on_disk} with shared memory and all");

    // Page by page over all files: every line that is left, once and newest first.
    let (mut seen, mut before) = (Vec::new(), i64::MAX);
    loop {
        let page = archive.lines(&LinesWanted { before, ..lines_of("line", 333) }).await.expect("read");
        let Some(last) = page.last() else { break };
        before = last.seq;
        seen.extend(page.iter().map(|line| line.line.at_ns));
    }
    assert!(seen.len() > 1_000 && seen.windows(2).all(|pair| pair[0] > pair[1]));
    assert_eq!(seen[0], START_NS + 15_999 * 1_000_000);
}

#[tokio::test]
async fn requests_are_narrowed_paged_and_told_by_their_newest_revision() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = open(folder.path()).await;
    for number in 1..=5 {
        archive.keep_request(&request(number), false);
    }
    archive.write_waiting().await;
    let again = Request { revision: 2, account: Some("acc-3".to_owned()), status: Some(503), ..request(3) };
    archive.keep_request(&again, false);
    archive.keep_request(&request(3), false);
    archive.write_waiting().await;

    let wanted = || Wanted { limit: 3, ..Wanted::default() };
    let (first, next) = archive.requests(&wanted()).await.expect("read");
    let starts = |page: &[Arc<Request>]| {
        page.iter().map(|request| (request.start_ns - START_NS) / 1_000_000).collect::<Vec<_>>()
    };
    assert_eq!((starts(&first), next), (vec![5, 4, 3], Some(Place::of(&request(3)))));
    let (second, next) = archive.requests(&Wanted { before: next, ..wanted() }).await.expect("read");
    assert_eq!((starts(&second), next), (vec![2, 1], None));
    assert_eq!(first[2].revision, 2);

    for narrowed in [
        Wanted { account: Some("acc-3".to_owned()), ..wanted() },
        Wanted { status: "5xx".parse().ok(), ..wanted() },
        Wanted { id: Some("r-3".to_owned()), ..wanted() },
        Wanted { id: Some(request(3).id), ..wanted() },
        Wanted { since_ns: Some(START_NS + 3_000_000), until_ns: Some(START_NS + 4_000_000), ..wanted() },
        Wanted { text: Some("HOME acc-3".to_owned()), ..wanted() },
    ] {
        let (found, next) = archive.requests(&narrowed).await.expect("read");
        assert_eq!((starts(&found), next), (vec![3], None), "{narrowed:?}");
    }
    let slow = Wanted { slower_than_ms: Some(30.5), ..wanted() };
    assert!(archive.requests(&slow).await.expect("read").0.is_empty());
}

#[tokio::test]
async fn a_broken_file_is_removed_and_a_disk_that_refuses_is_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(
        folder.path().join("00000001.sqlite"),
        "no database at all, but long enough to be read as one".repeat(40),
    )
    .expect("written");
    let archive = open(folder.path()).await;
    archive.keep_line(&line("catalog", 1, "after"));
    archive.write_waiting().await;
    assert_eq!(messages(&archive, lines_of("after", 9)).await.len(), 1);

    let newest = archive.newest();
    sqlx::query("DROP TABLE line_text").execute(newest.database.pool()).await.expect("done");
    archive.keep_line(&line("catalog", 2, "lost"));
    archive.write_waiting().await;
    assert_eq!(archive.fill().dropped.disk, 1);
    assert_eq!(messages(&archive, lines_of("", 9)).await, ["after"], "nothing of a refused batch is kept");
}

#[tokio::test]
async fn a_budget_too_small_is_refused_in_words() {
    let folder = tempfile::tempdir().expect("a folder");
    let error = Archive::open(folder.path(), 1_000).await.expect_err("too small");
    assert_eq!(error.to_string(), "console.archive_bytes_max is 1000; give it 8388608 at least");
}

#[tokio::test]
async fn metrics_are_kept_by_their_labels_and_found_by_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = open(folder.path()).await;
    let page = |count: u64| {
        let text = format!(
            "# HELP took_seconds Time.\n# TYPE took_seconds histogram\n# UNIT took_seconds seconds\n\
             took_seconds_sum{{route=\"/a b\"}} 1\ntook_seconds_bucket{{route=\"/a b\",le=\"1.0\"}} {count} # {{trace_id=\"ab\"}} 0.5\n\
             took_seconds_bucket{{route=\"/a b\",le=\"+Inf\"}} {count}\ntook_seconds_bucket{{route=\"/c\",le=\"+Inf\"}} 9\n"
        );
        openmetrics::read(&text)
    };
    for (at_s, count) in [(100, 3), (110, 5), (110, 5), (120, 7)] {
        let page = page(count);
        page.families.iter().for_each(|family| archive.keep_family(family));
        page.samples.iter().for_each(|sample| archive.keep_point(sample, at_s));
        archive.write_waiting().await;
    }
    let known = archive.metrics().await.expect("read");
    assert_eq!((known.len(), known[0].family.unit.as_str(), known[0].labels["route"].len()), (1, "seconds", 2));
    assert_eq!(archive.family("took_seconds").await.expect("read").map(|family| family.kind), Some(Kind::Histogram));

    let wanted = [("route".to_owned(), "/a b".to_owned())].into();
    let between = |from_s, to_s| Stretch { from_s, to_s, apart_s: 1 };
    let found = archive.points("took_seconds", &wanted, between(0, 200)).await.expect("read");
    let [series] = &found.series[..] else { panic!("{:?}", found.series) };
    assert_eq!(series.bounds, [1.0, f64::INFINITY]);
    assert_eq!(
        series.points.iter().map(|point| (point.at_s, point.counts[1])).collect::<Vec<_>>(),
        [(100, 3.0), (110, 5.0), (120, 7.0)]
    );
    assert_eq!((found.examples.len(), found.examples[0].exemplar.trace_id.as_str(), found.is_cut), (3, "ab", false));
    assert!(archive.points("took_seconds", &wanted, between(0, 99)).await.expect("read").series.is_empty());

    let thinned =
        archive.points("took_seconds", &wanted, Stretch { apart_s: 50, ..between(0, 200) }).await.expect("read");
    let points: Vec<_> = thinned.series[0].points.iter().map(|point| (point.at_s, point.counts[1])).collect();
    assert_eq!(points, [(100, 3.0), (120, 7.0)], "the last of each piece, and what everything rose from");
}
