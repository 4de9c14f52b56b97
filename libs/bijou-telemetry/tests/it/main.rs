//! The whole way from a `tracing` macro to the bytes a collector receives.
//!
//! `tracing` has one subscriber per process, so all tests share it; each makes roles of its own and looks at nothing
//! else. What `tracing` keeps per process (the level) is changed by one test only, about a target of its own.

use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bijou_telemetry::{
    Answer, BoxError, Color, Destination, Format, Headers, Kind, LOGS_PATH, LogSettings, METRICS_PATH, Metrics, Otlp,
    Outcome, Role, SpanId, SpanRecord, TRACES_PATH, TelemetrySettings, TraceContext, Transport, current, export,
    export_metrics, install, of, outgoing, set_parent, suppressed,
};
use bytes::Bytes;
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value};
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use tokio::sync::oneshot;
use tracing::{Instrument, debug, info, info_span, warn};

fn role(name: &'static str) -> Role {
    let log = LogSettings { level: "info".into(), format: Format::Json, color: Color::Never };
    install(&log).expect("the only subscriber of this process");
    Role::new(name, &format!("host:{name}:0"), "1.2.3", &settings(1000))
}

fn settings(sample_per_second: u32) -> TelemetrySettings {
    TelemetrySettings { otlp: Otlp(vec![Destination::Console]), otlp_headers: Headers::default(), sample_per_second }
}

/// A collector that refuses the first so many requests.
#[derive(Clone, Default)]
struct Collector {
    received: Arc<Mutex<Vec<(&'static str, Bytes)>>>,
    refuse: Arc<Mutex<usize>>,
}

impl Collector {
    fn refusing(count: usize) -> Self {
        Self { refuse: Arc::new(Mutex::new(count)), ..Self::default() }
    }

    fn transport(&self) -> impl Transport + use<> {
        let collector = self.clone();
        move |_: Destination, path: &'static str, body: Bytes| {
            let collector = collector.clone();
            async move {
                // What an exporter does is itself instrumented code.
                info_span!("POST", otel.kind = "client").in_scope(|| info!("exporting"));
                let mut refuse = collector.refuse.lock().expect("no panic");
                if *refuse > 0 {
                    *refuse -= 1;
                    return Err(BoxError::from("503"));
                }
                collector.received.lock().expect("no panic").push((path, body));
                Ok(Answer { status: 200, ..Answer::default() })
            }
        }
    }

    fn spans(&self) -> Vec<(String, Span)> {
        let received = self.received.lock().expect("no panic");
        let traces = received.iter().filter(|(path, _)| *path == TRACES_PATH);
        traces
            .flat_map(|(_, body)| ExportTraceServiceRequest::decode(body.clone()).expect("OTLP").resource_spans)
            .flat_map(|resource| {
                let service = text(&resource.resource.expect("a resource").attributes, "service.name");
                resource.scope_spans.into_iter().flat_map(|scope| scope.spans).map(move |span| (service.clone(), span))
            })
            .collect()
    }

    fn logs(&self) -> Vec<LogRecord> {
        let received = self.received.lock().expect("no panic");
        let logs = received.iter().filter(|(path, _)| *path == LOGS_PATH);
        logs.flat_map(|(_, body)| ExportLogsServiceRequest::decode(body.clone()).expect("OTLP").resource_logs)
            .flat_map(|resource| resource.scope_logs)
            .flat_map(|scope| scope.log_records)
            .collect()
    }

    fn messages(&self) -> Vec<String> {
        let body = |record: LogRecord| match record.body.and_then(|body| body.value) {
            Some(any_value::Value::StringValue(text)) => text,
            other => panic!("a log body is text, not {other:?}"),
        };
        self.logs().into_iter().map(body).collect()
    }
}

fn text(attributes: &[KeyValue], key: &str) -> String {
    let value = attributes.iter().find(|pair| pair.key == key).and_then(|pair| pair.value.clone()?.value);
    match value {
        Some(any_value::Value::StringValue(text)) => text,
        other => panic!("`{key}` is {other:?} in {attributes:?}"),
    }
}

