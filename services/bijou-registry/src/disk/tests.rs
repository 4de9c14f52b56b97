//! The store: what is kept, what a commit waits for, and the take-over of older tables.

use bijou_eureka::{Instance, Status};
use redb::TableDefinition;

use super::*;
use crate::leases::Record;

fn instance(id: &str, status: Status) -> Instance {
    let instance = Instance::new("orders", id, "n7", "10.4.0.7", 8080).with_metadata("zone", "a \"b\"");
    Instance { overridden_status: status, last_dirty_ms: 3, ..instance }
}

fn row(instance: &Instance, says_new: bool) -> Row {
    let record = Arc::new(Record::new(instance));
    Row { record, overridden_ms: 7, override_reason: Some("a \"drill\"".into()), says_new }
}

#[test]
fn what_was_noted_is_there_after_opening_again_and_what_ended_is_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let (disk, kept) = Disk::open(folder.path()).expect("new");
    assert!(kept.is_empty());
    for (number, id) in [(4, "a"), (5, "b")] {
        disk.note(number, Some(row(&instance(id, Status::OutOfService), true)), Haste::Awaited);
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
fn how_a_lease_stands_is_written_without_what_it_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let (disk, _) = Disk::open(folder.path()).expect("new");
    disk.note(1, Some(row(&instance("a", Status::Unknown), true)), Haste::Awaited);
    disk.finish();
    drop(disk);
    let (disk, _) = Disk::open(folder.path()).expect("again");
    let mut later =
        Instance { last_dirty_ms: 8, action: Some(bijou_eureka::ActionType::Added), ..instance("a", Status::Unknown) };
    (later.status, later.lease.registration_ms) = (Status::Down, 9);
    disk.note(1, Some(row(&Instance { host_name: "not said".to_owned(), ..later.clone() }, false)), Haste::Awaited);
    disk.finish();
    drop(disk);
    let (disk, kept) = Disk::open(folder.path()).expect("a third time");
    assert_eq!(kept[0].instance.to_instance(), later);
    disk.finish();
}

#[test]
fn what_a_row_says_new_is_not_lost_by_a_later_one_that_says_nothing_new() {
    let folder = tempfile::tempdir().expect("a folder");
    let (disk, _) = Disk::open(folder.path()).expect("new");
    disk.note(1, Some(row(&instance("a", Status::Unknown), true)), Haste::Awaited);
    disk.note(1, Some(row(&instance("a", Status::Unknown), false)), Haste::Awaited);
    disk.finish();
    drop(disk);
    let (disk, kept) = Disk::open(folder.path()).expect("again");
    assert_eq!(kept.len(), 1);
    disk.finish();
}

#[tokio::test]
async fn a_repetition_is_written_in_its_turn_and_nobody_waits_for_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let (disk, _) = Disk::open(folder.path()).expect("new");
    disk.note(1, Some(row(&instance("a", Status::Unknown), true)), Haste::Awaited);
    disk.note(2, Some(row(&instance("b", Status::Unknown), true)), Haste::Awaited);
    disk.written().await;
    let again = |id: &str, last_dirty_ms| Instance { last_dirty_ms, ..instance(id, Status::Unknown) };
    for (number, id) in [(1, "a"), (2, "b")] {
        disk.note(number, Some(row(&again(id, 8), false)), Haste::Repetition);
    }
    disk.written().await;
    // What is awaited comes later and counts.
    disk.note(2, Some(row(&again("b", 9), false)), Haste::Awaited);
    disk.written().await;
    disk.finish();
    drop(disk);
    let (disk, kept) = Disk::open(folder.path()).expect("again");
    assert_eq!(kept.iter().map(|kept| kept.instance.last_dirty_ms).collect::<Vec<_>>(), [8, 9]);
    disk.finish();
}

/// The file as it is at some moment is what a killed process leaves.
#[tokio::test]
async fn who_waited_finds_it_in_the_file_as_it_is_then() {
    let folder = tempfile::tempdir().expect("a folder");
    let (disk, _) = Disk::open(folder.path()).expect("new");
    for number in 0..20 {
        disk.note(number, Some(row(&instance(&number.to_string(), Status::Unknown), true)), Haste::Awaited);
        disk.written().await;
        let left = tempfile::tempdir().expect("a folder");
        fs::copy(folder.path().join("leases.redb"), left.path().join("leases.redb")).expect("copied");
        let (restarted, kept) = Disk::open(left.path()).expect("what is left");
        assert_eq!(kept.len() as u64, number + 1);
        restarted.finish();
    }
    disk.finish();
    // Nobody waits for what is closed.
    disk.written().await;
}

#[test]
fn what_an_earlier_version_wrote_is_taken_over_once() {
    let folder = tempfile::tempdir().expect("a folder");
    {
        let database = Database::create(folder.path().join("leases.redb")).expect("new");
        let transaction = database.begin_write().expect("begun");
        {
            let before: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("leases");
            let mut table = transaction.open_table(before).expect("a table");
            let mut value = br#"{"overridden_ms":5,"override_reason":"a drill","instance":"#.to_vec();
            bijou_eureka::json::write_instance(&mut value, &instance("a", Status::Down));
            value.push(b'}');
            table.insert(b"ORDERS\0a".as_slice(), value.as_slice()).expect("inserted");
        }
        transaction.commit().expect("written");
    }
    for _ in 0..2 {
        let (disk, kept) = Disk::open(folder.path()).expect("taken over");
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].instance.to_instance(), instance("a", Status::Down));
        assert_eq!((kept[0].overridden_ms, kept[0].override_reason.as_deref()), (5, Some("a drill")));
        disk.finish();
    }
}

#[test]
fn a_store_that_cannot_be_read_is_put_aside() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("leases.redb"), "not a database").expect("written");
    let (disk, kept) = Disk::open(folder.path()).expect("a new one");
    assert!(kept.is_empty());
    assert!(folder.path().join("leases.unreadable").exists());
    disk.finish();
}
