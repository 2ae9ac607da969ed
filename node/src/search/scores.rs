//! What the words of a query are worth in each record: BM25F, word by word over one segment at a time.
//!
//! A word is worth as much as its best alternative, so that a synonym never outshines the word itself and a
//! record is not better for saying one thing in five ways. A search over the whole state reads each list of records
//! once, from front to back, all of them side by side: see `window.rs`.

use tantivy::DocId;
use tantivy::postings::TermInfo;

use crate::search::analysis::stem::stem;
use crate::search::analysis::word::{Alternative, Word};

use super::bits::Bits;
use super::entry;
use super::schema::fields;
use super::segment::Segment;
use super::weights;
use super::window::{Lists, Window};

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

    /// Collects what the words are worth in every record of a segment that has at least one of them and is `within`
    /// reach; `few` says that most are not.
    ///
    /// # Errors
    ///
    /// Of the engine, if a file cannot be read.
    pub(super) fn collect(
        &self,
        at: usize,
        segment: &Segment,
        within: &Bits,
        few: bool,
        window: &mut Window,
        sums: &mut Sums,
    ) -> tantivy::Result<()> {
        sums.0.clear();
        if within.next(0).is_none() {
            return Ok(());
        }
        let mut open: Vec<Open> =
            self.words.iter().map(|word| word.open(at, segment)).collect::<Result<_, _>>()?;
        let mut pairs = Vec::new();
        for pair in &self.pairs {
            pairs.extend(pair.term.open(at, segment)?.map(|lists| (pair, lists)));
        }
        // If most are, all are read, which is simpler, and the others left out at the end.
        let near = few.then_some(within);
        for part in Window::over(segment.records()) {
            // Most windows show no town around the place.
            if within.next(part.0).is_none_or(|next| next >= part.1) {
                continue;
            }
            window.move_to(part);
            for (word, open) in (0..).zip(&mut open) {
                self.read(&mut open.whole, part, segment, near, window);
                window.end_whole();
                self.read(&mut open.partial, part, segment, near, window);
                window.end_word(bit(word), open.rarity);
            }
            for (pair, lists) in &mut pairs {
                lists.within(part, near, |doc, times| {
                    window.add(doc, pair.of, || pair.worth * self.share(times, segment, doc));
                });
            }
            window.drain(|doc, sum| {
                if within.has(doc) {
                    sums.0.push((doc, sum));
                }
            });
        }
        Ok(())
    }

    /// Returns what hints are worth in the records of a segment.
    ///
    /// # Errors
    ///
    /// Of the engine, if a file cannot be read.
    pub(super) fn hints(&self, at: usize, segment: &Segment) -> tantivy::Result<Hints> {
        let mut hints = Hints::default();
        if self.hints.is_empty() {
            return Ok(hints);
        }
        hints.0.resize(place(segment.records()), 0.0);
        let mut window = Window::default();
        let mut open: Vec<Open> =
            self.hints.iter().map(|hint| hint.open(at, segment)).collect::<Result<_, _>>()?;
        for part in Window::over(segment.records()) {
            window.move_to(part);
            for open in &mut open {
                self.read(&mut open.whole, part, segment, None, &mut window);
                self.read(&mut open.partial, part, segment, None, &mut window);
                window.end_word(1, weights::hint(open.rarity));
            }
            window.drain(|doc, sum| {
                if let Some(hint) = hints.0.get_mut(place(doc)) {
                    *hint = sum.text;
                }
            });
        }
        Ok(hints)
    }

    fn read(
        &self,
        ways: &mut [(f32, Lists)],
        part: (DocId, DocId),
        segment: &Segment,
        near: Option<&Bits>,
        window: &mut Window,
    ) {
        for (weight, lists) in ways {
            lists.within(part, near, |doc, times| {
                window.offer(doc, *weight * self.share(times, segment, doc));
            });
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

/// The bit of a word; of more words than there are bits the last have none, and are neither had nor lacked.
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

    /// Opens the list of one segment; nothing if no record there has the term.
    fn open(&self, at: usize, segment: &Segment) -> tantivy::Result<Option<Lists>> {
        Lists::open(&segment.words, [self.of(at)].into_iter())
    }

    fn of(&self, at: usize) -> Option<&TermInfo> {
        self.0.get(at).and_then(Option::as_ref)
    }
}

/// A word whose lists of one segment are being read.
struct Open {
    rarity: f32,
    /// The ways to have all of it, with what each counts.
    whole: Vec<(f32, Lists)>,
    /// The ways to have a part of it.
    partial: Vec<(f32, Lists)>,
}

impl Asked {
    fn open(&self, at: usize, segment: &Segment) -> tantivy::Result<Open> {
        let mut open = Open { rarity: self.rarity, whole: Vec::new(), partial: Vec::new() };
        for way in &self.ways {
            let terms = way.terms.iter().map(|term| term.of(at));
            if let Some(lists) = Lists::open(&segment.words, terms)? {
                let ways = if way.partial { &mut open.partial } else { &mut open.whole };
                ways.push((way.weight, lists));
            }
        }
        Ok(open)
    }
}

/// What hints are worth in each record of one segment; nothing if there are none.
#[derive(Debug, Default)]
pub(super) struct Hints(Vec<f32>);

impl Hints {
    /// Returns what they are worth in a record.
    pub(super) fn of(&self, doc: DocId) -> f32 {
        self.0.get(place(doc)).copied().unwrap_or(0.0)
    }
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

/// The records of one segment that have any word, in their order.
#[derive(Debug, Default)]
pub(super) struct Sums(Vec<(DocId, Sum)>);

impl Sums {
    /// Returns the records that have any word, and what the words are worth there.
    pub(super) fn touched(&self) -> impl Iterator<Item = (DocId, Sum)> {
        self.0.iter().copied()
    }

    /// Returns what the words are worth in a record that has any.
    pub(super) fn of(&self, doc: DocId) -> Option<Sum> {
        let at = self.0.binary_search_by_key(&doc, |(doc, _)| *doc).ok()?;
        self.0.get(at).map(|(_, sum)| *sum)
    }
}

fn place(doc: DocId) -> usize {
    usize::try_from(doc).unwrap_or(usize::MAX)
}
