//! The layout.

use std::collections::{BTreeSet, HashSet};

use proptest::prelude::*;

use super::*;
use crate::domain::orders::Genre;

const NOW: i64 = 1_800_000_000_000;

/// Genres `g0` to `g9`, called `Genre 0` to `Genre 9`.
fn genre_names() -> Vec<Genre> {
    (0..10).map(|n| Genre { id: format!("g{n}").into(), name: format!("Genre {n}").into() }).collect()
}

/// The page of somebody who may see everything.
fn lay_out(candidates: &[Candidate], now_ms: i64) -> Layout {
    let orders = Orders::of(candidates, genre_names());
    super::lay_out(candidates, &orders, &vec![true; candidates.len()], now_ms)
}

fn title(id: &str) -> Candidate {
    Candidate {
        id: id.into(),
        name: id.into(),
        is_playable: true,
        year: 2020,
        added_ms: NOW - 100 * DAY_MS,
        genres: [].into(),
        score: 0.0,
        plays_week: 0,
        plays: 0,
    }
}

fn played(id: &str, times: i64) -> Candidate {
    Candidate { score: times as f64, plays_week: times, plays: times, ..title(id) }
}

fn shown<'a>(candidates: &'a [Candidate], row: &Row) -> Vec<&'a str> {
    row.items.iter().map(|item| &*candidates[item.candidate].id).collect()
}

#[test]
fn an_empty_catalog_gives_an_empty_page() {
    assert_eq!(lay_out(&[], NOW), Layout::default());
}

#[test]
fn the_most_played_title_leads_and_the_others_follow_in_order() {
    let candidates: Vec<_> = (1..=9).map(|n| played(&format!("t{n}"), n)).collect();
    let page = lay_out(&candidates, NOW);
    let hero = page.hero.expect("there are titles");
    assert_eq!((&*candidates[hero.candidate].id, hero.reason.text()), ("t9", "Played 9 times this week".to_owned()));
    assert_eq!((page.rows[0].name.as_str(), page.rows[0].fallback), ("Popular now", None));
    assert_eq!(shown(&candidates, &page.rows[0]), ["t8", "t7", "t6", "t5"]);
}

#[test]
fn before_anything_is_played_the_row_says_what_it_is_made_of() {
    let candidates: Vec<_> = (1..=6).map(|n| Candidate { year: 2000 + n, ..title(&format!("t{n}")) }).collect();
    let page = lay_out(&candidates, NOW);
    assert_eq!((page.rows[0].name.as_str(), page.rows[0].fallback), ("Ready to watch", Some(Fallback::FewPlays)));
    assert_eq!(page.rows[0].items[0].reason, Reason::Playable);
}

#[test]
fn a_row_with_titles_that_have_no_film_yet_does_not_call_them_ready() {
    let mut candidates: Vec<_> = (1..=6).map(|n| title(&format!("t{n}"))).collect();
    for candidate in &mut candidates[2..] {
        candidate.is_playable = false;
    }
    let page = lay_out(&candidates, NOW);
    assert_eq!((page.rows[0].name.as_str(), shown(&candidates, &page.rows[0])), ("Ready to watch", vec!["t2"]));
}

#[test]
fn no_row_is_called_ready_that_is_not() {
    let candidates: Vec<_> = (1..=8).map(|n| Candidate { is_playable: n == 1, ..title(&format!("t{n}")) }).collect();
    let page = lay_out(&candidates, NOW);
    assert_eq!(&*candidates[page.hero.expect("there are titles").candidate].id, "t1");
    assert!(page.rows.iter().all(|row| row.kind != RowKind::Popular), "{:?}", page.rows);
}

#[test]
fn the_very_first_play_changes_the_page() {
    let mut candidates: Vec<_> = (1..=6).map(|n| title(&format!("t{n}"))).collect();
    candidates[4] = played("t5", 1);
    let hero = lay_out(&candidates, NOW).hero.expect("there are titles");
    assert_eq!((hero.candidate, hero.reason.text().as_str()), (4, "Played once this week"));
}

#[test]
fn invented_viewers_are_called_so() {
    let mut candidates: Vec<_> =
        (1..=5).map(|n| Candidate { score: 0.1 * f64::from(n), ..title(&format!("t{n}")) }).collect();
    candidates[0] = Candidate { score: 0.9, plays: 3, ..title("t1") };
    let page = lay_out(&candidates, NOW);
    assert_eq!(page.hero.expect("there are titles").reason, Reason::Played { times: 3 });
    assert_eq!(page.rows[0].items[0].reason, Reason::PlayedInDemo);
}

#[test]
fn what_cannot_be_played_is_never_popular() {
    let mut candidates: Vec<_> = (1..=5).map(|n| played(&format!("t{n}"), 10 - n)).collect();
    candidates[0].is_playable = false;
    let page = lay_out(&candidates, NOW);
    assert_eq!(&*candidates[page.hero.expect("there are titles").candidate].id, "t2");
    assert!(!shown(&candidates, &page.rows[0]).contains(&"t1"));
}

#[test]
fn new_is_what_came_in_the_last_thirty_days() {
    let mut candidates: Vec<_> = (1..=9).map(|n| played(&format!("t{n}"), 10 + n)).collect();
    candidates.push(Candidate { added_ms: NOW - 2 * DAY_MS, ..title("fresh") });
    let page = lay_out(&candidates, NOW);
    assert_eq!((page.rows[1].name.as_str(), shown(&candidates, &page.rows[1])), ("New", vec!["fresh"]));
    assert_eq!(page.rows[1].items[0].reason.text(), "Added 2 days ago");
    let page = lay_out(&candidates[..9], NOW);
    assert_eq!((page.rows[1].name.as_str(), page.rows[1].fallback), ("Latest additions", Some(Fallback::NothingNew)));
}

