//! What the words of a query are worth in each record: BM25F, word by word over one segment at a time.
//!
//! A word is worth as much as its best alternative, so that a synonym never outshines the word itself and a
//! record is not better for saying one thing in five ways. Values are collected in arrays over the
//! segment: a search over the whole state reads each list of records once, from front to back.

use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, InvertedIndexReader};

use crate::search::analysis::stem::stem;
use crate::search::analysis::word::{Alternative, Word};

use super::entry;
use super::schema::fields;
use super::segment::Segment;
use super::weights;

/// So many records are few, however small the index is.
const ENOUGH: u64 = 10;

/// The words of a query, looked up in every segment of one state.
#[derive(Debug)]
pub(super) struct Plan {
    /// How many there are, removed ones too.
    records: u64,
    words: Vec<Asked>,
    /// Words that add to what others are worth.
    hints: Vec<Asked>,
    pairs: Vec<Pair>,
    /// By the code of a length: how much a frequency has to be to count half.
    halves: Vec<f32>,
}

/// A word.
#[derive(Debug)]
struct Asked {
    rarity: f32,
    ways: Vec<Way>,
}

/// One way to satisfy a word.
#[derive(Debug)]
struct Way {
    weight: f32,
    /// Whether it is only a part of the word.
    partial: bool,
    /// All of them have to be there.
    terms: Vec<Found>,
}

/// Two words of the query that a record has near each other.
#[derive(Debug)]
struct Pair {
    worth: f32,
    of: u16,
    term: Found,
}

/// Where a term's records are listed, by segment.
#[derive(Debug)]
struct Found(Vec<Option<TermInfo>>);

impl Plan {
    /// Looks the words up.
    ///
    /// # Errors
    ///
    /// Of the engine, if a file cannot be read.
    pub(super) fn new(
        words: &[Word],
        hints: &[Word],
        segments: &[Segment],
    ) -> tantivy::Result<Self> {
        let (mut records, mut tokens) = (0u64, 0u64);
        for segment in segments {
            records += u64::from(segment.records());
            tokens += segment.words.total_num_tokens();
        }
        let rarity = |held: u64| rarity(held, records);
        let asked = |word: &Word| -> tantivy::Result<(Asked, String)> {
            let way = |terms: &[String], weight, partial| -> tantivy::Result<Way> {
                let terms = terms.iter().map(|term| Found::look(term, segments));
                Ok(Way { weight, partial, terms: terms.collect::<Result<_, _>>()? })
            };
            let own = word.alternatives.iter();
            let mut ways = own
                .map(|one| way(&one.terms, one.weight * weights::STEM, one.partial))
                .collect::<Result<Vec<_>, _>>()?;
            // What stands for the word itself says how rare it is; if nothing has it, what stands in for it.
            let same = word.alternatives.iter().zip(&ways).filter(|(one, _)| one.weight >= 1.0);
            let held: u64 = same.map(|(_, way)| way.held()).sum();
            let others = || ways.iter().filter(|way| !way.partial).map(Way::held).sum();
            let held = if held > 0 { held } else { others() };
            let rare = rarity(held);
            // What many have says nothing about a compound that it is a part of.
            ways.retain(|way| !way.partial || is_few(way.held(), records));
            // What stands in for the word, its parts or another word, says no more than it is rare.
            for way in ways.iter_mut().filter(|way| way.weight < weights::STEM) {
                way.weight *= (rarity(way.held()) / rare).min(1.0);
            }
            for whole in &word.whole {
                ways.push(way(&[entry::whole(whole)], 1.0, false)?);
            }
            Ok((Asked { rarity: rare * word.weight, ways }, stem(&word.text)))
        };
        let (words, stems): (Vec<_>, Vec<_>) =
            words.iter().map(asked).collect::<tantivy::Result<Vec<_>>>()?.into_iter().unzip();
        let hints = hints.iter().map(|word| Ok(asked(word)?.0)).collect::<tantivy::Result<_>>()?;
        let mut pairs = Vec::new();
        for (at, (one, left)) in words.iter().zip(&stems).enumerate() {
            for (other, right) in words.iter().zip(&stems).skip(at + 1).take(2) {
                let Some(term) = entry::pair(left, right) else { continue };
                let right = stems.iter().position(|stem| stem == right).unwrap_or(at);
                let worth = weights::PAIR * one.rarity.min(other.rarity);
                pairs.push(Pair {
                    worth,
                    of: bit(at) | bit(right),
                    term: Found::look(&term, segments)?,
                });
            }
        }
        Ok(Self { records, words, hints, pairs, halves: weights::halves(tokens, records) })
    }

