//! Metrics in the archive: series by their labels, points by time.

use std::collections::{BTreeMap, BTreeSet};

use bijou_store::StoreError;
use serde_json::json;
use sqlx::Row as _;

use super::Archive;
use super::segment::Segment;
use crate::domain::series::{LOOKED_AT_EVERY_S, Point, STALE_S, Series, Steps};
use bijou_telemetry::openmetrics::{Exemplar, Family, Kind, Labels, Sample};

/// Points read for one graph; beyond them the newest are left out, and the answer says so.
const POINTS_MAX: i64 = 400_000;

/// Values told of each label.
const VALUES_MAX: usize = 100;

pub const INSERT_FAMILIES: &str = "INSERT OR REPLACE INTO families (name, kind, unit, help)
    SELECT value->>0, value->>1, value->>2, value->>3 FROM json_each($1)";

pub const INSERT_SERIES: &str = "INSERT OR IGNORE INTO series (name, labels, bounds)
    SELECT value->>0, value->>1, value->>2 FROM json_each($1)";

pub const INSERT_POINTS: &str = "INSERT OR REPLACE INTO points (series, at_s, value, counts, exemplar)
    SELECT s.id, value->>3, value->>4, value->>5, value->>6
    FROM json_each($1) CROSS JOIN series s ON s.name = value->>0 AND s.labels = value->>1";

/// A metric and the labels it has.
#[derive(Debug, Clone)]
pub struct Known {
    pub family: Family,
    pub labels: BTreeMap<String, BTreeSet<String>>,
}

/// A measurement that leads to a trace.
#[derive(Debug, Clone)]
pub struct Example {
    pub at_s: i64,
    pub labels: Labels,
    pub exemplar: Exemplar,
}

/// From when to when points are wanted, in seconds since 1970, both ends included.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_field_names, reason = "units stand last")]
pub struct Stretch {
    pub from_s: i64,
    pub to_s: i64,
    /// Of points nearer to each other than this only the last is read: a day has too many of them to look at. What was
    /// counted between it and a restart within the same piece is then missing.
    pub apart_s: i64,
}

impl Stretch {
    /// What a graph of these steps needs: four points a step, and what stood before the first.
    pub fn of(steps: Steps) -> Self {
        let to_s = steps.end_s();
        let apart_s = Some(steps.step_s / 4).filter(|apart_s| *apart_s > LOOKED_AT_EVERY_S).unwrap_or(1);
        Self { from_s: steps.from_s - STALE_S, to_s, apart_s }
    }

    /// The same up to a later moment.
    pub fn until(self, until_s: i64) -> Self {
        Self { to_s: self.to_s.max(until_s), ..self }
    }
}

/// What was kept of one metric.
#[derive(Debug, Default)]
pub struct Found {
    pub series: Vec<Series>,
    pub examples: Vec<Example>,
    pub is_cut: bool,
}

/// A point's row: series by name, labels and bounds; time, value, counts, exemplars.
pub fn point_row(sample: &Sample, at_s: i64) -> String {
    // JSON has no infinity: the last bound is null, which is what serde makes of it.
    let bounds: Vec<f64> = sample.buckets.iter().map(|(bound, _)| *bound).collect();
    let counts: Vec<f64> = sample.buckets.iter().map(|(_, count)| *count).collect();
    let exemplars: Vec<_> =
        sample.exemplars.iter().map(|example| json!([example.value, example.trace_id, example.at_s])).collect();
    let exemplars = (!exemplars.is_empty()).then_some(exemplars);
    let counts = (!counts.is_empty()).then_some(counts);
    let value = if sample.value.is_finite() { sample.value } else { 0.0 };
    json!([sample.name, sample.labels, bounds, at_s, value, counts, exemplars]).to_string()
}

/// A family's row.
pub fn family_row(family: &Family) -> String {
    json!([family.name, family.kind.as_str(), family.unit, family.help]).to_string()
}

impl Archive {
    /// Every metric there are points of, by name.
    pub async fn metrics(&self) -> Result<Vec<Known>, StoreError> {
        let mut known: BTreeMap<String, Known> = BTreeMap::new();
        for segment in self.segments() {
            for family in segment.families().await? {
                let entry = known.entry(family.name.clone());
                entry.or_insert_with(|| Known { family, labels: BTreeMap::new() });
            }
            for (name, labels) in segment.labels().await? {
                let Some(known) = known.get_mut(&name) else { continue };
                for (label, value) in labels {
                    let values = known.labels.entry(label).or_default();
                    if values.len() < VALUES_MAX {
                        values.insert(value);
                    }
                }
            }
        }
        Ok(known.into_values().collect())
    }

    /// What is said of a metric, the newest word of it.
    pub async fn family(&self, name: &str) -> Result<Option<Family>, StoreError> {
        for segment in self.segments().iter().rev() {
            let families = segment.families().await?;
            if let Some(family) = families.into_iter().find(|family| family.name == name) {
                return Ok(Some(family));
            }
        }
        Ok(None)
    }

