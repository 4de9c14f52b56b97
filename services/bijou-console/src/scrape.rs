//! Asking every instance of ours, every ten seconds, for its metrics, and keeping what changed.
//!
//! Asked, not delivered: `/metrics` is there for Prometheus anyway, costs a role nothing while nobody asks, and a role that
//! is in trouble does not have to see to it that its numbers arrive.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant, SystemTime};

use bijou_client::Client;
use bijou_eureka::{Discovery, Endpoint};
use futures_util::future::join_all;
use tokio_util::sync::CancellationToken;

use crate::instances::{ADMIN_PORT, OURS, born_ms};
use crate::state::Shared;
use crate::time;
use bijou_telemetry::openmetrics::{self, Kind, Labels, Page, Sample};

/// How long after the pause everybody is asked again: every ten seconds with it.
const ASK_AFTER: Duration = Duration::from_secs(9);

/// Least pause between two rounds.
const PAUSE_MIN: Duration = Duration::from_secs(1);

/// How long one may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// Series kept of one instance: one that makes a label of every path must not fill the disk.
const SERIES_MAX: usize = 5_000;

/// Examples older than this, in seconds, were there when it was asked before.
const FRESH_S: f64 = (ASK_AFTER.as_secs() + PAUSE_MIN.as_secs() + PATIENCE.as_secs()) as f64;

/// An instance younger than this, in seconds, counted nothing before it began to serve that anybody could have kept.
const YOUNG_S: i64 = 60;

/// A value that did not change is written again after so long, in seconds: less than [`crate::domain::series::STALE_S`].
const REPEAT_S: i64 = 60;

/// Whose page it is.
#[derive(Debug, Clone, Copy)]
pub struct Of<'a> {
    pub instance_id: &'a str,
    pub role: &'a str,
    /// When it began to serve, in seconds since 1970, where it says so.
    pub born_s: Option<i64>,
}

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
    pub fn news(&mut self, of: &Of<'_>, page: Page, at_s: i64) -> Vec<(Sample, i64)> {
        self.news_within(of, page, at_s, SERIES_MAX).0
    }

    /// The same, of at most so many series of this instance; and how many samples were of one more.
    pub fn news_within(
        &mut self,
        of: &Of<'_>,
        page: Page,
        at_s: i64,
        series_max: usize,
    ) -> (Vec<(Sample, i64)>, usize) {
        let Of { instance_id, role, born_s } = *of;
        let is_counted: HashSet<_> = page
            .families
            .iter()
            .filter(|family| family.kind != Kind::Gauge)
            .map(|family| family.name.clone())
            .collect();
        // What an instance counts for the first time since it was asked last began at zero then, and what one counts that
        // has just begun to serve began with it.
        let asked_before = self.before.get(instance_id).map(|before| before.asked_at_s);
        let began_s = asked_before.or(born_s.filter(|born_s| at_s - born_s < YOUNG_S)).map(|began| began.min(at_s - 1));
        let before = self.before.entry(instance_id.to_owned()).or_default();
        let (mut news, mut left_out) = (Vec::new(), 0);
        for mut sample in page.samples {
            sample.labels.insert("role".to_owned(), role.to_owned());
            sample.labels.insert("instance".to_owned(), instance_id.to_owned());
            let key = (sample.name.clone(), sample.labels.clone());
            let known = before.written.get(&key);
            if known.is_none() && before.written.len() >= series_max {
                left_out += 1;
                continue;
            }
            // An example stays on the page until there is another one: it is news once, and no news by itself.
            let mut exemplars = std::mem::take(&mut sample.exemplars);
            exemplars.retain(|example| example.at_s.is_none_or(|was_s| was_s > at_s as f64 - FRESH_S));
            if known.is_some_and(|(written_s, known)| *known == sample && at_s - written_s < REPEAT_S) {
                continue;
            }
            if let Some(began_s) = began_s.filter(|_| known.is_none() && is_counted.contains(&sample.name)) {
                let buckets = sample.buckets.iter().map(|(bound, _)| (*bound, 0.0)).collect();
                let nothing = Sample { value: 0.0, buckets, ..sample.clone() };
                news.push((nothing, began_s));
            }
            before.written.insert(key, (at_s, sample.clone()));
            news.push((Sample { exemplars, ..sample }, at_s));
        }
        before.asked_at_s = at_s;
        (news, left_out)
    }

    /// Series that are known of all instances but this one.
    pub fn series_but(&self, instance_id: &str) -> usize {
        let others = self.before.iter().filter(|(id, _)| id.as_str() != instance_id);
        others.map(|(_, before)| before.written.len()).sum()
    }

    /// Whether this instance has been seen before.
    pub fn knows(&self, instance_id: &str) -> bool {
        self.before.contains_key(instance_id)
    }

    /// Forgets who has said nothing since then.
    pub fn forget_before(&mut self, at_s: i64) {
        self.before.retain(|_, before| before.asked_at_s >= at_s);
    }

    /// Forgets who is not there any more.
    fn forget_but(&mut self, instances: &HashSet<String>) {
        self.before.retain(|instance_id, _| instances.contains(instance_id));
    }
}

