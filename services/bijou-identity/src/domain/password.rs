//! Which passwords are taken: long enough, and not among the first anybody would try.
//!
//! No rules on digits and signs (NIST SP 800-63B, 3.1.1.2): they make passwords worse. A list of leaked passwords is a
//! later step; the one here has only those that open attacks in any language.

use crate::domain::email::Email;

/// Fewest characters.
pub(crate) const CHARACTERS_MIN: usize = 8;

/// Longest password in bytes. Generous for phrases, small enough that hashing it costs nothing by its length.
pub(crate) const BYTES_MAX: usize = 1024;

/// Different characters a password needs.
const DISTINCT_MIN: usize = 4;

const COMMON: &str = include_str!("common_passwords.txt");

/// Why a password is not taken. The text is for the person who chose it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WeakPassword {
    #[error("use at least {CHARACTERS_MIN} characters")]
    TooShort,
    #[error("use at most {BYTES_MAX} bytes")]
    TooLong,
    #[error("it repeats too few characters")]
    Repetitive,
    #[error("it is among the first that anybody tries")]
    Common,
    #[error("it is made of the e-mail address or name")]
    Personal,
}

impl WeakPassword {
    /// A name for programs.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::TooShort => "too-short",
            Self::TooLong => "too-long",
            Self::Repetitive => "repetitive",
            Self::Common => "common",
            Self::Personal => "personal",
        }
    }
}

/// Judges a password that somebody wants to have.
pub(crate) fn check(password: &str, email: &Email, name: Option<&str>) -> Result<(), WeakPassword> {
    if password.len() > BYTES_MAX {
        return Err(WeakPassword::TooLong);
    }
    if password.chars().count() < CHARACTERS_MIN {
        return Err(WeakPassword::TooShort);
    }
    let mut distinct: Vec<char> = password.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() < DISTINCT_MIN {
        return Err(WeakPassword::Repetitive);
    }
    let lower = password.to_lowercase();
    // `Sunshine2024!` is `sunshine` to those who guess.
    let core = lower.trim_end_matches(|c: char| !c.is_alphabetic());
    if COMMON.lines().any(|common| common == lower || common == core) || is_sequence(&lower) {
        return Err(WeakPassword::Common);
    }
    let personal = [Some(email.as_str()), Some(email.local_part()), name];
    let is_personal =
        |part: &str| part.chars().count() >= 4 && (part.to_lowercase() == lower || part.to_lowercase() == core);
    if personal.into_iter().flatten().any(is_personal) {
        return Err(WeakPassword::Personal);
    }
    Ok(())
}

/// Runs along the alphabet, the digits or a row of keys, up or down.
fn is_sequence(lower: &str) -> bool {
    const ROWS: [&str; 5] =
        ["abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiop", "asdfghjkl", "zxcvbnm"];
    let reversed: String = lower.chars().rev().collect();
    ROWS.iter().any(|row| row.contains(lower) || row.contains(&reversed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(password: &str, expected: Result<(), WeakPassword>) {
        let email = Email::parse("ada.lovelace@example.org").expect("an address");
        assert_eq!(super::check(password, &email, Some("Ada Lovelace")), expected, "`{password}`");
    }

    #[test]
    fn phrases_and_machine_made_passwords_are_taken() {
        for password in
            ["correct horse battery staple", "Tr0ub4dor&3", "wlp-9ks-2hd", "пароль с пробелами", "🦀🎬🍿🎞🦀🎬🍿🎞"]
        {
            check(password, Ok(()));
        }
    }

    #[test]
    fn the_first_guesses_are_refused() {
        check("seven77", Err(WeakPassword::TooShort));
        check("aaaaaaaaaaaa", Err(WeakPassword::Repetitive));
        check("abababababab", Err(WeakPassword::Repetitive));
        for password in
            ["password", "Password1!", "Sunshine2024!", "iloveyou", "12345678", "87654321", "abcdefgh", "qwertyui"]
        {
            check(password, Err(WeakPassword::Common));
        }
        for password in ["ada.lovelace@example.org", "ADA.LOVELACE", "ada.lovelace123", "Ada Lovelace"] {
            check(password, Err(WeakPassword::Personal));
        }
        check(&"long ".repeat(300), Err(WeakPassword::TooLong));
    }
}
