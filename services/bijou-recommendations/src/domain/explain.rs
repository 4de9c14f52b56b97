//! The reason of a card once more, with everything it is made of.

use crate::domain::page::Table;
use crate::domain::personal::Person;
use crate::domain::reason::Reason;
use crate::domain::row::RowKind;
use crate::domain::scores::{Contribution, Weights, contributions};

/// Why a title is where it is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Explained {
    pub(crate) reason: Reason,
    /// Every part of the title's score, the largest first.
    pub(crate) contributions: Vec<Contribution>,
}

/// Explains the title at `at` in a row of this kind. `subject`: the title the row is about, if it is about one. On the
/// `table` is all that the person may see.
pub(crate) fn explain(
    at: usize,
    row: RowKind,
    subject: Option<usize>,
    person: &Person,
    table: &Table<'_>,
    weights: Option<&impl Weights>,
) -> Explained {
    let parts = weights.map(|weights| contributions(weights, &person.signals, at)).unwrap_or_default();
    let (candidates, orders) = (table.candidates, table.orders);
    let title = &candidates[at];
    let of_parts = |part: Option<&Contribution>| {
        let part = part.filter(|part| part.amount > 0.0)?;
        let signal = &person.signals[part.signal];
        let name = candidates[signal.title].name.to_string();
        Some(Reason::Because { name, kind: signal.kind, by: part.by })
    };
    let watched = || if title.score > 0.0 { Reason::popularity(title) } else { table.presence(at) };
    let genre = || match title.genres.first() {
        Some(genre) => {
            Reason::Genre { name: orders.genre_names[usize::from(*genre)].name.to_string(), year: title.year }
        }
        None => table.presence(at),
    };
    let own = match row {
        RowKind::Hero | RowKind::TopPicks => of_parts(parts.first()),
        RowKind::Because => of_parts(parts.iter().find(|part| Some(person.signals[part.signal].title) == subject)),
        RowKind::Continue => {
            person.begun.iter().find(|(begun, _)| *begun == at).map(|(_, progress)| Reason::progress(progress))
        }
        RowKind::List => person.list.contains(&at).then_some(Reason::OnList),
        RowKind::Again => person.seen.contains(&at).then_some(Reason::Watched),
        // As the card has it: what this person may not see has no place, and leaves none.
        RowKind::Top10 => orders
            .by_week
            .iter()
            .filter(|known| table.free[**known])
            .position(|known| *known == at)
            .map(|place| Reason::Ranked { place: place + 1, times: title.plays_week }),
        RowKind::New => Some(Reason::added(title.added_ms, table.now_ms)),
        RowKind::Genre | RowKind::More => Some(genre()),
        RowKind::Similar => {
            let mut by = None;
            if let (Some(weights), Some(subject)) = (weights, subject) {
                weights.visit(subject, &mut |other, weight, how| {
                    if other == at && weight > 0.0 {
                        by = by.or(Some(how));
                    }
                });
            }
            by.zip(subject).map(|(by, subject)| Reason::Similar { name: candidates[subject].name.to_string(), by })
        }
        RowKind::Trending | RowKind::Popular => None,
    };
    Explained { reason: own.unwrap_or_else(watched), contributions: parts }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::orders::Orders;
    use crate::domain::personal::tests::{genre_names, library, taste};
    use crate::domain::row::Progress;
    use crate::domain::scores::tests::watched;

    fn explained(at: usize, row: RowKind, subject: Option<usize>, person: &Person, hidden: &[usize]) -> String {
        let mut candidates = library();
        for (n, title) in candidates.iter_mut().enumerate().take(32).skip(20) {
            (title.score, title.plays, title.plays_week) = (1.0, 100, 40 - n as i64);
        }
        let orders = Orders::of(&candidates, genre_names());
        let free = (0..candidates.len()).map(|at| !hidden.contains(&at)).collect();
        let table = Table { candidates: &candidates, orders: &orders, free, now_ms: 1_800_000_000_000 };
        explain(at, row, subject, person, &table, Some(&taste())).reason.text()
    }

    #[track_caller]
    fn check(at: usize, row: RowKind, subject: Option<usize>, person: &Person, expected: &str) {
        assert_eq!(explained(at, row, subject, person, &[]), expected);
    }

    #[test]
    fn each_kind_of_row_has_its_own_reason() {
        let begun = Progress { episode_id: None, position_s: 60.0, duration_s: 660.0, is_next: false };
        let next = Progress { is_next: true, ..begun.clone() };
        let person = Person {
            signals: vec![watched(3, 0.5), watched(5, 1.0), watched(15, 1.0)],
            begun: vec![(7, begun), (8, next)],
            list: vec![40],
            seen: vec![3, 5, 15],
            ..Person::default()
        };
        check(4, RowKind::Hero, None, &person, "Because you watched Title 5");
        check(4, RowKind::TopPicks, None, &person, "Because you watched Title 5");
        check(4, RowKind::Because, Some(3), &person, "Because you watched Title 3");
        check(7, RowKind::Continue, None, &person, "10 minutes left");
        check(8, RowKind::Continue, None, &person, "The next episode");
        check(9, RowKind::Continue, None, &person, "Ready to play");
        check(40, RowKind::List, None, &person, "On your list");
        check(41, RowKind::List, None, &person, "Ready to play");
        check(15, RowKind::Again, None, &person, "You have watched it");
        check(41, RowKind::Again, None, &person, "Ready to play");
        check(22, RowKind::Trending, None, &person, "Played 18 times this week");
        check(22, RowKind::Popular, None, &person, "Played 18 times this week");
        check(22, RowKind::Top10, None, &person, "No. 3 this week, played 18 times");
        check(41, RowKind::Top10, None, &person, "Ready to play");
        check(22, RowKind::New, None, &person, "Added 100 days ago");
        check(4, RowKind::Similar, Some(5), &person, "Watched by those who watched Title 5");
        check(4, RowKind::Genre, None, &person, "Genre 0 from 2020");
        check(22, RowKind::More, None, &person, "Genre 2 from 2020");
    }

    #[test]
    fn what_may_not_be_seen_has_no_place_in_the_ten() {
        let child = Person::default();
        let place = explained(22, RowKind::Top10, None, &child, &[20]);
        assert_eq!(place, "No. 2 this week, played 18 times");
    }
}
