//! Lists of titles: a part of an order, and the counts beside it.

use bijou_catalog_api::{Kind, Territory, Viewer};
use bijou_store::StoreError;
use bijou_store::sqlx::Row as _;

use super::sql::{Arg, Sql};
use super::{Store, TITLE_COLUMNS, Title, title_of};
use crate::domain::query::{Filter, Key, Place, Sort};
use crate::domain::viewing::Viewing;

/// How many titles there are by property.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    pub total: u64,
    pub kinds: Vec<(String, u64)>,
    pub genres: Vec<(String, u64)>,
    /// By the first year of the decade.
    pub decades: Vec<(i64, u64)>,
}

/// A property a list can be narrowed by, whose own condition its counts leave out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Facet {
    Kind,
    Genre,
    Decade,
}

/// How a statement reads titles, which decides how a condition is best put.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// In the order of a list, until there are enough. Conditions are looked at on the way: an index of what one of them
    /// finds would give thousands of titles to be put in order first.
    InOrder,
    /// All there are, for a facet without its own condition.
    Counting(Option<Facet>),
}

impl Store {
    /// The titles after `place` in this order that are there for the viewer, at most `limit`.
    pub async fn list(
        &self,
        filter: &Filter,
        viewing: &Viewing,
        sort: Sort,
        place: Option<&Place>,
        limit: u32,
    ) -> Result<Vec<Title>, StoreError> {
        // Which titles first, out of an index that has all it takes; then the documents of those.
        let mut sql =
            Sql::new(&format!("SELECT {TITLE_COLUMNS} FROM titles t JOIN (SELECT t.id FROM titles t WHERE 1 = 1"));
        conditions(&mut sql, filter, Reading::InOrder);
        visible(&mut sql, viewing);
        let (column, direction) = match sort {
            Sort::Added => ("added_ms", "DESC"),
            Sort::Name => ("sort_name", "ASC"),
            Sort::Newest => ("year", "DESC"),
            Sort::Oldest => ("year", "ASC"),
        };
        if let Some(place) = place {
            let than = if direction == "DESC" { "<" } else { ">" };
            let key = match &place.key {
                Key::Number(number) => Arg::from(*number),
                Key::Text(text) => Arg::from(text.as_str()),
            };
            sql.push(&format!(" AND (t.{column}, t.id) {than} (?, ?)"), [key, Arg::from(place.id.as_str())]);
        }
        let order = format!("ORDER BY t.{column} {direction}, t.id {direction}");
        sql.push(&format!(" {order} LIMIT ?) listed ON listed.id = t.id {order}"), [Arg::from(i64::from(limit))]);
        let rows = sql.query().fetch_all(self.database.pool()).await;
        rows.map_err(|error| self.database.explain(error))?.iter().map(title_of).collect()
    }

    /// Counts for narrowing this list down. Each property is counted as if its own condition were not there: what is
    /// shown beside "Horror" is how many titles "Comedy" would give instead.
    pub async fn counts(&self, filter: &Filter, viewing: &Viewing) -> Result<Counts, StoreError> {
        let mut total = Sql::new("SELECT count(*) FROM titles t WHERE 1 = 1");
        conditions(&mut total, filter, Reading::Counting(None));
        visible(&mut total, viewing);
        let total = total.query().fetch_one(self.database.pool()).await;
        let total: i64 = total.map_err(|error| self.database.explain(error))?.try_get(0)?;

        let by_kind = "SELECT t.kind, count(*) FROM titles t";
        let kinds = self.count_by::<String>(by_kind, filter, viewing, Facet::Kind).await?;
        let is_narrowed = viewing.viewer != Viewer::service()
            || *filter != Filter { genre: filter.genre.clone(), ..Filter::default() };
        // Nothing to look up in the titles: a walk over one index instead of a join.
        let by_genre = if is_narrowed {
            "SELECT g.genre_id, count(*) FROM title_genres g JOIN titles t ON t.id = g.title_id"
        } else {
            "SELECT t.genre_id, count(*) FROM title_genres t"
        };
        let genres = self.count_by::<String>(by_genre, filter, viewing, Facet::Genre).await?;
        let by_decade = "SELECT (t.year / 10) * 10, count(*) FROM titles t";
        let decades = self.count_by::<i64>(by_decade, filter, viewing, Facet::Decade).await?;
        Ok(Counts { total: total as u64, kinds, genres, decades })
    }

