//! Two ways to serve a connection, one meaning: whatever is asked, in whatever pieces, our own way answers the bytes that
//! hyper alone answers, and both see a request end at the same place.

use std::{mem::MaybeUninit, net::Ipv4Addr, sync::Arc};

use bijou_eureka::Tcp;
use bijou_telemetry::Metrics;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use proptest::prelude::*;
use tokio::io::AsyncWriteExt;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{
    access::Access,
    audit::Audit,
    clock::Clock,
    conversation::request::{self, LINES_MAX, Read},
    handle::About,
    peers::Peers,
    rate::Limiter,
    regions::Regions,
    registry::Registry,
    settings::Settings,
    telemetry::Telemetry,
};

/// The last request of each connection: hyper's in both ways, so that both end.
const LAST: &[u8] = b"GET /healthz HTTP/1.1\r\nconnection: close\r\n\r\n";

const PATHS: [&str; 30] = [
    "/eureka/apps",
    "/eureka/apps/",
    "/eureka/v2/apps/delta",
    "/v2/apps/delta/",
    "//eureka///apps//",
    "/eureka/apps/ORDERS",
    "/eureka/apps/orders",
    "/eureka/apps/ORDERS/a",
    "/eureka/apps/ORDERS/b",
    "/eureka/apps/ORDERS/c?status=UP&lastDirtyTimestamp=1790000000000",
    "/eureka/apps/ORDERS/c?status=UP&lastDirtyTimestamp=1790000000009",
    "/eureka/apps/ORDERS/c?lastDirtyTimestamp=soon",
    "/eureka/apps/ORDERS/n7%3Aa",
    "/eureka/apps/ORDERS/%ff?",
    "/eureka/apps/ORDERS/a/status?value=OUT_OF_SERVICE&reason=a+drill",
    "/eureka/apps/ORDERS/a/metadata?zone=b",
    "/eureka/instances/b",
    "/eureka/vips/orders",
    "/eureka/svips/orders",
    "/eureka/asg/x/status",
    "/eureka/status",
    "/eureka/peerreplication/batch/",
    "/eureka/serverinfo/statusoverrides",
    "/eureka/apps?regions=eu-west-1",
    "/eureka/audit",
    "/lastn",
    "/info",
    "/readyz",
    "/registry.css",
    "/",
];

const LINES: [&str; 20] = [
    "accept: application/json",
    "Accept: application/xml",
    "ACCEPT: text/html",
    "accept: */*",
    "accept-encoding: gzip",
    "Accept-Encoding: identity, gzip;q=0",
    "x-eureka-accept: compact",
    "if-none-match: W/\"life-all-0\"",
    "if-none-match: W/\"life-all-1\"",
    "if-none-match: W/\"life-delta-1\"",
    "connection: keep-alive",
    "Connection: Keep-Alive",
    "connection: te",
    "prefer: wait=0",
    "x-netflix-discovery-replication: true",
    "discoveryidentity-name: DefaultClient",
    "user-agent:   \u{e9}t\u{e9}  ",
    "host: registry",
    "host: elsewhere",
    "x-empty:",
];

/// Where an answer comes before the body is read, hyper may close: these come without one.
const REFUSED: [&str; 4] = [
    "GET /eureka/apps HTTP/1.1\r\nauthorization: Bearer nobody's\r\n\r\n",
    "PUT /eureka/apps/ORDERS/a HTTP/1.1\r\nauthorization: Basic x\r\ncontent-length: 0\r\n\r\n",
    "GET /nothing HTTP/1.1\r\n\r\n",
    "HEAD /eureka/nothing HTTP/1.1\r\n\r\n",
];

/// After these a connection is at its end.
const MALFORMED: [&str; 8] = [
    "GET /eureka/apps HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
    "GET /eureka/apps HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
    "GET /eureka/apps HTTP/1.1\r\nx : y\r\n\r\n",
    "GET /eureka/apps HTTP/1.1\r\nno colon\r\n\r\n",
    "GET /eureka apps HTTP/1.1\r\n\r\n",
    "G\u{0}T / HTTP/1.1\r\n\r\n",
    "POST /eureka/apps/ORDERS HTTP/1.1\r\ntransfer-encoding: gzip\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
];

