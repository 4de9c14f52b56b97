//! Feeds on request: made anew when titles have changed, compared with the last one, refused when too much is gone or its
//! form is broken.

use std::fmt::Write as _;

use bijou_store::StoreError;
use sha2::{Digest, Sha256};

use crate::Partners;
use crate::clock::timestamp;
use crate::domain::feeds::{AppleIds, Feed, Form, Listed, Setting, difference, shrinks_too_much};
use crate::domain::title::PartnerTitle;
use crate::store::FeedRow;

/// Read at a time.
const PART: i64 = 2_000;

/// All titles there are, as partners see them.
pub(crate) async fn titles(partners: &Partners) -> Result<Vec<Listed>, StoreError> {
    let (mut titles, mut seq) = (Vec::new(), 0);
    loop {
        let changes = partners.store.changes_after(seq, PART).await?;
        let Some(last) = changes.last() else { return Ok(titles) };
        seq = last.seq;
        let base = partners.config.public_url.as_str();
        titles.extend(changes.into_iter().filter_map(|change| {
            let title = PartnerTitle::of(change.title?, base);
            Some(Listed { title, changed: timestamp(change.changed_ms) })
        }));
    }
}

/// A feed of these titles as it would be now, without keeping it.
pub(crate) fn preview(partners: &Partners, form: Form, territory: &str, titles: &[Listed]) -> Feed {
    let config = &partners.config;
    let setting = Setting {
        provider: config.provider.clone(),
        base: config.public_url.clone(),
        territory: territory.to_owned(),
        language: config.language.clone(),
        apple: AppleIds {
            team: config.apple_team_id.clone(),
            catalog: config.apple_catalog_id.clone(),
            service: config.apple_service_id.clone(),
        },
        now: partners.clock.now(),
    };
    form.make(titles, &setting)
}

/// The feed to serve: the one there is while it is fresh or nothing changed, else a new one if it is not refused.
/// `forced`: an operator says that what is gone is gone.
pub(crate) async fn current(
    partners: &Partners,
    form: Form,
    territory: &str,
    forced: bool,
) -> Result<FeedRow, StoreError> {
    let now_ms = partners.clock.now_ms();
    let known = partners.store.feed(form.as_str(), territory).await?;
    let seq = partners.store.change_head().await?.seq;
    if let Some(known) = &known {
        let fresh_ms = i64::from(partners.config.feed_fresh_s) * 1_000;
        let is_fresh = now_ms - known.made_ms < fresh_ms;
        // An offer may begin or end without any change: a feed is not kept for longer than an hour.
        let is_same = known.seq == seq && now_ms - known.made_ms < 3_600_000;
        if !forced && (is_fresh || is_same) {
            return Ok(known.clone());
        }
    }
    let feed = preview(partners, form, territory, &titles(partners).await?);
    let before: &[String] = known.as_ref().map_or(&[], |known| &known.ids);
    let refusal = if let Err(mistake) = form.check(&feed.document) {
        // Also when forced, for no reader could do anything with it. Where there is no other, it is served and said so.
        Some(format!("at {} it would have broken its form: {mistake}", timestamp(now_ms)))
    } else if !forced && shrinks_too_much(before.len(), feed.ids.len(), partners.config.feed_shrink_percent_max) {
        Some(format!(
            "at {} it would have had {} titles after {}; more than {} % are not dropped unless an operator says so",
            timestamp(now_ms),
            feed.ids.len(),
            before.len(),
            partners.config.feed_shrink_percent_max
        ))
    } else {
        None
    };
    if let Some((reason, known)) = refusal.as_ref().zip(known.as_ref()) {
        tracing::warn!(feed = form.as_str(), territory, "feed not taken over: {reason}");
        partners.store.refuse_feed(form.as_str(), territory, reason).await?;
        return Ok(FeedRow { refused: refusal, ..known.clone() });
    }
    let (added, removed) = difference(before, &feed.ids);
    let mut sha256 = String::with_capacity(64);
    for byte in Sha256::digest(&feed.document) {
        let _ = write!(sha256, "{byte:02x}");
    }
    let row = FeedRow {
        name: form.as_str().to_owned(),
        territory: territory.to_owned(),
        items: feed.ids.len() as i64,
        sha256,
        seq,
        made_ms: now_ms,
        added: added as i64,
        removed: removed as i64,
        ids: feed.ids,
        document: feed.document,
        refused: refusal,
    };
    partners.store.put_feed(&row).await?;
    Ok(row)
}
