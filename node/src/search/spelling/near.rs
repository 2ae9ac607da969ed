//! What is few letters away from a word, as an automaton that follows a dictionary.

use std::sync::LazyLock;

use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder, SINK_STATE};
use tantivy_fst::Automaton;

use super::MARK;

/// For words that one letter is wrong in.
pub(super) fn one_off() -> &'static LevenshteinAutomatonBuilder {
    static BUILDER: LazyLock<LevenshteinAutomatonBuilder> =
        LazyLock::new(|| LevenshteinAutomatonBuilder::new(1, true));
    &BUILDER
}

/// For words that two letters are wrong in.
pub(super) fn two_off() -> &'static LevenshteinAutomatonBuilder {
    static BUILDER: LazyLock<LevenshteinAutomatonBuilder> =
        LazyLock::new(|| LevenshteinAutomatonBuilder::new(2, true));
    &BUILDER
}

/// Takes whatever is near a word; in a dictionary, behind the mark.
pub(super) struct Near {
    dfa: DFA,
    is_marked: bool,
}

impl Near {
    /// Among the words of records.
    pub(super) const fn marked(dfa: DFA) -> Self {
        Self { dfa, is_marked: true }
    }

    /// Among plain words.
    pub(super) const fn plain(dfa: DFA) -> Self {
        Self { dfa, is_marked: false }
    }
}

impl Automaton for &Near {
    /// None before the mark.
    type State = Option<u32>;

    fn start(&self) -> Option<u32> {
        (!self.is_marked).then(|| self.dfa.initial_state())
    }

    fn is_match(&self, state: &Option<u32>) -> bool {
        state.is_some_and(|state| matches!(self.dfa.distance(state), Distance::Exact(_)))
    }

    fn can_match(&self, state: &Option<u32>) -> bool {
        *state != Some(SINK_STATE)
    }

    fn accept(&self, state: &Option<u32>, byte: u8) -> Option<u32> {
        Some(match state {
            None if byte == MARK => self.dfa.initial_state(),
            None => SINK_STATE,
            Some(state) => self.dfa.transition(*state, byte),
        })
    }
}
