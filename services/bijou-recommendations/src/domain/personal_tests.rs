//! One profile's page.

use std::collections::{HashMap, HashSet};

use proptest::prelude::*;

use super::*;
use crate::domain::orders::Genre;
use crate::domain::plays::DAY_MS;
use crate::domain::scores::contributions;
use crate::domain::scores::tests::{Written, watched};

const NOW: i64 = 1_800_000_000_000;

fn title(n: usize, genre: u16) -> Candidate {
    Candidate {
        id: format!("t{n}").into(),
        name: format!("Title {n}").into(),
        is_playable: true,
        year: 2020,
        added_ms: NOW - 100 * DAY_MS,
        genres: [genre].into(),
        score: 0.0,
        plays_week: 0,
        plays: 0,
    }
}

pub(crate) fn genre_names() -> Vec<Genre> {
    (0..6).map(|n| Genre { id: format!("g{n}").into(), name: format!("Genre {n}").into() }).collect()
}

/// Sixty titles of six genres, ten each.
pub(crate) fn library() -> Vec<Candidate> {
    (0..60).map(|n| title(n, (n / 10) as u16)).collect()
}

/// Within a genre, each title speaks for all others.
pub(crate) fn taste() -> Written {
    let row = |n: usize| {
        let genre = n / 10 * 10;
        (genre..genre + 10).filter(|other| *other != n).map(|other| (other, 0.1 + other as f32 / 1000.0)).collect()
    };
    Written((0..60).map(|n| (n, row(n))).collect())
}

fn page(person: &Person, candidates: &[Candidate], weights: Option<&Written>) -> Layout {
    let orders = Orders::of(candidates, genre_names());
    lay_out_for(person, candidates, &orders, &vec![true; candidates.len()], weights, NOW)
}

fn current() -> Person {
    Person { is_current: true, ..Person::default() }
}

fn kinds(layout: &Layout) -> Vec<&'static str> {
    layout.rows.iter().map(|row| row.kind.name()).collect()
}

fn places(row: &Row) -> Vec<usize> {
    row.items.iter().map(|item| item.candidate).collect()
}

#[track_caller]
fn row(layout: &Layout, kind: RowKind) -> &Row {
    let found = layout.rows.iter().find(|row| row.kind == kind);
    found.unwrap_or_else(|| panic!("no {} among {:?}", kind.name(), kinds(layout)))
}

/// What was played this week: each title by one less than the one before it, `most` the first.
fn played(titles: &mut [Candidate], most: i64) {
    for (title, times) in titles.iter_mut().zip((0..=most).rev()) {
        (title.score, title.plays_week, title.plays) = (times as f64, times, times);
    }
}

#[test]
fn what_was_watched_decides_what_is_picked_and_says_why() {
    let person = Person { signals: vec![watched(3, 1.0)], seen: vec![3], name: Some("Ada".to_owned()), ..current() };
    let layout = page(&person, &library(), Some(&taste()));
    let picks = &layout.rows[0];
    assert_eq!((picks.kind, picks.name.as_str(), picks.fallback), (RowKind::TopPicks, "Top picks for Ada", None));
    assert!(places(picks).iter().all(|at| *at < 10 && *at != 3), "{:?}", places(picks));
    assert_eq!(picks.items[0].reason.text(), "Because you watched Title 3");
    assert_eq!(layout.hero.expect("a hero").candidate, 9);
}

#[test]
fn what_was_begun_leads_and_the_list_follows() {
    let progress = Progress { episode_id: None, position_s: 60.0, duration_s: 660.0, is_next: false };
    let person = Person { begun: vec![(7, progress.clone())], list: vec![7, 8], ..current() };
    let layout = page(&person, &library(), Some(&taste()));
    assert_eq!(kinds(&layout)[..2], ["continue", "my_list"]);
    assert_eq!((places(&layout.rows[0]), places(&layout.rows[1])), (vec![7], vec![8]));
    assert_eq!(layout.rows[0].items[0].progress, Some(progress));
    assert_eq!(layout.rows[0].items[0].reason.text(), "10 minutes left");
}

#[test]
fn films_of_different_genres_get_rows_of_their_own() {
    let signals = [3, 13, 23, 33].map(|at| watched(at, 1.0)).to_vec();
    let person = Person { signals, seen: vec![3, 13, 23, 33], ..current() };
    // Two genres more than the picks use up.
    let layout = page(&person, &library(), Some(&taste()));
    let because: Vec<&Row> = layout.rows.iter().filter(|row| row.kind == RowKind::Because).collect();
    assert!((1..=3).contains(&because.len()), "{:?}", kinds(&layout));
    for row in &because {
        let source: usize = row.subject[1..].parse().expect("a title's id");
        assert_eq!(row.name, format!("Because you watched Title {source}"));
        assert!(places(row).iter().all(|at| at / 10 == source / 10));
    }
    let subjects: HashSet<&str> = because.iter().map(|row| row.subject.as_str()).collect();
    assert_eq!(subjects.len(), because.len());
}

