//! The usual title for a status, for problems that have nothing better to say.

use std::borrow::Cow;

use http::StatusCode;

/// Sentence case of the registered reason phrase; codes without one are named by their class.
pub(crate) fn usual(status: StatusCode) -> Cow<'static, str> {
    let Some(phrase) = status.canonical_reason() else {
        return Cow::Borrowed(if status.is_server_error() { "Server error" } else { "Request failed" });
    };
    let mut title = phrase.to_ascii_lowercase();
    if let Some(first) = title.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    Cow::Owned(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(status: u16, expected: &str) {
        assert_eq!(usual(StatusCode::from_u16(status).expect("a status")), expected);
    }

    #[test]
    fn titles_are_sentences() {
        check(404, "Not found");
        check(418, "I'm a teapot");
        check(499, "Request failed");
        check(599, "Server error");
    }
}