fn site() -> Site {
    let defaults = Settings::default();
    let clock = Clock::start_with(|_| 1_790_000_000_000);
    let regions = Arc::new(Regions::new(&[], true).expect("none"));
    let peers = Peers::new(defaults.peers.clone(), Arc::new(Tcp));
    let preservation = &defaults.self_preservation;
    let telemetry = Telemetry::new(Metrics::new());
    Site {
        registry: Arc::new(Registry::new(preservation, clock, telemetry, "life".to_owned(), peers, regions)),
        access: Arc::new(Access::new(&defaults.access).expect("open to all")),
        limiter: Arc::new(Limiter::new(&defaults.rate)),
        audit: Arc::new(Audit::default()),
        waiters: Arc::default(),
        limits: defaults.limits,
        shutdown: CancellationToken::new(),
        about: About { version: "test", passport_keys: None, entry: Arc::new(crate::in_process::entry()) },
    }
}

/// What a new registry answers to bytes sent in pieces, but for the dates. `hangs_up` ends the sending with the last.
async fn answers(pieces: &[&[u8]], by_hyper_alone: bool, hangs_up: bool) -> String {
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
    let mut client = TcpStream::connect(listener.local_addr().expect("bound")).await.expect("listening");
    client.set_nodelay(true).expect("a socket");
    let (stream, from) = listener.accept().await.expect("connected");
    let (site, remote, graceful) = (site(), Remote::at(from.ip()), GracefulShutdown::new());
    let watcher = graceful.watcher();
    let serving = async {
        if by_hyper_alone {
            serve_by_hyper(stream, remote, site, hypers(), watcher).await;
        } else {
            serve_plain(stream, remote, site, hypers(), watcher).await;
        }
    };
    let (mut reader, mut writer) = client.split();
    let sending = async {
        for piece in pieces {
            // It may be at its end already.
            let _ = writer.write_all(piece).await;
            tokio::task::yield_now().await;
        }
        if hangs_up {
            let _ = writer.shutdown().await;
        }
    };
    let mut answered = Vec::new();
    let reading = async {
        let _ = reader.read_to_end(&mut answered).await;
    };
    tokio::join!(serving, sending, reading);
    // Let go earlier, it would have told them to end.
    drop(graceful);
    without_dates(&answered)
}

fn without_dates(answered: &[u8]) -> String {
    let text = answered.iter().map(|byte| char::from(*byte)).collect::<String>();
    text.split("\r\ndate: ").enumerate().map(|(at, part)| if at == 0 { part } else { &part[29..] }).collect()
}

fn ask(pieces: &[&[u8]]) -> [String; 2] {
    let runtime = runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let whole = pieces.concat();
    // Hyper alone is given everything at once: it closes a connection whose body it was not interested in, unless that
    // is there already.
    runtime.block_on(async { [answers(pieces, false, false).await, answers(&[&whole], true, false).await] })
}