    /// Returns whether a part of a word may do.
    pub(super) fn has_parts(&self) -> bool {
        self.words.iter().any(|word| word.ways.iter().any(|way| way.partial))
    }

    /// Returns whether a way is looked up: for the oracle and for benchmarks.
    pub(super) fn keeps(&self, way: &Alternative, segments: &[Segment]) -> tantivy::Result<bool> {
        let terms = way.terms.iter().map(|term| Found::look(term, segments));
        let terms = terms.collect::<tantivy::Result<_>>()?;
        let found = Way { weight: 1.0, partial: true, terms };
        Ok(!way.partial || is_few(found.held(), self.records))
    }

    /// Returns how much each word says, in the order of the query.
    pub(super) fn rarities(&self) -> Vec<f32> {
        self.words.iter().map(|word| word.rarity).collect()
    }

    /// Collects what the words are worth in every record of a segment that has at least one of them.
    ///
    /// # Errors
    ///
    /// Of the engine, if a file cannot be read.
    pub(super) fn collect(
        &self,
        at: usize,
        segment: &Segment,
        near: Option<&[u64]>,
        best: &mut Best,
        sums: &mut Sums,
    ) -> tantivy::Result<()> {
        best.begin(segment.records());
        sums.begin(segment.records());
        for (word, asked) in (0..).zip(&self.words) {
            for way in asked.ways.iter().filter(|way| !way.partial) {
                self.read(way, at, segment, near, best)?;
            }
            sums.note(best, bit(word));
            for way in asked.ways.iter().filter(|way| way.partial) {
                self.read(way, at, segment, near, best)?;
            }
            sums.end_word(best, bit(word), asked.rarity);
        }
        for pair in &self.pairs {
            pair.term.each(at, &segment.words, near, |doc, times| {
                if let Some(sum) = sums.of.get_mut(place(doc))
                    && sum.words & pair.of == pair.of
                {
                    sum.text += pair.worth * self.share(times, segment, doc);
                }
            })?;
        }
        Ok(())
    }

    /// Returns what hints are worth in the records of a segment.
    ///
    /// # Errors
    ///
    /// Of the engine, if a file cannot be read.
    pub(super) fn hints(&self, at: usize, segment: &Segment) -> tantivy::Result<Hints> {
        if self.hints.is_empty() {
            return Ok(Hints(Sums::default()));
        }
        let (mut best, mut sums) = (Best::default(), Sums::default());
        best.begin(segment.records());
        sums.begin(segment.records());
        for asked in &self.hints {
            for way in &asked.ways {
                self.read(way, at, segment, None, &mut best)?;
            }
            sums.end_word(&mut best, 1, weights::hint(asked.rarity));
        }
        Ok(Hints(sums))
    }

    fn read(
        &self,
        way: &Way,
        at: usize,
        segment: &Segment,
        near: Option<&[u64]>,
        best: &mut Best,
    ) -> tantivy::Result<()> {
        let value = |doc, times| best.offer(doc, way.weight * self.share(times, segment, doc));
        match way.terms.as_slice() {
            [term] => term.each(at, &segment.words, near, value),
            terms => together(terms, at, &segment.words, near, value),
        }
    }

    /// How much of its full worth a word has that stands there so often.
    #[inline]
    fn share(&self, times: u32, segment: &Segment, doc: DocId) -> f32 {
        let half = self.halves.get(usize::from(segment.lengths.fieldnorm_id(doc)));
        let times = frequency(times);
        times / (times + half.copied().unwrap_or(1.0))
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "no text has a word so often that a float would not hold it"
)]
const fn frequency(times: u32) -> f32 {
    times as f32
}

