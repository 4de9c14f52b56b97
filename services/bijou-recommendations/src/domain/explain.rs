//! The reason of a card once more, with everything it is made of.

use crate::domain::orders::Orders;
use crate::domain::page::Table;
use crate::domain::personal::Person;
use crate::domain::reason::Reason;
use crate::domain::row::{Candidate, RowKind};
use crate::domain::scores::{Contribution, Weights, contributions};

/// Why a title is where it is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Explained {
    pub(crate) reason: Reason,
    /// Every part of the title's score, the largest first.
    pub(crate) contributions: Vec<Contribution>,
}

/// Explains the title at `at` in a row of this kind. `subject`: the title the row is about, if it is about one.
#[expect(clippy::too_many_arguments, reason = "a page has as many sides, and this is its only other reader")]
pub(crate) fn explain(
    at: usize,
    row: RowKind,
    subject: Option<usize>,
    person: &Person,
    candidates: &[Candidate],
    orders: &Orders,
    weights: Option<&impl Weights>,
    now_ms: i64,
) -> Explained {
    let parts = weights.map(|weights| contributions(weights, &person.signals, at)).unwrap_or_default();
    let title = &candidates[at];
    let table = Table { candidates, orders, free: Vec::new(), now_ms };
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
        RowKind::Top10 => orders
            .by_week
            .iter()
            .position(|known| *known == at)
            .map(|place| Reason::Ranked { place: place + 1, times: title.plays_week }),
        RowKind::New => Some(Reason::added(title.added_ms, now_ms)),
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
    use crate::domain::personal::tests::{genre_names, library, taste};
    use crate::domain::scores::tests::watched;

    #[track_caller]
    fn check(at: usize, row: RowKind, subject: Option<usize>, person: &Person, expected: &str) {
        let candidates = library();
        let orders = Orders::of(&candidates, genre_names());
        let explained = explain(at, row, subject, person, &candidates, &orders, Some(&taste()), 1_800_000_000_000);
        assert_eq!(explained.reason.text(), expected);
    }

    #[test]
    fn each_kind_of_row_has_its_own_reason() {
        let person = Person {
            signals: vec![watched(3, 0.5), watched(5, 1.0), watched(15, 1.0)],
            list: vec![40],
            ..Person::default()
        };
        check(4, RowKind::TopPicks, None, &person, "Because you watched Title 5");
        check(4, RowKind::Because, Some(3), &person, "Because you watched Title 3");
        check(40, RowKind::List, None, &person, "On your list");
        check(41, RowKind::List, None, &person, "Ready to play");
        check(4, RowKind::Similar, Some(5), &person, "Watched by those who watched Title 5");
        check(4, RowKind::Genre, None, &person, "Genre 0 from 2020");
    }
}
