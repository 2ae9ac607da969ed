//! What the words of a query are worth in each record: BM25F, word by word over one segment at a time.
//!
//! A word is worth as much as its best alternative, so that a synonym never outshines the word itself and a
//! record is not better for saying one thing in five ways. Values are collected in arrays over the
//! segment: a search over the whole state reads each list of records once, from front to back.

use std::cell::Cell;

use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, InvertedIndexReader, Term};

use crate::search::analysis::stem::stem;
#[cfg(test)]
use crate::search::analysis::word::Alternative;
use crate::search::analysis::word::Word;

use super::entry;
use super::schema::fields;
use super::segment::Segment;
use super::weights;

/// So many records are few, however small the index is.
const ENOUGH: u64 = 10;

/// The words of a query, looked up in every segment of one state.
#[derive(Debug)]
pub(super) struct Plan {
    /// How many there are, removed ones too: for the oracle.
    #[cfg(test)]
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
            // A part says no more than it is rare, and what many have says nothing about a compound.
            ways.retain(|way| !way.partial || is_few(way.held(), records));
            for way in ways.iter_mut().filter(|way| way.partial) {
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
        Ok(Self {
            #[cfg(test)]
            records,
            words,
            hints,
            pairs,
            halves: weights::halves(tokens, records),
        })
    }

    /// Returns whether a part of a word may do.
    pub(super) fn has_parts(&self) -> bool {
        self.words.iter().any(|word| word.ways.iter().any(|way| way.partial))
    }

    /// Returns whether a way is looked up: for the oracle.
    #[cfg(test)]
    pub(super) fn keeps(&self, way: &Alternative, segments: &[Segment]) -> bool {
        let terms = way.terms.iter().map(|term| Found::look(term, segments).unwrap()).collect();
        let found = Way { weight: 1.0, partial: true, terms };
        !way.partial || is_few(found.held(), self.records)
    }

    /// Returns how much each word says, in the order of the query.
    pub(super) fn rarities(&self) -> Vec<f32> {
        self.words.iter().map(|word| word.rarity).collect()
    }

    /// Calls `each` with every record that has at least one of the words: its number in the segment, what its words
    /// are worth, and which words they are.
    ///
    /// # Errors
    ///
    /// Of the engine, if a file cannot be read.
    pub(super) fn each(
        &self,
        at: usize,
        segment: &Segment,
        near: Option<&[u64]>,
        mut each: impl FnMut(DocId, f32, u16, u16),
    ) -> tantivy::Result<()> {
        let mut sums = Sums::take(segment.records());
        for (word, asked) in (0..).zip(&self.words) {
            for way in asked.ways.iter().filter(|way| !way.partial) {
                self.read(way, at, segment, near, &mut sums)?;
            }
            sums.note(bit(word));
            for way in asked.ways.iter().filter(|way| way.partial) {
                self.read(way, at, segment, near, &mut sums)?;
            }
            sums.end_word(bit(word), asked.rarity);
        }
        for pair in &self.pairs {
            pair.term.each(at, &segment.words, |doc, times| {
                if sums.has(doc, pair.of) {
                    sums.add(doc, pair.worth * self.share(times, segment, doc));
                }
            })?;
        }
        sums.each(&mut each);
        sums.put_back();
        Ok(())
    }

    /// Returns what hints are worth in the records of a segment.
    ///
    /// # Errors
    ///
    /// Of the engine, if a file cannot be read.
    pub(super) fn hints(&self, at: usize, segment: &Segment) -> tantivy::Result<Hints> {
        if self.hints.is_empty() {
            return Ok(Hints(Vec::new()));
        }
        let mut sums = Sums::new(segment.records());
        for asked in &self.hints {
            for way in &asked.ways {
                self.read(way, at, segment, None, &mut sums)?;
            }
            sums.end_word(1, weights::hint(asked.rarity));
        }
        Ok(Hints(sums.text))
    }

    fn read(
        &self,
        way: &Way,
        at: usize,
        segment: &Segment,
        near: Option<&[u64]>,
        sums: &mut Sums,
    ) -> tantivy::Result<()> {
        let value = |doc, times| {
            if is_near(near, doc) {
                sums.offer(doc, way.weight * self.share(times, segment, doc));
            }
        };
        match way.terms.as_slice() {
            [term] => term.each(at, &segment.words, value)?,
            terms => together(terms, at, &segment.words, value)?,
        }
        Ok(())
    }

    /// How much of its full worth a word has that stands there so often.
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
fn is_near(near: Option<&[u64]>, doc: DocId) -> bool {
    near.is_none_or(|near| {
        near.get(place(doc / 64)).is_some_and(|word| word >> (doc % 64) & 1 == 1)
    })
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
        let term = Term::from_field_text(fields().words, term);
        let infos = segments.iter().map(|segment| segment.words.get_term_info(&term));
        Ok(Self(infos.collect::<Result<_, _>>()?))
    }

