//! Metrics as an OTLP message: what `/metrics` shows, under the same names, added up since the role began.

use bytes::Bytes;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, Exemplar as ProtoExemplar, Gauge, Histogram, HistogramDataPoint, Metric, NumberDataPoint,
    ResourceMetrics, ScopeMetrics, Sum, exemplar, metric, number_data_point,
};
use prost::Message;

use super::{pair, resource, scope};
use crate::openmetrics::{Exemplar, Family, Kind, Labels, Page, Sample};
use crate::role::Role;

/// From when to when numbers were added up, in nanoseconds since 1970.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    pub(crate) began_ns: u64,
    pub(crate) now_ns: u64,
}

/// A page as the body of `/v1/metrics`.
pub(crate) fn metrics(role: &Role, page: &Page, times: Times) -> Bytes {
    let metrics = page.families.iter().filter_map(|family| {
        let samples: Vec<_> = page.samples.iter().filter(|sample| sample.name == family.name).collect();
        (!samples.is_empty()).then(|| metric(family, &samples, times))
    });
    let scope_metrics = ScopeMetrics { scope: Some(scope()), metrics: metrics.collect(), ..ScopeMetrics::default() };
    let resource_metrics = ResourceMetrics {
        resource: Some(resource(role)),
        scope_metrics: vec![scope_metrics],
        ..ResourceMetrics::default()
    };
    ExportMetricsServiceRequest { resource_metrics: vec![resource_metrics] }.encode_to_vec().into()
}

fn metric(family: &Family, samples: &[&Sample], times: Times) -> Metric {
    let temporality = AggregationTemporality::Cumulative.into();
    let data = match family.kind {
        Kind::Gauge => {
            metric::Data::Gauge(Gauge { data_points: samples.iter().map(|one| number(one, times)).collect() })
        }
        Kind::Counter => metric::Data::Sum(Sum {
            data_points: samples.iter().map(|one| number(one, times)).collect(),
            aggregation_temporality: temporality,
            is_monotonic: true,
        }),
        Kind::Histogram => metric::Data::Histogram(Histogram {
            data_points: samples.iter().map(|one| histogram(one, times)).collect(),
            aggregation_temporality: temporality,
        }),
    };
    // UCUM's word where there is one.
    let unit = match family.unit.as_str() {
        "seconds" => "s",
        "bytes" => "By",
        other => other,
    };
    Metric {
        name: family.name.clone(),
        description: family.help.clone(),
        unit: unit.to_owned(),
        data: Some(data),
        ..Metric::default()
    }
}

fn number(sample: &Sample, times: Times) -> NumberDataPoint {
    NumberDataPoint {
        attributes: attributes(&sample.labels),
        start_time_unix_nano: times.began_ns,
        time_unix_nano: times.now_ns,
        value: Some(number_data_point::Value::AsDouble(sample.value)),
        ..NumberDataPoint::default()
    }
}

/// Each bucket alone, where OpenMetrics adds them up; the last has no bound.
fn histogram(sample: &Sample, times: Times) -> HistogramDataPoint {
    let mut below = 0.0;
    let bucket_counts: Vec<u64> = sample
        .buckets
        .iter()
        .map(|(_, count)| {
            let alone = (count - below).max(0.0) as u64;
            below = *count;
            alone
        })
        .collect();
    HistogramDataPoint {
        attributes: attributes(&sample.labels),
        start_time_unix_nano: times.began_ns,
        time_unix_nano: times.now_ns,
        count: bucket_counts.iter().sum(),
        sum: Some(sample.value),
        bucket_counts,
        explicit_bounds: sample.buckets.iter().map(|(bound, _)| *bound).filter(|bound| bound.is_finite()).collect(),
        exemplars: sample.exemplars.iter().filter_map(example).collect(),
        ..HistogramDataPoint::default()
    }
}

/// `None` for one whose trace has no id that OTLP could carry.
fn example(example: &Exemplar) -> Option<ProtoExemplar> {
    let trace_id = u128::from_str_radix(&example.trace_id, 16).ok()?.to_be_bytes().to_vec();
    Some(ProtoExemplar {
        time_unix_nano: example.at_s.map_or(0, |at_s| (at_s * 1e9) as u64),
        trace_id,
        value: Some(exemplar::Value::AsDouble(example.value)),
        ..ProtoExemplar::default()
    })
}

fn attributes(labels: &Labels) -> Vec<KeyValue> {
    labels.iter().map(|(name, value)| pair(name, value.clone().into())).collect()
}
