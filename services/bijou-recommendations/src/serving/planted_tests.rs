//! Planted taste, from invented members through training to the rows of a page.

use std::collections::BTreeMap;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

use super::tests::{ALL_HEARD, NOW, library};
use super::*;
use crate::domain::scores::tests::watched;
use crate::domain::taste::Interaction;
use crate::model::Model;
use crate::model::training::{Material, Recipe};
use crate::store::TitleFeatures;

const CIRCLES: usize = 4;
const OF_A_CIRCLE: usize = 10;
/// Why so many: `tests/it/personal.rs`, which plants the same and finds it over HTTP.
const MEMBERS: usize = 240;
/// Libraries and members invented for each run.
const TOWNS: u64 = 20;

/// Each member watches six of the ten titles of its circle, and one of any.
fn members(library: &Library, rng: &mut StdRng) -> BTreeMap<String, Vec<Interaction>> {
    let play = |at: usize| Interaction {
        title_id: library.titles()[at].id.clone(),
        plays: 1,
        finished: 1,
        ..Interaction::default()
    };
    let member = |number: usize| {
        let circle: Vec<usize> = (0..OF_A_CIRCLE).map(|n| number % CIRCLES * OF_A_CIRCLE + n).collect();
        let stray = rng.random_range(0..CIRCLES * OF_A_CIRCLE);
        let mut taken: Vec<usize> = circle.sample(rng, 6).copied().chain([stray]).collect();
        taken.sort_unstable();
        taken.dedup();
        (format!("member-{number}"), taken.into_iter().map(play).collect())
    };
    (0..MEMBERS).map(member).collect()
}

/// The first six cards of somebody who watched the first two titles of a circle, by place.
fn shown(snapshot: &Snapshot, view: &View, circle: usize) -> Vec<usize> {
    let own = [circle * OF_A_CIRCLE, circle * OF_A_CIRCLE + 1];
    let signals = own.iter().map(|at| watched(*at, 1.0)).collect();
    let person = Person { signals, seen: own.to_vec(), is_current: true, ..Person::default() };
    let page = snapshot.page_of(&person, view, NOW);
    let picks = page.rows.iter().find(|row| row.kind == RowKind::TopPicks).expect("picks");
    assert_eq!(picks.fallback, None);
    page.hero.iter().chain(&picks.items).take(6).map(|placed| placed.candidate).collect()
}

#[test]
fn whatever_the_seed_planted_taste_leads_the_rows() {
    let first = bijou_testkit::seed();
    for seed in (0..TOWNS).map(|town| first.wrapping_add(town)) {
        let rng = &mut StdRng::seed_from_u64(seed);
        // One genre and always to be had: nothing tells circles apart but who watched what.
        let mut titles = library(CIRCLES * OF_A_CIRCLE, seed).titles().to_vec();
        let genre = titles[0].genres.clone();
        for title in &mut titles {
            (title.genres, title.playable) = (genre.clone(), true);
        }
        let library = Arc::new(Library::of(titles));
        let features = library.titles().iter().cloned();
        let features = features.map(|title| TitleFeatures { title, people: Vec::new() }).collect();
        let recipe = Recipe { lambda: 300.0, items_max: 1_000, weights_max: 200, threads: 1 };
        let material = Material::of(features, &members(&library, rng), &recipe);
        let (titles, viewing, likeness) = material.train(&recipe).expect("a model");
        let facts = material.facts(&recipe);
        let model = Model { version: "m".to_owned(), made_ms: NOW, facts, titles, viewing, likeness };
        let learned = Arc::new(Learned::of(Arc::new(model), &library));
        let snapshot = Snapshot::make(Arc::clone(&library), &HashMap::new(), Some(learned), ALL_HEARD, NOW);
        let view = snapshot.view(&Viewer::default(), NOW);
        for circle in 0..CIRCLES {
            let shown = shown(&snapshot, &view, circle);
            assert!(shown.iter().all(|at| at / OF_A_CIRCLE == circle), "seed {seed}, circle {circle}: {shown:?}");
        }
    }
}
