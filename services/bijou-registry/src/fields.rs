//! Header fields of a request, wherever they were parsed: a map of hyper's, or lines in a connection's own buffer. What
//! is decided by them is decided in one place for both.

use http::HeaderMap;

#[derive(Clone, Copy, Debug)]
pub enum Fields<'a> {
    Map(&'a HeaderMap),
    Lines(&'a [httparse::Header<'a>]),
}

impl<'a> Fields<'a> {
    /// The first value of that name. `name` is in lower case.
    pub fn get(self, name: &str) -> Option<&'a [u8]> {
        match self {
            Fields::Map(map) => map.get(name).map(http::HeaderValue::as_bytes),
            Fields::Lines(lines) => {
                lines.iter().find(|line| line.name.eq_ignore_ascii_case(name)).map(|line| line.value)
            }
        }
    }

    /// The first value of that name, if it is text that may stand in a header.
    pub fn text(self, name: &str) -> Option<&'a str> {
        self.get(name).and_then(visible)
    }

    /// All values of that name that are text, in order.
    pub fn texts(self, name: &str) -> impl Iterator<Item = &'a str> {
        let (map, mut lines) = match self {
            Fields::Map(map) => (Some(map.get_all(name)), [].iter()),
            Fields::Lines(lines) => (None, lines.iter()),
        };
        let mut of_map = map.into_iter().flatten();
        std::iter::from_fn(move || {
            if let Some(value) = of_map.next() {
                return Some(value.as_bytes());
            }
            lines.find(|line| line.name.eq_ignore_ascii_case(name)).map(|line| line.value)
        })
        .filter_map(visible)
    }
}

impl<'a> From<&'a HeaderMap> for Fields<'a> {
    fn from(map: &'a HeaderMap) -> Self {
        Fields::Map(map)
    }
}

/// As `HeaderValue::to_str` has it.
fn visible(value: &[u8]) -> Option<&str> {
    // Without an early end, so that many bytes are looked at together.
    let is_visible = value.iter().fold(true, |all, byte| all & matches!(byte, b' '..=b'~' | b'\t'));
    is_visible.then(|| str::from_utf8(value).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_and_lines_say_the_same() {
        let pairs = [("Accept", "text/html"), ("X-Odd", "\u{e9}"), ("accept", "application/json"), ("Empty", "")];
        let lines = pairs.map(|(name, value)| httparse::Header { name, value: value.as_bytes() });
        let map = pairs.map(|(name, value)| {
            let value = http::HeaderValue::from_bytes(value.as_bytes()).expect("a value");
            (name.parse::<http::HeaderName>().expect("a name"), value)
        });
        let map: HeaderMap = map.into_iter().collect();
        for fields in [Fields::Map(&map), Fields::Lines(&lines)] {
            assert_eq!(fields.text("accept"), Some("text/html"));
            assert_eq!(fields.texts("accept").collect::<Vec<_>>(), ["text/html", "application/json"]);
            assert_eq!((fields.text("x-odd"), fields.get("x-odd")), (None, Some("\u{e9}".as_bytes())));
            assert_eq!((fields.text("empty"), fields.text("absent")), (Some(""), None));
        }
    }
}
