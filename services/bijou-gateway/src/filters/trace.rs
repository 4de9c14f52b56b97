//! Trace context: the caller's trace goes on here, but whether it is recorded is our decision.

use bijou_telemetry::TraceContext;
use http::HeaderName;

use crate::filter::{InboundFilter, Step};
use crate::transit::Transit;

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

#[derive(Debug)]
pub(super) struct Trace;

impl InboundFilter for Trace {
    fn name(&self) -> &'static str {
        "trace"
    }

    fn inbound<'a>(&'a self, transit: &'a mut Transit) -> Step<'a> {
        if let Some(value) = transit.headers_mut().remove(TRACEPARENT)
            && let Some(caller) = value.to_str().ok().and_then(TraceContext::parse)
        {
            transit.parent = Some(caller.span_id);
            transit.trace.trace_id = caller.trace_id;
        }
        Step::CONTINUE
    }
}
