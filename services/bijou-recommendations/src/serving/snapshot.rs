//! What pages are made from at one moment, and everybody's pages.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use bijou_catalog_api::Viewer;

use super::Heard;
use super::body::{Card, HomeBody, Part, RowBody};
use super::library::Library;
use super::weights::Learned;
use crate::domain::card::{self, Mark, Signer};
use crate::domain::cursor::{Kind, Seen};
use crate::domain::orders::Orders;
use crate::domain::page::lay_out;
use crate::domain::personal::{Person, lay_out_for};
use crate::domain::row::{Candidate, Fallback, ITEMS_MIN, Layout, Placed, Row, RowKind};
use crate::domain::similar::similar;
use crate::store::PlayCounts;

/// Rows in one part of the page.
const ROWS_PER_PART: usize = 6;

/// Kinds of viewers (ceiling and territory) whose pages are kept. There are few: more would be somebody's experiment.
const VIEWERS_MAX: usize = 64;

/// Titles, plays and model of one moment.
#[derive(Default)]
pub(crate) struct Snapshot {
    library: Arc<Library>,
    candidates: Vec<Candidate>,
    orders: Orders,
    learned: Option<Arc<Learned>>,
    heard: Heard,
    views: Mutex<HashMap<Viewer, Arc<View>>>,
}

/// What one kind of viewer may see.
pub(crate) struct View {
    pub(crate) allowed: Vec<bool>,
    /// When that changes, because an offer begins or ends.
    until_ms: Option<i64>,
    /// Made when somebody asks for it: profiles have pages of their own.
    common: OnceLock<Common>,
}

/// The page of those of whom nothing is known.
pub(crate) struct Common {
    pub(crate) layout: Layout,
    /// Its first part, written out.
    pub(crate) first: Part,
}

/// Whose cards are made.
pub(crate) struct Signature<'a> {
    pub(crate) signer: &'a Signer,
    /// Time of the newest play that is known.
    pub(crate) known_ms: i64,
}

impl Snapshot {
    pub(crate) fn make(
        library: Arc<Library>,
        plays: &HashMap<String, PlayCounts>,
        learned: Option<Arc<Learned>>,
        heard: Heard,
        now_ms: i64,
    ) -> Self {
        let candidates = library.candidates(plays, now_ms);
        let orders = Orders::of(&candidates, library.genres().to_vec());
        Self { library, candidates, orders, learned, heard, views: Mutex::default() }
    }

    /// Whether there is anything to make a page from: even an empty catalog is something, once it was heard.
    pub(crate) fn is_ready(&self) -> bool {
        self.heard.catalog || !self.library.titles().is_empty()
    }

    pub(crate) fn title_count(&self) -> usize {
        self.library.titles().len()
    }

    pub(crate) fn library(&self) -> &Library {
        &self.library
    }

    pub(crate) fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    pub(crate) fn orders(&self) -> &Orders {
        &self.orders
    }

    pub(crate) fn learned(&self) -> Option<&Learned> {
        self.learned.as_deref()
    }

    /// What viewers of this kind may see at `now_ms`.
    pub(crate) fn view(&self, viewer: &Viewer, now_ms: i64) -> Arc<View> {
        let is_current = |view: &&Arc<View>| view.until_ms.is_none_or(|until| now_ms < until);
        {
            let views = self.views.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(view) = views.get(viewer).filter(is_current) {
                return Arc::clone(view);
            }
        }
        let view = self.view_as_of(viewer, now_ms);
        let mut views = self.views.lock().unwrap_or_else(PoisonError::into_inner);
        if views.len() < VIEWERS_MAX || views.contains_key(viewer) {
            views.insert(viewer.clone(), Arc::clone(&view));
        }
        view
    }

    /// What viewers of this kind may see at another time, or elsewhere. Not kept: those who ask are few.
    pub(crate) fn view_as_of(&self, viewer: &Viewer, at_ms: i64) -> Arc<View> {
        let (allowed, until_ms) = self.library.allowed(viewer, at_ms);
        Arc::new(View { allowed, until_ms, common: OnceLock::new() })
    }

