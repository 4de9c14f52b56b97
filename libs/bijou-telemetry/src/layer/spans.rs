//! Spans: ids, parents, the sampling decision, and the finished record.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use tracing::span::{Attributes, Id, Record};
use tracing::{Dispatch, Span, Subscriber, dispatcher};
use tracing_subscriber::Registry;
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::{LookupSpan, SpanRef};

use crate::context::{SpanId, TraceContext};
use crate::export::is_suppressed;
use crate::role::Role;
use crate::span::{Kind, Outcome, SpanRecord, unix_nanos};
use crate::value::{Fields, Value};

/// What we keep beside each open span.
#[derive(Debug)]
pub(crate) struct SpanState {
    pub(crate) context: TraceContext,
    pub(crate) request_id: Option<Arc<str>>,
    parent: Option<SpanId>,
    role: Option<Role>,
    /// What the exporter itself does is never recorded, whatever becomes of it.
    is_suppressed: bool,
    started: Instant,
    started_at: SystemTime,
    fields: Fields,
}

#[derive(Debug)]
pub(crate) struct Spans;

/// The field by which every record of one request is found again.
pub(crate) const REQUEST_ID: &str = "bijou.request_id";

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Spans {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let above = span.parent().and_then(|parent| {
            parent.extensions().get::<SpanState>().map(|state| (state.context, state.request_id.clone()))
        });
        let role = Role::current();
        let (trace, parent, inherited) = match above {
            Some((above, request_id)) => (above.child(), Some(above.span_id), request_id),
            None => (TraceContext::root(role.as_ref().is_some_and(Role::samples)), None, None),
        };
        let request_id = request_id_of(&fields).or(inherited);
        span.extensions_mut().insert(SpanState {
            context: trace,
            request_id,
            parent,
            role,
            is_suppressed: is_suppressed(),
            started: Instant::now(),
            started_at: SystemTime::now(),
            fields,
        });
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut extensions = span.extensions_mut();
        let Some(state) = extensions.get_mut::<SpanState>() else { return };
        let mut fields = Fields::default();
        values.record(&mut fields);
        if let Some(request_id) = request_id_of(&fields) {
            state.request_id = Some(request_id);
        }
        for (key, value) in fields.attributes {
            match state.fields.attributes.iter_mut().find(|(known, _)| *known == key) {
                Some(slot) => slot.1 = value,
                None => state.fields.attributes.push((key, value)),
            }
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else { return };
        let Some(state) = span.extensions_mut().remove::<SpanState>() else { return };
        let Some(role) = state.role.clone().filter(|role| role.exports() && !state.is_suppressed) else { return };
        // What turned out to be wrong or slow is kept though it was not sampled: here, where only its end tells.
        let is_slow = name_of(&state.fields).is_some_and(|name| role.is_slow(name, state.started.elapsed()));
        if state.context.sampled {
            role.record(finish(state, span.name()));
        } else if role.keeps(has_failed(&state.fields), is_slow) {
            role.record_notable(finish(state, span.name()));
        }
    }
}

/// Its name, where it has one of its own: of the others nobody asks what is usual.
fn name_of(fields: &Fields) -> Option<&str> {
    fields.attributes.iter().find_map(|(key, value)| match value {
        Value::Text(name) if key == "otel.name" => Some(&**name),
        _ => None,
    })
}

fn has_failed(fields: &Fields) -> bool {
    fields.attributes.iter().any(|(key, value)| key == "otel.status_message" && matches!(value, Value::Text(_)))
}

fn request_id_of(fields: &Fields) -> Option<Arc<str>> {
    fields.attributes.iter().find(|(key, _)| key == REQUEST_ID).map(|(_, value)| value.to_string().into())
}

fn finish(state: SpanState, name: &'static str) -> SpanRecord {
    let start_unix_ns = unix_nanos(state.started_at);
    let lasted = u64::try_from(state.started.elapsed().as_nanos()).unwrap_or(u64::MAX);
    let mut record = SpanRecord {
        trace_id: state.context.trace_id,
        span_id: state.context.span_id,
        parent: state.parent,
        name: Cow::Borrowed(name),
        kind: Kind::Internal,
        start_unix_ns,
        // The wall clock may jump while a span is open; its length must not.
        end_unix_ns: start_unix_ns.saturating_add(lasted),
        attributes: Vec::with_capacity(state.fields.attributes.len()),
        events: Vec::new(),
        outcome: Outcome::Unset,
    };
    let mut request_id_seen = false;
    for (key, value) in state.fields.attributes {
        match (key.as_ref(), value) {
            ("otel.name", value) => record.name = Cow::Owned(value.to_string()),
            ("otel.kind", value) => record.kind = kind(&value.to_string()),
            ("otel.status_message", Value::Text(text)) => record.outcome = Outcome::Failed(text),
            (_, value) => {
                request_id_seen |= key == REQUEST_ID;
                record.attributes.push((key, value));
            }
        }
    }
    if let (false, Some(request_id)) = (request_id_seen, &state.request_id) {
        record.attributes.push((Cow::Borrowed(REQUEST_ID), Value::from(request_id.to_string())));
    }
    record
}

fn kind(text: &str) -> Kind {
    match text {
        "server" => Kind::Server,
        "client" => Kind::Client,
        _ => Kind::Internal,
    }
}

/// The context of the innermost open span on this thread.
pub fn current() -> Option<TraceContext> {
    dispatcher::get_default(|dispatch| {
        let registry = dispatch.downcast_ref::<Registry>()?;
        let id = Subscriber::current_span(registry).into_inner()?.0;
        context_of(registry.span(&id)?)
    })
}

/// The context of this span; `None` when nobody collects spans.
pub fn of(span: &Span) -> Option<TraceContext> {
    span.with_subscriber(|(id, dispatch)| context_of(dispatch.downcast_ref::<Registry>()?.span(id)?)).flatten()
}

/// What to send as `traceparent` with a call: the current span, unsampled while exporting, `None` outside any span.
pub fn outgoing() -> Option<TraceContext> {
    if is_suppressed() { Some(TraceContext::root(false)) } else { current() }
}

/// Continues a trace that began elsewhere: ids and sampling decision come from the caller's `traceparent`.
///
/// To be called before the span has children.
pub fn set_parent(span: &Span, caller: TraceContext) {
    span.with_subscriber(|(id, dispatch): (&Id, &Dispatch)| {
        let Some(span) = dispatch.downcast_ref::<Registry>().and_then(|registry| registry.span(id)) else { return };
        if let Some(state) = span.extensions_mut().get_mut::<SpanState>() {
            state.context = TraceContext { span_id: state.context.span_id, ..caller };
            state.parent = Some(caller.span_id);
        }
    });
}

fn context_of(span: SpanRef<'_, Registry>) -> Option<TraceContext> {
    span.extensions().get::<SpanState>().map(|state| state.context)
}
