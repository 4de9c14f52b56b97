//! Chance that is none: numbers drawn from a title's id, the same on every machine.

use sha2::{Digest, Sha256};

/// A stream of numbers (SplitMix64).
#[derive(Debug, Clone)]
pub struct Seed(u64);

impl Seed {
    pub fn of(text: &str) -> Self {
        let digest = Sha256::digest(text);
        let mut first = [0; 8];
        first.copy_from_slice(&digest[..8]);
        Self(u64::from_le_bytes(first))
    }

    /// A stream of its own for one purpose: another draw more in the palette does not move the picture.
    pub fn fork(&self, purpose: &str) -> Self {
        Self::of(&format!("{:x} {purpose}", self.0))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From `low` up to, not including, `high`.
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        let unit = (self.next() >> 40) as f32 / (1_u32 << 24) as f32;
        low + (high - low) * unit
    }

    /// From `low` to `high`, both included.
    pub fn whole(&mut self, low: i32, high: i32) -> i32 {
        let span = u64::from(high.abs_diff(low)) + 1;
        low + (self.next() % span) as i32
    }

    /// True in `percent` of all cases.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.next() % 100 < u64::from(percent)
    }

    /// One of the items, which are not none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[(self.next() % items.len() as u64) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_numbers_everywhere() {
        let mut seed = Seed::of("metropolis");
        let drawn: Vec<i32> = (0..5).map(|_| seed.whole(1, 6)).collect();
        let mut again = Seed::of("metropolis");
        assert_eq!(drawn, (0..5).map(|_| again.whole(1, 6)).collect::<Vec<_>>());
        assert!(drawn.iter().all(|number| (1..=6).contains(number)));
        let between = again.between(-1.0, 1.0);
        assert!((-1.0..1.0).contains(&between));
    }
}
