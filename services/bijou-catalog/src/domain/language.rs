//! Which of a title's languages a reader gets: BCP 47 look-up with fallback (RFC 4647, section 3.4).
//!
//! A range is cut from the right until a text fits (`de-CH-1996`, `de-CH`, `de`); then a text whose own tag begins
//! with the range counts (`pt` is happy with `pt-BR`); then the next range has its turn. Matching ignores case.
//! Extlangs, grandfathered tags and "close enough" languages (`nb` for `no`) are left out.

/// Languages somebody reads, best first. Never empty of meaning: an empty list takes the title's own language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Preferences(Vec<String>);

/// How many languages of a header are looked at; longer lists are not written by people.
const RANGES_MAX: usize = 16;

impl Preferences {
    /// Reads `Accept-Language` (RFC 9110, section 12.5.4): ranges with optional weights. Parts that make no sense are
    /// skipped, as the RFC lets a server do; `*` and refused languages (`q=0`) say nothing about what is wanted.
    pub fn parse(header: &str) -> Self {
        let mut ranges: Vec<(u16, &str)> = header
            .split(',')
            .take(RANGES_MAX)
            .filter_map(|part| {
                let (tag, weight) = match part.split_once(';') {
                    Some((tag, parameter)) => (tag.trim(), weight(parameter)?),
                    None => (part.trim(), 1000),
                };
                (weight > 0 && is_tag(tag)).then_some((weight, tag))
            })
            .collect();
        // Stable: equal weights keep the order they were written in.
        ranges.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        Self(ranges.into_iter().map(|(_, tag)| tag.to_owned()).collect())
    }

    /// The best of `available`, `None` when nothing fits and the caller takes the title's own language.
    pub fn choose<'a>(&self, available: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
        self.0.iter().find_map(|wanted| {
            let mut range = wanted.as_str();
            loop {
                if let Some(exact) = available.clone().find(|tag| tag.eq_ignore_ascii_case(range)) {
                    return Some(exact);
                }
                let Some(shorter) = shortened(range) else {
                    return available.clone().find(|tag| begins_with(tag, range));
                };
                range = shorter;
            }
        })
    }
}

/// Whether a text has the form of a language tag: letters first, then subtags of one to eight letters or digits.
pub fn is_tag(text: &str) -> bool {
    let mut subtags = text.split('-');
    let primary = subtags.next().unwrap_or_default();
    (2..=8).contains(&primary.len())
        && primary.bytes().all(|byte| byte.is_ascii_alphabetic())
        && subtags
            .all(|subtag| (1..=8).contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Cuts the last subtag off, and a single letter before it with it: it only introduced what was cut.
fn shortened(range: &str) -> Option<&str> {
    let (mut shorter, _) = range.rsplit_once('-')?;
    if let Some((before, last)) = shorter.rsplit_once('-')
        && last.len() == 1
    {
        shorter = before;
    }
    Some(shorter)
}

fn begins_with(tag: &str, range: &str) -> bool {
    tag.len() > range.len()
        && tag.as_bytes()[range.len()] == b'-'
        && tag.is_char_boundary(range.len())
        && tag[..range.len()].eq_ignore_ascii_case(range)
}

/// A weight in thousandths, `None` when it is not one.
fn weight(parameter: &str) -> Option<u16> {
    let value = parameter.trim().strip_prefix("q=").or_else(|| parameter.trim().strip_prefix("Q="))?;
    let number: f32 = value.trim().parse().ok()?;
    (0.0..=1.0).contains(&number).then_some((number * 1000.0) as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(wanted: &str, available: &[&str], expected: Option<&str>) {
        assert_eq!(Preferences::parse(wanted).choose(available.iter().copied()), expected, "{wanted} of {available:?}");
    }

    #[test]
    fn a_range_falls_back_subtag_by_subtag() {
        check("de-CH-1996", &["en", "de", "de-CH"], Some("de-CH"));
        check("de-AT", &["en", "de", "de-CH"], Some("de"));
        check("zh-Hant-x-private", &["zh", "zh-Hant"], Some("zh-Hant"));
        check("DE-at", &["de"], Some("de"));
    }

    #[test]
    fn a_plain_language_takes_a_regional_text_before_the_next_range() {
        check("pt, en", &["en", "pt-BR"], Some("pt-BR"));
        check("pt-PT, en", &["en", "pt-BR"], Some("pt-BR"));
    }

    #[test]
    fn weights_decide_and_order_breaks_ties() {
        check("en;q=0.4, fr;q=0.9, de;q=0.9", &["en", "de", "fr"], Some("fr"));
        check("en, fr;q=0.9", &["fr"], Some("fr"));
        check("fr;q=0, *", &["fr"], None);
    }

    #[test]
    fn nonsense_says_nothing() {
        check("", &["en"], None);
        check("!!, en;q=2, de;level=1, x, *", &["en", "de"], None);
        check("ja", &["en", "de"], None);
    }

    #[test]
    fn tags_have_a_form() {
        for tag in ["en", "de-CH-1996", "zxx", "sr-Latn-RS"] {
            assert!(is_tag(tag), "{tag}");
        }
        for text in ["", "e", "1en", "en_US", "en-", "en-waytoolong", "de--CH"] {
            assert!(!is_tag(text), "{text}");
        }
    }
}
