//! Which records of one state say the same as another one: see `likeness.rs`.

use tantivy::DocId;

use super::segment::Segment;

/// For each segment, the records that have twins, as bits.
#[derive(Debug)]
pub(super) struct Twins(Vec<Vec<u64>>);

impl Twins {
    /// Finds the twins among the records that were not removed.
    pub(super) fn among(segments: &[Segment]) -> Self {
        let mut all: Vec<(u64, u32, DocId)> = Vec::new();
        let mut bits: Vec<Vec<u64>> = Vec::with_capacity(segments.len());
        for (at, segment) in (0..).zip(segments) {
            let known = segment.columns.cards().filter(|(_, card)| card.likeness != 0);
            let alive = known.filter(|(doc, _)| segment.is_alive(*doc));
            all.extend(alive.map(|(doc, card)| (card.likeness, at, doc)));
            let records = usize::try_from(segment.records()).unwrap_or(0);
            bits.push(vec![0; records.div_ceil(64)]);
        }
        all.sort_unstable();
        for group in all.chunk_by(|one, other| one.0 == other.0).filter(|group| group.len() > 1) {
            for (_, at, doc) in group {
                let segment = usize::try_from(*at).ok().and_then(|at| bits.get_mut(at));
                if let Some(word) = segment.and_then(|bits| bits.get_mut(word(*doc))) {
                    *word |= 1 << (doc % 64);
                }
            }
        }
        Self(bits)
    }

    /// Returns whether another record says the same.
    pub(super) fn has(&self, segment: usize, doc: DocId) -> bool {
        let word = self.0.get(segment).and_then(|bits| bits.get(word(doc)));
        word.is_some_and(|word| word >> (doc % 64) & 1 == 1)
    }
}

fn word(doc: DocId) -> usize {
    usize::try_from(doc / 64).unwrap_or(usize::MAX)
}
