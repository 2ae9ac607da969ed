//! Reads a query: its words, and for each of them the ways in which a record may satisfy it.
//!
//! A word is itself in any of its forms, its parts, what means nearly the same, and a little of it is any of its
//! elements. How much each way counts stands in `weights`. Nothing here can fail: at worst no word is left.

use super::compound::{self, Parts};
use super::document::whole;
use super::stem::stem;
use super::steps::Without;
use super::stop::is_stop;
use super::synonyms::{self, Synonyms};
use super::word::{Alternative, Route, Word};
use super::words::{Spelled, words_without};
use super::{QUERY_WORDS, SYNONYMS, filler, fold, verbs};
use crate::search::weights;

/// Most synonyms of one element of a compound that are looked for.
const ELEMENT_SYNONYMS: usize = 6;

/// Most bytes of a query that are read.
const QUERY_BYTES: usize = 1_000;

/// How queries are read.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    synonyms: &'a Synonyms,
    without: Without,
}

impl Reader<'static> {
    /// Leaves steps out: what is searched has to be written without them, too.
    #[must_use]
    pub fn without(without: Without) -> Self {
        let synonyms = if without.synonyms { Synonyms::none() } else { Synonyms::embedded() };
        Self { synonyms, without }
    }
}

impl<'a> Reader<'a> {
    /// Reads with another list of synonyms than the one that is compiled in.
    #[must_use]
    pub const fn with(synonyms: &'a Synonyms) -> Self {
        Self { synonyms, without: Without::NOTHING }
    }

    /// Returns whether the list of synonyms spells a folded word so, but for its ending.
    #[must_use]
    pub fn spells(&self, folded: &str) -> bool {
        self.synonyms.spells(folded)
    }

    /// Returns the words of a query that say something, each once.
    #[must_use]
    pub fn query(&self, text: &str) -> Vec<Word> {
        let mut found: Vec<Word> = Vec::new();
        let (asked, either): (Vec<Spelled>, Vec<bool>) = self.spelled(text).into_iter().unzip();
        // Where somebody writes nouns as nouns, they say more than the words between them.
        let cased = asked.iter().any(|word| word.capital);
        let mut rest = asked.as_slice();
        while let Some((first, behind)) = rest.split_first() {
            if found.len() == QUERY_WORDS {
                break;
            }
            let (word, left) = match self.phrase(rest) {
                Some((word, count)) => (word, rest.get(count..).unwrap_or_default()),
                None => {
                    let mut word = self.single(first);
                    if cased && !first.capital {
                        word.weight *= weights::LOWER;
                    }
                    // Beside other words it is the verb; "Sucht" alone is none.
                    if !first.capital && asked.len() > 1 && word.text == "sucht" {
                        word.weight = weights::FILLER;
                    }
                    (word, behind)
                }
            };
            let is_either = either.get(asked.len() - rest.len()) == Some(&true);
            rest = left;
            if let Some(last) =
                found.last_mut().filter(|_| is_either && !word.alternatives.is_empty())
            {
                last.or(word);
                continue;
            }
            let known = found.iter().any(|held| held.alternatives == word.alternatives);
            if !word.alternatives.is_empty() && !known {
                found.push(word);
            }
        }
        found
    }

    /// Returns the words of a query without stop words.
    pub(super) fn asked(&self, text: &str) -> Vec<Spelled> {
        self.spelled(text).into_iter().map(|(word, _)| word).collect()
    }