    /// The common page of viewers of this kind. `nobody`: signs the cards of whoever has no profile.
    pub(crate) fn common<'a>(&self, view: &'a View, nobody: &Signer, now_ms: i64) -> &'a Common {
        view.common.get_or_init(|| {
            let layout = self.told(lay_out(&self.candidates, &self.orders, &view.allowed, now_ms));
            let signature = Signature { signer: nobody, known_ms: 0 };
            let first = Part::of(&self.part(&layout, &Seen::default(), &signature, &[]));
            Common { layout, first }
        })
    }

    /// The page of one profile.
    pub(crate) fn page_of(&self, person: &Person, view: &View, now_ms: i64) -> Layout {
        self.told(lay_out_for(person, &self.candidates, &self.orders, &view.allowed, self.learned(), now_ms))
    }

    /// What is like a title, for one profile or for anybody.
    pub(crate) fn similar(&self, about: usize, person: Option<&Person>, view: &View) -> Option<Row> {
        let mut free = view.allowed.clone();
        for at in person.into_iter().flat_map(|person| person.refused.iter().chain(&person.seen)) {
            free[*at] = false;
        }
        similar(about, &self.candidates, &self.orders, &free, self.learned()).map(|row| self.told_row(row))
    }

    /// The part of a page that follows what was seen. `missing`: services that could not add to it.
    pub(crate) fn part<'a>(
        &'a self,
        layout: &'a Layout,
        seen: &Seen,
        signature: &Signature<'_>,
        missing: &[&'static str],
    ) -> HomeBody<'a> {
        let is_first = *seen == Seen::default();
        let mut seen = seen.clone();
        let hero = layout.hero.as_ref().filter(|_| is_first);
        if let Some(hero) = hero {
            seen.add(Kind::Title, &self.candidates[hero.candidate].id);
        }
        let mut left = layout.rows.iter().filter_map(|row| self.unseen(row, &seen));
        let rows: Vec<(&Row, Vec<&Placed>)> = left.by_ref().take(ROWS_PER_PART).collect();
        let has_more = left.next().is_some();
        drop(left);
        for (row, items) in &rows {
            seen.add(Kind::Row, &row.id);
            for item in items {
                seen.add(Kind::Title, &self.candidates[item.candidate].id);
            }
        }
        HomeBody {
            hero: hero.map(|placed| self.card(placed, RowKind::Hero, "", 0, signature)),
            rows: rows.iter().map(|(row, items)| self.row(row, items, signature)).collect(),
            missing: missing.to_vec(),
            next: has_more.then(|| seen.encode()),
        }
    }

    /// A whole row with its cards.
    pub(crate) fn cards<'a>(&'a self, row: &'a Row, signature: &Signature<'_>) -> RowBody<'a> {
        self.row(row, &row.items.iter().collect::<Vec<_>>(), signature)
    }

    fn row<'a>(&'a self, row: &'a Row, items: &[&Placed], signature: &Signature<'_>) -> RowBody<'a> {
        let cards = (0..).zip(items).map(|(at, placed)| self.card(placed, row.kind, &row.subject, at, signature));
        RowBody::of(row, cards.collect())
    }

    fn card(&self, placed: &Placed, row: RowKind, subject: &str, at: u8, signature: &Signature<'_>) -> Card<'_> {
        let card = signature.signer.sign(&card::Card {
            title: self.library.mark(placed.candidate),
            row,
            subject: Mark::of(subject),
            position: at,
            known_s: u32::try_from(signature.known_ms / 1000).unwrap_or_default(),
            model: self.learned.as_ref().map(|learned| learned.mark()).unwrap_or_default(),
        });
        Card::of(&self.library.titles()[placed.candidate], placed, card)
    }

    /// A row without what was seen; `None` when it was seen itself or has too little left.
    fn unseen<'a>(&self, row: &'a Row, seen: &Seen) -> Option<(&'a Row, Vec<&'a Placed>)> {
        if seen.has(Kind::Row, &row.id) {
            return None;
        }
        let is_unseen = |item: &&Placed| !seen.has(Kind::Title, &self.candidates[item.candidate].id);
        let items: Vec<_> = row.items.iter().filter(is_unseen).collect();
        let is_worth_it = !items.is_empty() && items.len() >= ITEMS_MIN.min(row.items.len());
        is_worth_it.then_some((row, items))
    }

    fn told(&self, layout: Layout) -> Layout {
        Layout { rows: layout.rows.into_iter().map(|row| self.told_row(row)).collect(), ..layout }
    }

    fn told_row(&self, mut row: Row) -> Row {
        row.fallback = row.fallback.or_else(|| last_known(row.kind, self.heard));
        row
    }
}

/// What a row is made of while somebody is away.
fn last_known(kind: RowKind, heard: Heard) -> Option<Fallback> {
    match kind {
        RowKind::Popular | RowKind::Trending | RowKind::Top10 if !heard.playback => Some(Fallback::LastKnownPlays),
        _ if !heard.catalog => Some(Fallback::LastKnownTitles),
        _ => None,
    }
}

#[cfg(test)]
#[path = "planted_tests.rs"]
mod planted_tests;
#[cfg(test)]
#[path = "snapshot_tests.rs"]
mod tests;
