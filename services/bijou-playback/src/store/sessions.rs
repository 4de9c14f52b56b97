//! Playback sessions: beginning one, and what viewers report.

use bijou_playback_api::PlaybackState;
use bijou_playback_api::events::{PLAYBACK_PROGRESS, PLAYBACK_STARTED, PLAYBACK_STOPPED, PlaybackEvent};
use bijou_store::outbox::{self, NewEvent};
use bijou_store::{StoreError, WriteTransaction};
use serde_json::json;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Playable, Store, absent_if_empty};
use crate::domain::streams::{self, Admission, Closing, OpenStream};

/// Somebody playing one asset.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    pub id: String,
    pub account_id: String,
    /// `None`: the account as a whole.
    pub profile_id: Option<String>,
    pub asset_id: String,
    pub playable: Playable,
    pub duration_ms: i64,
    pub expires_ms: i64,
    pub device_name: String,
    /// Of the title, when the session began.
    pub certification_age: u8,
}

/// Under what rule a session gets its place.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// How many an account has, 0 for any number.
    pub places: usize,
    /// How long one is held without a word.
    pub lease_ms: i64,
    /// The session whose place this one wants.
    pub take_over: Option<&'a str>,
}

/// What became of a session that was to begin.
#[derive(Debug, Clone, PartialEq)]
pub enum Beginning {
    /// It began, and these ended.
    Begun(Vec<Closed>),
    /// All places are held, by these.
    Full(Vec<LiveStream>),
    /// The profile has been deleted.
    ProfileGone,
}

/// A session that is over before its token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    pub id: String,
    pub why: Closing,
    /// When its token ends.
    pub expires_ms: i64,
}

/// A session that holds a place.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveStream {
    pub id: String,
    pub profile_id: Option<String>,
    pub playable: Playable,
    pub device_name: String,
    pub certification_age: u8,
    pub created_ms: i64,
    pub lease_until_ms: i64,
    pub expires_ms: i64,
}

/// Who reports what about a session.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    pub session_id: &'a str,
    pub account_id: &'a str,
    pub profile_id: Option<&'a str>,
    pub state: PlaybackState,
    pub position_ms: i64,
    /// How long the place is held without the next one.
    pub lease_ms: i64,
}

/// What became of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reported {
    Taken(Noted),
    /// The caller has no such session.
    NotFound,
    Closed(Closing),
}

/// What a report that was taken says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noted {
    /// Something the reports before had not said.
    pub is_news: bool,
    pub position_ms: i64,
    pub duration_ms: i64,
}

