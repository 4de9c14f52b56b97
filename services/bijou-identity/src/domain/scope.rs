//! Scopes (RFC 6749, 3.3): words that say what a token may be used for.

/// What every signed-in person may do.
pub(crate) const VIEWER: &str = "viewer";

/// Watching, and no more than that: what a partner's app gets from somebody whom it signs in. Managing the account (sessions,
/// devices, profiles, exports) takes [`VIEWER`], which the gateway asks for.
pub(crate) const WATCH: &str = "watch";

/// Running the platform. Only in tokens that asked for it at sign-in, and in none of a child's profile.
pub(crate) const OPERATOR: &str = "operator";

/// The scopes to grant: those asked for where all are allowed, what is granted without asking where none is.
///
/// `None` when something is asked for that may not be granted: a token with less than asked would only fail later.
pub(crate) fn grant<'a>(asked: Option<&'a str>, allowed: &'a [String], unasked: &'a str) -> Option<String> {
    let Some(asked) = asked.map(str::trim).filter(|asked| !asked.is_empty()) else {
        return Some(unasked.to_owned());
    };
    let mut granted: Vec<&str> = Vec::new();
    for scope in asked.split(' ').filter(|scope| !scope.is_empty()) {
        if !allowed.iter().any(|allowed| allowed == scope) {
            return None;
        }
        if !granted.contains(&scope) {
            granted.push(scope);
        }
    }
    Some(granted.join(" "))
}

/// What is left of `held`, separated by spaces, where only `allowed` may be had.
pub(crate) fn within(held: &str, allowed: &[String]) -> Vec<String> {
    let is_allowed = |scope: &&str| allowed.iter().any(|allowed| allowed == scope);
    held.split(' ').filter(is_allowed).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(asked: Option<&str>, expected: Option<&str>) {
        let allowed = ["partner".to_owned(), "feeds".to_owned()];
        assert_eq!(grant(asked, &allowed, "partner").as_deref(), expected, "{asked:?}");
    }

    #[test]
    fn all_or_nothing_is_granted() {
        check(None, Some("partner"));
        check(Some(""), Some("partner"));
        check(Some("feeds"), Some("feeds"));
        check(Some("feeds  partner feeds"), Some("feeds partner"));
        check(Some("feeds operator"), None);
    }

    #[test]
    fn what_is_no_longer_allowed_is_left_out_of_what_was_held() {
        assert_eq!(within("viewer operator", &["viewer".to_owned()]), ["viewer"]);
        assert!(within("", &["viewer".to_owned()]).is_empty());
    }
}
