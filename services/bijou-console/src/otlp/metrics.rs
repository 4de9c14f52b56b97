//! OTLP metrics as pages like those that roles show at `/metrics`: the same names, units and labels, so that one graph draws
//! both.
//!
//! Names are written as Prometheus has them (OpenTelemetry's "Prometheus and OpenMetrics Compatibility"): dots become
//! underscores, and the unit stands last. Taken is what is added up since the start. Differences since the last delivery are not
//! (a delivery that is lost would be wrong for ever), nor are summaries and exponential histograms, which no graph here
//! draws: they are counted, and the sender is told.

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, Exemplar as ProtoExemplar, HistogramDataPoint, Metric, NumberDataPoint, exemplar, metric,
    number_data_point,
};

use super::read::{attributes, cut_at, source, trace_id};
use crate::domain::trace::Source;
use bijou_telemetry::openmetrics::{Exemplar, Family, Kind, Labels, Page, Sample};

/// Longest name of a metric or a label.
const NAME_BYTES_MAX: usize = 200;

/// Longest value of a label, and longest description.
const TEXT_BYTES_MAX: usize = 512;

/// Most labels of one series.
const LABELS_MAX: usize = 32;

/// Most buckets of one histogram.
const BUCKETS_MAX: usize = 200;

/// The flag of a point that says only that there is no value (`FLAG_NO_RECORDED_VALUE`).
const NOTHING_RECORDED: u32 = 1;

/// What one program says of itself.
#[derive(Debug)]
pub struct Told {
    pub source: Source,
    /// When it began to count, in seconds since 1970, where it says so.
    pub began_s: Option<i64>,
    pub page: Page,
}

/// What each program of a batch tells, and how many points of it were of no use.
pub fn metrics(request: ExportMetricsServiceRequest) -> (Vec<Told>, usize) {
    let mut unusable = 0;
    let mut all = Vec::new();
    for of_resource in request.resource_metrics {
        let source = source(of_resource.resource.as_ref());
        let mut told = Told { source, began_s: None, page: Page::default() };
        for metric in of_resource.scope_metrics.into_iter().flat_map(|of_scope| of_scope.metrics) {
            unusable += told.add(metric);
        }
        all.push(told);
    }
    (all, unusable)
}

impl Told {
    /// Adds a metric; how many points of it were of no use.
    fn add(&mut self, metric: Metric) -> usize {
        let Metric { name, description, unit, data, .. } = metric;
        let unit = unit_word(&unit);
        let named = |kind| name_of(&name, unit, kind);
        let is_added_up = |temporality: i32| temporality == i32::from(AggregationTemporality::Cumulative);
        let (kind, samples, count) = match data {
            Some(metric::Data::Gauge(mut gauge)) => {
                gauge.data_points.retain(|point| point.flags & NOTHING_RECORDED == 0);
                let count = gauge.data_points.len();
                (Kind::Gauge, self.numbers(named(Kind::Gauge), gauge.data_points), count)
            }
            // One that may fall says what stands now, as a gauge does.
            Some(metric::Data::Sum(mut sum)) if is_added_up(sum.aggregation_temporality) => {
                sum.data_points.retain(|point| point.flags & NOTHING_RECORDED == 0);
                let kind = if sum.is_monotonic { Kind::Counter } else { Kind::Gauge };
                let count = sum.data_points.len();
                (kind, self.numbers(named(kind), sum.data_points), count)
            }
            Some(metric::Data::Histogram(mut histogram)) if is_added_up(histogram.aggregation_temporality) => {
                histogram.data_points.retain(|point| point.flags & NOTHING_RECORDED == 0);
                let count = histogram.data_points.len();
                (Kind::Histogram, self.histograms(named(Kind::Histogram), histogram.data_points), count)
            }
            other => return points_of(other.as_ref()),
        };
        let unusable = count - samples.len();
        if let Some(name) = samples.first().map(|sample| sample.name.clone()) {
            let help = cut_at(description, TEXT_BYTES_MAX).trim_end_matches('.').to_owned();
            self.page.families.push(Family { name, kind, unit: unit.to_owned(), help });
        }
        self.page.samples.extend(samples);
        unusable
    }

    fn numbers(&mut self, name: Option<String>, points: Vec<NumberDataPoint>) -> Vec<Sample> {
        let Some(name) = name else { return Vec::new() };
        let sample = |point: NumberDataPoint| {
            let value = match point.value? {
                number_data_point::Value::AsDouble(value) => value,
                number_data_point::Value::AsInt(value) => value as f64,
            };
            self.began(point.start_time_unix_nano);
            let labels = labels(point.attributes);
            let exemplars = point.exemplars.iter().filter_map(example).collect();
            value.is_finite().then(|| Sample { name: name.clone(), labels, value, buckets: Vec::new(), exemplars })
        };
        points.into_iter().filter_map(sample).collect()
    }