/// Inverse document frequency, as BM25 has it: never below zero.
#[expect(clippy::cast_precision_loss, reason = "a logarithm of a count needs no more")]
fn rarity(held: u64, records: u64) -> f32 {
    let (held, records) = (held.min(records) as f32, records as f32);
    (1.0 + (records - held + 0.5) / (held + 0.5)).ln()
}

/// Whether so few of all records have an element that it says something without the others.
const fn is_few(held: u64, records: u64) -> bool {
    held <= records / weights::COMMON + ENOUGH
}

/// Whether a record may be within reach.
#[inline]
pub(super) fn is_near(near: &[u64], doc: DocId) -> bool {
    near.get(place(doc / 64)).is_some_and(|word| word >> (doc % 64) & 1 == 1)
}

/// The first record from `doc` on that may be within reach.
fn next_near(near: &[u64], doc: DocId) -> Option<DocId> {
    let mut at = place(doc / 64);
    let mut word = near.get(at)? & (u64::MAX << (doc % 64));
    while word == 0 {
        at += 1;
        word = *near.get(at)?;
    }
    Some(u32::try_from(at).ok()? * 64 + word.trailing_zeros())
}

/// The bit of a word; a query has no more than there are bits.
fn bit(word: usize) -> u16 {
    u32::try_from(word).ok().and_then(|word| 1u16.checked_shl(word)).unwrap_or(0)
}

impl Way {
    /// How many records it holds for, or a few more: removed ones and those that lack another term.
    fn held(&self) -> u64 {
        let held = |found: &Found| -> u64 {
            found.0.iter().flatten().map(|info| u64::from(info.doc_freq)).sum()
        };
        self.terms.iter().map(held).min().unwrap_or(0)
    }
}

impl Found {
    fn look(term: &str, segments: &[Segment]) -> tantivy::Result<Self> {
        let term = fields().word(term);
        let infos = segments.iter().map(|segment| segment.words.get_term_info(&term));
        Ok(Self(infos.collect::<Result<_, _>>()?))
    }

    fn each(
        &self,
        at: usize,
        words: &InvertedIndexReader,
        near: Option<&[u64]>,
        mut each: impl FnMut(DocId, u32),
    ) -> tantivy::Result<()> {
        let Some(info) = self.0.get(at).and_then(Option::as_ref) else { return Ok(()) };
        let option = IndexRecordOption::WithFreqs;
        let mut list = words.read_block_postings_from_terminfo(info, option)?;
        let Some(near) = near else {
            while list.block_len() > 0 {
                for (doc, times) in list.docs().iter().zip(list.freqs()) {
                    each(*doc, *times);
                }
                list.advance();
            }
            return Ok(());
        };
        // Around a place only some towns are, and the records of a town stand together: most blocks are not read.
        let mut next = next_near(near, 0);
        while let Some(from) = next {
            list.seek(from);
            for (doc, times) in list.docs().iter().zip(list.freqs()) {
                if is_near(near, *doc) {
                    each(*doc, *times);
                }
            }
            // Behind the last record of the list the engine stays where it is.
            let last = list.docs().last().filter(|last| **last >= from);
            next = last.and_then(|last| next_near(near, last + 1));
        }
        Ok(())
    }
}

