//! Positions on their way to the store, and how many writes that makes.

use bijou_store::{Database, outbox};
use bijou_testkit::sqlite_database;

use crate::MIGRATIONS;
use crate::domain::profile::{Avatar, Preferences};
use crate::domain::reports::Report;
use crate::positions::{Kept, OfProfile, Positions, Waiting};
use crate::store::Store;
use crate::store::profiles::Profile;
use crate::telemetry::Counts;

fn report(playable: &str, at_ms: i64, position_ms: i64) -> Report {
    Report {
        playable_id: playable.to_owned(),
        title_id: playable.to_owned(),
        episode_id: None,
        position_ms,
        duration_ms: 100_000,
        at_ms,
        session: "s".to_owned(),
        seq: at_ms,
    }
}

#[test]
fn of_many_reports_the_newest_is_written_once() {
    let waiting = Waiting::new(10);
    for at_ms in [3, 1, 5, 2] {
        waiting.keep("ada", report("film", at_ms, at_ms * 10));
    }
    let due = waiting.due();
    assert_eq!(due, [("ada".to_owned(), report("film", 5, 50))]);
    waiting.written(&due);
    assert_eq!((waiting.due().len(), waiting.len()), (0, 0));
}

#[test]
fn what_comes_while_it_is_written_is_due_the_next_time() {
    let waiting = Waiting::new(10);
    waiting.keep("ada", report("film", 1, 10));
    let due = waiting.due();
    waiting.keep("ada", report("film", 2, 20));
    waiting.written(&due);
    assert_eq!(waiting.due(), [("ada".to_owned(), report("film", 2, 20))]);
}

#[test]
fn there_is_an_end_to_what_may_wait() {
    let waiting = Waiting::new(1);
    assert_eq!(waiting.keep("ada", report("film", 1, 10)), Kept::Waits);
    assert_eq!(waiting.keep("ada", report("other", 1, 10)), Kept::Full);
    assert_eq!(waiting.keep("ada", report("film", 2, 20)), Kept::Waits);
}

#[test]
fn whatever_changes_of_a_profile_moves_its_number() {
    let waiting = Waiting::new(10);
    let mut seen = vec![waiting.of("ada").revision];
    let mut look = |what: &str| {
        let revision = waiting.of("ada").revision;
        assert!(!seen[1..].contains(&revision), "{what}");
        seen.push(revision);
    };
    waiting.keep("ada", report("film", 1, 10));
    look("the first");
    waiting.keep("ada", report("film", 2, 20));
    look("a newer one");
    waiting.keep("ada", report("other", 2, 20));
    look("another film");
    waiting.written(&[("ada".to_owned(), report("film", 2, 20))]);
    look("one less");
    let before = waiting.of("ada").revision;
    waiting.keep("bob", report("film", 1, 10));
    assert_eq!(waiting.of("ada").revision, before);
}

#[test]
fn a_profile_that_goes_takes_what_waits_with_it() {
    let waiting = Waiting::new(10);
    waiting.keep("ada", report("film", 1, 10));
    waiting.keep("bob", report("film", 1, 10));
    waiting.forget("ada");
    assert_eq!(waiting.of("ada"), OfProfile::default());
    assert_eq!((waiting.of("bob").reports.len(), waiting.len()), (1, 1));
}

fn profile(id: &str) -> Profile {
    Profile {
        id: id.to_owned(),
        account_id: "account".to_owned(),
        name: id.to_owned(),
        avatar: Avatar::default(),
        language: "en".to_owned(),
        maturity: None,
        kids: false,
        pin_hash: None,
        preferences: Preferences::default(),
        picks: Vec::new(),
        created_ms: 0,
    }
}

/// A hundred people watch for an hour. Their players report every half minute and at the end; the minute's task writes.
#[tokio::test]
async fn an_hour_of_viewing_is_sixty_writes_and_sixty_commits_are_an_hour_of_everybodys() {
    const VIEWERS: u64 = 100;
    const HEARTBEATS_PER_MINUTE: i64 = 2;
    let database = sqlite_database();
    let opened = Database::open_all(&database.url, &[MIGRATIONS, outbox::MIGRATIONS]).await.expect("an empty file");
    let (store, counts) = (Store::new(opened), Counts::default());
    let positions = Positions::new(store.clone(), 1000, counts.clone());
    let viewers: Vec<String> = (0..VIEWERS).map(|viewer| format!("viewer-{viewer:03}")).collect();
    for viewer in &viewers {
        assert!(store.add_profile(&profile(viewer), 1000, 0).await.expect("written"));
    }
    for minute in 0..60 {
        for beat in 0..HEARTBEATS_PER_MINUTE {
            let seq = 1 + minute * HEARTBEATS_PER_MINUTE + beat;
            for viewer in &viewers {
                positions.report(viewer, report("film", seq, seq * 100), false).await.expect("kept");
            }
        }
        positions.flush().await.expect("written");
    }
    for viewer in &viewers {
        positions.report(viewer, report("film", 121, 12_100), true).await.expect("written");
    }
    assert_eq!(counts.reports(), VIEWERS * 121);
    // 60 by the minute and one at the end, instead of 121 for each viewer,
    assert_eq!(counts.writes(), VIEWERS * 61);
    // and those of a minute share a commit.
    assert_eq!(counts.commits(), 60 + VIEWERS);
    let kept = positions.position(&viewers[7], "film").await.expect("read").expect("there");
    assert_eq!(kept, report("film", 121, 12_100));
}
