//! Why a result was found: which word of the query stands where, and by which way it is that word.
//!
//! The record is read again with the pipeline that put it into the index, so an explanation cannot say anything that
//! the search did not see. It names the place that says most: a word in the title is not said to be in the text.

use std::sync::{Mutex, MutexGuard, PoisonError};

use engagement_protocol::opportunity::Opportunity;

use crate::search::analysis::document::{self, Memo};
use crate::search::analysis::stem::stem;
use crate::search::analysis::word::{Alternative, Route, Word};
use crate::search::analysis::{compound, lexicon};
use crate::search::entry::Part;

/// Why one word of a query led to a result.
#[derive(Debug, Clone, PartialEq)]
pub struct Why {
    /// The word as it was typed.
    pub word: String,
    /// Where it stands.
    pub part: Part,
    /// By which way.
    pub route: Route,
}

/// The words of a query, ready to be looked for.
#[derive(Debug)]
pub(super) struct Explainer {
    words: Vec<Word>,
    memo: Memo,
}

/// What was worked out for the words of records while results were explained: the next page has mostly the same.
#[derive(Debug, Default)]
pub(super) struct Kept(Mutex<Memo>);

impl Explainer {
    /// Takes the words that were looked for, and what is known of the words of records.
    ///
    /// Whoever comes while somebody else has it begins with nothing, instead of waiting.
    pub(super) fn new(words: Vec<Word>, kept: &Kept) -> Self {
        Self { words, memo: std::mem::take(&mut *kept.lock()) }
    }

    /// Returns for each word that a record has, where it has it; words that it lacks are left out.
    pub(super) fn of(&mut self, record: &Opportunity) -> Vec<Why> {
        let mut parts = Parts { record, memo: &mut self.memo, read: Vec::new() };
        self.words.iter().filter_map(|word| parts.why(word)).collect()
    }

    /// Returns the words that a record lacks, as they were typed, given why it was found.
    pub(super) fn lacking(&self, why: &[Why]) -> Vec<String> {
        let has = |word: &&Word| why.iter().any(|why| why.word == word.text);
        self.words.iter().filter(|word| !has(word)).map(|word| word.text.clone()).collect()
    }

    /// Gives back what is known of words, if nobody knows more by now.
    pub(super) fn end(self, kept: &Kept) {
        let mut held = kept.lock();
        if held.len() < self.memo.len() {
            *held = self.memo;
        }
    }
}

impl Kept {
    fn lock(&self) -> MutexGuard<'_, Memo> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a record says in each part, read as far as it is needed.
struct Parts<'a> {
    record: &'a Opportunity,
    memo: &'a mut Memo,
    read: Vec<(Part, Vec<String>, Vec<String>)>,
}

impl Parts<'_> {
    fn why(&mut self, word: &Word) -> Option<Why> {
        let found =
            |part, route: &Route| Some(Why { word: word.text.clone(), part, route: route.clone() });
        let mut rest = None;
        for at in 0..Part::ALL.len() {
            let (part, terms, wholes) = self.part(at)?;
            if wholes.iter().any(|whole| word.whole.contains(whole)) {
                let typo = word.alternatives.iter().map(|way| &way.route);
                let typo = typo.into_iter().find(|route| matches!(route, Route::Typo { .. }));
                return found(*part, typo.unwrap_or(&Route::Exact));
            }
            let has = |term: &String| terms.contains(term);
            let mut whole = word.alternatives.iter().filter(|way| !way.partial);
            let best = whole.find(|way| way.terms.iter().all(has));
            let route = |way: &Alternative| match way.terms.as_slice() {
                [term]
                    if matches!(way.route, Route::Stem | Route::Form) && is_inner(term, wholes) =>
                {
                    Route::Within
                }
                _ => way.route.clone(),
            };
            rest = rest.or_else(|| best.map(|way| (*part, route(way))));
            // A form of the word in the title says more than the word itself in the text.
            if let Some((part, route)) = &rest
                && matches!(route, Route::Stem | Route::Form | Route::Within)
            {
                return found(*part, route);
            }
        }
        if let Some((part, route)) = rest {
            return found(part, &route);
        }
        // Some ways need several terms, and those may stand in different parts.
        let everywhere =
            |term: &String| self.read.iter().find(|(_, terms, _)| terms.contains(term));
        let way = word.alternatives.iter().find(|way| {
            !way.terms.is_empty() && way.terms.iter().all(|term| everywhere(term).is_some())
        })?;
        let (part, ..) = way.terms.first().and_then(everywhere)?;
        found(*part, &way.route)
    }

    fn part(&mut self, at: usize) -> Option<&(Part, Vec<String>, Vec<String>)> {
        if self.read.len() <= at {
            let part = *Part::ALL.get(at)?;
            let text = part.text(self.record);
            let (terms, wholes) = document::read(&text, self.memo);
            self.read.push((part, terms, wholes));
        }
        self.read.get(at)
    }
}

