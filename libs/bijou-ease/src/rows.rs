//! Sparse rows: for each item, some others with a weight.

/// Rows of `(column, weight)` in one piece of memory.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SparseRows {
    /// Where each row ends.
    ends: Vec<u32>,
    columns: Vec<u32>,
    weights: Vec<f32>,
}

impl SparseRows {
    /// Rows to be filled by [`push`](Self::push).
    pub fn with_capacity(rows: usize, entries: usize) -> Self {
        Self {
            ends: Vec::with_capacity(rows),
            columns: Vec::with_capacity(entries),
            weights: Vec::with_capacity(entries),
        }
    }

    /// Rows from their parts: where each row ends, then columns and weights of all rows one after another.
    /// `None` when the parts do not fit together.
    pub fn from_parts(ends: Vec<u32>, columns: Vec<u32>, weights: Vec<f32>) -> Option<Self> {
        let rows = u32::try_from(ends.len()).ok()?;
        let is_whole = ends.last().copied().unwrap_or(0) as usize == columns.len()
            && columns.len() == weights.len()
            && ends.is_sorted()
            && columns.iter().all(|column| *column < rows)
            && weights.iter().all(|weight| weight.is_finite());
        is_whole.then_some(Self { ends, columns, weights })
    }

    /// Adds the next row.
    pub fn push(&mut self, row: impl IntoIterator<Item = (u32, f32)>) {
        for (column, weight) in row {
            self.columns.push(column);
            self.weights.push(weight);
        }
        self.ends.push(u32::try_from(self.columns.len()).expect("fewer weights than a 32-bit number counts"));
    }

    /// How many rows there are.
    pub fn row_count(&self) -> usize {
        self.ends.len()
    }

    /// How many weights there are in all rows.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether there is no weight at all.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// A row; empty when there is none of this number.
    pub fn row(&self, number: usize) -> impl ExactSizeIterator<Item = (u32, f32)> + '_ {
        let end = self.ends.get(number).map_or(0, |end| *end as usize);
        let start = if end == 0 || number == 0 { 0 } else { self.ends[number - 1] as usize };
        self.columns[start..end].iter().copied().zip(self.weights[start..end].iter().copied())
    }

    /// Where each row ends, the columns, the weights: for who writes them down.
    pub fn parts(&self) -> (&[u32], &[u32], &[f32]) {
        (&self.ends, &self.columns, &self.weights)
    }

    /// Adds to `scores` what the items of `history` say about every other item.
    pub fn add_scores(&self, history: &[(u32, f32)], scores: &mut [f32]) {
        for (item, strength) in history {
            for (column, weight) in self.row(*item as usize) {
                scores[column as usize] += strength * weight;
            }
        }
    }
}
