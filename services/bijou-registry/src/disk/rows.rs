//! What stands on disk of a lease, under a number of its own: what its client says, and how it stands.
//!
//! Apart from each other, because most registrations of a known instance say nothing new but a time: a row of sixty bytes,
//! of which a page holds many, in place of one of a kilobyte.

use std::{collections::BTreeMap, sync::Arc};

use bijou_eureka::{ActionType, LeaseInfo, PackedInstance, Status, json};
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};
use serde::Deserialize;
use serde_json::value::RawValue;
use tracing::warn;

use super::Rows;
use crate::{
    documents::Form,
    leases::{Kept, Record},
};

/// The instance as JSON, and why its status was overridden.
const SAID: TableDefinition<'static, u64, &[u8]> = TableDefinition::new("said");
/// Status and times: they count more than those in [`SAID`].
const STANDS: TableDefinition<'static, u64, &[u8; STANDS_BYTES]> = TableDefinition::new("stands");
/// What there was before these: by application and instance id, as in [`SAID`].
const BEFORE: TableDefinition<'static, &[u8], &[u8]> = TableDefinition::new("leases");

const STANDS_BYTES: usize = 3 + 2 * 4 + 6 * 8;

/// A lease to be written.
#[derive(Clone, Debug)]
pub struct Row {
    pub record: Arc<Record>,
    pub overridden_ms: u64,
    pub override_reason: Option<Arc<str>>,
    /// Whether it says anything that is not on disk yet; how it stands is always written.
    pub says_new: bool,
}

/// What a client said, as it is written.
#[derive(Deserialize)]
struct Said<'a> {
    #[serde(default)]
    overridden_ms: u64,
    #[serde(default)]
    override_reason: Option<String>,
    #[serde(borrow)]
    instance: &'a RawValue,
}

/// Enters a row over an older one of the same lease.
pub(super) fn put(rows: &mut Rows, number: u64, mut row: Option<Row>) {
    let older = rows.remove(&number).flatten();
    if let (Some(row), Some(older)) = (&mut row, older) {
        row.says_new |= older.says_new;
    }
    rows.insert(number, row);
}

pub(super) fn write(database: &Database, rows: &Rows) -> Result<(), redb::Error> {
    let transaction = database.begin_write()?;
    {
        let mut stands = transaction.open_table(STANDS)?;
        for (number, row) in rows {
            match row {
                None => drop(stands.remove(number)?),
                Some(row) => drop(stands.insert(number, &standing(row))?),
            }
        }
        let news = rows.iter().filter(|(_, row)| row.as_ref().is_none_or(|row| row.says_new)).collect::<Vec<_>>();
        if !news.is_empty() {
            let mut said = transaction.open_table(SAID)?;
            for (number, row) in news {
                match row {
                    None => drop(said.remove(number)?),
                    Some(row) => drop(said.insert(number, saying(row).as_slice())?),
                }
            }
        }
    }
    transaction.commit()?;
    Ok(())
}

/// Everything there is.
pub(super) fn read(database: &Database) -> Result<Vec<Kept>, redb::Error> {
    take_over(database)?;
    let transaction = database.begin_read()?;
    let (said, stands) = match (transaction.open_table(SAID), transaction.open_table(STANDS)) {
        (Ok(said), Ok(stands)) => (said, stands),
        (Err(redb::TableError::TableDoesNotExist(_)), _) | (_, Err(redb::TableError::TableDoesNotExist(_))) => {
            return Ok(Vec::new());
        }
        (Err(error), _) | (_, Err(error)) => return Err(error.into()),
    };
    let mut kept = Vec::new();
    for row in said.iter()? {
        let (number, value) = row?;
        let number = number.value();
        let Some(mut lease) = parsed(number, value.value()) else {
            warn!("a lease on disk cannot be read: number {number}");
            continue;
        };
        if let Some(standing) = stands.get(number)? {
            stand(&mut lease, standing.value());
        }
        kept.push(lease);
    }
    Ok(kept)
}

