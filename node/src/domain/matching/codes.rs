//! Codes of one list of the vocabulary as bits, in the order of the list: comparing two sets is one `and`.
//!
//! A code that the vocabulary does not know has no bit: what nobody here understands is neither yes nor no.

use crate::domain::vocabulary::{List, Vocabulary};

/// Some codes of one list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Codes(u64);

impl Codes {
    /// No code.
    pub const NONE: Self = Self(0);

    /// Returns the known ones of these codes.
    pub fn of<'a>(list: List, codes: impl IntoIterator<Item = &'a str>) -> Self {
        let vocabulary = Vocabulary::embedded();
        let known = codes.into_iter().filter_map(|code| vocabulary.position(list, code));
        known.fold(Self::NONE, |all, at| all.and(Self::bit(at)))
    }

    /// Returns the codes with these bits.
    #[must_use]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// Returns one bit for each code, the first of the list lowest.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// Returns the codes, in the order of the list.
    pub fn names(self, list: List) -> impl Iterator<Item = &'static str> {
        let codes = Vocabulary::embedded().codes(list).enumerate();
        codes.filter(move |(at, _)| self.meets(Self::bit(*at))).map(|(_, (code, _))| code)
    }

    /// Returns whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns how many there are.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// Returns whether one of these is also one of those.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Returns those that are in both.
    #[must_use]
    pub const fn within(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Returns those that are in one or the other.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns these without those.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    fn bit(at: usize) -> Self {
        u32::try_from(at).ok().and_then(|at| 1_u64.checked_shl(at)).map_or(Self::NONE, Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_fits_and_reads_back() {
        for list in [
            List::Fields,
            List::Activities,
            List::Targets,
            List::Suited,
            List::Slots,
            List::Commitment,
            List::Mode,
            List::Requirements,
            List::Accessibility,
        ] {
            let known: Vec<&str> =
                Vocabulary::embedded().codes(list).map(|(code, _)| code).collect();
            let codes = Codes::of(list, known.iter().copied());
            assert_eq!(codes.names(list).collect::<Vec<_>>(), known, "{list:?} has too many codes");
        }
    }

    #[test]
    fn what_nobody_knows_has_no_bit() {
        let codes = Codes::of(List::Fields, ["neu_1", "sport"]);
        assert_eq!((codes.len(), codes.names(List::Fields).next()), (1, Some("sport")));
        assert!(Codes::of(List::Fields, ["neu_1"]).is_empty());
    }
}
