//! What a profile may be.
//!
//! Preferences are one JSON on the wire and in the store; that is why these types can be written as such.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Profiles of one account.
pub(crate) const PROFILES_MAX: i64 = 5;
/// The profile an account begins with.
pub(crate) const FIRST_NAME: &str = "Me";
/// Of whoever says nothing about it.
const LANGUAGE: &str = "en";
const PICKS_MAX: usize = 10;
/// Characters of an id.
const ID_MAX: usize = 200;
/// Characters of a name.
const NAME_MAX: usize = 40;
/// Ceiling of a child's profile unless told, and the highest it may be told.
const KIDS_MATURITY: u8 = 7;
const KIDS_MATURITY_MAX: u8 = 12;
/// No certification asks for more.
const MATURITY_MAX: u8 = 21;

/// A face, drawn by the screens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[schema(as = ProfilesAvatar)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Avatar {
    #[default]
    Bulb,
    Ticket,
    Reel,
    Moon,
    Comet,
    Fox,
    Owl,
    Whale,
    Cactus,
    Teapot,
    Umbrella,
    Kite,
}

impl Avatar {
    const ALL: [Self; 12] = [
        Self::Bulb,
        Self::Ticket,
        Self::Reel,
        Self::Moon,
        Self::Comet,
        Self::Fox,
        Self::Owl,
        Self::Whale,
        Self::Cactus,
        Self::Teapot,
        Self::Umbrella,
        Self::Kite,
    ];
}

/// What a profile likes to have, beside what it likes to see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProfilesPreferences)]
#[serde(deny_unknown_fields)]
pub(crate) struct Preferences {
    /// Whether the next episode begins by itself.
    #[serde(default = "usually")]
    #[schema(default = true)]
    pub(crate) autoplay: bool,
    /// BCP 47; absent: as the film is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) audio_language: Option<String>,
    /// BCP 47; absent: no captions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) caption_language: Option<String>,
    #[serde(default)]
    #[schema(default = json!({ "size": "medium", "colour": "white", "background": "shade" }))]
    pub(crate) captions: CaptionStyle,
}

fn usually() -> bool {
    true
}

impl Default for Preferences {
    fn default() -> Self {
        Self { autoplay: usually(), audio_language: None, caption_language: None, captions: CaptionStyle::default() }
    }
}

/// How captions look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProfilesCaptionStyle)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CaptionStyle {
    pub(crate) size: CaptionSize,
    pub(crate) colour: CaptionColour,
    pub(crate) background: CaptionBackground,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProfilesCaptionSize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CaptionSize {
    Small,
    #[default]
    Medium,
    Large,
    Huge,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProfilesCaptionColour)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CaptionColour {
    #[default]
    White,
    Yellow,
    Green,
    Cyan,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProfilesCaptionBackground)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CaptionBackground {
    None,
    #[default]
    Shade,
    Box,
}

/// What is wrong with a profile's description.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidProfile {
    #[error("a name has 1 to {NAME_MAX} characters")]
    Name,
    #[error("`{0}` is no language tag such as `en` or `pt-BR`")]
    Language(String),
    #[error("a ceiling is an age of 0 to {MATURITY_MAX}")]
    Maturity,
    #[error("the ceiling of a child's profile is at most {KIDS_MATURITY_MAX}")]
    KidsMaturity,
    #[error("at most {PICKS_MAX} titles are picked")]
    Picks,
    #[error("an id has 1 to {ID_MAX} characters")]
    Id { path: &'static str },
    #[error("a PIN has 4 to 8 digits")]
    Pin,
}

impl InvalidProfile {
    /// The member that is wrong.
    pub(crate) fn path(&self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Language(_) => "language",
            Self::Maturity | Self::KidsMaturity => "maturity",
            Self::Picks => "title_ids",
            Self::Id { path } => path,
            Self::Pin => "pin",
        }
    }
}

/// A name without blanks around it.
pub(crate) fn name(given: &str) -> Result<String, InvalidProfile> {
    let name = given.trim();
    let is_fit = (1..=NAME_MAX).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if is_fit { Ok(name.to_owned()) } else { Err(InvalidProfile::Name) }
}

/// A language tag, as far as its form goes (RFC 5646: subtags of one to eight letters or digits).
pub(crate) fn language(given: &str) -> Result<String, InvalidProfile> {
    let mut subtags = given.split('-');
    let is_primary = |tag: &str| (2..=3).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_subtag = |tag: &str| (1..=8).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if given.len() <= 35 && subtags.next().is_some_and(is_primary) && subtags.all(is_subtag) {
        return Ok(given.to_owned());
    }
    Err(InvalidProfile::Language(given.chars().take(40).collect()))
}

/// The ceiling a profile gets that asks for this one. A child's always has one.
pub(crate) fn ceiling(kids: bool, asked: Option<u8>) -> Result<Option<u8>, InvalidProfile> {
    match (kids, asked) {
        (_, Some(age)) if age > MATURITY_MAX => Err(InvalidProfile::Maturity),
        (true, Some(age)) if age > KIDS_MATURITY_MAX => Err(InvalidProfile::KidsMaturity),
        (true, None) => Ok(Some(KIDS_MATURITY)),
        (_, asked) => Ok(asked),
    }
}

