//! Events: one pass over the fields, then a line on stderr and a record for the collector.

use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::SystemTime;

use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::LookupSpan;

use super::spans::SpanState;
use crate::context::TraceContext;
use crate::export::is_suppressed;
use crate::line::Style;
use crate::role::Role;
use crate::span::unix_nanos;
use crate::value::{Fields, Value};

/// One log line as data.
#[derive(Clone, Debug)]
pub(crate) struct LogRecord {
    pub(crate) at_unix_ns: u64,
    pub(crate) level: Level,
    pub(crate) target: &'static str,
    pub(crate) message: String,
    pub(crate) attributes: Vec<(Cow<'static, str>, Value)>,
    pub(crate) trace: Option<TraceContext>,
    pub(crate) request_id: Option<Arc<str>>,
}

#[derive(Debug)]
pub(crate) struct Logs {
    pub(crate) style: Style,
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Logs {
    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let (trace, request_id) = context
            .event_span(event)
            .and_then(|span| {
                span.extensions().get::<SpanState>().map(|state| (Some(state.context), state.request_id.clone()))
            })
            .unwrap_or_default();
        let record = LogRecord {
            at_unix_ns: unix_nanos(SystemTime::now()),
            level: *event.metadata().level(),
            target: event.metadata().target(),
            message: fields.message,
            attributes: fields.attributes,
            trace,
            request_id,
        };
        let role = Role::current();
        let line = self.style.line(&record, role.as_ref());
        // Whoever read our stderr is gone or its disk is full: nothing better to do than to go on.
        let _ = io::stderr().lock().write_all(line.as_bytes());
        if let Some(role) = role.filter(|role| role.exports() && !is_suppressed()) {
            role.record_log(record);
        }
    }
}