    /// Runs `SELECT value, count(*) FROM ...` by value, the most frequent first; decades newest first.
    async fn count_by<T>(
        &self,
        select: &str,
        filter: &Filter,
        viewing: &Viewing,
        facet: Facet,
    ) -> Result<Vec<(T, u64)>, StoreError>
    where
        T: for<'r> bijou_store::sqlx::Decode<'r, bijou_store::sqlx::Any>
            + bijou_store::sqlx::Type<bijou_store::sqlx::Any>,
    {
        let mut sql = Sql::new(select);
        sql.push(" WHERE 1 = 1", []);
        conditions(&mut sql, filter, Reading::Counting(Some(facet)));
        visible(&mut sql, viewing);
        let order = if facet == Facet::Decade { "1 DESC" } else { "2 DESC, 1" };
        sql.push(&format!(" GROUP BY 1 ORDER BY {order}"), []);
        let rows = sql.query().fetch_all(self.database.pool()).await;
        rows.map_err(|error| self.database.explain(error))?
            .iter()
            .map(|row| Ok((row.try_get(0)?, row.try_get::<i64, _>(1)? as u64)))
            .collect()
    }
}

fn conditions(sql: &mut Sql, filter: &Filter, reading: Reading) {
    let is_counted = |facet| reading == Reading::Counting(Some(facet));
    if let Some(kind) = filter.kind
        && !is_counted(Facet::Kind)
    {
        sql.push(" AND t.kind = ?", [Arg::from(kind_name(kind))]);
    }
    if let Some(genre) = &filter.genre
        && !is_counted(Facet::Genre)
    {
        let condition = match reading {
            Reading::InOrder => " AND EXISTS (SELECT 1 FROM title_genres g WHERE g.genre_id = ? AND g.title_id = t.id)",
            Reading::Counting(_) => " AND t.id IN (SELECT title_id FROM title_genres WHERE genre_id = ?)",
        };
        sql.push(condition, [Arg::from(genre.as_str())]);
    }
    if !is_counted(Facet::Decade) {
        // A plus keeps SQLite from the index of years, which it takes for the shortest way to any range of them.
        let year = if reading == Reading::InOrder { "+t.year" } else { "t.year" };
        if let Some(from) = filter.year_from {
            sql.push(&format!(" AND {year} >= ?"), [Arg::from(i64::from(from))]);
        }
        if let Some(to) = filter.year_to {
            sql.push(&format!(" AND {year} <= ?"), [Arg::from(i64::from(to))]);
        }
    }
    if let Some(age) = filter.age_max {
        sql.push(" AND t.certification_age <= ?", [Arg::from(i64::from(age))]);
    }
    if let Some(playable) = filter.playable {
        sql.push(" AND t.playable = ?", [Arg::from(i64::from(playable))]);
    }
    if let Some(ids) = &filter.ids {
        sql.push(" AND t.id IN ", []).push_list(ids.iter().map(|id| Arg::from(id.as_str())));
    }
}

/// The rule of who may see a title ([`bijou_catalog_api::Viewer::may_see`]) as a condition on `titles t`.
pub(super) fn visible(sql: &mut Sql, viewing: &Viewing) {
    if let Some(ceiling) = viewing.viewer.maturity {
        sql.push(" AND t.certification_age <= ?", [Arg::from(i64::from(ceiling))]);
    }
    match &viewing.viewer.territory {
        Territory::Everywhere => {}
        Territory::Unknown => {
            sql.push(" AND t.is_limited = 0", []);
        }
        Territory::In(country) => {
            let at = || Arg::from(viewing.at_ms());
            let offered = " AND (t.is_limited = 0 OR EXISTS (SELECT 1 FROM title_offers o
                WHERE o.title_id = t.id AND o.territory = ? AND o.from_ms <= ? AND o.until_ms > ?))";
            sql.push(offered, [Arg::from(country.as_str()), at(), at()]);
        }
    }
}

/// A kind as it is stored and as it travels.
pub fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Movie => "movie",
        Kind::Show => "show",
    }
}
