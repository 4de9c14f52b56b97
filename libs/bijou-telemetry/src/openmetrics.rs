//! Metrics as text (OpenMetrics 1.0, and what of Prometheus' older format is the same), read into plain samples: by the console,
//! which asks for them, and by the exporter, which sends them on.
//!
//! Counters, gauges and histograms with their buckets put together; other kinds are read as gauges. A line that cannot be
//! read is left out: one role's mistake must not hide the rest.

use std::collections::{BTreeMap, HashMap};

/// Label names and values, in order of their names.
pub type Labels = BTreeMap<String, String>;

/// What a metric's numbers mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Only grows, but for restarts.
    Counter,
    Gauge,
    Histogram,
}

impl Kind {
    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }

    /// The kind of a word; one that is none is a gauge, of which nothing is assumed.
    pub fn of_word(word: &str) -> Self {
        match word {
            "counter" => Self::Counter,
            "histogram" => Self::Histogram,
            _ => Self::Gauge,
        }
    }
}

/// What is said of a metric as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    pub name: String,
    pub kind: Kind,
    pub unit: String,
    pub help: String,
}

/// One number of one metric, or a histogram's.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The family's.
    pub name: String,
    pub labels: Labels,
    /// A counter's or gauge's value; a histogram's sum.
    pub value: f64,
    /// Upper bounds, the last infinite, and how many were at most that.
    pub buckets: Vec<(f64, f64)>,
    /// Examples with a trace, one a bucket at most.
    pub exemplars: Vec<Exemplar>,
}

/// One measurement that says where it came from.
#[derive(Debug, Clone, PartialEq)]
pub struct Exemplar {
    pub value: f64,
    pub trace_id: String,
    /// When it was measured, in seconds since 1970, where that is said.
    pub at_s: Option<f64>,
}

/// Everything of a page.
#[derive(Debug, Default)]
pub struct Page {
    pub families: Vec<Family>,
    pub samples: Vec<Sample>,
}

