//! A window over a segment: so few records that all that is collected about them stays in the processor's first cache.
//!
//! All lists of a query are read side by side, window by window, and what comes out is in the segment's order.

use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, InvertedIndexReader};

use super::bits::Bits;
use super::scores::Sum;

/// How many records a window shows; in tests so few that a small index has several.
const WIDE: usize = if cfg!(test) { 64 } else { 2_048 };
/// The same, in words of bits.
const BLOCKS: usize = WIDE / 64;

/// What has been collected about the records of a window.
#[derive(Debug)]
pub(super) struct Window {
    start: DocId,
    end: DocId,
    /// What the word at hand is worth: its best alternative.
    best: Box<[f32; WIDE]>,
    /// The records that have it, whole or in part.
    have: [u64; BLOCKS],
    /// Those that have the whole of it.
    whole: [u64; BLOCKS],
    sums: Box<[Sum; WIDE]>,
    /// The records that have any word.
    any: [u64; BLOCKS],
}

impl Default for Window {
    fn default() -> Self {
        Self {
            start: 0,
            end: 0,
            best: Box::new([0.0; WIDE]),
            have: [0; BLOCKS],
            whole: [0; BLOCKS],
            sums: Box::new([Sum::default(); WIDE]),
            any: [0; BLOCKS],
        }
    }
}

impl Window {
    /// Returns where each window over so many records begins and ends.
    pub(super) fn over(records: u32) -> impl Iterator<Item = (DocId, DocId)> {
        let wide = u32::try_from(WIDE).unwrap_or(u32::MAX);
        let starts = (0..records).step_by(WIDE);
        starts.map(move |start| (start, records.min(start.saturating_add(wide))))
    }

    /// Moves on; nothing is held from the place before.
    pub(super) const fn move_to(&mut self, (start, end): (DocId, DocId)) {
        (self.start, self.end) = (start, end);
    }

    /// Takes a way to satisfy the word at hand that a record has.
    #[inline]
    pub(super) fn offer(&mut self, doc: DocId, value: f32) {
        let at = self.place(doc);
        if let Some(best) = self.best.get_mut(at) {
            *best = best.max(value);
        }
        if let Some(have) = self.have.get_mut(at / 64) {
            *have |= 1 << (at % 64);
        }
    }

    /// Notes that the ways to have the whole word are through: what follows are parts of it.
    pub(super) const fn end_whole(&mut self) {
        self.whole = self.have;
    }

    /// Adds the word at hand to what records are worth, and begins the next one.
    pub(super) fn end_word(&mut self, word: u16, rarity: f32) {
        let blocks = self.have.iter_mut().zip(&self.whole).zip(&mut self.any);
        for (block, ((have, whole), any)) in blocks.enumerate() {
            *any |= *have;
            for at in places(block, std::mem::take(have)) {
                let (Some(best), Some(sum)) = (self.best.get_mut(at), self.sums.get_mut(at)) else {
                    continue;
                };
                sum.text += rarity * std::mem::take(best);
                let is_whole = u16::from(whole >> (at % 64) & 1 == 1);
                sum.words |= word * is_whole;
                sum.parts |= word * (1 - is_whole);
            }
        }
    }

    /// Adds to what a record is worth that has all of these words.
    #[inline]
    pub(super) fn add(&mut self, doc: DocId, words: u16, worth: impl FnOnce() -> f32) {
        let at = self.place(doc);
        if let Some(sum) = self.sums.get_mut(at)
            && words != 0
            && sum.words & words == words
        {
            sum.text += worth();
        }
    }

    /// Hands out the records that have any word, in their order, and what they are worth.
    pub(super) fn drain(&mut self, mut each: impl FnMut(DocId, Sum)) {
        for (block, any) in self.any.iter_mut().enumerate() {
            for at in places(block, std::mem::take(any)) {
                if let (Some(sum), Ok(doc)) = (self.sums.get_mut(at), DocId::try_from(at)) {
                    each(self.start + doc, std::mem::take(sum));
                }
            }
        }
    }

    /// Where a record stands in it; none stands outside.
    #[inline]
    fn place(&self, doc: DocId) -> usize {
        debug_assert!(
            (self.start..self.end).contains(&doc),
            "{doc} is in no window at {}",
            self.start
        );
        usize::try_from(doc.wrapping_sub(self.start)).unwrap_or(0) % WIDE
    }
}

