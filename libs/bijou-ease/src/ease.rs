//! The closed form.

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::cholesky::llt::factor::{LltRegularization, cholesky_in_place, cholesky_in_place_scratch};
use faer::linalg::matmul::triangular::{BlockStructure, matmul};
use faer::linalg::triangular_inverse::invert_lower_triangular;
use faer::{Accum, MatMut, MatRef, Par, Spec};

use crate::{Interactions, SparseRows};

/// Side of the squares in which a matrix is turned over: two of them fit into a first-level cache.
const TILE: usize = 48;

/// Why there are no weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EaseError {
    #[error("there is nothing to learn from: nobody took anything")]
    NothingTaken,
    #[error("the regularisation must be a positive number")]
    Lambda,
    #[error("the matrix of items cannot be factorised at item {at}: a strength is not a usable number")]
    NotPositiveDefinite { at: usize },
}

/// A weight from every item to every other.
#[derive(Debug, Clone, PartialEq)]
pub struct Dense {
    item_count: usize,
    /// `weights[i * item_count + j]` is what having taken `i` says about `j`.
    weights: Vec<f32>,
}

/// What [`train`] needs at most, in bytes, for so many items, pairs of user and item, and weights kept of each item.
///
/// Two matrices (the inverse is made beside the factor, and written over the Gram matrix), the input, the result.
pub fn memory_bytes(items: usize, pairs: usize, kept: usize) -> u64 {
    let (items, pairs, kept) = (items as u64, pairs as u64, kept as u64);
    2 * 4 * items * items + 8 * pairs + 16 * items * kept.min(items)
}

/// Learns the weights. `threads`: how many to use, 0 for one per core.
pub fn train(taken: &Interactions, lambda: f32, threads: usize) -> Result<Dense, EaseError> {
    if taken.is_empty() {
        return Err(EaseError::NothingTaken);
    }
    if !(lambda > 0.0 && lambda.is_finite()) {
        return Err(EaseError::Lambda);
    }
    let n = taken.item_count();
    let mut matrix = gram(taken, lambda);
    invert(&mut matrix, n, if threads == 1 { Par::Seq } else { Par::rayon(threads) })?;
    mirror(&mut matrix, n);
    weigh(&mut matrix, n);
    Ok(Dense { item_count: n, weights: matrix })
}

/// `X'X + lambda I`, its lower triangle, column by column.
fn gram(taken: &Interactions, lambda: f32) -> Vec<f32> {
    let n = taken.item_count();
    let mut gram = vec![0.0; n * n];
    for user in taken.users() {
        for (at, (column, left)) in user.iter().enumerate() {
            let column = &mut gram[*column as usize * n..][..n];
            for (row, right) in &user[at..] {
                column[*row as usize] += left * right;
            }
        }
    }
    for at in 0..n {
        gram[at * n + at] += lambda;
    }
    gram
}

/// Replaces the lower triangle of a positive definite matrix by that of its inverse.
fn invert(matrix: &mut [f32], n: usize, par: Par) -> Result<(), EaseError> {
    {
        let mut memory = MemBuffer::new(cholesky_in_place_scratch::<f32>(n, par, Spec::default()));
        let whole = MatMut::from_column_major_slice_mut(&mut *matrix, n, n);
        cholesky_in_place(whole, LltRegularization::default(), par, MemStack::new(&mut memory), Spec::default())
            .map_err(|faer::linalg::cholesky::llt::factor::LltError::NonPositivePivot { index }| {
                EaseError::NotPositiveDefinite { at: index }
            })?;
    }
    let mut inverse = vec![0.0_f32; n * n];
    let factor = MatRef::from_column_major_slice(&*matrix, n, n);
    invert_lower_triangular(MatMut::from_column_major_slice_mut(&mut inverse, n, n), factor, par);
    let inverse = MatRef::from_column_major_slice(&inverse, n, n);
    matmul(
        MatMut::from_column_major_slice_mut(matrix, n, n),
        BlockStructure::TriangularLower,
        Accum::Replace,
        inverse.transpose(),
        BlockStructure::TriangularUpper,
        inverse,
        BlockStructure::TriangularLower,
        1.0,
        par,
    );
    Ok(())
}

/// Copies the lower triangle to the upper one, square by square: column by column it would miss the cache every time.
fn mirror(matrix: &mut [f32], n: usize) {
    for left in (0..n).step_by(TILE) {
        for top in (left..n).step_by(TILE) {
            for column in left..(left + TILE).min(n) {
                for row in top.max(column + 1)..(top + TILE).min(n) {
                    matrix[row * n + column] = matrix[column * n + row];
                }
            }
        }
    }
}

/// Turns the inverse into weights: each column divided by its own diagonal, none from an item to itself.
fn weigh(matrix: &mut [f32], n: usize) {
    let scales: Vec<f32> = (0..n).map(|at| -1.0 / matrix[at * n + at]).collect();
    for (at, row) in matrix.chunks_exact_mut(n).enumerate() {
        for (weight, scale) in row.iter_mut().zip(&scales) {
            *weight *= scale;
        }
        row[at] = 0.0;
    }
}

impl Dense {
    /// What having taken `from` says about each item.
    pub fn row(&self, from: usize) -> &[f32] {
        &self.weights[from * self.item_count..][..self.item_count]
    }

    /// The `kept` largest weights of each item, by amount, in falling order; equal ones by number.
    pub fn largest(&self, kept: usize) -> SparseRows {
        let mut rows = SparseRows::with_capacity(self.item_count, self.item_count * kept.min(self.item_count));
        let mut order: Vec<u32> = Vec::with_capacity(self.item_count);
        for from in 0..self.item_count {
            let row = self.row(from);
            let falling = |a: &u32, b: &u32| {
                let (left, right) = (row[*a as usize].abs(), row[*b as usize].abs());
                right.total_cmp(&left).then_with(|| a.cmp(b))
            };
            order.clear();
            order.extend((0..).zip(row).filter(|(_, weight)| **weight != 0.0).map(|(at, _): (u32, _)| at));
            if order.len() > kept && kept > 0 {
                order.select_nth_unstable_by(kept - 1, falling);
            }
            order.truncate(kept);
            order.sort_unstable_by(falling);
            rows.push(order.iter().map(|at| (*at, row[*at as usize])));
        }
        rows
    }
}

#[cfg(test)]
#[path = "ease_tests.rs"]
mod tests;
