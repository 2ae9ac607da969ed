//! One state of the index, and how it answers.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::{DocId, Searcher};

use crate::search::analysis::reader::Reader;
#[cfg(test)]
use crate::search::analysis::word::Alternative;
use crate::search::analysis::word::Word;
use crate::search::answer::Answer;
use crate::search::query::{After, Query};

use super::bits::Bits;
use super::coverage::Coverage;
use super::facets::Translation;
use super::filter::Reach;
use super::pass::{Pass, Worth};
use super::pool::{Pool, Scratch};
use super::scores::{Hints, Plan, Sum, Sums};
use super::segment::Segment;
use super::spelling::{FEW, Vocabulary};
use super::twins::Twins;
use super::weights;

/// What a word is looked up by, and whether each way is only a part of it: for tests.
#[cfg(test)]
pub(super) type Looked = Vec<(Vec<String>, bool)>;

/// What all states of an index have in common.
pub(super) struct Common {
    /// Queries are read as records were when they were written.
    pub(super) reader: Reader<'static>,
    /// What its codes mean, if another version has written it.
    pub(super) codes: Option<Translation>,
    /// What searches collect in.
    pub(super) pool: Pool,
}

/// What is shown on a day.
struct Shown {
    /// Since 1970.
    day: u32,
    /// By segment.
    records: Vec<Bits>,
}

/// The records that a search looks at: those that are shown, and not farther away than a radius.
struct Within {
    shown: Arc<Shown>,
    /// By segment, if a radius was asked for.
    near: Option<Vec<Bits>>,
}

/// One state of the index.
pub(super) struct Snapshot {
    /// The number of the last change it holds, by which pages know it again, even after a restart.
    pub(super) applied: u64,
    pub(super) searcher: Searcher,
    segments: Vec<Segment>,
    twins: Twins,
    common: Arc<Common>,
    /// What is shown on the day that was asked for last.
    shown: Mutex<Option<Arc<Shown>>>,
    /// Whether somebody was given a page that another can follow.
    pub(super) paged: AtomicBool,
}

impl Snapshot {
    /// Reads a state, taking over what `before` has unpacked of segments that both hold.
    pub(super) fn read(
        searcher: Searcher,
        applied: u64,
        before: Option<&Self>,
        common: &Arc<Common>,
    ) -> tantivy::Result<Self> {
        let before = before.map(|before| before.segments.as_slice()).unwrap_or_default();
        let open = |reader| Segment::open(reader, before, common.codes.as_ref());
        let segments: Vec<_> =
            searcher.segment_readers().iter().map(open).collect::<tantivy::Result<_>>()?;
        let twins = Twins::among(&segments);
        let (common, shown) = (Arc::clone(common), Mutex::default());
        Ok(Self {
            applied,
            searcher,
            segments,
            twins,
            common,
            shown,
            paged: AtomicBool::new(false),
        })
    }

    /// Returns how many records it holds.
    pub(super) fn len(&self) -> u64 {
        self.searcher.num_docs()
    }

    /// Returns whether a file still holds something of a removed record.
    pub(super) fn has_deleted(&self) -> bool {
        self.searcher.segment_readers().iter().any(tantivy::SegmentReader::has_deletes)
    }

    /// Answers a query.
    pub(super) fn search(&self, query: &Query) -> tantivy::Result<Answer> {
        let mut words = self.common.reader.query(&query.words);
        let vocabulary = self.vocabulary();
        for begun in &query.begun {
            words.push(vocabulary.begun(begun)?);
        }
        let mut corrected =
            if query.exact { Vec::new() } else { vocabulary.correct(&mut words)? };
        let mut answer = self.search_words(query, &words)?;
        if !query.exact && answer.with_all_words < FEW {
            let similar = vocabulary.liken(&mut words)?;
            if !similar.is_empty() {
                answer = self.search_words(query, &words)?;
                corrected.extend(similar);
            }
        }
        if answer.next.is_some() {
            self.paged.store(true, Ordering::Relaxed);
        }
        Ok(Answer { searched: words, corrected, ..answer })
    }