/// Runs the exporter for so long, then stops it as a role that ends would.
async fn export_for(role: &Role, collector: &Collector, duration: Duration) {
    let (stop, stopped) = oneshot::channel::<()>();
    let exporter = tokio::spawn(export(role.clone(), collector.transport(), async move {
        let _ = stopped.await;
    }));
    tokio::time::sleep(duration).await;
    let _ = stop.send(());
    exporter.await.expect("the exporter does not panic");
}

#[tokio::test(start_paused = true)]
async fn spans_arrive_with_parent_names_and_the_request_id() {
    let role = role("catalog");
    let collector = Collector::default();
    role.scope(async {
        let span = info_span!("request", otel.name = "GET /v1/titles", otel.kind = "server", bijou.request_id = "r-7");
        let child = async { info!(title.id = "bo-encore", "title read") };
        async { child.instrument(info_span!("query", db.system.name = "sqlite")).await }.instrument(span).await;
    })
    .await;
    export_for(&role, &collector, Duration::from_secs(1)).await;

    let spans = collector.spans();
    let names: Vec<_> = spans.iter().map(|(_, span)| span.name.as_str()).collect();
    assert_eq!(names, ["query", "GET /v1/titles"]);
    let (query, request) = (&spans[0].1, &spans[1].1);
    assert_eq!(query.parent_span_id, request.span_id);
    assert_eq!(query.trace_id, request.trace_id);
    assert_eq!(request.kind, 2, "a server span");
    assert_eq!(text(&query.attributes, "bijou.request_id"), "r-7");
    let log = &collector.logs()[0];
    assert_eq!(log.span_id, query.span_id);
    assert_eq!(text(&log.attributes, "bijou.request_id"), "r-7");
    assert_eq!(text(&log.attributes, "title.id"), "bo-encore");
}