impl Store {
    /// Begins a session if there is a place for it. Beginnings of one account come one after the other, on whatever
    /// instances: of ten at the same time no more get in than there are places.
    pub async fn begin_session(
        &self,
        session: &Session,
        place: Place<'_>,
        now_ms: i64,
    ) -> Result<Beginning, StoreError> {
        let mut tx = self.database.begin_write().await?;
        // A write first: on PostgreSQL this row's lock is the queue, and what is read below was committed before.
        sqlx::query(
            "INSERT INTO stream_accounts (account_id, at_ms) VALUES ($1, $2)
             ON CONFLICT (account_id) DO UPDATE SET at_ms = excluded.at_ms",
        )
        .bind(&session.account_id)
        .bind(now_ms)
        .execute(&mut *tx)
        .await?;
        let profile_id = session.profile_id.as_deref().unwrap_or_default();
        let is_gone = sqlx::query("SELECT 1 FROM erasures WHERE profile_id = $1").bind(profile_id);
        if is_gone.fetch_optional(&mut *tx).await?.is_some() {
            tx.rollback().await?;
            return Ok(Beginning::ProfileGone);
        }
        let open = open_streams(&mut tx, &session.account_id).await?;
        let streams: Vec<OpenStream> = open
            .iter()
            .map(|stream| OpenStream { id: stream.id.clone(), lease_until_ms: stream.lease_until_ms })
            .collect();
        let closed: Vec<Closed> = match streams::admit(&streams, place.take_over, place.places, now_ms) {
            Admission::Admitted(closing) => closing.into_iter().filter_map(|each| closed_of(&open, each)).collect(),
            Admission::Full => {
                tx.rollback().await?;
                return Ok(Beginning::Full(open.into_iter().filter(|stream| stream.lease_until_ms > now_ms).collect()));
            }
        };
        for each in &closed {
            close(&mut tx, each, now_ms).await?;
        }
        sqlx::query(
            "INSERT INTO playback_sessions (id, account_id, profile_id, asset_id, title_id, episode_id, duration_ms, state,
                 position_ms, created_ms, expires_ms, device_name, certification_age, lease_until_ms, closed, closed_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 'created', 0, $8, $9, $10, $11, $12, '', 0)",
        )
        .bind(&session.id)
        .bind(&session.account_id)
        .bind(profile_id)
        .bind(&session.asset_id)
        .bind(&session.playable.title_id)
        .bind(session.playable.episode_id.as_deref().unwrap_or_default())
        .bind(session.duration_ms)
        .bind(now_ms)
        .bind(session.expires_ms)
        .bind(&session.device_name)
        .bind(i64::from(session.certification_age))
        .bind(now_ms + place.lease_ms)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(Beginning::Begun(closed))
    }

    /// Notes a report, keeps the session's place and puts the report into the outbox, in one step.
    ///
    /// What says nothing new is taken without an event: a second `started`, or progress without progress.
    pub async fn report(&self, report: Report<'_>, now_ms: i64) -> Result<Reported, StoreError> {
        let (name, type_) = match report.state {
            PlaybackState::Started => ("started", PLAYBACK_STARTED),
            PlaybackState::Progress => ("progress", PLAYBACK_PROGRESS),
            PlaybackState::Stopped => ("stopped", PLAYBACK_STOPPED),
        };
        // Who stops gives the place up. The session stays open, so that "once more" needs no new one.
        let lease_until_ms = if report.state == PlaybackState::Stopped { 0 } else { now_ms + report.lease_ms };
        let mut tx = self.database.begin_write().await?;
        // Takes the row's lock, so that reports of one session are told in one order.
        let row = sqlx::query(
            "UPDATE playback_sessions SET lease_until_ms = CASE WHEN closed = '' THEN $4 ELSE 0 END
             WHERE id = $1 AND account_id = $2 AND profile_id = $3
             RETURNING title_id, episode_id, duration_ms, state, position_ms, closed",
        )
        .bind(report.session_id)
        .bind(report.account_id)
        .bind(report.profile_id.unwrap_or_default())
        .bind(lease_until_ms)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = row else {
            tx.rollback().await?;
            return Ok(Reported::NotFound);
        };
        let closing = Closing::of(&row.try_get::<String, _>("closed")?);
        // The last word of a session that is over still tells how far its viewer got.
        if let Some(closing) = closing
            && report.state != PlaybackState::Stopped
        {
            tx.rollback().await?;
            return Ok(Reported::Closed(closing));
        }
        let duration_ms: i64 = row.try_get("duration_ms")?;
        let (before, position_before): (String, i64) = (row.try_get("state")?, row.try_get("position_ms")?);
        let position_ms = report.position_ms.clamp(0, duration_ms);
        let is_repeated = match report.state {
            PlaybackState::Started => before != "created",
            // Who stands at the beginning of what never began has seen nothing either.
            PlaybackState::Progress | PlaybackState::Stopped => {
                position_before == position_ms && (before == name || before == "created")
            }
        };
        if !is_repeated {
            sqlx::query("UPDATE playback_sessions SET state = $1, position_ms = $2 WHERE id = $3")
                .bind(name)
                .bind(position_ms)
                .bind(report.session_id)
                .execute(&mut *tx)
                .await?;
            let title_id: String = row.try_get("title_id")?;
            let data = PlaybackEvent {
                playback_id: report.session_id.to_owned(),
                account_id: report.account_id.to_owned(),
                profile_id: report.profile_id.map(str::to_owned),
                title_id: title_id.clone(),
                episode_id: absent_if_empty(row.try_get("episode_id")?),
                position_s: position_ms as f64 / 1000.0,
                duration_s: duration_ms as f64 / 1000.0,
                synthetic: false,
            };
            outbox::append(
                &mut tx,
                &NewEvent { type_: type_.to_owned(), subject: title_id, time_ms: now_ms, data: json!(data) },
            )
            .await?;
        }
        tx.commit().await?;
        Ok(Reported::Taken(Noted { is_news: !is_repeated, position_ms, duration_ms }))
    }

    /// Sessions closed at or after `since_ms` whose token may still be good, oldest closing first, with when
    /// that was.
    pub async fn closed_sessions(
        &self,
        since_ms: i64,
        now_ms: i64,
        limit: i64,
    ) -> Result<Vec<(Closed, i64)>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, closed, closed_ms, expires_ms FROM playback_sessions
             WHERE closed_ms >= $1 AND closed <> '' AND expires_ms > $2 ORDER BY closed_ms LIMIT $3",
        )
        .bind(since_ms)
        .bind(now_ms)
        .bind(limit)
        .fetch_all(self.database.pool())
        .await
        .map_err(|error| self.database.explain(error))?;
        let mut closed = Vec::with_capacity(rows.len());
        for row in rows {
            if let Some(why) = Closing::of(&row.try_get::<String, _>("closed")?) {
                let each = Closed { id: row.try_get("id")?, why, expires_ms: row.try_get("expires_ms")? };
                closed.push((each, row.try_get("closed_ms")?));
            }
        }
        Ok(closed)
    }

    /// Writes events of invented viewers, once in the life of this store. `false`: they are there.
    pub async fn append_once(&self, milestone: &str, events: &[NewEvent], now_ms: i64) -> Result<bool, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let first = sqlx::query("INSERT INTO milestones (name, at_ms) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
            .bind(milestone)
            .bind(now_ms)
            .execute(&mut *tx)
            .await?;
        if first.rows_affected() == 0 {
            tx.rollback().await?;
            return Ok(false);
        }
        for event in events {
            outbox::append(&mut tx, event).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Forgets sessions that ended before `until_ms`, and what was kept because of them.
    pub async fn forget_sessions(&self, until_ms: i64) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query("DELETE FROM playback_sessions WHERE expires_ms < $1").bind(until_ms).execute(&mut *tx).await?;
        sqlx::query("DELETE FROM stream_accounts WHERE at_ms < $1").bind(until_ms).execute(&mut *tx).await?;
        sqlx::query("DELETE FROM erasures WHERE done_ms > 0 AND done_ms < $1").bind(until_ms).execute(&mut *tx).await?;
        tx.commit().await
    }
}

