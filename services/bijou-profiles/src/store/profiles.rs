//! Profiles themselves.

use bijou_profiles_api::events::{PROFILE_CREATED, PROFILE_UPDATED, ProfileEvent};
use bijou_store::outbox::{self, NewEvent};
use bijou_store::{StoreError, WriteTransaction};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Store, shelf_changed};
use crate::domain::household::Member;
use crate::domain::profile::{Avatar, InvalidProfile, Preferences};

/// Somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Profile {
    pub(crate) id: String,
    pub(crate) account_id: String,
    pub(crate) name: String,
    pub(crate) avatar: Avatar,
    pub(crate) language: String,
    pub(crate) maturity: Option<u8>,
    pub(crate) kids: bool,
    pub(crate) pin_hash: Option<String>,
    pub(crate) preferences: Preferences,
    pub(crate) picks: Vec<String>,
    pub(crate) created_ms: i64,
}

impl Profile {
    pub(crate) fn member(&self) -> Member<'_> {
        Member { id: &self.id, kids: self.kids, has_pin: self.pin_hash.is_some(), maturity: self.maturity }
    }
}

/// What becomes of a change.
#[derive(Debug)]
pub(crate) enum Change {
    Done(Box<Profile>),
    Invalid(InvalidProfile),
    Gone,
}

const COLUMNS: &str =
    "id, account_id, name, avatar, language, maturity, kids, pin_hash, preferences, picks, created_ms";

impl Store {
    /// The account's profiles, the oldest first.
    pub(crate) async fn profiles(&self, account: &str) -> Result<Vec<Profile>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM profiles WHERE account_id = $1 ORDER BY created_ms, id");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(account)
            .fetch_all(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        rows.iter().map(profile).collect()
    }

    /// A profile, if it is this account's.
    pub(crate) async fn profile(&self, account: &str, id: &str) -> Result<Option<Profile>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM profiles WHERE id = $1 AND account_id = $2");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(id)
            .bind(account)
            .fetch_optional(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        row.as_ref().map(profile).transpose()
    }

    /// A profile, whosever it is: for those who look into a complaint.
    pub(crate) async fn profile_of_any_account(&self, id: &str) -> Result<Option<Profile>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM profiles WHERE id = $1");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(id)
            .fetch_optional(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        row.as_ref().map(profile).transpose()
    }

    /// Adds a profile, unless the account has `profiles_max`.
    pub(crate) async fn add_profile(
        &self,
        profile: &Profile,
        profiles_max: i64,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        let mut tx = self.database.begin_write().await?;
        // On PostgreSQL two of these could count the same number. The head of the outbox keeps them apart: each appends
        // its event, and thereby waits for the other's commit, before it counts.
        outbox::append(&mut tx, &told(PROFILE_CREATED, profile, now_ms)).await?;
        let added = sqlx::query(
            "INSERT INTO profiles
                 (id, account_id, name, avatar, language, maturity, kids, pin_hash, preferences, picks, created_ms,
                  history_since_ms, shelf_version)
             SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0
             WHERE (SELECT CAST(count(*) AS BIGINT) FROM profiles WHERE account_id = $2) < $12",
        )
        .bind(profile.id.as_str())
        .bind(profile.account_id.as_str())
        .bind(profile.name.as_str())
        .bind(word(&profile.avatar)?)
        .bind(profile.language.as_str())
        .bind(profile.maturity.map(i64::from))
        .bind(i64::from(profile.kids))
        .bind(profile.pin_hash.as_deref())
        .bind(serde_json::to_string(&profile.preferences)?)
        .bind(serde_json::to_string(&profile.picks)?)
        .bind(profile.created_ms)
        .bind(profiles_max)
        .execute(&mut *tx)
        .await?;
        if added.rows_affected() == 0 {
            tx.rollback().await?;
            return Ok(false);
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Changes what a profile is called and may see, as `change` says.
    pub(crate) async fn change_profile(
        &self,
        account: &str,
        id: &str,
        now_ms: i64,
        change: impl FnOnce(&mut Profile) -> Result<(), InvalidProfile> + Send,
    ) -> Result<Change, StoreError> {
        let mut tx = self.database.begin_write().await?;
        // Holds the profile until it is written.
        shelf_changed(&mut tx, id).await?;
        let sql = format!("SELECT {COLUMNS} FROM profiles WHERE id = $1 AND account_id = $2");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).bind(account).fetch_optional(&mut *tx).await?;
        let Some(mut profile) = row.as_ref().map(profile).transpose()? else {
            tx.rollback().await?;
            return Ok(Change::Gone);
        };
        if let Err(error) = change(&mut profile) {
            tx.rollback().await?;
            return Ok(Change::Invalid(error));
        }
        sqlx::query(
            "UPDATE profiles SET name = $2, avatar = $3, language = $4, maturity = $5, kids = $6 WHERE id = $1",
        )
        .bind(id)
        .bind(profile.name.as_str())
        .bind(word(&profile.avatar)?)
        .bind(profile.language.as_str())
        .bind(profile.maturity.map(i64::from))
        .bind(i64::from(profile.kids))
        .execute(&mut *tx)
        .await?;
        outbox::append(&mut tx, &told(PROFILE_UPDATED, &profile, now_ms)).await?;
        tx.commit().await?;
        Ok(Change::Done(Box::new(profile)))
    }

    /// `false` when the profile is gone.
    pub(crate) async fn set_preferences(
        &self,
        account: &str,
        id: &str,
        preferences: &Preferences,
    ) -> Result<bool, StoreError> {
        let text = serde_json::to_string(preferences)?;
        self.set_text("preferences", account, id, &text).await
    }

    /// `false` when the profile is gone.
    pub(crate) async fn set_picks(&self, account: &str, id: &str, picks: &[String]) -> Result<bool, StoreError> {
        self.set_text("picks", account, id, &serde_json::to_string(picks)?).await
    }

    async fn set_text(&self, column: &str, account: &str, id: &str, text: &str) -> Result<bool, StoreError> {
        let sql = format!(
            "UPDATE profiles SET {column} = $3, shelf_version = shelf_version + 1 WHERE id = $1 AND account_id = $2"
        );
        let mut tx = self.database.begin_write().await?;
        let changed = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).bind(account).bind(text).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(changed.rows_affected() == 1)
    }

