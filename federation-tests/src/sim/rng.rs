//! Chance that can be repeated: the same seed gives the same numbers on every machine.

use std::ops::Range;
use std::time::Duration;

/// A sequence of numbers (SplitMix64): small, quick, and good enough to choose faults by.
#[derive(Debug, Clone)]
pub struct Rng(u64);

impl Rng {
    /// Begins the sequence of `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed ^ 0x5de9_2c4f_8a31_77b5)
    }

    /// Begins a sequence of its own for one purpose, so that a change there does not shift all others.
    #[must_use]
    pub fn fork(&mut self, purpose: u64) -> Self {
        Self(self.next() ^ purpose.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// Returns the next number.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Returns a number in `range`, or its start if it is empty.
    pub fn range(&mut self, range: Range<u64>) -> u64 {
        let width = range.end.saturating_sub(range.start);
        range.start + self.next().checked_rem(width).unwrap_or(0)
    }

    /// Returns an index below `len`, or 0.
    pub fn below(&mut self, len: usize) -> usize {
        let len = u64::try_from(len).unwrap_or(u64::MAX);
        usize::try_from(self.range(0..len)).unwrap_or(0)
    }

    /// Returns whether something happens that happens `permille` times in a thousand.
    pub fn happens(&mut self, permille: u64) -> bool {
        self.range(0..1000) < permille
    }

    /// Returns one of `choices`.
    ///
    /// # Panics
    ///
    /// If there is none.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        choices.get(self.below(choices.len())).expect("there is something to choose from")
    }

    /// Returns a pause in `range`, in milliseconds.
    pub fn pause(&mut self, range: Range<u64>) -> Duration {
        Duration::from_millis(self.range(range))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_a_sequence() {
        let numbers = |seed| {
            (0..8)
                .map({
                    let mut rng = Rng::new(seed);
                    move |_| rng.next()
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(numbers(1), numbers(1));
        assert_ne!(numbers(1), numbers(2));
        let mut rng = Rng::new(3);
        assert!((0..1000).filter(|_| rng.happens(300)).count().abs_diff(300) < 60);
        assert_eq!((rng.below(0), rng.range(5..5)), (0, 5));
    }
}
