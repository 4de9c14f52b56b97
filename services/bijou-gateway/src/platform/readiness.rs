//! Whether the platform can be used through this gateway, and what it waits for.
//!
//! A pure look at what is known anyway: routes, the registry's picture, key set, documents. Nobody is asked.

use std::sync::PoisonError;

use bijou_eureka::Snapshot;
use serde::Serialize;

use crate::config::Config;
use crate::shared::Shared;

/// The application that says what can be played, in the metadata of its instances.
const PLAYBACK: &str = "PLAYBACK";
const PLAYABLE: &str = "bijou.playable";
const DEMO: &str = "bijou.demo";

/// The answer of `/readyz`, in the shape all roles have.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    pub(super) ready: bool,
    checks: Vec<Check>,
}

/// One condition.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Check {
    name: String,
    ready: bool,
    /// Worth knowing, but nothing waits for it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    informational: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl Check {
    fn of(name: impl Into<String>, ready: bool, reason: impl Into<String>) -> Self {
        Self { name: name.into(), ready, informational: false, reason: (!ready).then(|| reason.into()) }
    }

    fn informational(name: &str, ready: bool, reason: impl Into<String>) -> Self {
        Self { name: name.to_owned(), ready, informational: true, reason: Some(reason.into()) }
    }
}

pub(super) fn report(shared: &Shared) -> Report {
    let settings = shared.settings.load();
    let snapshot = shared.discovery.snapshot();
    let mut checks =
        platform(&settings.config, settings.table.routes().len(), &snapshot, shared.keys.current().is_empty());
    let reloads = shared.stats.reloads.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some(error) = reloads.last_error {
        checks.push(Check::informational(
            "configuration",
            false,
            format!("the last file was not taken, the one before is in use: {error}"),
        ));
    }
    let documents = shared.documents.load();
    for collision in &documents.collisions {
        checks.push(Check::informational("openapi", false, collision.clone()));
    }
    if !shared.discovery.is_connected() && snapshot.is_heard() {
        checks.push(Check::informational(
            "registry-connection",
            false,
            "the registry cannot be reached, its last picture is in use",
        ));
    }
    Report { ready: checks.iter().all(|check| check.ready || check.informational), checks }
}

fn platform(config: &Config, routes: usize, snapshot: &Snapshot, no_keys: bool) -> Vec<Check> {
    let mut checks = vec![
        Check::of("routes", routes > 0, "there are no routes in the configuration"),
        Check::of("registry", snapshot.is_heard(), "nothing was heard from the registry yet"),
    ];
    for role in &config.ready_roles {
        let app = role.to_ascii_uppercase();
        checks.push(Check::of(
            role.to_ascii_lowercase(),
            !snapshot.instances(&app).is_empty(),
            format!("no instance of {app} is up"),
        ));
        if app == config.tokens.application {
            checks.push(Check::of("token-keys", !no_keys, format!("{app} has not given its token keys yet")));
        }
        if app == PLAYBACK {
            checks.push(playable(snapshot));
        }
    }
    checks
}

/// A title that can be played, unless nothing is going to make one.
fn playable(snapshot: &Snapshot) -> Check {
    const NAME: &str = "playable-title";
    let instances = snapshot.instances(PLAYBACK);
    let metadata =
        |key: &str| instances.iter().filter_map(|one| one.metadata.get(key)).map(String::as_str).collect::<Vec<_>>();
    if metadata(PLAYABLE).iter().any(|count| count.parse::<u64>().is_ok_and(|count| count > 0)) {
        return Check::of(NAME, true, "");
    }
    let demo = metadata(DEMO);
    if demo.contains(&"no-ffmpeg") {
        return Check::informational(
            NAME,
            false,
            "nothing can be played: ffmpeg is not installed, so no demo film could be made",
        );
    }
    if demo.contains(&"off") {
        return Check::informational(NAME, false, "nothing can be played yet: the demo library is off");
    }
    Check::of(NAME, false, "the first title is being made")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bijou_eureka::{Endpoint, Instance};

    use super::*;
    use crate::config::tests::default_config;

    fn snapshot(instances: &[Instance]) -> Snapshot {
        Snapshot::new(1, None, 1, instances.iter().filter_map(Endpoint::of).map(Arc::new))
    }

    fn instance(app: &str) -> Instance {
        Instance::new(app, "one", "localhost", "127.0.0.1", 1)
    }

    #[track_caller]
    fn check(roles: &[&str], snapshot: &Snapshot, no_keys: bool, waits_for: &[&str]) {
        let mut config = default_config();
        config.ready_roles = roles.iter().map(|&role| role.to_owned()).collect();
        let checks = platform(&config, 1, snapshot, no_keys);
        let unmet: Vec<_> = checks
            .iter()
            .filter(|check| !check.ready && !check.informational)
            .map(|check| check.name.as_str())
            .collect();
        assert_eq!(unmet, waits_for);
    }

    #[test]
    fn alone_it_waits_for_the_registry_only() {
        check(&[], &Snapshot::default(), true, &["registry"]);
        check(&[], &snapshot(&[]), true, &[]);
    }

    #[test]
    fn under_the_supervisor_it_waits_for_roles_and_keys() {
        check(&["catalog", "identity"], &snapshot(&[instance("CATALOG")]), true, &["identity", "token-keys"]);
        check(&["catalog", "identity"], &snapshot(&[instance("CATALOG"), instance("IDENTITY")]), false, &[]);
    }

    #[test]
    fn it_waits_for_a_title_that_somebody_is_making() {
        let playback = |key: &str, value: &str| snapshot(&[instance("PLAYBACK").with_metadata(key, value)]);
        check(&["playback"], &playback("bijou.demo", "on"), false, &["playable-title"]);
        check(&["playback"], &playback("bijou.playable", "0"), false, &["playable-title"]);
        check(&["playback"], &playback("bijou.playable", "1"), false, &[]);
        check(&["playback"], &playback("bijou.demo", "off"), false, &[]);
        check(&["playback"], &playback("bijou.demo", "no-ffmpeg"), false, &[]);
    }
}