    fn histograms(&mut self, name: Option<String>, points: Vec<HistogramDataPoint>) -> Vec<Sample> {
        let Some(name) = name else { return Vec::new() };
        let sample = |point: HistogramDataPoint| {
            let buckets = buckets(&point)?;
            self.began(point.start_time_unix_nano);
            Some(Sample {
                name: name.clone(),
                labels: labels(point.attributes),
                value: point.sum.filter(|sum| sum.is_finite()).unwrap_or_default(),
                buckets,
                exemplars: point.exemplars.iter().filter_map(example).collect(),
            })
        };
        points.into_iter().filter_map(sample).collect()
    }

    fn began(&mut self, at_ns: u64) {
        if at_ns > 0 {
            let at_s = (at_ns / 1_000_000_000) as i64;
            self.began_s = Some(self.began_s.map_or(at_s, |known| known.min(at_s)));
        }
    }
}

fn points_of(data: Option<&metric::Data>) -> usize {
    match data {
        Some(metric::Data::Gauge(gauge)) => gauge.data_points.len(),
        Some(metric::Data::Sum(sum)) => sum.data_points.len(),
        Some(metric::Data::Histogram(histogram)) => histogram.data_points.len(),
        Some(metric::Data::ExponentialHistogram(histogram)) => histogram.data_points.len(),
        Some(metric::Data::Summary(summary)) => summary.data_points.len(),
        None => 0,
    }
}

/// Added up from the least bound on, as OpenMetrics has them; `None` for a shape that is no histogram's.
fn buckets(point: &HistogramDataPoint) -> Option<Vec<(f64, f64)>> {
    let bounds = &point.explicit_bounds;
    let counts = if point.bucket_counts.is_empty() && bounds.is_empty() {
        // One that tells no buckets still tells how many there were.
        vec![point.count]
    } else {
        point.bucket_counts.clone()
    };
    let is_in_order = bounds.iter().all(|bound| bound.is_finite()) && bounds.is_sorted_by(|one, next| one < next);
    if !is_in_order || counts.len() != bounds.len() + 1 || counts.len() > BUCKETS_MAX {
        return None;
    }
    let mut below = 0.0;
    let added = counts.iter().map(|count| {
        below += *count as f64;
        below
    });
    Some(bounds.iter().copied().chain([f64::INFINITY]).zip(added).collect())
}

fn example(example: &ProtoExemplar) -> Option<Exemplar> {
    let value = match example.value? {
        exemplar::Value::AsDouble(value) => value,
        exemplar::Value::AsInt(value) => value as f64,
    };
    // It is told once, with what was counted since the last delivery: stamped when it comes, as that is.
    Some(Exemplar { value, trace_id: trace_id(&example.trace_id)?.to_string(), at_s: None })
}

fn labels(pairs: Vec<KeyValue>) -> Labels {
    let pairs = attributes(pairs).into_iter().take(LABELS_MAX);
    pairs
        .filter_map(|(key, value)| {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            Some((plain(&key)?, cut_at(value, TEXT_BYTES_MAX)))
        })
        .collect()
}

/// `http.server.request.duration` in `s` is `http_server_request_duration_seconds`. A counter's `_total` is of its lines only.
fn name_of(name: &str, unit: &str, kind: Kind) -> Option<String> {
    let mut name = plain(name)?;
    if kind == Kind::Counter && name.ends_with("_total") {
        name.truncate(name.len() - "_total".len());
    }
    if !unit.is_empty() && !name.ends_with(unit) {
        name = format!("{}_{unit}", name.trim_end_matches('_'));
    }
    Some(name)
}

/// A name of letters, digits and underscores; `None` for one that has none of them or is endless.
fn plain(name: &str) -> Option<String> {
    if name.len() > NAME_BYTES_MAX || !name.contains(|letter: char| letter.is_ascii_alphanumeric()) {
        return None;
    }
    let mut plain = String::with_capacity(name.len() + 1);
    for letter in name.chars() {
        let letter = if letter.is_ascii_alphanumeric() || letter == ':' { letter } else { '_' };
        if letter != '_' || !plain.ends_with('_') {
            plain.push(letter);
        }
    }
    if plain.starts_with(|letter: char| letter.is_ascii_digit()) {
        plain.insert(0, '_');
    }
    Some(plain)
}

