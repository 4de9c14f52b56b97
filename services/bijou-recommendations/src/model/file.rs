//! A model as a file.
//!
//! A line that names the format, the length of a JSON head, the head, six arrays of little-endian numbers, and a SHA-256
//! of everything before it. Whoever reads it knows whether it is whole; a file cut short or changed by a bad disk is an
//! error with a name, never a page of nonsense.

use std::fmt::Write as _;

use bijou_ease::SparseRows;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Model;
use crate::store::ModelFacts;

const FORMAT: &[u8] = b"bijou model 1\n";
const SUM_BYTES: usize = 32;

/// Why a file is no model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoModel {
    #[error("it is not a model, or one of another format")]
    Format,
    #[error("its checksum is wrong: it was cut short or changed")]
    Checksum,
    #[error("its parts do not fit together")]
    Parts,
}

#[derive(Serialize, Deserialize)]
struct Head {
    version: String,
    made_ms: i64,
    facts: ModelFacts,
    titles: Vec<String>,
    /// Weights in each of the two kinds of rows.
    viewing: usize,
    likeness: usize,
}

/// The file's bytes, and their checksum in hexadecimal digits.
pub(crate) fn write(model: &Model) -> Result<(Vec<u8>, String), serde_json::Error> {
    let head = Head {
        version: model.version.clone(),
        made_ms: model.made_ms,
        facts: model.facts.clone(),
        titles: model.titles.clone(),
        viewing: model.viewing.len(),
        likeness: model.likeness.len(),
    };
    let head = serde_json::to_vec(&head)?;
    let mut bytes = Vec::with_capacity(head.len() + 8 * (model.viewing.len() + model.likeness.len()) + 100);
    bytes.extend(FORMAT);
    bytes.extend((head.len() as u64).to_le_bytes());
    bytes.extend(head);
    for rows in [&model.viewing, &model.likeness] {
        let (ends, columns, weights) = rows.parts();
        bytes.extend(ends.iter().chain(columns).flat_map(|number| number.to_le_bytes()));
        bytes.extend(weights.iter().flat_map(|weight| weight.to_le_bytes()));
    }
    let sum = Sha256::digest(&bytes);
    bytes.extend(sum);
    let sum = Sha256::digest(&bytes);
    let mut hex = String::with_capacity(2 * sum.len());
    for byte in sum {
        let _ = write!(hex, "{byte:02x}");
    }
    Ok((bytes, hex))
}

/// The model in these bytes.
pub(crate) fn read(bytes: &[u8]) -> Result<Model, NoModel> {
    if !bytes.starts_with(FORMAT) {
        return Err(NoModel::Format);
    }
    let (content, sum) = bytes.split_last_chunk::<SUM_BYTES>().ok_or(NoModel::Checksum)?;
    if Sha256::digest(content).as_slice() != sum {
        return Err(NoModel::Checksum);
    }
    let mut rest = Rest(content.strip_prefix(FORMAT).ok_or(NoModel::Format)?);
    let length = rest.take(8)?.try_into().map(u64::from_le_bytes).map_err(|_| NoModel::Parts)?;
    let head = rest.take(usize::try_from(length).map_err(|_| NoModel::Parts)?)?;
    let head: Head = serde_json::from_slice(head).map_err(|_| NoModel::Parts)?;
    let viewing = rest.rows(head.titles.len(), head.viewing)?;
    let likeness = rest.rows(head.titles.len(), head.likeness)?;
    if !rest.0.is_empty() {
        return Err(NoModel::Parts);
    }
    let Head { version, made_ms, facts, titles, .. } = head;
    Ok(Model { version, made_ms, facts, titles, viewing, likeness })
}

/// What is still to be read.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], NoModel> {
        let (taken, left) = self.0.split_at_checked(count).ok_or(NoModel::Parts)?;
        self.0 = left;
        Ok(taken)
    }

    fn rows(&mut self, rows: usize, entries: usize) -> Result<SparseRows, NoModel> {
        let ends = self.fours(rows)?.map(u32::from_le_bytes).collect();
        let columns = self.fours(entries)?.map(u32::from_le_bytes).collect();
        let weights = self.fours(entries)?.map(f32::from_le_bytes).collect();
        SparseRows::from_parts(ends, columns, weights).ok_or(NoModel::Parts)
    }

    fn fours(&mut self, count: usize) -> Result<impl Iterator<Item = [u8; 4]> + use<'a>, NoModel> {
        let bytes = self.take(count.checked_mul(4).ok_or(NoModel::Parts)?)?;
        Ok(bytes.chunks_exact(4).map(|four| four.try_into().expect("chunks of four")))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(rows: &[Vec<(u32, f32)>]) -> SparseRows {
        let mut sparse = SparseRows::default();
        for row in rows {
            sparse.push(row.iter().copied());
        }
        sparse
    }

    fn any_rows(count: usize, most: usize) -> impl Strategy<Value = Vec<Vec<(u32, f32)>>> {
        prop::collection::vec(prop::collection::vec((0..count as u32, -1.0_f32..1.0), 0..most), count)
    }

    prop_compose! {
        fn any_model()(count in 1_usize..12)(
            viewing in any_rows(count, 6),
            likeness in any_rows(count, 3),
            made_ms in any::<i64>(),
        ) -> Model {
            Model {
                version: "20261124-1".to_owned(), made_ms, facts: ModelFacts::default(),
                titles: (0..viewing.len()).map(|n| format!("title-{n}")).collect(),
                viewing: rows(&viewing), likeness: rows(&likeness),
            }
        }
    }

    proptest! {
        #[test]
        fn a_model_is_read_as_it_was_written(model in any_model()) {
            let (bytes, _) = write(&model).expect("numbers and strings");
            prop_assert_eq!(read(&bytes), Ok(model));
        }

        #[test]
        fn a_file_that_was_cut_or_changed_is_no_model(model in any_model(), at: prop::sample::Index, change in 1_u8..=255) {
            let (bytes, _) = write(&model).expect("numbers and strings");
            let at = at.index(bytes.len());
            prop_assert!(read(&bytes[..at]).is_err());
            let mut changed = bytes;
            changed[at] ^= change;
            prop_assert!(read(&changed).is_err());
        }
    }
}
