//! Metrics that programs deliver by themselves (`POST /v1/metrics`): those of others who speak OTLP and show nothing at
//! `/metrics` that anybody here would ask for. Roles of ours are asked ([`crate::scrape`]).
//!
//! Kept by the same rules: with `role` and `instance` as labels, when they changed and once a minute, stamped with the second
//! they came, for clocks differ. What they may cost is bounded whatever their labels: so many series of all, and under flood
//! their points go before anything that failed.

use bijou_telemetry::openmetrics::Sample;

use crate::domain::trace::Source;
use crate::otlp::Told;
use crate::scrape::{Of, Scraper};

/// Series known of all programs together, some ten megabytes.
const SERIES_MAX: usize = 20_000;

/// Who has delivered nothing for so long, in seconds, is forgotten.
const FORGOTTEN_AFTER_S: i64 = 600;

/// What programs delivered so far.
#[derive(Debug, Default)]
pub struct Pushed(Scraper);

/// What of a delivery is to be kept.
#[derive(Debug)]
pub struct News {
    pub points: Vec<(Sample, i64)>,
    /// Points of series beyond the bound.
    pub left_out: usize,
}

impl Pushed {
    /// Takes what a program told at this second.
    pub fn take(&mut self, told: Told, at_s: i64) -> News {
        let Told { source: Source { role, instance_id }, began_s, page } = told;
        let instance_id = instance_id.as_deref().unwrap_or(&role);
        self.0.forget_before(at_s - FORGOTTEN_AFTER_S);
        let room = SERIES_MAX.saturating_sub(self.0.series_but(instance_id));
        // Nor are there endless programs: one is known by its series.
        if page.samples.is_empty() || (room == 0 && !self.0.knows(instance_id)) {
            return News { points: Vec::new(), left_out: page.samples.len() };
        }
        let of = Of { instance_id, role: &role, born_s: began_s };
        let (points, left_out) = self.0.news_within(&of, page, at_s, room);
        News { points, left_out }
    }
}

#[cfg(test)]
mod tests {
    use bijou_telemetry::openmetrics::{Labels, Page};

    use super::*;

    fn told(instance: &str, series: std::ops::Range<usize>) -> Told {
        let sample = |number: usize| Sample {
            name: "greetings".to_owned(),
            labels: Labels::from([("path".to_owned(), format!("/{number}"))]),
            value: 1.0,
            buckets: Vec::new(),
            exemplars: Vec::new(),
        };
        let source = Source { role: "greeter".into(), instance_id: Some(instance.into()) };
        let samples = series.map(sample).collect();
        Told { source, began_s: None, page: Page { families: Vec::new(), samples } }
    }

    #[test]
    fn endless_labels_end_at_the_bound_and_who_falls_silent_makes_room() {
        let mut pushed = Pushed::default();
        let mut take = |instance: &str, series, at_s| {
            let news = pushed.take(told(instance, series), at_s);
            (news.points.len(), news.left_out)
        };
        assert_eq!(take("a", 0..15_000, 100), (15_000, 0));
        assert_eq!(take("b", 0..10_000, 100), (5_000, 5_000));
        assert_eq!(take("a", 0..15_000, 110), (0, 0), "nothing has changed");
        assert_eq!(take("a", 15_000..15_010, 120), (0, 10));
        assert_eq!(take("c", 0..3, 120), (0, 3));
        assert_eq!(take("d", 0..0, 120), (0, 0));
        assert_eq!(take("b", 0..10_000, 721), (10_000, 0), "nobody has heard of `a` for ten minutes");
        assert!(pushed.0.knows("b"));
        assert!(["c", "d"].iter().all(|one| !pushed.0.knows(one)), "who has no series is not remembered");
    }

    #[test]
    fn points_carry_whose_they_are_whatever_they_say_themselves() {
        let mut told = told("a", 0..1);
        told.page.samples[0].labels.insert("role".to_owned(), "gateway".to_owned());
        let news = Pushed::default().take(told, 100);
        let labels = &news.points[0].0.labels;
        assert_eq!((labels["role"].as_str(), labels["instance"].as_str()), ("greeter", "a"));
    }
}