    /// Returns the words of a query without stop words, and whether "oder" joins each to the one before; a verb that
    /// comes apart stands where its particle stood.
    fn spelled(&self, text: &str) -> Vec<(Spelled, bool)> {
        let mut words = words_without(head(text), self.without);
        let mut dropped = Vec::new();
        for apart in verbs::apart(&words) {
            if let Some(particle) = words.get_mut(apart.particle) {
                particle.parts = vec![vec![apart.infinitive]];
                dropped.push(apart.verb);
            }
        }
        let says = |at: &usize, word: &Spelled| {
            let stop = word.parts.len() == 1 && word.bases().all(is_stop);
            !stop && !dropped.contains(at)
        };
        let mut either = false;
        let mut spelled = Vec::new();
        for (at, word) in words.into_iter().enumerate() {
            if says(&at, &word) {
                spelled.push((word, std::mem::take(&mut either)));
            } else {
                // "Vorlesen oder im Garten"
                either |= word.bases().eq(["oder"]) || word.bases().eq(["or"]);
            }
        }
        spelled
    }

    /// The longest entry of the list that the words begin with, if it has several.
    fn phrase(&self, words: &[Spelled]) -> Option<(Word, usize)> {
        (2..=words.len().min(synonyms::WORDS)).rev().find_map(|count| {
            let words = words.get(..count)?;
            let texts: Vec<String> = words.iter().map(text).collect();
            let terms: Vec<String> = texts.iter().map(|text| stem(text)).collect();
            if self.synonyms.of(&terms).is_empty() {
                return None;
            }
            let mut alternatives = vec![Alternative {
                terms: terms.clone(),
                weight: 1.0,
                partial: false,
                route: Route::Stem,
            }];
            self.add_synonyms(&mut alternatives, &[terms]);
            let text = texts.join(" ");
            Some((Word { text, whole: Vec::new(), weight: 1.0, alternatives }, count))
        })
    }

    fn single(&self, word: &Spelled) -> Word {
        let mut alternatives = self.alternatives(word);
        let keys: Vec<Vec<String>> = alternatives
            .iter()
            .filter(|way| way.terms.len() == 1)
            .map(|way| way.terms.clone())
            .collect();
        self.add_synonyms(&mut alternatives, &keys);
        self.add_elements(&mut alternatives, word);
        let text = text(word);
        // Of a word with hyphens no part alone is the word.
        let whole = match word.joined() {
            Some(joined) => vec![fold::umlauts(&joined)],
            None => whole(word),
        };
        Word { weight: filler::weight(&text), text, whole, alternatives }
    }

    /// A word is any of its forms, or all its parts: of a compound, or between hyphens.
    fn alternatives(&self, word: &Spelled) -> Vec<Alternative> {
        let mut ways: Vec<Alternative> = Vec::new();
        let mut add = |terms: Vec<String>, weight, route| {
            if !terms.is_empty() && !ways.iter().any(|way| way.terms == terms) {
                ways.push(Alternative { terms, weight, partial: false, route });
            }
        };
        if let (None, [forms]) = (word.joined(), word.parts.as_slice()) {
            for (at, form) in stems(forms).into_iter().enumerate() {
                add(vec![form], 1.0, if at == 0 { Route::Stem } else { Route::Form });
            }
            if let Some(verb) = forms.first().and_then(|form| verbs::together(form)) {
                add(vec![stem(&verb)], 1.0, Route::Form);
            }
            // "wer besucht meine Oma" is found by "besuchen".
            if let Some(verb) =
                forms.first().filter(|_| !word.capital).and_then(|form| infinitive(form))
            {
                add(vec![stem(&verb)], 1.0, Route::Form);
            }
            let parts = elements(forms, self.without);
            add(distinct(parts.long), weights::PARTS, Route::Parts);
            add(distinct(parts.short), weights::SHORT_PARTS, Route::Parts);
        } else {
            add(word.joined().iter().map(|joined| stem(joined)).collect(), 1.0, Route::Stem);
            let parts = word.bases().map(stem).filter(|stem| !stem.is_empty()).collect();
            add(distinct(parts), weights::HYPHENED, Route::Parts);
        }
        ways
    }

