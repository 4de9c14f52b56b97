//! The request id: made at the edge, carried everywhere, named in every answer and log line.

use std::sync::Arc;

use http::HeaderMap;
use uuid::Uuid;

/// The header it travels in, both ways.
pub const HEADER: &str = "x-request-id";

/// Longest id taken from a caller.
const LENGTH_MAX: usize = 64;

/// The caller's id if it can be trusted in a log line, else a new one (sortable by time).
pub fn of(headers: &HeaderMap) -> Arc<str> {
    let given = headers.get(HEADER).and_then(|value| value.to_str().ok()).filter(|text| is_fit(text));
    given.map_or_else(|| Uuid::now_v7().to_string().into(), Arc::from)
}

/// Letters, digits and `-_.:` only: nothing that could end a line, a quote or a header.
fn is_fit(text: &str) -> bool {
    (1..=LENGTH_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(given: &str, is_kept: bool) {
        let mut headers = HeaderMap::new();
        headers.insert(HEADER, given.parse().expect("a header value"));
        assert_eq!(*of(&headers) == *given, is_kept, "{given}");
    }

    #[test]
    fn only_ids_that_are_safe_to_print_are_kept() {
        check("018f-abc_1.2:3", true);
        check("a b", false);
        check("\"quoted\"", false);
        check("", false);
        check(&"x".repeat(65), false);
    }
}
