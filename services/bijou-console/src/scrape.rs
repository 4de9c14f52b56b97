//! Asking every instance of ours, every ten seconds, for its metrics, and keeping what changed.
//!
//! Asked, not delivered: `/metrics` is there for Prometheus anyway, costs a role nothing while nobody asks, and a role that
//! is in trouble does not have to see to it that its numbers arrive.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, SystemTime};

use bijou_client::Client;
use bijou_eureka::{Discovery, Endpoint};
use futures_util::future::join_all;
use tokio_util::sync::CancellationToken;

use crate::archive::Archive;
use crate::domain::openmetrics::{self, Kind, Labels, Page, Sample};
use crate::instances::{ADMIN_PORT, OURS};
use crate::time;

/// How long after the pause everybody is asked again: every ten seconds with it.
const ASK_AFTER: Duration = Duration::from_secs(9);

/// Least pause between two rounds.
const PAUSE_MIN: Duration = Duration::from_secs(1);

/// How long one may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// Series kept of one instance: one that makes a label of every path must not fill the disk.
const SERIES_MAX: usize = 5_000;

/// A value that did not change is written again after so long, in seconds: less than [`crate::domain::series::STALE_S`].
const REPEAT_S: i64 = 60;

/// What is known of an instance from before.
#[derive(Debug, Default)]
struct Before {
    asked_at_s: i64,
    written: HashMap<(String, Labels), (i64, Sample)>,
}

/// What was written, of everybody.
#[derive(Debug, Default)]
pub struct Scraper {
    before: HashMap<String, Before>,
}

impl Scraper {
    /// What of an instance's page is to be kept, each with its second.
    pub fn news(&mut self, instance_id: &str, role: &str, page: Page, at_s: i64) -> Vec<(Sample, i64)> {
        let is_counted: HashSet<_> = page
            .families
            .iter()
            .filter(|family| family.kind != Kind::Gauge)
            .map(|family| family.name.clone())
            .collect();
        let is_known = self.before.contains_key(instance_id);
        let before = self.before.entry(instance_id.to_owned()).or_default();
        let mut news = Vec::new();
        for mut sample in page.samples.into_iter().take(SERIES_MAX) {
            sample.labels.insert("role".to_owned(), role.to_owned());
            sample.labels.insert("instance".to_owned(), instance_id.to_owned());
            let key = (sample.name.clone(), sample.labels.clone());
            let known = before.written.get(&key);
            if known.is_some_and(|(written_s, known)| *known == sample && at_s - written_s < REPEAT_S) {
                continue;
            }
            // What an instance counts for the first time since it was asked last began at zero then.
            if known.is_none() && is_known && is_counted.contains(&sample.name) {
                let buckets = sample.buckets.iter().map(|(bound, _)| (*bound, 0.0)).collect();
                let nothing = Sample { value: 0.0, buckets, exemplar: None, ..sample.clone() };
                news.push((nothing, before.asked_at_s));
            }
            before.written.insert(key, (at_s, sample.clone()));
            news.push((sample, at_s));
        }
        before.asked_at_s = at_s;
        news
    }

    /// Forgets who is not there any more.
    fn forget_but(&mut self, instances: &HashSet<String>) {
        self.before.retain(|instance_id, _| instances.contains(instance_id));
    }
}

/// Asks until `stop`.
pub async fn watch(client: Client, discovery: Discovery, archive: Archive, stop: CancellationToken) {
    let mut scraper = Scraper::default();
    loop {
        let snapshot = discovery.snapshot();
        let endpoints: Vec<_> = snapshot
            .applications()
            .flat_map(|app| snapshot.all(app))
            .filter(|endpoint| endpoint.metadata.contains_key(OURS))
            .cloned()
            .collect();
        // Kept out of telemetry: a question every ten seconds is nobody's request.
        let asked = join_all(endpoints.iter().map(|endpoint| ask(&client, endpoint)));
        let pages = bijou_telemetry::suppressed(asked).await;
        let at_s = (time::unix_ns(SystemTime::now()) / 1_000_000_000) as i64;
        for (endpoint, text) in endpoints.iter().zip(pages) {
            let Some(text) = text else { continue };
            let page = openmetrics::read(&text);
            page.families.iter().for_each(|family| archive.keep_family(family));
            let role = endpoint.app.to_ascii_lowercase();
            for (sample, at_s) in scraper.news(&endpoint.instance_id, &role, page, at_s) {
                archive.keep_point(&sample, at_s);
            }
        }
        scraper.forget_but(&endpoints.iter().map(|endpoint| endpoint.instance_id.clone()).collect());
        let rest = async {
            // However often the registry changes.
            tokio::time::sleep(PAUSE_MIN).await;
            tokio::select! {
                // Whoever is new is asked soon: what it counts from then on is known to have begun at zero.
                () = discovery.changed_since(snapshot.generation()) => {}
                () = tokio::time::sleep(ASK_AFTER) => {}
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = rest => {}
        }
    }
}

async fn ask(client: &Client, endpoint: &Endpoint) -> Option<String> {
    let mut endpoint = endpoint.clone();
    // The gateway's own paths are on its admin listener.
    if let Some(port) = endpoint.metadata.get(ADMIN_PORT).and_then(|port| port.parse().ok()) {
        endpoint.addr.set_port(port);
    }
    let request = client.to_instance(&endpoint).get("/metrics").attempt_timeout(PATIENCE).idempotent(false);
    let response = request.send().await.ok()?.success().ok()?;
    String::from_utf8(response.body.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(count: u64) -> Page {
        openmetrics::read(&format!("# TYPE a counter\na_total{{k=\"v\"}} {count}\n# TYPE b gauge\nb 1\n"))
    }

    fn short(news: &[(Sample, i64)]) -> Vec<(&str, f64, i64)> {
        news.iter().map(|(sample, at_s)| (sample.name.as_str(), sample.value, *at_s)).collect()
    }

    #[test]
    fn what_changed_is_kept_and_what_did_not_once_a_minute() {
        let mut scraper = Scraper::default();
        let first = scraper.news("host:catalog:0", "catalog", page(3), 100);
        assert_eq!(short(&first), [("a", 3.0, 100), ("b", 1.0, 100)]);
        assert_eq!(first[0].0.labels.keys().collect::<Vec<_>>(), ["instance", "k", "role"]);
        assert_eq!(short(&scraper.news("host:catalog:0", "catalog", page(4), 110)), [("a", 4.0, 110)]);
        assert!(scraper.news("host:catalog:0", "catalog", page(4), 120).is_empty());
        assert_eq!(short(&scraper.news("host:catalog:0", "catalog", page(4), 160)), [("b", 1.0, 160)]);
    }

    #[test]
    fn what_is_counted_for_the_first_time_began_at_zero() {
        let mut scraper = Scraper::default();
        scraper.news("i", "catalog", Page::default(), 100);
        assert_eq!(
            short(&scraper.news("i", "catalog", page(2), 110)),
            [("a", 0.0, 100), ("a", 2.0, 110), ("b", 1.0, 110)]
        );
    }
}