#[test]
fn the_picks_are_not_all_for_one_reason() {
    // One genre speaks a little louder than the other: without diversity all its nine titles would come first.
    let mut weights = taste();
    for row in weights.0.values_mut() {
        for (other, weight) in row.iter_mut() {
            *weight = if *other < 10 { 0.11 } else { 0.10 };
        }
    }
    let person = Person { signals: vec![watched(3, 1.0), watched(13, 1.0)], seen: vec![3, 13], ..current() };
    let layout = page(&person, &library(), Some(&weights));
    let first: Vec<usize> = places(&layout.rows[0]).into_iter().take(6).collect();
    let other = first.iter().filter(|at| **at >= 10).count();
    assert!((2..=4).contains(&other), "{first:?}");
}

#[test]
fn without_history_or_model_the_picks_are_what_others_watch_and_say_so() {
    let mut candidates = library();
    for (n, title) in candidates.iter_mut().enumerate().take(30) {
        (title.score, title.plays, title.plays_week) = (n as f64, 3, 2);
    }
    let weights = taste();
    for (weights, person, expected) in [
        (Some(&weights), current(), Fallback::NoHistory),
        (None, Person { signals: vec![watched(3, 1.0)], ..current() }, Fallback::NoModel),
    ] {
        let layout = page(&person, &candidates, weights);
        let picks = row(&layout, RowKind::TopPicks);
        assert_eq!((picks.name.as_str(), picks.fallback), ("Popular with everyone", Some(expected)));
        assert_eq!(picks.items[0].reason.text(), "Played twice this week");
    }
}

#[test]
fn the_top_ten_keeps_its_true_places() {
    let mut candidates = library();
    // Forty titles, and what is played most is what rises most: what trends would take all ten of them.
    played(&mut candidates[10..50], 90);
    // Picks are of another genre, which nobody plays.
    let person = Person { signals: vec![watched(3, 1.0)], seen: vec![3, 10, 14], ..current() };
    let layout = page(&person, &candidates, Some(&taste()));
    assert!(places(row(&layout, RowKind::TopPicks)).iter().all(|at| *at < 10));
    let ten = row(&layout, RowKind::Top10);
    let ranked: Vec<(usize, Reason)> = ten.items.iter().map(|item| (item.candidate, item.reason.clone())).collect();
    // What was seen leaves a gap.
    let left = [2, 3, 4, 6, 7, 8, 9, 10];
    let expected = left.map(|place| (9 + place, Reason::Ranked { place, times: 91 - place as i64 }));
    assert_eq!((ranked.as_slice(), ten.fallback), (&expected[..], None));
    assert_eq!(places(row(&layout, RowKind::Trending))[..3], [20, 21, 22]);
    let seats = kinds(&layout);
    let seat = |kind: RowKind| seats.iter().position(|name| *name == kind.name());
    assert!(seat(RowKind::TopPicks) < seat(RowKind::Trending) && seat(RowKind::Trending) < seat(RowKind::Top10));
}

#[test]
fn what_rises_is_what_is_played_more_than_before() {
    let mut candidates = library();
    for (n, title) in candidates.iter_mut().enumerate().take(30).skip(10) {
        // As much of late, none of it this week; every other one has been known for ever.
        (title.score, title.plays) = (1.0, if n % 2 == 0 { 1_000 } else { 4 });
    }
    let person = Person { signals: vec![watched(3, 1.0)], seen: vec![3], ..current() };
    let layout = page(&person, &candidates, Some(&taste()));
    let trending = row(&layout, RowKind::Trending);
    assert_eq!(places(trending), [11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 10, 12, 14, 16, 18]);
    assert_eq!(trending.items[0].reason.text(), "Played 4 times so far");
    assert!(!kinds(&layout).contains(&RowKind::Top10.name()), "nothing was played this week");
}

#[test]
fn who_is_new_sees_what_the_house_watches_as_the_house_is_large() {
    let of = |titles: usize, plays: usize| {
        let mut candidates = library();
        candidates.truncate(titles);
        played(&mut candidates[..plays], 90);
        let layout = page(&current(), &candidates, Some(&taste()));
        let hero = layout.hero.as_ref().map(|hero| hero.candidate);
        assert_eq!(hero, Some(0), "what is played most");
        let first = layout.rows.iter().take_while(|row| !matches!(row.kind, RowKind::New | RowKind::Genre));
        let seen = first.map(|row| (row.kind.name(), row.name.clone(), row.fallback, places(row)));
        seen.collect::<Vec<_>>()
    };
    let ten =
        |last: usize, fallback| ("top10", "Top 10 this week".to_owned(), fallback, (1..=last).collect::<Vec<_>>());
    let stand_in = |name: &str, at: Vec<usize>| ("top_picks", name.to_owned(), Some(Fallback::NoHistory), at);
    let everyone = |at| stand_in("Popular with everyone", at);
    let trending = |at: Vec<usize>| ("trending", "Trending now".to_owned(), None, at);
    // Much is played: the ten, then half of the rest, then what rises.
    let expected = [ten(9, None), everyone((10..20).collect()), trending((20..30).collect())];
    assert_eq!(of(60, 30), expected);
    // Too little beside the ten for two rows,
    assert_eq!(of(60, 15), [ten(9, None), everyone((10..15).collect())]);
    // and none at all: what can be played, and more of the house says so.
    let ready = vec![10, 11, 12, 13, 14, 15];
    assert_eq!(of(24, 5), [ten(4, Some(Fallback::FewPlays)), stand_in("Ready to watch", ready)]);
    // Two films are no list.
    assert_eq!(of(24, 2), [stand_in("Popular now", vec![1, 10, 11, 12, 13, 14])]);
}