/// Asks until `stop`.
pub async fn watch(client: Client, discovery: Discovery, shared: Shared, stop: CancellationToken) {
    let archive = shared.archive();
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
        let now = Instant::now();
        for (endpoint, text) in endpoints.iter().zip(pages) {
            let Some(text) = text else { continue };
            let page = openmetrics::read(&text);
            page.families.iter().for_each(|family| archive.keep_family(family));
            let role = endpoint.app.to_ascii_lowercase();
            let born_s = born_ms(endpoint).map(|ms| (ms / 1_000) as i64);
            let age = born_s.and_then(|born_s| u64::try_from(at_s - born_s).ok()).map(Duration::from_secs);
            shared.minutes().note(&endpoint.instance_id, &role, &page, now, age);
            let of = Of { instance_id: &endpoint.instance_id, role: &role, born_s };
            for (sample, at_s) in scraper.news(&of, page, at_s) {
                archive.keep_point(&sample, at_s);
            }
        }
        let there = endpoints.iter().map(|endpoint| endpoint.instance_id.clone()).collect();
        scraper.forget_but(&there);
        shared.minutes().forget_but(&there);
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

    const CATALOG: Of<'static> = Of { instance_id: "host:catalog:0", role: "catalog", born_s: None };

    #[test]
    fn what_changed_is_kept_and_what_did_not_once_a_minute() {
        let mut scraper = Scraper::default();
        let first = scraper.news(&CATALOG, page(3), 100);
        assert_eq!(short(&first), [("a", 3.0, 100), ("b", 1.0, 100)]);
        assert_eq!(first[0].0.labels.keys().collect::<Vec<_>>(), ["instance", "k", "role"]);
        assert_eq!(short(&scraper.news(&CATALOG, page(4), 110)), [("a", 4.0, 110)]);
        assert!(scraper.news(&CATALOG, page(4), 120).is_empty());
        assert_eq!(short(&scraper.news(&CATALOG, page(4), 160)), [("b", 1.0, 160)]);
    }

    #[test]
    fn what_is_counted_for_the_first_time_began_at_zero() {
        let mut scraper = Scraper::default();
        scraper.news(&CATALOG, Page::default(), 100);
        let news = scraper.news(&CATALOG, page(2), 110);
        assert_eq!(short(&news), [("a", 0.0, 100), ("a", 2.0, 110), ("b", 1.0, 110)]);
    }

    #[test]
    fn an_example_is_news_once() {
        let page = |count: u64| {
            openmetrics::read(&format!(
                "# TYPE a histogram\na_sum 1\na_bucket{{le=\"1.0\"}} {count} # {{trace_id=\"aa\"}} 0.5 95.5\n\
                 a_bucket{{le=\"+Inf\"}} {count} # {{trace_id=\"bb\"}} 1.5\n"
            ))
        };
        let mut scraper = Scraper::default();
        let mut examples = |count, at_s| {
            let news = scraper.news(&CATALOG, page(count), at_s);
            news.iter()
                .flat_map(|(sample, _)| sample.exemplars.iter().map(|one| one.trace_id.clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(examples(3, 100), ["aa", "bb"]);
        assert_eq!(examples(4, 110), ["bb"], "that one does not say when it was");
        assert!(examples(4, 120).is_empty());
    }

    #[test]
    fn what_an_instance_counts_that_has_just_begun_to_serve_began_with_it() {
        let of = |born_s| Of { born_s: Some(born_s), ..CATALOG };
        let news = |born_s| Scraper::default().news(&of(born_s), page(2), 100);
        assert_eq!(short(&news(97)), [("a", 0.0, 97), ("a", 2.0, 100), ("b", 1.0, 100)]);
        assert_eq!(short(&news(100))[0], ("a", 0.0, 99), "two points are of two moments");
        assert_eq!(short(&news(40)), [("a", 2.0, 100), ("b", 1.0, 100)], "of an older one nobody knows");
    }
}