fn request() -> impl Strategy<Value = Vec<u8>> {
    let method = proptest::sample::select(vec!["GET", "GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"]);
    let path = proptest::sample::select(PATHS.to_vec());
    let lines = proptest::collection::vec(proptest::sample::select(LINES.to_vec()), 0..5);
    let asking = (method, path, lines, 0..5_u8).prop_map(|(method, path, lines, body)| {
        let lines = lines.iter().flat_map(|line| [*line, "\r\n"]).collect::<String>();
        let body = match body {
            0 => "content-length: 2\r\n\r\n{}",
            1 => "transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            2 => "expect: 100-continue\r\ncontent-length: 2\r\n\r\n{}",
            3 => "content-length: 0\r\n\r\n",
            _ => "\r\n",
        };
        format!("{method} {path} HTTP/1.1\r\n{lines}{body}").into_bytes()
    });
    let register = proptest::sample::select(vec!["a", "b", "c"]).prop_map(|id| {
        let body = format!(
            r#"{{"instance":{{"instanceId":"{id}","hostName":"n7","app":"ORDERS","ipAddr":"10.4.0.7","status":"UP",
            "dataCenterInfo":{{"name":"MyOwn"}},"vipAddress":"orders","lastDirtyTimestamp":"1790000000000"}}}}"#
        );
        let head = "POST /eureka/apps/ORDERS HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: ";
        format!("{head}{}\r\n\r\n{body}", body.len()).into_bytes()
    });
    let refused = proptest::sample::select(REFUSED.to_vec()).prop_map(|text| text.as_bytes().to_vec());
    prop_oneof![6 => asking, 3 => register, 1 => refused]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn both_ways_answer_the_same(
        requests in proptest::collection::vec(request(), 1..7),
        size in 1..400_usize,
        end in proptest::option::of(proptest::sample::select(MALFORMED.to_vec())),
    ) {
        let whole = requests.concat();
        let mut pieces = whole.chunks(size).collect::<Vec<_>>();
        pieces.push(end.map_or(LAST, str::as_bytes));
        let [ours, hypers] = ask(&pieces);
        prop_assert_eq!(ours, hypers);
    }

    /// The heart of it: a request that we take is one that hyper would have taken, and the next begins where it ends.
    #[test]
    fn what_is_taken_is_what_hyper_takes(
        request in request(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 0..4),
    ) {
        let mut bytes = request;
        for (at, byte, kind) in changes {
            let at = at.index(bytes.len());
            // Bytes that mean something in HTTP come often.
            let byte = *b"\r\n :,\t0129aZ%?#/\"\\\0\x7f\xe9".get(usize::from(byte)).unwrap_or(&byte);
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => drop(bytes.remove(at)),
            }
            if bytes.is_empty() {
                bytes.push(b'G');
            }
        }
        let mut lines = [const { MaybeUninit::uninit() }; LINES_MAX];
        if let Read::Whole(ours) = request::read(&bytes, 1 << 20, &mut lines) {
            let fields = ours.lines.iter().map(|line| {
                format!("{}: {}\n", line.name.to_ascii_lowercase(), String::from_utf8_lossy(line.value))
            });
            let mut fields = fields.collect::<Vec<_>>();
            fields.sort();
            let (path, query, body) = (ours.path, ours.query, String::from_utf8_lossy(ours.body));
            let told = format!("{} {path} {query:?}\n{}{body}", ours.method, fields.concat());
            let runtime = runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            prop_assert_eq!(runtime.block_on(as_hyper_reads(&bytes[..ours.length])), [told]);
        }
    }
}

/// The requests that hyper finds in bytes, but for the last that is sent after them.
async fn as_hyper_reads(bytes: &[u8]) -> Vec<String> {
    let (mut near, far) = tokio::io::duplex(1 << 20);
    near.write_all(bytes).await.expect("room");
    near.write_all(LAST).await.expect("room");
    let found = std::sync::Mutex::new(Vec::new());
    let service = service_fn(|request: Request<Incoming>| async {
        let (parts, body) = request.into_parts();
        let body = body.collect().await?.to_bytes();
        let fields = parts
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes())));
        let mut fields = fields.collect::<Vec<_>>();
        fields.sort();
        let (path, query, body) = (parts.uri.path(), parts.uri.query(), String::from_utf8_lossy(&body));
        let told = format!("{} {path} {query:?}\n{}{body}", parts.method, fields.concat());
        found.lock().expect("not poisoned").push(told);
        Ok::<_, hyper::Error>(Response::new(Full::<Bytes>::default()))
    });
    // Ends with the last one, or with what it does not understand.
    let _ = hypers().serve_connection(TokioIo::new(far), service).await;
    let mut found = found.into_inner().expect("not poisoned");
    found.pop();
    found
}

#[test]
fn a_connection_that_ends_early_ends_the_same() {
    for whole in
        ["GET /eureka/apps HTTP/1.1\r\nhost", "POST /eureka/apps/ORDERS HTTP/1.1\r\ncontent-length: 9\r\n\r\nab", ""]
    {
        let runtime = runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let [ours, hypers] = runtime.block_on(async {
            let pieces = [whole.as_bytes()];
            [answers(&pieces, false, true).await, answers(&pieces, true, true).await]
        });
        assert_eq!(ours, hypers, "{whole}");
    }
}
