//! How many of a query's words a record has to have: all if there are enough such records, else most of them.
//!
//! One word or two mean what they say; of a sentence no record has every word. So the strictest of a few steps that
//! finds enough is taken. It is decided by what lies within reach, not by the choices made in facets: a choice
//! never finds more than its count said.

use super::weights;

/// Which shares of a query records have.
#[derive(Debug)]
pub(super) struct Coverage {
    /// The share of each combination of the first eight words, and of the others.
    low: Vec<f32>,
    high: Vec<f32>,
    all: u16,
    subjects: u16,
    /// What is known already of [`Self::least`], which only rises.
    least: f32,
    /// How many records within reach satisfy each step, and none before it.
    found: [usize; weights::STEPS.len()],
}

impl Coverage {
    /// Weighs the words of a query by how much each says; `weights` are what it counts as a word.
    pub(super) fn new(rarities: &[f32], weights: impl Iterator<Item = f32>) -> Self {
        let total: f32 = rarities.iter().sum();
        let share = |rarity: &f32| if total > 0.0 { rarity / total } else { 1.0 };
        let shares: Vec<f32> = rarities.iter().map(share).collect();
        let (low, high) = shares.split_at(shares.len().min(8));
        let all = (0..rarities.len()).fold(0u16, |all, _| (all << 1) | 1);
        let subjects = (0..u16::BITS).zip(weights).filter(|(_, weight)| *weight > weights::FILLER);
        let subjects = subjects.fold(0u16, |words, (at, _)| words | (1 << at));
        Self {
            low: sums(low),
            high: sums(high),
            all,
            subjects: if subjects == 0 { all } else { subjects },
            least: 0.0,
            found: [0; weights::STEPS.len()],
        }
    }

    /// Returns whether these words are all that name a subject: those that stand in every second query do not.
    #[inline]
    pub(super) const fn has_all(&self, words: u16) -> bool {
        words & self.subjects == self.subjects
    }

    /// Returns whether one of these words names a subject; `helfen` alone answers nothing that was asked besides.
    #[inline]
    pub(super) const fn has_some(&self, words: u16) -> bool {
        words & self.subjects != 0
    }

    /// Returns the share of the query that these words are, up to 1.
    #[inline]
    pub(super) fn share(&self, words: u16) -> f32 {
        if words == self.all && self.all != 0 {
            return 1.0;
        }
        let [high, low] = words.to_be_bytes();
        let of = |sums: &[f32], at: u8| sums.get(usize::from(at)).copied().unwrap_or(0.0);
        of(&self.low, low) + of(&self.high, high)
    }

    /// Returns the share of the query that these words and parts of words are.
    #[inline]
    pub(super) fn share_with(&self, words: u16, parts: u16) -> f32 {
        let share = self.share(words);
        if parts == 0 { share } else { share + weights::PART_SHARE * self.share(parts) }
    }

    /// Returns whether a record with this share may have enough, as far as that is known.
    #[inline]
    pub(super) fn may_do(&self, share: f32) -> bool {
        share >= self.least
    }

    /// Returns whether this share is all of the query.
    pub(super) fn is_all(share: f32) -> bool {
        share >= weights::STEPS[0]
    }

    /// Notes a record within reach.
    pub(super) fn note(&mut self, share: f32) {
        let step = weights::STEPS.iter().position(|step| share >= *step);
        if let Some(found) = step.and_then(|step| self.found.get_mut(step)) {
            *found += 1;
            if *found >= weights::ENOUGH {
                self.least = self.least();
            }
        }
    }

    /// Returns the least share that a record has to have.
    pub(super) fn least(&self) -> f32 {
        let mut found = 0;
        for (step, here) in weights::STEPS.into_iter().zip(self.found) {
            found += here;
            if found >= weights::ENOUGH {
                return step;
            }
        }
        0.0
    }
}

/// Returns the sum of every combination of shares, by its bits.
fn sums(shares: &[f32]) -> Vec<f32> {
    let mut sums = vec![0.0];
    for share in shares {
        let with: Vec<f32> = sums.iter().map(|sum| sum + share).collect();
        sums.extend(with);
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(rarities: &[f32]) -> Coverage {
        Coverage::new(rarities, rarities.iter().copied())
    }

    #[test]
    fn the_share_of_words_is_the_sum_of_what_they_say() {
        let rarities: Vec<f32> = (1..=12u8).map(f32::from).collect();
        let coverage = words(&rarities);
        assert!((coverage.share(0b1000_0000_0001) - 13.0 / 78.0).abs() < 1e-5);
        assert!((coverage.share(0xFFF) - 1.0).abs() < f32::EPSILON);
        assert!(coverage.share(0).abs() < f32::EPSILON);
    }

    #[test]
    fn who_has_all_subjects_has_all() {
        let coverage = Coverage::new(&[3.0, 0.2, 2.0], [1.0, weights::FILLER, 1.0].into_iter());
        assert!(coverage.has_all(0b101) && coverage.has_all(0b111) && !coverage.has_all(0b011));
        let fillers = Coverage::new(&[1.0, 1.0], [weights::FILLER; 2].into_iter());
        assert!(fillers.has_all(0b11) && !fillers.has_all(0b01));
        assert!(fillers.has_some(0b01) && coverage.has_some(0b100) && !coverage.has_some(0b010));
    }

    #[test]
    fn fewer_words_do_only_if_there_are_not_enough_records_with_more() {
        let mut coverage = words(&[1.0, 1.0, 1.0]);
        let [all, two, one] = [0b111, 0b011, 0b001].map(|words| coverage.share(words));
        for _ in 0..weights::ENOUGH - 1 {
            coverage.note(all);
        }
        coverage.note(two);
        assert!(coverage.least() < two && coverage.least() > one, "{}", coverage.least());
        coverage.note(all);
        assert!(coverage.least() > two);
        assert!(words(&[1.0, 2.0]).least() <= 0.0, "little is better than nothing");
    }
}
