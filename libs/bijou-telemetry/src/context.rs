//! W3C trace context: the `traceparent` header, parsed and written.
//!
//! `tracestate` is left out: nothing in the platform needs a vendor's entry, and the recommendation allows dropping it
//! (W3C Trace Context, section 3.5).

use std::fmt;

/// Names one request across every service it touches. Never zero.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TraceId(u128);

/// Names one span within a trace. Never zero.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SpanId(u64);

impl TraceId {
    /// A new random id.
    pub fn random() -> Self {
        // One in 2^128 is the reserved zero; the bit keeps the promise without a loop.
        Self(rand::random::<u128>().max(1))
    }

    /// `None` for zero, which the recommendation reserves for "invalid".
    pub fn new(value: u128) -> Option<Self> {
        (value != 0).then_some(Self(value))
    }

    /// Big-endian bytes, as OTLP carries them.
    pub fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }
}

impl SpanId {
    /// A new random id.
    pub fn random() -> Self {
        Self(rand::random::<u64>().max(1))
    }

    /// `None` for zero, which the recommendation reserves for "invalid".
    pub fn new(value: u64) -> Option<Self> {
        (value != 0).then_some(Self(value))
    }

    /// Big-endian bytes, as OTLP carries them.
    pub fn to_bytes(self) -> [u8; 8] {
        self.0.to_be_bytes()
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for SpanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl fmt::Debug for SpanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Where in which trace we are, and whether anybody records it.
///
/// `Display` writes the `traceparent` value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceContext {
    pub trace_id: TraceId,
    /// The span that is the parent of whatever comes next.
    pub span_id: SpanId,
    /// The sampling decision, made once at the edge and followed by everybody behind it.
    pub sampled: bool,
}

impl TraceContext {
    /// A new trace with a first span.
    pub fn root(sampled: bool) -> Self {
        Self { trace_id: TraceId::random(), span_id: SpanId::random(), sampled }
    }

    /// A new span in the same trace; the caller keeps `self.span_id` as the parent.
    pub fn child(self) -> Self {
        Self { span_id: SpanId::random(), ..self }
    }

    /// Parses a `traceparent` value; `None` means "start a trace of your own" (W3C Trace Context, section 3.2).
    ///
    /// A version above `00` is read by the first four fields, as section 4.3 asks, so that tomorrow's clients keep
    /// their traces.
    pub fn parse(header: &str) -> Option<Self> {
        let bytes = header.as_bytes();
        if bytes.len() < 55 || !bytes.is_ascii() {
            return None;
        }
        if bytes[2] != b'-' || bytes[35] != b'-' || bytes[52] != b'-' {
            return None;
        }
        let version = hex(&header[0..2])?;
        let longer_allowed = version > 0 && bytes.get(55) == Some(&b'-');
        if version == 0xff || (bytes.len() > 55 && !longer_allowed) {
            return None;
        }
        Some(Self {
            trace_id: TraceId::new(hex(&header[3..35])?)?,
            span_id: SpanId::new(u64::try_from(hex(&header[36..52])?).ok()?)?,
            sampled: hex(&header[53..55])? & 1 == 1,
        })
    }
}

impl fmt::Display for TraceContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{}-{}-0{}", self.trace_id, self.span_id, u8::from(self.sampled))
    }
}

/// Lower-case hexadecimal only: upper case is invalid in `traceparent`, and `from_str_radix` would accept a sign.
fn hex(digits: &str) -> Option<u128> {
    let lower = digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if lower { u128::from_str_radix(digits, 16).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
    const SPAN: &str = "b7ad6b7169203331";

    #[track_caller]
    fn check(header: &str, expected: Option<bool>) {
        assert_eq!(TraceContext::parse(header).map(|context| context.sampled), expected, "{header}");
    }

    #[test]
    fn the_recommendations_example_is_read() {
        check(&format!("00-{TRACE}-{SPAN}-01"), Some(true));
        check(&format!("00-{TRACE}-{SPAN}-00"), Some(false));
    }

    #[test]
    fn unknown_flags_do_not_decide_sampling() {
        check(&format!("00-{TRACE}-{SPAN}-fe"), Some(false));
        check(&format!("00-{TRACE}-{SPAN}-03"), Some(true));
    }

    #[test]
    fn later_versions_may_be_longer_and_version_zero_may_not() {
        check(&format!("cc-{TRACE}-{SPAN}-01-what-comes-later"), Some(true));
        check(&format!("cc-{TRACE}-{SPAN}-01.what"), None);
        check(&format!("00-{TRACE}-{SPAN}-01-extra"), None);
        check(&format!("ff-{TRACE}-{SPAN}-01"), None);
    }

    #[test]
    fn zero_ids_upper_case_and_short_headers_are_refused() {
        check(&format!("00-{}-{SPAN}-01", "0".repeat(32)), None);
        check(&format!("00-{TRACE}-{}-01", "0".repeat(16)), None);
        check(&format!("00-{}-{SPAN}-01", TRACE.to_uppercase()), None);
        check(&format!("00-+{}-{SPAN}-01", &TRACE[1..]), None);
        check("00-abc-def-01", None);
        check("", None);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(trace in 1u128.., span in 1u64.., sampled: bool) {
            let context = TraceContext {
                trace_id: TraceId::new(trace).expect("not zero"),
                span_id: SpanId::new(span).expect("not zero"),
                sampled,
            };
            prop_assert_eq!(TraceContext::parse(&context.to_string()), Some(context));
        }

        #[test]
        fn no_input_panics(header in "\\PC{0,80}") {
            let _ = TraceContext::parse(&header);
        }
    }
}
