//! The store: what is kept, and what is waited for.

use bijou_eureka::{Instance, Status};
use futures_util::FutureExt;

use super::*;
use crate::leases::Record;

fn instance(id: &str, status: Status) -> Instance {
    let instance = Instance::new("orders", id, "n7", "10.4.0.7", 8080).with_metadata("zone", "a \"b\"");
    Instance { overridden_status: status, last_dirty_ms: 3, ..instance }
}

fn row(instance: &Instance) -> Row {
    let record = Arc::new(Record::new(instance));
    Row { record, overridden_ms: 7, override_reason: Some("a \"drill\"".into()) }
}

#[test]
fn what_was_noted_is_there_after_opening_again_and_what_ended_is_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let (disk, kept) = Disk::open(folder.path()).expect("new");
    assert!(kept.is_empty());
    for (number, id) in [(4, "a"), (5, "b")] {
        disk.note(number, Some(row(&instance(id, Status::OutOfService))), Haste::Awaited);
    }
    disk.note(5, None, Haste::Awaited);
    disk.finish();
    drop(disk);
    let (disk, kept) = Disk::open(folder.path()).expect("again");
    assert_eq!(kept.len(), 1);
    assert_eq!((kept[0].number, kept[0].overridden_ms), (4, 7));
    assert_eq!(kept[0].instance.to_instance(), instance("a", Status::OutOfService));
    assert_eq!(kept[0].override_reason.as_deref(), Some("a \"drill\""));
    let second = Disk::open(folder.path()).map(|_| ()).expect_err("one registry a folder");
    assert!(second.to_string().contains("another registry"), "{second}");
    disk.finish();
}

#[test]
fn how_a_lease_stands_is_written_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let (disk, _) = Disk::open(folder.path()).expect("new");
    disk.note(1, Some(row(&instance("a", Status::Unknown))), Haste::Awaited);
    disk.finish();
    drop(disk);
    let (disk, _) = Disk::open(folder.path()).expect("again");
    let mut later =
        Instance { last_dirty_ms: 8, action: Some(bijou_eureka::ActionType::Added), ..instance("a", Status::Unknown) };
    (later.status, later.lease.registration_ms, later.last_updated_ms) = (Status::Down, 9, u64::MAX);
    disk.note(1, Some(Row { override_reason: None, ..row(&later) }), Haste::Awaited);
    disk.finish();
    drop(disk);
    let (disk, kept) = Disk::open(folder.path()).expect("a third time");
    assert_eq!(kept.len(), 1);
    assert_eq!((kept[0].instance.to_instance(), &kept[0].override_reason), (later, &None));
    disk.finish();
}

#[test]
fn more_than_one_statement_holds_are_written_and_taken_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let (disk, _) = Disk::open(folder.path()).expect("new");
    let note = |numbers: std::ops::Range<u64>, is_there: bool| {
        for number in numbers {
            let row = is_there.then(|| row(&instance(&number.to_string(), Status::Unknown)));
            disk.note(number, row, Haste::Awaited);
        }
    };
    note(0..200, true);
    note(100..300, true);
    note(0..150, false);
    disk.finish();
    drop(disk);
    let (disk, kept) = Disk::open(folder.path()).expect("again");
    assert!(kept.iter().map(|kept| kept.number).eq(150..300));
    disk.finish();
}

#[tokio::test]
async fn a_repetition_is_written_in_its_turn_and_nobody_waits_for_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let (disk, _) = Disk::open(folder.path()).expect("new");
    disk.note(1, Some(row(&instance("a", Status::Unknown))), Haste::Awaited);
    disk.note(2, Some(row(&instance("b", Status::Unknown))), Haste::Awaited);
    disk.written().await;
    let again = |id: &str, last_dirty_ms| Instance { last_dirty_ms, ..instance(id, Status::Unknown) };
    for (number, id) in [(1, "a"), (2, "b")] {
        disk.note(number, Some(row(&again(id, 8))), Haste::Repetition);
    }
    disk.written().await;
    // What is awaited comes later and counts.
    disk.note(2, Some(row(&again("b", 9))), Haste::Awaited);
    disk.written().await;
    disk.finish();
    drop(disk);
    let (disk, kept) = Disk::open(folder.path()).expect("again");
    assert_eq!(kept.iter().map(|kept| kept.instance.last_dirty_ms).collect::<Vec<_>>(), [8, 9]);
    disk.finish();
}