    /// The points of a metric within a stretch, of series that have all of `labels`.
    pub async fn points(&self, name: &str, labels: &Labels, stretch: Stretch) -> Result<Found, StoreError> {
        let mut series: BTreeMap<Labels, Series> = BTreeMap::new();
        let mut found = Found::default();
        let mut left = POINTS_MAX;
        // Oldest first, so that points come in the order of their times.
        for segment in self.segments() {
            if left > 0 {
                left -= segment.add_points(name, labels, (stretch, left), &mut series, &mut found.examples).await?;
            }
        }
        found.is_cut = left <= 0;
        found.series = series.into_values().collect();
        Ok(found)
    }
}

impl Segment {
    async fn families(&self) -> Result<Vec<Family>, StoreError> {
        let rows = sqlx::query("SELECT name, kind, unit, help FROM families")
            .fetch_all(self.database.pool())
            .await
            .map_err(|error| self.database.explain(error))?;
        let family = |row: &sqlx::any::AnyRow| {
            Ok(Family {
                name: row.try_get(0)?,
                kind: Kind::of_word(&row.try_get::<String, _>(1)?),
                unit: row.try_get(2)?,
                help: row.try_get(3)?,
            })
        };
        rows.iter().map(family).collect()
    }

    async fn labels(&self) -> Result<Vec<(String, Labels)>, StoreError> {
        let rows = sqlx::query("SELECT name, labels FROM series")
            .fetch_all(self.database.pool())
            .await
            .map_err(|error| self.database.explain(error))?;
        let labels = |row: &sqlx::any::AnyRow| {
            let labels = serde_json::from_str(&row.try_get::<String, _>(1)?).unwrap_or_default();
            Ok((row.try_get(0)?, labels))
        };
        rows.iter().map(labels).collect()
    }

    /// Adds what this file has; how many points that were.
    async fn add_points(
        &self,
        name: &str,
        wanted: &Labels,
        (Stretch { from_s, to_s, apart_s }, limit): (Stretch, i64),
        series: &mut BTreeMap<Labels, Series>,
        examples: &mut Vec<Example>,
    ) -> Result<i64, StoreError> {
        let mut conditions = vec!["s.name = $1 AND p.at_s >= $2 AND p.at_s <= $3".to_owned()];
        for number in (4..).step_by(2).take(wanted.len()) {
            let value = number + 1;
            conditions.push(format!("json_extract(s.labels, '$.' || json_quote(${number})) = ${value}"));
        }
        let condition = conditions.join(" AND ");
        let columns = "p.value, p.counts, p.exemplar, s.id FROM series s CROSS JOIN points p ON p.series = s.id";
        // With `max` SQLite takes the other columns from the row that has it: the last point of each piece. The first of all is
        // read as well: without the zero that it began at, what was counted in its first piece would not have risen.
        let sql = match apart_s {
            ..=1 => format!(
                "SELECT s.labels, s.bounds, p.at_s, {columns} WHERE {condition} ORDER BY s.id, p.at_s LIMIT {limit}"
            ),
            apart_s => format!(
                "SELECT s.labels, s.bounds, max(p.at_s) AS at_s, {columns} WHERE {condition}
                 GROUP BY s.id, p.at_s / {apart_s}
                 UNION
                 SELECT s.labels, s.bounds, p.at_s, {columns} WHERE {condition} AND p.at_s =
                     (SELECT min(early.at_s) FROM points early WHERE early.series = s.id AND early.at_s >= $2)
                 ORDER BY 7, 3 LIMIT {limit}"
            ),
        };
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(name).bind(from_s).bind(to_s);
        for (label, value) in wanted {
            query = query.bind(label.as_str()).bind(value.as_str());
        }
        let rows = query.fetch_all(self.database.pool()).await.map_err(|error| self.database.explain(error))?;
        let mut last: Option<(String, Labels)> = None;
        for row in &rows {
            let written: String = row.try_get(0)?;
            // Rows of a series follow each other: its labels are read once.
            let labels = match last.take() {
                Some((known, labels)) if known == written => labels,
                _ => serde_json::from_str(&written).unwrap_or_default(),
            };
            let at_s: i64 = row.try_get(2)?;
            let counts: Option<String> = row.try_get(4)?;
            let point =
                Point { at_s, value: row.try_get(3)?, counts: counts.map(|text| numbers(&text)).unwrap_or_default() };
            let kept: Vec<(f64, String, Option<f64>)> = row
                .try_get::<Option<String>, _>(5)?
                .and_then(|text| serde_json::from_str(&text).ok())
                .unwrap_or_default();
            examples.extend(kept.into_iter().map(|(value, trace_id, was_s)| Example {
                at_s: was_s.map_or(at_s, |was_s| was_s as i64),
                labels: labels.clone(),
                exemplar: Exemplar { value, trace_id, at_s: was_s },
            }));
            if !series.contains_key(&labels) {
                let bounds = numbers(&row.try_get::<String, _>(1)?);
                series.insert(labels.clone(), Series { labels: labels.clone(), bounds, points: Vec::new() });
            }
            if let Some(series) = series.get_mut(&labels) {
                series.points.push(point);
            }
            last = Some((written, labels));
        }
        Ok(rows.len() as i64)
    }
}

fn numbers(json: &str) -> Vec<f64> {
    let numbers: Vec<Option<f64>> = serde_json::from_str(json).unwrap_or_default();
    numbers.into_iter().map(|number| number.unwrap_or(f64::INFINITY)).collect()
}
