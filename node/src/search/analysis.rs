//! What a text is searched by: one pipeline for documents and queries.
//!
//! Find the words and what they are spelled from (`words`, `gender`), fold their letters (`fold`), take their
//! stems (`stem`). A document yields every term that should find it; a query yields, for each word, the
//! alternatives that satisfy it ([`Word`], in `word.rs`). What people wrote is kept beside the stems
//! ([`wholes`]), only to rank: Snowball gives `Müll` and `Müller` one stem. Nothing here can fail: every text
//! has terms, at worst none.

pub mod fold;
pub mod gender;
pub mod stem;
pub mod stop;
pub mod word;
pub mod words;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use self::stem::stem;
use self::stop::is_stop;
use self::word::{Alternative, Route, Word};
use self::words::{Spelled, words};

/// Most words of a query that count: each costs a look into every field.
pub const QUERY_WORDS: usize = 16;

/// Most bytes of a query that are read.
const QUERY_BYTES: usize = 1_000;

/// Returns the terms that a document's text is found by; the same term as often as it stands there.
#[must_use]
pub fn terms(text: &str) -> Vec<String> {
    let mut terms = Vec::new();
    for word in words(text) {
        if let Some(joined) = word.joined() {
            terms.push(stem(&joined));
        }
        for forms in &word.parts {
            terms.extend(stems(forms));
        }
    }
    terms
}

/// Returns the words of a query that say something, each once.
///
/// ```
/// # use engagement_node::search::analysis;
/// let words = analysis::query("Ich möchte Müll sammeln");
/// assert_eq!(words.len(), 2);
/// assert_eq!(words[0].alternatives[0].terms, ["mull"]);
/// ```
#[must_use]
pub fn query(text: &str) -> Vec<Word> {
    let mut found: Vec<Word> = Vec::new();
    for word in words(head(text)) {
        if found.len() == QUERY_WORDS {
            break;
        }
        let alone = word.parts.len() == 1;
        if alone && word.bases().all(is_stop) {
            continue;
        }
        let whole = whole(&word);
        let text = word.joined().or_else(|| word.bases().next().map(str::to_owned));
        let word =
            Word { text: text.unwrap_or_default(), whole, alternatives: alternatives(&word) };
        if !found.iter().any(|held| held.alternatives == word.alternatives) {
            found.push(word);
        }
    }
    found
}

/// Returns the words of a document as they are written, letters folded: what a [`Word::whole`] meets.
///
/// Spellings of umlauts are one: `Muell` is `müll` here, and `mull` is another word.
#[must_use]
pub fn wholes(text: &str) -> Vec<String> {
    words(text).iter().flat_map(whole).collect()
}

/// A word in all its forms; with hyphens also written together.
fn whole(word: &Spelled) -> Vec<String> {
    let mut whole: Vec<String> = Vec::new();
    let forms = word.parts.iter().flatten().cloned();
    for form in word.joined().into_iter().chain(forms).map(|form| fold::umlauts(&form)) {
        if !form.is_empty() && !whole.contains(&form) {
            whole.push(form);
        }
    }
    whole
}

/// A word without hyphens is any of its forms; one with hyphens is written together, or all its parts.
fn alternatives(word: &Spelled) -> Vec<Alternative> {
    match (word.joined(), word.parts.as_slice()) {
        (None, [forms]) => {
            let mut route = Route::Stem;
            let stems = stems(forms).into_iter();
            stems
                .map(|stem| Alternative::of(stem, std::mem::replace(&mut route, Route::Form)))
                .collect()
        }
        (joined, _) => {
            let mut parts: Vec<String> = Vec::new();
            for part in word.bases().map(stem) {
                if !parts.contains(&part) {
                    parts.push(part);
                }
            }
            let joined = joined.map(|joined| Alternative::of(stem(&joined), Route::Stem));
            let parts = Alternative { terms: parts, weight: 1.0, route: Route::Parts };
            joined.into_iter().chain([parts]).collect()
        }
    }
}

/// The stems of the forms, each once: most feminine forms have the stem of their base.
fn stems(forms: &[String]) -> Vec<String> {
    let mut stems: Vec<String> = Vec::with_capacity(forms.len());
    for stem in forms.iter().map(|form| stem(form)) {
        if !stem.is_empty() && !stems.contains(&stem) {
            stems.push(stem);
        }
    }
    stems
}

