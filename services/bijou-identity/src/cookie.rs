//! The refresh token's cookie, for clients in a browser: out of reach of scripts, sent to `/oauth` only, never across
//! sites.

use http::{HeaderMap, HeaderValue, header};

/// Its name.
pub(crate) const NAME: &str = "bijou_refresh";

/// `Set-Cookie` that stores a refresh token for `max_age_s`.
pub(crate) fn store(token: &str, max_age_s: i64, secure: bool) -> HeaderValue {
    value(&format!("{NAME}={token}; Max-Age={max_age_s}"), secure)
}

/// `Set-Cookie` that removes it.
pub(crate) fn remove(secure: bool) -> HeaderValue {
    value(&format!("{NAME}=; Max-Age=0"), secure)
}

fn value(pair: &str, secure: bool) -> HeaderValue {
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{pair}; Path=/oauth; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::try_from(text).expect("tokens are URL-safe text")
}

/// The refresh token among a request's cookies.
pub(crate) fn read(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, value)| *name == NAME && !value.is_empty()).map(|(_, value)| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_found_among_others_and_an_emptied_one_is_none() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("theme=dark; bijou_refresh=abc"));
        assert_eq!(read(&headers).as_deref(), Some("abc"));
        headers.insert(header::COOKIE, HeaderValue::from_static("bijou_refresh="));
        assert_eq!(read(&headers), None);
    }

    #[test]
    fn scripts_and_other_sites_do_not_get_it() {
        let text = store("abc", 60, true);
        assert_eq!(text, "bijou_refresh=abc; Max-Age=60; Path=/oauth; HttpOnly; SameSite=Strict; Secure");
        assert_eq!(remove(false), "bijou_refresh=; Max-Age=0; Path=/oauth; HttpOnly; SameSite=Strict");
    }
}
