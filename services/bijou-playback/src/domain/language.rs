//! Language tags for manifests: BCP 47 as players want it, from the three-letter codes that media files carry.
//!
//! The table has the languages that films are commonly dubbed and subtitled in; any other well-formed tag passes as it
//! is and is shown by its code.

/// ISO 639-2 codes (both sets), the BCP 47 tag, and the language's own name for itself.
const KNOWN: [(&str, &str, &str, &str); 36] = [
    ("ara", "ara", "ar", "العربية"),
    ("bul", "bul", "bg", "Български"),
    ("cat", "cat", "ca", "Català"),
    ("ces", "cze", "cs", "Čeština"),
    ("dan", "dan", "da", "Dansk"),
    ("deu", "ger", "de", "Deutsch"),
    ("ell", "gre", "el", "Ελληνικά"),
    ("eng", "eng", "en", "English"),
    ("spa", "spa", "es", "Español"),
    ("est", "est", "et", "Eesti"),
    ("fas", "per", "fa", "فارسی"),
    ("fin", "fin", "fi", "Suomi"),
    ("fra", "fre", "fr", "Français"),
    ("heb", "heb", "he", "עברית"),
    ("hin", "hin", "hi", "हिन्दी"),
    ("hrv", "hrv", "hr", "Hrvatski"),
    ("hun", "hun", "hu", "Magyar"),
    ("ind", "ind", "id", "Bahasa Indonesia"),
    ("ita", "ita", "it", "Italiano"),
    ("jpn", "jpn", "ja", "日本語"),
    ("kor", "kor", "ko", "한국어"),
    ("lit", "lit", "lt", "Lietuvių"),
    ("lav", "lav", "lv", "Latviešu"),
    ("nld", "dut", "nl", "Nederlands"),
    ("nor", "nor", "no", "Norsk"),
    ("pol", "pol", "pl", "Polski"),
    ("por", "por", "pt", "Português"),
    ("ron", "rum", "ro", "Română"),
    ("rus", "rus", "ru", "Русский"),
    ("slk", "slo", "sk", "Slovenčina"),
    ("srp", "srp", "sr", "Српски"),
    ("swe", "swe", "sv", "Svenska"),
    ("tur", "tur", "tr", "Türkçe"),
    ("ukr", "ukr", "uk", "Українська"),
    ("vie", "vie", "vi", "Tiếng Việt"),
    ("zho", "chi", "zh", "中文"),
];

/// The tag of sound in which nobody speaks.
pub const NO_LANGUAGE: &str = "zxx";

/// The tag for `code` (a BCP 47 tag or an ISO 639-2 code); `None` if it is neither.
pub fn tag(code: &str) -> Option<String> {
    let code = code.trim().replace('_', "-");
    let mut parts = code.split('-');
    let primary = parts.next()?.to_ascii_lowercase();
    if !(2..=3).contains(&primary.len()) || !primary.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return None;
    }
    let primary =
        KNOWN.iter().find(|known| known.0 == primary || known.1 == primary).map_or(primary.as_str(), |known| known.2);
    let mut tag = primary.to_owned();
    for part in parts {
        if part.is_empty() || part.len() > 8 || !part.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        tag.push('-');
        tag.push_str(part);
    }
    Some(tag)
}

/// What a menu calls the language.
pub fn name(tag: &str) -> &str {
    let primary = tag.split('-').next().unwrap_or(tag);
    match KNOWN.iter().find(|known| known.2 == primary) {
        Some(known) if primary == tag => known.3,
        _ if tag == "und" => "Original",
        _ if tag == NO_LANGUAGE => "No dialogue",
        _ => tag,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(code: &str, expected: Option<&str>) {
        assert_eq!(tag(code).as_deref(), expected, "{code}");
    }

    #[test]
    fn three_letter_codes_become_the_short_tag() {
        check("ger", Some("de"));
        check("deu", Some("de"));
        check("DE", Some("de"));
        check("pt_BR", Some("pt-BR"));
        check("und", Some("und"));
    }

    #[test]
    fn what_is_no_tag_is_refused() {
        check("", None);
        check("german", None);
        check("d3", None);
        check("de-", None);
        check("en-\"quoted", None);
    }

    #[test]
    fn menus_use_the_languages_own_name() {
        assert_eq!(name("de"), "Deutsch");
        assert_eq!(name("pt-BR"), "pt-BR");
        assert_eq!(name("und"), "Original");
        assert_eq!(name("tlh"), "tlh");
        assert_eq!(name(NO_LANGUAGE), "No dialogue");
    }
}
