//! The words of a document with the terms that each is found by.
//!
//! A word yields its stem twice and the parts of a compound once: parts then count less without a list of their
//! own in the index, because scores grow with how often a term stands there. All terms of one word share its
//! place, so that phrases hold. Most words of most documents are the same few thousand: a [`Memo`] keeps what
//! was worked out for them, within a bound.

use std::collections::HashMap;

use super::reader::elements;
use super::stem::stem;
use super::steps::Without;
use super::words::{Spelled, words_without};
use super::{fold, verbs};

/// Most words that a memo keeps; beyond that it begins anew.
const KEPT: usize = 8_192;

/// One word of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// As it stands there, letters folded; of a word with hyphens, its parts written together.
    pub text: String,
    /// The word and its other forms, with one spelling for umlauts: what [`super::word::Word::whole`] meets.
    pub whole: Vec<String>,
    /// What it is found by; a term stands here as often as it counts.
    pub terms: Vec<String>,
    /// The terms of the parts between hyphens, which stand at the places behind it.
    pub behind: Vec<Vec<String>>,
}

/// What was worked out for single words.
#[derive(Debug, Clone, Default)]
pub struct Memo {
    terms: HashMap<String, Vec<String>>,
    stems: HashMap<String, String>,
    without: Without,
}

impl Memo {
    /// Returns for how many words it keeps terms.
    #[must_use]
    pub fn len(&self) -> usize {
        self.terms.len()
    }

    /// Returns whether it keeps none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Begins one for texts that are read without some steps.
    #[must_use]
    pub fn without(without: Without) -> Self {
        Self { without, ..Self::default() }
    }

    /// Returns the words of a text, read as those are whose terms are kept here.
    #[must_use]
    pub fn words(&self, text: &str) -> Vec<Spelled> {
        words_without(text, self.without)
    }

    /// Returns the stem of a folded word.
    pub fn stem(&mut self, folded: &str) -> String {
        if let Some(stem) = self.stems.get(folded) {
            return stem.clone();
        }
        let found = stem(folded);
        if self.stems.len() >= KEPT {
            self.stems.clear();
        }
        self.stems.insert(folded.to_owned(), found.clone());
        found
    }

    /// Returns the terms of a folded word without hyphens: its stem twice, the elements of a compound once.
    fn terms(&mut self, folded: &str) -> Vec<String> {
        self.once(folded, |memo| memo.worked_out(folded))
    }

    /// Returns what was worked out for a key before, or else works it out.
    fn once(&mut self, key: &str, work: impl FnOnce(&mut Self) -> Vec<String>) -> Vec<String> {
        if let Some(terms) = self.terms.get(key) {
            return terms.clone();
        }
        let terms = work(self);
        if self.terms.len() >= KEPT {
            self.terms.clear();
        }
        self.terms.insert(key.to_owned(), terms.clone());
        terms
    }

    fn worked_out(&self, folded: &str) -> Vec<String> {
        let mut terms = Vec::new();
        let first = stem(folded);
        if !first.is_empty() {
            terms.extend([first.clone(), first]);
        }
        terms.extend(verbs::together(folded).map(|verb| stem(&verb)));
        for part in elements(&[folded.to_owned()], self.without).all() {
            if !terms.contains(part) {
                terms.push(part.clone());
            }
        }
        terms
    }
}

/// Returns the words of a document in their order.
#[must_use]
pub fn written(text: &str, memo: &mut Memo) -> Vec<Written> {
    of_words(&memo.words(text), memo)
}

/// Returns the words of a document that [`Memo::words`] has found.
#[must_use]
pub fn of_words(words: &[Spelled], memo: &mut Memo) -> Vec<Written> {
    let mut found: Vec<Written> = words.iter().map(|word| one(word, memo)).collect();
    for apart in verbs::apart(words) {
        if let Some(particle) = found.get_mut(apart.particle) {
            particle.terms.push(memo.stem(&apart.infinitive));
        }
    }
    found
}

/// Returns the terms that the words of a document are found by, and the words as they are written: what
/// [`super::word::Word::whole`] meets.
///
/// Spellings of umlauts are one: `Muell` is `müll` here, and `mull` is another word.
#[must_use]
pub fn read(text: &str, memo: &mut Memo) -> (Vec<String>, Vec<String>) {
    let (mut terms, mut wholes) = (Vec::new(), Vec::new());
    for word in written(text, memo) {
        terms.extend(word.terms);
        terms.extend(word.behind.into_iter().flatten());
        wholes.extend(word.whole);
    }
    (terms, wholes)
}

fn one(word: &Spelled, memo: &mut Memo) -> Written {
    let mut parts: Vec<Vec<String>> =
        word.parts.iter().map(|forms| of_forms(forms, memo)).collect();
    let (terms, behind) = match word.joined() {
        None => (parts.into_iter().flatten().collect(), Vec::new()),
        Some(joined) => {
            let stem = memo.stem(&joined);
            // Part of a longer word: each counts once, as the elements of a compound do.
            for terms in &mut parts {
                let mut seen = Vec::new();
                terms.retain(|term| {
                    !seen.contains(term) && {
                        seen.push(term.clone());
                        true
                    }
                });
            }
            let mut first = if parts.is_empty() { Vec::new() } else { parts.remove(0) };
            first.extend([stem.clone(), stem]);
            (first, parts)
        }
    };
    let text = word.joined().or_else(|| word.bases().next().map(str::to_owned)).unwrap_or_default();
    Written { text, whole: whole(word), terms, behind }
}

fn of_forms(forms: &[String], memo: &mut Memo) -> Vec<String> {
    match forms {
        [] => Vec::new(),
        [base] => memo.terms(base),
        // No word holds the end of a line.
        [base, others @ ..] => {
            memo.once(&forms.join("\n"), |memo| of_several(base, others, forms, memo))
        }
    }
}

fn of_several(base: &str, others: &[String], forms: &[String], memo: &mut Memo) -> Vec<String> {
    let mut terms = memo.terms(base);
    for other in others.iter().map(|form| memo.stem(form)).filter(|stem| !stem.is_empty()) {
        if !terms.contains(&other) {
            terms.extend([other.clone(), other]);
        }
    }
    for part in elements(forms, memo.without).all() {
        if !terms.contains(part) {
            terms.push(part.clone());
        }
    }
    terms
}

/// A word in all its forms; with hyphens also written together.
pub(super) fn whole(word: &Spelled) -> Vec<String> {
    let mut whole: Vec<String> = Vec::new();
    let forms = word.parts.iter().flatten().cloned();
    for form in word.joined().into_iter().chain(forms).map(|form| fold::umlauts(&form)) {
        if !form.is_empty() && !whole.contains(&form) {
            whole.push(form);
        }
    }
    whole
}
