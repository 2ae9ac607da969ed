//! Some of the records of a segment, a bit for each.

use tantivy::DocId;

/// Some of the records of a segment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    /// None of no records.
    pub(super) const NONE: Self = Self(Vec::new());

    /// Returns none of so many records.
    pub(super) fn none_of(records: usize) -> Self {
        Self(vec![0; records.div_ceil(64)])
    }

    /// Returns those that are said to be in it, from the first record on.
    pub(super) fn of(are: impl Iterator<Item = bool>) -> Self {
        let mut bits = Self::default();
        for (at, is_in) in are.enumerate() {
            if at % 64 == 0 {
                bits.0.push(0);
            }
            if let Some(word) = bits.0.last_mut() {
                *word |= u64::from(is_in) << (at % 64);
            }
        }
        bits
    }

    /// Adds a record.
    pub(super) fn add(&mut self, doc: DocId) {
        if let Some(word) = self.0.get_mut(word(doc)) {
            *word |= 1 << (doc % 64);
        }
    }

    /// Leaves those that are among others, too.
    pub(super) fn keep(&mut self, others: &Self) {
        self.0.truncate(others.0.len());
        for (word, other) in self.0.iter_mut().zip(&others.0) {
            *word &= other;
        }
    }

    /// Returns whether a record is among them.
    #[inline]
    pub(super) fn has(&self, doc: DocId) -> bool {
        self.0.get(word(doc)).is_some_and(|word| word >> (doc % 64) & 1 == 1)
    }

    /// Returns the first from `doc` on.
    #[inline]
    pub(super) fn next(&self, doc: DocId) -> Option<DocId> {
        let mut at = word(doc);
        let mut word = self.0.get(at)? & (u64::MAX << (doc % 64));
        while word == 0 {
            at += 1;
            word = *self.0.get(at)?;
        }
        Some(DocId::try_from(at).ok()? * 64 + word.trailing_zeros())
    }

    /// Returns all of them, in their order.
    pub(super) fn all(&self) -> impl Iterator<Item = DocId> {
        let mut from = Some(0);
        std::iter::from_fn(move || {
            let doc = self.next(from?)?;
            from = doc.checked_add(1);
            Some(doc)
        })
    }
}

fn word(doc: DocId) -> usize {
    usize::try_from(doc / 64).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn holds_what_was_added(are in prop::collection::vec(any::<bool>(), 0..300), keep: Vec<u16>, less in 0usize..320) {
            let bits = Bits::of(are.iter().copied());
            let expected: Vec<DocId> = (0..).zip(&are).filter(|(_, is_in)| **is_in).map(|(doc, _)| doc).collect();
            prop_assert_eq!(bits.all().collect::<Vec<_>>(), expected.clone());
            let mut added = Bits::none_of(are.len());
            expected.iter().for_each(|doc| added.add(*doc));
            prop_assert_eq!(&added, &bits);
            let kept: Vec<DocId> = keep.iter().map(|doc| u32::from(*doc) % 320).collect();
            let mut others = Bits::none_of(less);
            kept.iter().for_each(|doc| others.add(*doc));
            let mut both = bits.clone();
            both.keep(&others);
            for doc in 0..400 {
                prop_assert_eq!(bits.has(doc), are.get(doc as usize).is_some_and(|is_in| *is_in));
                prop_assert_eq!(both.has(doc), bits.has(doc) && others.has(doc));
                prop_assert_eq!(bits.next(doc), expected.iter().copied().find(|one| *one >= doc));
            }
        }
    }
}
