//! What the words of a query are worth in each record: BM25F, word by word over one segment at a time.
//!
//! A word is worth as much as its best alternative, so that a synonym never outshines the word itself and a
//! record is not better for saying one thing in five ways. Values are collected in arrays over the
//! segment: a search over the whole state reads each list of records once, from front to back.

use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, InvertedIndexReader, Term};

use crate::search::analysis::stem::stem;
use crate::search::analysis::word::Word;

use super::entry;
use super::schema::fields;
use super::segment::Segment;
use super::weights;

/// The words of a query, looked up in every segment of one state.
#[derive(Debug)]
pub(super) struct Plan {
    words: Vec<Asked>,
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
    pub(super) fn new(words: &[Word], segments: &[Segment]) -> tantivy::Result<Self> {
        let (mut records, mut tokens) = (0u64, 0u64);
        for segment in segments {
            records += u64::from(segment.records());
            tokens += segment.words.total_num_tokens();
        }
        let rarity = |held: u64| rarity(held, records);
        let asked = |word: &Word| -> tantivy::Result<(Asked, String)> {
            let way = |terms: &[String], weight| -> tantivy::Result<Way> {
                let terms = terms.iter().map(|term| Found::look(term, segments));
                Ok(Way { weight, terms: terms.collect::<Result<_, _>>()? })
            };
            let own = word.alternatives.iter();
            let mut ways = own
                .map(|one| way(&one.terms, one.weight * weights::STEM))
                .collect::<Result<Vec<_>, _>>()?;
            // What stands for the word itself says how rare it is; if nothing has it, what stands in for it.
            let same = word.alternatives.iter().zip(&ways).filter(|(one, _)| one.weight >= 1.0);
            let held: u64 = same.map(|(_, way)| way.held()).sum();
            let held = if held > 0 { held } else { ways.iter().map(Way::held).sum() };
            for whole in &word.whole {
                ways.push(way(&[entry::whole(whole)], 1.0)?);
            }
            Ok((Asked { rarity: rarity(held), ways }, stem(&word.text)))
        };
        let (words, stems): (Vec<_>, Vec<_>) =
            words.iter().map(asked).collect::<tantivy::Result<Vec<_>>>()?.into_iter().unzip();
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
        Ok(Self { words, pairs, halves: weights::halves(tokens, records) })
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
        mut each: impl FnMut(DocId, f32, u16),
    ) -> tantivy::Result<()> {
        let mut sums = Sums::new(segment.records());
        for (word, asked) in (0..).zip(&self.words) {
            for way in &asked.ways {
                self.read(way, at, segment, &mut sums)?;
            }
            sums.end_word(bit(word), asked.rarity);
        }
        for pair in &self.pairs {
            pair.term.each(at, &segment.words, |doc, times| {
                let share = self.share(times, segment, doc);
                sums.add_pair(doc, pair.of, pair.worth * share);
            })?;
        }
        sums.each(&mut each);
        Ok(())
    }

    fn read(
        &self,
        way: &Way,
        at: usize,
        segment: &Segment,
        sums: &mut Sums,
    ) -> tantivy::Result<()> {
        let mut value = |doc, times| {
            sums.offer(doc, way.weight * self.share(times, segment, doc));
        };
        match way.terms.as_slice() {
            [term] => term.each(at, &segment.words, value)?,
            terms => {
                for (doc, times) in together(terms, at, &segment.words)? {
                    value(doc, times);
                }
            }
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

/// Returns the records that have all terms, each as often as its rarest one.
fn together(
    terms: &[Found],
    at: usize,
    words: &InvertedIndexReader,
) -> tantivy::Result<Vec<(DocId, u32)>> {
    let mut all: Option<Vec<(DocId, u32)>> = None;
    for term in terms {
        let mut list = Vec::new();
        match &all {
            None => term.each(at, words, |doc, times| list.push((doc, times)))?,
            Some(held) => {
                let mut held = held.iter().peekable();
                term.each(at, words, |doc, times| {
                    while held.next_if(|(other, _)| *other < doc).is_some() {}
                    if let Some((_, other)) = held.next_if(|(other, _)| *other == doc) {
                        list.push((doc, times.min(*other)));
                    }
                })?;
            }
        }
        all = Some(list);
    }
    Ok(all.unwrap_or_default())
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
    /// The records that have any.
    touched: Vec<DocId>,
}

impl Sums {
    fn new(records: u32) -> Self {
        let records = usize::try_from(records).unwrap_or(0);
        Self {
            word: vec![0.0; records],
            have: Vec::new(),
            text: vec![0.0; records],
            words: vec![0; records],
            touched: Vec::new(),
        }
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

    fn end_word(&mut self, word: u16, rarity: f32) {
        for doc in self.have.drain(..) {
            let at = place(doc);
            if let (Some(value), Some(text), Some(words)) =
                (self.word.get_mut(at), self.text.get_mut(at), self.words.get_mut(at))
            {
                if *words == 0 {
                    self.touched.push(doc);
                }
                *text += rarity * std::mem::take(value);
                *words |= word;
            }
        }
    }

    fn add_pair(&mut self, doc: DocId, of: u16, value: f32) {
        let at = place(doc);
        if let (Some(text), Some(words)) = (self.text.get_mut(at), self.words.get(at))
            && *words & of == of
        {
            *text += value;
        }
    }

    fn each(&self, each: &mut impl FnMut(DocId, f32, u16)) {
        for doc in &self.touched {
            let at = place(*doc);
            if let (Some(text), Some(words)) = (self.text.get(at), self.words.get(at)) {
                each(*doc, *text, *words);
            }
        }
    }
}

fn place(doc: DocId) -> usize {
    usize::try_from(doc).unwrap_or(usize::MAX)
}
