//! What an ingest leaves behind when it is cut off in the middle.

use std::path::Path;

use bijou_testkit::wait_until;
use tokio::sync::Notify;

use super::*;
use crate::Config;
use crate::housekeeping::clear_abandoned;
use crate::work::{Tier, Work, WorkSource};

/// Whether any process names this folder on its command line.
fn is_encoding_in(folder: &Path) -> bool {
    let folder = folder.display().to_string();
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok())
        .any(|line| String::from_utf8_lossy(&line).contains(&folder))
}

#[tokio::test]
async fn an_ingest_that_is_dropped_takes_its_encoder_along_and_can_be_cleared_away() {
    let folder = tempfile::tempdir().unwrap();
    let url = bijou_store::sqlite_url(&folder.path().join("playback.sqlite"));
    let library = Library::open_at(&url, folder.path(), &Config::default()).await.unwrap();
    let work = Work {
        title_id: "bo-northbound".to_owned(),
        episode_id: None,
        source: WorkSource::Original { film: "bo-northbound".to_owned(), tier: Tier::Full },
        attribution: None,
        is_urgent: true,
    };
    let job = NewJob { id: "j".to_owned(), playable_id: "bo-northbound".to_owned(), work: String::new(), priority: 0 };
    library.store.begin_job(&job, claim("me")).await.unwrap();
    let tools = library.tools().await.unwrap();
    let encoding = Notify::new();
    {
        let run = run_leased(&library, &tools, "j", "me", &work, Priority::Normal, |progress| {
            if progress.step == Step::Encoding {
                encoding.notify_one();
            }
        });
        let seen = async {
            encoding.notified().await;
            wait_until("the encoder to start", async || is_encoding_in(&library.work_dir)).await;
        };
        tokio::select! {
            outcome = run => panic!("{outcome:?}"),
            () = seen => {}
        }
    }
    wait_until("the encoder to die", async || !is_encoding_in(&library.work_dir)).await;

    // As after a kill: the row is there, the job's lease is about to run out.
    assert_eq!(std::fs::read_dir(&library.work_dir).unwrap().count(), 1);
    let now = now_ms();
    clear_abandoned(&library, 0, now - 60_000).await.unwrap();
    assert_eq!(std::fs::read_dir(&library.work_dir).unwrap().count(), 1, "the job still has its lease");
    clear_abandoned(&library, 0, now + LEASE.as_millis() as i64 + 60_000).await.unwrap();
    assert_eq!(std::fs::read_dir(&library.work_dir).unwrap().count(), 0);
    assert!(library.store.has_no_assets().await.unwrap());
}

#[tokio::test]
async fn two_instances_share_the_queue() {
    // One worker holds its job; the other is given the next one, not the same.
    let folder = tempfile::tempdir().unwrap();
    let url = bijou_store::sqlite_url(&folder.path().join("playback.sqlite"));
    let one = Library::open_at(&url, folder.path(), &Config::default()).await.unwrap();
    let other = Library::open_at(&url, folder.path(), &Config::default()).await.unwrap();
    one.store.queue_once("seed", &crate::demo::seed::jobs(false), now_ms()).await.unwrap();
    let first = one.store.claim_job(claim("one")).await.unwrap().unwrap();
    let second = other.store.claim_job(claim("other")).await.unwrap().unwrap();
    assert_eq!(first.id, "demo:bo-lanterns:first");
    assert_ne!(first.id, second.id);
}
