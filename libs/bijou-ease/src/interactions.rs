//! Who took what.

/// Users by items, sparse: the matrix `X` of the paper.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Interactions {
    item_count: usize,
    /// Where each user's entries end.
    ends: Vec<usize>,
    entries: Vec<(u32, f32)>,
}

impl Interactions {
    /// Nobody yet, and items `0` to `item_count - 1`.
    pub fn new(item_count: usize) -> Self {
        Self { item_count, ends: Vec::new(), entries: Vec::new() }
    }

    /// Adds a user. An item named twice counts once, with the larger strength; items that do not exist are left out.
    pub fn push(&mut self, items: impl IntoIterator<Item = (u32, f32)>) {
        let start = self.entries.len();
        let known = items.into_iter().filter(|(item, strength)| (*item as usize) < self.item_count && *strength > 0.0);
        self.entries.extend(known);
        let user = &mut self.entries[start..];
        user.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.total_cmp(&a.1)));
        let mut kept = start;
        for at in start..self.entries.len() {
            if kept == start || self.entries[kept - 1].0 != self.entries[at].0 {
                self.entries[kept] = self.entries[at];
                kept += 1;
            }
        }
        self.entries.truncate(kept);
        self.ends.push(kept);
    }

    /// How many items there are.
    pub fn item_count(&self) -> usize {
        self.item_count
    }

    /// How many users there are.
    pub fn user_count(&self) -> usize {
        self.ends.len()
    }

    /// How many pairs of user and item there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nobody took anything.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Each user's items in ascending order, with their strengths.
    pub fn users(&self) -> impl Iterator<Item = &[(u32, f32)]> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let user = &self.entries[start..*end];
            start = *end;
            user
        })
    }
}
