//! Which coding a client takes, and what is worth compressing.

/// A content coding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    Gzip,
    Brotli,
    /// RFC 8878; as small as brotli at a fraction of the time, which counts where answers are compressed as they pass.
    Zstd,
}

impl Coding {
    /// As in `Content-Encoding`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }
}

/// What a client takes: the weight of each coding in thousandths, 0 for what it does not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Accepted {
    gzip: u32,
    brotli: u32,
    zstd: u32,
}

impl Accepted {
    /// Reads an `Accept-Encoding` (RFC 9110, section 12.5.3).
    pub(crate) fn of(accept_encoding: &str) -> Self {
        let (mut gzip, mut brotli, mut zstd, mut any) = (None, None, None, None);
        for item in accept_encoding.split(',') {
            let (name, parameters) = item.split_once(';').map_or((item, ""), |(name, rest)| (name, rest));
            let weight = weight(parameters);
            match name.trim() {
                name if name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip") => gzip = Some(weight),
                name if name.eq_ignore_ascii_case("br") => brotli = Some(weight),
                name if name.eq_ignore_ascii_case("zstd") => zstd = Some(weight),
                "*" => any = Some(weight),
                _ => {}
            }
        }
        let weight = |named: Option<u32>| named.or(any).unwrap_or(0);
        Self { gzip: weight(gzip), brotli: weight(brotli), zstd: weight(zstd) }
    }

    /// The coding of the highest weight; of several, the one that is offered first. `None` when none is taken.
    pub(crate) fn choose(self, offered: &[Coding]) -> Option<Coding> {
        // `max_by_key` gives the last of several.
        offered
            .iter()
            .rev()
            .copied()
            .filter(|coding| self.weight(*coding) > 0)
            .max_by_key(|coding| self.weight(*coding))
    }

    fn weight(self, coding: Coding) -> u32 {
        match coding {
            Coding::Gzip => self.gzip,
            Coding::Brotli => self.brotli,
            Coding::Zstd => self.zstd,
        }
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

    const ALL: [Coding; 3] = [Coding::Zstd, Coding::Brotli, Coding::Gzip];

    #[track_caller]
    fn check(accept: &str, offered: &[Coding], expected: Option<&str>) {
        assert_eq!(Accepted::of(accept).choose(offered).map(Coding::name), expected, "{accept}");
    }

    #[test]
    fn the_highest_weight_wins_and_the_first_offered_when_equal() {
        check("gzip, deflate, br, zstd", &ALL, Some("zstd"));
        check("gzip, deflate, br", &ALL, Some("br"));
        check("gzip", &ALL, Some("gzip"));
        check("br;q=0.5, gzip;q=0.8, zstd;q=0.1", &ALL, Some("gzip"));
        check("GZIP;Q=0.5", &ALL, Some("gzip"));
        check("*", &ALL, Some("zstd"));
        check("*;q=0.5, br;q=0, ZSTD;q=0", &ALL, Some("gzip"));
        check("gzip;q=0, br;q=0", &ALL, None);
        check("identity", &ALL, None);
        check("deflate", &ALL, None);
        check("gzip;q=lots", &ALL, None);
        check("", &ALL, None);
    }

    #[test]
    fn only_what_is_offered_is_chosen() {
        check("gzip, br, zstd", &ALL[1..], Some("br"));
        check("gzip, br, zstd", &[], None);
        check("zstd", &ALL[1..], None);
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
            let _ = Accepted::of(&field).choose(&ALL);
            let _ = is_compressible(&field);
        }
    }
}
