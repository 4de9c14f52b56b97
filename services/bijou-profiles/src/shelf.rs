//! What a profile's pages are made of: where it stopped, what follows, what it keeps.
//!
//! What waits in memory counts as if it were written already.

use std::collections::HashMap;

use bijou_profiles_api::{ContinueItem, ListItem, Recent, Shelf, ShelfProfile, ThumbItem};
use bijou_store::StoreError;

use crate::domain::going_on::{self, Stopped, fraction};
use crate::domain::reports::Report;
use crate::store::history::Entry;
use crate::store::profiles::Profile;
use crate::{Profiles, time};

/// Positions looked at for the row to go on with.
const POSITIONS_MAX: i64 = 200;
const RECENT_MAX: u32 = 50;
const LIST_MAX: u32 = 100;
const THUMBS_MAX: u32 = 500;
/// What follows an episode is the catalog's to say and moves no number here: no shelf is called the same for longer.
const SAME_MS: i64 = 10 * 60 * 1000;

/// A row to go on with.
#[derive(Debug)]
pub(crate) struct GoingOn {
    pub(crate) items: Vec<ContinueItem>,
    /// Whether the catalog said everything that was asked.
    pub(crate) is_complete: bool,
}

impl Profiles {
    /// The name of the shelf that would be made now; `None` when the profile is gone.
    pub(crate) async fn shelf_version(&self, profile: &str) -> Result<Option<String>, StoreError> {
        // In this order: what is written meanwhile is in one of the two numbers at least.
        let waiting = self.positions.of(profile).revision;
        let Some(stored) = self.store.shelf_version(profile).await? else { return Ok(None) };
        let period = self.clock.now_ms() / SAME_MS;
        Ok(Some(match waiting {
            None => format!("{stored}.{period}"),
            Some(waiting) => format!("{stored}.{period}.{}.{waiting}", self.run),
        }))
    }

    /// Everything a page may show about a profile.
    pub(crate) async fn shelf(&self, version: String, profile: &Profile) -> Result<Shelf, StoreError> {
        let recent = self.recent(&profile.id).await?;
        let going_on = self.going_on(&profile.id).await?;
        let list = self.store.list(&profile.id, None, LIST_MAX).await?;
        let mut thumbs = self.store.thumbs(&profile.id, None, THUMBS_MAX + 1).await?;
        let more_thumbs = thumbs.len() > THUMBS_MAX as usize;
        thumbs.truncate(THUMBS_MAX as usize);
        Ok(Shelf {
            // No shelf that would be made later is called so: it is asked for again.
            version: if going_on.is_complete { version } else { format!("{version}.partial") },
            profile: ShelfProfile {
                id: profile.id.clone(),
                name: profile.name.clone(),
                kids: profile.kids,
                language: profile.language.clone(),
            },
            recent,
            going_on: going_on.items,
            list: list.into_iter().map(|(title_id, at_ms)| ListItem { title_id, added_at: time::at(at_ms) }).collect(),
            thumbs: thumbs.into_iter().map(|(title_id, value, _)| ThumbItem { title_id, value }).collect(),
            more_thumbs,
            picks: profile.picks.clone(),
        })
    }

    pub(crate) async fn going_on(&self, profile: &str) -> Result<GoingOn, StoreError> {
        let waiting = self.positions.of(profile).reports;
        let stored = self.store.positions(profile, POSITIONS_MAX).await?;
        let hidden = self.store.hidden(profile).await?.into_iter().collect();
        let last = going_on::last_of_titles(overlay(waiting, stored), &hidden);
        let known = self.next_episodes.of(going_on::finished_episodes(&last)).await?;
        let items = going_on::going_on(last, &known.next).into_iter().map(|one| ContinueItem {
            title_id: one.title_id,
            episode_id: one.episode_id,
            position_s: time::seconds(one.position_ms),
            duration_s: time::seconds(one.duration_ms),
            fraction: fraction(one.position_ms, one.duration_ms),
            at: time::at(one.at_ms),
            next: one.is_next,
        });
        Ok(GoingOn { items: items.collect(), is_complete: known.is_complete })
    }

    /// What was watched last, each title once, the newest first.
    async fn recent(&self, profile: &str) -> Result<Vec<Recent>, StoreError> {
        let waiting = self.positions.of(profile).reports.into_iter().map(stopped);
        let stored = self.store.recent(profile, RECENT_MAX).await?.into_iter().map(|entry: Entry| Stopped {
            title_id: entry.title_id,
            episode_id: entry.episode_id,
            position_ms: entry.position_ms,
            duration_ms: entry.duration_ms,
            at_ms: entry.last_ms,
        });
        let mut last = going_on::last_of_titles(waiting.chain(stored).collect(), &HashMap::new());
        last.truncate(RECENT_MAX as usize);
        let recent = last.into_iter().map(|one| Recent {
            fraction: fraction(one.position_ms, one.duration_ms),
            title_id: one.title_id,
            episode_id: one.episode_id,
            at: time::at(one.at_ms),
        });
        Ok(recent.collect())
    }
}

/// Of each playable the report that counts.
fn overlay(waiting: Vec<Report>, stored: Vec<Report>) -> Vec<Stopped> {
    let mut reports: HashMap<String, Report> = HashMap::new();
    for report in waiting.into_iter().chain(stored) {
        let newest = match reports.remove(&report.playable_id) {
            Some(known) => known.newest(report),
            None => report,
        };
        reports.insert(newest.playable_id.clone(), newest);
    }
    reports.into_values().map(stopped).collect()
}

fn stopped(report: Report) -> Stopped {
    Stopped {
        title_id: report.title_id,
        episode_id: report.episode_id,
        position_ms: report.position_ms,
        duration_ms: report.duration_ms,
        at_ms: report.at_ms,
    }
}