/// Sessions of the account that are not closed, in the order they began.
async fn open_streams(tx: &mut WriteTransaction, account_id: &str) -> Result<Vec<LiveStream>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, profile_id, title_id, episode_id, device_name, certification_age, created_ms, lease_until_ms, expires_ms
         FROM playback_sessions WHERE account_id = $1 AND closed = '' ORDER BY created_ms, id",
    )
    .bind(account_id)
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.iter().map(read_stream).collect::<Result<_, _>>()?)
}

fn read_stream(row: &AnyRow) -> Result<LiveStream, sqlx::Error> {
    Ok(LiveStream {
        id: row.try_get("id")?,
        profile_id: absent_if_empty(row.try_get("profile_id")?),
        playable: Playable {
            title_id: row.try_get("title_id")?,
            episode_id: absent_if_empty(row.try_get("episode_id")?),
        },
        device_name: row.try_get("device_name")?,
        certification_age: u8::try_from(row.try_get::<i64, _>("certification_age")?).unwrap_or(u8::MAX),
        created_ms: row.try_get("created_ms")?,
        lease_until_ms: row.try_get("lease_until_ms")?,
        expires_ms: row.try_get("expires_ms")?,
    })
}

fn closed_of(open: &[LiveStream], (id, why): (String, Closing)) -> Option<Closed> {
    let expires_ms = open.iter().find(|stream| stream.id == id)?.expires_ms;
    Some(Closed { id, why, expires_ms })
}

async fn close(tx: &mut WriteTransaction, closed: &Closed, now_ms: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE playback_sessions SET closed = $1, closed_ms = $2, lease_until_ms = 0 WHERE id = $3")
        .bind(closed.why.name())
        .bind(now_ms)
        .bind(&closed.id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