/// The places of the bits in a block of 64.
#[inline]
fn places(block: usize, bits: u64) -> impl Iterator<Item = usize> {
    let mut rest = bits;
    std::iter::from_fn(move || {
        let at = usize::try_from(rest.trailing_zeros()).ok().filter(|_| rest != 0)?;
        rest &= rest - 1;
        Some((block * 64 + at) % WIDE)
    })
}

/// A term's list of records, read window by window.
pub(super) struct List {
    postings: BlockSegmentPostings,
    /// How far its block is read.
    read: usize,
}

impl List {
    /// Opens the list of a term.
    ///
    /// # Errors
    ///
    /// Of the engine, if a file cannot be read.
    pub(super) fn open(words: &InvertedIndexReader, term: &TermInfo) -> tantivy::Result<Self> {
        let option = IndexRecordOption::WithFreqs;
        let postings = words.read_block_postings_from_terminfo(term, option)?;
        Ok(Self { postings, read: 0 })
    }

    /// Calls `each` with the records in the window and how often they have the term; with those alone that are `near`, if
    /// that is given.
    #[inline]
    fn within(
        &mut self,
        (start, end): (DocId, DocId),
        near: Option<&Bits>,
        each: impl FnMut(DocId, u32),
    ) {
        match near {
            None => self.all(start, end, each),
            Some(near) => self.near(start, end, near, each),
        }
    }

    #[inline]
    fn all(&mut self, start: DocId, end: DocId, mut each: impl FnMut(DocId, u32)) {
        // Windows that show nothing are passed over.
        if self.postings.docs().get(self.read).is_some_and(|doc| *doc < start) {
            self.read = self.postings.seek(start);
        }
        while self.postings.block_len() > 0 {
            let (docs, times) = (self.postings.docs(), self.postings.freqs());
            let rest = docs.get(self.read..).unwrap_or_default();
            let times = times.get(self.read..).unwrap_or_default();
            let here = match rest.last() {
                Some(last) if *last >= end => rest.partition_point(|doc| *doc < end),
                _ => rest.len(),
            };
            for (doc, times) in rest.iter().zip(times).take(here) {
                each(*doc, *times);
            }
            if here < rest.len() {
                self.read += here;
                return;
            }
            self.postings.advance();
            self.read = 0;
        }
    }

    /// Around a place only some towns are, and the records of a town stand together: most blocks are not read. That
    /// saves time and no more: whoever collects looks once more whether a record is within reach.
    #[inline]
    fn near(&mut self, start: DocId, end: DocId, near: &Bits, mut each: impl FnMut(DocId, u32)) {
        let mut next = near.next(start);
        while let Some(from) = next.filter(|from| *from < end) {
            let at = self.postings.seek(from);
            let docs = self.postings.docs().get(at..).unwrap_or_default();
            let times = self.postings.freqs().get(at..).unwrap_or_default();
            for (doc, times) in docs.iter().zip(times) {
                if *doc >= end {
                    return;
                }
                if near.has(*doc) {
                    each(*doc, *times);
                }
            }
            // Behind the last record of the list the engine stays where it is.
            next = docs.last().and_then(|last| near.next(last + 1));
        }
    }

    /// How often a record has the term. It has to stand behind all that were asked for before.
    fn of(&mut self, doc: DocId) -> Option<u32> {
        let at = self.postings.seek(doc);
        let found = self.postings.docs().get(at) == Some(&doc);
        found.then(|| self.postings.freqs().get(at).copied().unwrap_or(1))
    }
}

/// The records that have all of some terms.
pub(super) struct Lists {
    /// The shortest list is read; in the others only the places are looked up that its records could stand at.
    shortest: List,
    others: Vec<List>,
}

