//! One request on its way through the gateway: what filters see and change.
//!
//! Belongs to one worker from its first byte to its last and never leaves that thread. What a filter may not change
//! (who the client is, what the path was normalised to) has no setter.

use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bijou_resilience::{Deadline, Spare};
use bijou_telemetry::{SpanId, TraceContext, TraceId};
use http::{Extensions, HeaderMap, HeaderValue, Method, Request, Uri, Version};
use hyper::body::Incoming;
use rand::RngExt;

use crate::authenticate::Identity;
use crate::body::{BodyWatch, RequestBody};
use crate::compress::Accepted;
use crate::filter::Endpoint;
use crate::link::Link;
use crate::routes::{RatePolicy, Route};
use crate::story::Story;
use crate::worker::{Active, Worker};

/// Who answers a request.
#[derive(Clone, Default)]
pub(crate) enum Chosen {
    /// Nobody was found.
    #[default]
    Nobody,
    /// An instance behind the route.
    Origin,
    /// The gateway's own pages: health, documents.
    Own,
    /// The viewer app.
    App,
    /// A filter's choice.
    Custom(Arc<dyn Endpoint>),
}

/// One request on its way.
pub struct Transit {
    pub(crate) worker: Rc<Worker>,
    pub(crate) link: Rc<Link>,
    pub(crate) active: Rc<Active>,
    method: Method,
    uri: Uri,
    version: Version,
    /// The path in its one form, where that is not how it came.
    pub(crate) normal_path: Option<String>,
    /// In lower case, without port; empty before it is known.
    pub(crate) host: String,
    headers: HeaderMap,
    incoming: Option<Incoming>,
    pub(crate) body_watch: Rc<BodyWatch>,
    pub(crate) is_websocket: bool,
    /// What the client takes compressed answers in; read before the head is given away.
    pub(crate) accepted_codings: Accepted,
    pub(crate) user_agent: Option<HeaderValue>,
    pub(crate) route: Option<usize>,
    pub(crate) chosen: Chosen,
    pub(crate) identity: Option<Rc<Identity>>,
    pub(crate) passport: Option<HeaderValue>,
    request_id: HeaderValue,
    pub(crate) trace: TraceContext,
    pub(crate) parent: Option<SpanId>,
    pub(crate) deadline: Deadline,
    pub(crate) rate: Option<(RatePolicy, Result<Spare, Duration>, Duration)>,
    pub(crate) story: Story,
    pub(crate) is_counted: bool,
    is_timed: bool,
    extensions: Extensions,
}

impl Transit {
    pub(crate) fn new(worker: &Rc<Worker>, link: &Rc<Link>, request: Request<Incoming>) -> Self {
        let started = Instant::now();
        let (parts, incoming) = request.into_parts();
        let (is_sampled, is_timed) = worker.sample();
        let (request_id, trace) = new_ids(worker, is_sampled);
        let active = worker.active();
        Self {
            deadline: Deadline::after(started, crate::config::ms(active.config().timeouts.request_ms)),
            worker: Rc::clone(worker),
            link: Rc::clone(link),
            active,
            method: parts.method,
            uri: parts.uri,
            version: parts.version,
            normal_path: None,
            host: String::new(),
            headers: parts.headers,
            incoming: Some(incoming),
            body_watch: Rc::default(),
            is_websocket: false,
            accepted_codings: Accepted::default(),
            user_agent: None,
            route: None,
            chosen: Chosen::Nobody,
            identity: None,
            passport: None,
            request_id,
            trace,
            parent: None,
            rate: None,
            story: Story::begin(started, is_sampled),
            is_counted: false,
            is_timed: is_timed || is_sampled,
            extensions: parts.extensions,
        }
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path: the one that is matched, that policy sees and that the origin gets.
    pub fn path(&self) -> &str {
        self.normal_path.as_deref().unwrap_or_else(|| self.uri.path())
    }

    /// The query, without its question mark, as it came.
    pub fn query(&self) -> Option<&str> {
        self.uri.query()
    }

    /// The host asked for, in lower case and without port.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The protocol it came by.
    pub fn version(&self) -> Version {
        self.version
    }

    /// Header fields as the origin will get them, before the gateway adds its own. Empty once it has got them.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Header fields, to be changed.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.headers
    }