    fn add_synonyms(&self, ways: &mut Vec<Alternative>, keys: &[Vec<String>]) {
        for entry in keys.iter().flat_map(|key| self.synonyms.of(key)).take(SYNONYMS) {
            if !ways.iter().any(|way| way.terms == entry.terms) {
                let route = Route::Synonym { label: entry.label.clone() };
                let terms = entry.terms.clone();
                let weight = weights::SYNONYM;
                ways.push(Alternative { terms, weight, partial: false, route });
            }
        }
    }

    /// A compound is also its elements in other words, and a little of it is any of its elements.
    fn add_elements(&self, ways: &mut Vec<Alternative>, word: &Spelled) {
        let parts = match word.parts.as_slice() {
            [forms] => distinct(elements(forms, self.without).long),
            _ => distinct(word.bases().map(stem).filter(|stem| !stem.is_empty()).collect()),
        };
        if parts.len() < 2 {
            return;
        }
        let mut add = |terms: Vec<String>, weight, partial, route| {
            if !ways.iter().any(|way| way.terms == terms) {
                ways.push(Alternative { terms, weight, partial, route });
            }
        };
        // "Flüchtlingshilfe" is what is done for them: its end says no more than "helfen" does.
        let says_little = parts.last().is_some_and(|last| filler::weight(last) < 1.0);
        for (at, part) in parts.iter().enumerate() {
            for entry in self.synonyms.of(std::slice::from_ref(part)).iter().take(ELEMENT_SYNONYMS)
            {
                let others = parts.iter().enumerate().filter(|(other, _)| *other != at);
                let terms = entry.terms.iter().chain(others.map(|(_, other)| other));
                let terms = distinct(terms.cloned().collect());
                let route = Route::Synonym { label: entry.label.clone() };
                add(terms, weights::SYNONYM * weights::PARTS, false, route.clone());
                if says_little && at + 2 == parts.len() {
                    add(entry.terms.clone(), weights::SYNONYM * weights::FRONT, false, route);
                }
            }
        }
        let last = parts.len() - 1;
        for (at, part) in parts.iter().enumerate() {
            let weight = if at < last { weights::FRONT } else { weights::BACK };
            if filler::weight(part) >= 1.0 {
                let is_all = says_little && at + 2 == parts.len();
                add(vec![part.clone()], weight, !is_all, Route::Part);
            }
        }
    }
}

/// The elements of a word that has several forms: `Lesepat*innen` is taken apart as `Lesepate`.
pub(super) fn elements(forms: &[String], without: Without) -> Parts {
    if without.parts {
        return Parts::default();
    }
    let mut parts = forms.first().map(|base| compound::parts(base)).unwrap_or_default();
    if parts.is_empty()
        && let [base, _, ..] = forms
    {
        parts = compound::parts(&format!("{base}e"));
    }
    parts
}

/// The infinitive that a verb in the third person may be a form of, if it is no noun: "besucht".
fn infinitive(word: &str) -> Option<String> {
    let base = word.strip_suffix('t').filter(|base| base.chars().count() >= 4)?;
    let is_verb = !base.ends_with(['s', 'e']) && !super::is_noun(word);
    is_verb.then(|| format!("{base}en"))
}

/// How a word is written without hyphens and marks.
fn text(word: &Spelled) -> String {
    word.joined().or_else(|| word.bases().next().map(str::to_owned)).unwrap_or_default()
}

/// The stems of the forms, each once: most feminine forms have the stem of their base.
fn stems(forms: &[String]) -> Vec<String> {
    distinct(forms.iter().map(|form| stem(form)).filter(|stem| !stem.is_empty()).collect())
}

fn distinct(terms: Vec<String>) -> Vec<String> {
    let mut once: Vec<String> = Vec::with_capacity(terms.len());
    for term in terms {
        if !once.contains(&term) {
            once.push(term);
        }
    }
    once
}

/// The beginning of a text, cut between characters.
fn head(text: &str) -> &str {
    text.get(..text.floor_char_boundary(QUERY_BYTES)).unwrap_or(text)
}
