//! What editors were told: every write that was acknowledged, to be found again after every crash.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What was promised to the editors of all nodes.
#[derive(Debug, Clone, Default)]
pub struct Ledger(Arc<Mutex<BTreeMap<(usize, String), Word>>>);

/// What was promised about one opportunity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Whether it is to be seen.
    pub live: bool,
    /// Whether it is in the database at all; a backup may bring back what was lost.
    pub there: bool,
    /// Whether the editor was told so; otherwise the node died before that, and either is right.
    pub sure: bool,
    /// A word that stands in this text and nowhere else.
    pub token: String,
    /// Its last day.
    pub until: String,
}

impl Ledger {
    /// Notes that a node is about to write something.
    pub fn begin(&self, node: usize, id: &str, word: Word) {
        self.words().insert((node, id.to_owned()), Word { sure: false, ..word });
    }

    /// Notes that the editor was told.
    pub fn acknowledge(&self, node: usize, id: &str) {
        if let Some(word) = self.words().get_mut(&(node, id.to_owned())) {
            word.sure = true;
        }
    }

    /// Compares with what a node's database says; what nobody was told is taken from there.
    ///
    /// # Errors
    ///
    /// What was promised and is not there.
    pub fn settle(&self, node: usize, drafts: &BTreeMap<String, String>) -> Result<(), String> {
        let mut words = self.words();
        let of_node: Vec<_> = words.keys().filter(|(of, _)| *of == node).cloned().collect();
        for key in of_node {
            let found = drafts.get(&key.1).map(|status| status == "live");
            let Some(word) = words.get_mut(&key) else { continue };
            match found {
                None if !word.there => word.sure = true,
                // What was lost here may come back from the peers' copies.
                Some(live) if !word.there => {
                    (word.live, word.there, word.sure) = (live, true, true);
                }
                Some(live) if live == word.live => word.sure = true,
                found if word.sure => {
                    return Err(format!(
                        "{}: live {} was acknowledged, {found:?} is there",
                        key.1, word.live
                    ));
                }
                Some(live) => (word.live, word.there, word.sure) = (live, true, true),
                None => (word.there, word.sure) = (false, true),
            }
        }
        Ok(())
    }

    /// Takes back what was promised for a node: its database is another one now.
    pub fn doubt(&self, node: usize) {
        for (_, word) in self.words().iter_mut().filter(|((of, _), _)| *of == node) {
            word.sure = false;
        }
    }

    /// Returns whether a node has begun something that it has not acknowledged.
    #[must_use]
    pub fn is_unsure(&self, node: usize) -> bool {
        self.words().iter().any(|((of, _), word)| *of == node && !word.sure)
    }

    /// Returns the ids of a node that are live and sure.
    #[must_use]
    pub fn live(&self, node: usize) -> Vec<(String, Word)> {
        let words = self.words();
        let live = words
            .iter()
            .filter(|((of, _), word)| *of == node && word.live && word.there && word.sure);
        live.map(|((_, id), word)| (id.clone(), word.clone())).collect()
    }

    /// Returns the ids that a node's feed holds on `today`.
    #[must_use]
    pub fn published(&self, node: usize, today: &str) -> BTreeSet<String> {
        let live = self.live(node).into_iter().filter(|(_, word)| today <= word.until.as_str());
        live.map(|(id, _)| id).collect()
    }

    /// Returns the words of texts that were withdrawn, everywhere.
    #[must_use]
    pub fn erased(&self) -> Vec<String> {
        let words = self.words();
        words
            .values()
            .filter(|word| !word.live && word.there && word.sure)
            .map(|word| word.token.clone())
            .collect()
    }

    fn words(&self) -> MutexGuard<'_, BTreeMap<(usize, String), Word>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_must_be_there_and_what_was_not_may_be() {
        let ledger = Ledger::default();
        let word = Word {
            live: true,
            there: true,
            sure: false,
            token: "zorb".to_owned(),
            until: "2026-12-31".to_owned(),
        };
        ledger.begin(1, "a", word.clone());
        ledger.begin(1, "b", word);
        ledger.acknowledge(1, "a");
        assert!(ledger.settle(1, &BTreeMap::new()).is_err());
        let found = BTreeMap::from([("a".to_owned(), "live".to_owned())]);
        assert_eq!(ledger.settle(1, &found), Ok(()));
        assert_eq!(ledger.live(1).len(), 1, "b was never told, and is not there");
    }
}