/// Reads a page.
pub fn read(text: &str) -> Page {
    let mut families: HashMap<String, Family> = HashMap::new();
    let mut order = Vec::new();
    let mut samples: BTreeMap<(String, Labels), Sample> = BTreeMap::new();
    for line in text.lines() {
        if let Some(told) = line.strip_prefix("# ") {
            let mut parts = told.splitn(3, ' ');
            let (Some(what), Some(name)) = (parts.next(), parts.next()) else { continue };
            let said = parts.next().unwrap_or_default();
            // The older format tells of counters under their whole name.
            let name = name.strip_suffix("_total").unwrap_or(name);
            let family = families.entry(name.to_owned()).or_insert_with(|| {
                order.push(name.to_owned());
                Family { name: name.to_owned(), kind: Kind::Gauge, unit: String::new(), help: String::new() }
            });
            match (what, said) {
                ("TYPE", "counter") => family.kind = Kind::Counter,
                ("TYPE", "histogram") => family.kind = Kind::Histogram,
                ("UNIT", unit) => unit.clone_into(&mut family.unit),
                ("HELP", help) => help.trim_end_matches('.').clone_into(&mut family.help),
                _ => {}
            }
            continue;
        }
        let Some(line) = sample_line(line) else { continue };
        add(line, &families, &mut samples);
    }
    let families = order.into_iter().filter_map(|name| families.remove(&name)).collect();
    let mut samples: Vec<_> = samples.into_values().collect();
    for sample in &mut samples {
        sample.buckets.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    Page { families, samples }
}

struct SampleLine {
    name: String,
    labels: Labels,
    value: f64,
    exemplar: Option<Exemplar>,
}

/// Puts a line to its family: by its own name, or by the name without what it is of it.
fn add(line: SampleLine, families: &HashMap<String, Family>, samples: &mut BTreeMap<(String, Labels), Sample>) {
    let SampleLine { name, mut labels, value, exemplar } = line;
    let part_of = |suffix: &str, kind: Kind| {
        name.strip_suffix(suffix).filter(|name| families.get(*name).is_some_and(|family| family.kind == kind))
    };
    let (family, is_bucket, is_value) = if let Some(name) = part_of("_total", Kind::Counter) {
        (name, false, true)
    } else if let Some(name) = part_of("_bucket", Kind::Histogram) {
        (name, true, false)
    } else if let Some(name) = part_of("_sum", Kind::Histogram) {
        (name, false, true)
    } else if part_of("_count", Kind::Histogram).is_some() || part_of("_created", Kind::Counter).is_some() {
        // The last bucket says as much; when it began is nobody's question.
        return;
    } else {
        (name.as_str(), false, true)
    };
    let bound = if is_bucket { labels.remove("le").and_then(|bound| number(&bound)) } else { None };
    let sample = samples.entry((family.to_owned(), labels.clone())).or_insert_with(|| Sample {
        name: family.to_owned(),
        labels,
        value: 0.0,
        buckets: Vec::new(),
        exemplars: Vec::new(),
    });
    if is_value {
        sample.value = value;
    }
    sample.buckets.extend(bound.map(|bound| (bound, value)));
    sample.exemplars.extend(exemplar);
}

/// `name{label="value"} 1 1520879607.789 # {trace_id="..."} 0.67`
fn sample_line(line: &str) -> Option<SampleLine> {
    let end = line.find(['{', ' '])?;
    let (name, rest) = line.split_at(end);
    let (labels, rest) = if rest.starts_with('{') { labels(rest)? } else { (Labels::new(), rest) };
    let (told, example) = rest.split_once(" # ").map_or((rest, None), |(told, example)| (told, Some(example)));
    let value = number(told.split_whitespace().next()?)?;
    let exemplar = example.and_then(|example| {
        let (mut labels, rest) = labels_of_exemplar(example)?;
        let trace_id = labels.remove("trace_id")?;
        let mut numbers = rest.split_whitespace().map(number);
        Some(Exemplar { value: numbers.next()??, trace_id, at_s: numbers.next().flatten() })
    });
    (!name.is_empty()).then(|| SampleLine { name: name.to_owned(), labels, value, exemplar })
}

fn labels_of_exemplar(text: &str) -> Option<(Labels, &str)> {
    labels(text.trim_start())
}

/// `{a="b",c="d"}` and what follows it.
fn labels(text: &str) -> Option<(Labels, &str)> {
    let mut rest = text.strip_prefix('{')?;
    let mut labels = Labels::new();
    loop {
        rest = rest.trim_start_matches([',', ' ']);
        if let Some(rest) = rest.strip_prefix('}') {
            return Some((labels, rest));
        }
        let (name, quoted) = rest.split_once("=\"")?;
        let mut value = String::new();
        let mut letters = quoted.char_indices();
        rest = loop {
            match letters.next()? {
                (at, '"') => break &quoted[at + 1..],
                (_, '\\') => value.push(match letters.next()?.1 {
                    'n' => '\n',
                    other => other,
                }),
                (_, letter) => value.push(letter),
            }
        };
        labels.insert(name.to_owned(), value);
    }
}

fn number(text: &str) -> Option<f64> {
    match text {
        "+Inf" => Some(f64::INFINITY),
        "-Inf" => Some(f64::NEG_INFINITY),
        text => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"# HELP http_server_request_duration_seconds Time it takes.
# TYPE http_server_request_duration_seconds histogram
# UNIT http_server_request_duration_seconds seconds
http_server_request_duration_seconds_sum{http_route="/v1/home"} 3.5
http_server_request_duration_seconds_count{http_route="/v1/home"} 5
http_server_request_duration_seconds_bucket{http_route="/v1/home",le="0.1"} 3 # {trace_id="aa"} 0.05
http_server_request_duration_seconds_bucket{http_route="/v1/home",le="+Inf"} 5 # {trace_id="bb",span_id="1"} 1.5 1520879607.789
# TYPE bijou_refused counter
bijou_refused_total{reason="a \"b\", c\\d\ne}"} 7
# TYPE in_flight gauge
in_flight 2
not a sample
broken{a="b 3
# EOF
"#;

    #[test]
    fn a_page_is_read_with_buckets_put_together_and_mistakes_left_out() {
        let page = read(PAGE);
        let kinds: Vec<_> = page.families.iter().map(|family| (family.kind, family.unit.as_str())).collect();
        assert_eq!(kinds, [(Kind::Histogram, "seconds"), (Kind::Counter, ""), (Kind::Gauge, "")]);
        assert_eq!(page.families[0].help, "Time it takes");
        let [refused, histogram, in_flight] = &page.samples[..] else { panic!("{:?}", page.samples) };
        assert_eq!((refused.value, refused.labels["reason"].as_str()), (7.0, "a \"b\", c\\d\ne}"));
        assert_eq!((histogram.value, &histogram.buckets[..]), (3.5, &[(0.1, 3.0), (f64::INFINITY, 5.0)][..]));
        let examples: Vec<_> =
            histogram.exemplars.iter().map(|example| (&*example.trace_id, example.value, example.at_s)).collect();
        assert_eq!(examples, [("aa", 0.05, None), ("bb", 1.5, Some(1_520_879_607.789))]);
        assert_eq!((in_flight.name.as_str(), in_flight.value), ("in_flight", 2.0));
    }

    #[test]
    fn what_is_no_page_has_nothing_in_it() {
        for text in ["", "<!doctype html>", "# ", "{} 1", "a{", "a{b=\"\\", "a b"] {
            assert!(read(text).samples.is_empty(), "{text}");
        }
    }
}
