//! Watching who comes and goes, and keeping it.

use std::time::{Duration, SystemTime};

use bijou_eureka::{Discovery, Endpoint};
use tokio_util::sync::CancellationToken;

use super::{OURS, born_ms};
use crate::archive::Archive;
use crate::domain::comings::{Roll, Seen};
use crate::time;

/// How soon who is away is looked for again.
const AGAIN: Duration = Duration::from_secs(5);

/// Watches until `stop`. An archive that cannot be read costs what was known from before, and no more.
pub async fn watch(discovery: Discovery, archive: Archive, stop: CancellationToken) {
    let told = archive.comings(0, i64::MAX).await.unwrap_or_else(|error| {
        tracing::warn!(error = &error as &dyn std::error::Error, "who came and went before is not known");
        Vec::new()
    });
    let mut roll = Roll::of(&told);
    loop {
        let snapshot = discovery.snapshot();
        let there = snapshot.applications().flat_map(|app| snapshot.all(app)).map(|endpoint| seen(endpoint)).collect();
        let now_ms = (time::unix_ns(SystemTime::now()) / 1_000_000) as i64;
        for coming in roll.look(there, now_ms) {
            archive.keep_coming(&coming);
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = discovery.changed_since(snapshot.generation()) => {}
            () = tokio::time::sleep(AGAIN), if roll.misses_somebody() => {}
        }
    }
}

fn seen(endpoint: &Endpoint) -> Seen {
    Seen {
        role: endpoint.app.to_ascii_lowercase(),
        instance_id: endpoint.instance_id.clone(),
        born_ms: born_ms(endpoint).and_then(|ms| i64::try_from(ms).ok()),
        version: endpoint.metadata.get(OURS).cloned(),
    }
}