    fn search_words(&self, query: &Query, words: &[Word]) -> tantivy::Result<Answer> {
        let elsewhere = query.after.filter(|after| after.applied != self.applied);
        let moved = match elsewhere {
            // Every change shifts what words are worth: the old score would lie before all or behind all.
            Some(after) => self.place(query, words, after)?,
            None => None,
        };
        let moved = moved.map(|after| Query { after: Some(after), ..query.clone() });
        let query = moved.as_ref().unwrap_or(query);
        let mut pass = Pass::new(query, !words.is_empty());
        self.take(query, words, &mut pass)?;
        Ok(pass.finish(self.applied))
    }

    /// Returns where the record that a page of another state ended with stands in this one; nothing if it is
    /// not among the results any more: then what it was worth there has to do.
    fn place(&self, query: &Query, words: &[Word], after: After) -> tantivy::Result<Option<After>> {
        let query = Query { limit: 0, ..query.clone() };
        let mut pass = Pass::new(&query, !words.is_empty());
        pass.seek(after.id);
        self.take(&query, words, &mut pass)?;
        Ok(pass.found().map(|score| After { score, ..after }))
    }

    fn take(&self, query: &Query, words: &[Word], pass: &mut Pass) -> tantivy::Result<()> {
        let plan = Plan::new(words, &self.common.reader.query(&query.hints), &self.segments)?;
        if words.is_empty() {
            self.take_all(&plan, pass)
        } else {
            self.take_some(&plan, words, pass)
        }
    }