/// The beginning of a text, cut between characters.
fn head(text: &str) -> &str {
    text.get(..text.floor_char_boundary(QUERY_BYTES)).unwrap_or(text)
}

/// The pipeline in the form that the engine takes for documents.
#[derive(Debug, Clone, Copy)]
pub struct German;

impl Tokenizer for German {
    type TokenStream<'a> = Terms;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Terms {
        Terms { terms: terms(text).into_iter(), token: Token::default() }
    }
}

/// The terms of one text, one after the other.
#[derive(Debug)]
pub struct Terms {
    terms: std::vec::IntoIter<String>,
    token: Token,
}

impl TokenStream for Terms {
    fn advance(&mut self) -> bool {
        let Some(text) = self.terms.next() else { return false };
        let position = self.token.position.wrapping_add(1);
        self.token = Token { text, position, ..Token::default() };
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a record with this text satisfies every word of the query.
    fn meets(text: &str, asked: &str) -> bool {
        let terms = terms(text);
        query(asked).iter().all(|word| {
            word.alternatives.iter().any(|way| way.terms.iter().all(|term| terms.contains(term)))
        })
    }

    #[test]
    fn gender_spellings_meet_what_people_type() {
        let table: &[(&str, &[&str])] = &[
            ("Helfer*innen", &["Helfer", "Helferin", "Helferinnen"]),
            ("Lehrer:innen", &["Lehrer", "Lehrerin"]),
            ("SchülerInnen", &["Schüler", "Schülerin"]),
            ("Vorlesepate/-in", &["Vorlesepate", "Vorlesepatin"]),
            ("Mitarbeiter/innen", &["Mitarbeiter", "Mitarbeiterin"]),
            ("Lesepat*innen", &["Lesepate", "Lesepatin", "Lesepaten", "Lesepatinnen"]),
            ("Nachbarschaftshelfer(innen)", &["Nachbarschaftshelfer"]),
            ("Teilnehmer_innen", &["Teilnehmer"]),
            ("Bürgerinnen und Bürger", &["Bürger", "Buerger"]),
            ("Senior:innen", &["Senioren", "Senior", "Seniorinnen"]),
            ("Ärzt*innen", &["Arzt", "Ärztin", "Aerzte"]),
            ("Kolleg*innen", &["Kollege", "Kollegin", "Kollegen"]),
            ("Lesepatin", &["Lesepate", "Lesepat*innen"]),
            ("Schüler*innenvertretung", &["Schülervertretung", "Schülerinnenvertretung"]),
        ];
        for (written, typed) in table {
            for asked in *typed {
                assert!(meets(written, asked), "{written} {asked}");
            }
        }
    }

    #[test]
    fn spellings_meet_both_ways() {
        let table = [
            ("Müll", "Muell"),
            ("Fußball", "FUSSBALL"),
            ("Straße", "strasse"),
            ("E-Mail", "Email"),
            ("Eltern-Kind-Gruppe", "Elternkindgruppe"),
            ("Eltern-Kind-Gruppe", "Eltern-Kind"),
            ("Bu\u{308}cher", "Buch"),
            ("Café", "Cafe"),
            ("Lehrer*innen-Fortbildung", "Lehrerfortbildung"),
            ("Begleitung", "begleiten"),
        ];
        for (one, other) in table {
            assert!(meets(one, other), "{one} {other}");
            if one != "Eltern-Kind-Gruppe" {
                assert!(meets(other, one) || one.contains('-'), "{other} {one}");
            }
        }
        assert!(meets("Elternkind", "Eltern-Kind"));
        assert!(!meets("Eltern", "Eltern-Kind"));
    }

    #[test]
    fn a_document_meets_every_query_made_of_its_own_words() {
        let text = "Helfer*innen für das Eltern-Kind-Café gesucht (m/w/d), Schüler/-innen ab 14!";
        for word in text.split(' ') {
            assert!(meets(text, word), "{word}");
        }
        assert!(meets(text, text));
    }

    #[test]
    fn only_stop_words_ask_for_nothing() {
        assert!(query("ich und die für").is_empty());
        assert!(query(" ?!* ").is_empty());
        assert!(terms("für").contains(&"fur".to_owned()));
    }

    #[test]
    fn a_query_is_bounded() {
        let long: String = (0..500).map(|n| format!("wort{n} ")).collect();
        assert_eq!(query(&long).len(), QUERY_WORDS);
        assert!(query(&"ä".repeat(5_000)).len() == 1);
    }
}
