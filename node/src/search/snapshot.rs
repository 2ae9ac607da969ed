//! One state of the index, and the last few: a page goes on where the page before was read.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::Searcher;

use crate::search::analysis;
use crate::search::analysis::word::Word;
use crate::search::answer::Answer;
use crate::search::query::{After, Query};

use super::coverage::Coverage;
use super::pass::{Pass, Worth};
use super::scores::Plan;
use super::segment::Segment;
use super::spelling::{FEW, Vocabulary};
use super::twins::Twins;
use super::weights;

/// How many states are kept for pages to go on in; the newest is one of them.
const KEPT: usize = 8;

/// What a word is looked up by, and whether each way is only a part of it: for tests.
#[cfg(test)]
pub(super) type Looked = Vec<(Vec<String>, bool)>;

/// One state of the index.
pub(super) struct Snapshot {
    /// The number of the last change it holds, by which pages know it again, even after a restart.
    pub(super) applied: u64,
    pub(super) searcher: Searcher,
    segments: Vec<Segment>,
    twins: Twins,
    /// Whether somebody was given a page that another can follow.
    paged: AtomicBool,
}

/// A record within reach that has some of the words.
struct Candidate {
    segment: usize,
    doc: tantivy::DocId,
    worth: Worth,
}

impl Snapshot {
    /// Reads a state, taking over what `before` has unpacked of segments that both hold.
    pub(super) fn read(
        searcher: Searcher,
        applied: u64,
        before: Option<&Self>,
    ) -> tantivy::Result<Self> {
        let before = before.map(|before| before.segments.as_slice()).unwrap_or_default();
        let open = |reader| Segment::open(reader, before);
        let segments: Vec<_> =
            searcher.segment_readers().iter().map(open).collect::<tantivy::Result<_>>()?;
        let twins = Twins::among(&segments);
        Ok(Self { applied, searcher, segments, twins, paged: AtomicBool::new(false) })
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
        let mut words = analysis::query(&query.words);
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
        pass.seek(after.row);
        self.take(&query, words, &mut pass)?;
        Ok(pass.found().map(|score| After { score, ..after }))
    }

    fn take(&self, query: &Query, words: &[Word], pass: &mut Pass) -> tantivy::Result<()> {
        let plan = Plan::new(words, &analysis::query(&query.hints), &self.segments)?;
        if words.is_empty() { self.take_all(&plan, pass) } else { self.take_some(&plan, pass) }
    }

    /// Returns the words that records hold.
    pub(super) fn vocabulary(&self) -> Vocabulary<'_> {
        Vocabulary(self.segments.iter().map(|segment| segment.words.terms()).collect())
    }

    fn take_all(&self, plan: &Plan, pass: &mut Pass) -> tantivy::Result<()> {
        for (at, segment) in self.segments.iter().enumerate() {
            let columns = &segment.columns;
            let hints = plan.hints(at, segment)?;
            for (doc, card) in columns.cards().filter(|(doc, _)| segment.is_alive(*doc)) {
                if let Some(reach) = pass.reach(columns, card) {
                    let hint = hints.of(doc).min(weights::MOST_HINTS);
                    let worth = Worth { text: 1.0 + hint, share: 1.0 };
                    pass.take(columns, card, reach, worth, self.twins.has(at, doc));
                }
            }
        }
        Ok(())
    }

    /// Takes the records that have the words, or enough of them.
    fn take_some(&self, plan: &Plan, pass: &mut Pass) -> tantivy::Result<()> {
        let rarities = plan.rarities();
        let mut coverage = Coverage::new(&rarities);
        let is_choosy = rarities.len() > 1 || plan.has_parts();
        let mut candidates: Vec<Candidate> = Vec::new();
        for (at, segment) in self.segments.iter().enumerate() {
            let columns = &segment.columns;
            let hints = plan.hints(at, segment)?;
            let near = pass.near(columns);
            plan.each(at, segment, near.as_deref(), |doc, text, words, parts| {
                let card = columns.card(doc).filter(|_| segment.is_alive(doc));
                let Some((card, reach)) =
                    card.and_then(|card| Some((card, pass.reach(columns, card)?)))
                else {
                    return;
                };
                let text = text + hints.of(doc);
                let worth = Worth { text, share: coverage.share_with(words, parts) };
                if !is_choosy {
                    pass.take(columns, card, reach, worth, self.twins.has(at, doc));
                } else if coverage.note(worth.share) {
                    candidates.push(Candidate { segment: at, doc, worth });
                }
            })?;
        }
        let least = coverage.least();
        for Candidate { segment: at, doc, worth } in candidates {
            if worth.share < least {
                continue;
            }
            let columns = self.segments.get(at).map(|segment| &segment.columns);
            if let Some((columns, card)) = columns.and_then(|all| Some((all, all.card(doc)?)))
                && let Some(reach) = pass.reach(columns, card)
            {
                pass.take(columns, card, reach, worth, self.twins.has(at, doc));
            }
        }
        Ok(())
    }

    /// Returns how much each word of a query says here, and each way that it is looked up by, with whether that is
    /// only a part of it: for tests.
    #[cfg(test)]
    pub(super) fn asked(&self, words: &str) -> Vec<(f32, Looked)> {
        let words = analysis::query(words);
        let plan = Plan::new(&words, &[], &self.segments).unwrap();
        let looked_up = |word: &Word| {
            let kept = word.alternatives.iter().filter(|way| plan.keeps(way, &self.segments));
            kept.map(|way| (way.terms.clone(), way.partial)).collect()
        };
        plan.rarities().into_iter().zip(words.iter().map(looked_up)).collect()
    }
}

/// The newest state and those before it.
pub(super) struct Snapshots(Mutex<VecDeque<Arc<Snapshot>>>);