    /// Returns the words that records hold.
    pub(super) fn vocabulary(&self) -> Vocabulary<'_> {
        let dictionaries = self.segments.iter().map(|segment| segment.words.terms()).collect();
        Vocabulary { dictionaries, reader: self.common.reader }
    }

    fn take_all(&self, plan: &Plan, pass: &mut Pass) -> tantivy::Result<()> {
        let hints = self.hints(plan)?;
        let worth = |at: usize, doc| {
            let hint = hints.get(at).map_or(0.0, |hints| hints.of(doc));
            Worth { text: 1.0 + hint.min(weights::MOST_HINTS), share: 1.0, has_all: true }
        };
        let within = self.within(pass);
        for (at, segment) in self.segments.iter().enumerate() {
            for doc in within.of(at).all() {
                if let Some(reach) = reach(segment, pass, doc) {
                    pass.take(
                        &segment.columns,
                        doc,
                        reach,
                        worth(at, doc),
                        self.twins.has(at, doc),
                    );
                }
            }
        }
        self.join_twins(&within, pass, |at, doc| Some(worth(at, doc)));
        Ok(())
    }

    /// Takes the records that have the words, or enough of them.
    fn take_some(&self, plan: &Plan, words: &[Word], pass: &mut Pass) -> tantivy::Result<()> {
        let mut scratch = self.common.pool.take(self.segments.len());
        let Scratch { window, sums } = &mut scratch;
        let within = self.within(pass);
        for (at, (segment, sums)) in self.segments.iter().zip(sums.iter_mut()).enumerate() {
            plan.collect(at, segment, within.of(at), within.near.is_some(), window, sums)?;
        }
        let rarities = plan.rarities();
        let mut coverage = Coverage::new(&rarities, words.iter().map(|word| word.weight));
        if rarities.len() > 1 || plan.has_parts() {
            self.settle(&mut coverage, sums, pass);
        }
        let (least, hints) = (coverage.least(), self.hints(plan)?);
        let worth = |at: usize, doc, sum: Sum| {
            let share = coverage.share_with(sum.words, sum.parts);
            let hint = hints.get(at).map_or(0.0, |hints| hints.of(doc));
            let has_all = coverage.has_all(sum.words);
            let enough = share >= least && coverage.has_some(sum.words | sum.parts);
            enough.then_some(Worth { text: sum.text + hint, share, has_all })
        };
        for (at, (segment, sums)) in self.segments.iter().zip(sums.iter()).enumerate() {
            for (doc, sum) in sums.touched() {
                if let Some(worth) = worth(at, doc, sum)
                    && let Some(reach) = reach(segment, pass, doc)
                {
                    pass.take(&segment.columns, doc, reach, worth, self.twins.has(at, doc));
                }
            }
        }
        self.join_twins(&within, pass, |at, doc| worth(at, doc, sums.get(at)?.of(doc)?));
        self.common.pool.put_back(scratch);
        Ok(())
    }

    /// Returns the records that a search looks at.
    fn within(&self, pass: &Pass) -> Within {
        let shown = self.shown(pass.today());
        let near = self.segments.iter().zip(&shown.records).map(|(segment, shown)| {
            let mut near = pass.near(&segment.columns)?;
            near.keep(shown);
            Some(near)
        });
        Within { near: near.collect(), shown }
    }

    /// Returns what is shown on a day; most searches ask for the same one.
    fn shown(&self, day: u32) -> Arc<Shown> {
        // Nothing in here panics half-way, so a poisoned lock guards a sound pointer.
        let held = || self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shown) = held().as_ref().filter(|shown| shown.day == day) {
            return Arc::clone(shown);
        }
        let records = self.segments.iter().map(|segment| segment.shown(day)).collect();
        Arc::clone(held().insert(Arc::new(Shown { day, records })))
    }

    /// Returns what hints are worth in each segment.
    fn hints(&self, plan: &Plan) -> tantivy::Result<Vec<Hints>> {
        self.segments.iter().enumerate().map(|(at, segment)| plan.hints(at, segment)).collect()
    }

    /// Adds to the groups that are shown what was passed over because another one of the group is better.
    fn join_twins(
        &self,
        within: &Within,
        pass: &mut Pass,
        worth: impl Fn(usize, DocId) -> Option<Worth>,
    ) {
        for likeness in pass.rank_groups() {
            for (at, doc) in
                self.twins.members(likeness).filter(|(at, doc)| within.of(*at).has(*doc))
            {
                if let Some(segment) = self.segments.get(at)
                    && let Some(worth) = worth(at, doc)
                    && let Some(reach) = reach(segment, pass, doc)
                {
                    pass.join(likeness, &segment.columns, doc, reach, worth);
                }
            }
        }
    }

    /// Finds out how much of the words is enough. Most often the first few records that have all of them say so, and
    /// no other is looked at.
    fn settle(&self, coverage: &mut Coverage, sums: &[Sums], pass: &Pass) {
        for all in [true, false] {
            for (segment, sums) in self.segments.iter().zip(sums) {
                for (doc, sum) in sums.touched() {
                    let share = coverage.share_with(sum.words, sum.parts);
                    if Coverage::is_all(share) == all
                        && coverage.has_some(sum.words | sum.parts)
                        && coverage.may_do(share)
                        && reach(segment, pass, doc).is_some()
                    {
                        coverage.note(share);
                        if all && Coverage::is_all(coverage.least()) {
                            return;
                        }
                    }
                }
            }
        }
    }

    /// Returns the words that are looked for if somebody types this, with the ways that they are looked up by.
    pub(super) fn looked_up(&self, text: &str) -> tantivy::Result<Vec<Word>> {
        let mut words = self.common.reader.query(text);
        self.vocabulary().correct(&mut words)?;
        let plan = Plan::new(&words, &[], &self.segments)?;
        for word in &mut words {
            let kept = word.alternatives.iter().map(|way| plan.keeps(way, &self.segments));
            let mut kept = kept.collect::<tantivy::Result<Vec<_>>>()?.into_iter();
            word.alternatives.retain(|_| kept.next() == Some(true));
        }
        Ok(words)
    }

    /// Returns how much each word of a query says here, and each way that it is looked up by, with whether that is
    /// only a part of it: for tests.
    #[cfg(test)]
    pub(super) fn asked(&self, words: &str) -> Vec<(f32, Looked)> {
        let words = self.common.reader.query(words);
        let plan = Plan::new(&words, &[], &self.segments).unwrap();
        let looked_up = |word: &Word| {
            let keeps = |way: &&Alternative| plan.keeps(way, &self.segments).unwrap();
            let kept = word.alternatives.iter().filter(keeps);
            kept.map(|way| (way.terms.clone(), way.partial)).collect()
        };
        plan.rarities().into_iter().zip(words.iter().map(looked_up)).collect()
    }
}

