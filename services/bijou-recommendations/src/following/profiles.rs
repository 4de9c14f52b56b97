//! Thumbs, removed history and erasures, from profiles' outbox.

use std::sync::Arc;
use std::time::Duration;

use bijou_client::Client;
use bijou_profiles_api::events::{ErasureEvent, HISTORY_REMOVED, HistoryEvent, PROFILE_DELETED, THUMB_SET, ThumbEvent};
use bijou_profiles_api::{APPLICATION, Profiles};
use bijou_store::outbox::CloudEvent;
use serde::de::DeserializeOwned;
use tracing::{info, warn};

use super::{FollowError, Follower, Stepped, events};
use crate::reader::{Reader, thumb_of};
use crate::serving::Source;
use crate::store::{ProfileChange, Store};

/// Name of the cursor.
const SOURCE: &str = "profiles";

/// Follows profiles.
pub(crate) struct Thumbs {
    store: Store,
    client: Client,
    profiles: Profiles,
    reader: Arc<Reader>,
}

impl Thumbs {
    pub(crate) fn new(store: Store, client: Client, reader: Arc<Reader>) -> Self {
        Self { store, profiles: Profiles::new(&client), client, reader }
    }

    /// Tells profiles what is gone here. Asked again with every step until profiles has heard it.
    async fn acknowledge(&self) -> Result<(), FollowError> {
        for erasure in self.store.erasures_to_acknowledge().await? {
            let removed = u64::try_from(erasure.removed).unwrap_or_default();
            match self.profiles.acknowledge_erasure(&erasure.erasure_id, removed).await {
                Ok(()) => info!(removed, "everything about a deleted profile is gone: {removed} records"),
                // Profiles does not wait for us any more.
                Err(error) if error.is_not_found() => {}
                Err(error) => return Err(error.into()),
            }
            self.store.acknowledged(&erasure.profile_id).await?;
        }
        Ok(())
    }
}

impl Follower for Thumbs {
    const SOURCE: Source = Source::Profiles;

    async fn step(&mut self, wait: Duration) -> Result<Stepped, FollowError> {
        let from = self.store.cursor(SOURCE).await?;
        let (batch, to, head) = events(&self.client, APPLICATION, from, wait).await?;
        if head < from {
            info!("profiles has lost its store: keeping what it said, listening from the start");
            self.store.advance(SOURCE, from, 0).await?;
            return Ok(Stepped::Quiet);
        }
        if to != from {
            let changes: Vec<ProfileChange> = batch.items.iter().filter_map(change_of).collect();
            self.store.change_profiles(SOURCE, from, to, &changes).await?;
            for change in &changes {
                if let ProfileChange::Deleted { profile_id, .. } = change {
                    self.reader.forget(profile_id);
                }
            }
        }
        self.acknowledge().await?;
        // No page is everybody's because of a thumb.
        Ok(Stepped::Quiet)
    }
}

/// What an event says; `None` for other events and for ones nobody can read.
fn change_of(event: &CloudEvent) -> Option<ProfileChange> {
    let at_ms = event.time.as_millisecond();
    match event.type_.as_str() {
        THUMB_SET => {
            let ThumbEvent { profile_id, title_id, value } = read(event)?;
            let thumb = value.map(thumb_of).unwrap_or_default();
            Some(ProfileChange::Thumb { profile_id, title_id, thumb, at_ms })
        }
        HISTORY_REMOVED => {
            let HistoryEvent { profile_id, title_ids, all } = read(event)?;
            Some(ProfileChange::HistoryRemoved { profile_id, title_ids: (!all).then_some(title_ids) })
        }
        PROFILE_DELETED => {
            let ErasureEvent { erasure_id, profile_id, .. } = read(event)?;
            Some(ProfileChange::Deleted { profile_id, erasure_id, at_ms })
        }
        _ => None,
    }
}

fn read<T: DeserializeOwned>(event: &CloudEvent) -> Option<T> {
    serde_json::from_value(event.data.clone())
        .inspect_err(
            |error| warn!(event.id = %event.id, "event `{}` is unreadable and passed over: {error}", event.type_),
        )
        .ok()
}
