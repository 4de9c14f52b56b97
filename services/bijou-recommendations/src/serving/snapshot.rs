//! One page, made once and then only read.

use std::collections::HashMap;
use std::sync::Arc;

use bijou_catalog_api::TitleSummary;

use super::Heard;
use super::body::{Card, HomeBody, Part, RowBody};
use crate::domain::cursor::{Kind, Seen};
use crate::domain::page::{Candidate, Fallback, ITEMS_MIN, Layout, Placed, Row, RowKind, lay_out};
use crate::store::PlayCounts;

/// Rows in one part of the page.
const ROWS_PER_PART: usize = 6;

/// The whole page with what it shows.
#[derive(Default)]
pub(crate) struct Snapshot {
    titles: Arc<Vec<TitleSummary>>,
    layout: Layout,
    /// The part everybody asks for.
    first: Option<Part>,
}

impl Snapshot {
    /// Makes the page. `first` stays empty when nothing was ever heard from the catalog.
    pub(crate) fn make(
        titles: Arc<Vec<TitleSummary>>,
        plays: &HashMap<String, PlayCounts>,
        heard: Heard,
        now_ms: i64,
    ) -> Self {
        let candidates: Vec<Candidate> = titles.iter().map(|title| candidate(title, plays, now_ms)).collect();
        let mut layout = lay_out(&candidates, now_ms);
        for row in &mut layout.rows {
            row.fallback = row.fallback.or_else(|| last_known(row.kind, heard));
        }
        let mut snapshot = Self { titles, layout, first: None };
        if heard.catalog || !snapshot.titles.is_empty() {
            snapshot.first = Some(Part::of(&snapshot.part(&Seen::default())));
        }
        snapshot
    }

    /// The first part, written out; `None` when there is nothing to make a page from.
    pub(crate) fn first(&self) -> Option<&Part> {
        self.first.as_ref()
    }

    /// The part that follows what was seen.
    pub(crate) fn part(&self, seen: &Seen) -> HomeBody<'_> {
        let is_first = *seen == Seen::default();
        let mut seen = seen.clone();
        let hero = self.layout.hero.as_ref().filter(|_| is_first);
        if let Some(hero) = hero {
            seen.add(Kind::Title, &self.titles[hero.candidate].id);
        }
        let mut left = self.layout.rows.iter().filter_map(|row| self.unseen(row, &seen));
        let rows: Vec<(&Row, Vec<&Placed>)> = left.by_ref().take(ROWS_PER_PART).collect();
        let has_more = left.next().is_some();
        drop(left);
        for (row, items) in &rows {
            seen.add(Kind::Row, &row.id);
            for item in items {
                seen.add(Kind::Title, &self.titles[item.candidate].id);
            }
        }
        HomeBody {
            hero: hero.map(|placed| Card::of(&self.titles, placed)),
            rows: rows.iter().map(|(row, items)| RowBody::of(&self.titles, row, items)).collect(),
            next: has_more.then(|| seen.encode()),
        }
    }

    pub(crate) fn title_count(&self) -> usize {
        self.titles.len()
    }

    /// A row without what was seen; `None` when it was seen itself or has too little left.
    fn unseen<'a>(&'a self, row: &'a Row, seen: &Seen) -> Option<(&'a Row, Vec<&'a Placed>)> {
        if seen.has(Kind::Row, &row.id) {
            return None;
        }
        let is_unseen = |item: &&Placed| !seen.has(Kind::Title, &self.titles[item.candidate].id);
        let items: Vec<_> = row.items.iter().filter(is_unseen).collect();
        let is_worth_it = items.len() >= ITEMS_MIN.min(row.items.len());
        is_worth_it.then_some((row, items))
    }
}

fn candidate(title: &TitleSummary, plays: &HashMap<String, PlayCounts>, now_ms: i64) -> Candidate {
    let counts = plays.get(&title.id).copied().unwrap_or_default();
    Candidate {
        id: title.id.clone(),
        is_playable: title.playable,
        year: title.year,
        added_ms: title.added_at.as_millisecond(),
        genres: title.genres.iter().map(|genre| (genre.id.clone(), genre.name.clone())).collect(),
        score: counts.weight.at(now_ms),
        plays_week: counts.people_week,
        plays: counts.people,
    }
}

/// What a row is made of while somebody is away.
fn last_known(kind: RowKind, heard: Heard) -> Option<Fallback> {
    match kind {
        RowKind::Popular if !heard.playback => Some(Fallback::LastKnownPlays),
        _ if !heard.catalog => Some(Fallback::LastKnownTitles),
        _ => None,
    }
}

#[cfg(test)]
#[path = "snapshot_tests.rs"]
mod tests;