    /// The client's address.
    pub fn client(&self) -> IpAddr {
        self.link.peer.ip()
    }

    /// The client's address and port.
    pub fn peer(&self) -> SocketAddr {
        self.link.peer
    }

    /// The id every answer and log line carries.
    pub fn request_id(&self) -> &str {
        self.request_id.to_str().unwrap_or_default()
    }

    pub(crate) fn request_id_value(&self) -> &HeaderValue {
        &self.request_id
    }

    /// The route, once it is found.
    pub fn route(&self) -> Option<&Route> {
        self.route.map(|index| &*self.active.table().routes()[index])
    }

    /// Who is asking, once the token was checked; `None` for those without one.
    pub fn identity(&self) -> Option<&Identity> {
        self.identity.as_deref()
    }

    /// When everything must be over.
    pub fn deadline(&self) -> Deadline {
        self.deadline
    }

    /// Where in which trace this request is.
    pub fn trace(&self) -> TraceContext {
        self.trace
    }

    /// Lets `endpoint` answer in place of whatever the route says.
    pub fn answer_with(&mut self, endpoint: Arc<dyn Endpoint>) {
        self.chosen = Chosen::Custom(endpoint);
    }

    /// Remembers something for the request's story.
    pub fn note(&mut self, name: &'static str, value: impl Into<String>) {
        self.story.notes.push((name, value.into()));
    }

    /// What filters want to tell each other.
    pub fn extensions_mut(&mut self) -> &mut Extensions {
        &mut self.extensions
    }

    /// The number of the worker that carries it.
    pub fn worker_index(&self) -> usize {
        self.worker.index
    }

    pub(crate) fn is_timed(&self) -> bool {
        self.is_timed
    }

    pub(crate) fn uri(&self) -> &Uri {
        &self.uri
    }

    /// Bytes the client says its body has.
    pub(crate) fn announced_bytes(&self) -> Option<u64> {
        self.headers.get(http::header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
    }

    /// The body, at most as much of it as the route allows. Empty the second time.
    pub(crate) fn take_body(&mut self) -> RequestBody {
        let bytes_max = self.route().map_or(0, |route| route.body_bytes_max);
        let watch = Rc::clone(&self.body_watch);
        self.incoming.take().map_or(RequestBody::Empty, |incoming| RequestBody::client(incoming, bytes_max, watch))
    }

    /// The head fields, for the last attempt: nobody looks at them afterwards.
    pub(crate) fn take_headers(&mut self) -> HeaderMap {
        std::mem::take(&mut self.headers)
    }
}

/// A request id that sorts by time, and a new trace. Unpredictability is no aim: neither gives access to anything.
fn new_ids(worker: &Worker, sampled: bool) -> (HeaderValue, TraceContext) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut rng = worker.rng.borrow_mut();
    let random: u128 = rng.random();
    let id = (u128::from(worker.unix_ms()) << 80) | (random >> 48);
    let mut text = [0_u8; 32];
    for (index, digit) in text.iter_mut().enumerate() {
        *digit = DIGITS[((id >> (124 - 4 * index)) & 15) as usize];
    }
    let trace = TraceContext {
        trace_id: TraceId::new(rng.random::<u128>() | 1).expect("the last bit is set"),
        span_id: SpanId::new(rng.random::<u64>() | 1).expect("the last bit is set"),
        sampled,
    };
    (HeaderValue::from_bytes(&text).expect("hexadecimal digits are a header value"), trace)
}

impl std::fmt::Debug for Transit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Transit")
            .field("request_id", &self.request_id)
            .field("method", &self.method)
            .field("path", &self.path())
            .field("host", &self.host)
            .finish_non_exhaustive()
    }
}
