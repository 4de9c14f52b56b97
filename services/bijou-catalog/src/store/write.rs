//! Changing titles: each change with its event, all changes of a call or none.

use std::collections::{BTreeMap, HashSet};

use bijou_catalog_api::events::{TITLE_PUBLISHED, TITLE_UPDATED, TITLE_WITHDRAWN, TitleEvent};
use bijou_store::outbox::{self, NewEvent};
use bijou_store::sqlx::{self, AnyConnection, Row as _};
use bijou_store::{StoreError, WriteTransaction};

use super::Store;
use super::artwork::{self, NewArtwork};
use super::list::kind_name;
use super::sql::{Arg, Sql, execute_in, insert_rows};
use crate::document::Document;
use crate::domain::text::sort_name;

/// Names of a genre by language.
pub type GenreNames = BTreeMap<String, String>;

/// One change of the catalog.
#[derive(Debug, Clone)]
pub enum Change {
    /// A title that is new, with the time it counts as added, in ms.
    Publish(Document, i64),
    /// A title that was there and is replaced.
    Update(Document),
    /// A title that leaves.
    Withdraw(Document),
}

impl Change {
    fn document(&self) -> &Document {
        match self {
            Self::Publish(document, _) | Self::Update(document) | Self::Withdraw(document) => document,
        }
    }
}

impl Store {
    /// The stored documents of these ids.
    pub async fn documents(&self, ids: &[&str]) -> Result<BTreeMap<String, Document>, StoreError> {
        let mut found = BTreeMap::new();
        for chunk in ids.chunks(1_000) {
            let mut sql = Sql::new("SELECT id, document FROM titles WHERE id IN ");
            sql.push_list(chunk.iter().map(|id| Arg::from(*id)));
            let rows = sql.query().fetch_all(self.database.pool()).await;
            for row in rows.map_err(|error| self.database.explain(error))? {
                found.insert(row.try_get(0)?, serde_json::from_str(&row.try_get::<String, _>(1)?)?);
            }
        }
        Ok(found)
    }

    /// Makes all changes in one transaction.
    pub async fn apply(
        &self,
        changes: &[Change],
        genres: &BTreeMap<String, GenreNames>,
        pictures: &[NewArtwork],
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        write_genres(&mut tx, genres).await?;
        write_titles(&mut tx, changes).await?;
        for picture in pictures {
            artwork::put(&mut tx, picture).await?;
        }
        let rows = sqlx::query("SELECT DISTINCT title_id FROM playables").fetch_all(&mut *tx).await?;
        let playable = rows.iter().map(|row| row.try_get(0)).collect::<Result<HashSet<String>, _>>()?;
        let events = changes
            .iter()
            .map(|change| event_of(change, playable.contains(&change.document().id), now_ms))
            .collect::<Result<Vec<_>, _>>()?;
        outbox::append_all(&mut tx, &events).await?;
        tx.commit().await
    }

    /// Stores a picture of a title or of one of its episodes, and tells that the title has changed.
    pub async fn put_artwork(&self, title_id: &str, picture: &NewArtwork, now_ms: i64) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        artwork::put(&mut tx, picture).await?;
        append_updates(&mut tx, &[title_id], now_ms).await?;
        tx.commit().await
    }
}

/// Recomputes whether titles can be played.
pub(super) async fn refresh_playable(tx: &mut AnyConnection, ids: &[&str]) -> Result<(), sqlx::Error> {
    execute_in(
        tx,
        "UPDATE titles SET
            playable = CASE WHEN EXISTS (SELECT 1 FROM playables p WHERE p.title_id = titles.id) THEN 1 ELSE 0 END,
            playable_s = (SELECT p.duration_s FROM playables p WHERE p.title_id = titles.id AND p.episode_id = '')
         WHERE id IN ",
        ids,
    )
    .await
}

/// Tells that titles have changed; ids without a title are passed over.
pub(super) async fn append_updates(tx: &mut WriteTransaction, ids: &[&str], now_ms: i64) -> Result<(), StoreError> {
    let mut events = Vec::with_capacity(ids.len());
    for id in ids {
        let row = sqlx::query("SELECT document, playable FROM titles WHERE id = $1")
            .bind(*id)
            .fetch_optional(&mut **tx)
            .await?;
        if let Some(row) = row {
            let document: Document = serde_json::from_str(&row.try_get::<String, _>(0)?)?;
            events.push(event(TITLE_UPDATED, &document, row.try_get::<i64, _>(1)? != 0, now_ms)?);
        }
    }
    outbox::append_all(tx, &events).await?;
    Ok(())
}

async fn write_genres(tx: &mut AnyConnection, genres: &BTreeMap<String, GenreNames>) -> Result<(), StoreError> {
    let rows = genres
        .iter()
        .map(|(id, names)| Ok(vec![Arg::from(id.as_str()), Arg::from(serde_json::to_string(names)?)]))
        .collect::<Result<Vec<_>, StoreError>>()?;
    let tail = " ON CONFLICT (id) DO UPDATE SET names = excluded.names";
    insert_rows(tx, "INSERT INTO genres (id, names) VALUES ", tail, rows).await?;
    Ok(())
}

