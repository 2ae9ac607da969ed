//! The last few states of the index: a page goes on where the page before was read.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use crate::search::query::Query;

use super::snapshot::Snapshot;

/// How many states are kept for pages to go on in; the newest is one of them.
const KEPT: usize = 8;

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
    use crate::search::check::{filled, put, record, words};
    use crate::search::index::Change;
    use crate::search::query::Query;

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
            "1-0-0-0-0-0",
            "ffffffffffffffff-ffffffff-7f7fffff-ffffffffffffffffffffffffffffffff-ffffffffffffffff-0",
            "7-1-3f800000-2-0-0",
        ] {
            let after = Some(text.parse().unwrap());
            let page = index.search(&Query { after, ..words("Garten") }).unwrap();
            assert_eq!(page.total, 5);
        }
    }
}
