//! What somebody needs to take part: "rollstuhlgerecht", "ohne Treppen", "weil ich im Rollstuhl sitze".

use super::{Ask, Kind, Scan};
use crate::domain::vocabulary::{List, Vocabulary};

/// Beginnings of words that name the need, each with an ending of declension.
const WORDS: &[&str] = &["rollstuhlgerecht", "barrierefrei", "stufenlos"];
/// Phrases that name it.
const PHRASES: &[&[&str]] = &[
    &["mit", "rollstuhl"],
    &["mit", "dem", "rollstuhl"],
    &["mit", "meinem", "rollstuhl"],
    &["weil", "ich", "im", "rollstuhl", "sitze"],
    &["ich", "sitze", "im", "rollstuhl"],
    &["im", "rollstuhl"],
    &["ohne", "treppen"],
    &["ohne", "stufen"],
];
/// What is looked for behind such a word: "barrierefreie Karte" is a subject.
const SOUGHT: &[&str] =
    &["angebote", "ehrenamt", "ehrenaemter", "engagement", "aufgaben", "orte", "taetigkeit"];

impl Scan<'_> {
    /// Finds who cannot climb stairs.
    pub(super) fn needs(&mut self) {
        for at in 0..self.tokens.len() {
            let is_word = self.word(at).is_some_and(|word| {
                WORDS.iter().any(|need| word.strip_prefix(need).is_some_and(|end| end.len() <= 2))
            });
            let length = if is_word { 1 } else { self.longest(at, PHRASES) };
            let end = at + length;
            let next = self.tokens.get(end);
            let is_noun = next.is_some_and(|next| next.capital || next.is('-'))
                && !self.word(end).is_some_and(|word| SOUGHT.contains(&word))
                && self.name(end).is_none();
            if length == 0 || (is_word && is_noun) || !self.is_free(at..end) {
                continue;
            }
            let code = "stufenlos";
            let label = Vocabulary::embedded().label(List::Accessibility, code).to_owned();
            let ask = Ask::Needs(vec![code.to_owned()]);
            self.keep(at..end, Kind::Needs, label, ask, false);
            return;
        }
    }
}
