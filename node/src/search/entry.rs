//! The words that a record is found by, and how much each of them counts.
//!
//! All fields go into one list of words, each as often as its field weighs: frequencies then are what BM25F sums
//! up over fields, and a word costs a search one look instead of one in every field. Beside the stems stand whole
//! words (`=müll`, to rank `Müll` before `Müller`) and neighbours (`fur kind`, to rank a phrase before its words).

use engagement_protocol::opportunity::{Opportunity, Place};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::domain::gazetteer::Gazetteer;
use crate::search::analysis::document::{Memo, of_words};
use crate::search::analysis::stop::is_stop;
use crate::search::analysis::words::Spelled;

use super::facets::Layout;
use super::weights;

/// Where a word can stand in a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The title.
    Title,
    /// The summary.
    Summary,
    /// The German label of a field, an activity or a target group.
    Labels,
    /// The organisation's name.
    Organisation,
    /// The name of the town or district, or the PLZ.
    Place,
    /// The description, the plain text, the tasks or the times in words.
    Text,
}

impl Part {
    /// All, the one that says most first.
    pub const ALL: [Self; 6] =
        [Self::Title, Self::Summary, Self::Labels, Self::Organisation, Self::Place, Self::Text];

    /// Returns the word in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Summary => "summary",
            Self::Labels => "labels",
            Self::Organisation => "organisation",
            Self::Place => "place",
            Self::Text => "text",
        }
    }

    /// Returns what a record says there.
    #[must_use]
    pub fn text(self, record: &Opportunity) -> String {
        match self {
            Self::Title => record.title.clone(),
            Self::Summary => record.summary.clone().unwrap_or_default(),
            Self::Labels => Layout::labels(record),
            Self::Organisation => {
                record.organisation.as_ref().map(|by| by.name.clone()).unwrap_or_default()
            }
            Self::Place => record.places.iter().flat_map(names).collect::<Vec<_>>().join("\n"),
            Self::Text => {
                let text = [
                    record.description.as_str(),
                    record.plain.as_deref().unwrap_or_default(),
                    record.slots_text.as_deref().unwrap_or_default(),
                ];
                let tasks = record.tasks.iter().map(String::as_str);
                text.into_iter().chain(tasks).collect::<Vec<_>>().join("\n")
            }
        }
    }
}

/// What a place is called; without a town, what the municipality is.
fn names(place: &Place) -> Vec<String> {
    let ags = place.ags.as_ref().filter(|_| place.town.is_none());
    let official = ags.and_then(|ags| Gazetteer::embedded().name_of(ags));
    [place.town.clone(), place.district.clone(), place.plz.clone(), official]
        .into_iter()
        .flatten()
        .collect()
}

/// Returns the words of a record, as [`Weighted`] reads them.
///
/// A word itself counts twice as often as its field weighs, the elements of a compound once.
pub(super) fn of(record: &Opportunity, memo: &mut Memo) -> String {
    let mut entry = String::new();
    for part in Part::ALL {
        let (text, times) = (part.text(record), weights::times(part));
        let mut add = |term: &str| {
            entry.push(times);
            entry.push_str(term);
            entry.push('\n');
        };
        let words = memo.words(&text);
        for word in of_words(&words, memo) {
            word.terms.iter().chain(word.behind.iter().flatten()).for_each(|term| add(term));
            word.whole.iter().for_each(|word| add(&whole(word)));
        }
        // In a long text neighbours are many and say little.
        if part != Part::Text {
            pairs(&words, memo).iter().for_each(|pair| add(pair));
        }
    }
    entry
}

/// Returns the term of a word that is written exactly so.
pub(super) fn whole(word: &str) -> String {
    format!("={word}")
}

/// Returns the term of two stems that stand near each other, in whichever order.
pub(super) fn pair(one: &str, other: &str) -> Option<String> {
    match one.cmp(other) {
        std::cmp::Ordering::Less => Some(format!("{one} {other}")),
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => Some(format!("{other} {one}")),
    }
}

/// Returns the pairs of words with at most one that says something between them.
fn pairs(words: &[Spelled], memo: &mut Memo) -> Vec<String> {
    let base = |word: &Spelled| word.joined().or_else(|| word.bases().next().map(str::to_owned));
    let stems: Vec<String> = words
        .iter()
        .filter_map(base)
        .filter(|word| !is_stop(word))
        .map(|word| memo.stem(&word))
        .collect();
    let near = |(at, one): (usize, &String)| {
        stems.iter().skip(at + 1).take(2).filter_map(|other| pair(one, other)).collect::<Vec<_>>()
    };
    stems.iter().enumerate().flat_map(near).collect()
}

/// Reads an entry for the engine: every line is a term, its first character how often it counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weighted;

/// The terms of one entry.
#[derive(Debug)]
pub(super) struct Terms<'a> {
    lines: std::str::Lines<'a>,
    left: u32,
    token: Token,
}

impl Tokenizer for Weighted {
    type TokenStream<'a> = Terms<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Terms<'a> {
        Terms { lines: text.lines(), left: 0, token: Token::default() }
    }
}

impl TokenStream for Terms<'_> {
    fn advance(&mut self) -> bool {
        if self.left == 0 {
            let Some(line) = self.lines.next() else { return false };
            let mut chars = line.chars();
            self.left = chars.next().and_then(|times| times.to_digit(10)).unwrap_or(1).max(1);
            self.token.text.clear();
            self.token.text.push_str(chars.as_str());
            self.token.position = self.token.position.wrapping_add(1);
        }
        self.left -= 1;
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
    use crate::search::analysis::stem::stem;
    use crate::search::analysis::words::words;
    use crate::search::check::record;

    fn counted(entry: &str) -> std::collections::BTreeMap<String, usize> {
        let mut counts = std::collections::BTreeMap::new();
        let mut tokenizer = Weighted;
        let mut stream = tokenizer.token_stream(entry);
        while stream.advance() {
            *counts.entry(stream.token().text.clone()).or_default() += 1;
        }
        counts
    }

    #[test]
    fn a_word_counts_as_often_as_its_fields_weigh() {
        let mut record = record("Müll sammeln");
        record.description = "Wir sammeln.".to_owned();
        let counts = counted(&of(&record, &mut Memo::default()));
        let times = |part| weights::times(part).to_digit(10).unwrap() as usize;
        assert_eq!(counts["mull"], 2 * times(Part::Title));
        assert_eq!(counts[&stem("sammeln")], 2 * (times(Part::Title) + times(Part::Text)));
        assert_eq!(counts["=müll"], times(Part::Title));
        assert_eq!(counts["48653"], 2 * times(Part::Place));
    }

    #[test]
    fn neighbours_are_pairs_in_whichever_order_and_over_small_words() {
        let pairs = |text: &str| pairs(&words(text), &mut Memo::default());
        assert_eq!(pairs("Vorlesen für Kinder"), pairs("Kinder vorlesen"));
        assert_eq!(pairs("Garten Garten"), Vec::<String>::new());
        assert_eq!(pairs("a1 b1 c1 d1"), ["a1 b1", "a1 c1", "b1 c1", "b1 d1", "c1 d1"]);
    }

    #[test]
    fn any_text_is_an_entry() {
        for title in ["", "\n\n", "=", "9", "a\nb", "\u{308}", "日本 \u{2028} 語"] {
            let counts = counted(&of(&record(title), &mut Memo::default()));
            assert!(counts.keys().all(|term| !term.contains('\n')), "{title:?}");
        }
    }
}