/// Whether a term stands only inside the words of a text: none of them is a form of it.
fn is_inner(term: &str, wholes: &[String]) -> bool {
    // Most words of a text have nothing in common with it: they are neither stemmed nor taken apart.
    let bare = lexicon::bare(term);
    let alike = || wholes.iter().filter(|whole| lexicon::bare(whole).contains(&bare));
    let is_form = |whole: &String| stem(whole) == term;
    let has_part = |whole: &String| compound::parts(whole).all().any(|part| part == term);
    !alike().any(is_form) && alike().any(has_part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::analysis;
    use engagement_protocol::opportunity::Record;
    use engagement_protocol::slice::Line;

    fn record(title: &str, description: &str) -> Opportunity {
        let line = serde_json::json!({"direction": "seek", "title": title, "description": description,
            "status": "live", "actor": "privatperson", "places": [{"plz": "48653", "town": "Coesfeld"}],
            "valid_until": "2027-05-02", "fields": ["umwelt"]});
        let line = format!("{{\"id\":\"o-1\",{}", line.to_string().trim_start_matches('{'));
        match Record::read(&Line::read(line.as_bytes()).unwrap()) {
            Record::Opportunity(record) => *record,
            other => panic!("{other:?}"),
        }
    }

    fn why(words: &str, record: &Opportunity) -> Vec<(String, &'static str, Route)> {
        let kept = Kept::default();
        let mut explainer = Explainer::new(analysis::query(words), &kept);
        let why = explainer.of(record);
        explainer.end(&kept);
        // What is kept of the words changes nothing about what is said of them.
        assert_eq!(Explainer::new(analysis::query(words), &kept).of(record), why);
        why.into_iter().map(|why| (why.word, why.part.as_str(), why.route)).collect()
    }

    #[test]
    fn a_word_is_explained_by_the_part_that_says_most() {
        let record = record("Gärten pflegen", "Ein Garten und eine Küche, Hilfe für Nachbarn.");
        let found = why("Garten Küche Umwelt Coesfeld Einhorn", &record);
        assert_eq!(
            found,
            [
                ("garten".to_owned(), "title", Route::Stem),
                ("küche".to_owned(), "text", Route::Exact),
                ("umwelt".to_owned(), "labels", Route::Exact),
                ("coesfeld".to_owned(), "place", Route::Exact),
            ]
        );
    }

    #[test]
    fn a_part_of_a_compound_is_named_as_one_only_if_there_is_no_more() {
        let both = record("Fahrer gesucht", "Wir haben einen Bücherbus.");
        assert_eq!(why("Bücherbusfahrer", &both)[0].2, Route::Parts);
        let one = record("Bücherbus gestalten", "Mit Farbe und Pinsel.");
        let (_, part, route) = why("Bücherbusfahrer", &one).remove(0);
        assert_eq!((part, route), ("title", Route::Part));
    }

    #[test]
    fn a_word_inside_a_compound_is_not_said_to_be_a_form_of_it() {
        let found = |words, title| why(words, &record(title, "Für alle.")).remove(0).2;
        assert_eq!(found("Garten", "Hilfe im Schulgarten"), Route::Within);
        assert_eq!(found("Gärten", "Hilfe im Garten"), Route::Stem);
        assert_eq!(found("Garten", "Schulgarten und Gärten"), Route::Stem);
    }

    #[test]
    fn words_that_belong_together_may_stand_apart() {
        let record = record("Eltern gesucht", "Sie begleiten ein Kind.");
        assert_eq!(why("Eltern-Kind", &record).len(), 1);
    }
}
