//! Which coding a client takes, and what is worth compressing.

/// A content coding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    Gzip,
    Brotli,
}

impl Coding {
    /// As in `Content-Encoding`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Brotli => "br",
        }
    }
}

/// The coding to use for an `Accept-Encoding` (RFC 9110, section 12.5.3): the one with the higher weight, brotli when
/// equal. `None` when the client takes neither.
pub(crate) fn negotiate(accept_encoding: &str) -> Option<Coding> {
    let (mut gzip, mut brotli, mut any) = (None, None, None);
    for item in accept_encoding.split(',') {
        let (name, parameters) = item.split_once(';').map_or((item, ""), |(name, rest)| (name, rest));
        let weight = weight(parameters);
        match name.trim() {
            name if name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip") => gzip = Some(weight),
            name if name.eq_ignore_ascii_case("br") => brotli = Some(weight),
            "*" => any = Some(weight),
            _ => {}
        }
    }
    let gzip = gzip.or(any).unwrap_or(0);
    let brotli = brotli.or(any).unwrap_or(0);
    match (brotli, gzip) {
        (0, 0) => None,
        _ if brotli >= gzip => Some(Coding::Brotli),
        _ => Some(Coding::Gzip),
    }
}

/// A weight in thousandths; something unreadable counts as a refusal.
fn weight(parameters: &str) -> u32 {
    let Some(text) =
        parameters.split(';').find_map(|one| one.trim().strip_prefix("q=").or_else(|| one.trim().strip_prefix("Q=")))
    else {
        return 1000;
    };
    text.trim()
        .parse::<f32>()
        .ok()
        .filter(|weight| (0.0..=1.0).contains(weight))
        .map_or(0, |weight| (weight * 1000.0) as u32)
}

/// Whether bodies of a media type get smaller. Pictures, films and fonts are compressed already.
pub(crate) fn is_compressible(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if essence == "text/event-stream" {
        return false;
    }
    essence.starts_with("text/")
        || essence.ends_with("+json")
        || essence.ends_with("+xml")
        || matches!(
            essence.as_str(),
            "application/json"
                | "application/javascript"
                | "application/xml"
                | "application/x-ndjson"
                | "application/wasm"
                | "application/vnd.apple.mpegurl"
                | "image/svg+xml"
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(accept: &str, expected: Option<&str>) {
        assert_eq!(negotiate(accept).map(Coding::name), expected, "{accept}");
    }

    #[test]
    fn the_higher_weight_wins_and_brotli_when_equal() {
        check("gzip, deflate, br", Some("br"));
        check("gzip", Some("gzip"));
        check("br;q=0.5, gzip;q=0.8", Some("gzip"));
        check("GZIP;Q=0.5", Some("gzip"));
        check("*", Some("br"));
        check("*;q=0.5, br;q=0", Some("gzip"));
        check("gzip;q=0, br;q=0", None);
        check("identity", None);
        check("deflate, zstd", None);
        check("gzip;q=lots", None);
        check("", None);
    }

    #[test]
    fn texts_are_compressed_and_events_and_pictures_are_not() {
        for yes in [
            "application/json",
            "text/html; charset=utf-8",
            "application/problem+json",
            "image/svg+xml",
            "application/vnd.apple.mpegurl",
        ] {
            assert!(is_compressible(yes), "{yes}");
        }
        for no in [
            "text/event-stream",
            "Text/Event-Stream; charset=utf-8",
            "image/jpeg",
            "video/mp4",
            "application/octet-stream",
            "",
        ] {
            assert!(!is_compressible(no), "{no}");
        }
    }

    proptest! {
        #[test]
        fn any_field_can_be_read(field in "\\PC{0,60}") {
            let _ = negotiate(&field);
            let _ = is_compressible(&field);
        }
    }
}