async fn write_titles(tx: &mut AnyConnection, changes: &[Change]) -> Result<(), StoreError> {
    // What a title was found by goes first, whether it is replaced or leaves.
    let known: Vec<&str> = changes
        .iter()
        .filter(|change| !matches!(change, Change::Publish(..)))
        .map(|change| change.document().id.as_str())
        .collect();
    for table in ["title_genres", "title_people", "title_offers", "parts"] {
        execute_in(tx, &format!("DELETE FROM {table} WHERE title_id IN "), &known).await?;
    }
    let leaving: Vec<&str> = changes
        .iter()
        .filter(|change| matches!(change, Change::Withdraw(_)))
        .map(|change| change.document().id.as_str())
        .collect();
    execute_in(tx, "DELETE FROM titles WHERE id IN ", &leaving).await?;
    execute_in(tx, "DELETE FROM artwork WHERE subject_id IN ", &leaving).await?;

    let mut rows = Rows::default();
    for change in changes {
        match change {
            Change::Publish(document, added_ms) => rows.take(document, *added_ms)?,
            // The time of an update is not used: it conflicts, and the stored one stays.
            Change::Update(document) => rows.take(document, 0)?,
            Change::Withdraw(_) => {}
        }
    }
    rows.insert(tx).await?;
    sqlx::query(
        "UPDATE titles SET playable = 1,
            playable_s = (SELECT p.duration_s FROM playables p WHERE p.title_id = titles.id AND p.episode_id = '')
         WHERE playable = 0 AND id IN (SELECT title_id FROM playables)",
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}

/// Rows of all tables, gathered so that each table is written by few statements.
#[derive(Default)]
struct Rows {
    titles: Vec<Vec<Arg>>,
    genres: Vec<Vec<Arg>>,
    people: BTreeMap<String, String>,
    title_people: Vec<Vec<Arg>>,
    offers: Vec<Vec<Arg>>,
    parts: Vec<Vec<Arg>>,
}

impl Rows {
    fn take(&mut self, document: &Document, added_ms: i64) -> Result<(), StoreError> {
        let id = || Arg::from(document.id.as_str());
        self.titles.push(vec![
            id(),
            Arg::from(kind_name(document.kind)),
            Arg::from(i64::from(document.year)),
            Arg::from(i64::from(document.certification_age)),
            Arg::from(sort_name(document.name())),
            Arg::from(added_ms),
            Arg::from(0),
            Arg::from(i64::from(!document.offers.is_empty())),
            Arg::from(serde_json::to_string(document)?),
        ]);
        self.genres.extend(document.genres.iter().map(|genre| vec![Arg::from(genre.as_str()), id()]));
        for credit in &document.credits {
            self.people.insert(credit.person.clone(), credit.name.clone());
            self.title_people.push(vec![Arg::from(credit.person.as_str()), id()]);
        }
        self.offers.extend(document.offers.iter().map(|offer| {
            let from = offer.from.map_or(i64::MIN, jiff::Timestamp::as_millisecond);
            let until = offer.until.map_or(i64::MAX, jiff::Timestamp::as_millisecond);
            vec![id(), Arg::from(offer.territory.as_str()), Arg::from(from), Arg::from(until)]
        }));
        for season in &document.seasons {
            self.parts.push(vec![Arg::from(season.id.as_str()), Arg::from("season"), id()]);
            let episodes = season.episodes.iter();
            self.parts.extend(episodes.map(|episode| vec![Arg::from(episode.id.as_str()), Arg::from("episode"), id()]));
        }
        Ok(())
    }

    async fn insert(self, tx: &mut AnyConnection) -> Result<(), sqlx::Error> {
        insert_rows(
            tx,
            "INSERT INTO titles
                (id, kind, year, certification_age, sort_name, added_ms, playable, is_limited, document) VALUES ",
            " ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, year = excluded.year,
                certification_age = excluded.certification_age, sort_name = excluded.sort_name,
                is_limited = excluded.is_limited, document = excluded.document",
            self.titles,
        )
        .await?;
        let once = " ON CONFLICT DO NOTHING";
        insert_rows(tx, "INSERT INTO title_genres (genre_id, title_id) VALUES ", once, self.genres).await?;
        let people = self.people.into_iter().map(|(id, name)| vec![Arg::from(id), Arg::from(name)]).collect();
        let renamed = " ON CONFLICT (id) DO UPDATE SET name = excluded.name";
        insert_rows(tx, "INSERT INTO people (id, name) VALUES ", renamed, people).await?;
        insert_rows(tx, "INSERT INTO title_people (person_id, title_id) VALUES ", once, self.title_people).await?;
        let offers = "INSERT INTO title_offers (title_id, territory, from_ms, until_ms) VALUES ";
        insert_rows(tx, offers, "", self.offers).await?;
        insert_rows(tx, "INSERT INTO parts (id, kind, title_id) VALUES ", "", self.parts).await
    }
}

fn event_of(change: &Change, playable: bool, now_ms: i64) -> Result<NewEvent, StoreError> {
    let type_ = match change {
        Change::Publish(..) => TITLE_PUBLISHED,
        Change::Update(_) => TITLE_UPDATED,
        Change::Withdraw(_) => TITLE_WITHDRAWN,
    };
    event(type_, change.document(), playable, now_ms)
}

fn event(type_: &str, document: &Document, playable: bool, time_ms: i64) -> Result<NewEvent, StoreError> {
    let data = TitleEvent {
        title_id: document.id.clone(),
        kind: kind_name(document.kind).to_owned(),
        name: document.name().to_owned(),
        playable,
        certification_age: document.certification_age,
        offers: document.offers.clone(),
    };
    Ok(NewEvent { type_: type_.to_owned(), subject: document.id.clone(), time_ms, data: serde_json::to_value(data)? })
}
