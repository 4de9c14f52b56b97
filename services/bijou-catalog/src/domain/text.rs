//! Names as ids and as sort keys; bytes as text.

use std::fmt::Write as _;

/// An id made of a name: ASCII letters, digits and single hyphens, at most 80 characters; accents are dropped, other
/// scripts spelled as numbers so that two names never fall together for being written in another alphabet.
pub fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for letter in folded(name).chars() {
        match letter {
            'a'..='z' | '0'..='9' => slug.push(letter),
            // "Schindler's" is one word.
            '\'' | '\u{2019}' => {}
            letter if letter.is_alphanumeric() => {
                let _ = write!(slug, "{:x}", u32::from(letter));
            }
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
    }
    slug.truncate(80);
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// What titles are ordered by: lower case, without accents and without a leading article.
pub fn sort_name(name: &str) -> String {
    let folded = folded(name);
    let trimmed = folded.trim_start_matches(|letter: char| !letter.is_alphanumeric());
    let without = ["the ", "a ", "an "].into_iter().find_map(|article| trimmed.strip_prefix(article));
    match without {
        Some(rest) if !rest.trim().is_empty() => rest.trim().to_owned(),
        _ if trimmed.is_empty() => folded,
        _ => trimmed.trim().to_owned(),
    }
}

/// Whether a text may be an id: what a path segment carries without escaping.
pub fn is_id(text: &str) -> bool {
    (1..=96).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        && !text.starts_with('.')
}

/// Whether a text has the form of a country, ISO 3166-1 alpha-2 in capitals.
pub fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Lower case, with the accents of Latin letters dropped.
pub(super) fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            'à'..='å' | 'ā' | 'ă' | 'ą' => out.push('a'),
            'æ' => out.push_str("ae"),
            'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => out.push('c'),
            'ď' | 'đ' | 'ð' => out.push('d'),
            'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => out.push('e'),
            'ĝ' | 'ğ' | 'ġ' | 'ģ' => out.push('g'),
            'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => out.push('i'),
            'ĺ' | 'ļ' | 'ľ' | 'ł' => out.push('l'),
            'ñ' | 'ń' | 'ņ' | 'ň' => out.push('n'),
            'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => out.push('o'),
            'œ' => out.push_str("oe"),
            'ŕ' | 'ŗ' | 'ř' => out.push('r'),
            'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => out.push('s'),
            'ß' => out.push_str("ss"),
            'ţ' | 'ť' | 'ț' => out.push('t'),
            'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => out.push('u'),
            'ý' | 'ÿ' => out.push('y'),
            'ź' | 'ż' | 'ž' => out.push('z'),
            'þ' => out.push_str("th"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_reads_like_the_name() {
        assert_eq!(slug("The Cabinet of Dr. Caligari"), "the-cabinet-of-dr-caligari");
        assert_eq!(slug("Amélie – Le Fabuleux…"), "amelie-le-fabuleux");
        assert_eq!(slug("Schindler's List"), "schindlers-list");
        assert_eq!(slug("D.O.A."), "d-o-a");
        assert_eq!(slug("???"), "");
    }

    #[test]
    fn names_in_other_scripts_stay_apart() {
        assert_ne!(slug("Сталкер"), slug("Солярис"));
        assert!(is_id(&slug("七人の侍")));
    }

    #[test]
    fn a_slug_is_an_id() {
        let long = "a very long name ".repeat(20);
        assert!(is_id(&slug(&long)));
        assert!(!is_id("../etc"));
        assert!(!is_id("a/b"));
        assert!(!is_id(""));
    }

    #[test]
    fn articles_and_accents_do_not_decide_the_order() {
        assert_eq!(sort_name("The General"), "general");
        assert_eq!(sort_name("Élite"), "elite");
        assert_eq!(sort_name("A"), "a");
        assert_eq!(sort_name("\u{201c}The\u{201d} Thing"), "the\u{201d} thing");
    }
}
