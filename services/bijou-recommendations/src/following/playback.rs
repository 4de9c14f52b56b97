//! Plays, from playback's outbox.

use std::time::Duration;

use bijou_client::Client;
use bijou_playback_api::APPLICATION;
use bijou_playback_api::events::{PLAYBACK_STARTED, PLAYBACK_STOPPED, PlaybackEvent};
use bijou_store::outbox::CloudEvent;
use tracing::{info, warn};

use super::{FollowError, Follower, Stepped, events};
use crate::domain::plays::{Play, Step};
use crate::now_ms;
use crate::serving::Source;
use crate::store::Store;

/// Name of the cursor.
const SOURCE: &str = "playback";

/// Follows playback.
pub(crate) struct Plays {
    store: Store,
    client: Client,
}

impl Plays {
    pub(crate) fn new(store: Store, client: Client) -> Self {
        Self { store, client }
    }
}

impl Follower for Plays {
    const SOURCE: Source = Source::Playback;

    async fn step(&mut self, wait: Duration) -> Result<Stepped, FollowError> {
        let from = self.store.cursor(SOURCE).await?;
        let (batch, to, head) = events(&self.client, APPLICATION, from, wait).await?;
        if head < from {
            // The plays we counted did happen, whatever playback still knows about them.
            info!("playback has lost its store: keeping the counts, listening from the start");
            self.store.advance(SOURCE, from, 0).await?;
            return Ok(Stepped::Quiet);
        }
        if to == from {
            return Ok(Stepped::Quiet);
        }
        let plays: Vec<Play> = batch.items.iter().filter_map(play_of).collect();
        self.store.count_plays(SOURCE, from, to, &plays, now_ms()).await?;
        Ok(if plays.is_empty() { Stepped::Quiet } else { Stepped::Changed })
    }
}

/// What an event says about plays; `None` for other events and for ones nobody can read.
fn play_of(event: &CloudEvent) -> Option<Play> {
    if ![PLAYBACK_STARTED, PLAYBACK_STOPPED].contains(&event.type_.as_str()) {
        return None;
    }
    let data: PlaybackEvent = match serde_json::from_value(event.data.clone()) {
        Ok(data) => data,
        Err(error) => {
            warn!(event.id = %event.id, "event `{}` is unreadable and passed over: {error}", event.type_);
            return None;
        }
    };
    let step =
        if event.type_ == PLAYBACK_STARTED { Step::Started } else { Step::of_stop(data.position_s, data.duration_s)? };
    Some(Play {
        title_id: data.title_id,
        profile_id: data.profile_id,
        at_ms: event.time.as_millisecond(),
        step,
        is_synthetic: data.synthetic,
    })
}