/// How a record that a search looks at is within reach, if it is.
#[inline]
fn reach(segment: &Segment, pass: &Pass, doc: DocId) -> Option<Reach> {
    let gate = segment.columns.gate(doc)?;
    pass.reach(&segment.columns, doc, gate)
}

impl Within {
    /// Returns those of a segment.
    fn of(&self, at: usize) -> &Bits {
        static NONE: Bits = Bits::NONE;
        self.near.as_ref().unwrap_or(&self.shown.records).get(at).unwrap_or(&NONE)
    }
}

#[cfg(test)]
mod tests {
    use crate::search::check::{filled, pages, put, record, words};
    use crate::search::index::Index;
    use crate::search::query::{Near, Query};

    /// Lists of words are read in blocks of 128: here are enough for several, in an order that leaves holes.
    #[test]
    fn a_radius_finds_in_long_lists_what_lies_within_it() {
        let index = Index::in_memory().unwrap();
        let towns = ["48653", "50667", "48249", "52062", "32423"];
        let mut expected = Vec::new();
        let changes = (0..1_500u64).map(|row| {
            // Towns stand together, as they do when feeds arrive, and the last ones are mixed.
            let at = if row < 1_000 { row / 200 } else { row % 5 };
            let mut record = record("Garten Kinder");
            record.places[0].plz = Some(towns[usize::try_from(at).unwrap()].to_owned());
            if row % 97 == 0 {
                record.mode = Some("remote".to_owned());
            }
            if matches!(at, 0 | 2) || row % 97 == 0 {
                expected.push(row);
            }
            put(row, record)
        });
        index.apply(changes.collect(), 1).unwrap();
        let near = Some(Near { lat: 51.94, lon: 7.17, ags: None });
        for (asked, limit) in [("Garten", 100), ("Kinder im Garten", 50), ("", 90)] {
            let query = Query { near: near.clone(), radius_km: Some(25.0), limit, ..words(asked) };
            let (first, hits) = pages(&index, &Query { grouped: false, ..query });
            let mut rows: Vec<u64> = hits.iter().map(|hit| hit.row).collect();
            rows.sort_unstable();
            assert_eq!(rows, expected, "{asked}");
            assert_eq!(first.total, expected.len() as u64);
        }
    }

    #[test]
    fn words_side_by_side_count_once_in_a_search_around_a_place() {
        let index = Index::in_memory().unwrap();
        // Behind the only record that has the pair, others lie within reach.
        let titles = ["Kinder Garten", "Kinder", "Garten"];
        index
            .apply((0..).zip(titles).map(|(row, title)| put(row, record(title))).collect(), 1)
            .unwrap();
        let near = Some(Near { lat: 51.94, lon: 7.17, ags: None });
        let query = Query { near, ..words("Kinder Garten") };
        let score =
            |radius_km| index.search(&Query { radius_km, ..query.clone() }).unwrap().hits[0].score;
        assert_eq!(score(Some(5.0)).to_bits(), score(None).to_bits());
    }

    #[test]
    fn what_is_shown_is_asked_anew_on_another_day() {
        let index = filled(3);
        let on = |day: &str| {
            let query = Query { today: day.parse().unwrap(), ..words("Garten") };
            index.search(&query).unwrap().total
        };
        assert_eq!(["2026-11-23", "2027-05-03", "2027-05-02", "2027-05-03"].map(on), [3, 0, 3, 0]);
    }

    #[test]
    fn limits_are_kept() {
        let index = filled(150);
        let none = index.search(&Query { limit: 0, ..words("Garten") }).unwrap();
        assert_eq!((none.total, none.hits.len(), none.next), (150, 0, None));
        assert_eq!(
            index.search(&Query { limit: usize::MAX, ..words("") }).unwrap().hits.len(),
            100
        );
        let (_, hits) = pages(&index, &Query { limit: 50, ..words("Garten") });
        assert_eq!(hits.len(), 150);
    }
}
