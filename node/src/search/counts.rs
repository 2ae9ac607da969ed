//! Counts of codes over many records, all bits at once.
//!
//! A record has a dozen codes, and counting them one by one was the dearest part of a search over a whole state. Here
//! the counters stand upright: plane `n` holds bit `n` of the counter of every code, so that a record is added to
//! all of them with a few operations, most often two. Before a counter can overflow, all are emptied into numbers.

use super::facets::{BITS, Codes};

/// Bits of an upright counter.
const PLANES: usize = 8;
/// The most that it can hold.
const FULL: usize = (1 << PLANES) - 1;
/// So many records are added at once: how far a carry goes cannot be foretold, and a wrong guess costs the processor
/// more than the sum.
const TOGETHER: usize = 4;

/// How many records carry each code.
#[derive(Debug, Clone)]
pub(super) struct Counts {
    planes: [u128; PLANES],
    /// What is still to be added.
    waiting: [u128; TOGETHER],
    /// How many of them there are.
    held: usize,
    /// How many were added since the counters were empty.
    added: usize,
    totals: [u32; BITS],
}

impl Default for Counts {
    fn default() -> Self {
        let (planes, waiting) = ([0; PLANES], [0; TOGETHER]);
        Self { planes, waiting, held: 0, added: 0, totals: [0; BITS] }
    }
}

impl Counts {
    /// Adds the codes of a record.
    #[inline]
    pub(super) fn add(&mut self, codes: Codes) {
        if let Some(slot) = self.waiting.get_mut(self.held) {
            *slot = codes.0;
            self.held += 1;
        }
        if self.held == TOGETHER {
            self.add_waiting();
        }
    }

    fn add_waiting(&mut self) {
        if self.added + TOGETHER > FULL {
            self.empty();
        }
        self.added += TOGETHER;
        let [a, b, c, d] = std::mem::take(&mut self.waiting);
        self.held = 0;
        let [ones, twos, rest @ ..] = &mut self.planes;
        let one = add_three(ones, a, b);
        let other = add_three(ones, c, d);
        let mut carry = add_three(twos, one, other);
        for plane in rest {
            if carry == 0 {
                break;
            }
            let both = *plane & carry;
            *plane ^= carry;
            carry = both;
        }
    }

    /// Returns the counts by bit.
    pub(super) fn finish(mut self) -> [u32; BITS] {
        self.add_waiting();
        self.empty();
        self.totals
    }

    fn empty(&mut self) {
        for (plane, value) in self.planes.iter_mut().zip((0..).map(|bit: u32| 1u32 << bit)) {
            let mut rest = std::mem::take(plane);
            while rest != 0 {
                if let Some(total) = self.totals.get_mut(rest.trailing_zeros() as usize) {
                    *total += value;
                }
                rest &= rest - 1;
            }
        }
        self.added = 0;
    }
}

/// Adds two rows of bits to a plane; returns what is carried to the next.
#[inline]
const fn add_three(plane: &mut u128, one: u128, other: u128) -> u128 {
    let differ = *plane ^ one;
    let carry = (*plane & one) | (differ & other);
    *plane = differ ^ other;
    carry
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn counts_as_counting_one_by_one_does(
            some in prop::collection::vec(any::<u128>(), 0..40), times in 1usize..60,
        ) {
            let (mut counts, mut expected) = (Counts::default(), [0u32; BITS]);
            for codes in some.iter().cycle().take(some.len() * times) {
                counts.add(Codes(*codes));
                for (bit, total) in expected.iter_mut().enumerate() {
                    *total += u32::from(codes >> bit & 1 == 1);
                }
            }
            prop_assert_eq!(counts.finish(), expected);
        }
    }
}
