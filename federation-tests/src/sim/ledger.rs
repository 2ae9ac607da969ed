//! What editors were told: every write that was acknowledged, to be found again after every crash.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What was promised to the editors of all nodes.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    words: Arc<Mutex<BTreeMap<(usize, String), Word>>>,
    /// What was erased at once, and not looked for yet: whose, and the word.
    erased: Arc<Mutex<Vec<(usize, String)>>>,
}

/// What was promised about one opportunity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Whether it is to be seen.
    pub live: bool,
    /// Whether it is in the database at all; a backup may bring back what was lost.
    pub there: bool,
    /// Whether the editor was told so; otherwise the node died before that, and either is right.
    pub sure: bool,
    /// Whether the node lives on another database now: what becomes of this is known when its peers have been
    /// asked, and not before.
    pub doubted: bool,
    /// A word that stands in this text and nowhere else.
    pub token: String,
    /// Its last day.
    pub until: String,
}

impl Ledger {
    /// Notes that a node is about to write something.
    pub fn begin(&self, node: usize, id: &str, word: Word) {
        self.words().insert((node, id.to_owned()), Word { sure: false, doubted: false, ..word });
    }

    /// Notes that the editor was told.
    pub fn acknowledge(&self, node: usize, id: &str) {
        if let Some(word) = self.words().get_mut(&(node, id.to_owned())) {
            word.sure = true;
        }
    }

    /// Compares with what a node's database says; what nobody was told is taken from there. What is doubted
    /// is left as it is until `last`.
    ///
    /// # Errors
    ///
    /// What was promised and is not there.
    pub fn settle(
        &self,
        node: usize,
        drafts: &BTreeMap<String, String>,
        last: bool,
    ) -> Result<(), String> {
        let mut words = self.words();
        for ((_, id), word) in words.iter_mut().filter(|((of, _), _)| *of == node) {
            let found = drafts.get(id).map(|status| status == "live");
            let promised = word.there.then_some(word.live);
            if word.doubted && !last {
                continue;
            }
            // Of what was withdrawn before the database was lost, the row may be lost as well.
            let same = found == promised || (word.doubted && !word.live && found != Some(true));
            if word.sure && !same {
                return Err(format!("{id}: {promised:?} was acknowledged, {found:?} is there"));
            }
            if let Some(live) = found {
                word.live = live;
            }
            (word.there, word.sure, word.doubted) = (found.is_some(), true, false);
        }
        Ok(())
    }

    /// Takes back what was promised for a node whose database is another one now, except what `is_kept`: of
    /// that its peers know enough to bring it back.
    pub fn doubt(&self, node: usize, is_kept: impl Fn(&str, &Word) -> bool) {
        for ((_, id), word) in self.words().iter_mut().filter(|((of, _), _)| *of == node) {
            word.sure &= is_kept(id, word);
            word.doubted = true;
        }
    }

    /// Takes back what was still hoped for after a database was lost.
    pub fn despair(&self, node: usize) {
        let mut words = self.words();
        let doubted = words.iter_mut().filter(|((of, _), word)| *of == node && word.doubted);
        doubted.for_each(|(_, word)| word.sure = false);
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
        let live = words.iter().filter(|((of, _), word)| *of == node && word.is_live());
        live.map(|((_, id), word)| (id.clone(), word.clone())).collect()
    }

    /// Returns the ids that a node's feed holds on `today`.
    #[must_use]
    pub fn published(&self, node: usize, today: &str) -> BTreeSet<String> {
        let live = self.live(node).into_iter().filter(|(_, word)| today <= word.until.as_str());
        live.map(|(id, _)| id).collect()
    }

    /// Returns the words of texts that were withdrawn, everywhere, or went with a lost database; by id.
    #[must_use]
    pub fn erased(&self) -> Vec<(String, String)> {
        let words = self.words();
        let gone = words.iter().filter(|(_, word)| word.sure && !(word.live && word.there));
        gone.map(|((_, id), word)| (id.clone(), word.token.clone())).collect()
    }

    /// Notes that an editor was told: nothing is left of it here.
    pub fn erased_now(&self, node: usize, token: String) {
        self.erased.lock().unwrap_or_else(PoisonError::into_inner).push((node, token));
    }

    /// Takes what was erased at once since the last call.
    #[must_use]
    pub fn take_erased(&self) -> Vec<(usize, String)> {
        std::mem::take(&mut self.erased.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn words(&self) -> MutexGuard<'_, BTreeMap<(usize, String), Word>> {
        self.words.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Word {
    /// Whether it is to be seen for certain.
    const fn is_live(&self) -> bool {
        self.live && self.there && self.sure && !self.doubted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger(sure: &[&str], begun: &[&str]) -> Ledger {
        let ledger = Ledger::default();
        let word = Word {
            live: true,
            there: true,
            sure: false,
            doubted: false,
            token: "zorb".to_owned(),
            until: "2026-12-31".to_owned(),
        };
        sure.iter().chain(begun).for_each(|id| ledger.begin(1, id, word.clone()));
        sure.iter().for_each(|id| ledger.acknowledge(1, id));
        ledger
    }

    fn drafts(rows: &[(&str, &str)]) -> BTreeMap<String, String> {
        rows.iter().map(|(id, status)| ((*id).to_owned(), (*status).to_owned())).collect()
    }

    #[test]
    fn what_was_told_must_be_there_and_what_was_not_may_be() {
        let ledger = ledger(&["a"], &["b"]);
        assert!(ledger.settle(1, &BTreeMap::new(), false).is_err());
        assert_eq!(ledger.settle(1, &drafts(&[("a", "live")]), false), Ok(()));
        assert_eq!(ledger.live(1).len(), 1, "b was never told, and is not there");
    }

    #[test]
    fn what_a_backup_takes_away_is_judged_when_the_peers_have_been_asked() {
        let ledger = ledger(&["kept", "lost"], &[]);
        ledger.doubt(1, |id, _| id == "kept");
        // The backup knows neither; what the peers know comes later.
        assert_eq!(ledger.settle(1, &BTreeMap::new(), false), Ok(()));
        assert!(ledger.live(1).is_empty());
        let without = ledger.settle(1, &BTreeMap::new(), true);
        assert!(without.is_err(), "the peers knew it");
        assert_eq!(ledger.settle(1, &drafts(&[("kept", "live")]), true), Ok(()));
        assert_eq!(ledger.live(1).len(), 1);
        assert_eq!(ledger.erased().len(), 1, "and nobody may know what was lost");
    }
}