    /// The number that moves with everything a page may show; `None` when the profile is gone.
    pub(crate) async fn shelf_version(&self, id: &str) -> Result<Option<i64>, StoreError> {
        let row = sqlx::query("SELECT shelf_version FROM profiles WHERE id = $1")
            .bind(id)
            .fetch_optional(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }
}

/// Writes one event about a profile.
pub(super) async fn append(
    tx: &mut WriteTransaction,
    type_: &str,
    profile: &str,
    data: serde_json::Value,
    now_ms: i64,
) -> Result<(), StoreError> {
    let event = NewEvent { type_: type_.to_owned(), subject: profile.to_owned(), time_ms: now_ms, data };
    outbox::append(tx, &event).await?;
    Ok(())
}

fn told(type_: &str, profile: &Profile, now_ms: i64) -> NewEvent {
    let data = ProfileEvent {
        profile_id: profile.id.clone(),
        account_id: profile.account_id.clone(),
        kids: profile.kids,
        maturity: profile.maturity,
    };
    NewEvent {
        type_: type_.to_owned(),
        subject: profile.id.clone(),
        time_ms: now_ms,
        data: serde_json::to_value(data).expect("texts, numbers and a boolean"),
    }
}

/// An enum's name on the wire.
pub(super) fn word(value: &impl serde::Serialize) -> Result<String, StoreError> {
    let value = serde_json::to_value(value)?;
    Ok(value.as_str().expect("a unit variant is a text").to_owned())
}

fn profile(row: &AnyRow) -> Result<Profile, StoreError> {
    let avatar: String = row.try_get(3)?;
    let maturity: Option<i64> = row.try_get(5)?;
    let preferences: String = row.try_get(8)?;
    let picks: String = row.try_get(9)?;
    Ok(Profile {
        id: row.try_get(0)?,
        account_id: row.try_get(1)?,
        name: row.try_get(2)?,
        // A face a newer version knows: any other will do.
        avatar: serde_json::from_value(avatar.into()).unwrap_or_default(),
        language: row.try_get(4)?,
        // Out of range is read as the strictest: never as no ceiling.
        maturity: maturity.map(|age| u8::try_from(age).unwrap_or(0)),
        kids: row.try_get::<i64, _>(6)? != 0,
        pin_hash: row.try_get(7)?,
        // Of a newer version: those of this one, until somebody sets them again.
        preferences: serde_json::from_str(&preferences).unwrap_or_default(),
        picks: serde_json::from_str(&picks)?,
        created_ms: row.try_get(10)?,
    })
}
