//! Models: learned weights between titles, as files that are made by one process and read by others.

pub(crate) mod file;
pub(crate) mod folder;
pub(crate) mod training;

use bijou_ease::SparseRows;

use crate::store::ModelFacts;

/// A model in memory. Titles are named by their place in `titles`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Model {
    pub(crate) version: String,
    pub(crate) made_ms: i64,
    pub(crate) facts: ModelFacts,
    /// Ids, the most played first; those that learned from plays before those that did not.
    pub(crate) titles: Vec<String>,
    /// What having watched a title says about others, from who watched what.
    pub(crate) viewing: SparseRows,
    /// The same from genres and people, where one of the two titles is played too little to tell.
    pub(crate) likeness: SparseRows,
}
