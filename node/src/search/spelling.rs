//! What was meant by words that no record has: the verb of a participle, one letter off, two in long words, or most
//! letters the same.
//!
//! Only words that the index does not know are touched, and none that the lexicon knows: somebody who asks for an
//! `Einhorn` wants to be told that there is none. What was looked for instead is said in the answer. The words are
//! those that records hold (`entry::whole`), and those of the lexicon whose parts, or whose synonyms, records hold: so what
//! is suggested is found. Every look is bounded: by an automaton that follows the
//! dictionary, by [`READ`] words or by [`known::NOUNS`] of them.

mod known;
mod near;

use levenshtein_automata::LevenshteinAutomatonBuilder;
use tantivy::termdict::TermDictionary;

use crate::search::analysis::reader::Reader;
use crate::search::analysis::stop::is_stop;
use crate::search::analysis::word::{Alternative, Route, Word};
use crate::search::analysis::{self, filler, fold, verbs};
use crate::search::answer::Corrected;

use self::known::is_compound;
use self::near::{Near, one_off, two_off};
use super::{entry, weights};

/// Fewest letters of a word that may be one letter off.
const ONE_OFF: usize = 4;
/// Fewest letters of a word that may be two letters off.
const TWO_OFF: usize = 8;
/// Fewest letters of a word that the lexicon alone puts right: it holds more words than records do, and shorter ones
/// are like too many of them.
const BY_LEXICON: usize = 6;
/// Fewest letters of a compound that one element of is put right.
const COMPOUND: usize = 9;
/// Most letters: an automaton grows with them.
const LETTERS: usize = 32;
/// So few hits that similar words are looked for too.
pub(super) const FEW: u64 = 3;
/// Most words of one dictionary that are compared by their trigrams.
const READ: usize = 40_000;
/// Most words that a beginning stands for: who knows no more than that is answered with the most frequent.
const BEGUN: usize = 64;
/// Most similar words that are looked for in place of one.
const SIMILAR: usize = 3;
/// Most words of one query that are looked at: each costs a walk through every dictionary.
const WORDS: usize = 4;
/// The share of trigrams that similar words have in common (Dice).
const ALIKE: f32 = 0.45;
/// What words of records begin with in a dictionary.
const MARK: u8 = b'=';

/// The words that records hold.
pub(super) struct Vocabulary<'a> {
    /// In all segments of one state.
    pub(super) dictionaries: Vec<&'a TermDictionary>,
    /// What was meant is read like what was typed.
    pub(super) reader: Reader<'static>,
}