impl Lists {
    /// Opens the lists of some terms; nothing if one of them has none.
    ///
    /// # Errors
    ///
    /// Of the engine, if a file cannot be read.
    pub(super) fn open<'a>(
        words: &InvertedIndexReader,
        terms: impl Iterator<Item = Option<&'a TermInfo>>,
    ) -> tantivy::Result<Option<Self>> {
        let Some(mut terms) = terms.collect::<Option<Vec<_>>>() else { return Ok(None) };
        terms.sort_by_key(|term| term.doc_freq);
        let mut lists = terms.into_iter().map(|term| List::open(words, term));
        let Some(shortest) = lists.next().transpose()? else { return Ok(None) };
        Ok(Some(Self { shortest, others: lists.collect::<Result<_, _>>()? }))
    }

    /// Calls `each` with the records in the window that have all terms, each as often as its rarest one.
    #[inline]
    pub(super) fn within(
        &mut self,
        window: (DocId, DocId),
        near: Option<&Bits>,
        mut each: impl FnMut(DocId, u32),
    ) {
        if self.others.is_empty() {
            return self.shortest.within(window, near, each);
        }
        let others = &mut self.others;
        self.shortest.within(window, near, |doc, times| {
            let least =
                others.iter_mut().try_fold(times, |least, other| Some(least.min(other.of(doc)?)));
            if let Some(times) = least {
                each(doc, times);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::search::check::{put, record, words};
    use crate::search::index::{Change, Index};
    use crate::search::query::{Near, Query};

    use super::WIDE;

    /// Titles by row, expired or removed records among them, in an index whose segment has several windows.
    fn index(rows: &[(usize, bool)], titles: &[&str]) -> (Index, Vec<u64>) {
        let (index, mut live) = (Index::in_memory().unwrap(), Vec::new());
        let changes = (0..).zip(rows).map(|(row, (title, is_live))| {
            let mut record = record(titles[*title]);
            if *is_live {
                live.push(row);
            } else {
                record.status = engagement_protocol::opportunity::Status::Paused;
            }
            put(row, record)
        });
        index.apply(changes.collect(), 1).unwrap();
        (index, live)
    }

    #[test]
    fn a_window_that_shows_nothing_leaves_nothing_to_the_next() {
        let titles = ["Garten Hund", "Fahrdienst"];
        let dead = (0..2 * WIDE).map(|_| (0, false));
        let rows: Vec<_> = dead.chain((0..WIDE).map(|_| (1, true))).chain([(0, true)]).collect();
        let (index, _) = index(&rows, &titles);
        let last = u64::try_from(rows.len()).unwrap() - 1;
        let near = Some(Near { lat: 51.94, lon: 7.17, ags: None });
        for radius_km in [None, Some(20.0)] {
            for asked in ["Garten", "Garten Hund", "Gartenhund"] {
                let query = Query { near: near.clone(), radius_km, ..words(asked) };
                let answer = index.search(&query).unwrap();
                let rows: Vec<u64> = answer.hits.iter().map(|hit| hit.row).collect();
                assert_eq!(rows, [last], "{asked}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

        /// Whole stretches may be gone, and lists end anywhere.
        #[test]
        fn finds_in_many_windows_what_is_there(
            stretches in prop::collection::vec((0usize..4, any::<bool>(), 1usize..3 * WIDE), 1..8),
            removed in prop::collection::vec(0u64..500, 0..40),
        ) {
            let titles = ["Garten", "Kinder", "Garten Kinder", "Fahrdienst"];
            let rows: Vec<(usize, bool)> = stretches
                .iter()
                .flat_map(|(title, is_live, count)| std::iter::repeat_n((*title, *is_live), *count))
                .collect();
            let (index, live) = index(&rows, &titles);
            index.apply(removed.iter().map(|row| Change::Remove { row: *row }).collect(), 2).unwrap();
            let title = |row: u64| titles[rows[usize::try_from(row).unwrap()].0];
            let there = live.iter().filter(|row| !removed.contains(row));
            for (asked, has) in [
                ("Garten", ["Garten", "Garten Kinder"].as_slice()),
                ("Kinder", &["Kinder", "Garten Kinder"]),
                ("Fahrdienst", &["Fahrdienst"]),
            ] {
                let expected = there.clone().filter(|row| has.contains(&title(**row))).count();
                let answer = index.search(&words(asked)).unwrap();
                prop_assert_eq!(answer.total, u64::try_from(expected).unwrap(), "{}", asked);
                for hit in answer.hits {
                    prop_assert!(has.contains(&title(hit.row)), "{} has {}", hit.row, asked);
                }
            }
        }
    }
}
