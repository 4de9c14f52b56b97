//! What several lists are asked by: moments, places, and the refusal of what is neither.

use bijou_chassis::Reject;
use bijou_problem::Problem;
use bijou_telemetry::TraceId;
use http::StatusCode;

/// 400 for a parameter; `why` goes on from its name: "is not a time".
pub fn not_accepted(parameter: &'static str, why: &str) -> Reject {
    let problem = Problem::new(StatusCode::BAD_REQUEST, "query-invalid")
        .title("A query parameter is not accepted")
        .detail(format!("`{parameter}` {why}"))
        .with("parameter", parameter);
    Reject::new(problem)
}

/// A moment in nanoseconds since 1970; one before that is that, one behind 2554 is then.
pub fn moment(parameter: &'static str, text: Option<&str>) -> Result<Option<u64>, Reject> {
    let Some(text) = text else { return Ok(None) };
    let moment: jiff::Timestamp =
        text.parse().map_err(|_| not_accepted(parameter, "is not a time as RFC 3339 writes it"))?;
    Ok(Some(moment.as_nanosecond().clamp(0, u64::MAX.into()) as u64))
}

/// A trace id of 32 hexadecimal digits, if it is one.
pub fn trace_id(text: &str) -> Option<TraceId> {
    let number = u128::from_str_radix(text, 16).ok().filter(|_| text.len() == 32)?;
    TraceId::new(number)
}
