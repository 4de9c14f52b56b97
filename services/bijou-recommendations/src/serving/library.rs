//! The catalog's titles, and where each is found. Made anew only when a title changed.

use std::collections::HashMap;
use std::sync::Arc;

use bijou_catalog_api::{TitleSummary, Viewer};
use jiff::Timestamp;

use crate::domain::card::Mark;
use crate::domain::orders::Genre;
use crate::domain::row::Candidate;
use crate::store::PlayCounts;

/// All titles. Elsewhere they are named by their place here.
#[derive(Default)]
pub(crate) struct Library {
    titles: Vec<TitleSummary>,
    /// As the layout sees them, but for what plays say.
    candidates: Vec<Candidate>,
    genres: Vec<Genre>,
    places: HashMap<Arc<str>, usize>,
    marks: Vec<Mark>,
    marked: HashMap<Mark, usize>,
}

impl Library {
    pub(crate) fn of(titles: Vec<TitleSummary>) -> Self {
        let mut library = Self::default();
        let mut genres: HashMap<String, u16> = HashMap::new();
        for (place, title) in titles.iter().enumerate() {
            let mut own = Vec::with_capacity(title.genres.len());
            for genre in &title.genres {
                // A catalog with more genres than this number counts shows the first ones.
                let Ok(next) = u16::try_from(library.genres.len()) else { continue };
                let number = *genres.entry(genre.id.clone()).or_insert_with(|| {
                    library.genres.push(Genre { id: genre.id.as_str().into(), name: genre.name.as_str().into() });
                    next
                });
                own.push(number);
            }
            let id: Arc<str> = title.id.as_str().into();
            let mark = Mark::of(&id);
            library.places.insert(Arc::clone(&id), place);
            library.marks.push(mark);
            library.marked.insert(mark, place);
            library.candidates.push(Candidate {
                id,
                name: title.name.as_str().into(),
                is_playable: title.playable,
                year: title.year,
                added_ms: title.added_at.as_millisecond(),
                genres: own.into(),
                score: 0.0,
                plays_week: 0,
                plays: 0,
            });
        }
        library.titles = titles;
        library
    }

    pub(crate) fn titles(&self) -> &[TitleSummary] {
        &self.titles
    }

    pub(crate) fn genres(&self) -> &[Genre] {
        &self.genres
    }

    /// Where the title of this id is.
    pub(crate) fn place(&self, id: &str) -> Option<usize> {
        self.places.get(id).copied()
    }

    /// The name of a title in a card.
    pub(crate) fn mark(&self, place: usize) -> Mark {
        self.marks[place]
    }

    /// Where the title of this name in a card is.
    pub(crate) fn marked(&self, mark: Mark) -> Option<usize> {
        self.marked.get(&mark).copied()
    }

    /// The titles with what plays say of them at `now_ms`.
    pub(crate) fn candidates(&self, plays: &HashMap<String, PlayCounts>, now_ms: i64) -> Vec<Candidate> {
        let mut candidates = self.candidates.clone();
        for (id, counts) in plays {
            let Some(place) = self.place(id) else { continue };
            let candidate = &mut candidates[place];
            candidate.score = counts.weight.at(now_ms);
            candidate.plays_week = counts.people_week;
            candidate.plays = counts.people;
        }
        candidates
    }

    /// Which titles a viewer may see at `now_ms`, and until when that holds, if it ends.
    pub(crate) fn allowed(&self, viewer: &Viewer, now_ms: i64) -> (Vec<bool>, Option<i64>) {
        let now = Timestamp::from_millisecond(now_ms).unwrap_or_default();
        let allowed = self.titles.iter().map(|title| viewer.may_see(title.terms(), now)).collect();
        let until = self.titles.iter().filter_map(|title| title.terms().next_change(now)).min();
        (allowed, until.map(Timestamp::as_millisecond))
    }
}
