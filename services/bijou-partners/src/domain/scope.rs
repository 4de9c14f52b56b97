//! Scopes (RFC 6749, 3.3): words that say what an app, or one of its tokens, may read.

/// Titles, their changes and the snapshot.
pub(crate) const CATALOG: &str = "catalog";

/// The catalog in the forms of others.
pub(crate) const FEEDS: &str = "feeds";

/// What a new app may read.
pub(crate) const ALL: &str = "catalog feeds";

/// Whether `held`, separated by spaces, has this scope.
pub(crate) fn holds(held: &str, scope: &str) -> bool {
    held.split(' ').any(|one| one == scope)
}

/// What a token gets: all that is held where nothing is asked for, else what is asked for. `None` when something is asked
/// for that is not held: a token with less than asked would only fail later.
pub(crate) fn grant(asked: Option<&str>, held: &str) -> Option<String> {
    let mut granted: Vec<&str> = Vec::new();
    for scope in asked.unwrap_or_default().split(' ').filter(|scope| !scope.is_empty()) {
        if !holds(held, scope) {
            return None;
        }
        if !granted.contains(&scope) {
            granted.push(scope);
        }
    }
    Some(if granted.is_empty() { held.to_owned() } else { granted.join(" ") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(asked: Option<&str>, expected: Option<&str>) {
        assert_eq!(grant(asked, ALL).as_deref(), expected, "{asked:?}");
    }

    #[test]
    fn a_token_gets_what_is_asked_for_or_nothing() {
        check(None, Some("catalog feeds"));
        check(Some(" "), Some("catalog feeds"));
        check(Some("feeds  feeds"), Some("feeds"));
        check(Some("feed"), None);
        check(Some("catalog operator"), None);
    }
}