    fn each(
        &self,
        at: usize,
        words: &InvertedIndexReader,
        mut each: impl FnMut(DocId, u32),
    ) -> tantivy::Result<()> {
        let Some(info) = self.0.get(at).and_then(Option::as_ref) else { return Ok(()) };
        let option = IndexRecordOption::WithFreqs;
        let mut list = words.read_block_postings_from_terminfo(info, option)?;
        while list.block_len() > 0 {
            for (doc, times) in list.docs().iter().zip(list.freqs()) {
                each(*doc, *times);
            }
            list.advance();
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
pub(super) struct Hints(Vec<f32>);

impl Hints {
    /// Returns what they are worth in a record.
    pub(super) fn of(&self, doc: DocId) -> f32 {
        self.0.get(place(doc)).copied().unwrap_or(0.0)
    }
}

/// What has been collected about the records of one segment.
#[derive(Debug)]
struct Sums {
    /// The best value of the word at hand.
    word: Vec<f32>,
    /// The records that have it.
    have: Vec<DocId>,
    /// The sum over the words before.
    text: Vec<f32>,
    /// Which words there are.
    words: Vec<u16>,
    /// Of which words there is a part only.
    parts: Vec<u16>,
    /// The records that have any.
    touched: Vec<DocId>,
}

thread_local! {
    /// What the last search on this thread collected in.
    static KEPT: Cell<Option<Sums>> = const { Cell::new(None) };
}

impl Sums {
    fn new(records: u32) -> Self {
        let records = usize::try_from(records).unwrap_or(0);
        Self {
            word: vec![0.0; records],
            have: Vec::new(),
            text: vec![0.0; records],
            words: vec![0; records],
            parts: vec![0; records],
            touched: Vec::new(),
        }
    }

    /// Returns the arrays of this thread, empty: to make them anew for every search would cost more than to fill them.
    fn take(records: u32) -> Self {
        let mut sums = KEPT.take().unwrap_or_else(|| Self::new(0));
        let records = usize::try_from(records).unwrap_or(0);
        if sums.text.len() < records {
            sums.word.resize(records, 0.0);
            sums.text.resize(records, 0.0);
            sums.words.resize(records, 0);
            sums.parts.resize(records, 0);
        }
        sums
    }

    /// Empties the arrays and keeps them for this thread's next search.
    fn put_back(mut self) {
        for doc in self.touched.drain(..) {
            let at = place(doc);
            if let (Some(text), Some(words), Some(parts)) =
                (self.text.get_mut(at), self.words.get_mut(at), self.parts.get_mut(at))
            {
                (*text, *words, *parts) = (0.0, 0, 0);
            }
        }
        KEPT.set(Some(self));
    }

    fn offer(&mut self, doc: DocId, value: f32) {
        let Some(best) = self.word.get_mut(place(doc)) else { return };
        if *best == 0.0 {
            self.have.push(doc);
        }
        if value > *best {
            *best = value;
        }
    }

    fn note(&mut self, word: u16) {
        for doc in &self.have {
            let at = place(*doc);
            if let (Some(words), Some(parts)) = (self.words.get_mut(at), self.parts.get(at)) {
                if *words | *parts == 0 {
                    self.touched.push(*doc);
                }
                *words |= word;
            }
        }
    }

    fn end_word(&mut self, word: u16, rarity: f32) {
        for doc in self.have.drain(..) {
            let at = place(doc);
            if let (Some(value), Some(text), Some(words), Some(parts)) = (
                self.word.get_mut(at),
                self.text.get_mut(at),
                self.words.get(at),
                self.parts.get_mut(at),
            ) {
                if *words | *parts == 0 {
                    self.touched.push(doc);
                }
                *text += rarity * std::mem::take(value);
                if *words & word == 0 {
                    *parts |= word;
                }
            }
        }
    }

    /// Returns whether a record has all of these words.
    fn has(&self, doc: DocId, of: u16) -> bool {
        self.words.get(place(doc)).is_some_and(|words| words & of == of)
    }

    fn add(&mut self, doc: DocId, value: f32) {
        if let Some(text) = self.text.get_mut(place(doc)) {
            *text += value;
        }
    }

    fn each(&self, each: &mut impl FnMut(DocId, f32, u16, u16)) {
        for doc in &self.touched {
            let at = place(*doc);
            if let (Some(text), Some(words), Some(parts)) =
                (self.text.get(at), self.words.get(at), self.parts.get(at))
            {
                each(*doc, *text, *words, *parts);
            }
        }
    }
}

fn place(doc: DocId) -> usize {
    usize::try_from(doc).unwrap_or(usize::MAX)
}