/// The word for a unit of UCUM; nothing for a number of things (`1`, `{request}`) and for what no graph here has a word for.
fn unit_word(unit: &str) -> &'static str {
    match unit {
        "s" | "seconds" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "min" => "minutes",
        "h" => "hours",
        "By" | "bytes" => "bytes",
        "%" => "percent",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::otlp::Encoding;

    /// As the specification's own example writes it: 64-bit numbers as text.
    const JSON: &str = r#"{"resourceMetrics":[{"resource":{"attributes":[
        {"key":"service.name","value":{"stringValue":"Greeter"}},
        {"key":"service.instance.id","value":{"stringValue":"host:greeter:1"}}]},
        "scopeMetrics":[{"metrics":[
            {"name":"http.server.request.duration","unit":"s","description":"How long it took.","histogram":{
                "aggregationTemporality":2,"dataPoints":[{"startTimeUnixNano":"1544712660000000000",
                "timeUnixNano":"1544712661000000000","count":"4","sum":1.5,"bucketCounts":["3","1"],"explicitBounds":[0.1],
                "attributes":[{"key":"http.route","value":{"stringValue":"/hello"}},
                              {"key":"http.response.status_code","value":{"intValue":"200"}}]}]}},
            {"name":"greetings_total","unit":"{greeting}","sum":{"aggregationTemporality":2,"isMonotonic":true,
                "dataPoints":[{"asInt":"7"},{"asDouble":2.5,"attributes":[{"key":"2nd one","value":{"boolValue":true}}]}]}},
            {"name":"waiting","sum":{"aggregationTemporality":2,"dataPoints":[{"asInt":"3"}]}},
            {"name":"heap","unit":"By","gauge":{"dataPoints":[{"asInt":"4096"},{"flags":1}]}},
            {"name":"since.last.time","sum":{"aggregationTemporality":1,"isMonotonic":true,"dataPoints":[{"asInt":"1"}]}},
            {"name":"out.of.shape","histogram":{"aggregationTemporality":2,"dataPoints":[
                {"count":"1","bucketCounts":["1"],"explicitBounds":[0.1]}]}}]}]}]}"#;

    #[test]
    fn what_others_count_stands_under_the_names_it_has_at_metrics() {
        let (told, unusable) = metrics(Encoding::Json.read(JSON.as_bytes()).expect("valid"));
        let [told] = &told[..] else { panic!("one program") };
        assert_eq!((&*told.source.role, told.source.instance_id.as_deref()), ("greeter", Some("host:greeter:1")));
        assert_eq!((told.began_s, unusable), (Some(1_544_712_660), 2), "a difference, and a wrong shape");
        let families: Vec<_> =
            told.page.families.iter().map(|one| (one.name.as_str(), one.kind, one.unit.as_str())).collect();
        assert_eq!(
            families,
            [
                ("http_server_request_duration_seconds", Kind::Histogram, "seconds"),
                ("greetings", Kind::Counter, ""),
                ("waiting", Kind::Gauge, ""),
                ("heap_bytes", Kind::Gauge, "bytes"),
            ]
        );
        assert_eq!(told.page.families[0].help, "How long it took");
        let took = &told.page.samples[0];
        assert_eq!((took.value, &took.buckets[..]), (1.5, &[(0.1, 3.0), (f64::INFINITY, 4.0)][..]));
        let labels: Vec<_> = took.labels.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(labels, [("http_response_status_code", "200"), ("http_route", "/hello")]);
        let values: Vec<_> = told.page.samples[1..].iter().map(|sample| sample.value).collect();
        assert_eq!(values, [7.0, 2.5, 3.0, 4_096.0]);
        assert_eq!(told.page.samples[2].labels.keys().collect::<Vec<_>>(), ["_2nd_one"]);
    }

    #[test]
    fn a_name_is_letters_digits_and_underscores() {
        assert_eq!(name_of("jvm.gc..pause", "seconds", Kind::Histogram).as_deref(), Some("jvm_gc_pause_seconds"));
        assert_eq!(name_of("uptime_seconds_total", "seconds", Kind::Counter).as_deref(), Some("uptime_seconds"));
        assert_eq!(name_of("größe", "", Kind::Gauge).as_deref(), Some("gr_e"));
        assert_eq!(name_of("…", "", Kind::Gauge), None);
        assert_eq!(name_of(&"x".repeat(NAME_BYTES_MAX + 1), "", Kind::Gauge), None);
    }
}
