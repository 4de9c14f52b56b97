//! How many renewals came within the last minute, one count a second.

/// Seconds that are counted.
const SECONDS: u64 = 60;

#[derive(Clone, Debug)]
pub(super) struct Renewals {
    counts: [u32; SECONDS as usize],
    /// The second counted last.
    second: u64,
    sum: u64,
}

impl Default for Renewals {
    fn default() -> Self {
        Renewals { counts: [0; SECONDS as usize], second: 0, sum: 0 }
    }
}

impl Renewals {
    pub(super) fn count(&mut self, now_ms: u64) {
        self.move_to(now_ms / 1000);
        self.counts[(self.second % SECONDS) as usize] += 1;
        self.sum += 1;
    }

    pub(super) fn last_minute(&mut self, now_ms: u64) -> u64 {
        self.move_to(now_ms / 1000);
        self.sum
    }

    fn move_to(&mut self, second: u64) {
        let passed = second.saturating_sub(self.second).min(SECONDS);
        for step in 1..=passed {
            let slot = &mut self.counts[((self.second + step) % SECONDS) as usize];
            self.sum -= u64::from(std::mem::take(slot));
        }
        if passed == SECONDS {
            self.counts = [0; SECONDS as usize];
            self.sum = 0;
        }
        self.second = self.second.max(second);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_older_than_a_minute_is_forgotten_second_by_second() {
        let mut renewals = Renewals::default();
        for second in 0..100_u64 {
            renewals.count(second * 1000 + 7);
        }
        assert_eq!(renewals.last_minute(99_900), 60);
        assert_eq!(renewals.last_minute(120_000), 39);
        assert_eq!(renewals.last_minute(158_999), 1);
        assert_eq!(renewals.last_minute(159_000), 0);
        renewals.count(10_000_000);
        assert_eq!(renewals.last_minute(10_000_000), 1);
    }
}