#[test]
fn genres_with_enough_left_get_rows_the_most_played_first() {
    let of = |id: &str, genre: u16, score: f64| Candidate { genres: [genre].into(), score, ..title(id) };
    let mut candidates: Vec<_> = (0..20).map(|n| of(&format!("d{n:02}"), 0, 1.0)).collect();
    candidates.extend((0..20).map(|n| of(&format!("s{n:02}"), 1, 2.0)));
    candidates.extend((0..2).map(|n| of(&format!("w{n}"), 2, 0.5)));
    let page = lay_out(&candidates, NOW);
    let names: Vec<_> = page.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["Popular now", "Latest additions", "Genre 1", "Genre 0", "More to discover"]);
    let counts: Vec<_> = page.rows.iter().map(|row| row.items.len()).collect();
    assert_eq!(counts, [10, 10, 9, 10, 2], "the two of the third genre are too few for a row");
}

/// Playable, year, age, genres, score, plays this week and before.
type Drawn = (bool, i32, i64, BTreeSet<u16>, f64, i64, i64);

prop_compose! {
    fn candidates()(
        titles in prop::collection::vec(
            (any::<bool>(), 1950_i32..2027, 0_i64..90 * DAY_MS, prop::collection::btree_set(0_u16..6, 0..3), 0.0_f64..5.0, 0_i64..4, 0_i64..4),
            0..120,
        ),
    ) -> Vec<Candidate> {
        let build = |(n, drawn): (usize, Drawn)| {
            let (is_playable, year, age_ms, genres, score, plays_week, before) = drawn;
            Candidate {
                id: format!("t{n}").into(),
                name: format!("Title {n}").into(),
                is_playable,
                year,
                added_ms: NOW - age_ms,
                genres: genres.into_iter().collect(),
                score: if score < 1.0 { 0.0 } else { score },
                plays_week,
                plays: plays_week + before,
            }
        };
        titles.into_iter().enumerate().map(build).collect()
    }
}

proptest! {
    #[test]
    fn no_title_comes_twice_and_every_reason_is_true(candidates in candidates()) {
        let page = lay_out(&candidates, NOW);
        let items: Vec<&Placed> = page.hero.iter().chain(page.rows.iter().flat_map(|row| &row.items)).collect();
        let distinct: HashSet<usize> = items.iter().map(|item| item.candidate).collect();
        prop_assert_eq!(distinct.len(), items.len());
        for item in items {
            let title = &candidates[item.candidate];
            let is_true = match &item.reason {
                Reason::PlayedThisWeek { times } => *times == title.plays_week && *times > 0,
                Reason::Played { times } => *times == title.plays && *times > 0 && title.plays_week == 0,
                Reason::PlayedInDemo => title.plays == 0 && title.score > 0.0,
                Reason::Added { days } => (NOW - title.added_ms) / DAY_MS == *days,
                Reason::Genre { name, year } => title.year == *year && title.genres.iter().any(|genre| format!("Genre {genre}") == *name),
                Reason::Playable => title.is_playable,
                Reason::Listed => !title.is_playable,
                other => panic!("{other:?} on a page that is nobody's"),
            };
            prop_assert!(is_true, "{:?} of {title:?}", item.reason);
        }
    }

    #[test]
    fn rows_keep_their_bounds_and_show_the_playable_first(candidates in candidates()) {
        let page = lay_out(&candidates, NOW);
        let ids: HashSet<&str> = page.rows.iter().map(|row| row.id.as_str()).collect();
        prop_assert_eq!(ids.len(), page.rows.len());
        prop_assert!(page.rows.len() <= ROWS_MAX);
        prop_assert_eq!(page.hero.is_some(), !candidates.is_empty());
        for row in &page.rows {
            prop_assert!((1..=ITEMS_MAX).contains(&row.items.len()));
            let playable: Vec<bool> = row.items.iter().map(|item| candidates[item.candidate].is_playable).collect();
            prop_assert!(playable.is_sorted_by(|a, b| a >= b), "{} mixes: {playable:?}", row.id);
        }
    }

    #[test]
    fn the_same_titles_in_any_order_give_the_same_page(candidates in candidates()) {
        let named = |candidates: &[Candidate]| -> Vec<String> {
            let page = lay_out(candidates, NOW);
            let items = page.hero.into_iter().chain(page.rows.into_iter().flat_map(|row| row.items));
            items.map(|item| format!("{} {}", candidates[item.candidate].id, item.reason.text())).collect()
        };
        let reversed: Vec<_> = candidates.iter().rev().cloned().collect();
        prop_assert_eq!(named(&candidates), named(&reversed));
    }

    #[test]
    fn what_is_not_allowed_is_nowhere(candidates in candidates(), seed: u64) {
        let allowed: Vec<bool> = (0..candidates.len()).map(|at| (seed >> (at % 64)) & 1 == 1).collect();
        let page = super::lay_out(&candidates, &Orders::of(&candidates, genre_names()), &allowed, NOW);
        let items = page.hero.iter().chain(page.rows.iter().flat_map(|row| &row.items));
        prop_assert!(items.clone().all(|item| allowed[item.candidate]));
        prop_assert_eq!(page.hero.is_some(), allowed.contains(&true));
    }
}