/// Titles picked at the start, each once.
pub(crate) fn picks(mut given: Vec<String>) -> Result<Vec<String>, InvalidProfile> {
    if given.len() > PICKS_MAX {
        return Err(InvalidProfile::Picks);
    }
    for title in &given {
        id("title_ids", title)?;
    }
    let mut seen = std::collections::HashSet::new();
    given.retain(|title| seen.insert(title.clone()));
    Ok(given)
}

/// An id of somebody else's making. Whether there is such a thing is not asked.
pub(crate) fn id(path: &'static str, given: &str) -> Result<(), InvalidProfile> {
    let is_fit = (1..=ID_MAX).contains(&given.chars().count()) && !given.chars().any(char::is_control);
    if is_fit { Ok(()) } else { Err(InvalidProfile::Id { path }) }
}

/// The first language of an `Accept-Language` that has the form of one, without its subtags.
pub(crate) fn preferred_language(accepted: &str) -> String {
    let mut tags = accepted.split(',').filter_map(|range| range.split([';', '-']).next()).map(str::trim);
    tags.find_map(|tag| language(tag).ok()).map_or_else(|| LANGUAGE.to_owned(), |tag| tag.to_ascii_lowercase())
}

/// A face nobody of the household has yet, as far as there are enough.
pub(crate) fn free_avatar(taken: impl IntoIterator<Item = Avatar>) -> Avatar {
    let taken: std::collections::HashSet<_> = taken.into_iter().collect();
    Avatar::ALL.into_iter().find(|avatar| !taken.contains(avatar)).unwrap_or_default()
}

pub(crate) fn pin(given: &str) -> Result<(), InvalidProfile> {
    let is_fit = (4..=8).contains(&given.len()) && given.bytes().all(|byte| byte.is_ascii_digit());
    if is_fit { Ok(()) } else { Err(InvalidProfile::Pin) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_visible() {
        assert_eq!(name("  Ada "), Ok("Ada".to_owned()));
        assert_eq!(name(&"é".repeat(40)).map(|name| name.chars().count()), Ok(40));
        for wrong in ["", "   ", "a\nb", &"x".repeat(41)] {
            assert_eq!(name(wrong), Err(InvalidProfile::Name), "{wrong:?}");
        }
    }

    #[test]
    fn languages_have_the_form_of_a_tag() {
        for right in ["en", "pt-BR", "zh-Hant-TW", "de-1996", "gsw"] {
            assert_eq!(language(right), Ok(right.to_owned()));
        }
        for wrong in ["", "e", "english", "en_US", "en-", "en-\u{e9}", "en;q=1"] {
            assert!(language(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn pins_are_digits() {
        assert_eq!([pin("1234"), pin("12345678")], [Ok(()), Ok(())]);
        for wrong in ["123", "123456789", "12a4", "١٢٣٤", " 1234"] {
            assert_eq!(pin(wrong), Err(InvalidProfile::Pin), "{wrong:?}");
        }
    }

    #[test]
    fn preferences_that_say_little_are_completed_and_misspelt_ones_refused() {
        let read: Preferences = serde_json::from_str(r#"{"autoplay":false}"#).expect("readable");
        assert_eq!(read, Preferences { autoplay: false, ..Preferences::default() });
        assert!(serde_json::from_str::<Preferences>(r#"{"captions":{"color":"white"}}"#).is_err());
    }

    #[test]
    fn a_childs_profile_always_has_a_ceiling() {
        assert_eq!(ceiling(true, None), Ok(Some(7)));
        assert_eq!(ceiling(true, Some(12)), Ok(Some(12)));
        assert_eq!(ceiling(true, Some(13)), Err(InvalidProfile::KidsMaturity));
        assert_eq!(ceiling(false, None), Ok(None));
        assert_eq!(ceiling(false, Some(22)), Err(InvalidProfile::Maturity));
    }

    #[test]
    fn the_first_profile_speaks_its_browsers_language() {
        for (accepted, expected) in [("de-AT,en;q=0.5", "de"), ("*, fr;q=0.3", "fr"), ("", "en"), ("?", "en")] {
            assert_eq!(preferred_language(accepted), expected, "{accepted}");
        }
    }

    #[test]
    fn everybody_gets_another_face() {
        assert_eq!(free_avatar([]), Avatar::Bulb);
        assert_eq!(free_avatar([Avatar::Ticket, Avatar::Bulb]), Avatar::Reel);
    }

    #[test]
    fn a_title_is_picked_once() {
        let picked = picks(vec!["a".to_owned(), "b".to_owned(), "a".to_owned()]).expect("few");
        assert_eq!(picked, ["a", "b"]);
        assert_eq!(picks(vec![String::new()]), Err(InvalidProfile::Id { path: "title_ids" }));
        assert_eq!(picks(vec!["a".to_owned(); 11]), Err(InvalidProfile::Picks));
    }
}
