//! Certifications of many boards as one number: the age from which a title is meant to be seen.
//!
//! The number decides what a profile may see, so doubt is resolved upwards: advice to parents ("PG") counts as the
//! age most boards mean by it, and what nobody has rated is for adults until somebody does.

/// The age of a title nobody has rated.
pub const UNRATED_AGE: u8 = 18;

/// The highest age there is.
pub const AGE_MAX: u8 = 18;

/// Boards and their ratings. Sources: the boards' own published guides (MPA, FCC TV guidelines, BBFC, FSK, CNC,
/// Kijkwijzer, ICAA, ACB).
const BOARDS: &[(&str, &[(&str, u8)])] = &[
    ("MPA", &[("G", 0), ("PG", 8), ("PG-13", 13), ("R", 17), ("NC-17", 18)]),
    ("TV", &[("Y", 0), ("Y7", 7), ("G", 0), ("PG", 8), ("14", 14), ("MA", 17)]),
    ("BBFC", &[("U", 0), ("PG", 8), ("12A", 12), ("12", 12), ("15", 15), ("18", 18), ("R18", 18)]),
    ("FSK", &[("0", 0), ("6", 6), ("12", 12), ("16", 16), ("18", 18)]),
    ("CNC", &[("U", 0), ("10", 10), ("12", 12), ("16", 16), ("18", 18)]),
    ("KIJKWIJZER", &[("AL", 0), ("6", 6), ("9", 9), ("12", 12), ("14", 14), ("16", 16), ("18", 18)]),
    ("ICAA", &[("A", 0), ("7", 7), ("12", 12), ("16", 16), ("18", 18)]),
    ("ACB", &[("G", 0), ("PG", 8), ("M", 15), ("MA15+", 15), ("R18+", 18), ("X18+", 18)]),
];

/// The age a rating stands for: `"FSK 12"`, `"BBFC:15"`, `"TV-MA"`, `"PG-13"` (the MPA's when no board is named), or
/// a plain age. `None` when no board of that name gives that rating.
pub fn age(rating: &str) -> Option<u8> {
    let rating = rating.trim();
    if let Ok(age) = rating.trim_end_matches('+').parse::<u8>() {
        return (age <= AGE_MAX).then_some(age);
    }
    let named = [' ', ':', '-'].into_iter().find_map(|separator| {
        let (board, rating) = rating.split_once(separator)?;
        given_by(board, rating.trim())
    });
    named.or_else(|| given_by("MPA", rating))
}

fn given_by(board: &str, rating: &str) -> Option<u8> {
    let (_, ratings) = BOARDS.iter().find(|(name, _)| name.eq_ignore_ascii_case(board.trim()))?;
    ratings.iter().find(|(name, _)| name.eq_ignore_ascii_case(rating)).map(|(_, age)| *age)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rating: &str, expected: Option<u8>) {
        assert_eq!(age(rating), expected, "{rating}");
    }

    #[test]
    fn boards_are_read_in_the_usual_spellings() {
        check("FSK 12", Some(12));
        check("fsk:16", Some(16));
        check("BBFC 12A", Some(12));
        check("TV-MA", Some(17));
        check("MPA PG-13", Some(13));
        check("ACB MA15+", Some(15));
    }

    #[test]
    fn a_rating_without_a_board_is_the_mpas_or_an_age() {
        check("PG-13", Some(13));
        check("R", Some(17));
        check("6", Some(6));
        check("16+", Some(16));
    }

    #[test]
    fn what_no_board_gives_is_not_guessed() {
        check("FSK 13", None);
        check("19", None);
        check("not rated", None);
        check("", None);
    }
}