/// Moves rows from the table that an earlier version wrote.
fn take_over(database: &Database) -> Result<(), redb::Error> {
    let mut rows: Rows = BTreeMap::new();
    {
        let transaction = database.begin_read()?;
        let before = match transaction.open_table(BEFORE) {
            Ok(before) => before,
            Err(redb::TableError::TableDoesNotExist(_)) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        for (row, number) in before.iter()?.zip(0..) {
            let Some(Kept { instance, overridden_ms, override_reason, .. }) = parsed(number, row?.1.value()) else {
                continue;
            };
            let override_reason = override_reason.map(Into::into);
            let record = Arc::new(Record::new(instance));
            rows.insert(number, Some(Row { record, overridden_ms, override_reason, says_new: true }));
        }
    }
    if !rows.is_empty() {
        write(database, &rows)?;
    }
    let transaction = database.begin_write()?;
    transaction.delete_table(BEFORE)?;
    transaction.commit()?;
    Ok(())
}

fn parsed(number: u64, bytes: &[u8]) -> Option<Kept> {
    let said: Said<'_> = serde_json::from_slice(bytes).ok()?;
    let instance = json::read_instance(said.instance.get().as_bytes()).ok()?;
    let instance = PackedInstance::from(&instance);
    Some(Kept { number, instance, overridden_ms: said.overridden_ms, override_reason: said.override_reason })
}

fn saying(row: &Row) -> Vec<u8> {
    let mut out = Vec::with_capacity(1536);
    out.extend_from_slice(format!(r#"{{"overridden_ms":{},"#, row.overridden_ms).as_bytes());
    if let Some(reason) = &row.override_reason {
        out.extend_from_slice(br#""override_reason":"#);
        json::write_text(&mut out, reason);
        out.push(b',');
    }
    out.extend_from_slice(br#""instance":"#);
    row.record.write(&mut out, Form::Json);
    out.push(b'}');
    out
}

const ACTIONS: [ActionType; 3] = [ActionType::Added, ActionType::Modified, ActionType::Deleted];

fn standing(row: &Row) -> [u8; STANDS_BYTES] {
    let PackedInstance { status, overridden_status, action, lease, last_updated_ms, last_dirty_ms, .. } =
        row.record.instance;
    let action = ACTIONS.iter().zip(1..).find(|(known, _)| action == Some(**known)).map_or(0, |(_, code)| code);
    let mut out = [0; STANDS_BYTES];
    out[..3].copy_from_slice(&[status as u8, overridden_status as u8, action]);
    out[3..7].copy_from_slice(&lease.renewal_interval_s.to_le_bytes());
    out[7..11].copy_from_slice(&lease.duration_s.to_le_bytes());
    let times = [
        lease.registration_ms,
        lease.last_renewal_ms,
        lease.service_up_ms,
        last_updated_ms,
        last_dirty_ms,
        row.overridden_ms,
    ];
    for (place, time) in out[11..].chunks_exact_mut(8).zip(times) {
        place.copy_from_slice(&time.to_le_bytes());
    }
    out
}

fn stand(lease: &mut Kept, standing: &[u8; STANDS_BYTES]) {
    let status = |code: u8| Status::ALL.get(usize::from(code)).copied().unwrap_or_default();
    let seconds = |at: usize| u32::from_le_bytes([standing[at], standing[at + 1], standing[at + 2], standing[at + 3]]);
    let mut times = [0; 6];
    for (time, bytes) in times.iter_mut().zip(standing[11..].chunks_exact(8)) {
        *time = bytes.iter().rev().fold(0, |time, byte| time << 8 | u64::from(*byte));
    }
    let [registration_ms, last_renewal_ms, service_up_ms, last_updated_ms, last_dirty_ms, overridden_ms] = times;
    let instance = &mut lease.instance;
    (instance.status, instance.overridden_status) = (status(standing[0]), status(standing[1]));
    instance.action = usize::from(standing[2]).checked_sub(1).and_then(|code| ACTIONS.get(code).copied());
    instance.lease =
        LeaseInfo { registration_ms, last_renewal_ms, service_up_ms, ..LeaseInfo::new(seconds(3), seconds(7)) };
    (instance.last_updated_ms, instance.last_dirty_ms) = (last_updated_ms, last_dirty_ms);
    lease.overridden_ms = overridden_ms;
}