/// Calls `each` with the records that have all terms, each as often as its rarest one.
///
/// The shortest list is read; in the others only the places are looked up that its records could stand at.
fn together(
    terms: &[Found],
    at: usize,
    words: &InvertedIndexReader,
    near: Option<&[u64]>,
    mut each: impl FnMut(DocId, u32),
) -> tantivy::Result<()> {
    let infos: Option<Vec<&TermInfo>> =
        terms.iter().map(|term| term.0.get(at).and_then(Option::as_ref)).collect();
    // A term that no record has: then none has all.
    let Some(mut infos) = infos else { return Ok(()) };
    infos.sort_by_key(|info| info.doc_freq);
    let Some((shortest, others)) = infos.split_first() else { return Ok(()) };
    let option = IndexRecordOption::WithFreqs;
    let open = |info: &TermInfo| words.read_block_postings_from_terminfo(info, option);
    let mut others: Vec<_> = others.iter().map(|info| open(info)).collect::<Result<_, _>>()?;
    let mut list = open(shortest)?;
    while list.block_len() > 0 {
        for (doc, times) in list.docs().iter().zip(list.freqs()) {
            if near.is_some_and(|near| !is_near(near, *doc)) {
                continue;
            }
            let least = others.iter_mut().try_fold(*times, |least, other| {
                let place = other.seek(*doc);
                let found = other.docs().get(place) == Some(doc);
                found.then(|| least.min(other.freqs().get(place).copied().unwrap_or(1)))
            });
            if let Some(times) = least {
                each(*doc, times);
            }
        }
        list.advance();
    }
    Ok(())
}

/// What hints are worth in each record of one segment; nothing if there are none.
#[derive(Debug)]
pub(super) struct Hints(Sums);

impl Hints {
    /// Returns what they are worth in a record.
    pub(super) fn of(&self, doc: DocId) -> f32 {
        self.0.of.get(place(doc)).map_or(0.0, |sum| sum.text)
    }
}

/// What one word is worth in the records of one segment: its best alternative.
#[derive(Debug, Default)]
pub(super) struct Best {
    values: Vec<f32>,
    /// The records that have it.
    have: Vec<DocId>,
}

/// What all words together are worth in a record.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sum {
    /// The sum over the words.
    pub(super) text: f32,
    /// Which words there are.
    pub(super) words: u16,
    /// Of which words there is a part only.
    pub(super) parts: u16,
}

/// What has been collected about the records of one segment.
#[derive(Debug, Default)]
pub(super) struct Sums {
    of: Vec<Sum>,
    /// The records that have any word.
    touched: Vec<DocId>,
}

impl Best {
    fn begin(&mut self, records: u32) {
        let records = place(records);
        if self.values.len() < records {
            self.values.resize(records, 0.0);
        }
    }

    #[inline]
    fn offer(&mut self, doc: DocId, value: f32) {
        let Some(best) = self.values.get_mut(place(doc)) else { return };
        if *best == 0.0 {
            self.have.push(doc);
        }
        if value > *best {
            *best = value;
        }
    }
}

impl Sums {
    /// Makes room for a segment; what was collected before is forgotten.
    fn begin(&mut self, records: u32) {
        for doc in self.touched.drain(..) {
            if let Some(sum) = self.of.get_mut(place(doc)) {
                *sum = Sum::default();
            }
        }
        let records = place(records);
        if self.of.len() < records {
            self.of.resize(records, Sum::default());
        }
    }

    /// Returns the records that have any word, and what the words are worth there.
    pub(super) fn touched(&self) -> impl Iterator<Item = (DocId, Sum)> {
        self.touched.iter().filter_map(|doc| Some((*doc, *self.of.get(place(*doc))?)))
    }

    /// Returns what the words are worth in a record that has any.
    pub(super) fn of(&self, doc: DocId) -> Option<Sum> {
        self.of.get(place(doc)).copied().filter(|sum| sum.words | sum.parts != 0)
    }

    fn note(&mut self, best: &Best, word: u16) {
        for doc in &best.have {
            let Some(sum) = self.of.get_mut(place(*doc)) else { continue };
            if sum.words | sum.parts == 0 {
                self.touched.push(*doc);
            }
            sum.words |= word;
        }
    }

    fn end_word(&mut self, best: &mut Best, word: u16, rarity: f32) {
        for doc in best.have.drain(..) {
            let (Some(value), Some(sum)) =
                (best.values.get_mut(place(doc)), self.of.get_mut(place(doc)))
            else {
                continue;
            };
            if sum.words | sum.parts == 0 {
                self.touched.push(doc);
            }
            sum.text += rarity * std::mem::take(value);
            if sum.words & word == 0 {
                sum.parts |= word;
            }
        }
    }
}

fn place(doc: DocId) -> usize {
    usize::try_from(doc).unwrap_or(usize::MAX)
}
