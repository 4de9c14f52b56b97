//! From interactions and features to a model. Pure but for the numbers it crunches.

use std::collections::{BTreeMap, HashMap, HashSet};

use bijou_ease::{EaseError, Interactions, SparseRows, memory_bytes, neighbours, train};

use crate::domain::taste::Interaction;
use crate::store::{ModelFacts, TitleFeatures};

/// Neighbours by genres and people kept of each title.
const LIKENESS_KEPT: usize = 20;

/// What the nearest neighbour by features weighs, in parts of what the nearest one by plays usually does: a guess from
/// genres is worth less than what people did.
const LIKENESS_SHARE: f32 = 0.5;

/// The same where nobody has played anything.
const LIKENESS_ALONE: f32 = 0.1;

/// What the features take at most for each title: rows, sums, names.
const TITLE_BYTES: u64 = 2_048;

/// How a model is made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Recipe {
    pub(crate) lambda: f32,
    /// Most titles that learn from plays, by plays.
    pub(crate) items_max: usize,
    /// Weights kept of each of them.
    pub(crate) weights_max: usize,
    /// 0: one for each core.
    pub(crate) threads: usize,
}

/// What a model will be made from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Material {
    /// The most played first.
    titles: Vec<TitleFeatures>,
    taken: Interactions,
    profiles: usize,
}

impl Material {
    /// Sorts titles by plays and numbers who took what. Titles that left the catalog teach nothing.
    pub(crate) fn of(
        titles: Vec<TitleFeatures>,
        profiles: &BTreeMap<String, Vec<Interaction>>,
        recipe: &Recipe,
    ) -> Self {
        let mut plays: HashMap<&str, usize> = HashMap::new();
        for interaction in profiles.values().flatten().filter(|one| one.strength().is_some()) {
            *plays.entry(&interaction.title_id).or_default() += 1;
        }
        let mut titles = titles;
        let played = |title: &TitleFeatures| plays.get(title.title.id.as_str()).copied().unwrap_or_default();
        titles.sort_by(|a, b| played(b).cmp(&played(a)).then_with(|| a.title.id.cmp(&b.title.id)));
        let learning = titles.iter().take_while(|title| played(title) > 0).count().min(recipe.items_max);
        let numbers: HashMap<&str, u32> =
            titles[..learning].iter().zip(0..).map(|(title, number)| (title.title.id.as_str(), number)).collect();
        let mut taken = Interactions::new(learning);
        for interactions in profiles.values() {
            let known = |one: &Interaction| Some((*numbers.get(one.title_id.as_str())?, one.strength()?));
            taken.push(interactions.iter().filter_map(known));
        }
        Self { titles, taken, profiles: profiles.len() }
    }

    /// What training needs at most, in bytes.
    pub(crate) fn memory_bytes(&self, recipe: &Recipe) -> u64 {
        memory_bytes(self.taken.item_count(), self.taken.len(), recipe.weights_max)
            + TITLE_BYTES * self.titles.len() as u64
    }

    pub(crate) fn facts(&self, recipe: &Recipe) -> ModelFacts {
        ModelFacts {
            profiles: self.profiles,
            interactions: self.taken.len(),
            titles_played: self.taken.item_count(),
            titles_alike: self.titles.len() - self.taken.item_count(),
            lambda: recipe.lambda,
            seconds: 0.0,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.titles.is_empty()
    }

    /// Ids, weights by viewing, weights by likeness.
    pub(crate) fn train(&self, recipe: &Recipe) -> Result<(Vec<String>, SparseRows, SparseRows), EaseError> {
        let learning = self.taken.item_count();
        let mut viewing = if learning == 0 {
            SparseRows::default()
        } else {
            train(&self.taken, recipe.lambda, recipe.threads)?.largest(recipe.weights_max)
        };
        let scale = match strongest(&viewing) {
            Some(strongest) => strongest * LIKENESS_SHARE,
            None => LIKENESS_ALONE,
        };
        for _ in learning..self.titles.len() {
            viewing.push([]);
        }
        let (features, count) = features(&self.titles);
        // Two titles that both learned from plays know better than their genres.
        let alike = neighbours(&features, count, LIKENESS_KEPT, |one, other| one >= learning || other >= learning);
        let mut likeness = SparseRows::with_capacity(self.titles.len(), alike.len());
        for title in 0..self.titles.len() {
            likeness.push(alike.row(title).map(|(other, cosine)| (other, cosine * scale)));
        }
        let ids = self.titles.iter().map(|title| title.title.id.clone()).collect();
        Ok((ids, viewing, likeness))
    }
}

/// The middle one of the largest weights of all rows.
fn strongest(rows: &SparseRows) -> Option<f32> {
    let largest = |row| rows.row(row).map(|(_, weight)| weight).fold(0.0, f32::max);
    let mut all: Vec<f32> = (0..rows.row_count()).map(largest).filter(|weight| *weight > 0.0).collect();
    all.sort_by(f32::total_cmp);
    all.get(all.len() / 2).copied()
}

/// Genres and people as numbers, for each title; and how many there are.
fn features(titles: &[TitleFeatures]) -> (Vec<Vec<u32>>, usize) {
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let mut all = Vec::with_capacity(titles.len());
    for title in titles {
        let genres = title.title.genres.iter().map(|genre| format!("genre {}", genre.id));
        let people = title.people.iter().map(|person| format!("person {person}"));
        let names: HashSet<String> = genres.chain(people).collect();
        let mut own = Vec::with_capacity(names.len());
        for name in names {
            let next = u32::try_from(numbers.len()).expect("fewer people than a 32-bit number counts");
            own.push(*numbers.entry(name).or_insert(next));
        }
        own.sort_unstable();
        all.push(own);
    }
    (all, numbers.len())
}
