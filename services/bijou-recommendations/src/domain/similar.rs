//! Titles like another one, for that one's page.

use crate::domain::orders::Orders;
use crate::domain::reason::Reason;
use crate::domain::row::{Candidate, Fallback, ITEMS_MIN, Placed, Row, RowKind};
use crate::domain::scores::{By, Weights};

/// Most titles.
pub(crate) const SIMILAR_MAX: usize = 24;

/// What is like the title at `about`, of what is `free` to be shown. Without a model, or where it has too little to say,
/// the most played titles of the same genres, and the row says so.
pub(crate) fn similar(
    about: usize,
    candidates: &[Candidate],
    orders: &Orders,
    free: &[bool],
    weights: Option<&impl Weights>,
) -> Option<Row> {
    let is_wanted = |at: usize| at != about && free[at];
    let mut found: Vec<(usize, f32, By)> = Vec::new();
    if let Some(weights) = weights {
        weights.visit(about, &mut |at, weight, by| {
            if weight > 0.0 && is_wanted(at) {
                found.push((at, weight, by));
            }
        });
    }
    // A title may be named by viewing and by likeness: the larger weight counts.
    found.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.total_cmp(&a.1)));
    found.dedup_by_key(|(at, ..)| *at);
    found.sort_by(|a, b| {
        let is_playable = |at: usize| candidates[at].is_playable;
        is_playable(b.0).cmp(&is_playable(a.0)).then_with(|| b.1.total_cmp(&a.1)).then_with(|| a.0.cmp(&b.0))
    });
    let name = candidates[about].name.to_string();
    let mut items: Vec<Placed> = found
        .into_iter()
        .take(SIMILAR_MAX)
        .map(|(at, _, by)| Placed::new(at, Reason::Similar { name: name.clone(), by }))
        .collect();
    let enough = items.len() >= ITEMS_MIN;
    if !enough {
        add_same_genres(&mut items, about, candidates, orders, is_wanted);
    }
    let fallback = (!enough).then_some(Fallback::NoModel);
    Row::of("similar", "More like this", RowKind::Similar, fallback, items).map(|row| row.about(&candidates[about].id))
}

fn add_same_genres(
    items: &mut Vec<Placed>,
    about: usize,
    candidates: &[Candidate],
    orders: &Orders,
    is_wanted: impl Fn(usize) -> bool,
) {
    for genre in candidates[about].genres.iter() {
        let Some((_, titles)) = orders.genres.iter().find(|(known, _)| known == genre) else { continue };
        for &at in titles {
            if items.len() >= SIMILAR_MAX {
                return;
            }
            if is_wanted(at) && !items.iter().any(|item| item.candidate == at) {
                let name = orders.genre_names[usize::from(*genre)].name.to_string();
                items.push(Placed::new(at, Reason::Genre { name, year: candidates[at].year }));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::personal::tests::{genre_names, library, taste};
    use crate::domain::scores::tests::Written;

    fn places(row: &Row) -> Vec<usize> {
        row.items.iter().map(|item| item.candidate).collect()
    }

    #[test]
    fn the_largest_weights_come_first_and_only_what_may_be_shown() {
        let candidates = library();
        let orders = Orders::of(&candidates, genre_names());
        let mut free = vec![true; candidates.len()];
        free[9] = false;
        let row = similar(3, &candidates, &orders, &free, Some(&taste())).expect("others of its genre");
        assert_eq!((places(&row), row.fallback), (vec![8, 7, 6, 5, 4, 2, 1, 0], None));
        assert_eq!(row.items[0].reason.text(), "Watched by those who watched Title 3");
    }

    #[test]
    fn without_a_model_it_is_the_genre_and_says_so() {
        let mut candidates = library();
        candidates[17].score = 3.0;
        let orders = Orders::of(&candidates, genre_names());
        let row = similar(12, &candidates, &orders, &vec![true; candidates.len()], None::<&Written>).expect("a row");
        assert_eq!(row.fallback, Some(Fallback::NoModel));
        assert_eq!(places(&row)[0], 17);
        assert!(places(&row).iter().all(|at| at / 10 == 1 && *at != 12));
    }
}
