//! User codes: what a person reads off a television and types on a phone (RFC 8628, 6.1).
//!
//! Eight letters without vowels, so that no words come out, and without any that is taken for another: 34 bits. Read
//! tolerantly: case, dashes, spaces and the digits that look like one of the letters do not matter.

/// The letters of RFC 8628, 6.1.
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

/// Letters of a code.
pub(crate) const LENGTH: usize = 8;

/// A code in its one spelling: eight capitals, without the dash.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct UserCode(String);

impl UserCode {
    /// Makes a code of randomness, one number below [`CHOICES`](Self::CHOICES) for each letter.
    pub(crate) fn from_choices(choices: [usize; LENGTH]) -> Self {
        Self(choices.iter().map(|choice| char::from(LETTERS[choice % LETTERS.len()])).collect())
    }

    /// Letters to choose from.
    pub(crate) const CHOICES: usize = LETTERS.len();

    /// Reads what somebody typed; `None` when it cannot be a code.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut code = String::with_capacity(LENGTH);
        for character in text.chars().filter(|character| character.is_alphanumeric()) {
            let letter = letter(character)?;
            if code.len() == LENGTH {
                return None;
            }
            code.push(letter);
        }
        (code.len() == LENGTH).then_some(Self(code))
    }

    /// The spelling in the store.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// As people see it: `BCDF-GHJK`.
impl std::fmt::Display for UserCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (first, second) = self.0.split_at(LENGTH / 2);
        write!(f, "{first}-{second}")
    }
}

fn letter(character: char) -> Option<char> {
    let letter = match character.to_ascii_uppercase() {
        '8' => 'B',
        '6' => 'G',
        '1' => 'L',
        '5' => 'S',
        '2' => 'Z',
        other => other,
    };
    u8::try_from(letter).is_ok_and(|letter| LETTERS.contains(&letter)).then_some(letter)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(UserCode::parse(text).map(|code| code.to_string()).as_deref(), expected, "`{text}`");
    }

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        for text in ["BCDF-GHJK", "bcdfghjk", " bcdf ghjk ", "B.C.D.F/G H J K", "8CDF–6hjk", "bcdf—ghjk"] {
            check(text, Some("BCDF-GHJK"));
        }
        check("SLZG-8888", Some("SLZG-BBBB"));
        check("5126-8888", Some("SLZG-BBBB"));
    }

    #[test]
    fn what_cannot_be_a_code_is_none() {
        for text in ["", "BCDF", "BCDF-GHJ", "BCDF-GHJK-L", "ABCD-FGHJ", "BCDF-GHJ0", "BCDF-GHJÉ", "ＢＣＤＦＧＨＪＫ"]
        {
            check(text, None);
        }
    }

    proptest! {
        #[test]
        fn every_code_is_read_back(choices in prop::array::uniform8(0..UserCode::CHOICES)) {
            let code = UserCode::from_choices(choices);
            prop_assert_eq!(UserCode::parse(&code.to_string()), Some(code.clone()));
            prop_assert_eq!(UserCode::parse(code.as_str()), Some(code));
        }

        #[test]
        fn whatever_is_typed_has_one_spelling_or_none(text in "[A-Za-z0-9 –_.-]{0,16}|.{0,20}") {
            if let Some(code) = UserCode::parse(&text) {
                prop_assert!(code.as_str().bytes().all(|byte| LETTERS.contains(&byte)));
                prop_assert_eq!(UserCode::parse(&code.to_string().to_lowercase()), Some(code));
            }
        }
    }
}