impl Vocabulary<'_> {
    /// Replaces words that no record has by those that were most probably meant.
    ///
    /// # Errors
    ///
    /// Of the engine, if a file cannot be read.
    pub(super) fn correct(&self, words: &mut [Word]) -> std::io::Result<Vec<Corrected>> {
        let (mut corrected, mut looked) = (Vec::new(), 0);
        for word in words.iter_mut() {
            if looked == WORDS || !self.is_strange(word)? {
                continue;
            }
            looked += 1;
            let typed = fold::umlauts(&word.text);
            // A part of it is known: then it is another word, or this one with a slip.
            let meant = if self.is_other(word, &typed)? {
                self.nearest_with_a_slip(&typed)?
            } else {
                self.nearest(&typed)?
            };
            let Some(meant) = meant else { continue };
            let label = analysis::label(&meant);
            let route = Route::Typo { meant: label.clone() };
            let Some(new) = self.instead(&meant, weights::TYPO, &route) else { continue };
            let typed = word.text.clone();
            corrected.push(Corrected { typed, meant: vec![label], is_typo: true });
            *word = new;
        }
        Ok(corrected)
    }

    /// Adds similar words to those that still no record has.
    ///
    /// # Errors
    ///
    /// Of the engine, if a file cannot be read.
    pub(super) fn liken(&self, words: &mut [Word]) -> std::io::Result<Vec<Corrected>> {
        let (mut corrected, mut looked) = (Vec::new(), 0);
        for word in words.iter_mut() {
            let typed = fold::umlauts(&word.text);
            if looked == WORDS || !self.is_strange(word)? || self.is_other(word, &typed)? {
                continue;
            }
            looked += 1;
            let mut labels = Vec::new();
            let mut similar = self.similar(&typed)?;
            if similar.is_empty() && typed.chars().count() >= COMPOUND {
                similar = self.similar_known(&typed)?;
            }
            for meant in similar {
                let label = analysis::label(&meant);
                let route = Route::Similar { meant: label.clone() };
                if let Some(new) = self.instead(&meant, weights::SIMILAR, &route) {
                    word.alternatives.extend(new.alternatives);
                    labels.push(label);
                }
            }
            if !labels.is_empty() {
                let typed = word.text.clone();
                corrected.push(Corrected { typed, meant: labels, is_typo: false });
            }
        }
        Ok(corrected)
    }

    /// Returns the words that begin so, the most frequent first; if there is none, those that nearly do.
    ///
    /// # Errors
    ///
    /// Of the engine, if a file cannot be read.
    pub(super) fn completions(&self, begun: &str, most: usize) -> std::io::Result<Vec<String>> {
        let begun = fold::umlauts(begun);
        let letters = begun.chars().count();
        if !(2..=LETTERS).contains(&letters) {
            return Ok(Vec::new());
        }
        let mut counts = self.count(None, &begun)?;
        if counts.is_empty() && letters >= ONE_OFF {
            let near = Near::marked(one_off().build_prefix_dfa(&begun));
            counts = self.count(Some(&near), "")?;
        }
        counts.retain(|(word, _)| is_word(word) && !is_stop(word));
        counts.sort_by(|(one, a), (two, b)| b.cmp(a).then_with(|| one.cmp(two)));
        Ok(counts.into_iter().take(most).map(|(word, _)| word).collect())
    }

    /// Returns the word that is every word that begins so, the most frequent [`BEGUN`] of them.
    ///
    /// # Errors
    ///
    /// Of the engine, if a file cannot be read.
    pub(super) fn begun(&self, begun: &str) -> std::io::Result<Word> {
        let begun = fold::umlauts(begun);
        let mut counts = self.count(None, &begun)?;
        counts.sort_by(|(one, a), (two, b)| b.cmp(a).then_with(|| one.cmp(two)));
        let mut words: Vec<String> = counts.into_iter().take(BEGUN).map(|(word, _)| word).collect();
        if words.is_empty() {
            // A word has to be looked for by something, and nothing has this one.
            words.push(begun.clone());
        }
        let terms = words.iter().map(|word| entry::whole(word));
        let alternatives = terms.map(|term| Alternative::of(term, Route::Stem)).collect();
        Ok(Word { text: begun, whole: words, weight: 1.0, alternatives })
    }

    /// Whether a word could be misspelt: letters only, long enough, in no record and not in the lexicon.
    fn is_strange(&self, word: &Word) -> std::io::Result<bool> {
        let letters = word.text.chars().count();
        let plain = word.text.chars().all(char::is_alphabetic)
            && !word
                .alternatives
                .iter()
                .any(|way| way.terms.iter().any(|term| term.starts_with('=')));
        let is_known = || {
            analysis::is_noun(&word.text)
                || filler::weight(&word.text) < 1.0
                || analysis::spelled::is_well_spelled(&word.text)
                || analysis::is_of_a_town(&word.text)
        };
        if !plain || !(ONE_OFF..=LETTERS).contains(&letters) || is_known() {
            return Ok(false);
        }
        // What has synonyms is spelled as the list has it, whether or not they lead anywhere: "gehörlos" is no slip.
        let is_listed = |way: &Alternative| {
            matches!(way.route, Route::Synonym { .. }) && way.weight >= weights::SYNONYM
        };
        if word.alternatives.iter().any(is_listed) && self.reader.spells(&word.text) {
            return Ok(false);
        }
        Ok(!self.is_found(word, |way| !way.partial)?)
    }

    /// Whether a word is another one than all that records have: well spelled, and they have a part of it.
    fn is_other(&self, word: &Word, typed: &str) -> std::io::Result<bool> {
        Ok(is_compound(typed) && self.is_found(word, |way| way.partial)?)
    }

    /// Whether records have a word by one of some ways.
    fn is_found(&self, word: &Word, of: fn(&Alternative) -> bool) -> std::io::Result<bool> {
        for way in word.alternatives.iter().filter(|way| of(way)) {
            if self.has_all(&way.terms)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The word one letter off that records have or that the lexicon knows and leads to one.
    fn nearest_with_a_slip(&self, typed: &str) -> std::io::Result<Option<String>> {
        let written = self.nearest_written(one_off(), "", typed)?;
        if written.is_some() || typed.chars().count() < BY_LEXICON || is_compound(typed) {
            return Ok(written);
        }
        self.nearest_known(one_off(), "", typed)
    }

    fn has_all(&self, terms: &[String]) -> std::io::Result<bool> {
        for term in terms {
            let mut has = false;
            for dictionary in &self.dictionaries {
                has = has || dictionary.term_ord(term)?.is_some();
            }
            if !has {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The verb that it is a participle of; else the word one letter off that most records have, or in a long word two.
    fn nearest(&self, typed: &str) -> std::io::Result<Option<String>> {
        let letters = typed.chars().count();
        let mut best = self.infinitive(typed)?;
        // A verb that no record has is no slip: "abzugeben".
        if best.is_none() && verbs::without_zu(typed).is_some() {
            return Ok(None);
        }
        if best.is_none() {
            best = self.nearest_with_a_slip(typed)?;
        }
        if best.is_none() && letters >= COMPOUND && !is_compound(typed) {
            best = self.nearest_compound(typed)?;
        }
        if best.is_none() && letters >= TWO_OFF {
            // The first letters are seldom wrong, and holding them makes the walk much shorter; "ableisten" is no "anleiten".
            let first: String = typed.chars().take(2).collect();
            best = self.nearest_written(two_off(), &first, typed)?;
            if best.is_none() && !is_compound(typed) {
                best = self.nearest_known(two_off(), &first, typed)?;
            }
        }
        Ok(best)
    }

    /// The word of records that is near enough and that most of them have.
    fn nearest_written(
        &self,
        builder: &LevenshteinAutomatonBuilder,
        begun: &str,
        typed: &str,
    ) -> std::io::Result<Option<String>> {
        let first = typed.chars().next().unwrap_or_default();
        let counts = self.count(Some(&Near::marked(builder.build_dfa(typed))), begun)?;
        let value = |(word, count): &(String, u64)| {
            let times = if word.starts_with(first) { 4 } else { 1 };
            (count.saturating_mul(times), std::cmp::Reverse(word.clone()))
        };
        Ok(counts
            .into_iter()
            .filter(|(word, _)| is_word(word))
            .max_by_key(value)
            .map(|best| best.0))
    }

    /// In how many records the rarest of these terms is.
    fn records_with(&self, terms: &[String]) -> std::io::Result<u64> {
        let mut least = None;
        for term in terms {
            let mut records = 0;
            for dictionary in &self.dictionaries {
                records += dictionary.get(term)?.map_or(0, |info| u64::from(info.doc_freq));
            }
            least = Some(least.map_or(records, |least: u64| least.min(records)));
        }
        Ok(least.unwrap_or(0))
    }

    /// The words that share most trigrams with one, and its first letter.
    fn similar(&self, typed: &str) -> std::io::Result<Vec<String>> {
        if verbs::without_zu(typed).is_some() {
            return Ok(Vec::new());
        }
        let first = typed.chars().next().unwrap_or_default();
        let letters = typed.chars().count();
        let asked: Vec<_> = trigrams(typed).collect();
        let mut alike: Vec<(f32, String)> = Vec::new();
        for (word, _) in self.count(None, first.encode_utf8(&mut [0; 4]))? {
            let share = dice(&asked, &word);
            // "steht" is too little of "Stehcafé".
            let is_whole = 3 * word.chars().count() >= 2 * letters;
            if share >= ALIKE && is_whole && is_word(&word) {
                alike.push((share, word));
            }
        }
        alike.sort_by(|(a, one), (b, two)| b.total_cmp(a).then_with(|| one.cmp(two)));
        Ok(alike.into_iter().take(SIMILAR).map(|(_, word)| word).collect())
    }

    /// In how many records each word is that an automaton takes and that begins so; in the order of the words.
    fn count(&self, near: Option<&Near>, begun: &str) -> std::io::Result<Vec<(String, u64)>> {
        let mut counts = Counts::default();
        let from: Vec<u8> = std::iter::once(MARK).chain(begun.bytes()).collect();
        // No UTF-8 has this byte: behind everything that begins so.
        let to: Vec<u8> = from.iter().copied().chain([0xff]).collect();
        for dictionary in &self.dictionaries {
            if let Some(near) = near {
                let mut words = dictionary.search(near).ge(&from).lt(&to).into_stream()?;
                while words.advance() {
                    counts.add(words.key(), words.value().doc_freq);
                }
            } else {
                let mut words = dictionary.range().ge(&from).lt(&to).into_stream()?;
                let mut read = 0;
                while read < READ && words.advance() {
                    counts.add(words.key(), words.value().doc_freq);
                    read += 1;
                }
            }
            counts.end_dictionary();
        }
        Ok(counts.counted)
    }

    /// A word to look for in place of another, at less weight and by this route.
    fn instead(&self, meant: &str, weight: f32, route: &Route) -> Option<Word> {
        let mut word = self.reader.query(meant).into_iter().next()?;
        for way in &mut word.alternatives {
            way.weight *= weight;
            if matches!(way.route, Route::Stem | Route::Form) {
                way.route = route.clone();
            }
        }
        Some(word)
    }
}

/// Counts words of one dictionary after the other. Each names its words in their order, and most of them are known
/// from the one before: nothing is looked up, and only what is new costs a string.
#[derive(Debug, Default)]
struct Counts {
    counted: Vec<(String, u64)>,
    /// Up to where the words of this dictionary have come.
    at: usize,
    new: Vec<(String, u64)>,
}

impl Counts {
    fn add(&mut self, key: &[u8], records: u32) {
        let word = key.get(1..).and_then(|word| std::str::from_utf8(word).ok());
        let Some(word) = word else { return };
        while self.counted.get(self.at).is_some_and(|(known, _)| known.as_str() < word) {
            self.at += 1;
        }
        match self.counted.get_mut(self.at).filter(|(known, _)| known == word) {
            Some((_, count)) => *count += u64::from(records),
            None => self.new.push((word.to_owned(), u64::from(records))),
        }
    }

    fn end_dictionary(&mut self) {
        self.at = 0;
        self.counted.append(&mut self.new);
        // Two runs in order, which the sort of the standard library merges.
        self.counted.sort();
    }
}

/// Whether it is a word that people would be offered.
fn is_word(word: &str) -> bool {
    word.chars().all(char::is_alphabetic) && word.chars().nth(2).is_some()
}

fn trigrams(word: &str) -> impl Iterator<Item = [char; 3]> {
    let letters = || ['^'].into_iter().chain(word.chars()).chain(['$']);
    let of_three = letters().zip(letters().skip(1)).zip(letters().skip(2));
    of_three.map(|((one, two), three)| [one, two, three])
}

/// How much of two words is the same (Dice).
#[expect(clippy::cast_precision_loss, reason = "words have few letters")]
fn dice(asked: &[[char; 3]], word: &str) -> f32 {
    let (mut all, mut common) = (asked.len(), 0);
    for gram in trigrams(word) {
        all += 1;
        common += usize::from(asked.contains(&gram));
    }
    2.0 * common as f32 / all.max(1) as f32
}

#[cfg(test)]
mod tests {
    use crate::search::check::{put, record, words};
    use crate::search::index::Index;
    use crate::search::query::Query;

    pub(super) fn index(titles: &[&str]) -> Index {
        let index = Index::in_memory().unwrap();
        let records = (0..).zip(titles).map(|(row, title)| put(row, record(title)));
        index.apply(records.collect(), 1).unwrap();
        index
    }

    pub(super) fn found(index: &Index, asked: &str) -> (Vec<u64>, Vec<String>) {
        let answer = index.search(&words(asked)).unwrap();
        let meant = answer.corrected.iter().map(|one| one.meant.join("|")).collect();
        (answer.hits.iter().map(|hit| hit.row).collect(), meant)
    }

    #[test]
    fn a_word_that_no_record_has_is_looked_for_as_the_nearest_one_that_they_have() {
        let index = index(&["Gartenhilfe", "Fahrradwerkstatt", "Hund ausführen", "Vorlesen"]);
        let table = [
            ("Gartenhillfe", 0, "Gartenhilfe"),
            ("gartenhlife", 0, "Gartenhilfe"),
            ("Fahradwerkstat", 1, "Fahrradwerkstatt"),
            ("Vorlseen", 3, "Vorlesen"),
        ];
        for (asked, row, meant) in table {
            assert_eq!(found(&index, asked), (vec![row], vec![meant.to_owned()]), "{asked}");
        }
    }

    #[test]
    fn words_that_are_known_or_too_short_are_taken_as_they_are() {
        let index = index(&["Gartenhilfe", "Kunde", "Tor"]);
        // The lexicon knows the dog; three letters are too few; a number is no word.
        for asked in ["Hunde", "Tur", "48654", "xyzxyzxyz"] {
            assert_eq!(found(&index, asked), (vec![], vec![]), "{asked}");
        }
        assert_eq!(found(&index, "Gartenhilfe").1, <[String; 0]>::default());
        let index = self::index(&["Was dazu gehört", "Tabu", "Schichten", "Könner", "ausgeben"]);
        // The verb in one with "zu", who is from a town, and what describes somebody.
        for asked in ["abzugeben", "Kölner"] {
            assert_eq!(found(&index, asked), (vec![], vec![]), "{asked}");
        }
        for asked in ["gehörlos", "taub", "schwerhörig", "schüchtern"] {
            assert_eq!(found(&index, asked), (vec![], vec![]), "{asked}");
        }
    }

    #[test]
    fn words_of_several_dictionaries_are_counted_together_and_stay_in_order() {
        let mut counts = super::Counts::default();
        for dictionary in [&["=b", "=d"][..], &["=a", "=b", "=c"], &[], &["=a", "=d", "=e"]] {
            dictionary.iter().for_each(|word| counts.add(word.as_bytes(), 2));
            counts.end_dictionary();
        }
        let expected = [("a", 4), ("b", 4), ("c", 2), ("d", 4), ("e", 2)];
        assert_eq!(counts.counted, expected.map(|(word, count)| (word.to_owned(), count)));
    }

    #[test]
    fn a_beginning_is_every_word_that_begins_so() {
        let index = index(&["Gartenhilfe", "Gärtnern", "Garten", "Vorlesen"]);
        let found = |begun: &str| {
            let query = Query { begun: vec![begun.to_owned()], ..words("") };
            let mut rows: Vec<_> =
                index.search(&query).unwrap().hits.iter().map(|hit| hit.row).collect();
            rows.sort_unstable();
            rows
        };
        assert_eq!(found("garten"), [0, 2]);
        assert_eq!((found("gaert"), found("xyz")), (vec![1], vec![]));
    }

    #[test]
    fn two_letters_off_only_in_long_words() {
        let index = index(&["Fahrdienst", "Basteln"]);
        assert_eq!(found(&index, "Fahrdiesnst").0, [0]);
        assert_eq!(found(&index, "Fahrdeinsd").0, [0]);
        assert_eq!(index.search(&words("Bsatlen")).unwrap().corrected, []);
    }

    #[test]
    fn few_hits_bring_similar_words() {
        let index = index(&["Schwimmtrainerin", "Gartenhilfe"]);
        let answer = index.search(&words("Schwimtreinering")).unwrap();
        assert_eq!(answer.total, 1);
        assert_eq!(answer.corrected[0].meant, ["Schwimmtrainerin"]);
    }

    #[test]
    fn who_asks_for_exactly_this_gets_exactly_this() {
        let index = index(&["Gartenhilfe"]);
        let answer = index.search(&Query { exact: true, ..words("Gartenhillfe") }).unwrap();
        assert_eq!((answer.total, answer.corrected), (0, vec![]));
    }

    #[test]
    fn what_is_begun_is_completed_and_one_letter_may_be_wrong() {
        let index = index(&["Gartenhilfe im Garten", "Garten", "Gärtnern", "Flüchtlingshilfe"]);
        assert_eq!(index.completions("gart", 5).unwrap(), ["garten", "gartenhilfe"]);
        assert_eq!(index.completions("Gaert", 5).unwrap(), ["gärtnern"]);
        assert_eq!(index.completions("Flüchtlinks", 5).unwrap(), ["flüchtlingshilfe"]);
        assert_eq!(index.completions("g", 5).unwrap(), <[String; 0]>::default());
    }
}