#[tokio::test(start_paused = true)]
async fn roles_of_one_process_keep_their_own_resource() {
    let (first, second) = (role("identity"), role("playback"));
    let (of_first, of_second) = (Collector::default(), Collector::default());
    let work = |name: &'static str| async move {
        let span = info_span!("work", otel.name = name);
        async { tokio::task::yield_now().await }.instrument(span).await;
    };
    // Polled in turns on one thread: the scope must follow the future, not the thread.
    tokio::join!(first.scope(work("of identity")), second.scope(work("of playback")));
    export_for(&first, &of_first, Duration::from_secs(1)).await;
    export_for(&second, &of_second, Duration::from_secs(1)).await;

    let found = |collector: &Collector| -> Vec<_> {
        collector.spans().into_iter().map(|(service, span)| (service, span.name)).collect()
    };
    assert_eq!(found(&of_first), [("identity".to_owned(), "of identity".to_owned())]);
    assert_eq!(found(&of_second), [("playback".to_owned(), "of playback".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn the_exporter_does_not_export_itself() {
    let role = role("gateway");
    let collector = Collector::default();
    let exported = role.scope(async {
        info!("hello");
        let quiet = suppressed(async {
            assert!(outgoing().is_some_and(|context| !context.sampled), "the collector must not trace our delivery");
            warn!("never exported");
        });
        quiet.await;
        export_for(&role, &collector, Duration::from_secs(10)).await;
        (collector.spans().len(), collector.messages())
    });
    assert_eq!(exported.await, (0, vec!["hello".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn what_a_collector_refused_is_sent_again() {
    let role = role("console");
    let collector = Collector::refusing(4);
    role.scope(async { info!("once") }).await;
    export_for(&role, &collector, Duration::from_mins(1)).await;
    assert_eq!(collector.messages(), ["once"]);
    assert_eq!(role.dropped().logs, 0);
}

#[tokio::test(start_paused = true)]
async fn a_refused_batch_is_dropped_and_holds_up_nothing() {
    let log = LogSettings { level: "info".into(), format: Format::Json, color: Color::Never };
    install(&log).expect("the only subscriber of this process");
    let places: Otlp = "console,https://otel.example".parse().expect("two places");
    let role = Role::new("search", "host:search:0", "1", &TelemetrySettings { otlp: places, ..settings(1) });
    let log: Arc<Mutex<Vec<(Destination, &'static str)>>> = Arc::default();
    let seen = Arc::clone(&log);
    // The console is away, the collector takes logs and refuses spans.
    let transport = move |to: Destination, path: &'static str, _: Bytes| {
        seen.lock().expect("no panic").push((to.clone(), path));
        let status = if path == TRACES_PATH { 413 } else { 200 };
        async move {
            match to {
                Destination::Console => Err(BoxError::from("connection refused")),
                Destination::Collector(_) => Ok(Answer { status, ..Answer::default() }),
            }
        }
    };
    role.scope(async { info!("hello") }).await;
    role.record(by_hand(1));
    export(role.clone(), transport, tokio::time::sleep(Duration::from_secs(10))).await;
    let outside = Destination::Collector("https://otel.example".into());
    let times = |place: &Destination, path| {
        log.lock().expect("no panic").iter().filter(|(to, at)| to == place && *at == path).count()
    };
    assert_eq!((times(&outside, TRACES_PATH), times(&outside, LOGS_PATH)), (1, 1));
    assert!(times(&Destination::Console, TRACES_PATH) > 2, "tried again until the end");
    assert_eq!(role.dropped().spans, 2, "one refused by the collector, one never delivered to the console");
    assert_eq!(role.dropped().logs, 1, "the console's");
}

#[tokio::test(start_paused = true)]
async fn a_collector_is_left_alone_as_long_as_it_asks() {
    let role = role("playback");
    role.scope(async { info!("later") }).await;
    let times: Arc<Mutex<Vec<tokio::time::Instant>>> = Arc::default();
    let seen = Arc::clone(&times);
    let transport = move |_: Destination, _: &'static str, _: Bytes| {
        let mut seen = seen.lock().expect("no panic");
        seen.push(tokio::time::Instant::now());
        let status = if seen.len() == 1 { 429 } else { 200 };
        async move { Ok::<_, BoxError>(Answer { status, retry_after: Some(Duration::from_secs(30)), ..Answer::default() }) }
    };
    export(role.clone(), transport, tokio::time::sleep(Duration::from_secs(40))).await;
    let times = times.lock().expect("no panic");
    assert_eq!(times.len(), 2);
    assert_eq!((times[1] - times[0]).as_secs(), 30);
    assert_eq!(role.dropped().logs, 0);
}

#[tokio::test(start_paused = true)]
async fn a_collector_that_stays_away_costs_counted_records_and_nothing_else() {
    let role = role("recommendations");
    let collector = Collector::refusing(usize::MAX);
    for number in 0..5000 {
        role.record(by_hand(number));
    }
    let overflown = role.dropped().spans;
    assert!(overflown > 0, "more than the queue holds");
    export_for(&role, &collector, Duration::from_mins(1)).await;
    assert_eq!(role.dropped().spans, 5000, "every record is accounted for");
    let text = Metrics::for_role(&role).encode();
    assert!(text.contains("bijou_telemetry_spans_dropped_total 5000"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_collector_that_never_answers_does_not_hold_up_the_end() {
    let role = role("registry");
    role.scope(async { info!("stuck") }).await;
    let silent = |_: Destination, _: &'static str, _: Bytes| async { pending::<Result<Answer, BoxError>>().await };
    let started = tokio::time::Instant::now();
    export(role.clone(), silent, tokio::time::sleep(Duration::from_secs(1))).await;
    assert!(started.elapsed() <= Duration::from_secs(2), "{:?}", started.elapsed());
    assert_eq!(role.dropped().logs, 1);
}

#[tokio::test(start_paused = true)]
async fn a_callers_trace_and_its_sampling_decision_are_followed() {
    let role = role("catalog");
    let collector = Collector::default();
    let sampled = TraceContext::root(true);
    let unsampled = TraceContext::root(false);
    role.scope(async {
        for caller in [sampled, unsampled] {
            let span = info_span!("request");
            set_parent(&span, caller);
            assert_eq!(of(&span).map(|context| context.trace_id), Some(caller.trace_id));
            span.in_scope(|| {
                assert_eq!(current(), of(&span));
                assert_eq!(outgoing().map(|context| context.sampled), Some(caller.sampled));
            });
        }
    })
    .await;
    export_for(&role, &collector, Duration::from_secs(1)).await;
    let spans = collector.spans();
    assert_eq!(spans.len(), 1);
    assert_eq!(spans[0].1.parent_span_id, sampled.span_id.to_bytes());
}

fn by_hand(start_unix_ns: u64) -> SpanRecord {
    let context = TraceContext::root(true);
    SpanRecord {
        trace_id: context.trace_id,
        span_id: context.span_id,
        parent: SpanId::new(9),
        name: "discovery pick".into(),
        kind: Kind::Client,
        start_unix_ns,
        end_unix_ns: 3_500,
        attributes: vec![("bijou.instance_id".into(), "h:catalog:0".into())],
        events: Vec::new(),
        outcome: Outcome::Failed("connection refused".into()),
    }
}

#[test]
fn a_bound_thread_speaks_for_its_role() {
    let role = role("playback");
    let other = std::thread::spawn(move || {
        role.bind_thread();
        Role::current().map(|role| role.name())
    });
    assert_eq!(other.join().expect("no panic"), Some("playback"));
}

#[tokio::test(start_paused = true)]
async fn a_span_written_by_hand_arrives_as_written() {
    let role = role("gateway");
    let collector = Collector::default();
    role.record(by_hand(1_000));
    export_for(&role, &collector, Duration::from_secs(1)).await;
    let (_, span) = collector.spans().remove(0);
    assert_eq!((span.start_time_unix_nano, span.end_time_unix_nano), (1_000, 3_500));
    assert_eq!(span.status.map(|status| (status.code, status.message)), Some((2, "connection refused".to_owned())));
    assert_eq!(text(&span.attributes, "bijou.instance_id"), "h:catalog:0");
}

#[tokio::test(start_paused = true)]
async fn the_level_changes_while_running_and_a_bad_one_changes_nothing() {
    let role = role("identity");
    let collector = Collector::default();
    let log = LogSettings { level: "info".into(), format: Format::Json, color: Color::Never };
    let logging = install(&log).expect("installed before");
    let say = |text: &str| debug!(target: "reload", "{text}");
    role.scope(async {
        say("before");
        logging.set_level("info,reload=debug").expect("a level by target");
        say("after");
        let refused = logging.set_level("loud=very").expect_err("no such level");
        assert!(refused.to_string().contains("examples"), "{refused}");
        say("still");
    })
    .await;
    export_for(&role, &collector, Duration::from_secs(1)).await;
    assert_eq!(collector.messages(), ["after", "still"]);
}

#[tokio::test(start_paused = true)]
async fn what_failed_or_was_slow_is_recorded_though_its_request_was_not_sampled() {
    let role = role("tail");
    let collector = Collector::default();
    let serve = |failure: Option<&'static str>, length: Duration| {
        let span =
            info_span!("request", otel.name = "GET /v1/tail", otel.kind = "server", otel.status_message = failure);
        set_parent(&span, TraceContext::root(false));
        std::thread::sleep(length);
    };
    role.scope(async {
        (0..20).for_each(|_| serve(None, Duration::ZERO));
        serve(Some("the store is away"), Duration::ZERO);
        serve(None, Duration::from_millis(60));
        suppressed(async { serve(Some("the exporter's own trouble"), Duration::ZERO) }).await;
    })
    .await;
    export_for(&role, &collector, Duration::from_secs(1)).await;

    let spans = collector.spans();
    let failures: Vec<_> = spans.iter().map(|(_, span)| span.status.as_ref().map(|status| &*status.message)).collect();
    assert_eq!(failures, [Some("the store is away"), None]);
    let kept = role.kept();
    assert_eq!((kept.failed, kept.slow, kept.left_out), (1, 1, 20));
    let text = Metrics::for_role(&role).encode();
    for line in [
        "bijou_telemetry_spans_kept_total{reason=\"failed\"} 1",
        "bijou_telemetry_spans_kept_total{reason=\"slow\"} 1",
        "bijou_telemetry_spans_left_out_total{reason=\"ordinary\"} 20",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_flood_while_the_collector_is_away_leaves_room_for_what_failed() {
    let role = role("flood");
    let collector = Collector::refusing(1);
    role.scope(async {
        for _ in 0..10_000 {
            let span = info_span!("request", otel.name = "GET /v1/flood");
            set_parent(&span, TraceContext::root(true));
        }
        for number in 0..100 {
            let message = format!("failure {number}");
            let span = info_span!("request", otel.name = "GET /v1/flood", otel.status_message = message);
            set_parent(&span, TraceContext::root(true));
        }
    })
    .await;
    export_for(&role, &collector, Duration::from_secs(10)).await;
    let failed = collector.spans().iter().filter(|(_, span)| span.status.is_some()).count();
    assert_eq!(failed, 100, "of {} that were delivered", collector.spans().len());
    assert!(role.dropped().spans > 5_000, "{:?}", role.dropped());
}

/// What a transport was given, in order.
type Sent = Vec<(Destination, &'static str, Bytes)>;

#[tokio::test(start_paused = true)]
async fn metrics_go_to_collectors_outside_with_their_examples_and_not_to_the_console() {
    let otlp = "console,http://otel.example:4318".parse().expect("places");
    let headers = "authorization=Bearer%20abc".parse().expect("headers");
    let role = Role::new(
        "measured",
        "host:measured:0",
        "1",
        &TelemetrySettings { otlp, otlp_headers: headers, ..settings(1) },
    );
    let page = "# HELP took_seconds Time.\n# TYPE took_seconds histogram\n# UNIT took_seconds seconds\n\
                took_seconds_sum{route=\"/a\"} 1.5\ntook_seconds_bucket{route=\"/a\",le=\"1.0\"} 3\n\
                took_seconds_bucket{route=\"/a\",le=\"+Inf\"} 4 # {trace_id=\"0000000000000000000000000000000a\"} 1.25 10\n\
                # TYPE done counter\ndone_total 7\n# TYPE held gauge\nheld 2\n# EOF\n";
    let sent: Arc<Mutex<Sent>> = Arc::default();
    let log = Arc::clone(&sent);
    let transport = move |to: Destination, path: &'static str, body: Bytes| {
        log.lock().expect("no panic").push((to, path, body));
        async { Ok(Answer { status: 200, ..Answer::default() }) }
    };
    let (stop, stopped) = oneshot::channel::<()>();
    let exporter = tokio::spawn(export_metrics(role, move || page.to_owned(), transport, async move {
        let _ = stopped.await;
    }));
    tokio::time::sleep(Duration::from_secs(40)).await;
    let _ = stop.send(());
    exporter.await.expect("the exporter does not panic");

    let sent = sent.lock().expect("no panic");
    assert_eq!(sent.len(), 3, "every quarter of a minute, and at the end");
    let (to, path, body) = &sent[0];
    let Destination::Collector(collector) = to else { panic!("{to:?}") };
    assert_eq!((&*collector.url, *path), ("http://otel.example:4318", METRICS_PATH));
    assert_eq!(collector.headers.pairs(), [("authorization".to_owned(), "Bearer abc".to_owned())]);
    let request = ExportMetricsServiceRequest::decode(body.clone()).expect("OTLP");
    let resource = request.resource_metrics[0].resource.as_ref().expect("a resource");
    assert_eq!(text(&resource.attributes, "service.name"), "measured");
    let metrics = &request.resource_metrics[0].scope_metrics[0].metrics;
    let names: Vec<_> = metrics.iter().map(|metric| (metric.name.as_str(), metric.unit.as_str())).collect();
    assert_eq!(names, [("took_seconds", "s"), ("done", ""), ("held", "")]);
    let Some(Data::Histogram(took)) = &metrics[0].data else { panic!("{:?}", metrics[0]) };
    let point = &took.data_points[0];
    assert_eq!(
        (point.count, point.sum, &point.bucket_counts[..], &point.explicit_bounds[..]),
        (4, Some(1.5), &[3, 1][..], &[1.0][..])
    );
    assert_eq!(point.exemplars[0].trace_id, 10_u128.to_be_bytes());
    assert!(point.start_time_unix_nano < point.time_unix_nano);
    assert!(matches!(&metrics[1].data, Some(Data::Sum(sum)) if sum.is_monotonic && sum.data_points.len() == 1));
    assert!(matches!(&metrics[2].data, Some(Data::Gauge(_))));
}
