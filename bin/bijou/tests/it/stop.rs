//! Everything ends together.

use std::time::Duration;

use crate::http::get;
use crate::platform::{Platform, is_running, signal, wait_for};

const GONE_MAX: Duration = Duration::from_mins(1);

#[test]
fn one_signal_stops_all_and_nobody_is_started_again() {
    let mut platform = Platform::start(&["--no-demo"]);
    let pids = platform.pids();
    assert_eq!(pids.len(), 9, "{pids:?}");
    let status = platform.stop();
    assert_eq!(status.code(), Some(0), "{}", platform.log());
    assert!(pids.iter().all(|pid| !is_running(*pid)), "{}", platform.log());
    assert!(!platform.folder().join("run.json").exists());
    assert!(!platform.log().contains("started again"), "{}", platform.log());
}

#[test]
fn children_end_with_a_supervisor_that_is_killed() {
    let mut platform = Platform::start(&["--no-demo"]);
    let pids = platform.pids();
    platform.kill_supervisor();
    wait_for("all children to end", GONE_MAX, || pids.iter().all(|pid| !is_running(*pid)));
}

#[test]
fn a_role_that_is_asked_to_stop_leaves_the_registry_first() {
    let platform = Platform::start(&["--no-demo"]);
    let (_, base) = platform.instances("CATALOG").remove(0);
    signal(platform.pid("catalog").unwrap(), "TERM");
    wait_for("the catalog to leave", Duration::from_secs(30), || {
        platform.instances("CATALOG").iter().all(|(_, known)| *known != base)
    });
    // It was no stop of the platform: the supervisor brings it back.
    wait_for("a new catalog", GONE_MAX, || {
        let instances = platform.instances("CATALOG");
        instances.first().is_some_and(|(_, base)| get(base, "/readyz").try_send().is_ok_and(|a| a.status == 200))
    });
}