#[test]
fn with_profiles_away_the_rows_say_that_they_are_of_what_was_known() {
    let person = Person { signals: vec![watched(3, 1.0)], ..Person::default() };
    let layout = page(&person, &library(), Some(&taste()));
    assert_eq!(layout.rows[0].fallback, Some(Fallback::LastKnownHistory));
}

prop_compose! {
    fn anybody()(
        watched_titles in prop::collection::btree_map(0_usize..60, 0.2_f32..1.6, 0..12),
        begun in prop::collection::btree_set(0_usize..60, 0..6),
        list in prop::collection::vec(0_usize..60, 0..12),
        seen in prop::collection::vec(0_usize..60, 0..20),
        refused in prop::collection::vec(0_usize..60, 0..6),
        is_current: bool,
    ) -> Person {
        let progress = Progress { episode_id: None, position_s: 10.0, duration_s: 100.0, is_next: false };
        Person {
            name: None,
            signals: watched_titles.into_iter().map(|(at, strength)| watched(at, strength)).collect(),
            begun: begun.into_iter().map(|at| (at, progress.clone())).collect(),
            list, seen, refused, is_current,
        }
    }
}

prop_compose! {
    fn any_library()(
        drawn in prop::collection::vec((any::<bool>(), 0_u16..6, 0_i64..60 * DAY_MS, 0.0_f64..3.0, 0_i64..5), 60),
    ) -> Vec<Candidate> {
        let build = |(n, (is_playable, genre, age_ms, score, plays)): (usize, (bool, u16, i64, f64, i64))| Candidate {
            is_playable, added_ms: NOW - age_ms, score: if score < 1.0 { 0.0 } else { score },
            plays_week: plays, plays: plays + 1, ..title(n, genre)
        };
        drawn.into_iter().enumerate().map(build).collect()
    }
}

prop_compose! {
    fn any_weights()(
        rows in prop::collection::hash_map(0_usize..60, prop::collection::btree_map(0_usize..60, -0.5_f32..1.0, 0..20), 0..60),
    ) -> Written {
        let rows: HashMap<_, _> = rows.into_iter().map(|(at, row)| (at, row.into_iter().collect())).collect();
        Written(rows)
    }
}

proptest! {
    #[test]
    fn pages_keep_their_promises(
        person in anybody(), candidates in any_library(), weights in any_weights(), has_model: bool, mask: u64,
    ) {
        let allowed: Vec<bool> = (0..60).map(|at| mask >> at & 1 == 1).collect();
        let orders = Orders::of(&candidates, genre_names());
        let layout = lay_out_for(&person, &candidates, &orders, &allowed, has_model.then_some(&weights), NOW);
        let placed: Vec<&Placed> = layout.hero.iter().chain(layout.rows.iter().flat_map(|row| &row.items)).collect();
        let distinct: HashSet<usize> = placed.iter().map(|item| item.candidate).collect();
        prop_assert_eq!(distinct.len(), placed.len(), "a title comes twice");
        prop_assert!(distinct.iter().all(|at| allowed[*at] && !person.refused.contains(at)));
        let ids: HashSet<&str> = layout.rows.iter().map(|row| row.id.as_str()).collect();
        prop_assert_eq!(ids.len(), layout.rows.len());
        for row in layout.rows.iter().filter(|row| !matches!(row.kind, RowKind::Continue | RowKind::List | RowKind::Again)) {
            prop_assert!(row.items.iter().all(|item| !person.seen.contains(&item.candidate)), "{} has what was seen", row.id);
        }
        for item in &placed {
            if let Reason::Ranked { place, .. } = item.reason {
                let mut ranking = orders.by_week.iter().filter(|at| allowed[**at]);
                prop_assert_eq!(ranking.position(|at| *at == item.candidate).map(|at| at + 1), Some(place));
            }
            if let Reason::Because { name, .. } = &item.reason {
                let parts = contributions(&weights, &person.signals, item.candidate);
                let is_true = parts.iter().any(|part| {
                    part.amount > 0.0 && *candidates[person.signals[part.signal].title].name == **name
                });
                prop_assert!(is_true, "{:?} of {:?}", item.reason, candidates[item.candidate].id);
            }
        }
        for row in layout.rows.iter().filter(|row| row.kind == RowKind::TopPicks && row.fallback.is_none()) {
            for item in &row.items {
                let best = contributions(&weights, &person.signals, item.candidate)[0];
                let source = &candidates[person.signals[best.signal].title].name;
                prop_assert_eq!(item.reason.text(), format!("Because you watched {source}"));
            }
        }
    }
}
