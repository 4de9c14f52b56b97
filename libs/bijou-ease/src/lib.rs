//! EASE^R: weights between items from who took what, in closed form.
//!
//! A user's score for item `j` is the sum of `B[i][j]` over the items `i` they took, so a new play changes the scores
//! with the next look and needs no training; and the sum names its own largest parts, which is what an honest "because
//! you watched" is made of. Training costs one factorisation of a matrix of items by items, whatever the number of users.
//!
//! - [`Interactions`]: who took what, as sparse rows.
//! - [`train`]: the dense weights; [`memory_bytes`] says beforehand what that takes.
//! - [`Dense::largest`]: the few weights of each item that matter, as [`SparseRows`].
//! - [`neighbours`]: the same form of rows from features (genres, people), for items nobody took yet.
//!
//! Pure arithmetic: no clock, no files, no randomness. Left out on purpose: sparse approximations for more items than a
//! machine has memory for, and anything that learns by steps.

mod ease;
mod features;
mod interactions;
mod rows;

pub use ease::{Dense, EaseError, memory_bytes, train};
pub use features::neighbours;
pub use interactions::Interactions;
pub use rows::SparseRows;