impl Snapshots {
    /// Begins with one state.
    pub(super) fn new(first: Snapshot) -> Self {
        Self(Mutex::new(VecDeque::from([Arc::new(first)])))
    }

    /// Returns how many states are held.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.with(|kept| kept.len())
    }

    /// Returns the newest state.
    pub(super) fn newest(&self) -> Arc<Snapshot> {
        self.with(|kept| kept.back().map(Arc::clone)).expect("the newest is never dropped")
    }

    /// Returns the state that the query goes on in; if it is no longer kept, the newest.
    pub(super) fn of(&self, query: &Query) -> Arc<Snapshot> {
        let applied = query.after.map(|after| after.applied);
        let same = |kept: &mut VecDeque<Arc<Snapshot>>| {
            kept.iter().find(|snapshot| Some(snapshot.applied) == applied).map(Arc::clone)
        };
        self.with(same).unwrap_or_else(|| self.newest())
    }

    /// Makes a state the newest; it replaces one that holds the same changes in other files, and one that no
    /// page goes on in: a first copy passes through hundreds of states, and each holds memory.
    pub(super) fn push(&self, snapshot: Snapshot) {
        // Dropped after the lock is: closing files must not hold up searches.
        let dropped = self.with(|kept| {
            let same = kept.pop_back_if(|newest| {
                newest.applied == snapshot.applied || !Self::is_of_use(newest)
            });
            kept.push_back(Arc::new(snapshot));
            let oldest = if kept.len() > KEPT { kept.pop_front() } else { None };
            (same, oldest)
        });
        drop(dropped);
    }

    /// Whether a page goes on in a state, or a search that is under way may begin one.
    fn is_of_use(snapshot: &Arc<Snapshot>) -> bool {
        snapshot.paged.load(Ordering::Relaxed) || Arc::strong_count(snapshot) > 1
    }

    /// Lets go of all states but the newest: they hold what was removed since.
    pub(super) fn forget(&self) {
        let old: Vec<_> = self.with(|kept| kept.drain(..kept.len().saturating_sub(1)).collect());
        drop(old);
    }

    /// Holds the lock for no longer than it takes to copy a pointer.
    fn with<T>(&self, act: impl FnOnce(&mut VecDeque<Arc<Snapshot>>) -> T) -> T {
        // Nothing in here panics half-way, so a poisoned lock guards a sound list.
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use crate::search::check::{pages, put, record, words};
    use crate::search::index::{Change, Index};
    use crate::search::query::Query;

    fn filled(rows: u64) -> Index {
        let index = Index::in_memory().unwrap();
        index.apply((0..rows).map(|row| put(row, record("Garten"))).collect(), 1).unwrap();
        index
    }

    #[test]
    fn pages_show_every_record_once_while_others_come_and_go() {
        let index = filled(60);
        let query = Query { limit: 10, ..words("Garten") };
        let (mut rows, mut after) = (Vec::new(), None);
        for at in 0.. {
            let page = index.search(&Query { after, ..query.clone() }).unwrap();
            assert_eq!(page.total, 60);
            rows.extend(page.hits.iter().map(|hit| hit.row));
            let Some(next) = page.next else { break };
            after = Some(next);
            // New ones before and behind, a better one, and one that is gone.
            let better = put(200 + at, record("Garten Garten"));
            let changes =
                vec![put(100 + at, record("Garten")), better, Change::Remove { row: at * 7 }];
            index.apply(changes, at + 2).unwrap();
        }
        rows.sort_unstable();
        assert_eq!(rows, (0..60).collect::<Vec<_>>());
    }

    #[test]
    fn a_page_of_a_forgotten_state_goes_on_in_the_newest() {
        let index = filled(20);
        let query = Query { limit: 10, ..Query::all(crate::search::check::today()) };
        let next = index.search(&query).unwrap().next;
        for at in 0..9 {
            index.apply(vec![put(100 + at, record("Garten"))], at + 2).unwrap();
            // Somebody begins to page through each of the states.
            assert!(index.search(&query).unwrap().next.is_some());
        }
        let page = index.search(&Query { after: next, ..query }).unwrap();
        assert_eq!(page.total, 29);
        let rows: Vec<u64> = page.hits.iter().map(|hit| hit.row).collect();
        assert_eq!(rows, (10..20).collect::<Vec<_>>());
    }

    #[test]
    fn a_page_goes_on_in_the_newest_although_every_score_has_moved() {
        let index = filled(60);
        let query = Query { limit: 10, ..words("Garten") };
        let (mut rows, mut after) = (Vec::new(), None);
        for at in 0.. {
            let page = index.search(&Query { after, ..query.clone() }).unwrap();
            rows.extend(page.hits.iter().map(|hit| hit.row));
            let Some(next) = page.next else { break };
            after = Some(next);
            // Others, about something else, make the words of the query rarer; more of them than states are kept,
            // each of which somebody pages through.
            for change in 0..10 {
                let row = 1_000 + at * 10 + change;
                index.apply(vec![put(row, record("Fahrdienst"))], row).unwrap();
                assert!(index.search(&query).unwrap().next.is_some());
            }
        }
        assert_eq!(rows.len(), 60, "nobody twice");
        rows.sort_unstable();
        assert_eq!(rows, (0..60).collect::<Vec<_>>(), "and nobody lost");
    }

    #[test]
    fn a_position_from_anywhere_is_only_a_position() {
        let index = filled(5);
        for text in [
            "1-0-0-0-0",
            "ffffffffffffffff-ffffffff-7f7fffff-ffffffffffffffff-0",
            "7-1-3f800000-2-0",
        ] {
            let after = Some(text.parse().unwrap());
            let page = index.search(&Query { after, ..words("Garten") }).unwrap();
            assert_eq!(page.total, 5);
        }
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