#[tokio::test]
async fn a_later_version_is_written_with_what_comes_next_and_nobody_waits_for_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let (disk, _) = Disk::open(folder.path()).expect("new");
    let said = |last_dirty_ms| Some(row(&Instance { last_dirty_ms, ..instance("a", Status::Unknown) }));
    disk.note(1, said(1), Haste::Awaited);
    disk.written().await;
    for last_dirty_ms in 2..100 {
        disk.note(1, said(last_dirty_ms), Haste::Soon);
        assert!(disk.written().now_or_never().is_some());
    }
    // It is on disk before anybody says more: a copy made now is what a killed process leaves.
    let left = tempfile::tempdir().expect("a folder");
    let is_there = || {
        for name in ["leases.sqlite", "leases.sqlite-wal"] {
            fs::copy(folder.path().join(name), left.path().join(name)).expect("copied");
        }
        let (copy, kept) = Disk::open(left.path()).expect("a copy");
        copy.finish();
        kept.iter().any(|kept| kept.instance.last_dirty_ms == 99)
    };
    let since = Instant::now();
    while !is_there() {
        assert!(since.elapsed() < Duration::from_secs(10), "it was never written");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    disk.finish();
}

#[test]
fn what_is_awaited_is_waited_for_with_all_that_was_noted_beside_it() {
    let mut noted = Noted::default();
    let said = || Some(row(&instance("a", Status::Unknown)));
    assert!(noted.note(1, said(), Haste::Soon) && !noted.is_awaited);
    assert!(!noted.note(2, said(), Haste::Awaited) && noted.is_awaited);
    noted.note(3, said(), Haste::Soon);
    assert!(noted.is_awaited);
    assert_eq!(noted.take().len(), 3);
}

/// Leases that are said again and again leave rests in the file, those that are not must outlive their being taken out.
#[tokio::test]
async fn rests_are_taken_out_and_what_counts_stays() {
    const STEADY: u64 = 50;
    let folder = tempfile::tempdir().expect("a folder");
    let (disk, _) = Disk::open(folder.path()).expect("new");
    let padding = "p".repeat(2_000);
    let said = |number: u64, last_dirty_ms| {
        let padded = instance(&number.to_string(), Status::Unknown).with_metadata("padding", &padding);
        row(&Instance { last_dirty_ms, ..padded })
    };
    for number in 0..STEADY {
        disk.note(number, Some(said(number, 1)), Haste::Awaited);
    }
    disk.note(STEADY, None, Haste::Awaited);
    // Many short rows come before long ones.
    for round in 0..300 {
        disk.note(STEADY + 1, Some(said(STEADY + 1, round)), Haste::Awaited);
        disk.written().await;
    }
    // Two hundred kilobytes each time, 20 MB in all.
    for round in 0..100 {
        for number in STEADY + 1..STEADY + 101 {
            disk.note(number, (number % 3 > 0 || round < 90).then(|| said(number, round)), Haste::Awaited);
        }
        disk.written().await;
    }
    disk.finish();
    drop(disk);
    let bytes = fs::metadata(folder.path().join("leases.sqlite")).expect("the file").len();
    assert!(bytes < 10 << 20, "{bytes} bytes of 20 MB that were said and 0.3 MB that count");
    let (disk, kept) = Disk::open(folder.path()).expect("again");
    let found = kept.iter().map(|kept| (kept.number, kept.instance.last_dirty_ms));
    let steady = (0..STEADY).map(|number| (number, 1));
    let restless = (STEADY + 1..STEADY + 101).filter(|number| number % 3 > 0).map(|number| (number, 99));
    assert!(found.eq(steady.chain(restless)), "{:?}", kept.iter().map(|kept| kept.number).collect::<Vec<_>>());
    disk.finish();
}

/// The file as it is at some moment is what a killed process leaves.
#[tokio::test]
async fn who_waited_finds_it_in_the_file_as_it_is_then() {
    let folder = tempfile::tempdir().expect("a folder");
    let (disk, _) = Disk::open(folder.path()).expect("new");
    for number in 0..20 {
        disk.note(number, Some(row(&instance(&number.to_string(), Status::Unknown))), Haste::Awaited);
        disk.written().await;
        let left = tempfile::tempdir().expect("a folder");
        for file in ["leases.sqlite", "leases.sqlite-wal"] {
            fs::copy(folder.path().join(file), left.path().join(file)).expect("copied");
        }
        let (restarted, kept) = Disk::open(left.path()).expect("what is left");
        assert_eq!(kept.len() as u64, number + 1);
        restarted.finish();
    }
    disk.finish();
    // Nobody waits for what is closed.
    disk.written().await;
}

#[test]
fn a_store_that_cannot_be_read_is_put_aside() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("leases.sqlite"), "not a database").expect("written");
    let (disk, kept) = Disk::open(folder.path()).expect("a new one");
    assert!(kept.is_empty());
    assert!(folder.path().join("leases.unreadable").exists());
    disk.finish();
}
